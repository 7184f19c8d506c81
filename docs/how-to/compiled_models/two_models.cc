// Two models in one program, told apart by their prefixes; one is trained on several threads, the other predicts.
//   hornbeam compile model.keras --emit static-lib --function train --threads 4 --batch-size 32 --output libpupil.a
//   hornbeam compile model.keras --emit static-lib --batch-size 32 --output libteacher.a
//   c++ -std=c++20 -pthread two_models.cc libpupil.a libteacher.a -o two_models && ./two_models
#include <barrier>
#include <cstdint>
#include <cstdio>
#include <random>
#include <thread>
#include <vector>

#include "pupil.h"
#include "teacher.h"

constexpr size_t kRows = 512, kFeatures = 9, kClasses = 4, kEpochs = 60;

// Threads for a call: run starts them, barrier lets them wait for each other.
struct Team {
  explicit Team(int size) : barrier(size) {}
  std::barrier<> barrier;

  static void run(void*, int num_threads, void (*task)(void* argument, int thread), void* argument) {
    std::vector<std::thread> others;
    for (int i = 1; i < num_threads; ++i) others.emplace_back(task, argument, i);
    task(argument, 0);
    for (std::thread& other : others) other.join();
  }
  static void wait(void* context) { static_cast<Team*>(context)->barrier.arrive_and_wait(); }
};

int main() {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> x(kRows * kFeatures);
  for (float& value : x) value = normal(random);

  // The teacher's predictions are the labels that the pupil learns.
  std::vector<char> teacher_memory(TEACHER_INSTANCE_BYTES);
  teacher_model* teacher = teacher_create(teacher_memory.data(), teacher_memory.size());
  std::vector<float> probabilities(kRows * kClasses);
  teacher_inputs inputs = {x.data()};
  teacher_outputs outputs = {probabilities.data()};
  if (!teacher || teacher_predict(teacher, &inputs, kRows, &outputs) != 0) return 1;
  std::vector<int32_t> labels(kRows);
  for (size_t row = 0; row < kRows; ++row)
    for (size_t i = 1; i < kClasses; ++i)
      if (probabilities[row * kClasses + i] > probabilities[row * kClasses + labels[row]]) labels[row] = i;

  std::vector<char> pupil_memory(PUPIL_INSTANCE_BYTES);
  pupil_model* pupil = pupil_create(pupil_memory.data(), pupil_memory.size());
  if (!pupil) return 1;
  Team team(4);
  pupil_threads threads = {4, Team::run, Team::wait, &team};
  pupil_set_threads(pupil, &threads);

  // Begin with random weights: the file's are trained.
  for (size_t i = 0; i < pupil_num_weights(); ++i) {
    const pupil_weight* weight = pupil_weight_at(i);
    if (weight->kind != 0) continue;
    std::vector<float> values(weight->bytes / sizeof(float));
    for (float& value : values) value = 0.3f * normal(random);
    pupil_set_weight(pupil, weight->name, values.data(), weight->bytes);
  }
  pupil_samples samples = {x.data(), labels.data()};
  std::vector<int64_t> rows(kRows);
  float metrics[PUPIL_NUM_METRICS];
  for (size_t epoch = 0; epoch < kEpochs; ++epoch) {
    pupil_shuffle(/*seed=*/7, epoch, rows.data(), kRows);
    pupil_reset_metrics(pupil);
    if (pupil_train_steps(pupil, &samples, kRows, rows.data(), kRows / PUPIL_BATCH_SIZE) != 0) {
      std::fprintf(stderr, "error: %s\n", pupil_last_error(pupil));
      return 1;
    }
    pupil_metrics(pupil, metrics);
    if (epoch == 0 || epoch + 1 == kEpochs) std::printf("epoch %zu: accuracy %.3f\n", epoch + 1, metrics[0]);
  }
  return 0;
}
