// "crossentropy" and "ce" as a loss that is not known yet: the model chooses when it sees the labels.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// Stands in compile's options for one of the three crossentropies; Training puts the right one in its place (resolve).
// Called by itself it chooses by the shapes it is given.
class Crossentropy : public Loss {
 public:
  Crossentropy() : Loss("crossentropy", "sum_over_batch_size", {}) {}
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  static Crossentropy from_config(const Config&) { return {}; }
};

// The name where the loss is one that waits for the labels, as a compile config has it; else the serialized loss.
Config compile_config_of(const hornbeam::Loss& loss);
// The loss itself, or the one that it stands for.
hornbeam::Loss resolved(const hornbeam::Loss& loss, const Shape& y_true, const Shape& y_pred);

}  // namespace hornbeam::losses
