// Losses by name, once the shapes are known: "crossentropy" and "ce" mean what the labels are.
#pragma once

#include <hornbeam/loss.h>

#include <string>

namespace hornbeam::losses {

// "mse", "binary_crossentropy", "MeanSquaredError", …, or "crossentropy"/"ce" by the shapes of labels and predictions
// (binary, sparse or one-hot). Throws ValueError, with the nearest name, for an unknown one.
hornbeam::Loss resolve(const std::string& identifier, const Shape& y_true, const Shape& y_pred);

}  // namespace hornbeam::losses
