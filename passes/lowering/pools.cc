// Pools and their gradients as maps: a window's elements are reads of one point, so nothing is kept between points.
#include "passes/lowering/group_lowering.h"

namespace hornbeam::passes {
namespace {

using mlir::Value;
using Dims = llvm::ArrayRef<int64_t>;

// Positions of a window, as offsets per spatial axis.
std::vector<llvm::SmallVector<int64_t>> positions(Dims window) {
  std::vector<llvm::SmallVector<int64_t>> all{{}};
  for (int64_t extent : window) {
    std::vector<llvm::SmallVector<int64_t>> longer;
    for (auto& prefix : all)
      for (int64_t i = 0; i < extent; ++i) {
        longer.push_back(prefix);
        longer.back().push_back(i);
      }
    all = std::move(longer);
  }
  return all;
}
// From the points of the pooled array to the element of the window at `offset`.
Access window_access(size_t rank, Dims strides, Dims offset) {
  Access access = Access::identity(rank);
  for (size_t i = 0; i < strides.size(); ++i) {
    access.axes[i + 1][i + 1] = strides[i];
    access.axes[i + 1].back() = offset[i];
  }
  return access;
}

}  // namespace

GroupLowering::Best GroupLowering::find_best(RegionBuilder& region, Value x, Dims window, Dims strides,
                                             bool with_flags) {
  namespace arith = mlir::arith;
  mlir::OpBuilder& rb = region.builder();
  size_t rank = dims_of(x).size();
  bool is_float = llvm::isa<mlir::FloatType>(register_type_of(x));
  llvm::SmallVector<Value> elements;
  Best best;
  for (auto& offset : positions(window)) {
    Value element = region.read(x, window_access(rank, strides, offset));
    elements.push_back(element);
    if (!best.value)
      best.value = element;
    else if (is_float)
      best.value = arith::MaximumFOp::create(rb, loc_, best.value, element);
    else if (is_unsigned(x))
      best.value = arith::MaxUIOp::create(rb, loc_, best.value, element);
    else
      best.value = arith::MaxSIOp::create(rb, loc_, best.value, element);
  }
  if (!with_flags) return best;
  Value found = arith::ConstantOp::create(rb, loc_, rb.getBoolAttr(false));
  Value yes = arith::ConstantOp::create(rb, loc_, rb.getBoolAttr(true));
  for (Value element : elements) {
    // The first maximum, or the first NaN where there is one (the maximum is NaN then).
    Value equal;
    if (is_float) {
      Value same = arith::CmpFOp::create(rb, loc_, arith::CmpFPredicate::OEQ, element, best.value);
      Value nan = arith::CmpFOp::create(rb, loc_, arith::CmpFPredicate::UNO, element, element);
      equal = arith::OrIOp::create(rb, loc_, same, nan);
    } else {
      equal = arith::CmpIOp::create(rb, loc_, arith::CmpIPredicate::eq, element, best.value);
    }
    best.chosen.push_back(arith::AndIOp::create(rb, loc_, equal, arith::XOrIOp::create(rb, loc_, found, yes)));
    found = arith::OrIOp::create(rb, loc_, found, equal);
  }
  return best;
}

mlir::LogicalResult GroupLowering::lower_pool(Value x, Value g, Dims window, Dims strides, Pool kind) {
  namespace arith = mlir::arith;
  size_t rank = group_.domain.size();
  RegionBuilder region = this->region(rank, {});
  mlir::OpBuilder& rb = region.builder();
  Value result;
  if (kind == Pool::mean) {
    for (auto& offset : positions(window)) {
      Value element = region.read(x, window_access(rank, strides, offset));
      result = result ? Value(arith::AddFOp::create(rb, loc_, result, element)) : element;
    }
    Value count =
        arith::ConstantOp::create(rb, loc_, rb.getFloatAttr(register_type_of(x), static_cast<double>(product(window))));
    result = arith::DivFOp::create(rb, loc_, result, count);
  } else {
    Best best = find_best(region, x, window, strides, kind == Pool::gather);
    result = best.value;
    if (kind == Pool::gather) {
      result = Value();
      for (auto [offset, chosen] : llvm::zip(positions(window), best.chosen)) {
        Value element = region.read(g, window_access(rank, strides, offset));
        result = result ? Value(arith::SelectOp::create(rb, loc_, chosen, element, result)) : element;
      }
    }
  }
  if (mlir::failed(finish(region, result, Access::identity(rank), rank))) return mlir::failure();
  make_map(region, group_.domain);
  return mlir::success();
}

// What position number `i` of a window gets of the window's cotangent.
Value GroupLowering::share_of(RegionBuilder& region, const Best& best, Value dy, size_t i, int64_t window_size,
                              mlir::Type type) {
  namespace arith = mlir::arith;
  mlir::OpBuilder& rb = region.builder();
  if (best.value) {
    Value zero = arith::ConstantOp::create(rb, loc_, rb.getZeroAttr(type));
    return arith::SelectOp::create(rb, loc_, best.chosen[i], dy, zero);
  }
  Value count = arith::ConstantOp::create(rb, loc_, rb.getFloatAttr(type, static_cast<double>(window_size)));
  return arith::DivFOp::create(rb, loc_, dy, count);
}

// x: the pooled array of a max pool, null for a mean.
mlir::LogicalResult GroupLowering::lower_pool_grad(Value x, Value dy, Dims window, Dims strides) {
  size_t rank = group_.domain.size();
  Dims pooled = dims_of(dy);
  mlir::Type type = register_type_of(dy);
  bool overlap = false;
  for (size_t i = 0; i < window.size(); ++i) overlap |= strides[i] < window[i];
  if (overlap) return lower_overlapping_pool_grad(x, dy, window, strides);
  auto all = positions(window);
  RegionBuilder region = this->region(rank, {});
  Best best = x ? find_best(region, x, window, strides, true) : Best{};
  Value cotangent = region.read(dy, Access::identity(rank));
  for (size_t i = 0; i < all.size(); ++i) {
    region.forget();
    if (mlir::failed(finish(region, share_of(region, best, cotangent, i, static_cast<int64_t>(all.size()), type),
                            window_access(rank, strides, all[i]), rank)))
      return mlir::failure();
  }
  make_map(region, pooled);
  return lower_uncovered(pooled, window, strides, type);
}

// Elements that no window covers get a zero cotangent: per axis, residues beyond the window and what lies past the end.
mlir::LogicalResult GroupLowering::lower_uncovered(Dims pooled, Dims window, Dims strides, mlir::Type type) {
  size_t rank = group_.domain.size();
  auto zero_at = [&](Dims domain, const Access& access) -> mlir::LogicalResult {
    if (product(domain) == 0) return mlir::success();
    RegionBuilder region = this->region(rank, {});
    Value zero = mlir::arith::ConstantOp::create(region.builder(), loc_, region.builder().getZeroAttr(type));
    if (mlir::failed(finish(region, zero, access, rank))) return mlir::failure();
    make_map(region, domain);
    return mlir::success();
  };
  // Axis by axis: axes before it only where covered, axes after it everywhere.
  for (size_t axis = 1; axis + 1 < rank; ++axis) {
    size_t s = axis - 1;
    for (bool past_end : {false, true}) {
      llvm::SmallVector<int64_t> domain(group_.domain);
      std::vector<llvm::SmallVector<int64_t>> residues{{}};
      Access access = Access::identity(rank);
      int64_t covered = pooled[axis] * strides[s];
      int64_t gap = past_end ? std::max<int64_t>(group_.domain[axis] - covered, 0) : strides[s] - window[s];
      if (gap == 0) continue;
      for (size_t before = 1; before < axis; ++before) {
        domain[before] = pooled[before];
        access.axes[before][before] = strides[before - 1];
        std::vector<llvm::SmallVector<int64_t>> longer;
        for (auto& prefix : residues)
          for (int64_t r = 0; r < window[before - 1]; ++r) longer.push_back(prefix), longer.back().push_back(r);
        residues = std::move(longer);
      }
      for (auto& residue : residues) {
        for (size_t before = 1; before < axis; ++before) access.axes[before].back() = residue[before - 1];
        if (past_end) {
          domain[axis] = gap;
          access.axes[axis].back() = covered;
          if (mlir::failed(zero_at(domain, access))) return mlir::failure();
          continue;
        }
        for (int64_t r = window[s]; r < strides[s]; ++r) {  // the last window's gap may reach past the end
          int64_t count = 0;
          while (count < pooled[axis] && count * strides[s] + r < group_.domain[axis]) ++count;
          domain[axis] = count;
          access.axes[axis][axis] = strides[s];
          access.axes[axis].back() = r;
          if (mlir::failed(zero_at(domain, access))) return mlir::failure();
        }
      }
    }
  }
  return mlir::success();
}

// Windows that overlap: position after position is added to zeros, each a pass of its own without two points in one
// place.
mlir::LogicalResult GroupLowering::lower_overlapping_pool_grad(Value x, Value dy, Dims window, Dims strides) {
  size_t rank = group_.domain.size();
  mlir::Type type = register_type_of(dy);
  Value sums = buffers_.scratch(type, product(group_.domain));
  Access identity = Access::identity(rank);
  {
    RegionBuilder region = this->region(rank, {});
    Value zero = mlir::arith::ConstantOp::create(region.builder(), loc_, region.builder().getZeroAttr(type));
    region.write(zero, sums, identity.flatten(group_.domain, rank));
    make_map(region, group_.domain);
  }
  auto all = positions(window);
  for (size_t i = 0; i < all.size(); ++i) {
    RegionBuilder region = this->region(rank, {});
    Best best = x ? find_best(region, x, window, strides, true) : Best{};
    Value share = share_of(region, best, region.read(dy, identity), i, static_cast<int64_t>(all.size()), type);
    Linear at = window_access(rank, strides, all[i]).flatten(group_.domain, rank);
    region.expect_out(sums, at);
    Value sum = mlir::arith::AddFOp::create(region.builder(), loc_, region.read_buffer(sums, at, type), share);
    region.write(sum, sums, at);
    make_map(region, dims_of(dy));
  }
  RegionBuilder region = this->region(rank, {});
  Value total = region.read_buffer(sums, identity.flatten(group_.domain, rank), type);
  if (mlir::failed(finish(region, total, identity, rank))) return mlir::failure();
  make_map(region, group_.domain);
  return mlir::success();
}

}  // namespace hornbeam::passes
