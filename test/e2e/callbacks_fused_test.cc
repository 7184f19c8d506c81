// Callbacks that count batches, when several steps are one call: as Keras counts them.
#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/callbacks/model_checkpoint.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/saving.h>
#include <hornbeam/sequential.h>

#include "test/support/temporary_folder.h"

namespace hornbeam {
namespace {

using ::testing::ElementsAre;

// 10 batches an epoch; the last call of an epoch has fewer steps where N does not divide 10.
std::set<std::string> saved(int64_t steps_per_execution, int64_t save_freq, int64_t epochs) {
  test::TemporaryFolder folder;
  Sequential model({Input({2}), layers::Dense({.units = 1})});
  model.compile({.optimizer = "sgd", .loss = "mse", .steps_per_execution = steps_per_execution});
  model.fit(Array(DType::float32, {40, 2}), Array(DType::float32, {40, 1}),
            {.epochs = epochs,
             .batch_size = 4,
             .verbose = 0,
             .callbacks = {callbacks::ModelCheckpoint(
                 {.filepath = folder / "{epoch:02d}_{batch:02d}.keras", .save_freq = static_cast<int>(save_freq)})}});
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder / ""))
    names.insert(entry.path().filename().string());
  return names;
}

TEST(CallbacksFused, ACheckpointIsSavedAtTheFirstCallThatReachesItsBatches) {
  // Batches seen since the last save, with N = 4: 4, 8 | 4 (the end index of the last call is 11).
  EXPECT_THAT(saved(1, 3, 1), ElementsAre("01_03.keras", "01_06.keras", "01_09.keras"));
  EXPECT_THAT(saved(4, 3, 1), ElementsAre("01_04.keras", "01_08.keras", "01_12.keras"));
  EXPECT_THAT(saved(4, 6, 1), ElementsAre("01_08.keras"));
  EXPECT_THAT(saved(5, 10, 2), ElementsAre("01_10.keras", "02_10.keras"));
  EXPECT_THAT(saved(5, 15, 2), ElementsAre("02_05.keras"));  // counted over epochs
}

// What is saved in the middle of an epoch is the state after the call.
TEST(CallbacksFused, ACheckpointHasTheIterationsOfItsCall) {
  test::TemporaryFolder folder;
  Sequential model({Input({2}), layers::Dense({.units = 1})});
  model.compile({.optimizer = "sgd", .loss = "mse", .steps_per_execution = 4});
  model.fit(Array(DType::float32, {40, 2}), Array(DType::float32, {40, 1}),
            {.batch_size = 4,
             .verbose = 0,
             .callbacks = {callbacks::ModelCheckpoint({.filepath = folder / "{batch:02d}.keras", .save_freq = 4})}});
  for (const auto& [name, iterations] : {std::pair{"04.keras", 4}, {"08.keras", 8}, {"12.keras", 10}})
    EXPECT_EQ(load_model(folder / name).optimizer()->iterations().value().get(0), iterations) << name;
}

}  // namespace
}  // namespace hornbeam
