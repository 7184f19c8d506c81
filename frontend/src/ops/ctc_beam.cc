// A beam holds, for each label sequence it follows, the probabilities of the frames so far that spell it and end with a
// blank, or with its last label (A. Hannun et al., "First-Pass Large Vocabulary Continuous Speech Recognition using
// Bi-Directional Recurrent DNNs", 2014). Two sequences of the beam are never equal, so a longer one is reached in one way
// only that is not its own: by the label that the sequence without its last one gets.
#include "frontend/src/ops/ctc_beam.h"

#include <cmath>

#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/loops.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/products.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>
#include <hornbeam/ops/sort.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

// The logarithm of no probability: finite, so that sums and differences stay numbers, and far below any that can be.
constexpr double kNever = -1e30;

// What the loop carries, for each sequence of the beam.
struct Beam {
  Tensor paths;    // [B, W, T] int32, -1 behind the end
  Tensor lengths;  // [B, W] int32
  Tensor last;     // [B, W] int32: the last label, -1 of the empty sequence
  Tensor blank;    // [B, W]: log-probability of ending with a blank
  Tensor label;    // [B, W]: of ending with the last label

  Tensors pack() const { return Tensors(std::vector<Tensor>{paths, lengths, last, blank, label}); }
  static Beam unpack(const Tensors& t) { return {t[0], t[1], t[2], t[3], t[4]}; }
};

Tensor chosen(const Tensor& x, const Tensor& places) {  // x [B, n], places [B, W] → [B, W]
  return take_along_axis(x, places, 1);
}

Beam after_frame(const Beam& beam, const Tensor& scores, int64_t blank_class) {
  const int64_t batch = scores.shape()[0], classes = scores.shape()[1];
  const int64_t width = beam.lengths.shape()[1], frames = beam.paths.shape()[2];
  Tensor empty = equal(beam.last, -1), some = maximum(beam.last, 0);
  Tensor total = logaddexp(beam.blank, beam.label);

  // As long as before: by a blank, or by the last label again.
  Tensor stay_blank = add(total, part(scores, 1, blank_class, blank_class + 1));
  Tensor stay_label = where(empty, kNever, add(beam.label, chosen(scores, some)));

  // One longer, by each class; the last label needs a blank before it.
  Tensor of_class = iota({1, 1, classes}, 2);
  Tensor repeats = equal(expand_dims(beam.last, 2), of_class);
  Tensor before = where(repeats, expand_dims(beam.blank, 2), expand_dims(total, 2));
  Tensor longer = where(equal(of_class, blank_class), kNever, add(before, expand_dims(scores, 1)));  // [B, W, C]

  // Whether sequence j is sequence i with one label more: then i's way to it belongs to j.
  Tensor at = iota({1, 1, frames}, 2);
  Tensor cut = where(equal(at, expand_dims(subtract(beam.lengths, 1), 2)), -1, beam.paths);
  Tensor same = all(equal(expand_dims(beam.paths, 2), expand_dims(cut, 1)), -1);  // [B, i, j]
  Tensor extends = logical_and(same, expand_dims(logical_not(empty), 1));
  Tensor by_last = broadcast_to(expand_dims(some, 1), {batch, width, width});
  Tensor ways = where(extends, take_along_axis(longer, by_last, 2), kNever);
  stay_label = logaddexp(stay_label, logsumexp(ways, 1));
  Tensor taken = matmul(cast(extends, scores.dtype()), one_hot(some, classes, -1, scores.dtype()));  // [B, i, C]
  longer = where(greater(taken, 0.5), kNever, longer);

  // The best of all go on.
  Tensor all_scores = concatenate({logaddexp(stay_blank, stay_label), reshape(longer, {batch, width * classes})}, 1);
  TopK best = top_k(all_scores, width);
  Tensor stays = less(best.indices, width);
  Tensor grown = maximum(subtract(best.indices, width), 0);
  Tensor parent = where(stays, best.indices, floor_divide(grown, classes));
  Tensor label = where(stays, -1, mod(grown, classes));
  Tensor lengths = chosen(beam.lengths, parent);
  Tensor of_path = broadcast_to(expand_dims(parent, 2), {batch, width, frames});
  Tensor here = logical_and(equal(at, expand_dims(lengths, 2)), expand_dims(logical_not(stays), 2));
  return {.paths = where(here, expand_dims(label, 2), take_along_axis(beam.paths, of_path, 1)),
          .lengths = add(lengths, cast(logical_not(stays), DType::int32)),
          .last = where(stays, chosen(beam.last, parent), label),
          .blank = where(stays, chosen(stay_blank, parent), kNever),
          .label = where(stays, chosen(stay_label, parent), best.values)};
}

}  // namespace

std::vector<Tensor> ctc_beam_search(const Tensor& scores, const Tensor& lengths, int64_t beam_width, int64_t top_paths,
                                    int64_t blank) {
  const int64_t batch = scores.shape()[0], frames = scores.shape()[1];
  const DType dtype = scores.dtype();
  Tensor first = equal(iota({1, beam_width}, 1), 0);
  Tensor none = full({batch, beam_width}, kNever, dtype);
  // The empty sequence alone.
  Beam beam{.paths = full({batch, beam_width, frames}, -1, DType::int32),
            .lengths = zeros({batch, beam_width}, DType::int32),
            .last = full({batch, beam_width}, -1, DType::int32),
            .blank = where(first, 0, none),
            .label = none};
  auto step = [&](const Tensors& carry, const Tensors& x) {
    Beam old = Beam::unpack(carry);
    std::vector<Tensor> next = after_frame(old, x[0], blank).pack().flat();
    Tensor counts = less(x[1], lengths);  // [B]: frames behind the end change nothing
    for (size_t i = 0; i < next.size(); ++i) {
      Tensor on = expand_dims(counts, 1);
      next[i] = where(next[i].rank() == 3 ? expand_dims(on, 2) : on, next[i], carry[i]);
    }
    return std::pair(Tensors(next), Tensors());
  };
  Tensors xs = std::vector<Tensor>{transpose(scores, {1, 0, 2}), arange(0, frames)};
  beam = Beam::unpack(scan(step, beam.pack(), xs).first);

  TopK best = top_k(logaddexp(beam.blank, beam.label), top_paths);
  Tensor of_path = broadcast_to(expand_dims(best.indices, 2), {batch, top_paths, frames});
  Tensor never = less(best.values, kNever / 2);  // fewer sequences are possible than were asked for
  Tensor paths = where(expand_dims(never, 2), -1, take_along_axis(beam.paths, of_path, 1));
  return {transpose(paths, {1, 0, 2}), where(never, -INFINITY, best.values)};
}

}  // namespace hornbeam::ops
