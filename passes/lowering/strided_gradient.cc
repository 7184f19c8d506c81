// The gradient of a strided convolution by its input. Which positions of the kernel an element has met depends on its
// place modulo the strides alone, its phase: the gradients of one phase are a convolution, without strides, of the
// cotangents with those positions turned round. So no zeros stand between the cotangents.
#include "passes/lowering/group_lowering.h"
#include "passes/lowering/tile.h"

namespace hornbeam::passes {
namespace {

using mlir::Value;
using Dims = llvm::ArrayRef<int64_t>;
using List = llvm::SmallVector<int64_t>;

// One phase along one axis.
struct Phase {
  int64_t first, taps;  // positions of the kernel: first, first + stride, …
  int64_t count;        // elements of this phase
  int64_t start;        // the cotangent that the first element's last position stands for; < 0: before the first one
};

Phase phase_of(int64_t r, int64_t stride, int64_t low, int64_t window, int64_t extent) {
  Phase phase;
  int64_t shifted = r + low;
  phase.first = (shifted % stride + stride) % stride;
  phase.taps = phase.first < window ? (window - phase.first + stride - 1) / stride : 0;
  phase.count = r < extent ? (extent - r + stride - 1) / stride : 0;
  phase.start = (shifted - phase.first) / stride - phase.taps + 1;
  return phase;
}

// Calls visit with every choice of one phase per axis.
void for_each_choice(llvm::ArrayRef<llvm::SmallVector<Phase>> axes,
                     llvm::function_ref<void(llvm::ArrayRef<int64_t>)> visit) {
  List at(axes.size(), 0);
  while (true) {
    visit(at);
    size_t axis = axes.size();
    while (axis > 0 && ++at[axis - 1] == static_cast<int64_t>(axes[axis - 1].size())) at[--axis] = 0;
    if (axis == 0) return;
  }
}

}  // namespace

mlir::LogicalResult GroupLowering::lower_strided_conv_backward_data(horn::ConvBackwardDataOp op) {
  Dims in = group_.domain, cotangents = dims_of(op.getDy()), kernel = dims_of(op.getKernel()),
       strides = op.getStrides();
  size_t spatial = strides.size(), rank = in.size();
  int64_t groups = op.getGroups(), features = kernel.back() / groups, channels = kernel[spatial];
  mlir::Type type = mlir::getElementTypeOrSelf(op.getDy().getType());

  // The cotangents, with as many zeros round them as any phase reaches for.
  llvm::SmallVector<llvm::SmallVector<Phase>> phases(spatial);
  List low(rank, 0), padded(cotangents);
  for (size_t i = 0; i < spatial; ++i) {
    int64_t high = 0;
    for (int64_t r = 0; r < strides[i]; ++r) {
      Phase phase = phase_of(r, strides[i], op.getPadding()[2 * i], kernel[i], in[i + 1]);
      phases[i].push_back(phase);
      if (phase.taps == 0 || phase.count == 0) continue;
      low[i + 1] = std::max(low[i + 1], -phase.start);
      high = std::max(high, phase.start + phase.taps - 1 + phase.count - cotangents[i + 1]);
    }
    padded[i + 1] += low[i + 1] + high;
  }
  Value dy = buffer_of(op.getDy());
  if (Dims(padded) != cotangents) {
    Value wide = buffers_.scratch(register_type(type), product(padded));
    pad_into(
        wide, padded, low, cotangents,
        [&](RegionBuilder& region) -> Value {
          mlir::OpBuilder& b = region.builder();
          return mlir::arith::ConstantOp::create(b, loc_, b.getZeroAttr(register_type(type)));
        },
        [&](RegionBuilder& region) {
          return region.read_buffer(dy, Access::identity(rank).flatten(cotangents, rank), type);
        });
    dy = wide;
  }

  // A phase's positions of the kernel, turned round: [taps…, F / groups, C].
  auto turned = [&](llvm::ArrayRef<int64_t> at) {
    List shape, domain;
    for (size_t i = 0; i < spatial; ++i) shape.push_back(phases[i][at[i]].taps);
    domain = shape;
    shape.append({features, groups * channels});
    domain.append({features, groups, channels});
    Value buffer = buffers_.scratch(register_type(type), product(shape));
    size_t axes = domain.size();
    Linear from(axes + 1, 0);
    int64_t step = channels * groups * features;
    for (size_t i = spatial; i-- > 0; step *= kernel[i]) {
      const Phase& phase = phases[i][at[i]];
      from[i] = -strides[i] * step;
      from.back() += (phase.first + strides[i] * (phase.taps - 1)) * step;
    }
    from[spatial] = 1, from[spatial + 1] = features, from[spatial + 2] = groups * features;
    RegionBuilder region = this->region(axes, {});
    region.write(region.read_buffer(buffer_of(op.getKernel()), from, type), buffer,
                 Access::identity(axes).flatten(domain, axes));
    make_map(region, domain);
    return std::pair(buffer, shape);
  };

  mlir::LogicalResult done = mlir::success();
  for_each_choice(phases, [&](llvm::ArrayRef<int64_t> at) {
    FeatureAxes axes = split_features(groups, features);
    bool any = true, met = true;
    List start;
    for (size_t i = 0; i < spatial; ++i) {
      const Phase& phase = phases[i][at[i]];
      any &= phase.count > 0;
      met &= phase.taps > 0;
      axes.domain[i + 1] = phase.count;
      Linear& place = axes.points.axes[i + 1];
      place[i + 1] = strides[i];
      place.back() = at[i];
      start.push_back(phase.start + low[i + 1]);
    }
    if (!any || mlir::failed(done)) return;
    size_t points = axes.domain.size();
    if (!met) {  // no window saw these elements
      RegionBuilder region = this->region(points, {});
      mlir::Type of = register_type_of(op.getResult());
      Value zero = mlir::arith::ConstantOp::create(region.builder(), loc_, region.builder().getZeroAttr(of));
      done = finish(region, zero, axes.points, points);
      if (mlir::succeeded(done)) make_map(region, axes.domain);
      return;
    }
    auto [weights, shape] = turned(at);
    RegionBuilder region = this->region(points, {register_type_of(op.getResult())});
    done = finish(region, region.computed(0), axes.points, points);
    if (mlir::failed(done)) return;
    RegionBuilder::Parts parts = region.take();
    List ones(spatial, 1);
    auto conv = hk::ConvOp::create(b_, loc_, dy, weights, parts.extras, parts.outs, axes.domain, parts.access,
                                   units(2 * product(axes.domain) * product(Dims(shape).drop_back())),
                                   conv_tile(axes.domain[spatial], axes.lane_extent, target_), padded, shape, ones,
                                   ones, groups, axes.lanes_on_groups, b_.getDenseI64ArrayAttr(start));
    conv.getEpilogue().takeBody(*parts.region);
  });
  return done;
}

}  // namespace hornbeam::passes
