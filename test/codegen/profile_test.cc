// Programs that tell a profiler of their kernels: which kernels there are, where they come from, what they cost; and that
// they compute the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/base/error.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/profiler.h>

#include "codegen/compiler.h"

namespace hornbeam::test {
namespace {

using ir::Value;
using testing::HasSubstr;

constexpr int64_t kBatch = 64, kIn = 32, kOut = 16;

Value create(ir::Builder& builder, std::string_view name, std::vector<Value> operands, const ir::Attrs& attrs = {}) {
  auto value = builder.create_one(name, operands, attrs);
  if (!value.ok()) ADD_FAILURE() << value.status();
  return value.value_or(Value());
}

// step: w -= d sum(tanh(x w)²) / d w, with sources for the product, the function and the update.
ir::Module module_with_sources() {
  ir::Module module;
  ir::Builder b(module);
  std::vector<ir::Argument> arguments = {{"w", {DType::float32, {kIn, kOut}}, ir::Role::state},
                                         {"x", {DType::float32, {kBatch, kIn}}}};
  std::vector<Value> a = b.begin_function("step", arguments);
  std::vector<int64_t> none;
  b.begin_gradient();
  b.begin_source("net");
  b.begin_source("product");
  Value y = create(b, "dot", {a[1], a[0]},
                   {{"lhs_contract", std::vector<int64_t>{1}}, {"rhs_contract", std::vector<int64_t>{0}},
                    {"lhs_batch", none}, {"rhs_batch", none}});
  b.end_source();
  b.begin_source("function");
  y = create(b, "tanh", {y});
  b.end_source();
  b.end_source();
  b.begin_source("loss");
  Value loss = create(b, "reduce_sum", {create(b, "multiply", {y, y})}, {{"axes", std::vector<int64_t>{0, 1}}});
  b.end_source();
  std::vector<Value> wrt{a[0]};
  auto gradient = b.end_gradient(loss, wrt, {});
  EXPECT_TRUE(gradient.ok());
  b.begin_source("update");
  Value w = create(b, "subtract", {a[0], gradient->grads[0]});
  b.end_source();
  std::vector<ir::Result> results = {{w, "w"}};
  EXPECT_TRUE(b.end_function(results).ok());
  return module;
}

std::vector<runtime::StateVariable> state() {
  std::vector<runtime::StateVariable> state = {{"w", DType::float32, {kIn, kOut}, runtime::Segment::weights}};
  runtime::lay_out(state);
  return state;
}

std::vector<std::string> names(const codegen::KernelSite& site) {
  std::vector<std::string> all;
  for (const auto& source : site.sources) all.push_back(source.path + (source.gradient ? "'" : ""));
  return all;
}

// The weights after some steps, from the same begin.
std::vector<float> run(runtime::Executable& executable, int64_t steps) {
  std::vector<float> w(kIn * kOut), x(kBatch * kIn);
  for (size_t i = 0; i < w.size(); ++i) w[i] = 0.01f * static_cast<float>(i % 17) - 0.08f;
  for (size_t i = 0; i < x.size(); ++i) x[i] = 0.02f * static_cast<float>(i % 23) - 0.2f;
  auto device = runtime::cpu_device();
  runtime::Buffer segments[] = {device->wrap(w.data(), w.size() * sizeof(float)), {}, {}};
  std::vector<runtime::Buffer> inputs{device->wrap(x.data(), x.size() * sizeof(float))};
  std::vector<int64_t> rows;
  for (int64_t i = 0; i < steps * kBatch; ++i) rows.push_back(i % kBatch);
  executable.run("step", {.segments = segments, .inputs = inputs, .outputs = {}, .rows = rows, .steps = steps});
  return w;
}

TEST(Profile, TellsWhereKernelsComeFromAndWhatTheyCost) {
  std::vector<codegen::KernelSite> sites;
  auto program = codegen::compile(module_with_sources(), state(), {.num_threads = 1, .sites = &sites});
  ASSERT_TRUE(program.ok()) << program.status();
  const codegen::KernelSite *forward = nullptr, *backward = nullptr;
  for (const codegen::KernelSite& site : sites) {
    EXPECT_EQ(site.entry, "step");
    if (site.sources.empty()) continue;
    if (names(site)[0] == "net/product") forward = &site;
    if (names(site)[0] == "net/product'") backward = &site;
  }
  ASSERT_TRUE(forward && backward);
  EXPECT_THAT(forward->kernel, HasSubstr("gemm"));
  // The function is computed where the product is, and the update where the gradient is.
  EXPECT_THAT(names(*forward), testing::Contains("net/function"));
  EXPECT_THAT(names(*backward), testing::Contains("update"));
  constexpr double kProduct = 2.0 * kBatch * kIn * kOut;
  EXPECT_GE(forward->flops, kProduct + kBatch * kOut);
  EXPECT_LT(forward->flops, kProduct * 1.3);
  EXPECT_GE(backward->flops, kProduct + kIn * kOut);
  EXPECT_LT(backward->flops, kProduct * 1.3);
  EXPECT_GE(forward->bytes, 4.0 * (kBatch * kIn + kIn * kOut + kBatch * kOut));
}

TEST(Profile, SeesEveryCallAndChangesNoBit) {
  for (int threads : {1, 2}) {
    SCOPED_TRACE(threads);
    std::vector<codegen::KernelSite> sites;
    codegen::CompileOptions options{.num_threads = threads, .work_worth_sharing = 1};
    auto plain = codegen::compile(module_with_sources(), state(), options);
    options.sites = &sites;
    auto profiled = codegen::compile(module_with_sources(), state(), options);
    ASSERT_TRUE(plain.ok() && profiled.ok());
    auto device = runtime::cpu_device();
    auto without = device->load(*std::move(plain)), with = device->load(*std::move(profiled));
    EXPECT_THROW(without->set_profiler(nullptr), ValueError);

    constexpr int64_t kSteps = 5;
    const std::vector<float> expected = run(*without, kSteps);
    EXPECT_EQ(run(*with, kSteps), expected);
    runtime::KernelClock clock(threads);
    with->set_profiler(&clock);
    EXPECT_EQ(run(*with, kSteps), expected);
    with->set_profiler(nullptr);
    EXPECT_EQ(run(*with, kSteps), expected);
    // Nothing was seen of the calls before and after.
    std::vector<int64_t> calls(sites.size(), 0);
    int64_t last = 0;
    for (const auto& event : clock.events(0)) {
      ASSERT_LT(event.site, static_cast<int64_t>(sites.size()));
      ++calls[static_cast<size_t>(event.site)];
      EXPECT_GE(event.end, event.begin);
      EXPECT_GE(event.begin, last);
      last = event.begin;
    }
    for (size_t i = 0; i < sites.size(); ++i) EXPECT_EQ(calls[i], kSteps) << sites[i].kernel;
  }
}

TEST(Profile, IsNothingForTheNullDevice) {
  std::vector<codegen::KernelSite> sites;
  auto program = codegen::compile(module_with_sources(), state(), {.sites = &sites});
  ASSERT_TRUE(program.ok());
  EXPECT_THROW(runtime::null_device()->load(*std::move(program))->set_profiler(nullptr), NotImplementedError);
}

}  // namespace
}  // namespace hornbeam::test
