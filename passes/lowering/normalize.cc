#include "passes/lowering/normalize.h"

#include <limits>

#include "ir/ops/backpropagate.h"
#include "ir/ops/make.h"

namespace hornbeam::passes {
namespace {

using horn::Make;
using mlir::Value;
using Dims = llvm::ArrayRef<int64_t>;
using List = llvm::SmallVector<int64_t>;

Dims dims(Value value) { return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape(); }
mlir::Type element(Value value) { return llvm::cast<mlir::RankedTensorType>(value.getType()).getElementType(); }

int64_t product(Dims list) {
  int64_t n = 1;
  for (int64_t dim : list) n *= dim;
  return n;
}
bool all(Dims list, int64_t value) {
  return llvm::all_of(list, [&](int64_t x) { return x == value; });
}

// x with low/high more on the spatial axes of [N, spatial…, C]; negative amounts cut off.
Value pad_spatial(const Make& m, Value x, Dims low, Dims high, Value value) {
  List start(dims(x).size(), 0), limit(dims(x)), lows(dims(x).size(), 0), highs(dims(x).size(), 0);
  bool cut = false, grow = false;
  for (size_t i = 0; i < low.size(); ++i) {
    start[i + 1] = std::max<int64_t>(-low[i], 0);
    limit[i + 1] -= std::max<int64_t>(-high[i], 0);
    lows[i + 1] = std::max<int64_t>(low[i], 0);
    highs[i + 1] = std::max<int64_t>(high[i], 0);
    cut |= low[i] < 0 || high[i] < 0;
    grow |= low[i] > 0 || high[i] > 0;
  }
  if (cut) x = m.make<horn::SliceOp>(x, start, limit, List(dims(x).size(), 1));
  return grow ? m.make<horn::PadOp>(x, value, lows, highs) : x;
}
std::pair<List, List> low_and_high(Dims padding) {
  List low, high;
  for (size_t i = 0; i < padding.size(); i += 2) low.push_back(padding[i]), high.push_back(padding[i + 1]);
  return {low, high};
}

// ---- dot: reshapes (and a transpose where axes of one kind do not stand together) to [batch, free, contracted] a side
struct Side {
  Value value;
  bool contract_first;  // [batch, contracted, free] rather than [batch, free, contracted]
};
Side one_axis_each(const Make& m, Value x, Dims batch, Dims contract) {
  Dims shape = dims(x);
  List free;
  for (int64_t axis = 0; axis < static_cast<int64_t>(shape.size()); ++axis)
    if (!llvm::is_contained(batch, axis) && !llvm::is_contained(contract, axis)) free.push_back(axis);
  auto extent = [&](Dims axes) {
    int64_t n = 1;
    for (int64_t axis : axes) n *= shape[axis];
    return n;
  };
  List free_last(batch), free_first(batch);
  free_last.append(contract.begin(), contract.end());
  free_last.append(free.begin(), free.end());
  free_first.append(free.begin(), free.end());
  free_first.append(contract.begin(), contract.end());
  List sizes;
  if (!batch.empty()) sizes.push_back(extent(batch));
  bool contract_first = llvm::is_sorted(free_last) && !llvm::is_sorted(free_first);
  if (!contract_first && !llvm::is_sorted(free_first)) x = m.transpose(x, free_first);
  sizes.append({contract_first ? extent(contract) : extent(free), contract_first ? extent(free) : extent(contract)});
  return {dims(x) == Dims(sizes) ? x : m.reshape(x, sizes), contract_first};
}

Value rewrite_dot(const Make& m, horn::DotOp op) {
  size_t batched = op.getLhsBatch().empty() ? 0 : 1;
  bool plain = op.getLhsBatch().size() <= 1 && all(op.getLhsBatch(), 0) && all(op.getRhsBatch(), 0) &&
               op.getLhsContract().size() == 1 && dims(op.getLhs()).size() == batched + 2 &&
               dims(op.getRhs()).size() == batched + 2;
  Side lhs = one_axis_each(m, op.getLhs(), op.getLhsBatch(), op.getLhsContract());
  Side rhs = one_axis_each(m, op.getRhs(), op.getRhsBatch(), op.getRhsContract());
  int64_t lhs_k = batched + (lhs.contract_first ? 0 : 1), lhs_m = batched + (lhs.contract_first ? 1 : 0);
  int64_t rhs_k = batched + (rhs.contract_first ? 0 : 1), rhs_n = batched + (rhs.contract_first ? 1 : 0);
  int64_t rows = dims(lhs.value)[lhs_m], columns = dims(rhs.value)[rhs_n], depth = dims(lhs.value)[lhs_k];
  Dims shape = dims(op.getResult());
  List prefix;
  if (batched) prefix.push_back(dims(lhs.value)[0]);

  // Products with a vector, and outer products, are elementwise work (and a reduction) in the order of the larger
  // operand.
  auto vector_of = [&](Side side) {  // without its axis of size 1
    List sizes(prefix);
    sizes.push_back(product(dims(side.value)) / product(prefix));
    return m.reshape(side.value, sizes);
  };
  auto along = [&](Value vector, Dims to, int64_t axis) {
    List axes;
    if (batched) axes.push_back(0);
    axes.push_back(axis);
    return m.broadcast(vector, to, axes);
  };
  Value result;
  if (depth == 1) {
    List to(prefix);
    to.append({rows, columns});
    result = m.mul(along(vector_of(lhs), to, batched), along(vector_of(rhs), to, batched + 1));
  } else if (columns == 1) {
    result = m.sum(m.mul(lhs.value, along(vector_of(rhs), dims(lhs.value), lhs_k)), {lhs_k});
  } else if (rows == 1) {
    result = m.sum(m.mul(along(vector_of(lhs), dims(rhs.value), rhs_k), rhs.value), {rhs_k});
  } else if (plain) {
    return {};
  }
  if (!result) {
    List batch;
    if (batched) batch.push_back(0);
    result = m.make<horn::DotOp>(lhs.value, rhs.value, List{lhs_k}, List{rhs_k}, batch, batch);
  }
  return dims(result) == shape ? result : m.reshape(result, shape);
}

// ---- convolution
// A convolution over one axis is one over two, the first of size 1.
Value with_height(const Make& m, Value value, size_t at) {
  List shape(dims(value));
  shape.insert(shape.begin() + at, 1);
  return m.reshape(value, shape);
}

Value rewrite_conv(const Make& m, horn::ConvOp op) {
  Value x = op.getX(), kernel = op.getKernel();
  size_t spatial = dims(x).size() - 2;
  if (!all(op.getPadding(), 0)) {
    auto [low, high] = low_and_high(op.getPadding());
    return m.make<horn::ConvOp>(pad_spatial(m, x, low, high, m.scalar(element(x), 0)), kernel, op.getStrides(),
                                List(2 * spatial, 0), op.getDilation(), op.getGroups());
  }
  if (spatial != 1) return {};
  Value result = m.make<horn::ConvOp>(with_height(m, x, 1), with_height(m, kernel, 0), List{1, op.getStrides()[0]},
                                      List(4, 0), List{1, op.getDilation()[0]}, op.getGroups());
  return m.reshape(result, dims(op.getResult()));
}

// [spatial…, C / groups, F] as the kernel from features to channels, turned round: [spatial…, F / groups, C].
Value turned_round(const Make& m, Value kernel, int64_t groups) {
  size_t spatial = dims(kernel).size() - 2;
  List turned, permutation, shape(dims(kernel).take_front(spatial));
  for (size_t i = 0; i < spatial; ++i) turned.push_back(i), permutation.push_back(i);
  kernel = m.make<horn::ReverseOp>(kernel, turned);
  int64_t channels = dims(kernel)[spatial], features = dims(kernel).back() / groups, axis = spatial;
  if (groups == 1) {
    permutation.append({axis + 1, axis});
    return m.transpose(kernel, permutation);
  }
  List split(shape);
  split.append({channels, groups, features});
  permutation.append({axis + 2, axis + 1, axis});
  shape.append({features, groups * channels});
  return m.reshape(m.transpose(m.reshape(kernel, split), permutation), shape);
}

// The gradient by the input is a convolution of the cotangent, spread by the strides, with the kernel turned round. With
// strides and no dilation there is a kernel that does without the spreading.
Value rewrite_conv_backward_data(const Make& m, horn::ConvBackwardDataOp op) {
  Value dy = op.getDy(), kernel = op.getKernel();
  size_t spatial = dims(dy).size() - 2;
  if (!all(op.getStrides(), 1) && all(op.getDilation(), 1)) {
    if (spatial != 1) return {};
    List input(op.getInputShape());
    input.insert(input.begin() + 1, 1);
    Value result = m.make<horn::ConvBackwardDataOp>(
        with_height(m, dy, 1), with_height(m, kernel, 0), input, List{1, op.getStrides()[0]},
        List{0, 0, op.getPadding()[0], op.getPadding()[1]}, List{1, 1}, op.getGroups());
    return m.reshape(result, op.getInputShape());
  }
  if (!all(op.getStrides(), 1)) {  // zeros between the cotangents
    List split{dims(dy)[0]}, low, high, joined{dims(dy)[0]}, limit{dims(dy)[0]};
    low.push_back(0), high.push_back(0);
    for (size_t i = 0; i < spatial; ++i) {
      int64_t n = dims(dy)[i + 1], stride = op.getStrides()[i];
      split.append({n, 1}), low.append({0, 0}), high.append({0, stride - 1});
      joined.push_back(n * stride), limit.push_back((n - 1) * stride + 1);
    }
    int64_t features = dims(dy).back();
    split.push_back(features), low.push_back(0), high.push_back(0), joined.push_back(features),
        limit.push_back(features);
    dy = m.reshape(m.make<horn::PadOp>(m.reshape(dy, split), m.scalar(element(dy), 0), low, high), joined);
    dy = m.make<horn::SliceOp>(dy, List(limit.size(), 0), limit, List(limit.size(), 1));
  }
  List low, high;
  for (size_t i = 0; i < spatial; ++i) {
    int64_t reach = (dims(kernel)[i] - 1) * op.getDilation()[i];
    low.push_back(reach - op.getPadding()[2 * i]);
    high.push_back(op.getInputShape()[i + 1] - dims(dy)[i + 1] - low.back() + reach);
  }
  dy = pad_spatial(m, dy, low, high, m.scalar(element(dy), 0));
  return m.make<horn::ConvOp>(dy, turned_round(m, kernel, op.getGroups()), List(spatial, 1), List(2 * spatial, 0),
                              op.getDilation(), op.getGroups());
}

Value rewrite_conv_backward_kernel(const Make& m, horn::ConvBackwardKernelOp op) {
  Value x = op.getX(), dy = op.getDy();
  size_t spatial = dims(x).size() - 2;
  if (!all(op.getPadding(), 0)) {
    auto [low, high] = low_and_high(op.getPadding());
    return m.make<horn::ConvBackwardKernelOp>(pad_spatial(m, x, low, high, m.scalar(element(x), 0)), dy,
                                              op.getKernelShape(), op.getStrides(), List(2 * spatial, 0),
                                              op.getDilation(), op.getGroups());
  }
  if (spatial != 1) return {};
  List kernel_shape(op.getKernelShape());
  kernel_shape.insert(kernel_shape.begin(), 1);
  Value result = m.make<horn::ConvBackwardKernelOp>(with_height(m, x, 1), with_height(m, dy, 1), kernel_shape,
                                                    List{1, op.getStrides()[0]}, List(4, 0),
                                                    List{1, op.getDilation()[0]}, op.getGroups());
  return m.reshape(result, op.getKernelShape());
}

// Indices in a row, the axes before the taken one and those after it as one each, none where there are none before.
Value rewrite_take_backward(const Make& m, horn::TakeBackwardOp op) {
  Dims shape = op.getInputShape(), indices = dims(op.getIndices());
  int64_t axis = op.getAxis(), outer = product(shape.take_front(axis)), inner = product(shape.drop_front(axis + 1));
  List wanted;
  if (outer != 1) wanted.push_back(outer);
  wanted.append({shape[axis], inner});
  if (indices.size() == 1 && shape == Dims(wanted)) return {};
  List rows(wanted);
  rows[rows.size() - 2] = product(indices);
  Value result =
      m.make<horn::TakeBackwardOp>(m.reshape(op.getIndices(), List{product(indices)}), m.reshape(op.getDy(), rows),
                                   static_cast<int64_t>(wanted.size()) - 2, wanted);
  return m.reshape(result, shape);
}

// ---- pools
Value lowest(const Make& m, mlir::Type type) {
  if (llvm::isa<mlir::FloatType>(type)) return m.scalar(type, -std::numeric_limits<double>::infinity());
  if (type.isUnsignedInteger()) return m.scalar(type, 0);
  return m.scalar(type, -std::ldexp(1.0, static_cast<int>(type.getIntOrFloatBitWidth()) - 1));
}
// How many elements inside the array each window has, as a constant [1, out spatial…, 1], over the window's size.
Value share_inside(const Make& m, Dims input, Dims output, Dims window, Dims strides, Dims padding, mlir::Type type,
                   Dims full) {
  size_t spatial = window.size();
  List shape(output.size(), 1);
  for (size_t i = 0; i < spatial; ++i) shape[i + 1] = output[i + 1];
  std::vector<double> shares;
  List at(spatial, 0);
  int64_t n = product(shape);
  for (int64_t flat = 0; flat < n; ++flat) {
    int64_t rest = flat;
    double inside = 1;
    for (size_t i = spatial; i-- > 0;) {
      int64_t position = rest % output[i + 1];
      rest /= output[i + 1];
      int64_t first = position * strides[i] - padding[2 * i];
      inside *= static_cast<double>(std::min(first + window[i], input[i + 1]) - std::max<int64_t>(first, 0));
    }
    shares.push_back(inside / static_cast<double>(product(window)));
  }
  llvm::SmallVector<mlir::Attribute> values;
  for (double share : shares) values.push_back(mlir::FloatAttr::get(type, share));
  auto attr = mlir::DenseElementsAttr::get(mlir::RankedTensorType::get(shape, type), values);
  Value constant = horn::ConstantOp::create(m.builder, m.loc, attr.getType(), attr).getResult();
  List axes(output.size());
  std::iota(axes.begin(), axes.end(), 0);
  return m.broadcast(constant, full, axes);
}

Value rewrite_pool(const Make& m, mlir::Operation* any) {
  auto cut = [&](Value padded, Dims padding, Dims to) {
    List start(to.size(), 0), limit(to);
    for (size_t i = 0; i < padding.size() / 2; ++i) start[i + 1] = padding[2 * i], limit[i + 1] += padding[2 * i];
    return m.make<horn::SliceOp>(padded, start, limit, List(to.size(), 1));
  };
  auto none = [](Dims padding) { return List(padding.size(), 0); };
  auto padded = [&](Value x, Dims padding, Value value) {
    auto [low, high] = low_and_high(padding);
    return pad_spatial(m, x, low, high, value);
  };
  if (auto op = llvm::dyn_cast<horn::MaxPoolOp>(any); op && !all(op.getPadding(), 0))
    return m.make<horn::MaxPoolOp>(padded(op.getX(), op.getPadding(), lowest(m, element(op.getX()))), op.getWindow(),
                                   op.getStrides(), none(op.getPadding()));
  if (auto op = llvm::dyn_cast<horn::MaxPoolGatherOp>(any); op && !all(op.getPadding(), 0))
    return m.make<horn::MaxPoolGatherOp>(padded(op.getX(), op.getPadding(), lowest(m, element(op.getX()))),
                                         padded(op.getG(), op.getPadding(), m.scalar(element(op.getG()), 0)),
                                         op.getWindow(), op.getStrides(), none(op.getPadding()));
  if (auto op = llvm::dyn_cast<horn::MaxPoolBackwardOp>(any); op && !all(op.getPadding(), 0)) {
    Value wide = m.make<horn::MaxPoolBackwardOp>(padded(op.getX(), op.getPadding(), lowest(m, element(op.getX()))),
                                                 op.getDy(), op.getWindow(), op.getStrides(), none(op.getPadding()));
    return cut(wide, op.getPadding(), dims(op.getResult()));
  }
  if (auto op = llvm::dyn_cast<horn::AvgPoolOp>(any); op && !all(op.getPadding(), 0)) {
    Value wide = m.make<horn::AvgPoolOp>(padded(op.getX(), op.getPadding(), m.scalar(element(op.getX()), 0)),
                                         op.getWindow(), op.getStrides(), none(op.getPadding()));
    Value share = share_inside(m, dims(op.getX()), dims(wide), op.getWindow(), op.getStrides(), op.getPadding(),
                               element(wide), dims(wide));
    return m.div(wide, share);
  }
  if (auto op = llvm::dyn_cast<horn::AvgPoolBackwardOp>(any); op && !all(op.getPadding(), 0)) {
    Value dy = op.getDy();
    Value share = share_inside(m, op.getInputShape(), dims(dy), op.getWindow(), op.getStrides(), op.getPadding(),
                               element(dy), dims(dy));
    List shape(op.getInputShape());
    for (size_t i = 0; i < op.getWindow().size(); ++i)
      shape[i + 1] += op.getPadding()[2 * i] + op.getPadding()[2 * i + 1];
    Value wide = m.make<horn::AvgPoolBackwardOp>(m.div(dy, share), shape, op.getWindow(), op.getStrides(),
                                                 none(op.getPadding()));
    return cut(wide, op.getPadding(), op.getInputShape());
  }
  return {};
}

Value rewrite(mlir::Operation* op) {
  mlir::OpBuilder builder(op);
  Make m{builder, op->getLoc()};
  if (auto fused = llvm::dyn_cast<horn::DecomposableOpInterface>(op)) {
    llvm::SmallVector<Value> results;
    fused.decompose(builder, results);
    return results[0];
  }
  if (auto dot = llvm::dyn_cast<horn::DotOp>(op)) return rewrite_dot(m, dot);
  if (auto conv = llvm::dyn_cast<horn::ConvOp>(op)) return rewrite_conv(m, conv);
  if (auto data = llvm::dyn_cast<horn::ConvBackwardDataOp>(op)) return rewrite_conv_backward_data(m, data);
  if (auto kernel = llvm::dyn_cast<horn::ConvBackwardKernelOp>(op)) return rewrite_conv_backward_kernel(m, kernel);
  if (auto take = llvm::dyn_cast<horn::TakeBackwardOp>(op)) return rewrite_take_backward(m, take);
  return rewrite_pool(m, op);
}

// Fused ops and everything without a kernel of its own are written out.
class Normalize : public mlir::PassWrapper<Normalize, mlir::OperationPass<mlir::func::FuncOp>> {
 public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(Normalize)
  llvm::StringRef getArgument() const final { return "horn-normalize"; }
  llvm::StringRef getDescription() const final { return "Leave only ops that a kernel computes"; }
  void runOnOperation() override {
    if (mlir::failed(normalize(getOperation()))) signalPassFailure();
  }
};

}  // namespace

std::unique_ptr<mlir::Pass> create_normalize_pass() { return std::make_unique<Normalize>(); }

// remat and custom_gradient have done their part when gradients are expanded: only what they give remains. The ops of a
// remat are marked by how often they were computed before, so that those of the first time are not found equal to those
// that a gradient computes again, and kept for it.
static void write_out_regions(mlir::Block& block, int64_t outer_level = 0) {
  for (mlir::Operation& op : llvm::make_early_inc_range(block.without_terminator())) {
    if (auto custom = llvm::dyn_cast<horn::CustomGradientOp>(op)) {
      custom->replaceAllUsesWith(custom.getValues());
      custom->erase();
    } else if (auto remat = llvm::dyn_cast<horn::RematOp>(op)) {
      mlir::Block& body = remat.getBody().front();
      auto attr = remat->getAttrOfType<mlir::IntegerAttr>(horn::kRematAttr);
      const int64_t level = attr ? attr.getInt() : outer_level;
      write_out_regions(body, level);
      for (auto [argument, value] : llvm::zip_equal(body.getArguments(), remat.getArgs()))
        argument.replaceAllUsesWith(value);
      for (mlir::Operation& inner : llvm::make_early_inc_range(body.without_terminator())) {
        if (!inner.hasAttr(horn::kRematAttr)) inner.setAttr(horn::kRematAttr, mlir::OpBuilder(&inner).getI64IntegerAttr(level));
        inner.moveBefore(remat);
      }
      remat->replaceAllUsesWith(body.getTerminator()->getOperands());
      remat->erase();
    }
  }
}

static mlir::LogicalResult normalize(mlir::Block& block) {
  write_out_regions(block);
  for (bool changed = true; changed;) {
    changed = false;
    for (mlir::Operation& op : llvm::make_early_inc_range(block.without_terminator())) {
      if (op.getNumRegions() > 0) continue;
      if (op.getNumResults() != 1) return op.emitError("has more than one result");
      Value replacement = rewrite(&op);
      if (!replacement) {
        if (mlir::isOpTriviallyDead(&op)) op.erase();
        continue;
      }
      op.getResult(0).replaceAllUsesWith(replacement);
      op.erase();
      changed = true;
    }
  }
  // Bodies of loops and branches.
  for (mlir::Operation& op : block)
    for (mlir::Region& region : op.getRegions())
      if (mlir::failed(normalize(region.front()))) return mlir::failure();
  return mlir::success();
}

mlir::LogicalResult normalize(mlir::func::FuncOp function) { return normalize(function.front()); }

}  // namespace hornbeam::passes
