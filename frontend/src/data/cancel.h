// Ends what threads compute ahead: before each call of a user's function (which may be slow) a thread looks whether anybody
// still waits for what it makes.
#pragma once

#include <atomic>
#include <memory>

namespace hornbeam::data {

// What check_cancelled throws in a thread that nobody waits for.
struct Cancelled {};

// Of the threads of one iterator. A token that is made by a thread is cancelled with that thread's own.
class CancelToken {
 public:
  CancelToken();
  void cancel() { state_->set.store(true, std::memory_order_relaxed); }

  // While it lives, the thread is under the token.
  class Scope {
   public:
    explicit Scope(const CancelToken& token);
    ~Scope();
    Scope(const Scope&) = delete;
  };

 private:
  friend void check_cancelled();
  struct State {
    std::atomic<bool> set = false;
    std::shared_ptr<const State> above;
  };
  static thread_local std::shared_ptr<const State> current_;
  std::shared_ptr<State> state_;
};

// Throws Cancelled if this thread's token, or one above it, is cancelled; Interrupted after hb::interrupt().
void check_cancelled();

}  // namespace hornbeam::data
