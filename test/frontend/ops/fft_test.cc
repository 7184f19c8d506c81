// Fourier transforms of lengths of every kind against the sum that defines them, and there and back.
#include <hornbeam/ops/fft.h>

#include <gtest/gtest.h>

#include <cmath>
#include <complex>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;

Array noise(Shape shape, int seed) {
  Array x(DType::float64, std::move(shape));
  for (int64_t i = 0; i < x.num_elements(); ++i) x.set(i, std::sin(static_cast<double>(i * i % 1009 + seed * 31)));
  return x;
}

// One product; two, three factors; a prime beyond the matrices' size; a prime times a factor.
const int64_t kLengths[] = {1, 2, 7, 64, 100, 128, 67, 134, 8192};

TEST(Fft, IsTheSumThatDefinesIt) {
  for (int64_t n : kLengths) {
    if (n > 1000) continue;
    Array real = noise({2, n}, 1), imag = noise({2, n}, 2);
    std::vector<Array> y = evaluated(
        [](const Tensors& t) -> Tensors {
          ops::Complex y = ops::fft({t[0], t[1]});
          return {y.real, y.imag};
        },
        {real, imag});
    for (int64_t row : {0, 1})
      for (int64_t k = 0; k < n; ++k) {
        std::complex<double> sum = 0;
        for (int64_t j = 0; j < n; ++j)
          sum += std::complex<double>(real.get(row * n + j), imag.get(row * n + j)) *
                 std::polar(1.0, -2 * M_PI * static_cast<double>(j * k % n) / static_cast<double>(n));
        EXPECT_NEAR(y[0].get(row * n + k), sum.real(), 1e-9) << n;
        EXPECT_NEAR(y[1].get(row * n + k), sum.imag(), 1e-9) << n;
      }
  }
}

TEST(Fft, ComesBack) {
  for (int64_t n : kLengths) {
    Array x = noise({n}, 3);
    Array y = evaluated([&](const Tensors& t) -> Tensors { return ops::irfft(ops::rfft(t.single()), n); }, x)[0];
    Array z = evaluated(
        [](const Tensors& t) -> Tensors {
          return ops::ifft(ops::fft({t[0], t[1]})).imag;
        },
        {x, noise({n}, 4)})[0];
    Array w = noise({n}, 4);
    for (int64_t i = 0; i < n; ++i) {
      EXPECT_NEAR(y.get(i), x.get(i), 1e-9) << n;
      EXPECT_NEAR(z.get(i), w.get(i), 1e-9) << n;
    }
  }
}

TEST(Stft, ComesBack) {
  Array x = noise({2, 96}, 5);
  for (bool center : {true, false}) {
    Array y = evaluated(
        [&](const Tensors& t) -> Tensors {
          return ops::istft(ops::stft(t.single(), 16, 4, 16, "hann", center), 16, 4, 16, 96, "hann", center);
        },
        x)[0];
    ASSERT_EQ(y.shape(), x.shape());
    // Without centering a hann window gives nothing of the ends back.
    for (int64_t i = center ? 0 : 1; i < 96 - !center; ++i) EXPECT_NEAR(y.get(i), x.get(i), 1e-9) << i;
  }
}

TEST(Stft, RefusesWindowsThatDoNotFit) {
  Array x = noise({40}, 6);
  auto refused = [&](auto function, const char* part) {
    expect_error([&] { evaluated([&](const Tensors& t) -> Tensors { return function(t.single()).real; }, x); }, part);
  };
  refused([](const Tensor& t) { return ops::stft(t, 16, 4, 8); }, "`fft_length` must equal or larger");
  refused([](const Tensor& t) { return ops::stft(t, 8, 4, 8, "kaiser"); }, "must be one of");
  refused([](const Tensor& t) { return ops::stft(t, 8, 4, 8, Tensor(noise({5}, 1))); }, "shape of `window`");
}

}  // namespace
}  // namespace hornbeam
