// Sliding windows over spatial axes of channels-last tensors: what convolution and pooling share.
#include "ir/ops/window.h"

namespace hornbeam::horn {

std::string Windows::text() const {
  std::string all =
      "window=" + horn::text(size) + ", strides=" + horn::text(strides) + ", padding=" + horn::text(padding);
  if (!dilation.empty()) all += ", dilation=" + horn::text(dilation);
  return all;
}

llvm::LogicalResult infer_windows(MaybeLocation location, llvm::StringRef op, const Windows& windows, Dims x,
                                  llvm::SmallVectorImpl<int64_t>& out) {
  std::string received = "Received: x.shape=" + text(x) + ", " + windows.text();
  size_t n = windows.size.size();
  if (x.size() < 3 || x.size() > 5 || n != x.size() - 2)
    return shape_error(location, op,
                       "expected x [N, spatial…, C] with 1 to 3 spatial axes, and a window of as many. " + received);
  if (windows.strides.size() != n || windows.padding.size() != 2 * n ||
      (!windows.dilation.empty() && windows.dilation.size() != n))
    return shape_error(location, op,
                       "strides and dilation must have one entry, padding two, per spatial axis. " + received);
  auto all_above = [](Dims values, int64_t least) {
    return llvm::all_of(values, [=](int64_t v) { return v >= least; });
  };
  if (!all_above(windows.strides, 1) || !all_above(windows.dilation, 1) || !all_above(windows.padding, 0))
    return shape_error(location, op,
                       "strides and dilation must be positive, padding must not be negative. " + received);
  out.push_back(x[0]);
  for (size_t i = 0; i < n; ++i) {
    int64_t in = x[i + 1];
    if (unknown(in) || unknown(windows.size[i])) {
      out.push_back(mlir::ShapedType::kDynamic);
      continue;
    }
    int64_t count = windows.size[i] < 1 ? 0 : windows.count(static_cast<int64_t>(i), in);
    if (count < 1) return shape_error(location, op, "the output would have no elements. " + received);
    out.push_back(count);
  }
  return llvm::success();
}

}  // namespace hornbeam::horn
