#include "frontend/src/data/cancel.h"

#include "frontend/src/interrupt.h"

namespace hornbeam::data {

thread_local std::shared_ptr<const CancelToken::State> CancelToken::current_;

CancelToken::CancelToken() : state_(std::make_shared<State>()) { state_->above = current_; }

CancelToken::Scope::Scope(const CancelToken& token) { current_ = token.state_; }
CancelToken::Scope::~Scope() { current_ = nullptr; }

void check_cancelled() {
  check_interrupt();
  for (const CancelToken::State* state = CancelToken::current_.get(); state; state = state->above.get())
    if (state->set.load(std::memory_order_relaxed)) throw Cancelled();
}

}  // namespace hornbeam::data
