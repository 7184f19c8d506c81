// Training: which rows a step sees, what observers hear, and that grouping steps changes nothing.
#include <hornbeam/runtime/fit/loop.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "test/runtime/fit_support.h"

namespace hornbeam::runtime {
namespace {

using Events = std::vector<std::string>;

TEST(FitLoop, TellsWhatKerasTells) {
  Training training(10, 4);
  training.plan.epochs = 2;
  training.plan.shuffle = false;
  training.fit();
  EXPECT_EQ(training.observer.events,
            (Events{"train_begin", "epoch_begin 0", "batch_begin 0", "batch_end 0 count=4", "batch_begin 1",
                    "batch_end 1 count=8", "batch_begin 2", "batch_end 2 count=10", "epoch_end 0 count=10",
                    "epoch_begin 1", "batch_begin 0", "batch_end 0 count=4", "batch_begin 1", "batch_end 1 count=8",
                    "batch_begin 2", "batch_end 2 count=10", "epoch_end 1 count=10", "train_end count=10"}));
  EXPECT_EQ(training.seen(), (std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(FitLoop, EndsAGroupAtItsFullLengthAlsoInThePartialTail) {
  Training training(4 * 7, 4);
  training.plan.steps_per_execution = 3;
  training.fit();
  EXPECT_EQ(training.observer.batches(), (Events{"batch_begin 0", "batch_end 2 count=12", "batch_begin 3",
                                                 "batch_end 5 count=24", "batch_begin 6", "batch_end 8 count=28"}));
}

TEST(FitLoop, RunsAShortLastBatchWithinAGroup) {
  Training training(4 * 4 + 1, 4);
  training.plan.steps_per_execution = 8;
  FitResult result = training.fit();
  EXPECT_EQ(training.observer.batches(), (Events{"batch_begin 0", "batch_end 7 count=17"}));
  EXPECT_EQ(result.steps_run, 5);
  EXPECT_EQ(training.state.read("iterations").as<int64_t>()[0], 5);
}

TEST(FitLoop, RunsDataOfLessThanABatch) {
  Training training(3, 4);
  training.plan.step = {};  // no program for full batches is needed
  training.plan.shuffle = false;
  training.fit();
  EXPECT_EQ(training.seen(), (std::vector<int64_t>{0, 1, 2}));
}

// Everything that training leaves behind, as bytes.
std::string outcome(const Training& training) {
  std::string bytes;
  for (Segment segment : {Segment::weights, Segment::slots, Segment::metrics}) {
    std::vector<uint8_t> image = training.state.snapshot(segment);
    bytes.append(image.begin(), image.end());
  }
  return bytes;
}

struct Case {
  int64_t rows, batch_size;
  std::optional<int64_t> steps_per_epoch;
  bool shuffle, validation;
};
class FusedSteps : public testing::TestWithParam<Case> {};

TEST_P(FusedSteps, LeaveTheSameBitsAsSingleSteps) {
  auto run = [&](int64_t steps_per_execution) {
    auto training = std::make_unique<Training>(GetParam().rows, GetParam().batch_size);
    FitPlan& plan = training->plan;
    plan.steps_per_execution = steps_per_execution;
    plan.epochs = 4;
    plan.shuffle = GetParam().shuffle;
    plan.seed = 17;
    plan.steps = GetParam().steps_per_epoch;
    if (GetParam().validation) training->add_validation(9, 4, steps_per_execution);
    training->fit();
    return training;
  };
  auto one = run(1);
  for (int64_t n : {2, 3, 7, 64, 0}) {
    auto fused = run(n);
    EXPECT_EQ(outcome(*fused), outcome(*one)) << "N = " << n;
    EXPECT_EQ(fused->seen(), one->seen()) << "N = " << n;
    EXPECT_EQ(fused->observer.history, one->observer.history) << "N = " << n;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, FusedSteps,
                         testing::Values(Case{64, 4, {}, false, false}, Case{64, 4, {}, true, true},
                                         Case{66, 4, {}, true, false}, Case{67, 4, {}, true, true},
                                         Case{67, 4, 5, true, false}, Case{67, 4, 17, true, true},
                                         Case{67, 4, 20, true, false}, Case{3, 4, {}, true, true},
                                         Case{5, 1, {}, true, false}, Case{4, 4, {}, true, false}),
                         [](const auto& info) {
                           const Case& c = info.param;
                           return std::to_string(c.rows) + "_rows_by_" + std::to_string(c.batch_size) +
                                  (c.steps_per_epoch ? "_steps_" + std::to_string(*c.steps_per_epoch) : "") +
                                  (c.shuffle ? "_shuffled" : "") + (c.validation ? "_validated" : "");
                         });

TEST(FitLoop, ShufflesEachEpochAnew) {
  Training training(50, 4);
  training.plan.epochs = 3;
  training.plan.seed = 1;
  training.fit();
  std::vector<int64_t> seen = training.seen();
  std::set<std::vector<int64_t>> orders;
  std::vector<int64_t> all(50);
  std::iota(all.begin(), all.end(), 0);
  for (int epoch = 0; epoch < 3; ++epoch) {
    std::vector<int64_t> order(seen.begin() + 50 * epoch, seen.begin() + 50 * (epoch + 1));
    orders.insert(order);
    std::ranges::sort(order);
    EXPECT_EQ(order, all) << "an epoch sees every row once";
  }
  EXPECT_EQ(orders.size(), 3u);
}

TEST(FitLoop, ResumesAtAnEpochWithThatEpochsOrder) {
  Training whole(50, 4), resumed(50, 4);
  whole.plan.epochs = resumed.plan.epochs = 4;
  whole.fit();
  resumed.plan.initial_epoch = 2;
  resumed.fit();
  std::vector<int64_t> seen = whole.seen();
  EXPECT_EQ(resumed.seen(), std::vector<int64_t>(seen.begin() + 100, seen.end()));
  EXPECT_EQ(resumed.observer.events[1], "epoch_begin 2");
}

TEST(FitLoop, GoesOnThroughTheDataWithStepsPerEpoch) {
  Training training(4 * 5, 4);
  training.plan.shuffle = false;
  training.plan.steps = 2;
  training.plan.epochs = 4;
  FitResult result = training.fit();
  std::vector<int64_t> first_pass(20);
  std::iota(first_pass.begin(), first_pass.end(), 0);
  std::vector<int64_t> expected = first_pass;  // epochs of 2, 2 and 1 steps, then from the front
  expected.insert(expected.end(), first_pass.begin(), first_pass.begin() + 8);
  EXPECT_EQ(training.seen(), expected);
  EXPECT_TRUE(result.ran_out_of_data);
}

TEST(FitLoop, NeedsNoShortProgramWhereTheLastBatchIsNeverReached) {
  Training training(10, 4);
  training.plan.short_step = {};
  training.plan.steps = 1;
  training.plan.epochs = 2;
  training.fit();
  EXPECT_EQ(training.seen().size(), 8u);
  training.plan.epochs = 3;
  EXPECT_ERROR(training.fit(), ValueError, "fit: no program for batches of 2 rows was given");
}

TEST(FitLoop, ResetsMetricsEachEpoch) {
  Training training(8, 4);
  training.plan.epochs = 2;
  int resets = 0;
  training.plan.reset_metrics = [&] {
    ++resets;
    training.state.reset(Segment::metrics);
  };
  training.fit();
  EXPECT_EQ(resets, 2);
  EXPECT_EQ(training.state.read("count").as<float>()[0], 8.0f);
}

TEST(FitLoop, ValidatesAfterTheEpochsAskedFor) {
  Training training(8, 4);
  training.plan.epochs = 4;
  training.add_validation(6, 4, 1);
  training.plan.validation_freq = 2;
  training.fit();
  EXPECT_EQ(training.observer.events, (Events{"train_begin",
                                              "epoch_begin 0",
                                              "batch_begin 0",
                                              "batch_end 0 count=4",
                                              "batch_begin 1",
                                              "batch_end 1 count=8",
                                              "epoch_end 0 count=8",
                                              "epoch_begin 1",
                                              "batch_begin 0",
                                              "batch_end 0 count=4",
                                              "batch_begin 1",
                                              "batch_end 1 count=8",
                                              "test_begin",
                                              "test_batch_begin 0",
                                              "test_batch_end 0 count=4",
                                              "test_batch_begin 1",
                                              "test_batch_end 1 count=6",
                                              "test_end count=6",
                                              "epoch_end 1 count=8 val_count=6",
                                              "epoch_begin 2",
                                              "batch_begin 0",
                                              "batch_end 0 count=4",
                                              "batch_begin 1",
                                              "batch_end 1 count=8",
                                              "epoch_end 2 count=8",
                                              "epoch_begin 3",
                                              "batch_begin 0",
                                              "batch_end 0 count=4",
                                              "batch_begin 1",
                                              "batch_end 1 count=8",
                                              "test_begin",
                                              "test_batch_begin 0",
                                              "test_batch_end 0 count=4",
                                              "test_batch_begin 1",
                                              "test_batch_end 1 count=6",
                                              "test_end count=6",
                                              "epoch_end 3 count=8 val_count=6",
                                              "train_end count=8 val_count=6"}));

  Training listed(8, 4);
  listed.plan.epochs = 4;
  listed.add_validation(6, 4, 1);
  listed.plan.validation_epochs = {1, 4};
  listed.fit();
  std::vector<bool> validated;
  for (const auto& [epoch, logs] : listed.observer.history) validated.push_back(logs.size() > 2);
  EXPECT_EQ(validated, (std::vector<bool>{true, false, false, true}));
}

TEST(FitLoop, ReadsLogsOnlyWhenAskedAndOnce) {
  Training training(16, 4);
  int reads = 0;
  training.plan.read_logs = [&] { return ++reads, LogValues{{"loss", 1.0}}; };
  FitObserver silent;
  run_fit(training.plan, silent);
  EXPECT_EQ(reads, 1) << "once for the epoch";
  struct : FitObserver {
    void on_train_batch_end(int64_t, const Logs& logs) override { EXPECT_EQ(logs.values(), logs.values()); }
  } asking;
  reads = 0;
  run_fit(training.plan, asking);
  EXPECT_EQ(reads, 4 + 1);
}

TEST(FitLoop, EndsTheEpochWhenTrainingIsStopped) {
  Training training(40, 4);
  training.plan.epochs = 3;
  training.plan.steps_per_execution = 2;
  training.add_validation(4, 4, 1);
  training.observer.at("batch_end 3", [&] { training.stop.training = true; });
  FitResult result = training.fit();
  EXPECT_EQ(result.steps_run, 4);
  EXPECT_EQ(result.epochs_run, 1);
  Events& events = training.observer.events;
  EXPECT_EQ(events.back(), "train_end count=16 val_count=4");
  EXPECT_EQ(events[events.size() - 2], "epoch_end 0 count=16 val_count=4") << "validation and epoch end still come";
  // A new fit clears the flag.
  training.observer.events.clear();
  training.observer.hooks.clear();
  EXPECT_EQ(training.fit().epochs_run, 3);
}

TEST(FitLoop, StopsAfterTheEpochAtWhoseEndItIsAskedTo) {
  Training training(8, 4);
  training.plan.epochs = 5;
  training.observer.at("epoch_end 1", [&] { training.stop.training = true; });
  EXPECT_EQ(training.fit().epochs_run, 2);
  EXPECT_EQ(training.observer.events.back(), "train_end count=8");
}

TEST(FitLoop, RunsOneGroupWhenStoppedBeforeTheFirst) {
  Training training(40, 4);
  training.observer.at("epoch_begin 0", [&] { training.stop.training = true; });
  EXPECT_EQ(training.fit().steps_run, 1);
}

TEST(FitLoop, IsInterruptedAfterTheRunningCall) {
  Training training(40, 4);
  training.plan.epochs = 3;
  training.add_validation(4, 4, 1);
  training.observer.at("batch_end 4", [&] { training.stop.interrupted = true; });
  FitResult result = training.fit();
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.steps_run, 5);
  EXPECT_EQ(result.epochs_run, 0);
  EXPECT_EQ(training.observer.events.back(), "train_end");
  EXPECT_EQ(training.observer.events[training.observer.events.size() - 2], "batch_end 4 count=20");
  training.observer.events.clear();
  EXPECT_EQ(training.fit().steps_run, 0) << "the flag stays until its owner clears it";
}

TEST(FitLoop, IsInterruptedInValidation) {
  Training training(8, 4);
  training.add_validation(40, 4, 1);
  training.observer.at("test_batch_end 2", [&] { training.stop.interrupted = true; });
  EXPECT_TRUE(training.fit().interrupted);
  EXPECT_EQ(training.observer.count("test_batch_end"), 3);
  EXPECT_EQ(training.observer.count("epoch_end"), 0);
}

struct Custom {
  int code;
};

TEST(FitLoop, PassesOnWhatAnObserverThrows) {
  for (const char* hook :
       {"train_begin", "epoch_begin 0", "batch_begin 2", "batch_end 3", "test_batch_end 0", "epoch_end 0"}) {
    Training training(32, 4);
    training.plan.steps_per_execution = 2;
    training.plan.shuffle = false;
    training.add_validation(4, 4, 1);
    training.observer.at(hook, [] { throw Custom{42}; });
    int code = 0;
    try {
      training.fit();
    } catch (const Custom& custom) {
      code = custom.code;
    }
    EXPECT_EQ(code, 42) << hook;
    EXPECT_EQ(training.observer.events.back().substr(0, std::string(hook).size()), hook) << "nothing comes after it";
    size_t rows = std::string(hook) == "batch_begin 2"                   ? 8
                  : std::string(hook) == "batch_end 3"                   ? 16
                  : std::string(hook).find("begin") != std::string::npos ? 0
                                                                         : 32;
    EXPECT_EQ(training.seen().size(), rows) << "the state is as of the last call, at " << hook;
    training.observer.hooks.clear();
    training.observer.events.clear();
    training.fit();  // the loop can be run again
    EXPECT_EQ(training.observer.events.back().substr(0, 9), "train_end");
  }
}

TEST(FitLoop, RunsNoEpochWhenNoneIsLeft) {
  Training training(8, 4);
  training.plan.epochs = 2;
  training.plan.initial_epoch = 2;
  training.fit();
  EXPECT_EQ(training.observer.events, (Events{"train_begin", "train_end"}));
}

TEST(FitLoop, FindsStepsPerExecutionItself) {
  Training training(4000, 4);
  training.plan.steps_per_execution = 0;
  training.plan.epochs = 3;
  FitResult result = training.fit();
  EXPECT_GT(result.steps_per_execution, 1) << "a step of a few nanoseconds is less than a call";
  EXPECT_LE(result.steps_per_execution, 1024);
  EXPECT_EQ(result.steps_per_execution & (result.steps_per_execution - 1), 0) << "a power of two";
  EXPECT_EQ(result.steps_run, 3000);
  EXPECT_EQ(training.observer.events[3].substr(0, 11), "batch_end 0") << "it begins with one";
}

TEST(FitLoop, RunsOnTheNullDevice) {
  Training training(10, 4, null_device());
  training.plan.steps_per_execution = 2;
  training.fit();
  EXPECT_EQ(training.observer.batches(),
            (Events{"batch_begin 0", "batch_end 1 count=0", "batch_begin 2", "batch_end 3 count=0"}));
}

TEST(FitLoop, RefusesPlansThatDoNotFitBeforeAnythingRuns) {
  auto refuses = [](const char* text, auto spoil) {
    Training training(10, 4);
    training.add_validation(4, 4, 1);
    spoil(training.plan);
    EXPECT_ERROR(training.fit(), ValueError, text);
    EXPECT_TRUE(training.observer.events.empty());
    EXPECT_TRUE(training.seen().empty());
  };
  refuses("fit: expected data. Received: no arrays", [](FitPlan& p) { p.data.clear(); });
  refuses("fit: expected at least one row of data. Received: 0 rows", [](FitPlan& p) {
    p.data = {Array(DType::int64, {0}), Array(DType::float32, {0, 2})};
  });
  refuses("must have the same number of rows. Received: 10 and 9", [](FitPlan& p) {
    p.data[1] = Array(DType::float32, {9, 2});
  });
  refuses("array 1 of the data has no axis of rows. Received: shape=()",
          [](FitPlan& p) { p.data[1] = Array::scalar(1.0f); });
  refuses("'x' must have dtype=float32. Received: dtype=float64",
          [](FitPlan& p) { p.data[1] = p.data[1].cast(DType::float64); });
  refuses("'x' must have shape=(None, 2). Received: shape=(10, 3)", [](FitPlan& p) {
    p.data[1] = Array(DType::float32, {10, 3});
  });
  refuses("entry 'train_4' takes 2 data arrays. Received: 1", [](FitPlan& p) { p.data.pop_back(); });
  refuses("batch_size must be positive. Received: batch_size=0", [](FitPlan& p) { p.batch_size = 0; });
  refuses("entry 'train_4' must have the batch size 5. Received: batch_size=4", [](FitPlan& p) { p.batch_size = 5; });
  refuses("must have the batch size 2. Received: batch_size=4", [](FitPlan& p) { p.short_step.entry = "train_4"; });
  refuses("steps_per_execution must be positive", [](FitPlan& p) { p.steps_per_execution = -1; });
  refuses("the number of steps must be positive. Received: steps=0", [](FitPlan& p) { p.steps = 0; });
  refuses("must not be negative. Received: epochs=-1", [](FitPlan& p) { p.epochs = -1; });
  refuses("validation_freq must be positive", [](FitPlan& p) { p.validation_freq = 0; });
  refuses("no entry 'train_8'", [](FitPlan& p) { p.step.entry = "train_8"; });
  refuses("an entry that trains must not have outputs", [](FitPlan& p) {
    p.step.entry = "predict_4";
    p.short_step.entry = "predict_2";
  });
  refuses("fit: validation data: expected at least one row", [](FitPlan& p) {
    p.validation->data = {Array(DType::int64, {0}), Array(DType::float32, {0, 2})};
  });
  refuses("the plan has no state", [](FitPlan& p) { p.state = nullptr; });
}

TEST(ShuffleRows, IsAPermutationThatItsArgumentsFix) {
  std::vector<int64_t> a(1000), b(1000), other_seed(1000), other_epoch(1000), sorted;
  shuffle_rows(5, 2, a);
  shuffle_rows(5, 2, b);
  shuffle_rows(6, 2, other_seed);
  shuffle_rows(5, 3, other_epoch);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, other_seed);
  EXPECT_NE(a, other_epoch);
  sorted = a;
  std::ranges::sort(sorted);
  for (int64_t i = 0; i < 1000; ++i) ASSERT_EQ(sorted[i], i);
  shuffle_rows(5, 2, {});
}

TEST(ShuffleRows, ReachesAllOrdersAlike) {
  // 24 orders of 4 rows, 24000 shuffles: chi-squared with 23 degrees of freedom lies below 60 but once in 30000 seeds.
  std::map<std::vector<int64_t>, int> counts;
  for (int epoch = 0; epoch < 24000; ++epoch) {
    std::vector<int64_t> rows(4);
    shuffle_rows(99, epoch, rows);
    ++counts[rows];
  }
  ASSERT_EQ(counts.size(), 24u);
  double chi_squared = 0;
  for (const auto& [order, count] : counts) chi_squared += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_squared, 60.0);
}

}  // namespace
}  // namespace hornbeam::runtime
