// CTC: the loss by the forward recursion over frames, and decoding.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/ctc.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/loops.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/reduce.h>
#include <hornbeam/ops/shape.h>
#include <hornbeam/ops/sort.h>

#include "frontend/src/ops/compose.h"
#include "frontend/src/ops/ctc_beam.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;

// log 0 in the recursion: small enough to vanish, and no infinity whose differences would be NaN.
constexpr double kLogZero = -1e5;
// More frames than that are run through in a loop; fewer are written out.
constexpr int64_t kMostWritten = 16;

Tensor shifted(const Tensor& x, int64_t by) {  // along the last axis, filled with log 0
  return concatenate({full({x.shape()[0], by}, kLogZero, x.dtype()), part(x, 1, 0, x.shape()[1] - by)}, 1);
}

Tensor column_of(const Tensor& table, const Tensor& index) {  // table[b, index[b]]: [B, n], [B] → [B]
  return squeeze(take_along_axis(table, expand_dims(index, 1), 1), 1);
}

}  // namespace

Tensor ctc_loss(const Tensor& target, const Tensor& output, const Tensor& target_length, const Tensor& output_length,
                int64_t mask_index) {
  return apply(
      "CTCLoss", {target, output, target_length, output_length}, Config::object({{"mask_index", mask_index}}),
      [=](const Xs& t) {
        Tensor labels = to_dtype(t[0], DType::int32), logits = to_float(t[1]);
        logits = to_dtype(logits, result_type(logits.dtype(), DType::float32));
        if (labels.rank() != 2 || logits.rank() != 3 || labels.shape()[0] != logits.shape()[0])
          throw ValueError("[ctc_loss] target must be [B, L] and output [B, T, C]. Received: target.shape=" +
                           t[0].shape().to_string() + ", output.shape=" + t[1].shape().to_string());
        int64_t batch = labels.shape()[0], length = labels.shape()[1], frames = logits.shape()[1];
        Tensor labels_known = to_dtype(t[2], DType::int32), frames_known = to_dtype(t[3], DType::int32);
        Tensor log_probs = log_softmax(logits);

        // Blanks before, between and behind the labels: 2 L + 1 states, odd ones are labels.
        int64_t states = 2 * length + 1;
        Tensor blanks = full({batch, length, 1}, mask_index, DType::int32);
        Tensor path = reshape(concatenate({blanks, expand_dims(labels, 2)}, 2), {batch, 2 * length});
        path = concatenate({path, full({batch, 1}, mask_index, DType::int32)}, 1);
        // A label may be reached from the one before it without a blank between, unless they are equal.
        Tensor two_back = concatenate({full({batch, 2}, mask_index, DType::int32), part(path, 1, 0, states - 2)}, 1);
        Tensor may_skip = logical_and(not_equal(path, mask_index), not_equal(path, two_back));
        Tensor emitted = take_along_axis(log_probs, expand_dims(path, 1), 2);  // [B, T, states]

        Tensor place = iota({1, states}, 1);
        auto frame_of = [&](int64_t frame) { return squeeze(part(emitted, 1, frame, frame + 1), 1); };
        // One more frame, for the sequences that have it.
        auto next = [&](const Tensor& alpha, const Tensor& here, const Tensor& frame) {
          Tensor from = logaddexp(alpha, shifted(alpha, 1));
          from = logaddexp(from, where(may_skip, shifted(alpha, 2), kLogZero));
          return where(expand_dims(less(frame, frames_known), 1), add(from, here), alpha);
        };
        // A path begins with the first blank or the first label.
        Tensor alpha =
            add(where(less_equal(place, 1), 0, full({batch, states}, kLogZero, logits.dtype())), frame_of(0));
        if (frames <= kMostWritten) {
          for (int64_t frame = 1; frame < frames; ++frame) alpha = next(alpha, frame_of(frame), frame);
        } else {
          Tensors rest = Xs{transpose(part(emitted, 1, 1, frames), {1, 0, 2}), arange(1, frames)};
          auto step = [&](const Tensors& carry, const Tensors& x) {
            return std::pair(Tensors(next(carry.single(), x[0], x[1])), Tensors());
          };
          alpha = scan(step, alpha, rest).first.single();
        }
        // The path ends in the last label or the blank behind it.
        Tensor last = multiply(labels_known, 2);
        Tensor behind = column_of(alpha, last), before = column_of(alpha, maximum(subtract(last, 1), 0));
        return negative(where(equal(labels_known, 0), behind, logaddexp(behind, before)));
      });
}

CtcDecoded ctc_decode(const Tensor& inputs, const Tensor& sequence_lengths, const std::string& strategy,
                      int64_t beam_width, int64_t top_paths, bool merge_repeated, int64_t mask_index) {
  const bool beams = strategy == "beam_search";
  if (!beams && strategy != "greedy")
    throw ValueError("Invalid strategy " + strategy + ". Supported values are 'greedy' and 'beam_search'.");
  if (beams && (beam_width < 1 || top_paths < 1 || top_paths > beam_width))
    throw ValueError("[ctc_decode] top_paths must be in [1, beam_width]. Received: beam_width=" +
                     std::to_string(beam_width) + ", top_paths=" + std::to_string(top_paths));
  Config arguments = Config::object({{"strategy", strategy},
                                     {"beam_width", beam_width},
                                     {"top_paths", top_paths},
                                     {"merge_repeated", merge_repeated},
                                     {"mask_index", mask_index}});
  Xs both = apply_many("CTCDecode", {inputs, sequence_lengths}, arguments, [=](const Xs& t) {
    Tensor scores = to_float(t[0]);
    scores = to_dtype(scores, result_type(scores.dtype(), DType::float32));
    if (scores.rank() != 3)
      throw ValueError("[ctc_decode] inputs must be [B, T, C]. Received: inputs.shape=" + t[0].shape().to_string());
    int64_t batch = scores.shape()[0], frames = scores.shape()[1];
    if (beams) {
      const int64_t count = scores.shape()[2], blank = mask_index < 0 ? mask_index + count : mask_index;
      if (blank < 0 || blank >= count)
        throw ValueError("[ctc_decode] mask_index must be one of the " + std::to_string(count) +
                         " classes. Received: mask_index=" + std::to_string(mask_index));
      return ctc_beam_search(log_softmax(scores), to_dtype(t[1], DType::int32), beam_width, top_paths, blank);
    }
    Tensor classes = argmax(scores, -1), best = max(scores, -1);
    Tensor behind = greater_equal(iota({1, frames}, 1), expand_dims(to_dtype(t[1], DType::int32), 1));
    classes = where(behind, mask_index, classes);
    best = where(behind, 0, best);
    if (merge_repeated && frames > 1) {
      Tensor repeats = equal(part(classes, 1, 1, frames), part(classes, 1, 0, frames - 1));
      repeats = concatenate({zeros({batch, 1}, DType::boolean), repeats}, 1);
      classes = where(repeats, mask_index, classes);
    }
    Tensor blank = equal(classes, mask_index);
    // What stays moves to the front, in order.
    Tensor order = argsort(cast(blank, DType::int32), 1);
    Tensor path = take_along_axis(where(blank, -1, classes), order, 1);
    return Xs{expand_dims(path, 0), negative(sum(best, 1, true))};
  });
  return {both[0], both[1]};
}

}  // namespace hornbeam::ops
