// While a model is made from a file, its variables start without values: the file's are loaded next. So no initializer
// runs, and a config that asks for more than the file can fill is refused before the memory is taken.
#pragma once

#include <cstdint>
#include <string>

#include <hornbeam/base/dtype.h>
#include <hornbeam/base/shape.h>

namespace hornbeam::saving {

class LoadingScope {
 public:
  // Variables made on this thread while the scope lives may take `bytes` in all.
  explicit LoadingScope(uint64_t bytes) : left_(bytes), outer_(current_) { current_ = this; }
  ~LoadingScope() { current_ = outer_; }
  LoadingScope(const LoadingScope&) = delete;

  // The scope of this thread; null outside of any.
  static LoadingScope* current() { return current_; }
  // Throws IOError if a variable of this shape is more than what is left.
  void take(const std::string& name, DType dtype, const Shape& shape);

 private:
  static thread_local LoadingScope* current_;
  uint64_t left_;
  LoadingScope* outer_;
};

}  // namespace hornbeam::saving
