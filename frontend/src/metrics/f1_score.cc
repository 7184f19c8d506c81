// F1Score.
#include <hornbeam/metrics/f1_score.h>

namespace hornbeam::metrics {

static const Register<F1Score> registered{"F1Score", "keras.metrics"};

F1Score::F1Score(F1ScoreOptions options)
    : FBetaScore(
          {.average = options.average, .threshold = options.threshold, .name = options.name, .dtype = options.dtype}) {}

Config F1Score::config() const {
  Config result = FBetaScore::config();
  result.erase("beta");
  return result;
}

F1Score F1Score::from_config(const Config& config) {
  F1ScoreOptions options;
  config.read("average", options.average);
  config.read("threshold", options.threshold);
  config.read("name", options.name);
  config.read("dtype", options.dtype);
  return F1Score(std::move(options));
}

}  // namespace hornbeam::metrics
