// CosineSimilarity.
#include <hornbeam/losses/cosine_similarity.h>
#include <hornbeam/metrics/cosine_similarity.h>
#include <hornbeam/ops.h>

namespace hornbeam::metrics {

static const Register<CosineSimilarity> registered{"CosineSimilarity", "keras.metrics"};

Tensor cosine_similarity(const Tensor& y_true, const Tensor& y_pred, int64_t axis) {
  return -losses::cosine_similarity(y_true, y_pred, axis);
}

CosineSimilarity::CosineSimilarity(CosineSimilarityOptions options)
    : MeanMetricWrapper([options](const Tensor& y, const Tensor& p) { return cosine_similarity(y, p, options.axis); },
                        {options.name, options.dtype}),
      options_(std::move(options)) {}

Config CosineSimilarity::config() const {
  Config result = Metric::config();
  if (options_.axis != -1) result["axis"] = options_.axis;  // Keras leaves it out
  return result;
}

CosineSimilarity CosineSimilarity::from_config(const Config& config) {
  CosineSimilarityOptions options;
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  config.read("axis", options.axis);
  return CosineSimilarity(std::move(options));
}

}  // namespace hornbeam::metrics
