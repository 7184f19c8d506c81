// Decoding of CTC's frames by beam search.
#pragma once

#include <vector>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// scores [B, T, C] log-probabilities of the classes, lengths [B] → paths [top_paths, B, T] int32, -1 behind the end, and
// their log-probabilities [B, top_paths], the best first. For the body of an op.
std::vector<Tensor> ctc_beam_search(const Tensor& scores, const Tensor& lengths, int64_t beam_width, int64_t top_paths,
                                    int64_t blank);

}  // namespace hornbeam::ops
