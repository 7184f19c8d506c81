// Convolutions and the gradient by their kernel, on any number of spatial axes from two on, with groups.
#include "passes/lowering/group_lowering.h"
#include "passes/lowering/tile.h"

namespace hornbeam::passes {

// With groups, a feature is (group, feature of the group). A group's features make vectors, or, where a group has one
// channel or one feature (depthwise convolutions and their gradients), neighbouring groups do.
GroupLowering::FeatureAxes GroupLowering::split_features(int64_t groups, int64_t channels_per_group) {
  FeatureAxes axes{llvm::SmallVector<int64_t>(group_.domain), Access::identity(group_.domain.size()), false,
                   group_.domain.back()};
  if (groups == 1) return axes;
  int64_t features = group_.domain.back() / groups;
  axes.domain.back() = groups;
  axes.domain.push_back(features);
  axes.points = Access::identity(axes.domain.size());
  Linear inside = axes.points.axes.pop_back_val();
  Linear& last = axes.points.axes.back();
  for (int64_t& factor : last) factor *= features;
  for (size_t i = 0; i < last.size(); ++i) last[i] += inside[i];
  axes.lanes_on_groups = groups > features && (features == 1 || channels_per_group == 1);
  axes.lane_extent = axes.lanes_on_groups ? groups : features;
  return axes;
}

mlir::LogicalResult GroupLowering::lower_conv(horn::ConvOp op) {
  Dims kernel_shape = dims_of(op.getKernel());
  int64_t channels = kernel_shape[kernel_shape.size() - 2];
  FeatureAxes axes = split_features(op.getGroups(), channels);
  size_t rank = axes.domain.size();
  RegionBuilder region = this->region(rank, {register_type_of(op.getResult())});
  if (mlir::failed(finish(region, region.computed(0), axes.points, rank))) return mlir::failure();
  RegionBuilder::Parts parts = region.take();
  int64_t work = 2 * product(group_.domain) * product(kernel_shape.drop_back());
  int64_t width = group_.domain[group_.domain.size() - 2];
  auto kernel = hk::ConvOp::create(b_, loc_, buffer_of(op.getX()), buffer_of(op.getKernel()), parts.extras, parts.outs,
                                   axes.domain, parts.access, units(work), conv_tile(width, axes.lane_extent, target_),
                                   dims_of(op.getX()), kernel_shape, op.getStrides(), op.getDilation(), op.getGroups(),
                                   axes.lanes_on_groups);
  kernel.getEpilogue().takeBody(*parts.region);
  return mlir::success();
}

mlir::LogicalResult GroupLowering::lower_conv_kernel_grad(horn::ConvBackwardKernelOp op) {
  Dims kernel_shape = group_.domain, out = dims_of(op.getDy());
  size_t spatial = kernel_shape.size() - 2;
  int64_t channels = kernel_shape[spatial];
  FeatureAxes axes = split_features(op.getGroups(), channels);
  size_t rank = axes.domain.size();
  RegionBuilder region = this->region(rank, {register_type_of(op.getResult())});
  if (mlir::failed(finish(region, region.computed(0), axes.points, rank))) return mlir::failure();
  RegionBuilder::Parts parts = region.take();
  auto tile = conv_kernel_grad_tile(product(kernel_shape.take_front(spatial)), channels, axes.lane_extent, target_);
  auto kernel = hk::ConvKernelGradOp::create(
      b_, loc_, buffer_of(op.getX()), buffer_of(op.getDy()), scratch_for_sums(op.getResult()), parts.extras, parts.outs,
      axes.domain, parts.access, units(2 * product(out) * product(kernel_shape.drop_back())), tile, dims_of(op.getX()),
      out, op.getStrides(), op.getDilation(), op.getGroups(), axes.lanes_on_groups);
  kernel.getEpilogue().takeBody(*parts.region);
  return mlir::success();
}

}  // namespace hornbeam::passes
