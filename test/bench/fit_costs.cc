// bench_fit_costs: what the first fit of a model costs beside its steps.
//   bench_fit_costs mlp_tiny|mlp_mnist|cnn_fashion [ROWS]
// One JSON line: compile_seconds is the wall time of a fit with validation data and a short last batch, which needs
// every program that fit can need, less the time of the same fit again (compile_cpu_seconds in time of all threads);
// peak_rss_bytes is the process's, training on ROWS rows (default: three batches and five) of data_bytes.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include <hornbeam/layers/conv.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/layers/pooling.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/sequential.h>

namespace hornbeam::bench {
namespace {

struct Workload {
  Sequential model;
  CompileOptions options;
  Shape sample;
  int64_t batch_size;
  bool has_labels;
};

Workload make(const std::string& name) {
  const Loss labels = losses::SparseCategoricalCrossentropy({.from_logits = true});
  if (name == "mlp_tiny")
    return {Sequential({Input({16}), layers::Dense({.units = 32, .activation = "relu"}), layers::Dense({.units = 1})}),
            {.optimizer = optimizers::SGD(), .loss = losses::MeanSquaredError()},
            {16},
            32,
            false};
  if (name == "mlp_mnist")
    return {Sequential({Input({784}), layers::Dense({.units = 128, .activation = "relu"}),
                        layers::Dropout({.rate = 0.2}), layers::Dense({.units = 10})}),
            {.optimizer = optimizers::Adam(), .loss = labels, .metrics = {"accuracy"}},
            {784},
            32,
            true};
  if (name == "cnn_fashion")
    return {Sequential({Input({28, 28, 1}), layers::Conv2D({.filters = 32, .kernel_size = 3, .activation = "relu"}),
                        layers::MaxPooling2D(), layers::Conv2D({.filters = 64, .kernel_size = 3, .activation = "relu"}),
                        layers::MaxPooling2D(), layers::Flatten(), layers::Dropout({.rate = 0.5}),
                        layers::Dense({.units = 10})}),
            {.optimizer = optimizers::Adam(), .loss = labels, .metrics = {"accuracy"}},
            {28, 28, 1},
            128,
            true};
  std::fprintf(stderr, "error: there is no workload '%s'; there are mlp_tiny, mlp_mnist, cnn_fashion\n", name.c_str());
  std::exit(2);
}

struct Clock {
  double wall = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  double cpu = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
};

void run(const std::string& name, int64_t rows) {
  Workload workload = make(name);
  if (rows == 0) rows = 3 * workload.batch_size + 5;
  Shape shape{rows};
  for (int64_t size : workload.sample) shape.push_back(size);
  const Array x(DType::float32, shape);
  const Array y = workload.has_labels ? Array(DType::int32, {rows}) : Array(DType::float32, {rows, 1});
  workload.options.steps_per_execution = 32;
  workload.model.compile(workload.options);
  // Validation on rows that are there already, of both batch sizes.
  const int64_t validation_rows = std::min<int64_t>(rows, workload.batch_size + 5);
  const FitOptions options{.batch_size = workload.batch_size,
                           .verbose = 0,
                           .validation_data = {x.rows(0, validation_rows), y.rows(0, validation_rows)}};
  const Clock start;
  workload.model.fit(x, y, options);
  const Clock first;
  workload.model.fit(x, y, options);
  const Clock second;
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"workload\": \"%s\", \"compile_seconds\": %.4f, \"compile_cpu_seconds\": %.4f, "
      "\"first_fit_seconds\": %.4f, \"peak_rss_bytes\": %lld, \"data_bytes\": %lld}\n",
      name.c_str(), 2 * first.wall - start.wall - second.wall, 2 * first.cpu - start.cpu - second.cpu,
      first.wall - start.wall, static_cast<long long>(usage.ru_maxrss) * 1024,
      static_cast<long long>(x.bytes() + y.bytes()));
}

}  // namespace
}  // namespace hornbeam::bench

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "error: usage: bench_fit_costs mlp_tiny|mlp_mnist|cnn_fashion [ROWS]\n");
    return 2;
  }
  hornbeam::bench::run(argv[1], argc == 3 ? std::atoll(argv[2]) : 0);
  return 0;
}
