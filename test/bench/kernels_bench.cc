// bench_kernels: each family of kernels alone, as the compiler makes them: a function of one op, compiled and called.
//   bench_kernels [--benchmark_filter=REGEX] [--benchmark_format=json] …      Google Benchmark's options
// GF/s counts the operations of the mathematics (a multiply-add is two); of_peak is their share of what the processor
// measured right here can do on as many threads. Kernels that only move or add up have GB/s: operands and result, once.
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <benchmark/benchmark.h>
#include <hornbeam/base/philox.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/state.h>

#include "codegen/compiler.h"
#include "ir/builder.h"
#include "test/bench/peak.h"

namespace hornbeam::bench {
namespace {

constexpr int64_t kStepsPerCall = 8;  // so that a call costs little beside the kernel

struct Kernel {
  std::string name;  // "gemm_nn/small_32x32x32"
  std::string op;
  std::vector<Shape> operands;
  ir::Attrs attributes;
  double flops;
  double bytes = 0;  // of a kernel without operations to speak of
};

// An op that writes its result into a state variable, step after step.
class Compiled {
 public:
  Compiled(const Kernel& kernel, int threads) {
    std::vector<ir::Type> types;
    std::vector<ir::Argument> arguments;
    std::vector<runtime::StateVariable> variables;
    auto add = [&](const std::string& name, const Shape& shape) {
      arguments.push_back({name, {DType::float32, shape}, ir::Role::state});
      variables.push_back({name, DType::float32, shape});
    };
    for (size_t i = 0; i < kernel.operands.size(); ++i) {
      types.push_back({DType::float32, kernel.operands[i]});
      add("x" + std::to_string(i), kernel.operands[i]);
    }
    add("y", value(ir::infer(kernel.op, types, kernel.attributes))[0].shape);
    ir::Module module;
    ir::Builder builder(module);
    std::vector<ir::Value> operands = builder.begin_function("kernel", arguments);
    operands.pop_back();
    ir::Value result = value(builder.create_one(kernel.op, operands, kernel.attributes));
    std::vector<ir::Result> results = {{result, "y"}};
    check(builder.end_function(results));
    state_ = std::make_unique<runtime::State>(runtime::cpu_device(), variables);
    for (const runtime::StateVariable& variable : variables) {
      Array array(DType::float32, variable.shape);
      for (int64_t i = 0; i < array.num_elements(); ++i)
        array.mutable_as<float>()[static_cast<size_t>(i)] =
            unit_float(philox4x32({static_cast<uint32_t>(i), 0, 0, 0}, {1, 2})[0]);
      state_->write(variable.name, array);
    }
    executable_ = runtime::cpu_device()->load(
        value(codegen::compile(std::move(module), state_->variables(), {.num_threads = threads})));
    state_->segment(runtime::Segment::weights);
  }

  void run() { executable_->run(0, {.segments = state_->segments(), .steps = kStepsPerCall}); }

 private:
  static void check(const absl::Status& status) {
    if (!status.ok()) throw Error(std::string(status.message()));
  }
  template <class T>
  static T value(absl::StatusOr<T> result) {
    check(result.status());
    return std::move(*result);
  }
  std::unique_ptr<runtime::State> state_;
  std::unique_ptr<runtime::Executable> executable_;
};

void run(benchmark::State& state, const Kernel& kernel, int threads) {
  Compiled compiled(kernel, threads);
  compiled.run();
  const double peak = peak_flops(threads);
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) compiled.run();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double steps = static_cast<double>(state.iterations() * kStepsPerCall);
  if (kernel.bytes > 0) {
    state.counters["GB/s"] = kernel.bytes * steps / seconds / 1e9;
    return;
  }
  const double rate = kernel.flops * steps / seconds;
  state.counters["GF/s"] = rate / 1e9;
  state.counters["of_peak"] = rate / peak;
}

using Axes = std::vector<int64_t>;

// y[m, n], a sum of k products. The three layouts are a dense layer's forward pass, its input's gradient and its
// kernel's.
void add_gemms(std::vector<Kernel>& kernels) {
  struct Size {
    const char* name;
    int64_t m, n, k;
  };
  // small: for a quick look. The others are layers of the models that docs/performance.md tables, and square ones.
  constexpr Size sizes[] = {
      {"small", 32, 32, 32},           {"mnist_layer1", 32, 128, 784}, {"mnist_layer2", 32, 10, 128},
      {"wide", 128, 1024, 1024},       {"square_256", 256, 256, 256},  {"square_1024", 1024, 1024, 1024},
      {"transformer", 1024, 512, 128}, {"lstm_step", 32, 256, 64},     {"few_rows", 16, 4096, 4096}};
  for (const auto& [name, m, n, k] : sizes) {
    const double flops = 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
    auto dot = [&](const char* layout, Shape a, Shape b, int64_t contracted_a, int64_t contracted_b) {
      kernels.push_back({std::string(layout) + "/" + name,
                         "dot",
                         {std::move(a), std::move(b)},
                         {{"lhs_contract", Axes{contracted_a}},
                          {"rhs_contract", Axes{contracted_b}},
                          {"lhs_batch", Axes{}},
                          {"rhs_batch", Axes{}}},
                         flops});
    };
    dot("gemm_forward", {m, k}, {k, n}, 1, 0);
    dot("gemm_input_gradient", {m, n}, {k, n}, 1, 1);
    dot("gemm_kernel_gradient", {m, k}, {m, n}, 0, 0);
  }
}

void add_convolutions(std::vector<Kernel>& kernels) {
  struct Size {
    const char* name;
    int64_t batch, size, channels, filters, kernel, stride;
  };
  constexpr Size sizes[] = {{"small", 2, 8, 8, 16, 3, 1},
                            {"fashion_layer1", 128, 28, 1, 32, 3, 1},
                            {"fashion_layer2", 128, 13, 32, 64, 3, 1},
                            {"resnet_3x3", 32, 32, 16, 16, 3, 1},
                            {"resnet_strided", 32, 32, 16, 32, 3, 2},
                            {"pointwise", 32, 16, 64, 128, 1, 1}};
  for (const auto& [name, n, size, channels, filters, k, stride] : sizes) {
    const int64_t out = (size - k) / stride + 1;
    const Shape x{n, size, size, channels}, kernel{k, k, channels, filters}, y{n, out, out, filters};
    const double flops = 2.0 * static_cast<double>(y.num_elements() * k * k * channels);
    const ir::Attrs window = {{"strides", Axes{stride, stride}},
                              {"padding", Axes{0, 0, 0, 0}},
                              {"dilation", Axes{1, 1}},
                              {"groups", int64_t{1}}};
    auto with = [&](const char* attribute, const Shape& shape) {
      ir::Attrs all = {{attribute, Axes(shape.begin(), shape.end())}};
      all.insert(all.end(), window.begin(), window.end());
      return all;
    };
    kernels.push_back({std::string("conv_forward/") + name, "conv", {x, kernel}, window, flops});
    kernels.push_back(
        {std::string("conv_input_gradient/") + name, "conv_backward_data", {y, kernel}, with("input_shape", x), flops});
    kernels.push_back({std::string("conv_kernel_gradient/") + name,
                       "conv_backward_kernel",
                       {x, y},
                       with("kernel_shape", kernel),
                       flops});
  }
}

// One filter a channel.
void add_depthwise_convolutions(std::vector<Kernel>& kernels) {
  struct Size {
    const char* name;
    int64_t batch, size, channels, stride;
  };
  constexpr Size sizes[] = {
      {"mobilenet_112", 1, 114, 32, 1}, {"mobilenet_28", 8, 30, 192, 1}, {"strided", 8, 57, 96, 2}};
  for (const auto& [name, n, size, channels, stride] : sizes) {
    const int64_t out = (size - 3) / stride + 1;
    const Shape x{n, size, size, channels}, kernel{3, 3, 1, channels}, y{n, out, out, channels};
    const double flops = 18.0 * static_cast<double>(y.num_elements());
    auto with = [&, stride = stride, channels = channels](const char* attribute, const Shape& shape) {
      ir::Attrs all = {{"strides", Axes{stride, stride}},
                       {"padding", Axes{0, 0, 0, 0}},
                       {"dilation", Axes{1, 1}},
                       {"groups", channels}};
      if (attribute) all.insert(all.begin(), {attribute, Axes(shape.begin(), shape.end())});
      return all;
    };
    kernels.push_back({std::string("depthwise_forward/") + name, "conv", {x, kernel}, with(nullptr, {}), flops});
    kernels.push_back({std::string("depthwise_input_gradient/") + name,
                       "conv_backward_data",
                       {y, kernel},
                       with("input_shape", x),
                       flops});
    kernels.push_back({std::string("depthwise_kernel_gradient/") + name,
                       "conv_backward_kernel",
                       {x, y},
                       with("kernel_shape", kernel),
                       flops});
  }
}

// What moves or adds up: a transpose, and sums over the last axis (rows) and the first (columns).
void add_moves(std::vector<Kernel>& kernels) {
  for (const auto& [name, m, n] : {std::tuple("l2", 256, 256), std::tuple("wide", 1024, 1024)}) {
    const Shape x{m, n};
    const double bytes = 4.0 * m * n;
    kernels.push_back(
        {std::string("transpose/") + name, "transpose", {x}, {{"permutation", Axes{1, 0}}}, 0, 2 * bytes});
    kernels.push_back({std::string("reduce_rows/") + name, "reduce_sum", {x}, {{"axes", Axes{1}}}, 0, bytes});
    kernels.push_back({std::string("reduce_columns/") + name, "reduce_sum", {x}, {{"axes", Axes{0}}}, 0, bytes});
  }
}

}  // namespace
}  // namespace hornbeam::bench

int main(int argc, char** argv) {
  using namespace hornbeam::bench;
  std::vector<Kernel> kernels;
  add_gemms(kernels);
  add_convolutions(kernels);
  add_depthwise_convolutions(kernels);
  add_moves(kernels);
  std::vector<int> threads = {1};
  if (const int cores = static_cast<int>(std::thread::hardware_concurrency()); cores > 1) threads.push_back(cores);
  for (const Kernel& kernel : kernels)
    for (const int count : threads)
      benchmark::RegisterBenchmark((kernel.name + "/threads:" + std::to_string(count)).c_str(),
                                   [kernel, count](benchmark::State& state) { run(state, kernel, count); })
          ->UseRealTime();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
