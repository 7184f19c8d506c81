// The progress bar of fit, evaluate and predict, as Keras draws it. It knows no model and no terminal: time comes from a
// clock and text goes to a sink, so that tests can give both.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hornbeam::callbacks {

using ProgbarValues = std::vector<std::pair<std::string, double>>;

struct ProgbarOptions {
  std::optional<int64_t> target;  // the number of steps; unknown if empty
  int width = 20;                 // columns of the bar itself
  int verbose = 1;                // 0 draws nothing, 1 a bar that is redrawn in place, 2 one line when finished
  double interval = 0.05;         // a bar is redrawn at most once in so many seconds
  bool color = true;              // bold counts and a green bar, by ANSI escapes
  std::string unit_name = "step";
};

class Progbar {
 public:
  using Clock = std::function<double()>;  // seconds
  using Sink = std::function<void(std::string_view)>;

  Progbar(ProgbarOptions options, Clock clock, Sink sink);

  // `current` steps are done; `values` are drawn as they are and stay until they are given anew. The last update ends
  // the line, whatever the interval.
  void update(int64_t current, const ProgbarValues& values, bool finalize);
  void set_target(int64_t target) { options_.target = target; }

 private:
  std::string bar(int64_t current) const;
  std::string metrics() const;
  double seconds_per_step(int64_t current, double now);

  ProgbarOptions options_;
  Clock clock_;
  Sink sink_;
  ProgbarValues values_;  // in the order in which they first came
  double start_ = 0;
  double last_update_ = 0;
  std::optional<double> after_first_step_;
  int previous_width_ = 0;
};

}  // namespace hornbeam::callbacks
