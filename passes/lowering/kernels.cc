// Each kind of group as hk ops: what its root reads, how its points are numbered, what the epilogue gets.
#include "passes/lowering/kernels.h"

#include "llvm/ADT/TypeSwitch.h"

#include "passes/lowering/control.h"
#include "passes/lowering/group_lowering.h"
#include "passes/lowering/tile.h"

namespace hornbeam::passes {

using mlir::Value;

constexpr int64_t kLeastInParts = 1 << 16;  // elements that are reduced in parts

mlir::LogicalResult GroupLowering::run() {
  if (!group_.root) return lower_elementwise();
  return llvm::TypeSwitch<mlir::Operation*, mlir::LogicalResult>(group_.root)
      .Case([&](horn::DotOp op) { return lower_dot(op); })
      .Case([&](horn::ConvOp op) { return lower_conv(op); })
      .Case([&](horn::ConvBackwardDataOp op) { return lower_strided_conv_backward_data(op); })
      .Case([&](horn::ConvBackwardKernelOp op) { return lower_conv_kernel_grad(op); })
      .Case([&](horn::ReduceSumOp op) { return lower_reduce(op, "sum", op.getAxes()); })
      .Case([&](horn::ReduceProdOp op) { return lower_reduce(op, "prod", op.getAxes()); })
      .Case(
          [&](horn::ReduceMaxOp op) { return lower_reduce(op, is_unsigned(op.getX()) ? "umax" : "max", op.getAxes()); })
      .Case(
          [&](horn::ReduceMinOp op) { return lower_reduce(op, is_unsigned(op.getX()) ? "umin" : "min", op.getAxes()); })
      .Case([&](horn::ArgmaxOp op) { return lower_reduce(op, "argmax", {static_cast<int64_t>(op.getAxis())}); })
      .Case([&](horn::ArgminOp op) { return lower_reduce(op, "argmin", {static_cast<int64_t>(op.getAxis())}); })
      .Case([&](horn::MaxPoolOp op) {
        return lower_pool(op.getX(), Value(), op.getWindow(), op.getStrides(), Pool::max);
      })
      .Case([&](horn::AvgPoolOp op) {
        return lower_pool(op.getX(), Value(), op.getWindow(), op.getStrides(), Pool::mean);
      })
      .Case([&](horn::MaxPoolGatherOp op) {
        return lower_pool(op.getX(), op.getG(), op.getWindow(), op.getStrides(), Pool::gather);
      })
      .Case([&](horn::MaxPoolBackwardOp op) {
        return lower_pool_grad(op.getX(), op.getDy(), op.getWindow(), op.getStrides());
      })
      .Case([&](horn::AvgPoolBackwardOp op) {
        return lower_pool_grad(Value(), op.getDy(), op.getWindow(), op.getStrides());
      })
      .Case([&](horn::ConcatOp op) { return lower_concat(op); })
      .Case([&](horn::PadOp op) { return lower_pad(op); })
      .Case([&](horn::TakeBackwardOp op) { return lower_take_backward(op); })
      .Default([&](mlir::Operation* op) { return op->emitError("has no kernel"); });
}

mlir::Location GroupLowering::location_of(const Group& group) {
  if (group.copy_of) return group.copy_of.getLoc();
  llvm::MapVector<mlir::Location, int> count;
  for (auto* list : {&group.before, &group.members})
    for (mlir::Operation* op : *list) ++count[op->getLoc()];
  auto sorted = count.takeVector();
  llvm::stable_sort(sorted, [](const auto& a, const auto& b) { return a.second > b.second; });
  llvm::SmallVector<mlir::Location> all;
  if (group.root) all.push_back(group.root->getLoc());
  for (const auto& [location, times] : sorted) all.push_back(location);
  return mlir::FusedLoc::get(all.front().getContext(), all);
}

bool GroupLowering::is_unsigned(Value value) {
  mlir::Type element = mlir::getElementTypeOrSelf(value.getType());
  return element.isInteger(1) || element.isUnsignedInteger();
}

int64_t GroupLowering::product(Dims dims) {
  int64_t n = 1;
  for (int64_t dim : dims) n *= dim;
  return n;
}

Value GroupLowering::scratch_for_sums(Value value) {
  mlir::Type type = register_type_of(value);
  if (type.getIntOrFloatBitWidth() < 32) type = b_.getF32Type();
  return buffers_.scratch(type, product(dims_of(value)));
}

mlir::LogicalResult GroupLowering::finish(RegionBuilder& region, Value root_scalar, const Access& access, size_t rank) {
  for (Value output : group_.outputs) {
    Plan::Place place = plan_.place_of(output, access, rank);
    region.expect_out(buffers_.out(place.value), place.at);
  }
  if (root_scalar) region.bind(group_.root->getResult(0), root_scalar);
  for (mlir::Operation* member : group_.members)
    if (mlir::failed(region.compute(member, access))) return mlir::failure();
  for (Value output : group_.outputs) {
    Plan::Place place = plan_.place_of(output, access, rank);
    region.write(region.read(output, access), buffers_.out(place.value), place.at);
    for (Value more : buffers_.more_outs(output)) region.write(region.read(output, access), more, place.at);
  }
  return mlir::success();
}

void GroupLowering::make_map(RegionBuilder& region, Dims domain) {
  RegionBuilder::Parts parts = region.take();
  if (parts.outs.empty()) return;
  int64_t work = product(domain) * (parts.operations + static_cast<int64_t>(parts.extras.size() + parts.outs.size()));
  // One point cannot be shared: an update in place would be done by every thread.
  auto op = hk::MapOp::create(b_, loc_, parts.extras, parts.outs, domain, parts.access,
                              product(domain) > 1 ? units(work) : 1, Dims{});
  op.getEpilogue().takeBody(*parts.region);
}

mlir::LogicalResult GroupLowering::lower_elementwise() {
  size_t rank = group_.domain.size();
  Access identity = Access::identity(rank);
  RegionBuilder region = this->region(rank, {});
  if (group_.copy_of) {
    region.write(region.read_moved(group_.copy_of, identity), buffers_.out(group_.copy_of),
                 identity.flatten(group_.domain, rank));
  } else if (mlir::failed(finish(region, {}, identity, rank))) {
    return mlir::failure();
  }
  make_map(region, group_.domain);
  return mlir::success();
}
mlir::LogicalResult GroupLowering::lower_reduce(mlir::Operation* op, llvm::StringRef kind, Dims axes) {
  Value x = op->getOperand(0);
  Dims input = dims_of(x);
  size_t rank = input.size();
  RegionBuilder body = region(rank, {});
  Access everywhere = Access::identity(rank);
  for (mlir::Operation* member : group_.before)
    if (mlir::failed(body.compute(member, everywhere))) return mlir::failure();
  Value term = body.read(x, everywhere);
  RegionBuilder::Parts inner = body.take_body(term);

  size_t kept = group_.domain.size();
  mlir::Type type = register_type_of(op->getResult(0));
  RegionBuilder epilogue = region(kept, {type});
  if (mlir::failed(finish(epilogue, epilogue.computed(0), Access::identity(kept), kept))) return mlir::failure();
  if (!reduces_in_parts(input, axes, type)) {
    make_reduce(std::move(inner), input, axes, kind, epilogue.take());
    return mlir::success();
  }
  // Each slice of the first axis on its own, then these.
  llvm::SmallVector<int64_t> within(axes), parts{input[0]};
  llvm::erase(within, 0);
  llvm::append_range(parts, group_.domain);
  Value sums = buffers_.scratch(type, product(parts));
  Linear at = Access::identity(kept + 1).flatten(parts, kept + 1);
  RegionBuilder one = region(kept + 1, {type}), all = region(kept + 1, {});
  one.write(one.computed(0), sums, at);
  make_reduce(std::move(inner), input, within, kind, one.take(), parts);
  RegionBuilder::Parts slices = all.take_body(all.read_buffer(sums, at, type));
  make_reduce(std::move(slices), parts, {0}, kind, epilogue.take());
  return mlir::success();
}

// Whether a reduction goes through the slices of its first axis one by one: where there is much to reduce in each, so
// that threads share them however few points remain, and rows are read as they lie.
bool GroupLowering::reduces_in_parts(Dims input, Dims axes, mlir::Type type) {
  if (axes.size() < 2 || !llvm::is_contained(axes, 0) || input.size() == axes.size()) return false;
  if (!type.isF32() && !type.isF64()) return false;
  int64_t within = 1;  // what one slice reduces to a point
  for (int64_t axis : axes)
    if (axis != 0) within *= input[axis];
  return input[0] >= 4 && within >= 16 && product(input) >= kLeastInParts;
}

void GroupLowering::make_reduce(RegionBuilder::Parts body, Dims domain, Dims axes, llvm::StringRef kind,
                                RegionBuilder::Parts epilogue, std::optional<Dims> points) {
  int64_t work = product(domain) * (body.operations + static_cast<int64_t>(body.extras.size()) + 1);
  llvm::SmallVector<int64_t> sorted(axes);
  llvm::sort(sorted);
  Dims kept = points.value_or(group_.domain);
  auto kernel =
      hk::ReduceOp::create(b_, loc_, body.extras, epilogue.extras, epilogue.outs, kept, epilogue.access,
                           kept.empty() ? 1 : units(work), Dims{}, domain, body.access, sorted, kind);
  kernel.getEpilogue().takeBody(*epilogue.region);
  kernel.getBody().takeBody(*body.region);
}

mlir::LogicalResult GroupLowering::lower_concat(horn::ConcatOp op) {
  size_t rank = group_.domain.size();
  int64_t offset = 0;
  for (Value input : op.getInputs()) {
    Dims domain = dims_of(input);
    Access access = Access::identity(rank);
    access.axes[op.getAxis()].back() = offset;
    offset += domain[op.getAxis()];
    if (product(domain) == 0) continue;
    RegionBuilder region = this->region(rank, {});
    if (mlir::failed(finish(region, region.read(input, Access::identity(rank)), access, rank))) return mlir::failure();
    make_map(region, domain);
  }
  return mlir::success();
}

// Axis by axis what lies before and behind, axes in front only where the inner array is, those that follow everywhere.
void GroupLowering::fill_border(Value out, Dims outer, Dims low, Dims inner,
                                llvm::function_ref<Value(RegionBuilder&)> value) {
  size_t rank = outer.size();
  llvm::SmallVector<int64_t> origin(rank, 0), domain(outer);
  // `sides` boxes, `apart` from each other along `axis`.
  auto fill = [&](size_t axis, int64_t sides, int64_t apart) {
    if (product(domain) == 0) return;
    llvm::SmallVector<int64_t> points(domain);
    if (sides > 1) points.insert(points.begin(), sides);
    Access access = Access::identity(points.size());
    if (sides > 1) access.axes.erase(access.axes.begin());
    for (size_t i = 0; i < rank; ++i) access.axes[i].back() = origin[i];
    if (sides > 1) access.axes[axis].front() = apart;
    RegionBuilder region = this->region(points.size(), {});
    region.write(value(region), out, access.flatten(outer, points.size()));
    make_map(region, points);
  };
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t high = outer[axis] - low[axis] - inner[axis], behind = low[axis] + inner[axis];
    domain[axis] = low[axis];
    fill(axis, low[axis] == high ? 2 : 1, behind);
    origin[axis] = behind;
    domain[axis] = high;
    if (low[axis] != high) fill(axis, 1, 0);
    origin[axis] = low[axis];
    domain[axis] = inner[axis];
  }
}

// Puts x into the result, `fill` round it. A small result is filled as a whole first, in one kernel.
void GroupLowering::pad_into(Value out, Dims outer, Dims low, Dims inner,
                             llvm::function_ref<Value(RegionBuilder&)> fill,
                             llvm::function_ref<Value(RegionBuilder&)> x) {
  size_t rank = outer.size();
  if (product(outer) * 4 <= target_.l2_bytes)
    fill_border(out, outer, outer, llvm::SmallVector<int64_t>(rank, 0), fill);
  else
    fill_border(out, outer, low, inner, fill);
  Access access = Access::identity(rank);
  for (size_t axis = 0; axis < rank; ++axis) access.axes[axis].back() = low[axis];
  RegionBuilder region = this->region(rank, {});
  region.write(x(region), out, access.flatten(outer, rank));
  make_map(region, inner);
}

mlir::LogicalResult GroupLowering::lower_pad(horn::PadOp op) {
  Value out = buffers_.out(op.getResult());
  Dims outer = group_.domain, inner = dims_of(op.getX());
  auto fill = [&](RegionBuilder& region) { return region.read(op.getValue(), Access{}); };
  if (plan_.inside.lookup(op.getX()) == op)
    fill_border(out, outer, op.getLow(), inner, fill);
  else
    pad_into(out, outer, op.getLow(), inner, fill,
             [&](RegionBuilder& region) { return region.read(op.getX(), Access::identity(outer.size())); });
  return mlir::success();
}

mlir::LogicalResult GroupLowering::lower_take_backward(horn::TakeBackwardOp op) {
  // normalize() left one axis at most before the taken one and one after it, and indices in a row.
  llvm::SmallVector<int64_t> domain(group_.domain);
  Access points = Access::identity(3);
  if (domain.size() == 2) {
    domain.insert(domain.begin(), 1);
    points.axes.erase(points.axes.begin());
  }
  RegionBuilder region = this->region(3, {register_type_of(op.getResult())});
  if (mlir::failed(finish(region, region.computed(0), points, 3))) return mlir::failure();
  RegionBuilder::Parts parts = region.take();
  Value sums = scratch_for_sums(op.getResult());
  auto kernel = hk::ScatterAddOp::create(
      b_, loc_, buffer_of(op.getIndices()), buffer_of(op.getDy()), sums, parts.extras, parts.outs, domain, parts.access,
      units(2 * product(domain) + 2 * product(dims_of(op.getDy()))), Dims{}, is_unsigned(op.getIndices()));
  kernel.getEpilogue().takeBody(*parts.region);
  return mlir::success();
}

mlir::LogicalResult lower_group(mlir::OpBuilder& builder, const Group& group, const Plan& plan, Buffers& buffers,
                                const Target& target) {
  if (is_control(group.root)) return lower_control(builder, group.root, plan, buffers, target);
  return GroupLowering(builder, group, plan, buffers, target).run();
}

}  // namespace hornbeam::passes
