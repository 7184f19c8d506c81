// The base of the metrics that count true and false positives and negatives at thresholds: AUC, Precision, Recall, …
#pragma once

#include <hornbeam/metric.h>

#include <optional>
#include <variant>
#include <vector>

namespace hornbeam::metrics {

// The option `thresholds`: none, one, or several. A prediction above a threshold is positive.
class Thresholds {
 public:
  Thresholds() = default;
  Thresholds(double threshold) : given_(threshold) {}
  Thresholds(std::vector<double> thresholds) : given_(std::move(thresholds)) {}
  Thresholds(std::initializer_list<double> thresholds) : given_(std::vector<double>(thresholds)) {}
  // Those given, or the default. Throws ValueError if one is outside [0, 1].
  std::vector<double> values(double otherwise) const;
  Config config() const;
  static Thresholds from_config(const Config& config);

 private:
  std::variant<std::monostate, double, std::vector<double>> given_;
};

class ConfusionMetric : public Metric {
 public:
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) override;

 protected:
  enum Count : uint8_t { true_positives, false_positives, true_negatives, false_negatives };
  struct Counting {
    std::vector<double> thresholds;
    std::vector<Count> counts = {true_positives, false_positives, true_negatives, false_negatives};
    std::optional<int64_t> top_k = {};     // only the k largest of a row's predictions can be positive
    std::optional<int64_t> class_id = {};  // only this class is counted
    bool multi_label = false;              // count each label for itself: variables [thresholds, labels]
    std::optional<int64_t> num_labels = {};
    std::vector<double> label_weights = {};
    bool from_logits = false;
  };
  ConfusionMetric(std::string name, DTypePolicy dtype, Counting counting, const char* variable = nullptr);

  // So many thresholds from 0 to 1 at equal distances; a single one is 0.5. Throws ValueError unless num_thresholds >
  // 0.
  static std::vector<double> even_thresholds(const std::string& name, int64_t num_thresholds);
  const Counting& counting() const { return counting_; }
  // The weighted number so far, one for each threshold.
  Tensor count(Count which) const;
  // x / (x + y), 0 where both are 0: precision, recall, … at each threshold.
  Tensor share(Count x, Count y) const;
  // A scalar if there is one threshold.
  Tensor by_threshold(const Tensor& values) const;
  void build(const Shape& y_true, const Shape& y_pred) override;

 private:
  void add_variables(const Shape& shape);

  Counting counting_;
  const char* variable_;
  Variable variables_[4];
};

}  // namespace hornbeam::metrics
