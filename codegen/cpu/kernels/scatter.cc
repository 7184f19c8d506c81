// hk.scatter_add: rows added at places. A thread has a block of columns of all places, or whole slices of the outer
// axis, so rows are added in their order by one thread alone.
#include "codegen/cpu/kernels/kernels.h"
#include "codegen/cpu/kernels/tile.h"

namespace hornbeam::codegen {

using mlir::Value;
namespace arith = mlir::arith;

void emit_scatter_add(Kernel& kernel, hk::ScatterAddOp op) {
  Emitter& e = kernel.e;
  int64_t outer = op.getDomain()[0], places = op.getDomain()[1], inner = op.getDomain()[2], lanes = kernel.lanes();
  Value indices = kernel.argument(op.getIndices()), rows = kernel.argument(op.getRows());
  Value sums = kernel.argument(op.getSums());
  auto type_of = [](Value buffer) { return llvm::cast<mlir::MemRefType>(buffer.getType()); };
  int64_t count = type_of(indices).getNumElements();
  mlir::Type element = type_of(rows).getElementType(), sum_type = type_of(sums).getElementType();
  auto lane_type = mlir::VectorType::get({lanes}, sum_type);

  auto place_of = [&](Value n) -> Value {
    Value index = e.load_scalar(indices, n);
    mlir::Type i64 = e.b.getI64Type();
    bool is_unsigned = op.getUnsignedIndices();
    if (index.getType().getIntOrFloatBitWidth() < 64)
      index = is_unsigned ? Value(arith::ExtUIOp::create(e.b, e.loc, i64, index))
                          : Value(arith::ExtSIOp::create(e.b, e.loc, i64, index));
    Value last = arith::ConstantOp::create(e.b, e.loc, e.b.getI64IntegerAttr(places - 1));
    if (is_unsigned) {
      index = arith::MinUIOp::create(e.b, e.loc, index, last);
    } else {
      index = arith::MaxSIOp::create(e.b, e.loc, index, e.zero(i64));
      index = arith::MinSIOp::create(e.b, e.loc, index, last);
    }
    return arith::IndexCastOp::create(e.b, e.loc, e.b.getIndexType(), index);
  };
  int64_t column_tiles = (inner + lanes - 1) / lanes;
  bool by_outer = kernel.thread && outer > column_tiles;
  Value none;
  auto [column_begin, column_end] = kernel.thread && !by_outer ? kernel.share(column_tiles) : std::pair(none, none);
  auto slice = [&, column_begin = column_begin, column_end = column_end](Value o) {
    auto columns = [&](llvm::function_ref<void(Value, Value)> visit) {
      over_tiles(e, inner, lanes, column_begin, column_end,
                 [&](Value column, int64_t count) { visit(column, e.mask(count, lanes)); });
    };
    auto at = [&](Value row, int64_t extent, Value column) {
      return e.add(e.mul(e.add(e.mul(o, extent), row), inner), column);
    };
    e.loop(0, places, 1, [&](Value place) {
      columns(
          [&](Value column, Value mask) { e.store_vector(e.zero(lane_type), sums, at(place, places, column), mask); });
    });
    e.loop(0, count, 1, [&](Value n) {
      Value place = place_of(n);
      columns([&](Value column, Value mask) {
        Value row = e.to_float(e.load_vector(rows, at(n, count, column), lanes, mask), sum_type);
        Value to = at(place, places, column);
        e.store_vector(arith::AddFOp::create(e.b, e.loc, e.load_vector(sums, to, lanes, mask), row), sums, to, mask);
      });
    });
    e.loop(0, places, 1, [&](Value place) {
      columns([&](Value column, Value mask) {
        Points points;
        points.index = {o, place, column};
        points.axis = 2;
        points.lanes = lanes;
        points.mask = mask;
        Value sum = e.load_vector(sums, at(place, places, column), lanes, mask);
        kernel.finish(op, e.to_float(sum, element), points);
      });
    });
  };
  if (by_outer) {
    auto [begin, end] = kernel.share(outer);
    return e.loop(begin, end, 1, slice);
  }
  e.loop(0, outer, 1, slice);
}

}  // namespace hornbeam::codegen
