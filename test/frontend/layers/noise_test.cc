// Layers of random numbers: what they keep on average, what they drop together, and that other calls leave the input
// alone.
#include <gtest/gtest.h>
#include <hornbeam/layers/alpha_dropout.h>
#include <hornbeam/layers/gaussian_dropout.h>
#include <hornbeam/layers/gaussian_noise.h>
#include <hornbeam/layers/spatial_dropout.h>

#include <cmath>

#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam::layers {
namespace {

using testing::at;
using testing::evaluated;
using testing::random_array;

Array trained(const LayerPtr& layer, const Array& x) {
  return evaluated([&](const Tensors& in) { return layer->invoke(in, {.training = true}); }, Arrays(x),
                   layer->variables())
      .at(0);
}

struct Moments {
  double mean = 0, deviation = 0;
};

Moments moments(const Array& x) {
  Moments m;
  auto n = static_cast<double>(x.num_elements());
  for (float v : x.as<float>()) m.mean += v / n;
  for (float v : x.as<float>()) m.deviation += (v - m.mean) * (v - m.mean) / n;
  m.deviation = std::sqrt(m.deviation);
  return m;
}

TEST(NoiseLayers, AddNormalNumbers) {
  Array zeros(DType::float32, {100, 200});
  Array y = trained(GaussianNoise({.stddev = 0.5, .seed = 3}).shared(), zeros);
  Moments m = moments(y);
  EXPECT_NEAR(m.mean, 0, 0.02);
  EXPECT_NEAR(m.deviation, 0.5, 0.02);
  // Two of three within one deviation, one of three hundred beyond three: a normal distribution.
  double within = 0, beyond = 0;
  for (float v : y.as<float>()) {
    within += std::abs(v) < 0.5;
    beyond += std::abs(v) > 1.5;
  }
  EXPECT_NEAR(within / 20000, 0.6827, 0.01);
  EXPECT_NEAR(beyond / 20000, 0.0027, 0.0015);
}

TEST(NoiseLayers, MultiplyByNormalNumbers) {
  Array ones(DType::float32, {100, 200});
  for (float& v : ones.mutable_as<float>()) v = 1;
  Moments m = moments(trained(GaussianDropout({.rate = 0.2, .seed = 3}).shared(), ones));
  EXPECT_NEAR(m.mean, 1, 0.02);
  EXPECT_NEAR(m.deviation, std::sqrt(0.2 / 0.8), 0.02);
}

TEST(NoiseLayers, KeepMeanAndVarianceWithAlphaDropout) {
  // Standard normal numbers: what selu gives on average.
  Array x = trained(GaussianNoise({.stddev = 1, .seed = 4}).shared(), Array(DType::float32, {200, 200}));
  Moments m = moments(trained(AlphaDropout({.rate = 0.3, .seed = 3}).shared(), x));
  EXPECT_NEAR(m.mean, 0, 0.03);
  EXPECT_NEAR(m.deviation, 1, 0.03);
}

TEST(NoiseLayers, DropWholeChannels) {
  Array ones(DType::float32, {50, 4, 3, 8});
  for (float& v : ones.mutable_as<float>()) v = 1;
  for (const char* format : {"channels_last", "channels_first"}) {
    bool last = std::string(format) == "channels_last";
    Array y = trained(SpatialDropout2D({.rate = 0.25, .seed = 3, .data_format = format}).shared(), ones);
    int64_t dropped = 0, channels = last ? 8 : 4;
    for (int64_t n = 0; n < 50; ++n)
      for (int64_t c = 0; c < channels; ++c) {
        auto element = [&](int64_t i) { return at(y, n * 96 + (last ? i * 8 + c : c * 24 + i)); };
        float first = element(0);
        EXPECT_TRUE(first == 0 || std::abs(first - 4.0f / 3) < 1e-6) << first;
        for (int64_t i = 0; i < 96 / channels; ++i) ASSERT_EQ(element(i), first) << format;
        dropped += first == 0;
      }
    EXPECT_NEAR(static_cast<double>(dropped) / static_cast<double>(50 * channels), 0.25, 0.08) << format;
  }
}

TEST(NoiseLayers, DifferFromCallToCallAndLeaveInferenceAlone) {
  Array x = random_array({4, 6, 8}, 1);
  for (const LayerPtr& layer :
       {GaussianNoise({.stddev = 0.5, .seed = 3}).shared(), GaussianDropout({.rate = 0.5, .seed = 3}).shared(),
        AlphaDropout({.rate = 0.5, .seed = 3}).shared(), SpatialDropout1D({.rate = 0.5, .seed = 3}).shared()}) {
    Array first = trained(layer, x), second = trained(layer, x);
    EXPECT_NE(0, std::memcmp(first.data(), second.data(), first.bytes())) << layer->class_name();
    Array same = evaluated([&](const Tensors& in) { return layer->invoke(in); }, Arrays(x), layer->variables()).at(0);
    testing::expect_same_bits(same, x);
  }
}

}  // namespace
}  // namespace hornbeam::layers
