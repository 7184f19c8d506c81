// Metrics by name, once the shapes are known: "accuracy" and "acc" mean what the labels are.
#pragma once

#include <hornbeam/metric.h>

#include <string>

namespace hornbeam::metrics {

// A new metric that reports under `identifier`: "mse", "binary_accuracy", "TopKCategoricalAccuracy", …; "accuracy" and
// "acc" by the shapes of labels and predictions (binary, sparse or one-hot). Throws ValueError, with the nearest name,
// for an unknown one.
hornbeam::Metric resolve(const std::string& identifier, const Shape& y_true, const Shape& y_pred);

}  // namespace hornbeam::metrics
