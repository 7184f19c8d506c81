// The axis argument of reductions and the like: none (all axes), one, or several; negative counts from the end.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

namespace hornbeam {

class Axes {
 public:
  Axes() = default;
  Axes(std::nullopt_t) {}
  template <class T>
    requires std::integral<T>
  Axes(T axis) : axes_(std::vector<int64_t>{static_cast<int64_t>(axis)}) {}
  Axes(std::initializer_list<int64_t> axes) : axes_(std::vector<int64_t>(axes)) {}
  Axes(std::vector<int64_t> axes) : axes_(std::move(axes)) {}
  bool all() const { return !axes_; }
  // Given axes; empty where all().
  const std::vector<int64_t>& given() const {
    static const std::vector<int64_t> none;
    return axes_ ? *axes_ : none;
  }

 private:
  std::optional<std::vector<int64_t>> axes_;
};

}  // namespace hornbeam
