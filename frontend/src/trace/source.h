// While it lives, what is traced comes from a layer, the loss, …: profiles tell it (ir::Builder::begin_source). Names of
// what is no layer stand in parentheses.
#pragma once

#include <string>

#include "frontend/src/trace/trace.h"

namespace hornbeam::trace {

class SourceScope {
 public:
  explicit SourceScope(const std::string& name)
      : builder_(Trace::current() ? Trace::current()->builder() : nullptr) {
    if (builder_) builder_->begin_source(name);
  }
  ~SourceScope() {
    if (builder_) builder_->end_source();
  }
  SourceScope(const SourceScope&) = delete;

 private:
  ir::Builder* builder_;
};

inline constexpr const char* kLossSource = "(loss)";
inline constexpr const char* kMetricsSource = "(metrics)";
inline constexpr const char* kOptimizerSource = "(optimizer)";

}  // namespace hornbeam::trace
