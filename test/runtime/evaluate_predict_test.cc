// Evaluation and prediction: hooks, groups, stops, and where outputs go.
#include <hornbeam/runtime/fit/loop.h>

#include "test/runtime/fit_support.h"

namespace hornbeam::runtime {
namespace {

using Events = std::vector<std::string>;

EvaluatePlan evaluation(Training& training, int64_t rows, int64_t batch_size) {
  EvaluatePlan plan;
  static_cast<Job&>(plan) = training.job("evaluate", rows, batch_size);
  plan.read_logs = [&training] { return training.logs(); };
  return plan;
}

PredictPlan prediction(Training& training, int64_t rows, int64_t batch_size) {
  PredictPlan plan;
  static_cast<Job&>(plan) = training.job("predict", rows, batch_size);
  training.state.write("weight", Array::of<float>({2}, {2, 3}));
  return plan;
}

TEST(Evaluate, ReturnsTheLogsOfAllRows) {
  Training training(4, 4);
  LogValues first;
  for (int64_t n : {1, 2, 3, 64, 0}) {
    training.observer.events.clear();
    EvaluatePlan plan = evaluation(training, 18, 4);
    plan.steps_per_execution = n;
    LogValues logs = run_evaluate(plan, training.observer);
    EXPECT_EQ(logs[1].second.value, 18.0);
    if (n == 1) first = logs;
    EXPECT_EQ(logs, first) << "N = " << n;
    if (n == 3)
      EXPECT_EQ(training.observer.events,
                (Events{"test_begin", "test_batch_begin 0", "test_batch_end 2 count=12", "test_batch_begin 3",
                        "test_batch_end 5 count=18", "test_end count=18"}));
  }
  EXPECT_FALSE(training.state.is_allocated(Segment::slots)) << "evaluation needs no slots";
}

TEST(Evaluate, BeginsAtTheFirstRowEachTimeWithSteps) {
  Training training(4, 4);
  EvaluatePlan plan = evaluation(training, 18, 4);
  plan.steps = 2;
  plan.short_step = {};  // never reached
  LogValues first = run_evaluate(plan, training.observer);
  EXPECT_EQ(first[1].second.value, 8.0);
  EXPECT_EQ(run_evaluate(plan, training.observer), first);
  plan = evaluation(training, 18, 4);
  plan.steps = 100;  // more than there is
  EXPECT_EQ(run_evaluate(plan, training.observer)[1].second.value, 18.0);
}

TEST(Evaluate, StopsWhenAsked) {
  Training training(4, 4);
  training.observer.at("test_batch_end 1", [&] { training.stop.evaluating = true; });
  EXPECT_EQ(run_evaluate(evaluation(training, 18, 4), training.observer)[1].second.value, 8.0);
  EXPECT_EQ(training.observer.events.back(), "test_end count=8");
  training.observer.hooks.clear();
  EXPECT_EQ(run_evaluate(evaluation(training, 18, 4), training.observer)[1].second.value, 18.0) << "the flag is cleared";
}

TEST(Evaluate, RefusesAnEntryWithOutputs) {
  Training training(4, 4);
  EvaluatePlan plan = evaluation(training, 4, 4);
  plan.step.entry = "predict_4";
  EXPECT_ERROR(run_evaluate(plan, training.observer), ValueError, "must not have outputs");
}

TEST(Predict, GivesEveryRowInOrder) {
  Training training(4, 4);
  for (int64_t n : {1, 2, 3, 64, 0}) {
    PredictPlan plan = prediction(training, 18, 4);
    plan.steps_per_execution = n;
    std::vector<Array> outputs = run_predict(plan, training.observer);
    ASSERT_EQ(outputs.size(), 2u);
    EXPECT_EQ(outputs[0].shape(), (Shape{18, 2}));
    EXPECT_EQ(outputs[1].shape(), (Shape{18}));
    for (int64_t i = 0; i < 18; ++i) {
      EXPECT_EQ(outputs[1].as<int64_t>()[i], i);
      EXPECT_EQ(outputs[0].as<float>()[2 * i + 1], plan.data[1].as<float>()[2 * i + 1] * 3.0f);
    }
  }
  EXPECT_FALSE(training.state.is_allocated(Segment::slots)) << "prediction needs weights only";
  EXPECT_FALSE(training.state.is_allocated(Segment::metrics));
}

TEST(Predict, TellsWithTheOutputsOfTheBatchesJustRun) {
  Training training(4, 4);
  PredictPlan plan = prediction(training, 18, 4);
  plan.steps_per_execution = 2;
  run_predict(plan, training.observer);
  EXPECT_EQ(training.observer.events, (Events{"predict_begin", "predict_batch_begin 0", "predict_batch_end 1 rows=8",
                                              "predict_batch_begin 2", "predict_batch_end 3 rows=8",
                                              "predict_batch_begin 4", "predict_batch_end 5 rows=2", "predict_end"}));
}

TEST(Predict, RunsOneRow) {
  Training training(4, 4);
  std::vector<Array> outputs = run_predict(prediction(training, 1, 32), training.observer);
  EXPECT_EQ(outputs[0].shape(), (Shape{1, 2}));
}

TEST(Predict, GivesTheRowsItRanWhenStoppedOrLimited) {
  Training training(4, 4);
  PredictPlan plan = prediction(training, 18, 4);
  plan.steps = 2;
  EXPECT_EQ(run_predict(plan, training.observer)[1].shape(), (Shape{8}));
  plan.steps = {};
  training.observer.at("predict_batch_end 2", [&] { training.stop.predicting = true; });
  std::vector<Array> outputs = run_predict(plan, training.observer);
  EXPECT_EQ(outputs[1].shape(), (Shape{12}));
  EXPECT_EQ(outputs[1].as<int64_t>()[11], 11);
  EXPECT_EQ(training.observer.events.back(), "predict_end");
}

// A device whose memory is not the host's: everything is copied.
class FarDevice : public Device {
 public:
  std::string name() const override { return "far"; }
  Buffer allocate(size_t bytes) override { return cpu_device()->allocate(bytes); }
  Buffer wrap(void*, size_t) override { return {}; }
  void copy_in(const Buffer& to, size_t offset, const void* host, size_t bytes) override {
    cpu_device()->copy_in(to, offset, host, bytes);
  }
  void copy_out(const Buffer& from, size_t offset, void* host, size_t bytes) override {
    cpu_device()->copy_out(from, offset, host, bytes);
  }
  std::unique_ptr<Executable> load(Program program) override { return cpu_device()->load(std::move(program)); }
};

TEST(Predict, CopiesWhereADeviceCannotUseHostMemory) {
  Training near(18, 4), far(18, 4, std::make_shared<FarDevice>());
  near.plan.epochs = far.plan.epochs = 2;
  near.fit();
  far.fit();
  EXPECT_EQ(near.seen(), far.seen());
  PredictPlan plan = prediction(far, 18, 4);
  plan.steps_per_execution = 3;
  std::vector<Array> outputs = run_predict(plan, far.observer);
  for (int64_t i = 0; i < 18; ++i) {
    EXPECT_EQ(outputs[1].as<int64_t>()[i], i);
    EXPECT_EQ(outputs[0].as<float>()[2 * i], plan.data[1].as<float>()[2 * i] * 2.0f);
  }
}

}  // namespace
}  // namespace hornbeam::runtime
