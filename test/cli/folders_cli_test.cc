// Folders of pictures as the data of fit, evaluate and predict.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/layers/rescaling.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/saving.h>
#include <hornbeam/sequential.h>
#include <hornbeam/utils/image.h>
#include <nlohmann/json.hpp>

#include "test/cli/cli_support.h"

namespace hornbeam::cli_test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// Bright and dark pictures, 8 of each, of other sizes than the model takes.
class FoldersCli : public testing::Test {
 protected:
  FoldersCli() {
    for (const char* name : {"bright", "dark"}) {
      std::filesystem::create_directories(pictures_ + "/" + name);
      for (int i = 0; i < 8; ++i) {
        Array image(DType::uint8, {10 + i, 12, 3});
        for (int64_t j = 0; j < image.num_elements(); ++j)
          image.set_int(j, (name[0] == 'b' ? 170 : 20) + (j * (i + 3)) % 60);
        utils::save_img(pictures_ + "/" + name + "/" + std::to_string(i) + (i % 2 ? ".png" : ".bmp"), image,
                        {.scale = false});
      }
    }
    make_model("sparse_categorical_crossentropy", 2, "softmax");
  }
  void make_model(const std::string& loss, int64_t units, const std::string& activation) {
    Sequential model({Input({6, 6, 3}), layers::Rescaling({.scale = 1.0 / 255}), layers::Flatten(),
                      layers::Dense({.units = units, .activation = activation})});
    model.compile({.optimizer = "adam", .loss = loss.c_str(), .metrics = {"accuracy"}});
    model.save(model_);
  }
  Outcome fit(const std::string& options) const {
    return run("fit " + model_ + " --data " + pictures_ + " --output " + out_ + " --quiet " + options);
  }
  Folder folder_;
  std::string pictures_ = folder_ / "pictures", model_ = folder_ / "model.keras", out_ = folder_ / "out.keras";
};

TEST_F(FoldersCli, TrainsEvaluatesAndPredicts) {
  Outcome outcome = fit("--epochs 40 --batch-size 4 --seed 1 --learning-rate 0.02 --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out).at("accuracy").back().get<double>(), 1.0);
  outcome = run("evaluate " + out_ + " --data " + pictures_ + " --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out).at("accuracy").get<double>(), 1.0);
  // In the order of their paths: bright ones first.
  const std::string predictions = folder_ / "y.npz";
  outcome = run("predict " + out_ + " --input " + pictures_ + " --output " + predictions + " --batch-size 5");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Array y = runtime::read_npz(predictions).at(0).second;
  ASSERT_EQ(y.shape(), Shape({16, 2}));
  for (int64_t i = 0; i < 16; ++i) EXPECT_GT(y.get(2 * i + (i < 8 ? 0 : 1)), 0.5) << i;
}

TEST_F(FoldersCli, HoldsOutAPartAndIsTheSameForASeed) {
  Outcome outcome = fit("--epochs 2 --batch-size 4 --seed 3 --validation-split 0.25 --json --threads 1");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(json::parse(outcome.out).contains("val_loss"));
  const Outcome again = fit("--epochs 2 --batch-size 4 --seed 3 --validation-split 0.25 --json --threads 2");
  EXPECT_EQ(again.out, outcome.out);
  outcome = fit("--validation-data " + pictures_ + " --no-shuffle --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(json::parse(outcome.out).contains("val_accuracy"));
}

TEST_F(FoldersCli, LabelsFollowTheLoss) {
  make_model("categorical_crossentropy", 2, "softmax");
  EXPECT_EQ(fit("").status, 0);
  make_model("binary_crossentropy", 1, "sigmoid");
  EXPECT_EQ(fit("").status, 0);
}

TEST_F(FoldersCli, RefusesWhatDoesNotFit) {
  const std::string start = " --data " + pictures_ + " --output " + out_;
  make_model("categorical_crossentropy", 3, "softmax");
  expect_failure("fit " + model_ + start, 1, "has 2 class folders, and the model");
  make_model("sparse_categorical_crossentropy", 2, "softmax");
  expect_failure("fit " + model("trained_adam") + start, 1, "does not take one picture");
  std::ofstream(pictures_ + "/dark/3.png") << "\x89PNG\r\n\x1a\nnothing more";
  expect_failure("evaluate " + model_ + " --data " + pictures_, 1, "dark/3.png' is no whole PNG");
  expect_failure("predict " + model_ + " --input " + pictures_, 1, "dark/3.png' is no whole PNG");
  std::filesystem::create_directories(folder_ / "empty");
  expect_failure("predict " + model_ + " --input " + (folder_ / "empty"), 1, "no files found");
}

}  // namespace
}  // namespace hornbeam::cli_test
