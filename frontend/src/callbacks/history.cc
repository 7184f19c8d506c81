// The callback around the struct that fit returns.
#include <hornbeam/callbacks/history.h>

namespace hornbeam::callbacks {

void History::on_train_begin(const Logs&) { kept_->epoch.clear(); }
void History::on_epoch_end(int64_t epoch, const Logs& logs) { kept_->append(epoch, logs); }

}  // namespace hornbeam::callbacks
