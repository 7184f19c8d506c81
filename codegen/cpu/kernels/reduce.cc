// hk.reduce. Where the last axis is kept, it is vectorized and each lane reduces on its own; where it is reduced, lanes
// hold partial results that are folded at the end. Long sums are cut into parts by the shape alone, so that results do
// not depend on the number of threads and rounding errors grow with the part, not with the whole.
#include "codegen/cpu/kernels/axes.h"
#include "codegen/cpu/kernels/combine.h"
#include "codegen/cpu/kernels/kernels.h"

namespace hornbeam::codegen {
namespace {

using mlir::Value;
namespace arith = mlir::arith;

constexpr int64_t kPart = 256;   // terms that one lane adds up before the part is added to the whole
constexpr int64_t kVectors = 4;  // vectors of a kept last axis that are reduced at a time

class Reduction {
 public:
  Reduction(Kernel& kernel, hk::ReduceOp op) : kernel_(kernel), e_(kernel.e), op_(op), domain_(op.getInputDomain()) {
    reduced_.assign(domain_.size(), false);
    for (int64_t axis : op.getAxes()) reduced_[axis] = true;
    for (int64_t axis = 0; axis < static_cast<int64_t>(domain_.size()); ++axis)
      if (!reduced_[axis]) kept_axes_.push_back(axis);
    kind_ = op.getKind();
    by_index_ = kind_.starts_with("arg");
    term_type_ = op.getBody().front().getTerminator()->getOperand(0).getType();
    element_ = Emitter::sum_type(term_type_);
  }

  void emit() {
    Axes axes(domain_);
    axes.keep_apart(reduced_);
    for (mlir::Attribute one : op_.getInputAccess()) axes.watch(llvm::cast<mlir::DenseI64ArrayAttr>(one).asArrayRef());
    op_.getBody().walk([&](hk::PositionOp it) { axes.watch(it.getFactors()); });
    op_.getBody().walk([&](hk::ElementOp it) { axes.watch(it.getFactors()); });
    for (mlir::Attribute one : op_.getAccess()) watch_kept(axes, llvm::cast<mlir::DenseI64ArrayAttr>(one).asArrayRef());
    op_.getEpilogue().walk([&](hk::PositionOp it) { watch_kept(axes, it.getFactors()); });
    op_.getEpilogue().walk([&](hk::ElementOp it) { watch_kept(axes, it.getFactors()); });
    for (auto& group : axes.merge()) {
      auto& list = reduced_[group.back()] ? reduced_groups_ : kept_groups_;
      list.push_back({group.back(), axes.extent(group)});
      last_is_kept_ = !reduced_[group.back()];
    }
    points_.index.assign(domain_.size(), e_.index(0));
    if (last_is_kept_ && !kept_groups_.empty())
      emit_kept_last();
    else
      emit_reduced_last();
  }

 private:
  struct Group {
    int64_t axis;
    int64_t extent;
  };

  // The kept domain's factors, stretched over the input domain (0 on reduced axes) so that merging sees them.
  void watch_kept(Axes& axes, llvm::ArrayRef<int64_t> factors) {
    stretched_.push_back(std::make_unique<llvm::SmallVector<int64_t>>(domain_.size() + 1, 0));
    llvm::SmallVector<int64_t>& stretched = *stretched_.back();
    for (auto [i, axis] : llvm::enumerate(kept_axes_)) stretched[axis] = factors[i];
    // Two reduced axes must merge whatever the outs do: give them factors that always agree.
    for (int64_t axis = static_cast<int64_t>(domain_.size()) - 1, next = 0; axis >= 0; --axis)
      if (reduced_[axis]) {
        stretched[axis] = next ? next : 1;
        next = stretched[axis] * domain_[axis];
      } else {
        next = 0;
      }
    stretched.back() = factors.back();
    axes.watch(stretched);
  }

  Value body(const Points& points) {
    llvm::SmallVector<Value> values;
    for (auto [i, buffer] : llvm::enumerate(op_.getInputs())) {
      auto access = llvm::cast<mlir::DenseI64ArrayAttr>(op_.getInputAccess()[i]).asArrayRef();
      mlir::BlockArgument parameter = op_.getBody().getArgument(i);
      values.push_back(Emitter::is_table(parameter)
                           ? kernel_.argument(buffer)
                           : e_.load(kernel_.argument(buffer), access, points, parameter.getType().isInteger(1)));
    }
    return widened(e_.run(op_.getBody(), values, points)[0], element_);
  }

  Value widened(Value value, mlir::Type type) {
    return llvm::isa<mlir::FloatType>(element_) ? e_.to_float(value, type) : value;
  }
  void finish(Value result, const Points& points) {
    kernel_.finish(op_, by_index_ ? result : widened(result, term_type_), kept(points));
  }

  Value start(bool vector, int64_t lanes) {
    mlir::Type type = e_.type_at(element_, lanes, vector);
    return constant(neutral_element(by_index_ ? kind_.drop_front(3) : kind_, element_), type);
  }
  Value constant(mlir::Attribute value, mlir::Type type) {
    if (auto vector = llvm::dyn_cast<mlir::VectorType>(type))
      return arith::ConstantOp::create(e_.b, e_.loc,
                                       mlir::DenseElementsAttr::get(vector, llvm::ArrayRef<mlir::Attribute>{value}));
    return arith::ConstantOp::create(e_.b, e_.loc, llvm::cast<mlir::TypedAttr>(value));
  }

  // One term more. For arg kinds the carried pair is (best value, its index): the first best one stays, and a NaN is
  // best.
  Emitter::Carried step(mlir::ValueRange carried, Value term, Value term_index) {
    if (!by_index_) return {combine(e_, kind_, carried[0], term)};
    bool is_max = kind_ == "argmax";
    Value better;
    if (llvm::isa<mlir::FloatType>(element_)) {
      auto compare = [&](arith::CmpFPredicate predicate, Value x, Value y) -> Value {
        return arith::CmpFOp::create(e_.b, e_.loc, predicate, x, y);
      };
      Value first_nan = arith::AndIOp::create(e_.b, e_.loc, compare(arith::CmpFPredicate::UNO, term, term),
                                              compare(arith::CmpFPredicate::ORD, carried[0], carried[0]));
      Value beyond = compare(is_max ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT, term, carried[0]);
      better = arith::OrIOp::create(e_.b, e_.loc, beyond, first_nan);
    } else {
      better = arith::CmpIOp::create(e_.b, e_.loc, is_max ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt, term,
                                     carried[0]);
    }
    return {arith::SelectOp::create(e_.b, e_.loc, better, term, carried[0]),
            arith::SelectOp::create(e_.b, e_.loc, better, term_index, carried[1])};
  }

  Value index_of(const Points& points) {  // along the one reduced axis, as i32
    int64_t axis = op_.getAxes()[0];
    Value at = arith::IndexCastOp::create(e_.b, e_.loc, e_.b.getI32Type(), points.index[axis]);
    if (points.axis < 0) return at;
    at = e_.splat(at, points.lanes);
    if (points.axis != axis) return at;
    llvm::SmallVector<int32_t> offsets;
    for (int64_t lane = 0; lane < points.lanes; ++lane) offsets.push_back(static_cast<int32_t>(lane));
    auto type = mlir::VectorType::get({points.lanes}, e_.b.getI32Type());
    return arith::AddIOp::create(
        e_.b, e_.loc, at, arith::ConstantOp::create(e_.b, e_.loc, mlir::DenseIntElementsAttr::get(type, offsets)));
  }

  // Points of the kept domain from points of the input domain.
  Points kept(const Points& points) {
    Points out = points;
    out.index.clear();
    out.axis = -1;
    for (auto [i, axis] : llvm::enumerate(kept_axes_)) {
      out.index.push_back(points.index[axis]);
      if (axis == points.axis) out.axis = static_cast<int>(i);
    }
    return out;
  }

  void emit_kept_last() {
    int64_t lanes = kernel_.lanes();
    Group last = kept_groups_.pop_back_val();
    int64_t vectors = (last.extent + lanes - 1) / lanes;
    bool share_vectors = kept_groups_.empty();
    auto blocks = [&](Value begin, Value end) {  // vectors [begin, end) of the last axis
      auto block = [&](Value first, int64_t count, int64_t rest) {
        llvm::SmallVector<Points> points;
        for (int64_t v = 0; v < count; ++v) {
          Points one = points_;
          one.axis = static_cast<int>(last.axis);
          one.lanes = lanes;
          one.index[last.axis] = e_.mul(e_.add(first, v), lanes);
          if (v == count - 1 && rest) one.mask = e_.mask(rest, lanes);
          points.push_back(one);
        }
        auto results = reduce_points(points);
        for (auto [one, result] : llvm::zip(points, results)) finish(result[0], one);
      };
      int64_t full = last.extent / lanes, rest = last.extent % lanes;
      if (!begin) {
        int64_t v = 0;
        if (vectors > kVectors && full >= kVectors) {
          v = full / kVectors * kVectors;
          e_.loop(0, v, kVectors, [&](Value at) { block(at, kVectors, 0); });
        }
        if (v < vectors) block(e_.index(v), vectors - v, rest);
        return;
      }
      if (full) e_.loop(begin, e_.minimum(end, e_.index(full)), 1, [&](Value at) { block(at, 1, 0); });
      if (rest)
        e_.when(arith::CmpIOp::create(e_.b, e_.loc, arith::CmpIPredicate::eq, end, e_.index(full + 1)),
                [&] { block(e_.index(full), 1, rest); });
    };
    if (share_vectors) {
      if (!kernel_.thread) return blocks({}, {});
      auto [begin, end] = kernel_.share(vectors);
      return blocks(begin, end);
    }
    over_kept([&] { blocks({}, {}); });
  }

  void over_kept(llvm::function_ref<void()> body) {
    if (kept_groups_.empty()) return body();
    auto [begin, end] = kernel_.share(kept_groups_[0].extent);
    llvm::SmallVector<int64_t> inner;
    for (const Group& group : llvm::ArrayRef(kept_groups_).drop_front()) inner.push_back(group.extent);
    e_.loop(begin, end, 1, [&](Value first) {
      points_.index[kept_groups_[0].axis] = first;
      e_.nest(inner, [&](llvm::ArrayRef<Value> at) {
        for (auto [group, index] : llvm::zip(llvm::ArrayRef(kept_groups_).drop_front(), at))
          points_.index[group.axis] = index;
        body();
      });
    });
  }

  // Reduces each of the given points over all reduced groups; every point keeps its own accumulator(s).
  llvm::SmallVector<Emitter::Carried> reduce_points(llvm::MutableArrayRef<Points> points) {
    size_t width = by_index_ ? 2 : 1;
    Emitter::Carried initial;
    for (const Points& one : points) {
      initial.push_back(start(one.axis >= 0, one.lanes));
      if (by_index_)
        initial.push_back(constant(e_.b.getI32IntegerAttr(0), e_.type_at(e_.b.getI32Type(), one.lanes, one.axis >= 0)));
    }
    auto terms = [&](mlir::ValueRange carried) {
      Emitter::Carried next;
      for (auto [i, one] : llvm::enumerate(points))
        llvm::append_range(next, step(carried.slice(i * width, width), body(one), by_index_ ? index_of(one) : Value()));
      return next;
    };
    Emitter::Carried total = over_reduced(points, initial, terms);
    llvm::SmallVector<Emitter::Carried> results;
    for (size_t i = 0; i < points.size(); ++i)
      results.push_back(by_index_ ? Emitter::Carried{total[2 * i + 1]} : Emitter::Carried{total[i]});
    return results;
  }

  // Loops over the reduced groups, the innermost cut into parts of kPart terms where the sum is long.
  Emitter::Carried over_reduced(llvm::MutableArrayRef<Points> points, const Emitter::Carried& initial,
                                llvm::function_ref<Emitter::Carried(mlir::ValueRange)> terms) {
    auto set = [&](const Group& group, Value index) {
      for (Points& one : points) one.index[group.axis] = index;
    };
    if (reduced_groups_.empty()) return terms(initial);
    llvm::ArrayRef<Group> outer = llvm::ArrayRef(reduced_groups_).drop_back();
    Group inner = reduced_groups_.back();
    llvm::SmallVector<int64_t> extents;
    for (const Group& group : outer) extents.push_back(group.extent);
    bool in_parts = !by_index_ && (inner.extent > kPart || !outer.empty());
    return e_.nest(extents, initial, [&](llvm::ArrayRef<Value> at, mlir::ValueRange carried) {
      for (auto [group, index] : llvm::zip(outer, at)) set(group, index);
      auto run = [&](Value begin, Value end, mlir::ValueRange from) {
        return e_.loop(begin, end, 1, from, [&](Value i, mlir::ValueRange now) {
          set(inner, i);
          return terms(now);
        });
      };
      if (!in_parts) return run(e_.index(0), e_.index(inner.extent), carried);
      auto part = [&](Value begin, Value end, mlir::ValueRange whole) {
        Emitter::Carried sums = run(begin, end, initial), next;
        for (auto [sum, all] : llvm::zip(sums, whole)) next.push_back(combine(e_, kind_, all, sum));
        return next;
      };
      if (inner.extent <= kPart) return part(e_.index(0), e_.index(inner.extent), carried);
      return e_.loop(e_.index(0), e_.index(inner.extent), kPart, carried, [&](Value begin, mlir::ValueRange whole) {
        return part(begin, e_.minimum(e_.add(begin, kPart), e_.index(inner.extent)), whole);
      });
    });
  }

  void emit_reduced_last() {
    if (reduced_groups_.empty() || by_index_ || reduced_groups_.back().extent < 4) {
      // One point at a time: nothing to vectorize along, or an index to keep.
      return over_kept([&] {
        llvm::SmallVector<Points> one{points_};
        finish(reduce_points(one)[0][0], points_);
      });
    }
    int64_t lanes = kernel_.lanes();
    Group last = reduced_groups_.pop_back_val();
    int64_t full = last.extent / lanes, rest = last.extent % lanes;
    over_kept([&] {
      Points points = points_;
      points.axis = static_cast<int>(last.axis);
      points.lanes = lanes;
      auto term = [&](Value position, int64_t active) {
        points.index[last.axis] = position;
        points.mask = e_.mask(active, lanes);
        Value value = body(points);
        if (!points.mask) return value;
        return Value(arith::SelectOp::create(e_.b, e_.loc, points.mask, value, start(true, lanes)));
      };
      llvm::SmallVector<Points> outer{points};
      Emitter::Carried sum =
          over_reduced(outer, {start(true, lanes)}, [&](mlir::ValueRange carried) -> Emitter::Carried {
            for (const Group& group : reduced_groups_) points.index[group.axis] = outer[0].index[group.axis];
            return vectors_of_row(full, rest, carried, term);
          });
      finish(fold(e_, kind_, sum[0]), points_);
    });
  }

  // Adds the vectors of the last axis to `carried`, in parts where there are many.
  Emitter::Carried vectors_of_row(int64_t full, int64_t rest, mlir::ValueRange carried,
                                  llvm::function_ref<Value(Value, int64_t)> term) {
    int64_t lanes = kernel_.lanes();
    Value sum = carried[0];
    auto run = [&](Value begin, Value end, Value from) {
      return e_.loop(begin, end, 1, from, [&](Value v, mlir::ValueRange now) -> Emitter::Carried {
        return {combine(e_, kind_, now[0], term(e_.mul(v, lanes), lanes))};
      })[0];
    };
    if (full > kPart) {
      sum = e_.loop(e_.index(0), e_.index(full), kPart, sum,
                    [&](Value begin, mlir::ValueRange whole) -> Emitter::Carried {
                      Value part = run(begin, e_.minimum(e_.add(begin, kPart), e_.index(full)), start(true, lanes));
                      return {combine(e_, kind_, whole[0], part)};
                    })[0];
    } else if (full == 1) {
      sum = combine(e_, kind_, sum, term(e_.index(0), lanes));
    } else if (full) {
      sum = run(e_.index(0), e_.index(full), sum);
    }
    if (rest) sum = combine(e_, kind_, sum, term(e_.index(full * lanes), rest));
    return {sum};
  }

  Kernel& kernel_;
  Emitter& e_;
  hk::ReduceOp op_;
  llvm::ArrayRef<int64_t> domain_;
  llvm::SmallVector<bool> reduced_;
  llvm::SmallVector<int64_t> kept_axes_;
  llvm::SmallVector<Group> kept_groups_, reduced_groups_;
  llvm::SmallVector<std::unique_ptr<llvm::SmallVector<int64_t>>> stretched_;
  llvm::StringRef kind_;
  bool by_index_ = false;
  bool last_is_kept_ = false;
  mlir::Type term_type_, element_;  // of the terms, and in which they are added up
  Points points_;
};

}  // namespace

void emit_reduce(Kernel& kernel, hk::ReduceOp op) { Reduction(kernel, op).emit(); }

}  // namespace hornbeam::codegen
