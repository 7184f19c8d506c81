// hk.conv_kernel_grad: the gradient by the kernel, image after image. Rows of a tile are kernel positions and channels
// (position, c), flattened: with few of them all are one tile, else a tile is a block of channels at one position.
// Lanes are output channels, or, in a depthwise convolution, groups.
#include "codegen/cpu/kernels/conv.h"

namespace hornbeam::codegen {
namespace {

using mlir::Value;
namespace arith = mlir::arith;

// An image's cotangents are added up in parts of about this many: the rounding errors of a sum grow with what has come
// together in it.
constexpr int64_t kPart = 32;

class KernelGradient {
 public:
  KernelGradient(Kernel& kernel, hk::ConvKernelGradOp op)
      : kernel_(kernel),
        e_(kernel.e),
        op_(op),
        in_(op.getInputShape()),
        out_(op.getOutputShape()),
        spatial_(op.getStrides().size()),
        window_(op.getDomain().take_front(op.getStrides().size())),
        groups_(op.getGroups()),
        channels_(in_.back() / groups_),
        features_(out_.back() / groups_),
        on_groups_(op.getLanesOnGroups()),
        input_(kernel.argument(op.getInput())),
        cotangent_(kernel.argument(op.getCotangent())),
        sums_(kernel.argument(op.getSums())),
        lanes_(kernel.lanes()),
        tile_rows_(op.getTile()[0]) {
    element_ = llvm::cast<mlir::MemRefType>(input_.getType()).getElementType();
    steps_ = spatial_steps(in_);
    all_rows_ = channels_;
    for (int64_t extent : window_) all_rows_ *= extent;
  }

  void emit() {
    if (!op_.getParts()) return emit_images(e_.index(0), e_.index(in_[0]), /*shared=*/kernel_.thread != nullptr);
    int64_t parts = *op_.getParts(), size = 1;
    for (int64_t extent : op_.getDomain()) size *= extent;
    auto [begin, end] = kernel_.share(parts);
    e_.loop(begin, end, 1, [&](Value part) {
      auto first_image = [&](Value of) -> Value {
        return arith::DivUIOp::create(e_.b, e_.loc, e_.mul(of, in_[0]), e_.index(parts));
      };
      sums_at_ = e_.mul(part, size);
      emit_images(first_image(part), first_image(e_.add(part, 1)), /*shared=*/false);
    });
  }

 private:
  // The sums of some images, at least one. Shared: by threads, by their blocks.
  void emit_images(Value first, Value end_image, bool shared) {
    int64_t columns = on_groups_ ? groups_ : features_, width = op_.getTile()[1] * lanes_;
    int64_t column_tiles = (columns + width - 1) / width, row_tiles = one_tile() ? 1 : all_rows_ / tile_rows_;
    int64_t others = on_groups_ ? features_ : groups_;
    // Threads share what there is most of.
    bool by_others = shared && others >= std::max(row_tiles, column_tiles) && others > 1;
    bool by_rows = shared && !by_others && row_tiles >= column_tiles;
    Value none;
    auto [row_begin, row_end] = by_rows ? kernel_.share(row_tiles) : std::pair(e_.index(0), e_.index(row_tiles));
    auto [column_begin, column_end] =
        shared && !by_rows && !by_others ? kernel_.share(column_tiles) : std::pair(none, none);
    auto [other_begin, other_end] = by_others ? kernel_.share(others) : std::pair(none, none);

    // This thread's blocks.
    auto blocks = [&, row_begin = row_begin, row_end = row_end, column_begin = column_begin, column_end = column_end,
                   other_begin = other_begin, other_end = other_end](llvm::function_ref<void(const Block&)> visit) {
      auto part = [&](Value other) {
        over_tiles(e_, columns, width, column_begin, column_end, [&](Value f, int64_t count) {
          e_.loop(row_begin, row_end, 1, [&](Value tile) { visit(block_at(tile, other, f, count)); });
        });
      };
      if (other_begin) return e_.loop(other_begin, other_end, 1, part);
      e_.loop(0, others, 1, part);
    };
    auto one_image = [&](Value image, bool start) {
      blocks([&](const Block& block) { add_image(image, block, start); });
    };
    one_image(first, true);
    if (in_[0] > 1) e_.loop(e_.add(first, 1), end_image, 1, [&](Value image) { one_image(image, false); });
    if (!op_.getParts()) blocks([&](const Block& block) { finish(block); });
  }

  struct Block {
    Value first;           // its first row
    Value corner;          // that row's place in the input, from the corner of the window
    Value group, feature;  // of its first column
    Tile tile;
  };
  bool one_tile() const { return tile_rows_ == all_rows_; }

  // Row numbers of kernel position i, and back.
  llvm::SmallVector<Value> split(Value position) {
    llvm::SmallVector<Value> at(spatial_);
    for (size_t i = spatial_; i-- > 1;) {
      at[i] = arith::RemUIOp::create(e_.b, e_.loc, position, e_.index(window_[i]));
      position = arith::DivUIOp::create(e_.b, e_.loc, position, e_.index(window_[i]));
    }
    at[0] = position;
    return at;
  }
  int64_t offset_of(int64_t row) {  // of a row, from the corner of the window
    int64_t offset = row % channels_;
    row /= channels_;
    for (size_t i = spatial_; i-- > 0; row /= window_[i]) offset += row % window_[i] * op_.getDilation()[i] * steps_[i];
    return offset;
  }

  Block block_at(Value tile, Value other, Value f, int64_t columns) {
    Block block;
    block.tile = {tile_rows_, (columns + lanes_ - 1) / lanes_, lanes_, columns % lanes_};
    block.group = on_groups_ ? f : other;
    block.feature = on_groups_ ? other : f;
    if (one_tile()) {
      block.first = block.corner = e_.index(0);
      return block;
    }
    int64_t per_position = channels_ / tile_rows_;
    block.first = e_.mul(tile, tile_rows_);
    llvm::SmallVector<Value> at = split(arith::DivUIOp::create(e_.b, e_.loc, tile, e_.index(per_position)));
    block.corner = e_.mul(arith::RemUIOp::create(e_.b, e_.loc, tile, e_.index(per_position)), tile_rows_);
    for (size_t i = 0; i < spatial_; ++i)
      block.corner = e_.add(block.corner, e_.mul(at[i], op_.getDilation()[i] * steps_[i]));
    return block;
  }

  // Where the sums of a row's vector lie: contiguous along the lanes.
  Value place(const Block& block, int64_t r, int64_t v) {
    Value row = e_.add(block.first, r);
    if (sums_at_) return e_.add(place_in_kernel(block, row, v), sums_at_);
    return place_in_kernel(block, row, v);
  }
  Value place_in_kernel(const Block& block, Value row, int64_t v) {
    if (on_groups_) {
      Value at = e_.add(e_.mul(e_.add(e_.mul(row, features_), block.feature), groups_), block.group);
      return e_.add(at, v * lanes_);
    }
    Value at = e_.add(e_.mul(row, features_ * groups_), block.feature);
    if (groups_ > 1) at = e_.add(at, e_.mul(block.group, features_));
    return e_.add(at, v * lanes_);
  }

  // A tile's sums over the places of one image, part by part. The parts depend on the shape alone.
  using Term = llvm::function_ref<Emitter::Carried(llvm::ArrayRef<Value>, mlir::ValueRange)>;
  Emitter::Carried image_sums(const Tile& tile, Term term) {
    llvm::ArrayRef<int64_t> extents = out_.slice(1, spatial_);
    int64_t places = 1;
    for (int64_t extent : extents) places *= extent;
    Emitter::Carried start = zeros(e_, tile, element_);
    if (places <= 2 * kPart) return e_.nest(extents, start, term);
    // Rows of an image are whole unless they are long.
    size_t cut = spatial_ > 1 && extents.back() <= 2 * kPart ? spatial_ - 2 : spatial_ - 1;
    int64_t step = cut + 1 == spatial_ ? kPart : std::max<int64_t>(kPart / extents.back(), 1);
    return e_.nest(extents.take_front(cut), start, [&](llvm::ArrayRef<Value> outer, mlir::ValueRange totals) {
      llvm::SmallVector<Value> at(outer);
      auto part = [&](Value first, int64_t count, mlir::ValueRange now) {
        llvm::SmallVector<int64_t> inner{count};
        llvm::append_range(inner, extents.drop_front(cut + 1));
        Emitter::Carried sums = e_.nest(inner, start, [&](llvm::ArrayRef<Value> place, mlir::ValueRange sum) {
          llvm::SmallVector<Value> whole(at);
          whole.push_back(e_.add(first, place[0]));
          llvm::append_range(whole, place.drop_front());
          return term(whole, sum);
        });
        for (auto [sum, total] : llvm::zip(sums, now)) sum = arith::AddFOp::create(e_.b, e_.loc, total, sum);
        return sums;
      };
      int64_t rest = extents[cut] % step, full = extents[cut] - rest;
      Emitter::Carried sums(totals);
      if (full)
        sums = e_.loop(e_.index(0), e_.index(full), step, totals,
                       [&](Value first, mlir::ValueRange now) { return part(first, step, now); });
      return rest ? part(e_.index(full), rest, sums) : sums;
    });
  }

  // Adds one image's products to a block of the sums.
  void add_image(Value image, const Block& block, bool start) {
    const Tile& tile = block.tile;
    llvm::ArrayRef<int64_t> held = op_.getCotangentIn().value_or(out_);
    int64_t image_size = 1, out_size = 1, start_at = 0;
    for (int64_t dim : in_.drop_front()) image_size *= dim;
    for (int64_t dim : held.drop_front()) out_size *= dim;
    llvm::SmallVector<int64_t> out_steps = spatial_steps(held);
    if (op_.getCotangentStart())
      for (size_t i = 0; i < spatial_; ++i) start_at += (*op_.getCotangentStart())[i] * out_steps[i];
    Value base = e_.add(e_.mul(image, image_size), block.corner);
    Value out_base = e_.add(e_.add(e_.mul(image, out_size), block.feature), start_at);
    if (groups_ > 1) {
      base = e_.add(base, e_.mul(block.group, channels_));
      out_base = e_.add(out_base, e_.mul(block.group, features_));
    }
    Emitter::Carried part = image_sums(tile, [&](llvm::ArrayRef<Value> at, mlir::ValueRange now) {
      Value pixel = base, from = out_base;
      for (size_t i = 0; i < spatial_; ++i) {
        pixel = e_.add(pixel, e_.mul(at[i], op_.getStrides()[i] * steps_[i]));
        from = e_.add(from, e_.mul(at[i], out_steps[i]));
      }
      auto row = [&](int64_t r) { return one_tile() ? offset_of(r) : r; };
      int64_t apart = on_groups_ ? features_ : 1;
      auto cotangents = [&](int64_t v) {
        return e_.load_lanes(cotangent_, e_.add(from, v * lanes_ * apart), apart, lanes_, tile_mask(e_, tile, v));
      };
      if (!on_groups_)
        return multiply_add(
            e_, tile, now, [&](int64_t r) { return e_.load_scalar(input_, e_.add(pixel, row(r))); }, cotangents);
      return multiply_add_lanes(
          e_, tile, now,
          [&](int64_t r, int64_t v) {
            return e_.load_lanes(input_, e_.add(pixel, row(r) + v * lanes_ * channels_), channels_, lanes_,
                                 tile_mask(e_, tile, v));
          },
          cotangents);
    });
    for (int64_t r = 0; r < tile.rows; ++r)
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Value value = part[r * tile.vectors + v], mask = tile_mask(e_, tile, v), at = place(block, r, v);
        if (!start) value = arith::AddFOp::create(e_.b, e_.loc, value, e_.load_vector(sums_, at, lanes_, mask));
        e_.store_vector(value, sums_, at, mask);
      }
  }

  // The epilogue over the finished sums.
  void finish(const Block& block) {
    for (int64_t r = 0; r < block.tile.rows; ++r)
      for (int64_t v = 0; v < block.tile.vectors; ++v) {
        Value row = e_.add(block.first, r);
        Points points;
        points.index = split(arith::DivUIOp::create(e_.b, e_.loc, row, e_.index(channels_)));
        points.index.push_back(arith::RemUIOp::create(e_.b, e_.loc, row, e_.index(channels_)));
        if (groups_ > 1) points.index.push_back(on_groups_ ? e_.add(block.group, v * lanes_) : block.group);
        points.index.push_back(on_groups_ ? block.feature : e_.add(block.feature, v * lanes_));
        points.axis = static_cast<int>(points.index.size()) - (on_groups_ ? 2 : 1);
        points.lanes = lanes_;
        points.mask = tile_mask(e_, block.tile, v);
        Value sum = e_.load_vector(sums_, place(block, r, v), lanes_, points.mask);
        kernel_.finish(op_, e_.to_float(sum, element_), points);
      }
  }

  Kernel& kernel_;
  Emitter& e_;
  hk::ConvKernelGradOp op_;
  llvm::ArrayRef<int64_t> in_, out_;
  size_t spatial_;
  llvm::ArrayRef<int64_t> window_;
  int64_t groups_, channels_, features_;  // channels and features of one group
  bool on_groups_;
  Value input_, cotangent_, sums_;
  Value sums_at_;  // where the sums of this part begin; null: at the start
  int64_t lanes_, tile_rows_, all_rows_;
  mlir::Type element_;
  llvm::SmallVector<int64_t> steps_;
};

}  // namespace

void emit_conv_kernel_grad(Kernel& kernel, hk::ConvKernelGradOp op) { KernelGradient(kernel, op).emit(); }

}  // namespace hornbeam::codegen
