// What Precision and Recall share.
#include <hornbeam/metrics/confusion_share.h>

namespace hornbeam::metrics {

ConfusionShare::ConfusionShare(const char* class_name, Count other, ConfusionShareOptions options)
    : ConfusionMetric(name_or_automatic(options.name, class_name), options.dtype,
                      {.thresholds = options.thresholds.values(options.top_k ? -1e10 : 0.5),
                       .counts = {true_positives, other},
                       .top_k = options.top_k,
                       .class_id = options.class_id}),
      other_(other),
      thresholds_(std::move(options.thresholds)) {}

Tensor ConfusionShare::result() const { return by_threshold(share(true_positives, other_)); }

Config ConfusionShare::config() const {
  Config result = Metric::config();
  result["thresholds"] = thresholds_;
  result["top_k"] = counting().top_k;
  result["class_id"] = counting().class_id;
  return result;
}

ConfusionShareOptions ConfusionShare::read(const Config& config) {
  ConfusionShareOptions options;
  config.read("thresholds", options.thresholds);
  config.read("top_k", options.top_k);
  config.read("class_id", options.class_id);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return options;
}

}  // namespace hornbeam::metrics
