// A monitored value of the logs: which way is better, and whether a value is an improvement over another.
#pragma once

#include <optional>
#include <string>

namespace hornbeam {
class MetricSpecs;
}

namespace hornbeam::callbacks {

enum class Direction : uint8_t { min, max };

// "loss", "val_accuracy", "out_mean_squared_error_1": whether more or less is better, by the metric's name; empty if the
// name does not tell.
std::optional<Direction> direction_of(const std::string& monitor);

class Monitor {
 public:
  // `callback` is named in errors. Throws ValueError if mode is not "auto", "min" or "max".
  Monitor(std::string callback, std::string monitor, const std::string& mode, double min_delta);

  const std::string& name() const { return name_; }
  // Settles the direction of mode "auto": by the name, or by the class of the metric of that name among `specs` (may be
  // null). Throws ValueError if neither tells.
  void resolve(const MetricSpecs* specs);
  // True if `value` is better than `reference` by more than min_delta; NaN never is. After resolve.
  bool is_improvement(double value, double reference) const;

 private:
  std::string callback_;
  std::string name_;
  double min_delta_;
  std::optional<Direction> direction_;
};

}  // namespace hornbeam::callbacks
