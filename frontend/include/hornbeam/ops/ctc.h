// Connectionist temporal classification; names and arguments as keras.ops.
#pragma once

#include <string>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// -log of the probability that the frames spell the labels, one value a sequence.
//   target [B, L] classes, output [B, T, C] logits, target_length and output_length [B]
// mask_index is the blank's class. A. Graves et al., "Connectionist Temporal Classification", ICML 2006.
Tensor ctc_loss(const Tensor& target, const Tensor& output, const Tensor& target_length, const Tensor& output_length,
                int64_t mask_index = 0);

struct CtcDecoded {
  Tensor paths;   // [1 or top_paths, B, T] classes, -1 behind the end
  Tensor scores;  // greedy: [B, 1], minus the sum of the chosen inputs; beam_search: [B, top_paths] log-probabilities
};
// inputs [B, T, C] logits, sequence_lengths [B].
//   strategy "greedy"       the best class of each frame, repetitions merged (if merge_repeated) and blanks left out
//   strategy "beam_search"  the top_paths most probable label sequences, the best first, of the beam_width that are
//                           followed from frame to frame; repetitions are always merged. Where fewer sequences than
//                           top_paths can be spelled the score is -infinity.
CtcDecoded ctc_decode(const Tensor& inputs, const Tensor& sequence_lengths, const std::string& strategy = "greedy",
                      int64_t beam_width = 100, int64_t top_paths = 1, bool merge_repeated = true,
                      int64_t mask_index = 0);

}  // namespace hornbeam::ops
