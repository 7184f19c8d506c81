// hb::interrupt: fit ends after the running step, and does not wait for a slow dataset's whole batch.
#include <hornbeam/interrupt.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <hornbeam/callback.h>
#include <hornbeam/data/dataset.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/sequential.h>

namespace hornbeam {
namespace {

using namespace std::chrono_literals;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

Sequential make_model() {
  Sequential model({Input({4}), layers::Dense({.units = 1})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  return model;
}

Element slow_sample() {
  std::this_thread::sleep_for(20ms);
  return {.x = Array(DType::float32, {4}), .y = Array(DType::float32, {1})};
}

// Seconds from the interrupt to the end of fit.
double seconds_to_end(const Dataset& dataset) {
  Sequential model = make_model();
  std::atomic<double> asked = 0;
  std::thread user([&] {
    std::this_thread::sleep_for(700ms);
    asked = now();
    interrupt();
  });
  double seconds = -1;
  try {
    model.fit(dataset, {.epochs = 2, .verbose = 0});
    ADD_FAILURE() << "fit was not interrupted";
  } catch (const Interrupted& error) {
    seconds = now() - asked;
    EXPECT_NE(std::string(error.what()).find("interrupted"), std::string::npos);
  }
  user.join();
  // It was once, and the model goes on.
  EXPECT_EQ(model.fit(Array(DType::float32, {8, 4}), Array(DType::float32, {8, 1}), {.verbose = 0}).epoch.size(), 1u);
  return seconds;
}

// A batch of these takes 20 s.
constexpr int64_t kBatch = 1000;

TEST(Interrupt, DoesNotWaitForAGeneratorsBatch) {
  auto samples = [] { return Dataset::Next([] { return std::optional(slow_sample()); }); };
  Dataset dataset = Dataset::from_generator(samples, 4 * kBatch);
  EXPECT_LT(seconds_to_end(dataset.batch(kBatch)), 3);
  EXPECT_LT(seconds_to_end(dataset.batch(kBatch).prefetch()), 3);
}

TEST(Interrupt, DoesNotWaitForWorkers) {
  Dataset dataset = Dataset::range(4 * kBatch).map([](Element) { return slow_sample(); }, {.num_parallel_calls = 2});
  EXPECT_LT(seconds_to_end(dataset.batch(kBatch)), 3);
  Dataset filtered = Dataset::range(4 * kBatch).filter([](const Element&) {
    slow_sample();
    return false;
  });
  EXPECT_LT(seconds_to_end(filtered.map([](Element) { return slow_sample(); }).batch(2)), 3);
}

// What ends a fit by a callback's exception does not wait for the batch that is being made meanwhile.
TEST(Interrupt, ABatchThatNobodyWaitsForIsLeftAtItsNextElement) {
  // Two quick batches, then slow ones: the first step ends while the third batch is being made.
  int64_t made = 0;
  auto samples = [&made] {
    return Dataset::Next([&made]() -> std::optional<Element> {
      if (++made > 2 * kBatch) return slow_sample();
      return Element{.x = Array(DType::float32, {4}), .y = Array(DType::float32, {1})};
    });
  };
  struct Stop {};
  struct Stopper : Callback {
    void on_train_batch_end(int64_t batch, const Logs&) override {
      if (batch == 1) throw Stop();
    }
  };
  Sequential model = make_model();
  const double begin = now();
  EXPECT_THROW(model.fit(Dataset::from_generator(samples, 8 * kBatch).batch(kBatch), {.verbose = 0, .callbacks = {Stopper()}}),
               Stop);
  EXPECT_LT(now() - begin, 10);
}

TEST(Interrupt, EndsFitAfterTheRunningStep) {
  Sequential model = make_model();
  int64_t steps = 0;
  struct Interrupting : Callback {
    explicit Interrupting(int64_t& steps) : steps(steps) {}
    void on_train_batch_end(int64_t, const Logs&) override {
      if (++steps == 3) std::raise(SIGUSR1);
    }
    int64_t& steps;
  };
  auto before = std::signal(SIGUSR1, [](int) { interrupt(); });
  EXPECT_THROW(model.fit(Array(DType::float32, {80, 4}), Array(DType::float32, {80, 1}),
                         {.batch_size = 8, .verbose = 0, .callbacks = {Interrupting(steps)}}),
               Interrupted);
  std::signal(SIGUSR1, before);
  EXPECT_EQ(steps, 3);
  EXPECT_EQ(model.optimizer()->iterations().value().get(0), 3);
}

}  // namespace
}  // namespace hornbeam
