// hornbeam fit through the executable: what it learns, writes, and refuses.
#include <algorithm>
#include <cstring>
#include <fstream>
#include <iomanip>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/layers/rescaling.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/saving.h>
#include <hornbeam/sequential.h>
#include <nlohmann/json.hpp>

#include "test/cli/cli_support.h"

namespace hornbeam::cli_test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

class FitCli : public testing::Test {
 protected:
  FitCli() {
    for (auto& [name, array] : runtime::read_npz(data("trained_adam"))) stored_[name] = array;
    runtime::write_npz(npz_, {{"x", stored_.at("x0")}, {"y", stored_.at("t0")}});
  }
  // fit of the model that was trained by Keras, on its data; the output is
  // out_.
  Outcome fit(const std::string& options, const std::string& before = "") const {
    return run("fit " + model("trained_adam") + " --data " + npz_ + " --output " + out_ + " " + options, before);
  }
  void expect_bad(const std::string& options, int status, const std::string& words) const {
    const std::vector<std::string> before = folder_.files();
    expect_failure("fit " + model("trained_adam") + " --data " + npz_ + " --output " + out_ + " " + options, status,
                   words);
    EXPECT_EQ(folder_.files(), before) << "something was written";
  }
  Folder folder_;
  std::string npz_ = folder_ / "data.npz", out_ = folder_ / "out.keras";
  std::map<std::string, Array> stored_;
};

// The file's optimizer goes on with its state: the loss and the weights that
// Keras got for the same epoch.
TEST_F(FitCli, GoesOnWhereKerasStopped) {
  const Outcome outcome = fit("--batch-size 4 --no-shuffle --json --threads 1");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json history = json::parse(outcome.out);
  EXPECT_NEAR(history.at("loss").at(0).get<double>(), stored_.at("h0").get(0), 1e-5);
  EXPECT_TRUE(history.contains("accuracy"));
  EXPECT_THAT(outcome.err, HasSubstr("wrote " + out_));
  Model trained = load_model(out_);
  const std::vector<Array> weights = trained.get_weights();
  ASSERT_EQ(weights.size(), 4u);
  for (size_t i = 0; i < weights.size(); ++i)
    for (int64_t j = 0; j < weights[i].num_elements(); ++j)
      EXPECT_NEAR(weights[i].get(j), stored_.at("a" + std::to_string(i)).get(j), 1e-5);
}

// Two epochs, and one and then another, end the same: the optimizer's state is
// in the file.
TEST_F(FitCli, TwoRunsAreLikeOne) {
  ASSERT_EQ(fit("--batch-size 4 --no-shuffle --epochs 2 --quiet").status, 0);
  const std::vector<Array> whole = load_model(out_).get_weights();
  ASSERT_EQ(fit("--batch-size 4 --no-shuffle --quiet").status, 0);
  const std::string second = folder_ / "second.keras";
  ASSERT_EQ(
      run("fit " + out_ + " --data " + npz_ + " --output " + second + " --batch-size 4 --no-shuffle --quiet").status,
      0);
  const std::vector<Array> parts = load_model(second).get_weights();
  ASSERT_EQ(whole.size(), parts.size());
  for (size_t i = 0; i < whole.size(); ++i)
    EXPECT_EQ(std::memcmp(whole[i].data(), parts[i].data(), whole[i].bytes()), 0);
}

TEST_F(FitCli, WritesHistoryAndCurves) {
  const Outcome outcome = fit("--epochs 3 --validation-split 0.25 --seed 1 --history " + (folder_ / "h.json") +
                              " --plot " + (folder_ / "curves.svg"));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("Epoch 3/3"));
  EXPECT_THAT(outcome.err,
              Not(HasSubstr("\x1b")));  // no terminal, no escape sequences
  const json history = json::parse(read_text(folder_ / "h.json"));
  std::vector<std::string> names;
  for (const auto& [name, values] : history.items()) {
    EXPECT_EQ(values.size(), 3u) << name;
    names.push_back(name);
  }
  EXPECT_THAT(names, IsSupersetOf({"accuracy", "loss", "val_accuracy", "val_loss"}));
  EXPECT_THAT(read_text(folder_ / "curves.svg"), HasSubstr(">accuracy</text>"));
}

TEST_F(FitCli, TheSeedDecides) {
  auto history = [&](const std::string& options) {
    const Outcome outcome = fit("--epochs 2 --batch-size 4 --json --quiet " + options);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  };
  const std::string first = history("--seed 1");
  EXPECT_EQ(history("--seed 1 --steps-per-execution 2"), first);
  EXPECT_NE(history("--seed 2"), first);
}

TEST_F(FitCli, TakesOptimizerLossAndMetricsByNameOrConfig) {
  Outcome outcome =
      fit("--quiet --json --optimizer sgd --learning-rate 0 "
          "--metrics accuracy,sparse_top_k_categorical_accuracy");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  std::vector<std::string> names;
  const json history = json::parse(outcome.out);
  for (const auto& [name, values] : history.items()) names.push_back(name);
  EXPECT_THAT(names, ElementsAre("accuracy", "loss", "sparse_top_k_categorical_accuracy"));
  // A rate of 0 changes nothing.
  const std::vector<Array> before = load_model(model("trained_adam")).get_weights(),
                           after = load_model(out_).get_weights();
  for (size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(std::memcmp(before[i].data(), after[i].data(), before[i].bytes()), 0);

  outcome =
      fit(R"(--quiet --json --optimizer '{"class_name": "SGD", "config": {"learning_rate": 0.5, "momentum": 0.9}}' )"
          R"(--loss '{"class_name": "SparseCategoricalCrossentropy", "config": {"from_logits": true}}')");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(load_model(out_).optimizer()->learning_rate(), 0.5);
}

TEST_F(FitCli, ClassWeightsCount) {
  auto loss = [&](const std::string& options) {
    const Outcome outcome = fit("--quiet --json --no-shuffle --learning-rate 0 " + options);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return json::parse(outcome.out).at("loss").at(0).get<double>();
  };
  const double plain = loss("");
  EXPECT_NEAR(loss("--class-weight 0=2,1=2,2=2,3=2"), 2 * plain, 1e-5);
  EXPECT_NEAR(loss(R"(--class-weight '{"0": 0.5, "1": 0.5, "2": 0.5, "3": 0.5}')"), plain / 2, 1e-5);
}

TEST_F(FitCli, StopsEarlySavesCheckpointsAndLogs) {
  const Outcome outcome = fit("--epochs 50 --quiet --json --validation-data " + npz_ +
                              " --early-stopping monitor=val_loss,patience=1,min_delta=100 "
                              "--checkpoint " +
                              (folder_ / "epoch-{epoch:02d}.keras") + " --log-dir " + (folder_ / "logs"));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out).at("loss").size(), 2u);
  EXPECT_THAT(folder_.files(), ElementsAre("data.npz", "epoch-01.keras", "epoch-02.keras", "logs", "out.keras"));
  EXPECT_TRUE(load_model(folder_ / "epoch-01.keras").compiled());
  EXPECT_THAT(read_text(folder_ / "logs/log.csv"), HasSubstr("epoch,accuracy,loss,val_accuracy,val_loss"));
}

TEST_F(FitCli, GoesOnFromABackupWhenItWasKilled) {
  const std::string options = "--batch-size 4 --seed 5 --quiet --json --backup " + (folder_ / "backup") + " --epochs ";
  EXPECT_NE(fit(options + "100000000", "timeout -s KILL 3 ").status, 0);
  EXPECT_THAT(folder_.files(), ElementsAre("backup", "data.npz"));
  const int64_t done = json::parse(read_text(folder_ / "backup/training_metadata.json")).at("epoch").get<int64_t>();
  ASSERT_GE(done, 1);
  const Outcome rest = fit(options + std::to_string(done + 2));
  ASSERT_EQ(rest.status, 0) << rest.err;
  EXPECT_EQ(json::parse(rest.out).at("loss").size(), 2u);
  EXPECT_THAT(folder_.files(), ElementsAre("data.npz", "out.keras"));
}

// From a model that was made in C++ to a trained one, on the installed data
// set.
TEST_F(FitCli, LearnsFashionMnist) {
  Sequential model({Input({28, 28}), layers::Rescaling({.scale = 1.0 / 255}), layers::Flatten(),
                    layers::Dense({.units = 10, .activation = "softmax"})});
  model.compile({.optimizer = "adam", .loss = Loss("sparse_categorical_crossentropy"), .metrics = {"accuracy"}});
  model.save(folder_ / "new.keras");
  const Outcome trained = run("fit " + (folder_ / "new.keras") +
                              " --data fashion-mnist --validation-data fashion-mnist "
                              "--quiet --json --seed 1 --output " +
                              out_);
  ASSERT_EQ(trained.status, 0) << trained.err;
  const double validation = json::parse(trained.out).at("val_accuracy").at(0).get<double>();
  EXPECT_GT(validation, 0.78);
  // evaluate takes the same 10,000 test images, predict their inputs.
  const Outcome evaluated = run("evaluate " + out_ + " --data fashion-mnist --json");
  ASSERT_EQ(evaluated.status, 0) << evaluated.err;
  EXPECT_NEAR(json::parse(evaluated.out).at("accuracy").get<double>(), validation, 1e-6);
  ASSERT_EQ(run("predict " + out_ + " --input fashion-mnist:test --output " + (folder_ / "p.npz")).status, 0);
  EXPECT_EQ(runtime::read_npz(folder_ / "p.npz").at(0).second.shape(), Shape({10000, 10}));
}

// What ends it is not an error: the model of that moment is saved. (In the foreground timeout signals once; otherwise
// the group as well, and a second interrupt ends the program at once.)
TEST_F(FitCli, CtrlCSavesAndExitsWith130) {
  const Outcome outcome =
      fit("--epochs 100000000 --history " + (folder_ / "h.json"), "timeout --foreground --preserve-status -s INT 3 ");
  EXPECT_EQ(outcome.status, 130);
  EXPECT_THAT(outcome.err, HasSubstr("interrupted after"));
  EXPECT_THAT(outcome.err, HasSubstr("wrote " + out_));
  EXPECT_TRUE(load_model(out_).compiled());
  EXPECT_GE(json::parse(read_text(folder_ / "h.json")).at("loss").size(), 1u);
}

TEST_F(FitCli, BadInputLeavesNothingBehind) {
  expect_bad("--epochs 0", 2, "--epochs");
  expect_bad("--validation-split 0.5 --validation-data " + npz_, 2, "--validation-split");
  expect_bad("--validation-split 2", 2, "between 0 and 1");
  expect_bad("--optimiser adam", 2, "Did you mean '--optimizer'?");
  expect_bad("--optimizer adem", 1, "Did you mean 'Adam'?");
  expect_bad("--loss mean_sqared_error", 1, "Did you mean 'mean_squared_error'?");
  expect_bad("--loss '{\"class_name\": '", 1, "--loss: this is no JSON");
  expect_bad("--metrics acuracy", 1, "Did you mean 'Accuracy'?");
  expect_bad("--class-weight 1:2", 1, "CLASS=WEIGHT");
  expect_bad("--early-stopping patience=two", 1, "--early-stopping: 'patience' cannot be");
  expect_bad("--early-stopping patiense=2", 1, "Did you mean 'patience'?");
  expect_bad("--checkpoint best.bin", 1, "filepath must end with .keras");
  expect_bad("--steps-per-execution some", 1, "a number or auto");
  expect_bad("--history /no/such/folder/h.json", 1, "/no/such/folder is not there");
  expect_bad("--plot curves.png", 1, "drawn as .svg");
  expect_bad("--data-dir", 2, "--data-dir");
  expect_failure("fit " + model("trained_adam") + " --data " + npz_ + " --output " + (folder_ / "out.bin"), 1,
                 "must end with .keras");
  expect_failure("fit " + model("trained_adam") + " --data " + (folder_ / "no.npz") + " --output " + out_, 1, "no.npz");
  expect_failure("fit " + model("nested") + " --data " + npz_ + " --output " + out_, 1, "give one with --loss");
  EXPECT_THAT(folder_.files(), ElementsAre("data.npz"));
}

TEST_F(FitCli, LabelsOutOfRangeAreAnError) {
  Array labels = stored_.at("t0").clone();
  labels.set_int(0, 4);
  runtime::write_npz(npz_, {{"x", stored_.at("x0")}, {"y", labels}});
  expect_bad("", 1, "4");
}

TEST_F(FitCli, TrainsOnACsv) {
  std::ofstream csv(folder_ / "data.csv");
  csv << "label";
  for (int i = 0; i < 9; ++i) csv << ",f" << i;
  for (int64_t row = 0; row < 12; ++row) {
    csv << "\n" << stored_.at("t0").get_int(row);
    for (int64_t i = 0; i < 9; ++i) csv << "," << std::setprecision(9) << stored_.at("x0").get(row * 9 + i);
  }
  csv << "\n";
  csv.close();
  const std::string options = " --output " + out_ + " --batch-size 4 --no-shuffle --json --quiet";
  const Outcome outcome =
      run("fit " + model("trained_adam") + " --data " + (folder_ / "data.csv") + " --target label" + options);
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NEAR(json::parse(outcome.out).at("loss").at(0).get<double>(), stored_.at("h0").get(0), 1e-5);
  expect_failure("fit " + model("trained_adam") + " --data " + (folder_ / "data.csv") + options, 1, "--target COLUMN");
  expect_failure("fit " + model("trained_adam") + " --data " + (folder_ / "data.csv") + " --target labl" + options, 1,
                 "Did you mean 'label'?");
}

}  // namespace
}  // namespace hornbeam::cli_test
