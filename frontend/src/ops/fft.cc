// Fourier transforms by Cooley and Tukey's splitting, the parts as products with matrices of cosines and sines.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/fft.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/shape.h>

#include <cmath>

#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

// Lengths up to this one are one product.
constexpr int64_t kLargestMatrix = 64;

// cos and sin of 2 pi j k / n for j < rows, k < columns.
struct Circle {
  Tensor cosine, sine;
};
Circle circle(int64_t n, int64_t rows, int64_t columns, DType dtype) {
  Array cosine(DType::float64, {rows, columns}), sine(DType::float64, {rows, columns});
  for (int64_t j = 0; j < rows; ++j)
    for (int64_t k = 0; k < columns; ++k) {
      double angle = 2 * M_PI * static_cast<double>(j * k % n) / static_cast<double>(n);
      cosine.set(j * columns + k, std::cos(angle));
      sine.set(j * columns + k, std::sin(angle));
    }
  return {to_dtype(Tensor(cosine), dtype), to_dtype(Tensor(sine), dtype)};
}

int64_t largest_factor(int64_t n) {  // at most kLargestMatrix; 1 if there is none
  for (int64_t f = std::min(kLargestMatrix, n - 1); f > 1; --f)
    if (n % f == 0) return f;
  return 1;
}

Complex reshaped(const Complex& x, const Shape& shape) { return {reshape(x.real, shape), reshape(x.imag, shape)}; }
Complex swapped(const Complex& x) { return {swapaxes(x.real, -1, -2), swapaxes(x.imag, -1, -2)}; }

// Along the last axis; `sign` is -1 of the transform, +1 of the inverse (which still is to be divided by n).
Complex transform(const Complex& x, double sign) {
  int64_t n = x.real.shape()[-1];
  if (n <= 1) return x;
  int64_t first = largest_factor(n);
  if (n <= kLargestMatrix || first == 1) {
    Circle w = circle(n, n, n, x.real.dtype());
    Tensor rc = matmul(x.real, w.cosine), rs = matmul(x.real, w.sine), ic = matmul(x.imag, w.cosine),
           is = matmul(x.imag, w.sine);
    return sign < 0 ? Complex{add(rc, is), subtract(ic, rs)} : Complex{subtract(rc, is), add(ic, rs)};
  }
  // j = j1 second + j2, k = k1 + first k2.
  int64_t second = n / first;
  Shape split(List(x.real.shape().begin(), x.real.shape().end() - 1)), whole = x.real.shape();
  split.push_back(first), split.push_back(second);
  Complex inner = transform(swapped(reshaped(x, split)), sign);  // [j2, k1]
  Circle twiddle = circle(n, second, first, x.real.dtype());
  inner = inner * Complex{twiddle.cosine, sign < 0 ? negative(twiddle.sine) : twiddle.sine};
  Complex outer = transform(swapped(inner), sign);  // [k1, k2]
  return reshaped(swapped(outer), whole);
}

Complex scaled(const Complex& x, double factor) { return {multiply(x.real, factor), multiply(x.imag, factor)}; }

// Both parts as floats of one dtype.
Complex floats(const Xs& x, const char* op) {
  if (x[0].shape() != x[1].shape() || x[0].rank() < 1)
    throw ValueError(std::string("[") + op +
                     "] The real and imaginary parts must have one shape of at least one axis. Received: " +
                     x[0].shape().to_string() + " and " + x[1].shape().to_string());
  DType dtype = result_type({x[0], x[1]});
  if (!is_float(dtype)) dtype = config::floatx();
  return {to_dtype(x[0], dtype), to_dtype(x[1], dtype)};
}

template <class F>
Complex complex_op(const char* keras_name, const char* op, const Complex& x, F body) {
  Xs both = apply_many(keras_name, {x.real, x.imag}, Config::object(), [=](const Xs& t) {
    Complex y = body(floats(t, op));
    return Xs{y.real, y.imag};
  });
  return {both[0], both[1]};
}

Complex along_two(const Complex& x, double sign) {
  if (x.real.rank() < 2)
    throw ValueError("[fft2] At least two axes are needed. Received: shape " + x.real.shape().to_string());
  return swapped(transform(swapped(transform(x, sign)), sign));
}

// Cut, or filled up with zeros, to n along the last axis.
Tensor fitted(const Tensor& x, int64_t n) {
  int64_t axis = x.rank() - 1, size = x.shape()[axis];
  if (size >= n) return part(x, axis, 0, n);
  std::vector<std::pair<int64_t, int64_t>> widths(x.rank(), {0, 0});
  widths[axis] = {0, n - size};
  return pad(x, widths);
}

Complex half_spectrum(const Tensor& x) {
  int64_t n = x.shape()[-1], bins = n / 2 + 1;
  if (n <= kLargestMatrix || largest_factor(n) == 1) {
    Circle w = circle(n, n, bins, x.dtype());
    return {matmul(x, w.cosine), negative(matmul(x, w.sine))};
  }
  Complex all = transform({x, zeros_like(x)}, -1);
  int64_t axis = x.rank() - 1;
  return {part(all.real, axis, 0, bins), part(all.imag, axis, 0, bins)};
}

// The real sequence of n elements with this half of a spectrum.
Tensor from_half_spectrum(const Complex& x, int64_t n) {
  int64_t bins = n / 2 + 1, axis = x.real.rank() - 1;
  Tensor real = fitted(x.real, bins), imag = fitted(x.imag, bins);
  double scale = 1.0 / static_cast<double>(n);
  if (n <= kLargestMatrix || largest_factor(n) == 1) {
    // Every coefficient but the first (and the middle one) stands for its mirror image, too.
    Array twice(DType::float64, {bins});
    for (int64_t k = 0; k < bins; ++k) twice.set(k, scale * (k == 0 || 2 * k == n ? 1 : 2));
    Tensor weights = to_dtype(Tensor(twice), real.dtype());
    Circle w = circle(n, bins, n, real.dtype());
    return subtract(matmul(multiply(real, weights), w.cosine), matmul(multiply(imag, weights), w.sine));
  }
  int64_t mirrored = n - bins;
  Tensor more_real = flip(part(real, axis, 1, 1 + mirrored), -1),
         more_imag = flip(part(imag, axis, 1, 1 + mirrored), -1);
  // Of coefficients that are their own mirror image the imaginary part does not count.
  Array counts(DType::float64, {bins});
  for (int64_t k = 0; k < bins; ++k) counts.set(k, k == 0 || 2 * k == n ? 0 : 1);
  imag = multiply(imag, to_dtype(Tensor(counts), imag.dtype()));
  Complex full{concatenate({real, more_real}, -1), concatenate({imag, negative(more_imag)}, -1)};
  return multiply(transform(full, 1).real, scale);
}

// A window of sequence_length in the middle of fft_length zeros.
Tensor placed_window(const std::string& name, const Tensor& given, int64_t sequence_length, int64_t fft_length,
                     DType dtype) {
  if (fft_length < sequence_length)
    throw ValueError("`fft_length` must equal or larger than `sequence_length`. Received: sequence_length=" +
                     std::to_string(sequence_length) + ", fft_length=" + std::to_string(fft_length));
  int64_t low = (fft_length - sequence_length) / 2;
  if (given) {
    if (given.shape() != Shape{sequence_length})
      throw ValueError("The shape of `window` must be equal to [sequence_length]. Received: window shape=" +
                       given.shape().to_string());
    return pad(to_dtype(given, dtype), {{low, fft_length - sequence_length - low}});
  }
  if (name != "hann" && name != "hamming" && !name.empty())
    throw ValueError(
        "If a string is passed to `window`, it must be one of `\"hann\"`, `\"hamming\"`. Received: window=" + name);
  Array values(DType::float64, {fft_length});
  for (int64_t i = 0; i < fft_length; ++i) {
    double turn = 2 * M_PI * static_cast<double>(i - low) / static_cast<double>(sequence_length);
    bool inside = i >= low && i < low + sequence_length;
    // No window at all is one of the whole length.
    values.set(i, name.empty()     ? 1
                  : !inside        ? 0
                  : name == "hann" ? 0.5 - 0.5 * std::cos(turn)
                                   : 0.54 - 0.46 * std::cos(turn));
  }
  return to_dtype(Tensor(values), dtype);
}

Complex stft_with(const Tensor& x, int64_t sequence_length, int64_t sequence_stride, int64_t fft_length,
                  const std::string& name, const Tensor& window, bool center) {
  Config arguments = Config::object({{"sequence_length", sequence_length},
                                     {"sequence_stride", sequence_stride},
                                     {"fft_length", fft_length},
                                     {"window", name},
                                     {"center", center}});
  Xs inputs{x};
  if (window) inputs.push_back(window);
  Xs both = apply_many("STFT", inputs, arguments, [=](const Xs& t) {
    if (t[0].dtype() != DType::float32 && t[0].dtype() != DType::float64)
      throw TypeError("Invalid input type. Expected `float32` or `float64`. Received: input type=" +
                      std::string(name_of(t[0].dtype())));
    Tensor in = t[0];
    if (center) {
      std::vector<std::pair<int64_t, int64_t>> widths(in.rank(), {0, 0});
      widths.back() = {fft_length / 2, fft_length / 2};
      in = pad(in, widths, "reflect");
    }
    Tensor factors = placed_window(name, t.size() > 1 ? t[1] : Tensor(), sequence_length, fft_length, in.dtype());
    Complex y = half_spectrum(multiply(extract_sequences(in, fft_length, sequence_stride), factors));
    return Xs{y.real, y.imag};
  });
  return {both[0], both[1]};
}

// The sum of frames [..., F, n] that begin `stride` apart: [..., (F - 1) * stride + n]. Each frame is cut into pieces
// of `stride`; piece number p of all frames together is shifted by p pieces.
Tensor overlap_add(const Tensor& frames, int64_t stride) {
  int64_t rank = frames.rank(), count = frames.shape()[-2], n = frames.shape()[-1];
  int64_t pieces = (n + stride - 1) / stride, length = (count - 1) * stride + n;
  Tensor padded = fitted(frames, pieces * stride), total;
  Shape joined(List(frames.shape().begin(), frames.shape().end() - 2));
  joined.push_back(count * stride);
  for (int64_t p = 0; p < pieces; ++p) {
    Tensor row = reshape(part(padded, rank - 1, p * stride, (p + 1) * stride), joined);
    std::vector<std::pair<int64_t, int64_t>> widths(row.rank(), {0, 0});
    widths.back() = {p * stride, (pieces - 1 - p) * stride};
    row = pad(row, widths);
    total = total ? add(total, row) : row;
  }
  return part(total, total.rank() - 1, 0, length);
}

}  // namespace

Complex fft(const Complex& x) {
  return complex_op("FFT", "fft", x, [](const Complex& x) { return transform(x, -1); });
}
Complex ifft(const Complex& x) {
  return complex_op("IFFT", "ifft", x, [](const Complex& x) {
    return scaled(transform(x, 1), 1.0 / static_cast<double>(x.real.shape()[-1]));
  });
}
Complex fft2(const Complex& x) {
  return complex_op("FFT2", "fft2", x, [](const Complex& x) { return along_two(x, -1); });
}
Complex ifft2(const Complex& x) {
  return complex_op("IFFT2", "ifft2", x, [](const Complex& x) {
    const Shape& shape = x.real.shape();
    return scaled(along_two(x, 1), 1.0 / static_cast<double>(shape[-1] * shape[-2]));
  });
}

Complex rfft(const Tensor& x, std::optional<int64_t> fft_length) {
  Xs both = apply_many("RFFT", {x}, Config::object({{"fft_length", fft_length}}), [=](const Xs& t) {
    Tensor in = to_float(t[0]);
    if (in.rank() < 1) throw ValueError("[rfft] At least one axis is needed. Received: a scalar");
    Complex y = half_spectrum(fitted(in, fft_length.value_or(in.shape()[-1])));
    return Xs{y.real, y.imag};
  });
  return {both[0], both[1]};
}
Tensor irfft(const Complex& x, std::optional<int64_t> fft_length) {
  return apply("IRFFT", {x.real, x.imag}, Config::object({{"fft_length", fft_length}}), [=](const Xs& t) {
    Complex in = floats(t, "irfft");
    return from_half_spectrum(in, fft_length.value_or(2 * (in.real.shape()[-1] - 1)));
  });
}

Complex stft(const Tensor& x, int64_t sequence_length, int64_t sequence_stride, int64_t fft_length,
             const std::string& window, bool center) {
  return stft_with(x, sequence_length, sequence_stride, fft_length, window, {}, center);
}
Complex stft(const Tensor& x, int64_t sequence_length, int64_t sequence_stride, int64_t fft_length,
             const Tensor& window, bool center) {
  return stft_with(x, sequence_length, sequence_stride, fft_length, "", window, center);
}

Tensor istft(const Complex& x, int64_t sequence_length, int64_t sequence_stride, int64_t fft_length,
             std::optional<int64_t> length, const std::string& window, bool center) {
  Config arguments = Config::object({{"sequence_length", sequence_length},
                                     {"sequence_stride", sequence_stride},
                                     {"fft_length", fft_length},
                                     {"length", length},
                                     {"window", window},
                                     {"center", center}});
  return apply("ISTFT", {x.real, x.imag}, arguments, [=](const Xs& t) {
    Complex in = floats(t, "istft");
    if (in.real.rank() < 2)
      throw ValueError("Input `x` must have at least 2 dimensions. Received shape: " + in.real.shape().to_string());
    DType dtype = in.real.dtype();
    Tensor factors = placed_window(window, {}, sequence_length, fft_length, dtype);
    Tensor frames = multiply(from_half_spectrum(in, fft_length), factors);
    Tensor total = overlap_add(frames, sequence_stride);
    // What the windows alone would add up to.
    Shape alone{in.real.shape()[-2], fft_length};
    Tensor weight = overlap_add(to_shape(multiply(factors, factors), alone), sequence_stride);
    total = divide(total, where(greater(weight, 1e-10), weight, 1));
    // Keras' scale without a window.
    if (window.empty()) total = multiply(total, static_cast<double>(fft_length) / static_cast<double>(sequence_stride));
    int64_t axis = total.rank() - 1, start = center ? fft_length / 2 : 0, all = total.shape()[axis];
    int64_t stop = length ? start + *length : center ? all - fft_length / 2 : all;
    return part(total, axis, std::min(start, all), std::clamp(stop, start, all));
  });
}

}  // namespace hornbeam::ops
