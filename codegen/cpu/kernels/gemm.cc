// hk.gemm: register tiles over (m, n), the whole depth in one go, the epilogue on the accumulators. The tile attribute
// gives rows and vectors. Columns run outside, so that a panel of rhs stays in the cache while the rows pass; where rhs
// stays there as a whole and the result does not, rows do, so that the epilogue goes through memory in its order; a
// long one, which reads and writes more, goes along whole rows once their sums are there.
#include "codegen/cpu/kernels/kernels.h"
#include "codegen/cpu/kernels/tile.h"

namespace hornbeam::codegen {

using mlir::Value;

constexpr int64_t kMostOnStack = 64 << 10;  // bytes

void emit_gemm(Kernel& kernel, hk::GemmOp op) {
  Emitter& e = kernel.e;
  int64_t batch = op.getDomain()[0], m = op.getDomain()[1], n = op.getDomain()[2], depth = op.getDepth();
  // Of (batch, a tile's first row, depth), and of the rows in a tile where that is another; of (batch, depth, a tile's
  // first column).
  llvm::ArrayRef<int64_t> lhs_strides = op.getLhsStrides(), rhs_strides = op.getRhsStrides();
  int64_t row_stride = lhs_strides.size() > 3 ? lhs_strides[3] : lhs_strides[1];
  Value lhs = kernel.argument(op.getLhs()), rhs = kernel.argument(op.getRhs());
  mlir::Type element = llvm::cast<mlir::MemRefType>(lhs.getType()).getElementType();
  int64_t tile_rows = op.getTile()[0], tile_vectors = op.getTile()[1];
  int64_t lanes = kernel.lanes();

  using Place = llvm::function_ref<void(const Tile&, mlir::ValueRange)>;
  auto tile_at = [&](Value b, Value i, int64_t rows, Value j, int64_t columns, Place place) {
    Tile tile{rows, (columns + lanes - 1) / lanes, lanes, columns % lanes};
    auto lhs_at = [&](Value k, int64_t r) {
      Value at = e.add(e.add(e.mul(b, lhs_strides[0]), e.mul(i, lhs_strides[1])), e.mul(k, lhs_strides[2]));
      return e.add(at, r * row_stride);
    };
    auto rhs_at = [&](Value k, int64_t v) {
      Value at = e.add(e.add(e.mul(b, rhs_strides[0]), e.mul(k, rhs_strides[1])), e.mul(j, rhs_strides[2]));
      return e.add(at, v * lanes);
    };
    Emitter::Carried sums =
        e.loop(e.index(0), e.index(depth), 1, zeros(e, tile, element), [&](Value k, mlir::ValueRange now) {
          return multiply_add(
              e, tile, now, [&](int64_t r) { return e.load_scalar(lhs, lhs_at(k, r)); },
              [&](int64_t v) { return e.load_vector(rhs, rhs_at(k, v), lanes, tile_mask(e, tile, v)); });
        });
    place(tile, sums);
  };
  auto points_at = [&](Value b, Value row, Value column, Value mask) {
    Points points;
    points.index = {b, row, column};
    points.axis = 2;
    points.lanes = lanes;
    points.mask = mask;
    return points;
  };
  auto finished_tile_at = [&](Value b, Value i, int64_t rows, Value j, int64_t columns) {
    tile_at(b, i, rows, j, columns, [&](const Tile& tile, mlir::ValueRange sums) {
      finish_tile(kernel, op, tile, sums, element, [&](Value r, int64_t v) {
        return points_at(b, e.add(i, r), e.add(j, v * lanes), tile_mask(e, tile, v));
      });
    });
  };

  int64_t column_tiles = (n + tile_vectors * lanes - 1) / (tile_vectors * lanes);
  int64_t row_tiles = (m + tile_rows - 1) / tile_rows;
  int64_t row_room = column_tiles * tile_vectors * lanes;  // of a row of sums, whole tiles
  int64_t bytes = element.getIntOrFloatBitWidth() / 8, touched = op.getExtras().size() + op.getOuts().size();
  bool rows_outside =
      depth * n * bytes <= kernel.target.l2_bytes / 2 && m * n * bytes * touched > kernel.target.l2_bytes;
  // Threads share batches where there are many, else the dimension that has more tiles.
  Value none;
  bool by_batch = kernel.thread && batch >= 8;
  bool by_rows = kernel.thread && !by_batch && row_tiles > column_tiles;
  bool by_columns = kernel.thread && !by_batch && !by_rows;
  auto matrix = [&](Value b) {
    auto [column_begin, column_end] = by_columns ? kernel.share(column_tiles) : std::pair(none, none);
    auto [row_begin, row_end] = by_rows ? kernel.share(row_tiles) : std::pair(none, none);
    auto over_columns = [&, begin = column_begin, end = column_end](llvm::function_ref<void(Value, int64_t)> body) {
      over_tiles(e, n, tile_vectors * lanes, begin, end, body);
    };
    auto over_rows = [&, begin = row_begin, end = row_end](llvm::function_ref<void(Value, int64_t)> body) {
      over_tiles(e, m, tile_rows, begin, end, body);
    };
    // The sums of whole rows wait on the stack; then the epilogue goes through memory along the rows.
    auto finished_rows_at = [&](Value i, int64_t rows) {
      mlir::Type sum_type = Emitter::sum_type(element);
      Value held = stack(e, sum_type, rows * row_room);
      over_columns([&](Value j, int64_t columns) {
        tile_at(b, i, rows, j, columns, [&](const Tile& tile, mlir::ValueRange sums) {
          for (int64_t r = 0; r < rows; ++r)
            for (int64_t v = 0; v < tile.vectors; ++v)
              e.store_vector(sums[r * tile.vectors + v], held, e.add(j, r * row_room + v * lanes));
        });
      });
      e.loop(0, rows, 1, [&](Value r) {
        over_columns([&](Value j, int64_t columns) {
          Tile tile{1, (columns + lanes - 1) / lanes, lanes, columns % lanes};
          for (int64_t v = 0; v < tile.vectors; ++v) {
            Value column = e.add(j, v * lanes);
            Value sum = e.load_vector(held, e.add(e.mul(r, row_room), column), lanes);
            kernel.finish(op, e.to_float(sum, element), points_at(b, e.add(i, r), column, tile_mask(e, tile, v)));
          }
        });
      });
    };
    if (rows_outside && has_long_epilogue(op) && tile_rows * row_room * 4 <= kMostOnStack)
      over_rows(finished_rows_at);
    else if (rows_outside)
      over_rows([&](Value i, int64_t rows) {
        over_columns([&](Value j, int64_t columns) { finished_tile_at(b, i, rows, j, columns); });
      });
    else
      over_columns([&](Value j, int64_t columns) {
        over_rows([&](Value i, int64_t rows) { finished_tile_at(b, i, rows, j, columns); });
      });
  };
  if (by_batch) {
    auto [begin, end] = kernel.share(batch);
    return e.loop(begin, end, 1, matrix);
  }
  e.loop(0, batch, 1, matrix);
}

}  // namespace hornbeam::codegen
