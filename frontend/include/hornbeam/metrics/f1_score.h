// F1Score.
#pragma once

#include <hornbeam/metrics/fbeta_score.h>

namespace hornbeam::metrics {

struct F1ScoreOptions {
  std::optional<std::string> average = {};  // "micro", "macro", "weighted"; none: one score for each class
  std::optional<double> threshold = {};     // in (0, 1]; none: the largest prediction of a row is positive
  std::string name = "f1_score";
  DTypePolicy dtype = {};
};

// The harmonic mean of precision and recall: FBetaScore with beta = 1.
class F1Score : public FBetaScore {
 public:
  explicit F1Score(F1ScoreOptions options = {});
  Config config() const override;
  static F1Score from_config(const Config& config);
};

}  // namespace hornbeam::metrics
