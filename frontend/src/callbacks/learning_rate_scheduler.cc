// LearningRateScheduler: one call of the function an epoch.
#include <hornbeam/callbacks/learning_rate_scheduler.h>

#include <cstdio>

#include <hornbeam/base/error.h>
#include <hornbeam/model.h>

#include "frontend/src/messages.h"

namespace hornbeam::callbacks {

LearningRateScheduler::LearningRateScheduler(LearningRateSchedulerOptions options) : options_(std::move(options)) {
  if (!options_.schedule) throw ValueError("[LearningRateScheduler] schedule must be a function. Received: none");
}

void LearningRateScheduler::on_epoch_begin(int64_t epoch, const Logs&) {
  optimizers::Optimizer& optimizer = *model().optimizer();
  const double rate = options_.schedule(epoch, optimizer.learning_rate());
  optimizer.set_learning_rate(rate);
  if (options_.verbose > 0)
    std::fprintf(message_stream(), "\nEpoch %lld: learning rate %g\n",
                 static_cast<long long>(epoch + 1), rate);
}

void LearningRateScheduler::add_epoch_logs(int64_t, Logs& logs) {
  logs.set("learning_rate", model().optimizer()->learning_rate());
}

}  // namespace hornbeam::callbacks
