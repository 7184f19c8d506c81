// LearningRateScheduler: a function says the learning rate of each epoch.
#pragma once

#include <cstdint>
#include <functional>

#include <hornbeam/callback.h>

namespace hornbeam::callbacks {

struct LearningRateSchedulerOptions {
  std::function<double(int64_t epoch, double learning_rate)> schedule;  // the epoch, from 0, and the rate as it is
  int verbose = 0;                                                      // 1 prints each rate
};

// Sets the rate as each epoch begins, and adds it to the epoch's logs as "learning_rate". Throws ValueError if no
// function is given, and in fit if the optimizer has a schedule of its own.
class LearningRateScheduler : public Callback {
 public:
  explicit LearningRateScheduler(LearningRateSchedulerOptions options);
  LearningRateScheduler(std::function<double(int64_t epoch, double learning_rate)> schedule)
      : LearningRateScheduler(LearningRateSchedulerOptions{.schedule = std::move(schedule)}) {}

  void on_epoch_begin(int64_t epoch, const Logs& logs) override;
  void add_epoch_logs(int64_t epoch, Logs& logs) override;
  bool needs_batch_logs() const override { return false; }

 private:
  LearningRateSchedulerOptions options_;
};

}  // namespace hornbeam::callbacks
