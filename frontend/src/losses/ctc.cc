// CTC.
#include <hornbeam/losses/ctc.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/ctc.h>

#include "frontend/src/losses/options.h"

namespace hornbeam::losses {

static const Register<CTC> registered{"CTC", "keras.losses"};

CTC::CTC(CTCOptions options) : Loss(options.name, options.reduction, options.dtype) {}

Tensor ctc(const Tensor& y_true, const Tensor& y_pred) {
  if (y_true.rank() != 2)
    throw ValueError(
        "Targets `y_true` are expected to be a tensor of shape `(batch_size, max_length)` in integer format. "
        "Received: y_true.shape=" +
        y_true.shape().to_string());
  if (y_pred.rank() != 3)
    throw ValueError(
        "Logits `y_pred` are expected to be a tensor of shape `(batch_size, max_length, num_classes)`. Received: "
        "y_pred.shape=" +
        y_pred.shape().to_string());
  constexpr int64_t kBlank = 0;
  Tensor labels = ops::cast(y_true, DType::int32);
  Tensor label_length = ops::sum(ops::cast(ops::not_equal(labels, kBlank), DType::int32), -1);
  Tensor frames = ops::full({y_pred.shape()[0]}, y_pred.shape()[1], DType::int32);
  return ops::ctc_loss(labels, y_pred, label_length, frames, kBlank);
}

Tensor CTC::call(const Tensor& y_true, const Tensor& y_pred) const { return ctc(y_true, y_pred); }

CTC CTC::from_config(const Config& config) {
  CTCOptions options;
  read_common(config, options);
  return CTC(std::move(options));
}

}  // namespace hornbeam::losses
