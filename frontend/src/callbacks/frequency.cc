// Frequencies, and counting batches by them.
#include <hornbeam/callbacks/frequency.h>

#include <string>

#include <hornbeam/base/error.h>

#include "frontend/src/callbacks/batch_counter.h"

namespace hornbeam::callbacks {

Frequency::Frequency(const char* word) {
  if (std::string(word) == "batch")
    batches_ = 1;
  else if (std::string(word) != "epoch")
    throw ValueError(std::string("A frequency is \"epoch\", \"batch\" or a number of batches. Received: \"") + word +
                     "\"");
}

Frequency::Frequency(int64_t batches) : batches_(batches) {
  if (batches < 1)
    throw ValueError("A frequency is \"epoch\", \"batch\" or a positive number of batches. Received: " +
                     std::to_string(batches));
}

bool BatchCounter::is_due(int64_t batch) {
  if (frequency_.is_epoch()) return false;
  seen_ += batch <= last_ ? batch + 1 : batch - last_;  // an index that is not above the last one began a new epoch
  last_ = batch;
  if (seen_ < frequency_.batches()) return false;
  seen_ = 0;
  return true;
}

}  // namespace hornbeam::callbacks
