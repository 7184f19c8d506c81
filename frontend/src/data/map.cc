// map, by one thread or several, and filter. With several threads the elements still come out in their order: a window
// of calls is under way, and the oldest is waited for.
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

struct Call {
  Item item;
  MapCall info;
  std::exception_ptr error;
  bool done = false;
};

class Workers {
 public:
  Workers(const MapFunction& f, int count) {
    for (int i = 0; i < count; ++i) threads_.emplace_back([this, f] { work(f); });
  }
  ~Workers() {
    {
      std::lock_guard lock(mutex_);
      ends_ = true;
    }
    token_.cancel();
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  void start(const std::shared_ptr<Call>& call) {
    {
      std::lock_guard lock(mutex_);
      queue_.push_back(call);
    }
    wake_.notify_one();
  }
  void wait(const Call& call) {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return call.done; });
  }

 private:
  // Each thread has a copy of the function, as a lambda may keep scratch memory.
  void work(MapFunction f) {
    CancelToken::Scope scope(token_);
    for (;;) {
      std::shared_ptr<Call> call;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return ends_ || !queue_.empty(); });
        if (ends_) return;
        call = queue_.front();
        queue_.pop_front();
      }
      try {
        check_cancelled();
        call->item = Item(f(call->item.take(), call->info));
      } catch (...) {
        call->error = std::current_exception();
      }
      {
        std::lock_guard lock(mutex_);
        call->done = true;
      }
      done_.notify_one();
    }
  }

  CancelToken token_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::deque<std::shared_ptr<Call>> queue_;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

class MapNode : public Node, public std::enable_shared_from_this<MapNode> {
 public:
  MapNode(NodePtr input, MapFunction f, int threads, uint64_t seed)
      : input_(std::move(input)), f_(std::move(f)), threads_(threads), seed_(seed) {}

  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    if (threads_ > 1) return std::make_unique<ParallelPass>(shared_from_this(), pass);
    return std::make_unique<Pass>(shared_from_this(), pass);
  }
  int64_t cardinality() const override { return input_->cardinality(); }

 private:
  MapCall info(int64_t pass, int64_t index) const {
    return {index, pass, mix_seed(seed_, static_cast<uint64_t>(index), static_cast<uint64_t>(pass))};
  }

  struct Pass : Iterator {
    Pass(std::shared_ptr<const MapNode> made_by, int64_t pass)
        : node(std::move(made_by)), input(node->input_->iterate(pass)), f(node->f_), pass(pass) {}
    bool next(Item& item) override {
      if (!input->next(item)) return false;
      check_cancelled();
      item = Item(f(item.take(), node->info(pass, index++)));
      return true;
    }
    std::shared_ptr<const MapNode> node;
    std::unique_ptr<Iterator> input;
    MapFunction f;
    int64_t pass, index = 0;
  };

  struct ParallelPass : Iterator {
    ParallelPass(std::shared_ptr<const MapNode> made_by, int64_t pass)
        : node(std::move(made_by)), input(node->input_->iterate(pass)), pass(pass), workers(node->f_, node->threads_) {}
    bool next(Item& item) override {
      while (!ended && calls.size() < 2 * static_cast<size_t>(node->threads_)) {
        auto call = std::make_shared<Call>();
        if (!input->next(call->item)) {
          ended = true;
          break;
        }
        call->info = node->info(pass, index++);
        calls.push_back(call);
        workers.start(call);
      }
      if (calls.empty()) return false;
      std::shared_ptr<Call> call = calls.front();
      calls.pop_front();
      workers.wait(*call);
      if (call->error) {
        ended = true;
        calls.clear();
        std::rethrow_exception(call->error);
      }
      item = std::move(call->item);
      return true;
    }
    std::shared_ptr<const MapNode> node;
    std::unique_ptr<Iterator> input;
    int64_t pass, index = 0;
    bool ended = false;
    std::deque<std::shared_ptr<Call>> calls;
    Workers workers;  // last: it ends before what its threads use
  };

  NodePtr input_;
  MapFunction f_;
  int threads_;
  uint64_t seed_;
};

class FilterNode : public Node {
 public:
  FilterNode(NodePtr input, std::function<bool(const Element&)> f) : input_(std::move(input)), f_(std::move(f)) {}
  std::unique_ptr<Iterator> iterate(int64_t pass) const override {
    return std::make_unique<Pass>(input_->iterate(pass), f_);
  }
  int64_t cardinality() const override {
    return input_->cardinality() == Dataset::kInfinite ? Dataset::kInfinite : Dataset::kUnknownSize;
  }

 private:
  struct Pass : Iterator {
    Pass(std::unique_ptr<Iterator> input, std::function<bool(const Element&)> f)
        : input(std::move(input)), f(std::move(f)) {}
    bool next(Item& item) override {
      while (input->next(item)) {
        // A row that stays need not be copied out for good.
        check_cancelled();
        Item looked_at = item;
        if (f(looked_at.element())) return true;
      }
      return false;
    }
    std::unique_ptr<Iterator> input;
    std::function<bool(const Element&)> f;
  };
  NodePtr input_;
  std::function<bool(const Element&)> f_;
};

}  // namespace

NodePtr map_node(NodePtr input, MapFunction f, int num_parallel_calls, uint64_t seed) {
  if (num_parallel_calls < 0 || num_parallel_calls > 1024)
    throw ValueError("Dataset::map: `num_parallel_calls` must be 0 (one for each core) to 1024. Received: " +
                     std::to_string(num_parallel_calls));
  int threads = num_parallel_calls ? num_parallel_calls : std::max(1u, std::thread::hardware_concurrency());
  return std::make_shared<MapNode>(std::move(input), std::move(f), threads, seed);
}
NodePtr filter_node(NodePtr input, std::function<bool(const Element&)> f) {
  return std::make_shared<FilterNode>(std::move(input), std::move(f));
}

}  // namespace hornbeam::data
