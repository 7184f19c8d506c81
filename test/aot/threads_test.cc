// Calls shared among threads that the program brings: the same bits as on one.
#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/random.h>

#include "test/aot/aot_support.h"

namespace hornbeam::aot {
namespace {

struct Team {
  explicit Team(int size) : barrier(size) {}
  std::barrier<> barrier;
  int calls = 0;
  std::atomic<int> waits = 0;

  static void run(void* context, int num_threads, void (*task)(void*, int), void* argument) {
    ++static_cast<Team*>(context)->calls;
    std::vector<std::thread> others;
    for (int i = 1; i < num_threads; ++i) others.emplace_back(task, argument, i);
    task(argument, 0);
    for (std::thread& other : others) other.join();
  }
  static void wait(void* context) {
    ++static_cast<Team*>(context)->waits;
    static_cast<Team*>(context)->barrier.arrive_and_wait();
  }
};

struct Threads {  // PREFIX_threads
  int num_threads;
  void (*run)(void*, int, void (*)(void*, int), void*);
  void (*barrier)(void*);
  void* context;
};

// Large enough for its kernels to be shared.
TEST(Threads, ChangeNoBit) {
  clear_session();
  set_random_seed(3);
  Sequential model({Input({20}), layers::Dense({.units = 2048, .activation = "relu"}), layers::Dense({.units = 4})});
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 1e-3}), .loss = losses::MeanSquaredError()});
  std::string path = folder() + "/shared.so";
  export_model(model, path,
               {.function = "train", .batch_size = 64, .cpu = "native", .prefix = "big", .num_threads = 3});
  Library library(path, "big");
  Instance alone(library), shared(library);
  Team team(3);
  Threads threads{3, Team::run, Team::wait, &team};
  library.find<void(void*, const Threads*)>("set_threads")(shared.pointer(), &threads);

  Array x = features(128), y(DType::float32, {128, 4});
  for (int64_t i = 0; i < y.num_elements(); ++i) y.set(i, static_cast<double>(i % 7) / 7);
  EXPECT_EQ(alone.train_steps(x, y, nullptr, 2), 0);
  EXPECT_EQ(shared.train_steps(x, y, nullptr, 2), 0);
  EXPECT_EQ(team.calls, 1);
  EXPECT_GT(team.waits, 0);
  for (const Variable& variable : model.weights())
    expect_same_bits(shared.get(variable.path(), variable.shape()), alone.get(variable.path(), variable.shape()),
                     variable.path());
  expect_same_bits(shared.predict(x, 4), alone.predict(x, 4), "prediction");
}

}  // namespace
}  // namespace hornbeam::aot
