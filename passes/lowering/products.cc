// Matrix products: which layout the operands are read in. A kernel walks through a panel of rhs (the columns of a tile)
// and the rows of a tile of lhs, depth by depth. Where these lie badly in memory, they are packed first: each panel, or
// each tile's rows, in one piece, in the order in which they are read.
#include <numeric>

#include "passes/lowering/group_lowering.h"
#include "passes/lowering/tile.h"

namespace hornbeam::passes {
namespace {

constexpr int64_t kWays = 8;          // of the caches that we assume
constexpr int64_t kPage = 4096;       // rows that are a multiple of this apart share a set of the first cache
constexpr int64_t kRowsPerPack = 96;  // rows that must use a packed panel for it to pay
constexpr int64_t kPanelsPerPack = 4;

// Whether `rows` stretches of memory that lie `stride` bytes apart put each other out of the second cache.
bool clash(int64_t rows, int64_t stride, const Target& target) {
  int64_t way = std::max<int64_t>(target.l2_bytes / kWays, 1);
  return 2 * rows > kWays * (way / std::gcd(stride, way));
}

}  // namespace

// Copies [batch, groups of `width`, depth, width] out of a matrix whose strides are those of (batch, along, depth),
// where along is the axis that is cut into groups. Gives the packed buffer: groups stand behind each other.
mlir::Value GroupLowering::pack(Value buffer, mlir::Type element, Dims strides, int64_t batch, int64_t along,
                                int64_t depth, int64_t width) {
  int64_t full = along / width, rest = along % width, groups = full + (rest ? 1 : 0);
  int64_t whole = groups * depth * width;
  Value packed = buffers_.scratch(register_type(element), batch * whole);
  auto copy = [&](int64_t first, int64_t count, int64_t columns) {
    if (count == 0 || columns == 0) return;
    RegionBuilder region = this->region(4, {});
    Linear from{strides[0], width * strides[1], strides[2], strides[1], first * width * strides[1]};
    Linear to{whole, depth * width, width, 1, first * depth * width};
    region.write(region.read_buffer(buffer, from, element), packed, to);
    make_map(region, {batch, count, depth, columns});
  };
  copy(0, full, width);
  copy(full, 1, rest);
  return packed;
}

mlir::LogicalResult GroupLowering::lower_dot(horn::DotOp op) {
  // normalize() left dots of one batch axis at most, one free and one contracted axis a side.
  int64_t batched = op.getLhsBatch().size();
  Dims lhs = dims_of(op.getLhs()), rhs = dims_of(op.getRhs());
  int64_t lhs_k = op.getLhsContract()[0], rhs_k = op.getRhsContract()[0];
  int64_t lhs_m = batched + (lhs_k == batched ? 1 : 0), rhs_n = batched + (rhs_k == batched ? 1 : 0);
  auto stride = [](Dims dims, int64_t axis) { return product(dims.drop_front(axis + 1)); };
  Product factors;
  factors.batch = batched ? lhs[0] : 1, factors.m = lhs[lhs_m], factors.n = rhs[rhs_n], factors.depth = lhs[lhs_k];
  factors.lhs = buffer_of(op.getLhs()), factors.rhs = buffer_of(op.getRhs());
  factors.lhs_strides = {batched ? stride(lhs, 0) : 0, stride(lhs, lhs_m), stride(lhs, lhs_k)};
  factors.rhs_strides = {batched ? stride(rhs, 0) : 0, stride(rhs, rhs_k), stride(rhs, rhs_n)};
  Access points = Access::identity(3);
  if (!batched) points.axes.erase(points.axes.begin());
  pack_operands(factors);
  RegionBuilder region = this->region(3, {register_type_of(op.getResult())});
  if (mlir::failed(finish(region, region.computed(0), points, 3))) return mlir::failure();
  make_product(factors, region.take());
  return mlir::success();
}

// Packs the operands that lie badly.
void GroupLowering::pack_operands(Product& product) {
  auto type_of = [](Value buffer) { return llvm::cast<mlir::MemRefType>(buffer.getType()).getElementType(); };
  auto bytes = [&](int64_t count, Value buffer) { return count * type_of(buffer).getIntOrFloatBitWidth() / 8; };
  auto& [lhs, rhs, lhs_strides, rhs_strides, batch, m, n, depth] = product;
  llvm::SmallVector<int64_t> tile = gemm_tile(m, n, target_);
  int64_t tile_rows = tile[0], tile_columns = tile[1] * target_.vector_bytes / 4;
  // Vectors lie along n, so a rhs with another order is turned in any case.
  if (rhs_strides[2] != 1 || (m >= kRowsPerPack && n > tile_columns && clash(depth, bytes(n, rhs), target_))) {
    rhs = pack(rhs, type_of(rhs), {rhs_strides[0], rhs_strides[2], rhs_strides[1]}, batch, n, depth, tile_columns);
    rhs_strides = {(n + tile_columns - 1) / tile_columns * tile_columns * depth, tile_columns, depth};
  }
  // A tile's rows that fall into the same set of the first cache put each other out of it.
  if (lhs_strides[2] == 1 && tile_rows > kWays && bytes(lhs_strides[1], lhs) % kPage == 0 &&
      n >= kPanelsPerPack * tile_columns) {
    lhs = pack(lhs, type_of(lhs), lhs_strides, batch, m, depth, tile_rows);
    lhs_strides = {(m + tile_rows - 1) / tile_rows * tile_rows * depth, depth, tile_rows, 1};
  }
}

void GroupLowering::make_product(const Product& of, RegionBuilder::Parts parts) {
  llvm::SmallVector<int64_t> domain{of.batch, of.m, of.n};
  auto kernel = hk::GemmOp::create(b_, loc_, of.lhs, of.rhs, parts.extras, parts.outs, domain, parts.access,
                                   units(2 * product(domain) * of.depth), gemm_tile(of.m, of.n, target_),
                                   of.lhs_strides, of.rhs_strides, of.depth);
  kernel.getEpilogue().takeBody(*parts.region);
}

}  // namespace hornbeam::passes
