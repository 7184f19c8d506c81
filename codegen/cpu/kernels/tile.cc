#include "codegen/cpu/kernels/tile.h"

namespace hornbeam::codegen {

using mlir::Value;
namespace arith = mlir::arith;

Emitter::Carried zeros(Emitter& e, const Tile& tile, mlir::Type element) {
  return Emitter::Carried(tile.size(), e.zero(mlir::VectorType::get({tile.lanes}, Emitter::sum_type(element))));
}

Value tile_mask(Emitter& e, const Tile& tile, int64_t v) {
  return v == tile.vectors - 1 && tile.rest ? e.mask(tile.rest, tile.lanes) : Value();
}

Emitter::Carried multiply_add(Emitter& e, const Tile& tile, mlir::ValueRange accumulators,
                              llvm::function_ref<Value(int64_t)> scalar, llvm::function_ref<Value(int64_t)> vector) {
  Emitter::Carried columns, next;
  mlir::Type type = mlir::getElementTypeOrSelf(accumulators[0].getType());
  auto widened = [&](Value value) { return llvm::isa<mlir::FloatType>(type) ? e.to_float(value, type) : value; };
  for (int64_t v = 0; v < tile.vectors; ++v) columns.push_back(widened(vector(v)));
  for (int64_t r = 0; r < tile.rows; ++r) {
    Value row = e.splat(widened(scalar(r)), tile.lanes);
    for (int64_t v = 0; v < tile.vectors; ++v) {
      Value sum = accumulators[r * tile.vectors + v];
      if (llvm::isa<mlir::FloatType>(type))
        next.push_back(mlir::vector::FMAOp::create(e.b, e.loc, row, columns[v], sum));
      else
        next.push_back(arith::AddIOp::create(e.b, e.loc, sum, arith::MulIOp::create(e.b, e.loc, row, columns[v])));
    }
  }
  return next;
}

namespace {

constexpr int64_t kShortEpilogue = 10;  // ops

}  // namespace

Value stack(Emitter& e, mlir::Type element, int64_t n) {
  mlir::OpBuilder::InsertionGuard guard(e.b);
  mlir::Operation* around = e.b.getInsertionBlock()->getParentOp();
  auto function = llvm::dyn_cast<mlir::func::FuncOp>(around);
  if (!function) function = around->getParentOfType<mlir::func::FuncOp>();
  e.b.setInsertionPointToStart(&function.front());
  return mlir::memref::AllocaOp::create(e.b, e.loc, mlir::MemRefType::get({n}, element), e.b.getI64IntegerAttr(64));
}

bool has_long_epilogue(hk::KernelOpInterface op) {
  mlir::Block& epilogue = op.epilogue_region().front();
  return std::distance(epilogue.begin(), epilogue.end()) > kShortEpilogue;
}

void finish_tile(Kernel& kernel, hk::KernelOpInterface op, const Tile& tile, mlir::ValueRange sums, mlir::Type element,
                 llvm::function_ref<Points(Value, int64_t)> points_at) {
  Emitter& e = kernel.e;
  if (tile.rows == 1 || !has_long_epilogue(op)) {
    for (int64_t r = 0; r < tile.rows; ++r)
      for (int64_t v = 0; v < tile.vectors; ++v)
        kernel.finish(op, e.to_float(sums[r * tile.vectors + v], element), points_at(e.index(r), v));
    return;
  }
  Value held = stack(e, mlir::getElementTypeOrSelf(sums[0].getType()), tile.size() * tile.lanes);
  for (auto [i, sum] : llvm::enumerate(sums)) e.store_vector(sum, held, e.index(i * tile.lanes));
  e.loop(0, tile.rows, 1, [&](Value r) {
    for (int64_t v = 0; v < tile.vectors; ++v) {
      Value sum = e.load_vector(held, e.add(e.mul(r, tile.vectors * tile.lanes), v * tile.lanes), tile.lanes);
      kernel.finish(op, e.to_float(sum, element), points_at(r, v));
    }
  });
}

void over_tiles(Emitter& e, int64_t n, int64_t size, Value begin, Value end,
                llvm::function_ref<void(Value, int64_t)> body) {
  int64_t full = n / size, rest = n % size;
  if (!begin) {
    e.loop(0, full * size, size, [&](Value at) { body(at, size); });
    if (rest) body(e.index(full * size), rest);
    return;
  }
  if (full) e.loop(begin, e.minimum(end, e.index(full)), 1, [&](Value tile) { body(e.mul(tile, size), size); });
  if (rest)
    e.when(arith::CmpIOp::create(e.b, e.loc, arith::CmpIPredicate::eq, end, e.index(full + 1)),
           [&] { body(e.index(full * size), rest); });
}

}  // namespace hornbeam::codegen
