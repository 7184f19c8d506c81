// ModelCheckpoint: when it saves, under which names (as Keras 3.15 did for the same calls), and that what it saved
// loads.
#include <hornbeam/callbacks/model_checkpoint.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/saving.h>
#include <hornbeam/sequential.h>

#include "frontend/src/callbacks/path_pattern.h"
#include "test/support/temporary_folder.h"

namespace hornbeam::callbacks {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(PathPattern, IsFilledInAsPythonDoes) {
  const Logs logs = {{"loss", -0.03125}, {"val_loss", 0.12567}};
  auto fill = [&](const std::string& pattern) { return fill_in(pattern, {{"epoch", 3}}, logs, "ModelCheckpoint"); };
  EXPECT_EQ(fill("{epoch:02d}-{val_loss:.2f}"), "03-0.13");
  EXPECT_EQ(
      fill("{epoch:4d}|{loss}|{loss:8.3f}|{loss:08.3f}|{loss:.3e}|{loss:.1%}|{loss:g}|{epoch:.1f}|{{x}}|{loss:.3}"),
      "   3|-0.03125|  -0.031|-000.031|-3.125e-02|-3.1%|-0.03125|3.0|{x}|-0.0312");
  EXPECT_EQ(fill("plain.keras"), "plain.keras");
  for (const auto& [pattern, words] :
       {std::pair("{acc:.2f}", "there is no value 'acc'. There are: epoch, loss, val_loss"),
        std::pair("{epoch:x}", "the format of {epoch:x} is not understood"),
        std::pair("{loss:d}", "asks for an integer"), std::pair("{epoch", "brace"), std::pair("epoch}", "brace"),
        std::pair("{epoch:9999d}", "not understood")})
    try {
      fill(pattern);
      ADD_FAILURE() << pattern;
    } catch (const ValueError& error) {
      EXPECT_THAT(error.what(), HasSubstr(words));
    }
}

class ModelCheckpointTest : public testing::Test {
 protected:
  ModelCheckpointTest() : model_({Input({2}), layers::Dense({.units = 1})}) {
    model_.compile({.optimizer = optimizers::Adam({.learning_rate = 0.1}),
                    .loss = losses::MeanSquaredError(),
                    .metrics = {"mae"}});
    model_.optimizer()->build(model_.trainable_weights());
  }

  Names saved() const {
    Names names;
    if (fs::exists(folder_))
      for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  Names after_epochs(ModelCheckpointOptions options, const std::vector<double>& losses) {
    options.filepath = folder_ + "/{epoch}.keras";
    options.monitor = "loss";
    ModelCheckpoint callback(options);
    callback.set_model(&model_);
    for (size_t epoch = 0; epoch < losses.size(); ++epoch) {
      callback.on_epoch_begin(static_cast<int64_t>(epoch), {});
      callback.on_epoch_end(static_cast<int64_t>(epoch), {{"loss", losses[epoch]}});
    }
    return saved();
  }
  Names after_batches(int64_t frequency, const std::vector<int64_t>& ends, int64_t epochs) {
    ModelCheckpoint callback({.filepath = folder_ + "/{epoch:02d}_{batch:03d}.keras", .save_freq = frequency});
    callback.set_model(&model_);
    for (int64_t epoch = 0; epoch < epochs; ++epoch) {
      callback.on_epoch_begin(epoch, {});
      for (int64_t batch : ends) callback.on_train_batch_end(batch, {{"loss", 1.0}});
      callback.on_epoch_end(epoch, {{"loss", 1.0}});
    }
    Names names = saved();
    fs::remove_all(folder_);
    return names;
  }
  test::TemporaryFolder temporary_;
  std::string folder_ = temporary_ / "checkpoints";  // not there yet
  Sequential model_;
};

TEST_F(ModelCheckpointTest, SavesEachEpoch) {
  EXPECT_THAT(after_epochs({}, {3, 2, 2.5}), ElementsAre("1.keras", "2.keras", "3.keras"));
}

TEST_F(ModelCheckpointTest, SavesTheBestOnly) {
  EXPECT_THAT(after_epochs({.save_best_only = true}, {3, 2, 2, 1, std::nan(""), 0.5}),
              ElementsAre("1.keras", "2.keras", "4.keras", "6.keras"));
}

TEST_F(ModelCheckpointTest, TheFirstHasToBeatTheThreshold) {
  EXPECT_THAT(after_epochs({.save_best_only = true, .initial_value_threshold = 2.5}, {3, 2, 1}),
              ElementsAre("2.keras", "3.keras"));
}

TEST_F(ModelCheckpointTest, ModeMaxWantsMore) {
  EXPECT_THAT(after_epochs({.save_best_only = true, .mode = "max"}, {1, 2, 1.5, 3}),
              ElementsAre("1.keras", "2.keras", "4.keras"));
}

TEST_F(ModelCheckpointTest, CountsBatchesOverEpochsAndFusedSteps) {
  EXPECT_THAT(after_batches(2, {0, 1, 2, 3, 4}, 2),
              ElementsAre("01_002.keras", "01_004.keras", "02_001.keras", "02_003.keras", "02_005.keras"));
  EXPECT_THAT(after_batches(4, {2, 5, 8}, 2), ElementsAre("01_006.keras", "02_003.keras", "02_009.keras"));
  EXPECT_THAT(after_batches(4, {0, 1, 2}, 4), ElementsAre("02_001.keras", "03_002.keras", "04_003.keras"));
}

TEST_F(ModelCheckpointTest, WithoutTheValueItWarnsAndSaves) {
  ModelCheckpoint callback({.filepath = folder_ + "/best.keras", .save_best_only = true});
  callback.set_model(&model_);
  testing::internal::CaptureStderr();
  callback.on_epoch_end(0, {{"loss", 1.0}});
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("without 'val_loss'"));
  EXPECT_THAT(saved(), ElementsAre("best.keras"));
}

TEST_F(ModelCheckpointTest, RejectsOtherEndings) {
  EXPECT_THROW(ModelCheckpoint({.filepath = "model.bin"}), ValueError);
  EXPECT_THROW(ModelCheckpoint({.filepath = "model.keras", .save_weights_only = true}), ValueError);
  EXPECT_THROW(ModelCheckpoint({.filepath = "model.keras", .mode = "best"}), ValueError);
  EXPECT_THROW(ModelCheckpoint({.filepath = "model.keras", .save_freq = 0}), ValueError);
  EXPECT_THROW(ModelCheckpoint({.filepath = "model.keras", .save_freq = "month"}), ValueError);
}

// What was saved in the middle of a training is the model of that moment.
TEST_F(ModelCheckpointTest, WhatItSavesLoads) {
  Array x(DType::float32, {8, 2}), y(DType::float32, {8, 1});
  for (int64_t i = 0; i < 16; ++i) x.set(i, 0.3 * static_cast<double>(i % 5));
  for (int64_t i = 0; i < 8; ++i) y.set(i, static_cast<double>(i % 3));
  std::vector<std::vector<Array>> weights;
  class Keep : public Callback {
   public:
    explicit Keep(std::vector<std::vector<Array>>& into) : into_(&into) {}
    void on_epoch_end(int64_t, const Logs&) override { into_->push_back(model().get_weights()); }

   private:
    std::vector<std::vector<Array>>* into_;
  };
  const ModelCheckpoint whole({.filepath = folder_ + "/model-{epoch}.keras"});
  const ModelCheckpoint alone({.filepath = folder_ + "/{epoch}.weights.h5", .save_weights_only = true});
  model_.fit(x, y, {.epochs = 2, .batch_size = 3, .verbose = 0, .callbacks = {whole, alone, Keep(weights)}});
  ASSERT_THAT(saved(), ElementsAre("1.weights.h5", "2.weights.h5", "model-1.keras", "model-2.keras"));
  auto expect_equal = [](const std::vector<Array>& a, const std::vector<Array>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(std::memcmp(a[i].data(), b[i].data(), a[i].bytes()), 0);
  };
  Model first = load_model(folder_ + "/model-1.keras");
  expect_equal(first.get_weights(), weights[0]);
  // Its second epoch, without shuffling of another seed, is not compared: only that it goes on.
  EXPECT_EQ(first.fit(x, y, {.batch_size = 3, .verbose = 0})["loss"].size(), 1u);
  model_.load_weights(folder_ + "/1.weights.h5");
  expect_equal(model_.get_weights(), weights[0]);
}

}  // namespace
}  // namespace hornbeam::callbacks
