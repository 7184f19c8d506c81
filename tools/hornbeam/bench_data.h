// Synthetic data for a model, made from the shapes of its inputs and outputs.
#pragma once

#include <hornbeam/model.h>

namespace hornbeam::cli {

// The most that is made: the size of Fashion-MNIST.
inline constexpr int64_t kMostSamples = 60000;
inline constexpr int64_t kMostBytes = int64_t{200} << 20;

struct BenchData {
  Arrays x;
  Arrays y;
  int64_t samples = 0;
};

// Inputs: floats in [0, 1); integers below the input_dim of the embeddings. Targets: integers below the number of
// classes where the loss is a sparse crossentropy, else floats in [0, 1) of the output's shape. As many samples as
// `wanted`, but within kMostSamples and kMostBytes, in whole groups of `group` (at least one).
BenchData make_bench_data(const Model& model, int64_t wanted, int64_t group, bool with_targets);

}  // namespace hornbeam::cli
