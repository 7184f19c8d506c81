// Each kind of group as hk ops: what its root reads, how its points are numbered, what the epilogue gets.
#include "passes/lowering/kernels.h"

#include "llvm/ADT/TypeSwitch.h"

#include "passes/lowering/control.h"
#include "passes/lowering/region.h"
#include "passes/lowering/tile.h"

namespace hornbeam::passes {
namespace {

using mlir::Value;
using Dims = llvm::ArrayRef<int64_t>;

class GroupLowering {
 public:
  GroupLowering(mlir::OpBuilder& builder, const Group& group, const Plan& plan, Buffers& buffers, const Target& target)
      : b_(builder),
        group_(group),
        plan_(plan),
        buffers_(buffers),
        target_(target),
        loc_(group.root      ? group.root->getLoc()
             : group.copy_of ? group.copy_of.getLoc()
                             : group.members.front()->getLoc()) {}

  mlir::LogicalResult run() {
    if (!group_.root) return lower_elementwise();
    return llvm::TypeSwitch<mlir::Operation*, mlir::LogicalResult>(group_.root)
        .Case([&](horn::DotOp op) { return lower_dot(op); })
        .Case([&](horn::ConvOp op) { return lower_conv(op); })
        .Case([&](horn::ConvBackwardKernelOp op) { return lower_conv_kernel_grad(op); })
        .Case([&](horn::ReduceSumOp op) { return lower_reduce(op, "sum", op.getAxes()); })
        .Case([&](horn::ReduceProdOp op) { return lower_reduce(op, "prod", op.getAxes()); })
        .Case([&](horn::ReduceMaxOp op) {
          return lower_reduce(op, is_unsigned(op.getX()) ? "umax" : "max", op.getAxes());
        })
        .Case([&](horn::ReduceMinOp op) {
          return lower_reduce(op, is_unsigned(op.getX()) ? "umin" : "min", op.getAxes());
        })
        .Case([&](horn::ArgmaxOp op) { return lower_reduce(op, "argmax", {static_cast<int64_t>(op.getAxis())}); })
        .Case([&](horn::ArgminOp op) { return lower_reduce(op, "argmin", {static_cast<int64_t>(op.getAxis())}); })
        .Case([&](horn::MaxPoolOp op) {
          return lower_pool(op, op.getX(), Value(), op.getWindow(), op.getStrides(), Pool::max);
        })
        .Case([&](horn::AvgPoolOp op) {
          return lower_pool(op, op.getX(), Value(), op.getWindow(), op.getStrides(), Pool::mean);
        })
        .Case([&](horn::MaxPoolGatherOp op) {
          return lower_pool(op, op.getX(), op.getG(), op.getWindow(), op.getStrides(), Pool::gather);
        })
        .Case([&](horn::MaxPoolBackwardOp op) {
          return lower_pool_grad(op, op.getX(), op.getDy(), op.getWindow(), op.getStrides());
        })
        .Case([&](horn::AvgPoolBackwardOp op) {
          return lower_pool_grad(op, Value(), op.getDy(), op.getWindow(), op.getStrides());
        })
        .Case([&](horn::ConcatOp op) { return lower_concat(op); })
        .Case([&](horn::PadOp op) { return lower_pad(op); })
        .Default([&](mlir::Operation* op) { return op->emitError("has no kernel"); });
  }

 private:
  static bool is_unsigned(Value value) {
    mlir::Type element = mlir::getElementTypeOrSelf(value.getType());
    return element.isInteger(1) || element.isUnsignedInteger();
  }
  mlir::Type register_type_of(Value value) { return register_type(mlir::getElementTypeOrSelf(value.getType())); }
  Value buffer_of(Value value) { return buffers_.of(stored(value)); }
  RegionBuilder region(size_t rank, llvm::ArrayRef<mlir::Type> computed) {
    return RegionBuilder(loc_, rank, computed, plan_, buffers_);
  }

  // Tells the region what it will write at `access`, computes the members there, and writes the outputs.
  mlir::LogicalResult finish(RegionBuilder& region, Value root_scalar, const Access& access, size_t rank) {
    Linear at = access.flatten(group_.domain, rank);
    for (Value output : group_.outputs) region.expect_out(buffers_.out(output), at);
    if (root_scalar) region.bind(group_.root->getResult(0), root_scalar);
    for (mlir::Operation* member : group_.members)
      if (mlir::failed(region.compute(member, access))) return mlir::failure();
    for (Value output : group_.outputs) {
      region.write(region.read(output, access), buffers_.out(output), at);
      for (Value place : buffers_.more_outs(output)) region.write(region.read(output, access), place, at);
    }
    return mlir::success();
  }

  int64_t units(int64_t work) {
    return target_.threads > 1 && work >= target_.work_worth_sharing ? target_.threads : 1;
  }
  static int64_t product(Dims dims) {
    int64_t n = 1;
    for (int64_t dim : dims) n *= dim;
    return n;
  }

  void make_map(RegionBuilder& region, Dims domain) {
    RegionBuilder::Parts parts = region.take();
    if (parts.outs.empty()) return;
    int64_t work = product(domain) * (parts.operations + static_cast<int64_t>(parts.extras.size() + parts.outs.size()));
    // One point cannot be shared: an update in place would be done by every thread.
    auto op = hk::MapOp::create(b_, loc_, parts.extras, parts.outs, domain, parts.access,
                                product(domain) > 1 ? units(work) : 1, Dims{});
    op.getEpilogue().takeBody(*parts.region);
  }

  mlir::LogicalResult lower_elementwise() {
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
  mlir::LogicalResult lower_dot(horn::DotOp op) {
    // normalize() left dots of one batch axis at most, one free and one contracted axis a side.
    int64_t batched = op.getLhsBatch().size();
    Dims lhs = dims_of(op.getLhs()), rhs = dims_of(op.getRhs());
    int64_t lhs_k = op.getLhsContract()[0], rhs_k = op.getRhsContract()[0];
    int64_t lhs_m = batched + (lhs_k == batched ? 1 : 0), rhs_n = batched + (rhs_k == batched ? 1 : 0);
    auto stride = [](Dims dims, int64_t axis) { return product(dims.drop_front(axis + 1)); };
    llvm::SmallVector<int64_t> domain{batched ? lhs[0] : 1, lhs[lhs_m], rhs[rhs_n]};
    llvm::SmallVector<int64_t> lhs_strides{batched ? stride(lhs, 0) : 0, stride(lhs, lhs_m), stride(lhs, lhs_k)};
    llvm::SmallVector<int64_t> rhs_strides{batched ? stride(rhs, 0) : 0, stride(rhs, rhs_k), stride(rhs, rhs_n)};
    Value rhs_buffer = buffer_of(op.getRhs());
    if (rhs_strides[2] != 1) {  // the kernel loads vectors along n: turn rhs round first
      llvm::SmallVector<int64_t> extents{domain[0], lhs[lhs_k], domain[2]};
      Value turned = buffers_.scratch(register_type_of(op.getRhs()), product(extents));
      RegionBuilder region = this->region(3, {});
      Linear from(rhs_strides.begin(), rhs_strides.end());
      from.push_back(0);
      Value element = region.read_buffer(rhs_buffer, from, mlir::getElementTypeOrSelf(op.getRhs().getType()));
      region.write(element, turned, Access::identity(3).flatten(extents, 3));
      make_map(region, extents);
      rhs_buffer = turned;
      rhs_strides = {batched ? extents[1] * extents[2] : 0, extents[2], 1};
    }
    Access points = Access::identity(3);
    if (!batched) points.axes.erase(points.axes.begin());
    RegionBuilder region = this->region(3, {register_type_of(op.getResult())});
    if (mlir::failed(finish(region, region.computed(0), points, 3))) return mlir::failure();
    RegionBuilder::Parts parts = region.take();
    auto kernel = hk::GemmOp::create(b_, loc_, buffer_of(op.getLhs()), rhs_buffer, parts.extras, parts.outs, domain,
                                     parts.access, units(2 * product(domain) * lhs[lhs_k]),
                                     gemm_tile(domain[1], domain[2], target_), lhs_strides, rhs_strides, lhs[lhs_k]);
    kernel.getEpilogue().takeBody(*parts.region);
    return mlir::success();
  }

  mlir::LogicalResult lower_conv(horn::ConvOp op) {
    Dims kernel_shape = dims_of(op.getKernel());
    RegionBuilder region = this->region(4, {register_type_of(op.getResult())});
    if (mlir::failed(finish(region, region.computed(0), Access::identity(4), 4))) return mlir::failure();
    RegionBuilder::Parts parts = region.take();
    int64_t work = 2 * product(group_.domain) * product(kernel_shape.drop_back());
    auto kernel = hk::ConvOp::create(b_, loc_, buffer_of(op.getX()), buffer_of(op.getKernel()), parts.extras,
                                     parts.outs, group_.domain, parts.access, units(work),
                                     conv_tile(group_.domain[2], group_.domain[3], target_), dims_of(op.getX()),
                                     kernel_shape, op.getStrides(), op.getDilation());
    kernel.getEpilogue().takeBody(*parts.region);
    return mlir::success();
  }

  mlir::LogicalResult lower_conv_kernel_grad(horn::ConvBackwardKernelOp op) {
    RegionBuilder region = this->region(4, {register_type_of(op.getResult())});
    if (mlir::failed(finish(region, region.computed(0), Access::identity(4), 4))) return mlir::failure();
    RegionBuilder::Parts parts = region.take();
    Dims out = dims_of(op.getDy());
    mlir::Type sum_type = register_type_of(op.getResult());
    if (sum_type.getIntOrFloatBitWidth() < 32) sum_type = b_.getF32Type();
    Value sums = buffers_.scratch(sum_type, product(group_.domain));
    auto kernel = hk::ConvKernelGradOp::create(
        b_, loc_, buffer_of(op.getX()), buffer_of(op.getDy()), sums, parts.extras, parts.outs, group_.domain,
        parts.access, units(2 * product(out) * product(Dims(group_.domain).drop_back())),
        conv_kernel_grad_tile(group_.domain, target_), dims_of(op.getX()), out, op.getStrides(), op.getDilation());
    kernel.getEpilogue().takeBody(*parts.region);
    return mlir::success();
  }

  mlir::LogicalResult lower_reduce(mlir::Operation* op, llvm::StringRef kind, Dims axes) {
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
    RegionBuilder epilogue = region(kept, {register_type_of(op->getResult(0))});
    if (mlir::failed(finish(epilogue, epilogue.computed(0), Access::identity(kept), kept))) return mlir::failure();
    RegionBuilder::Parts outer = epilogue.take();
    int64_t work = product(input) * (inner.operations + static_cast<int64_t>(inner.extras.size()) + 1);
    llvm::SmallVector<int64_t> sorted(axes);
    llvm::sort(sorted);
    auto kernel = hk::ReduceOp::create(b_, loc_, inner.extras, outer.extras, outer.outs, group_.domain, outer.access,
                                       kept ? units(work) : 1, Dims{}, input, inner.access, sorted, kind);
    kernel.getEpilogue().takeBody(*outer.region);
    kernel.getBody().takeBody(*inner.region);
    return mlir::success();
  }

  enum class Pool { max, mean, gather };

  // Positions of a window, as offsets per spatial axis.
  static std::vector<llvm::SmallVector<int64_t>> positions(Dims window) {
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
  static Access window_access(size_t rank, Dims strides, Dims offset) {
    Access access = Access::identity(rank);
    for (size_t i = 0; i < strides.size(); ++i) {
      access.axes[i + 1][i + 1] = strides[i];
      access.axes[i + 1].back() = offset[i];
    }
    return access;
  }

  // The window's largest element and a flag per position that says whether the first maximum is there.
  struct Best {
    Value value;
    llvm::SmallVector<Value> chosen;
  };
  Best find_best(RegionBuilder& region, Value x, Dims window, Dims strides, bool with_flags) {
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

  mlir::LogicalResult lower_pool(mlir::Operation* op, Value x, Value g, Dims window, Dims strides, Pool kind) {
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
      Value count = arith::ConstantOp::create(
          rb, loc_, rb.getFloatAttr(register_type_of(x), static_cast<double>(product(window))));
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
  Value share_of(RegionBuilder& region, const Best& best, Value dy, size_t i, int64_t window_size, mlir::Type type) {
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
  mlir::LogicalResult lower_pool_grad(mlir::Operation* op, Value x, Value dy, Dims window, Dims strides) {
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

  // Elements that no window covers get a zero cotangent: per axis, residues beyond the window and what lies past the
  // end.
  mlir::LogicalResult lower_uncovered(Dims pooled, Dims window, Dims strides, mlir::Type type) {
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
  mlir::LogicalResult lower_overlapping_pool_grad(Value x, Value dy, Dims window, Dims strides) {
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

  mlir::LogicalResult lower_concat(horn::ConcatOp op) {
    size_t rank = group_.domain.size();
    int64_t offset = 0;
    for (Value input : op.getInputs()) {
      Dims domain = dims_of(input);
      Access access = Access::identity(rank);
      access.axes[op.getAxis()].back() = offset;
      offset += domain[op.getAxis()];
      if (product(domain) == 0) continue;
      RegionBuilder region = this->region(rank, {});
      if (mlir::failed(finish(region, region.read(input, Access::identity(rank)), access, rank)))
        return mlir::failure();
      make_map(region, domain);
    }
    return mlir::success();
  }

  mlir::LogicalResult lower_pad(horn::PadOp op) {
    size_t rank = group_.domain.size();
    Value out = buffers_.out(op.getResult());
    Access identity = Access::identity(rank);
    {
      RegionBuilder region = this->region(rank, {});
      region.write(region.read(op.getValue(), Access{}), out, identity.flatten(group_.domain, rank));
      make_map(region, group_.domain);
    }
    RegionBuilder region = this->region(rank, {});
    Access access = identity;
    for (size_t axis = 0; axis < rank; ++axis) access.axes[axis].back() = op.getLow()[axis];
    region.write(region.read(op.getX(), identity), out, access.flatten(group_.domain, rank));
    make_map(region, dims_of(op.getX()));
    return mlir::success();
  }

  mlir::OpBuilder& b_;
  const Group& group_;
  const Plan& plan_;
  Buffers& buffers_;
  const Target& target_;
  mlir::Location loc_;
};

}  // namespace

mlir::LogicalResult lower_group(mlir::OpBuilder& builder, const Group& group, const Plan& plan, Buffers& buffers,
                                const Target& target) {
  if (is_control(group.root)) return lower_control(builder, group.root, plan, buffers, target);
  return GroupLowering(builder, group, plan, buffers, target).run();
}

}  // namespace hornbeam::passes
