// hk.conv and hk.conv_kernel_grad: direct convolutions on NHWC, without im2col. A tile is a segment of an output row
// (or a block of kernel positions and channels) times vectors of output channels.
#include "codegen/cpu/kernels/kernels.h"
#include "codegen/cpu/kernels/tile.h"

namespace hornbeam::codegen {
namespace {

using mlir::Value;

// A depth up to this is written out without loops.
constexpr int64_t kUnrolledDepth = 32;

}  // namespace

void emit_conv(Kernel& kernel, hk::ConvOp op) {
  Emitter& e = kernel.e;
  llvm::ArrayRef<int64_t> domain = op.getDomain(), in = op.getInputShape(), window = op.getKernelShape();
  llvm::ArrayRef<int64_t> strides = op.getStrides(), dilation = op.getDilation();
  int64_t images = domain[0], height = domain[1], width = domain[2], features = domain[3], channels = in[3];
  Value input = kernel.argument(op.getInput()), weights = kernel.argument(op.getKernel());
  mlir::Type element = llvm::cast<mlir::MemRefType>(input.getType()).getElementType();
  int64_t tile_rows = op.getTile()[0], tile_vectors = op.getTile()[1], lanes = kernel.lanes();
  const int64_t row_stride = in[2] * channels;

  auto tile_at = [&](Value image, Value y, Value x, int64_t pixels, Value f, int64_t columns) {
    Tile tile{pixels, (columns + lanes - 1) / lanes, lanes, columns % lanes};
    Value corner = e.add(e.add(e.mul(image, in[1] * row_stride), e.mul(y, strides[0] * row_stride)),
                         e.mul(x, strides[1] * channels));
    // One step of the depth at kernel position (ky, kx) and channel c: `at` in the input, `weight` in the kernel.
    auto step = [&](Value at, Value weight, mlir::ValueRange now) {
      return multiply_add(
          e, tile, now, [&](int64_t r) { return e.load_scalar(input, e.add(at, r * strides[1] * channels)); },
          [&](int64_t v) { return e.load_vector(weights, e.add(weight, v * lanes), lanes, tile_mask(e, tile, v)); });
    };
    Emitter::Carried sums = zeros(e, tile, element);
    if (window[0] * window[1] * channels <= kUnrolledDepth) {
      for (int64_t ky = 0; ky < window[0]; ++ky)
        for (int64_t kx = 0; kx < window[1]; ++kx)
          for (int64_t c = 0; c < channels; ++c)
            sums = step(e.add(corner, ky * dilation[0] * row_stride + kx * dilation[1] * channels + c),
                        e.add(f, ((ky * window[1] + kx) * channels + c) * features), sums);
    } else {
      sums = e.nest({window[0], window[1], channels}, sums, [&](llvm::ArrayRef<Value> k, mlir::ValueRange now) {
        Value at = e.add(e.add(corner, e.mul(k[0], dilation[0] * row_stride)),
                         e.add(e.mul(k[1], dilation[1] * channels), k[2]));
        Value weight = e.add(e.add(e.mul(k[0], window[1] * channels * features), e.mul(k[1], channels * features)),
                             e.add(e.mul(k[2], features), f));
        return step(at, weight, now);
      });
    }
    for (int64_t r = 0; r < pixels; ++r)
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Points points;
        points.index = {image, y, e.add(x, r), e.add(f, v * lanes)};
        points.axis = 3;
        points.lanes = lanes;
        points.mask = tile_mask(e, tile, v);
        kernel.finish(op, e.to_float(sums[r * tile.vectors + v], element), points);
      }
  };

  Value none;
  bool by_image = kernel.thread && images > 1;
  auto image_rows = [&](Value image) {
    over_tiles(e, features, tile_vectors * lanes, none, none, [&](Value f, int64_t columns) {
      auto row = [&](Value y) {
        over_tiles(e, width, tile_rows, none, none,
                   [&](Value x, int64_t pixels) { tile_at(image, y, x, pixels, f, columns); });
      };
      if (kernel.thread && !by_image) {
        auto [begin, end] = kernel.share(height);
        return e.loop(begin, end, 1, row);
      }
      e.loop(0, height, 1, row);
    });
  };
  if (by_image) {
    auto [begin, end] = kernel.share(images);
    return e.loop(begin, end, 1, image_rows);
  }
  e.loop(0, images, 1, image_rows);
}

void emit_conv_kernel_grad(Kernel& kernel, hk::ConvKernelGradOp op) {
  Emitter& e = kernel.e;
  llvm::ArrayRef<int64_t> domain = op.getDomain(), in = op.getInputShape(), out = op.getOutputShape();
  llvm::ArrayRef<int64_t> strides = op.getStrides(), dilation = op.getDilation();
  int64_t images = in[0], channels = in[3], features = out[3];
  Value input = kernel.argument(op.getInput()), cotangent = kernel.argument(op.getCotangent());
  Value sums = kernel.argument(op.getSums());
  mlir::Type element = llvm::cast<mlir::MemRefType>(input.getType()).getElementType();
  int64_t lanes = kernel.lanes();
  const int64_t row_stride = in[2] * channels;

  // Rows of the tile are kernel positions and channels (ky, kx, c), flattened: with few of them all are one tile, else
  // a tile is a block of channels at one position.
  int64_t all_rows = domain[0] * domain[1] * domain[2];
  int64_t tile_rows = op.getTile()[0], tile_vectors = op.getTile()[1];
  bool one_tile = tile_rows == all_rows;
  auto input_offset = [&](int64_t row) {  // of flattened row `row`, from the corner of the window
    int64_t c = row % channels, kx = row / channels % domain[1], ky = row / channels / domain[1];
    return ky * dilation[0] * row_stride + kx * dilation[1] * channels + c;
  };

  // Adds one image's products to the block of `sums` that starts at row `first` (kernel position at `corner`) and
  // column f.
  auto block = [&](Value image, Value first, Value corner, int64_t rows, Value f, int64_t columns, bool start) {
    Tile tile{rows, (columns + lanes - 1) / lanes, lanes, columns % lanes};
    auto place = [&](int64_t r, int64_t v) { return e.add(e.mul(e.add(first, r), features), e.add(f, v * lanes)); };
    Value base = e.add(e.mul(image, in[1] * row_stride), corner);
    Value out_base = e.add(e.mul(image, out[1] * out[2] * features), f);
    Emitter::Carried part =
        e.nest({out[1], out[2]}, zeros(e, tile, element), [&](llvm::ArrayRef<Value> at, mlir::ValueRange now) {
          Value pixel = e.add(base, e.add(e.mul(at[0], strides[0] * row_stride), e.mul(at[1], strides[1] * channels)));
          Value from = e.add(out_base, e.add(e.mul(at[0], out[2] * features), e.mul(at[1], features)));
          return multiply_add(
              e, tile, now,
              [&](int64_t r) { return e.load_scalar(input, e.add(pixel, one_tile ? input_offset(r) : r)); },
              [&](int64_t v) {
                return e.load_vector(cotangent, e.add(from, v * lanes), lanes, tile_mask(e, tile, v));
              });
        });
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Value value = part[r * tile.vectors + v], mask = tile_mask(e, tile, v);
        if (!start)
          value = mlir::arith::AddFOp::create(e.b, e.loc, value, e.load_vector(sums, place(r, v), lanes, mask));
        if (mask)
          mlir::vector::MaskedStoreOp::create(e.b, e.loc, sums, mlir::ValueRange{place(r, v)}, mask, value);
        else
          mlir::vector::StoreOp::create(e.b, e.loc, value, sums, mlir::ValueRange{place(r, v)});
      }
  };
  int64_t column_tiles = (features + tile_vectors * lanes - 1) / (tile_vectors * lanes);
  int64_t row_tiles = one_tile ? 1 : domain[0] * domain[1] * (channels / tile_rows);
  bool by_rows = kernel.thread && row_tiles >= column_tiles;
  Value none;
  auto [row_begin, row_end] = by_rows ? kernel.share(row_tiles) : std::pair(e.index(0), e.index(row_tiles));
  auto [column_begin, column_end] = kernel.thread && !by_rows ? kernel.share(column_tiles) : std::pair(none, none);

  // This thread's blocks: visit(first row, corner offset in the input, rows, f, columns).
  auto blocks = [&](llvm::function_ref<void(Value, Value, int64_t, Value, int64_t)> visit) {
    over_tiles(e, features, tile_vectors * lanes, column_begin, column_end, [&](Value f, int64_t columns) {
      e.loop(row_begin, row_end, 1, [&](Value tile) {
        if (one_tile) return visit(e.index(0), e.index(0), tile_rows, f, columns);
        namespace arith = mlir::arith;
        int64_t per_position = channels / tile_rows;
        Value position = arith::DivUIOp::create(e.b, e.loc, tile, e.index(per_position));
        Value c = e.mul(arith::RemUIOp::create(e.b, e.loc, tile, e.index(per_position)), tile_rows);
        Value ky = arith::DivUIOp::create(e.b, e.loc, position, e.index(domain[1]));
        Value kx = arith::RemUIOp::create(e.b, e.loc, position, e.index(domain[1]));
        Value corner = e.add(e.add(e.mul(ky, dilation[0] * row_stride), e.mul(kx, dilation[1] * channels)), c);
        visit(e.mul(tile, tile_rows), corner, tile_rows, f, columns);
      });
    });
  };
  auto one_image = [&](Value image, bool start) {
    blocks([&](Value first, Value corner, int64_t rows, Value f, int64_t columns) {
      block(image, first, corner, rows, f, columns, start);
    });
  };
  one_image(e.index(0), true);
  if (images > 1) e.loop(e.index(1), e.index(images), 1, [&](Value image) { one_image(image, false); });

  // The epilogue over the finished sums.
  blocks([&](Value first, Value, int64_t rows, Value f, int64_t columns) {
    Tile tile{rows, (columns + lanes - 1) / lanes, lanes, columns % lanes};
    namespace arith = mlir::arith;
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Value row = e.add(first, r);
        Points points;
        Value position = arith::DivUIOp::create(e.b, e.loc, row, e.index(channels));
        points.index = {arith::DivUIOp::create(e.b, e.loc, position, e.index(domain[1])),
                        arith::RemUIOp::create(e.b, e.loc, position, e.index(domain[1])),
                        arith::RemUIOp::create(e.b, e.loc, row, e.index(channels)), e.add(f, v * lanes)};
        points.axis = 3;
        points.lanes = lanes;
        points.mask = tile_mask(e, tile, v);
        Value at = e.add(e.mul(row, features), e.add(f, v * lanes));
        kernel.finish(op, e.to_float(e.load_vector(sums, at, lanes, points.mask), element), points);
      }
  });
}

}  // namespace hornbeam::codegen
