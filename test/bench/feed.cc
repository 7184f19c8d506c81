// bench_feed: what it costs to train on a Dataset instead of arrays, and how image decoding scales with threads.
//   bench_feed mlp_mnist|cnn_fashion [ROWS] [THREADS]
//       seconds of a step by the best of several epochs in turn: on arrays; on Dataset::from_arrays(..).shuffle().batch();
//       on the same with a map that leaves elements as they are, so that each batch is copied together by a thread
//   bench_feed images FOLDER [SIZE]      pictures a second with 1, 2, 4, … decoding threads
// One JSON line each.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include <hornbeam/data/dataset.h>
#include <hornbeam/data/image_dataset.h>
#include <hornbeam/layers/conv.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/layers/pooling.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/sequential.h>

namespace hornbeam::bench {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// One epoch in calls of 32 steps.
struct Feeding {
  Sequential model;
  Dataset dataset;  // empty: arrays
  double best = 1e9;
};

void run_model(const std::string& name, int64_t rows, int threads) {
  const bool conv = name == "cnn_fashion";
  const int64_t batch = conv ? 128 : 32;
  if (rows == 0) rows = conv ? 128 * 32 : 32 * 512;
  const Array x(DType::float32, conv ? Shape{rows, 28, 28, 1} : Shape{rows, 784});
  const Array y(DType::int32, {rows});
  auto make = [&] {
    Sequential model =
        conv ? Sequential({Input({28, 28, 1}), layers::Conv2D({.filters = 32, .kernel_size = 3, .activation = "relu"}),
                           layers::MaxPooling2D(),
                           layers::Conv2D({.filters = 64, .kernel_size = 3, .activation = "relu"}),
                           layers::MaxPooling2D(), layers::Flatten(), layers::Dropout({.rate = 0.5}),
                           layers::Dense({.units = 10})})
             : Sequential({Input({784}), layers::Dense({.units = 128, .activation = "relu"}),
                           layers::Dropout({.rate = 0.2}), layers::Dense({.units = 10})});
    model.compile({.optimizer = optimizers::Adam(),
                   .loss = losses::SparseCategoricalCrossentropy({.from_logits = true}),
                   .metrics = {"accuracy"},
                   .steps_per_execution = 32,
                   .num_threads = threads});
    return model;
  };
  const Dataset shuffled = Dataset::from_arrays(x, y).shuffle({.seed = 1});
  Feeding feedings[] = {{make(), {}},
                        {make(), shuffled.batch(batch)},
                        {make(), shuffled.map([](Element e) { return e; }).batch(batch).prefetch()}};
  for (int round = 0; round < 8; ++round)  // the first compiles
    for (Feeding& feeding : feedings) {
      double start = now();
      if (feeding.dataset.valid())
        feeding.model.fit(feeding.dataset, {.verbose = 0});
      else
        feeding.model.fit(x, y, {.batch_size = batch, .verbose = 0});
      if (round) feeding.best = std::min(feeding.best, now() - start);
    }
  const double steps = static_cast<double>((rows + batch - 1) / batch);
  std::printf("{\"workload\": \"%s\", \"arrays_step_seconds\": %.3e, \"rows_step_seconds\": %.3e, "
              "\"computed_step_seconds\": %.3e, \"rows_cost\": %.4f, \"computed_cost\": %.4f}\n",
              name.c_str(), feedings[0].best / steps, feedings[1].best / steps, feedings[2].best / steps,
              feedings[1].best / feedings[0].best - 1, feedings[2].best / feedings[0].best - 1);
}

void run_images(const std::string& folder, int64_t size) {
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  for (int threads = 1; threads <= cores; threads *= 2) {
    ImageDatasetOptions options;
    options.label_mode = LabelMode::none;
    options.image_size = {size, size};
    options.num_parallel_calls = threads;
    const Dataset dataset = image_dataset_from_directory(folder, options).dataset;
    double best = 1e9;
    int64_t pictures = 0;
    for (int round = 0; round < 3; ++round) {
      pictures = 0;
      double start = now();
      for (const Element& element : dataset) pictures += element.x[0].shape()[0];
      best = std::min(best, now() - start);
    }
    std::printf("{\"workload\": \"images\", \"threads\": %d, \"pictures_per_second\": %.1f}\n", threads,
                static_cast<double>(pictures) / best);
  }
}

}  // namespace
}  // namespace hornbeam::bench

int main(int argc, char** argv) {
  const std::string name = argc > 1 ? argv[1] : "";
  if (name == "images" && (argc == 3 || argc == 4)) {
    hornbeam::bench::run_images(argv[2], argc == 4 ? std::atoll(argv[3]) : 128);
  } else if ((name == "mlp_mnist" || name == "cnn_fashion") && argc <= 4) {
    hornbeam::bench::run_model(name, argc > 2 ? std::atoll(argv[2]) : 0, argc > 3 ? std::atoi(argv[3]) : 0);
  } else {
    std::fprintf(stderr, "error: usage: bench_feed mlp_mnist|cnn_fashion [ROWS] [THREADS] | images FOLDER [SIZE]\n");
    return 2;
  }
  return 0;
}
