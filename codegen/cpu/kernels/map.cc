// hk.map: the epilogue at every point. Axes that all buffers walk through alike are merged, the last one is vectorized.
// Extras that are contiguous along another axis (transposes) are read in square blocks that are turned in registers.
#include "codegen/cpu/kernels/kernels.h"
#include "codegen/cpu/kernels/transposed.h"

#include "codegen/cpu/kernels/axes.h"

namespace hornbeam::codegen {

using mlir::Value;

void emit_map(Kernel& kernel, hk::MapOp op) {
  Emitter& e = kernel.e;
  Axes axes(op.getDomain());
  for (mlir::Attribute one : op.getAccess()) axes.watch(llvm::cast<mlir::DenseI64ArrayAttr>(one).asArrayRef());
  op.getEpilogue().walk([&](hk::PositionOp it) { axes.watch(it.getFactors()); });
  op.getEpilogue().walk([&](hk::ElementOp it) { axes.watch(it.getFactors()); });
  llvm::SmallVector<llvm::SmallVector<int64_t>> groups = axes.merge();

  // A merged group's index sits on its last axis; the others stay 0, as their factors are multiples of the last one's.
  size_t rank = op.getDomain().size();
  Points points;
  points.index.assign(rank, e.index(0));
  if (groups.empty()) return kernel.finish(op, {}, points);

  llvm::SmallVector<int64_t> extents;
  for (auto& group : groups) extents.push_back(axes.extent(group));
  int64_t last = extents.pop_back_val();
  int last_axis = static_cast<int>(groups.back().back());
  int64_t lanes = kernel.lanes();

  points.axis = last_axis;
  points.lanes = lanes;
  if (std::optional<int64_t> across = axis_across(op, last_axis, llvm::ArrayRef(groups).drop_back())) {
    llvm::SmallVector<std::pair<int64_t, int64_t>> outer;  // axis, extent
    for (auto [group, extent] : llvm::zip(groups, extents)) outer.push_back({group.back(), extent});
    return emit_transposed_map(kernel, op, points, outer, last, *across);
  }
  auto row = [&](Value first_vector, Value end_vector) {  // vectors of the last axis
    int64_t full = last / lanes, rest = last % lanes;
    auto at_vector = [&](Value position, int64_t active) {
      points.index[last_axis] = position;
      points.mask = e.mask(active, lanes);
      kernel.finish(op, {}, points);
    };
    if (full) {
      Value stop = first_vector ? e.minimum(end_vector, e.index(full)) : e.index(full);
      Value start = first_vector ? first_vector : e.index(0);
      if (full == 1 && !first_vector)
        at_vector(e.index(0), lanes);
      else
        e.loop(start, stop, 1, [&](Value v) { at_vector(e.mul(v, lanes), lanes); });
    }
    if (rest) {
      auto tail = [&] { at_vector(e.index(full * lanes), rest); };
      if (first_vector && kernel.thread)
        e.when(mlir::arith::CmpIOp::create(e.b, e.loc, mlir::arith::CmpIPredicate::eq, end_vector, e.index(full + 1)),
               tail);
      else
        tail();
    }
  };
  if (extents.empty()) {
    if (!kernel.thread) return row({}, {});
    auto [begin, end] = kernel.share((last + lanes - 1) / lanes);
    return row(begin, end);
  }
  auto [begin, end] = kernel.share(extents[0]);
  e.loop(begin, end, 1, [&](Value first) {
    points.index[groups[0].back()] = first;
    e.nest(llvm::ArrayRef(extents).drop_front(), [&](llvm::ArrayRef<Value> at) {
      for (auto [group, index] : llvm::zip(llvm::ArrayRef(groups).drop_front(), at)) points.index[group.back()] = index;
      row({}, {});
    });
  });
}

}  // namespace hornbeam::codegen
