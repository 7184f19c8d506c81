// A block has as many points along both axes as a vector has lanes: rows are loaded along the axis on which they are
// contiguous, turned by shuffles, and the epilogue runs on what are columns now. Gathers would touch as many lines of
// the cache for each vector as it has lanes.
#include "codegen/cpu/kernels/transposed.h"

#include "codegen/cpu/kernels/tile.h"

namespace hornbeam::codegen {
namespace {

using mlir::Value;

constexpr int64_t kLongestEpilogue = 12;  // ops that are written out once for each row of a block

llvm::ArrayRef<int64_t> access_of(hk::MapOp op, unsigned i) {
  return llvm::cast<mlir::DenseI64ArrayAttr>(op.getAccess()[i]).asArrayRef();
}

bool is_transposed(hk::MapOp op, unsigned extra, int64_t last, int64_t across) {
  mlir::BlockArgument parameter = op.getEpilogue().getArgument(extra);
  if (parameter.use_empty() || Emitter::is_table(parameter)) return false;
  llvm::ArrayRef<int64_t> factors = access_of(op, extra);
  return factors[across] == 1 && factors[last] != 0 && factors[last] != 1;
}

// vectors[i][j] → vectors[j][i], by halves, quarters, … of the block.
void turn(Emitter& e, llvm::SmallVectorImpl<Value>& vectors) {
  int64_t lanes = static_cast<int64_t>(vectors.size());
  for (int64_t half = lanes / 2; half > 0; half /= 2) {
    llvm::SmallVector<int64_t> low, high;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      low.push_back(lane & half ? lanes + lane - half : lane);
      high.push_back(lane & half ? lanes + lane : lane + half);
    }
    for (int64_t i = 0; i < lanes; ++i) {
      if (i & half) continue;
      Value a = vectors[i], b = vectors[i + half];
      vectors[i] = mlir::vector::ShuffleOp::create(e.b, e.loc, a, b, low);
      vectors[i + half] = mlir::vector::ShuffleOp::create(e.b, e.loc, a, b, high);
    }
  }
}

class TransposedMap {
 public:
  TransposedMap(Kernel& kernel, hk::MapOp op, Points points, int64_t last_extent, int64_t across, int64_t across_extent)
      : kernel_(kernel),
        e_(kernel.e),
        op_(op),
        points_(std::move(points)),
        last_(points_.axis),
        across_(across),
        last_extent_(last_extent),
        across_extent_(across_extent) {
    for (unsigned i = 0; i < op.getExtras().size(); ++i)
      if (is_transposed(op, i, last_, across)) transposed_.push_back(i);
  }

  // Blocks of the axis across, [begin, end) of them (null: all); along the last axis all.
  void blocks(Value begin, Value end) {
    over_tiles(e_, across_extent_, points_.lanes, begin, end, [&](Value row, int64_t rows) {
      over_tiles(e_, last_extent_, points_.lanes, {}, {},
                 [&](Value column, int64_t columns) { block(row, rows, column, columns); });
    });
  }
  Points& points() { return points_; }

 private:
  void block(Value row, int64_t rows, Value column, int64_t columns) {
    int64_t lanes = points_.lanes;
    llvm::SmallVector<llvm::SmallVector<Value>> turned;
    for (unsigned extra : transposed_) {
      Value buffer = kernel_.argument(op_.getExtras()[extra]);
      Value mask = e_.mask(rows, lanes);
      auto type = mlir::VectorType::get({lanes}, llvm::cast<mlir::MemRefType>(buffer.getType()).getElementType());
      llvm::SmallVector<Value>& vectors = turned.emplace_back();
      for (int64_t i = 0; i < lanes; ++i) {
        if (i >= columns) {
          vectors.push_back(e_.zero(type));
          continue;
        }
        Points at = points_;
        at.index[across_] = row;
        at.index[last_] = e_.add(column, i);
        vectors.push_back(e_.load_vector(buffer, e_.position(at, access_of(op_, extra)), lanes, mask));
      }
      turn(e_, vectors);
      if (op_.getEpilogue().getArgument(extra).getType().isInteger(1))
        for (Value& vector : vectors)
          vector = mlir::arith::CmpIOp::create(e_.b, e_.loc, mlir::arith::CmpIPredicate::ne, vector, e_.zero(type));
    }
    points_.index[last_] = column;
    points_.mask = e_.mask(columns, lanes);
    for (int64_t i = 0; i < rows; ++i) {
      points_.index[across_] = e_.add(row, i);
      llvm::SmallVector<Value> loaded(op_.getExtras().size());
      for (auto [extra, vectors] : llvm::zip(transposed_, turned)) loaded[extra] = vectors[i];
      kernel_.finish(op_, {}, points_, loaded);
    }
  }

  Kernel& kernel_;
  Emitter& e_;
  hk::MapOp op_;
  Points points_;
  int64_t last_, across_, last_extent_, across_extent_;
  llvm::SmallVector<unsigned> transposed_;
};

}  // namespace

std::optional<int64_t> axis_across(hk::MapOp op, int64_t last, llvm::ArrayRef<llvm::SmallVector<int64_t>> groups) {
  mlir::Block& epilogue = op.getEpilogue().front();
  if (std::distance(epilogue.begin(), epilogue.end()) > kLongestEpilogue) return std::nullopt;
  for (const llvm::SmallVector<int64_t>& group : groups)
    for (unsigned i = 0; i < op.getExtras().size(); ++i)
      if (is_transposed(op, i, last, group.back())) return group.back();
  return std::nullopt;
}

// Threads share the first axis, or, where the axis across is the only other one, its blocks.
void emit_transposed_map(Kernel& kernel, hk::MapOp op, Points points, llvm::ArrayRef<std::pair<int64_t, int64_t>> outer,
                         int64_t extent, int64_t across) {
  Emitter& e = kernel.e;
  int64_t across_extent = 1, lanes = points.lanes;
  llvm::SmallVector<std::pair<int64_t, int64_t>> others;
  for (auto [axis, n] : outer) {
    if (axis == across)
      across_extent = n;
    else
      others.push_back({axis, n});
  }
  TransposedMap map(kernel, op, std::move(points), extent, across, across_extent);
  if (others.empty()) {
    if (!kernel.thread) return map.blocks({}, {});
    auto [begin, end] = kernel.share((across_extent + lanes - 1) / lanes);
    return map.blocks(begin, end);
  }
  auto [begin, end] = kernel.share(others[0].second);
  llvm::SmallVector<int64_t> inner;
  for (auto [axis, n] : llvm::ArrayRef(others).drop_front()) inner.push_back(n);
  e.loop(begin, end, 1, [&](Value first) {
    map.points().index[others[0].first] = first;
    e.nest(inner, [&](llvm::ArrayRef<Value> at) {
      for (auto [other, index] : llvm::zip(llvm::ArrayRef(others).drop_front(), at))
        map.points().index[other.first] = index;
      map.blocks({}, {});
    });
  });
}

}  // namespace hornbeam::codegen
