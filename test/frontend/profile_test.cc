// Profiles of models: which layers are named, what they cost, and that a profiled model is as it was.
#include <hornbeam/profile.h>

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/config.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/conv.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/layers/lstm.h>
#include <hornbeam/sequential.h>

#include "test/support/expect_error.h"
#include "test/support/temporary_folder.h"
#include "test/frontend/arrays_support.h"

namespace hornbeam {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using hornbeam::testing::random_array;

const LayerTime* find(const Profile& profile, const std::string& layer, bool gradient = false) {
  for (const LayerTime& time : profile.layers)
    if (time.layer == layer && time.gradient == gradient) return &time;
  return nullptr;
}

Sequential make_mlp() {
  Sequential model({Input({24}), layers::Dense({.units = 40, .activation = "relu", .name = "wide"}),
                    layers::Dropout({.rate = 0.2, .name = "drop"}), layers::Dense({.units = 3, .name = "out"})});
  model.compile({.optimizer = "adam", .loss = "mse", .metrics = {"mae"}});
  return model;
}

TEST(ProfileFit, NamesEveryLayerInBothDirections) {
  Sequential model = make_mlp();
  Array x = random_array({100, 24}, 1), y = random_array({100, 3}, 2);
  Profile profile = profile_fit(model, x, y, {.batch_size = 16, .steps = 10});
  EXPECT_EQ(profile.step, "train_step");
  EXPECT_EQ(profile.steps, 10);
  const LayerTime *wide = find(profile, "wide"), *out = find(profile, "out"), *back = find(profile, "out", true);
  ASSERT_TRUE(wide && out && back && find(profile, "wide", true) && find(profile, "(data)")) << profile.table();
  // The product of 16 rows and what is computed with it.
  EXPECT_GE(wide->flops, 2.0 * 16 * 24 * 40 + 2 * 16 * 40);
  EXPECT_LT(wide->flops, 2.0 * 16 * 24 * 40 * 1.7);
  EXPECT_GE(out->flops, 2.0 * 16 * 40 * 3);
  // By the kernel, with the optimizer's update, and by x.
  EXPECT_GE(back->flops, 2 * 2.0 * 16 * 40 * 3);
  bool updates = find(profile, "(optimizer)") != nullptr;
  for (const LayerTime& layer : profile.layers) {
    EXPECT_GT(layer.seconds, 0) << layer.layer;
    updates |= std::find(layer.with.begin(), layer.with.end(), "(optimizer)") != layer.with.end();
  }
  EXPECT_TRUE(updates) << profile.table();
  double sum = 0, kernels = 0;
  for (const LayerTime& layer : profile.layers) sum += layer.seconds;
  for (const KernelTime& kernel : profile.kernels) kernels += kernel.seconds;
  EXPECT_NEAR(sum, profile.step_seconds, 1e-12);
  EXPECT_NEAR(kernels, profile.step_seconds, 1e-12);
  EXPECT_GT(profile.peak_flops, 1e9);
  EXPECT_GT(profile.peak_bytes_per_second, 1e8);
}

TEST(ProfileFit, LeavesTheModelAsItWas) {
  Sequential model = make_mlp();
  Array x = random_array({64, 24}, 1), y = random_array({64, 3}, 2);
  model.fit(x, y, {.epochs = 2, .verbose = 0, .seed = 5});
  std::vector<Array> before = model.get_weights();
  const double iterations = model.optimizer()->iterations().value().get(0);
  profile_fit(model, x, y, {.batch_size = 8, .steps = 4});
  profile_predict(model, x, {.batch_size = 8, .steps = 4});
  std::vector<Array> after = model.get_weights();
  for (size_t i = 0; i < before.size(); ++i)
    for (int64_t j = 0; j < before[i].num_elements(); ++j) ASSERT_EQ(before[i].get(j), after[i].get(j));
  EXPECT_EQ(model.optimizer()->iterations().value().get(0), iterations);
  EXPECT_FALSE(model.stop_training());
  EXPECT_EQ(model.fit(x, y, {.epochs = 2, .verbose = 0}).epoch.size(), 2u);
}

TEST(ProfileFit, BuildsWhatIsNotBuilt) {
  Sequential model({layers::Dense({.units = 2, .name = "only"})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  Profile profile = profile_fit(model, random_array({32, 4}, 1), random_array({32, 2}, 2), {.steps = 3});
  EXPECT_TRUE(find(profile, "only"));
  EXPECT_EQ(model.optimizer()->iterations().value().get(0), 0);
}

TEST(ProfileFit, SeesFusedStepsConvolutionsAndLoops) {
  Sequential model({Input({6, 6, 2}), layers::Conv2D({.filters = 4, .kernel_size = 3, .name = "conv"}),
                    layers::BatchNormalization({.name = "norm"}), layers::Flatten(), layers::Dense({.units = 2})});
  model.compile({.optimizer = "sgd", .loss = "mse", .steps_per_execution = 4});
  Profile profile = profile_fit(model, random_array({64, 6, 6, 2}, 1), random_array({64, 2}, 2),
                                {.batch_size = 8, .steps = 8});
  EXPECT_EQ(profile.steps % 4, 0);
  const LayerTime* conv = find(profile, "conv");
  ASSERT_TRUE(conv) << profile.table();
  EXPECT_GE(conv->flops, 2.0 * 8 * 4 * 4 * 4 * 18);
  EXPECT_LT(conv->flops, 2.0 * 8 * 4 * 4 * 4 * 18 * 1.5);

  Sequential recurrent({Input({10, 3}), layers::LSTM({.units = 5, .name = "memory"})});
  recurrent.compile({.optimizer = "sgd", .loss = "mse"});
  Profile loop = profile_predict(recurrent, random_array({16, 10, 3}, 1), {.batch_size = 16, .steps = 3});
  const LayerTime* memory = nullptr;
  for (const LayerTime& layer : loop.layers)
    if (layer.layer.starts_with("memory")) memory = &layer;
  ASSERT_TRUE(memory) << loop.table();
  bool repeats = false;
  for (const KernelTime& kernel : loop.kernels) repeats |= kernel.calls == 10;
  EXPECT_TRUE(repeats);
}

TEST(ProfileFit, WritesATableJsonAndATrace) {
  Sequential model = make_mlp();
  Array x = random_array({64, 24}, 1), y = random_array({64, 3}, 2);
  Profile profile = profile_fit(model, x, y, {.batch_size = 16, .steps = 5});
  EXPECT_THAT(profile.table(), HasSubstr("train_step, batch of 16"));
  EXPECT_THAT(profile.table(), HasSubstr("wide'"));
  Config json = Config::parse(profile.to_json());
  EXPECT_EQ(json["steps"].as_int(), 5);
  ASSERT_EQ(json["layers"].as_array().size(), profile.layers.size());
  double shares = 0;
  for (const Config& layer : json["layers"].as_array()) {
    shares += layer.find("share_of_time")->as_double();
    EXPECT_GE(layer.find("share_of_peak_flops")->as_double(), 0);
  }
  EXPECT_NEAR(shares, 1, 1e-9);

  test::TemporaryFolder folder;
  profile.save_trace(folder / "trace.json");
  Config trace = Config::parse(profile.trace_json());
  size_t calls = 0;
  for (const Config& event : trace["traceEvents"].as_array()) {
    if (event.find("ph")->as_string() != "X") continue;
    ++calls;
    EXPECT_GE(event.find("dur")->as_double(), 0);
    EXPECT_FALSE(event.find("name")->as_string().empty());
  }
  EXPECT_EQ(calls, profile.events.size());
  EXPECT_GE(calls, 5u * 3);
  EXPECT_THROW(profile.save_trace("/no/such/folder/trace.json"), IOError);
}

TEST(ProfileFit, SaysWhatDoesNotFit) {
  Sequential model = make_mlp();
  Array x = random_array({10, 24}, 1), y = random_array({10, 3}, 2);
  EXPECT_ERROR(profile_fit(model, x, y, {.batch_size = 16}), ValueError,
               "profile_fit: the data must have the rows of one batch");
  EXPECT_ERROR(profile_fit(model, x, y, {.batch_size = 5, .steps = 0}), ValueError, "steps=0");
  Sequential bare({Input({24}), layers::Dense({.units = 3})});
  EXPECT_ERROR(profile_fit(bare, x, y, {.batch_size = 5}), ValueError, "compile()");
}

}  // namespace
}  // namespace hornbeam
