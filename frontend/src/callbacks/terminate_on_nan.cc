// TerminateOnNaN: one check a call.
#include <hornbeam/callbacks/terminate_on_nan.h>

#include <cmath>
#include <cstdio>
#include <string>

#include <hornbeam/base/error.h>
#include <hornbeam/model.h>

#include "frontend/src/messages.h"

namespace hornbeam::callbacks {

void TerminateOnNaN::on_train_batch_end(int64_t batch, const Logs& logs) {
  const double* loss = logs.find("loss");
  if (loss == nullptr || std::isfinite(*loss)) return;
  const std::string value = std::isnan(*loss) ? "nan" : *loss > 0 ? "inf" : "-inf";
  const std::string text = "the loss is " + value + " after batch " + std::to_string(batch);
  if (options_.raise_error) {
    throw Error("[TerminateOnNaN] " + text + ". A smaller learning rate or clipnorm may help; look for NaN in the data.");
  }
  std::fprintf(message_stream(), "Batch %lld: the loss is %s, training ends\n",
               static_cast<long long>(batch), value.c_str());
  model().stop_training() = true;
}

}  // namespace hornbeam::callbacks
