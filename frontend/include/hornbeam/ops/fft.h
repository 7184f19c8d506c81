// Fourier transforms along the last axis; names and arguments as keras.ops. Complex tensors are pairs (ops/complex.h).
// A length is cut into its factors, each of which is a product with a small matrix; a prime length is one product.
#pragma once

#include <optional>
#include <string>

#include <hornbeam/ops/complex.h>

namespace hornbeam::ops {

Complex fft(const Complex& x);   // sum over j of x[j] e^(-2 pi i j k / n)
Complex ifft(const Complex& x);  // the inverse
Complex fft2(const Complex& x);  // along the last two axes
Complex ifft2(const Complex& x);
// Of real numbers, cut or filled up with zeros to fft_length: the fft_length / 2 + 1 first coefficients, and back.
Complex rfft(const Tensor& x, std::optional<int64_t> fft_length = {});
Tensor irfft(const Complex& x, std::optional<int64_t> fft_length = {});

// The spectra of windows of `sequence_length` elements, `sequence_stride` apart: [..., T] → [..., windows,
// fft_length / 2 + 1]. window "hann", "hamming" (periodic), "" for none, or a vector of sequence_length. With `center`,
// x is reflected at its ends first.
Complex stft(const Tensor& x, int64_t sequence_length, int64_t sequence_stride, int64_t fft_length,
             const std::string& window = "hann", bool center = true);
Complex stft(const Tensor& x, int64_t sequence_length, int64_t sequence_stride, int64_t fft_length,
             const Tensor& window, bool center = true);
// Back: overlapping windows are added, and divided by the sum of the squared windows.
Tensor istft(const Complex& x, int64_t sequence_length, int64_t sequence_stride, int64_t fft_length,
             std::optional<int64_t> length = {}, const std::string& window = "hann", bool center = true);

}  // namespace hornbeam::ops
