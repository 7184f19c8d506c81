// Convolutions and the gradient by their kernel, on any number of spatial axes from two on, with groups.
#include "passes/lowering/group_lowering.h"
#include "passes/lowering/merge_axes.h"
#include "passes/lowering/tile.h"

namespace hornbeam::passes {
namespace {

constexpr int64_t kLeastPart = 64, kMostPart = 1024;  // places of a picture that one part of a sum over all of them has
constexpr int64_t kFewTiles = 4, kParts = 8;

// A window of one element, everywhere: a matrix product of all places with the kernel.
bool is_product(llvm::ArrayRef<int64_t> window, llvm::ArrayRef<int64_t> strides, int64_t groups) {
  auto one = [](int64_t n) { return n == 1; };
  return groups == 1 && llvm::all_of(window, one) && llvm::all_of(strides, one);
}

}  // namespace

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

// False where the epilogue does not walk through the places as through one axis.
mlir::FailureOr<bool> GroupLowering::lower_conv_as_product(horn::ConvOp op) {
  size_t spatial = op.getStrides().size(), rank = spatial + 3;
  Dims places = Dims(group_.domain).drop_back();
  Product factors;
  factors.m = product(places), factors.n = group_.domain.back(), factors.depth = dims_of(op.getX()).back();
  factors.lhs_strides = {0, factors.depth, 1}, factors.rhs_strides = {0, factors.n, 1};
  Access points = Access::identity(rank);
  points.axes.erase(points.axes.begin());
  RegionBuilder region = this->region(rank, {register_type_of(op.getResult())});
  if (mlir::failed(finish(region, region.computed(0), points, rank))) return mlir::failure();
  RegionBuilder::Parts parts = region.take();
  if (!merge_axes(parts, 1, places)) return false;
  factors.lhs = buffer_of(op.getX()), factors.rhs = buffer_of(op.getKernel());
  pack_operands(factors);
  make_product(factors, std::move(parts));
  return true;
}

mlir::LogicalResult GroupLowering::lower_conv(horn::ConvOp op) {
  Dims kernel_shape = dims_of(op.getKernel());
  if (is_product(kernel_shape.drop_back(2), op.getStrides(), op.getGroups())) {
    mlir::FailureOr<bool> done = lower_conv_as_product(op);
    if (mlir::failed(done)) return mlir::failure();
    if (*done) return mlir::success();
  }
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
                                   axes.lanes_on_groups, /*start=*/mlir::DenseI64ArrayAttr());
  kernel.getEpilogue().takeBody(*parts.region);
  return mlir::success();
}

// The sum over all places, in parts: threads share them, what an operand has for one stays in the cache, and rounding
// errors grow with the part. The parts depend on shapes alone. False where the places cannot be cut into such parts.
mlir::FailureOr<bool> GroupLowering::lower_conv_kernel_grad_as_product(horn::ConvBackwardKernelOp op) {
  mlir::Type type = register_type_of(op.getResult());
  if (!type.isF32() && !type.isF64()) return false;
  Dims kernel_shape = group_.domain;
  int64_t channels = kernel_shape[kernel_shape.size() - 2], features = kernel_shape.back();
  int64_t places = product(dims_of(op.getDy()).drop_back());
  int64_t most = target_.l2_bytes / 4 / ((channels + features) * (type.getIntOrFloatBitWidth() / 8));
  most = std::clamp(most, 2 * kLeastPart, kMostPart);
  int64_t depth = std::min(places, most);
  while (depth >= kLeastPart && places % depth) --depth;
  if (depth < kLeastPart && depth != places) return false;

  Product factors;
  factors.batch = places / depth, factors.m = channels, factors.n = features, factors.depth = depth;
  factors.lhs = buffer_of(op.getX()), factors.rhs = buffer_of(op.getDy());
  factors.lhs_strides = {depth * channels, 1, channels}, factors.rhs_strides = {depth * features, features, 1};
  pack_operands(factors);
  Value sums = buffers_.scratch(type, places / depth * channels * features);
  RegionBuilder part = region(3, {type});
  part.write(part.computed(0), sums, Linear{channels * features, features, 1, 0});
  make_product(factors, part.take());

  if (mlir::failed(add_parts(sums, factors.batch, type))) return mlir::failure();
  return true;
}

mlir::LogicalResult GroupLowering::lower_conv_kernel_grad(horn::ConvBackwardKernelOp op) {
  Dims kernel_shape = group_.domain, out = dims_of(op.getDy());
  size_t spatial = kernel_shape.size() - 2;
  if (is_product(kernel_shape.drop_back(2), op.getStrides(), op.getGroups())) {
    mlir::FailureOr<bool> done = lower_conv_kernel_grad_as_product(op);
    if (mlir::failed(done)) return mlir::failure();
    if (*done) return mlir::success();
  }
  int64_t channels = kernel_shape[spatial], groups = op.getGroups();
  FeatureAxes axes = split_features(groups, channels);
  auto tile = conv_kernel_grad_tile(product(kernel_shape.take_front(spatial)), channels, axes.lane_extent, target_);
  // With few tiles for threads to share, each takes some of the images; what these sum up to is added at the end.
  int64_t columns = tile[1] * target_.vector_bytes / 4, features = kernel_shape.back() / groups;
  int64_t tiles = product(kernel_shape.drop_back()) / tile[0] * ((axes.lane_extent + columns - 1) / columns) *
                  (groups * features / axes.lane_extent);
  mlir::Type type = register_type_of(op.getResult());
  int64_t parts = 1;
  if (tiles <= kFewTiles && (!axes.lanes_on_groups || features == 1) && (type.isF32() || type.isF64()))
    parts = std::min(out[0], kParts);

  // The cotangents may lie inside of their padded copy.
  Value dy = op.getDy();
  mlir::DenseI64ArrayAttr held, start;
  if (horn::PadOp pad = plan_.inside.lookup(dy)) {
    dy = pad.getResult();
    held = b_.getDenseI64ArrayAttr(dims_of(dy)), start = b_.getDenseI64ArrayAttr(pad.getLow().slice(1, spatial));
  }
  auto make = [&](Value sums, RegionBuilder& epilogue, mlir::IntegerAttr in_parts) {
    RegionBuilder::Parts end = epilogue.take();
    auto kernel = hk::ConvKernelGradOp::create(
        b_, loc_, buffer_of(op.getX()), buffer_of(dy), sums, end.extras, end.outs, axes.domain, end.access,
        units(2 * product(out) * product(kernel_shape.drop_back())), tile, dims_of(op.getX()), out, op.getStrides(),
        op.getDilation(), groups, axes.lanes_on_groups, held, start, in_parts);
    kernel.getEpilogue().takeBody(*end.region);
  };
  if (parts == 1) {
    size_t rank = axes.domain.size();
    RegionBuilder epilogue = this->region(rank, {type});
    if (mlir::failed(finish(epilogue, epilogue.computed(0), axes.points, rank))) return mlir::failure();
    make(scratch_for_sums(op.getResult()), epilogue, {});
    return mlir::success();
  }
  Value sums = buffers_.scratch(type, parts * product(kernel_shape));
  RegionBuilder none = this->region(axes.domain.size(), {type});
  make(sums, none, b_.getI64IntegerAttr(parts));
  return add_parts(sums, parts, type);
}

// The epilogue of a group over the sums of `parts` that lie behind each other.
mlir::LogicalResult GroupLowering::add_parts(Value sums, int64_t parts, mlir::Type type) {
  llvm::SmallVector<int64_t> domain{parts};
  llvm::append_range(domain, group_.domain);
  size_t rank = group_.domain.size();
  RegionBuilder body = region(rank + 1, {});
  RegionBuilder::Parts terms =
      body.take_body(body.read_buffer(sums, Access::identity(rank + 1).flatten(domain, rank + 1), type));
  RegionBuilder epilogue = region(rank, {type});
  if (mlir::failed(finish(epilogue, epilogue.computed(0), Access::identity(rank), rank))) return mlir::failure();
  make_reduce(std::move(terms), domain, {0}, "sum", epilogue.take());
  return mlir::success();
}

}  // namespace hornbeam::passes
