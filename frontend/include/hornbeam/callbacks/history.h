// History: keeps the logs of every epoch. `fit` has one of its own and returns what it kept; a callback of this class
// is for those who hold on to it, or look at it while training runs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <hornbeam/callback.h>

namespace hornbeam::callbacks {

// As in Keras a second fit goes on with `history`, and begins `epoch` anew. A copy is the same callback.
class History : public Callback {
 public:
  History() : kept_(std::make_shared<hornbeam::History>()) {}

  void on_train_begin(const Logs& logs) override;
  void on_epoch_end(int64_t epoch, const Logs& logs) override;
  bool needs_batch_logs() const override { return false; }

  const std::vector<int64_t>& epoch() const { return kept_->epoch; }
  const std::vector<std::pair<std::string, std::vector<double>>>& history() const { return kept_->history; }
  // The values of a metric, one an epoch. Throws ValueError for a name that is not there.
  const std::vector<double>& operator[](const std::string& name) const { return (*kept_)[name]; }
  bool contains(const std::string& name) const { return kept_->contains(name); }

 private:
  std::shared_ptr<hornbeam::History> kept_;
};

}  // namespace hornbeam::callbacks
