// What the four counts of the confusion matrix share.
#include <hornbeam/metrics/confusion_count.h>

namespace hornbeam::metrics {

ConfusionCount::ConfusionCount(const char* class_name, Count which, ConfusionCountOptions options)
    : ConfusionMetric(name_or_automatic(options.name, class_name), options.dtype,
                      {.thresholds = options.thresholds.values(0.5), .counts = {which}}, "accumulator"),
      which_(which),
      thresholds_(std::move(options.thresholds)) {}

Tensor ConfusionCount::result() const { return by_threshold(count(which_)); }

Config ConfusionCount::config() const {
  Config result = Metric::config();
  result["thresholds"] = thresholds_;
  return result;
}

ConfusionCountOptions ConfusionCount::read(const Config& config) {
  ConfusionCountOptions options;
  config.read("thresholds", options.thresholds);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return options;
}

}  // namespace hornbeam::metrics
