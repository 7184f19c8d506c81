// Sliding windows over spatial axes of channels-last tensors: what convolution and pooling share.
#pragma once

#include <algorithm>

#include "ir/ops/infer.h"
#include "ir/ops/reference.h"

namespace hornbeam::horn {

// Windows over the spatial axes 1 … n of x [N, spatial…, C]; dilation is 1 where it is empty.
struct Windows {
  Dims size, strides, padding, dilation;

  int64_t n() const { return static_cast<int64_t>(size.size()); }
  int64_t dilation_of(int64_t i) const { return dilation.empty() ? 1 : dilation[i]; }
  // Where element `offset` of window `at` lies on spatial axis i; outside of [0, size) is padding.
  int64_t place(int64_t i, int64_t at, int64_t offset) const {
    return at * strides[i] - padding[2 * i] + offset * dilation_of(i);
  }
  // Number of windows over `in` elements; 0 if none fits. In 128 bits, so that no option can wrap around.
  int64_t count(int64_t i, int64_t in) const {
    __int128 reach = static_cast<__int128>(size[i] - 1) * dilation_of(i);
    __int128 span = static_cast<__int128>(in) + padding[2 * i] + padding[2 * i + 1] - reach - 1;
    return span < 0 ? 0 : static_cast<int64_t>(std::min<__int128>(span / strides[i] + 1, INT64_MAX));
  }
  std::string text() const;
};

// Fails unless strides, padding, dilation have the right lengths and signs, x has n spatial axes, and every axis has a
// window. Fills in `out`: [N, windows…], the channels left to the caller.
llvm::LogicalResult infer_windows(MaybeLocation location, llvm::StringRef op, const Windows& windows, Dims x,
                                  llvm::SmallVectorImpl<int64_t>& out);

// Calls f(in_index, window_offset) for each place of the window at `index` [n, spatial…, …] that lies inside x's spatial
// sizes. in_index holds the spatial places alone.
template <typename F>
void each_place(const Windows& windows, const Shape& x, const std::vector<int64_t>& index, F f) {
  std::vector<int64_t> places(windows.size.size());
  each_index(Shape(std::vector<int64_t>(windows.size)), [&](const std::vector<int64_t>& offset) {
    for (int64_t i = 0; i < windows.n(); ++i) {
      places[i] = windows.place(i, index[1 + i], offset[i]);
      if (places[i] < 0 || places[i] >= x[1 + i]) return;
    }
    f(static_cast<const std::vector<int64_t>&>(places), offset);
  });
}

}  // namespace hornbeam::horn
