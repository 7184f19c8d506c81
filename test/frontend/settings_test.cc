// keras.config's settings, and the scopes of names and devices. The expected values are Keras 3.15.1's.
#include <hornbeam/settings.h>

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/constraints/unit_norm.h>
#include <hornbeam/device_scope.h>
#include <hornbeam/layers/adaptive_pooling.h>
#include <hornbeam/layers/center_crop.h>
#include <hornbeam/layers/conv.h>
#include <hornbeam/layers/conv_lstm.h>
#include <hornbeam/layers/cropping.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/depthwise_conv.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/layers/global_pooling.h>
#include <hornbeam/layers/pooling.h>
#include <hornbeam/layers/rescaling.h>
#include <hornbeam/layers/resizing.h>
#include <hornbeam/layers/separable_conv.h>
#include <hornbeam/layers/spatial_dropout.h>
#include <hornbeam/layers/stft_spectrogram.h>
#include <hornbeam/layers/up_sampling.h>
#include <hornbeam/layers/zero_padding.h>
#include <hornbeam/loss.h>
#include <hornbeam/metrics/f1_score.h>
#include <hornbeam/metrics/mean.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/image.h>
#include <hornbeam/ops/normalization.h>
#include <hornbeam/ops/products.h>
#include <hornbeam/random/distributions.h>
#include <hornbeam/sequential.h>

#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;
using testing::expect_error;

// What a test sets is Keras' default again afterwards.
class Settings : public ::testing::Test {
 protected:
  void TearDown() override {
    config::set_epsilon(1e-7);
    config::set_floatx("float32");
    config::set_image_data_format("channels_last");
    config::set_max_epochs({});
    config::set_max_steps_per_epoch({});
    config::enable_interactive_logging();
    DTypePolicy::reset_default();
  }
};

TEST_F(Settings, AreKerasDefaults) {
  EXPECT_EQ(config::epsilon(), 1e-7);
  EXPECT_EQ(config::floatx(), DType::float32);
  EXPECT_EQ(config::image_data_format(), "channels_last");
  EXPECT_FALSE(config::max_epochs());
  EXPECT_FALSE(config::max_steps_per_epoch());
  EXPECT_TRUE(config::is_interactive_logging_enabled());
}

TEST_F(Settings, EpsilonIsWhatLossesMetricsAndOpsTake) {
  config::set_epsilon(1e-2);
  Array t = Array::of<float>({2, 3}, {1, 0, 0, 0, 1, 0}), p = Array::of<float>({2, 3}, {0, 0.5, 0.5, 0.2, 0.8, 0});
  const std::pair<const char*, double> losses[] = {{"categorical_crossentropy", 2.414156913757324},
                                                   {"binary_crossentropy", 1.0746335983276367},
                                                   {"poisson", 1.1359819173812866},
                                                   {"kl_divergence", 2.360058069229126},
                                                   {"mean_absolute_percentage_error", 2020.0},
                                                   {"mean_squared_logarithmic_error", 0.1367390900850296},
                                                   {"dice", 0.6009975671768188},
                                                   {"tversky", 0.6019900441169739},
                                                   {"categorical_focal_crossentropy", 0.5653066635131836}};
  for (const auto& [name, expected] : losses) {
    Loss loss(name);
    EXPECT_NEAR((*loss)(Tensor(t), Tensor(p)).array().get(0), expected, std::abs(expected) * 1e-5) << name;
  }
  Array small = Array::of<float>({2, 2}, {3e-3f, 4e-3f, 0, 0});
  EXPECT_THAT(ops::normalize(Tensor(small)).array().as<float>(),
              ElementsAre(FloatNear(0.3, 1e-6), FloatNear(0.4, 1e-6), 0, 0));
  Array w = Array::of<float>({2, 2}, {3, 4, 0, 0});
  EXPECT_THAT(constraints::UnitNorm().call(Tensor(w)).array().as<float>(),
              ElementsAre(FloatNear(0.9966777, 1e-6), FloatNear(0.9975062, 1e-6), 0, 0));
  metrics::F1Score score({.average = "macro"});
  score.update_state(Tensor(t), Tensor(p), {});
  EXPECT_NEAR(score.result().array().get(0), 0.2192765325307846, 1e-6);
}

TEST_F(Settings, FloatxIsTheDtypeOfWhatIsMade) {
  for (DType dtype : {DType::float64, DType::float16, DType::bfloat16}) {
    config::set_floatx(dtype);
    layers::Dense dense({.units = 2});
    dense.ensure_built(Shape{kUnknown, 3});
    EXPECT_EQ(dense.dtype_policy().name(), name_of(dtype));
    EXPECT_EQ(dense.weights()[0].dtype(), dtype);
    EXPECT_EQ(Variable(VariableOptions{}).dtype(), dtype);
    EXPECT_EQ(metrics::Mean({}).variables()[0].dtype(), dtype);
    EXPECT_EQ(Loss("mse")->dtype(), dtype);
    EXPECT_EQ(ops::zeros({2}).dtype(), dtype);
    EXPECT_EQ(ops::one_hot(Tensor(Array::of<int32_t>({1}, {1})), 3).dtype(), dtype);
    EXPECT_EQ(random::normal({2}).dtype(), dtype);
    Tensor integers(Array::of<int32_t>({1}, {4}));
    EXPECT_EQ(ops::sqrt(integers).dtype(), dtype);
    EXPECT_EQ((integers + 2.5).dtype(), dtype);
    // Keras leaves these at float32.
    EXPECT_EQ(ops::mean(integers).dtype(), DType::float32);
    EXPECT_EQ(Input({2}).dtype(), DType::float32);
  }
  EXPECT_EQ((Tensor(Array::of<float>({1}, {4})) + 2.5).dtype(), DType::float32);
}

TEST_F(Settings, FloatxDoesNotOverruleADefaultPolicy) {
  DTypePolicy::set_default("mixed_bfloat16");
  config::set_floatx("float64");
  EXPECT_EQ(layers::Dense({.units = 2}).dtype_policy().name(), "mixed_bfloat16");
  // Losses and metrics go by floatx alone.
  EXPECT_EQ(metrics::Mean({}).dtype(), DType::float64);
  EXPECT_EQ(Loss("mse")->dtype(), DType::float64);
  clear_session();
  EXPECT_EQ(layers::Dense({.units = 2}).dtype_policy().name(), "float64");
}

template <class L>
std::string format_of(const L& layer) {
  Config config = layer.config();
  const Config* format = config.find("data_format");
  return format ? format->as_string() : "none";
}

TEST_F(Settings, ImageDataFormatIsTheLayersDefault) {
  config::set_image_data_format("channels_first");
  using namespace layers;
  const std::string first = "channels_first";
  EXPECT_EQ(format_of(Conv1D({.filters = 3, .kernel_size = 2})), first);
  EXPECT_EQ(format_of(Conv2D({.filters = 3, .kernel_size = 2})), first);
  EXPECT_EQ(format_of(DepthwiseConv2D({.kernel_size = 2})), first);
  EXPECT_EQ(format_of(SeparableConv1D({.filters = 2, .kernel_size = 2})), first);
  EXPECT_EQ(format_of(ConvLSTM2D({.filters = 2, .kernel_size = 2})), first);
  EXPECT_EQ(format_of(MaxPooling2D()), first);
  EXPECT_EQ(format_of(AveragePooling1D({.pool_size = 2})), first);
  EXPECT_EQ(format_of(GlobalAveragePooling2D()), first);
  EXPECT_EQ(format_of(AdaptiveAveragePooling2D({.output_size = 2})), first);
  EXPECT_EQ(format_of(UpSampling2D()), first);
  EXPECT_EQ(format_of(ZeroPadding1D()), first);
  EXPECT_EQ(format_of(ZeroPadding2D()), first);
  EXPECT_EQ(format_of(Cropping2D()), first);
  EXPECT_EQ(format_of(SpatialDropout2D({.rate = 0.1})), first);
  EXPECT_EQ(format_of(Flatten()), first);
  EXPECT_EQ(format_of(Resizing({.height = 2, .width = 2})), first);
  EXPECT_EQ(format_of(CenterCrop({.height = 2, .width = 2})), first);
  EXPECT_EQ(format_of(STFTSpectrogram()), first);
  // These have no such option.
  EXPECT_EQ(format_of(Cropping1D()), "none");
  EXPECT_EQ(format_of(UpSampling1D()), "none");
  EXPECT_EQ(format_of(SpatialDropout1D({.rate = 0.1})), "none");
  // A file that says null means the default, too.
  Config config = Conv2D({.filters = 3, .kernel_size = 2}).config();
  config["data_format"] = nullptr;
  EXPECT_EQ(format_of(Conv2D::from_config(config)), first);
}

TEST_F(Settings, ImageDataFormatIsTheOpsDefault) {
  config::set_image_data_format("channels_first");
  Array x(DType::float32, {1, 1, 4, 4});
  for (int64_t i = 0; i < 16; ++i) x.set(i, static_cast<double>(i));
  Array pooled = ops::max_pool(Tensor(x), {2}).array();
  EXPECT_EQ(pooled.shape(), Shape({1, 1, 2, 2}));
  EXPECT_THAT(pooled.as<float>(), ElementsAre(5, 7, 13, 15));
  Array ones(DType::float32, {1, 3, 2, 2});
  for (int64_t i = 0; i < 12; ++i) ones.set(i, 1);
  layers::Rescaling rescaling({.scale = {1.0, 2.0, 3.0}});
  EXPECT_THAT(rescaling(Tensor(ones)).array().as<float>(), ElementsAre(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3));
  // What is made of other ops keeps their meaning: a blur, a correlation, a spectrogram.
  EXPECT_EQ(ops::image::gaussian_blur(Tensor(ones)).shape(), ones.shape());
  EXPECT_THAT(ops::correlate(Tensor(Array::of<float>({3}, {1, 2, 3})), Tensor(Array::of<float>({2}, {0, 1})), "valid")
                  .array().as<float>(),
              ElementsAre(2, 3));
}

TEST_F(Settings, RefuseWhatIsUnknown) {
  expect_error([] { config::set_image_data_format("x"); }, "Received: data_format=x");
  expect_error([] { config::set_floatx("x"); }, "Unknown `floatx` value: x");
  expect_error([] { config::set_floatx("int32"); }, "Unknown `floatx` value: int32");
  expect_error([] { config::set_floatx(DType::boolean); }, "Unknown `floatx` value: bool");
  expect_error([] { config::set_max_epochs(0); }, "max_epochs=0");
  expect_error([] { config::set_max_steps_per_epoch(-1); }, "max_steps_per_epoch=-1");
}

TEST_F(Settings, EpochsAndStepsAreCapped) {
  config::set_max_epochs(2);
  config::set_max_steps_per_epoch(3);
  Sequential model({Input({2}), layers::Dense({.units = 1})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  Array x = testing::random_array({40, 2}, 1), y = testing::random_array({40, 1}, 2);
  History history = model.fit(x, y, {.epochs = 5, .batch_size = 4, .verbose = 0, .validation_data = {x, y}});
  EXPECT_EQ(history["loss"].size(), 2u);
  EXPECT_EQ(history["val_loss"].size(), 2u);
  EXPECT_EQ(model.optimizer()->iterations().value().as<int32_t>()[0], 6);
  EXPECT_EQ(model.predict(x, {.batch_size = 4, .verbose = 0})[0].shape(), Shape({12, 1}));
  // An endless dataset ends, too.
  Dataset endless = Dataset::from_arrays(x, y).repeat().batch(4);
  model.fit(endless, {.epochs = 1, .verbose = 0});
  EXPECT_EQ(model.optimizer()->iterations().value().as<int32_t>()[0], 9);
  // A limit above what was asked for changes nothing.
  config::set_max_epochs(9);
  config::set_max_steps_per_epoch(100);
  EXPECT_EQ(model.fit(x, y, {.epochs = 1, .batch_size = 4, .verbose = 0})["loss"].size(), 1u);
  EXPECT_EQ(model.optimizer()->iterations().value().as<int32_t>()[0], 19);
}

TEST_F(Settings, WithoutInteractiveLoggingMessagesGoToStderr) {
  Sequential model({Input({2}), layers::Dense({.units = 1})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  Array x = testing::random_array({8, 2}, 1), y = testing::random_array({8, 1}, 2);
  auto run = [&] {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    model.fit(x, y, {.epochs = 2, .verbose = 2});
    std::string out = ::testing::internal::GetCapturedStdout();
    return std::pair(out, ::testing::internal::GetCapturedStderr());
  };
  auto [out, err] = run();
  EXPECT_THAT(out, ::testing::HasSubstr("Epoch 2/2"));
  EXPECT_EQ(err, "");
  config::disable_interactive_logging();
  EXPECT_FALSE(config::is_interactive_logging_enabled());
  auto [quiet, log] = run();
  EXPECT_EQ(quiet, "");
  EXPECT_THAT(log, ::testing::HasSubstr("Epoch 2/2"));
  EXPECT_EQ(Verbose("auto").level(), 2);
  clear_session();
  EXPECT_TRUE(config::is_interactive_logging_enabled());
}

TEST(NameScopes, StandBeforeVariablePaths) {
  layers::Dense dense({.units = 2, .name = "dense"});
  {
    NameScope scope("a");
    dense.ensure_built(Shape{kUnknown, 3});
    EXPECT_EQ(Variable({.name = "v"}).path(), "a/v");
  }
  EXPECT_EQ(dense.weights()[0].path(), "a/dense/kernel");
  EXPECT_EQ(dense.path(), "a/dense");
  EXPECT_EQ(Variable({.name = "v"}).path(), "v");
  expect_error([] { NameScope scope("a/b"); }, "cannot contain character `/`. Received: name=a/b");
}

TEST(DeviceScopes, KnowTheProcessorAlone) {
  for (const char* name : {"cpu:0", "cpu", "CPU:0"}) {
    DeviceScope scope(name);
    EXPECT_EQ(DeviceScope::current(), "cpu:0");
    EXPECT_THAT((Tensor(Array::of<float>({1}, {2})) + 1).array().as<float>(), ElementsAre(3));
  }
  for (const char* name : {"gpu:0", "cpu:3", "nope", ""})
    expect_error([&] { DeviceScope scope(name); }, "Device not found: '" + std::string(name) +
                                                       "'. Available devices are ['cpu:0']");
}

TEST(ClearSession, StartsNamesAnewAndKeepsModels) {
  clear_session();
  EXPECT_EQ(layers::Dense({.units = 1}).name(), "dense");
  EXPECT_EQ(layers::Dense({.units = 1}).name(), "dense_1");
  Sequential model({Input({2}), layers::Dense({.units = 1, .kernel_initializer = "ones"})});
  Array x = Array::of<float>({1, 2}, {2, 3});
  EXPECT_EQ(model.predict(x, {.verbose = 0})[0].get(0), 5);
  EXPECT_EQ((Tensor(x) + 1).array().get(0), 3);
  clear_session();
  EXPECT_EQ(layers::Dense({.units = 1}).name(), "dense");
  EXPECT_EQ(model.predict(x, {.verbose = 0})[0].get(0), 5);
  EXPECT_EQ((Tensor(x) + 1).array().get(0), 3);
}

}  // namespace
}  // namespace hornbeam
