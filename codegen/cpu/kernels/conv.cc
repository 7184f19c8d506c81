// hk.conv: direct convolution on [N, spatial…, C], without im2col. A tile is a segment of the last spatial axis times
// vectors of output channels, or, in a depthwise convolution, of groups.
#include "codegen/cpu/kernels/conv.h"

namespace hornbeam::codegen {
namespace {

using mlir::Value;

// A depth up to this is written out without loops.
constexpr int64_t kUnrolledDepth = 32;

class Convolution {
 public:
  Convolution(Kernel& kernel, hk::ConvOp op)
      : kernel_(kernel),
        e_(kernel.e),
        op_(op),
        domain_(op.getDomain()),
        window_(op.getKernelShape()),
        spatial_(op.getStrides().size()),
        groups_(op.getGroups()),
        channels_(op.getInputShape().back() / groups_),
        features_(domain_.back()),
        input_(kernel.argument(op.getInput())),
        weights_(kernel.argument(op.getKernel())),
        lanes_(kernel.lanes()) {
    element_ = llvm::cast<mlir::MemRefType>(input_.getType()).getElementType();
    steps_ = spatial_steps(op.getInputShape());
  }

  void emit() {
    int64_t images = domain_[0];
    bool by_image = kernel_.thread && images > 1;
    auto image = [&](Value image) {
      int64_t lane_extent = op_.getLanesOnGroups() ? groups_ : features_;
      int64_t others = op_.getLanesOnGroups() ? features_ : groups_;
      e_.loop(0, others, 1, [&](Value other) {
        over_tiles(e_, lane_extent, op_.getTile()[1] * lanes_, {}, {},
                   [&](Value f, int64_t columns) { rows(image, other, f, columns, by_image); });
      });
    };
    if (by_image) {
      auto [begin, end] = kernel_.share(images);
      return e_.loop(begin, end, 1, image);
    }
    e_.loop(0, images, 1, image);
  }

 private:
  // All rows of one image; the last spatial axis in tiles.
  void rows(Value image, Value other, Value f, int64_t columns, bool by_image) {
    llvm::SmallVector<Value> at(spatial_);
    auto last = [&] {
      over_tiles(e_, domain_[spatial_], op_.getTile()[0], {}, {}, [&](Value x, int64_t pixels) {
        at.back() = x;
        tile(image, at, pixels, other, f, columns);
      });
    };
    if (spatial_ == 1) return last();
    llvm::ArrayRef<int64_t> inner = domain_.slice(2, spatial_ - 2);

    auto row = [&](Value first) {
      at[0] = first;
      e_.nest(inner, [&](llvm::ArrayRef<Value> indices) {
        std::copy(indices.begin(), indices.end(), at.begin() + 1);
        last();
      });
    };
    if (kernel_.thread && !by_image) {
      auto [begin, end] = kernel_.share(domain_[1]);
      return e_.loop(begin, end, 1, row);
    }
    e_.loop(0, domain_[1], 1, row);
  }

  void tile(Value image, llvm::ArrayRef<Value> at, int64_t pixels, Value other, Value f, int64_t columns) {
    Tile tile{pixels, (columns + lanes_ - 1) / lanes_, lanes_, columns % lanes_};
    llvm::ArrayRef<int64_t> in = op_.getInputShape();
    int64_t image_size = 1;
    for (int64_t dim : in.drop_front()) image_size *= dim;
    Value corner = e_.mul(image, image_size);
    int64_t start = 0;
    for (size_t i = 0; i < spatial_; ++i) {
      corner = e_.add(corner, e_.mul(at[i], op_.getStrides()[i] * steps_[i]));
      if (op_.getStart()) start += (*op_.getStart())[i] * steps_[i];
    }
    corner = e_.add(corner, start);
    Value group = op_.getLanesOnGroups() ? f : other, feature = op_.getLanesOnGroups() ? other : f;
    Value first_weight = feature;
    if (groups_ > 1) {
      corner = e_.add(corner, e_.mul(group, channels_));
      first_weight = e_.add(feature, e_.mul(group, features_));
    }
    Emitter::Carried sums = over_window(corner, first_weight, tile);
    finish_tile(kernel_, op_, tile, sums, element_, [&](Value r, int64_t v) {
      Points points;
      points.index.push_back(image);
      points.index.append(at.begin(), at.end());
      points.index.back() = e_.add(at.back(), r);
      if (groups_ > 1) points.index.push_back(op_.getLanesOnGroups() ? e_.add(group, v * lanes_) : group);
      points.index.push_back(op_.getLanesOnGroups() ? feature : e_.add(feature, v * lanes_));
      points.axis = static_cast<int>(domain_.size()) - (op_.getLanesOnGroups() ? 2 : 1);
      points.lanes = lanes_;
      points.mask = tile_mask(e_, tile, v);
      return points;
    });
  }

  // The sums of products over kernel positions and the channels of a group.
  Emitter::Carried over_window(Value corner, Value first_weight, const Tile& tile) {
    int64_t pixel = op_.getStrides().back() * steps_.back(), row = features_ * groups_;
    auto step = [&](Value at, Value weight, mlir::ValueRange now) {
      auto weights = [&](int64_t v) {
        int64_t apart = op_.getLanesOnGroups() ? features_ : 1;
        return e_.load_lanes(weights_, e_.add(weight, v * lanes_ * apart), apart, lanes_, tile_mask(e_, tile, v));
      };
      if (!op_.getLanesOnGroups())
        return multiply_add(
            e_, tile, now, [&](int64_t r) { return e_.load_scalar(input_, e_.add(at, r * pixel)); }, weights);
      return multiply_add_lanes(
          e_, tile, now,
          [&](int64_t r, int64_t v) {
            return e_.load_lanes(input_, e_.add(at, r * pixel + v * lanes_ * channels_), channels_, lanes_,
                                 tile_mask(e_, tile, v));
          },
          weights);
    };
    llvm::SmallVector<int64_t> extents(window_.begin(), window_.begin() + spatial_);
    extents.push_back(channels_);
    llvm::SmallVector<int64_t> in_steps, weight_steps(extents.size(), 1);
    for (size_t i = 0; i < spatial_; ++i) in_steps.push_back(op_.getDilation()[i] * steps_[i]);
    in_steps.push_back(1);
    weight_steps.back() = row;
    for (size_t i = spatial_; i-- > 0;) weight_steps[i] = weight_steps[i + 1] * extents[i + 1];

    Emitter::Carried sums = zeros(e_, tile, element_);
    int64_t depth = 1;
    for (int64_t extent : extents) depth *= extent;
    if (depth <= kUnrolledDepth) {
      for (int64_t k = 0; k < depth; ++k) {
        int64_t rest = k, from = 0;
        for (size_t i = extents.size(); i-- > 0; rest /= extents[i]) from += rest % extents[i] * in_steps[i];
        sums = step(e_.add(corner, from), e_.add(first_weight, k * row), sums);
      }
      return sums;
    }
    return e_.nest(extents, sums, [&](llvm::ArrayRef<Value> k, mlir::ValueRange now) {
      Value at = corner, weight = first_weight;
      for (size_t i = 0; i < k.size(); ++i) {
        at = e_.add(at, e_.mul(k[i], in_steps[i]));
        weight = e_.add(weight, e_.mul(k[i], weight_steps[i]));
      }
      return step(at, weight, now);
    });
  }

  Kernel& kernel_;
  Emitter& e_;
  hk::ConvOp op_;
  llvm::ArrayRef<int64_t> domain_, window_;
  size_t spatial_;
  int64_t groups_, channels_, features_;  // channels and features of one group
  Value input_, weights_;
  int64_t lanes_;
  mlir::Type element_;
  llvm::SmallVector<int64_t> steps_;
};

}  // namespace

llvm::SmallVector<int64_t> spatial_steps(llvm::ArrayRef<int64_t> shape) {
  llvm::SmallVector<int64_t> steps(shape.size() - 2, shape.back());
  for (size_t i = steps.size() - 1; i-- > 0;) steps[i] = steps[i + 1] * shape[i + 2];
  return steps;
}

Emitter::Carried multiply_add_lanes(Emitter& e, const Tile& tile, mlir::ValueRange accumulators,
                                    llvm::function_ref<Value(int64_t, int64_t)> left,
                                    llvm::function_ref<Value(int64_t)> right) {
  mlir::Type type = mlir::getElementTypeOrSelf(accumulators[0].getType());
  bool is_float = llvm::isa<mlir::FloatType>(type);
  auto widened = [&](Value value) { return is_float ? e.to_float(value, type) : value; };
  Emitter::Carried columns, next;
  for (int64_t v = 0; v < tile.vectors; ++v) columns.push_back(widened(right(v)));
  for (int64_t r = 0; r < tile.rows; ++r)
    for (int64_t v = 0; v < tile.vectors; ++v) {
      Value x = widened(left(r, v)), sum = accumulators[r * tile.vectors + v];
      if (is_float)
        next.push_back(mlir::vector::FMAOp::create(e.b, e.loc, x, columns[v], sum));
      else
        next.push_back(
            mlir::arith::AddIOp::create(e.b, e.loc, sum, mlir::arith::MulIOp::create(e.b, e.loc, x, columns[v])));
    }
  return next;
}

void emit_conv(Kernel& kernel, hk::ConvOp op) { Convolution(kernel, op).emit(); }

}  // namespace hornbeam::codegen
