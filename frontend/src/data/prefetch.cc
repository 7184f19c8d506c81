// prefetch: a thread that reads ahead, a bounded queue, and an end that never waits for more than the element that is
// being computed.
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include <hornbeam/base/error.h>

#include "frontend/src/data/cancel.h"
#include "frontend/src/data/nodes.h"

namespace hornbeam::data {
namespace {

class ReadAhead : public Iterator {
 public:
  ReadAhead(std::function<std::unique_ptr<Iterator>()> make, size_t size) : size_(size) {
    thread_ = std::thread([this, make = std::move(make)] { read(make); });
  }
  ~ReadAhead() override {
    {
      std::lock_guard lock(mutex_);
      ends_ = true;
    }
    token_.cancel();
    room_.notify_all();
    thread_.join();
  }

  bool next(Item& item) override {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return !items_.empty() || finished_; });
    if (!items_.empty()) {
      item = std::move(items_.front());
      items_.pop_front();
      room_.notify_one();
      return true;
    }
    if (std::exception_ptr error = std::exchange(error_, nullptr)) std::rethrow_exception(error);
    return false;
  }

 private:
  void read(const std::function<std::unique_ptr<Iterator>()>& make) {
    CancelToken::Scope scope(token_);
    try {
      std::unique_ptr<Iterator> input = make();
      for (;;) {
        {
          std::unique_lock lock(mutex_);
          room_.wait(lock, [&] { return ends_ || items_.size() < size_; });
          if (ends_) return;
        }
        Item item;
        if (!input->next(item)) break;
        std::lock_guard lock(mutex_);
        items_.push_back(std::move(item));
        filled_.notify_one();
      }
    } catch (...) {
      std::lock_guard lock(mutex_);
      error_ = std::current_exception();
    }
    std::lock_guard lock(mutex_);
    finished_ = true;
    filled_.notify_one();
  }

  size_t size_;
  CancelToken token_;
  std::mutex mutex_;
  std::condition_variable filled_, room_;
  std::deque<Item> items_;
  std::exception_ptr error_;
  bool ends_ = false, finished_ = false;
  std::thread thread_;
};

class PrefetchNode : public Node {
 public:
  PrefetchNode(NodePtr input, int64_t size) : input_(std::move(input)), size_(size) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    return read_ahead([input = input_, pass] { return input->iterate(pass); }, size_);
  }
  int64_t cardinality() const override { return input_->cardinality(); }

 private:
  NodePtr input_;
  int64_t size_;
};

}  // namespace

std::unique_ptr<Iterator> read_ahead(std::function<std::unique_ptr<Iterator>()> make, int64_t buffer_size) {
  return std::make_unique<ReadAhead>(std::move(make), static_cast<size_t>(buffer_size));
}

NodePtr prefetch_node(NodePtr input, int64_t buffer_size) {
  if (buffer_size <= 0)
    throw ValueError("Dataset::prefetch: `buffer_size` must be positive. Received: buffer_size=" +
                     std::to_string(buffer_size));
  return std::make_shared<PrefetchNode>(std::move(input), buffer_size);
}

}  // namespace hornbeam::data
