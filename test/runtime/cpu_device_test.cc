// The cpu runs what it is given: values, threads with barriers, several programs at once, no allocation in a call.
#include <atomic>
#include <cstdlib>
#include <new>
#include <numeric>
#include <thread>

#include <hornbeam/runtime/threads.h>

#include "test/runtime/program_support.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define HORNBEAM_TEST_SANITIZED  // sanitizers bring an operator new of their own
#endif
#endif

// Counts allocations of the whole process, the shared library included.
static std::atomic<int64_t> allocations{0};
#ifndef HORNBEAM_TEST_SANITIZED
void* operator new(size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(bytes ? bytes : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
#endif

namespace hornbeam::runtime {
namespace {

// Sums x[rows] in parts: each thread sums some of 16 parts into the arena, and after a barrier thread 0 adds the parts
// in order; after a second one the next step begins, from the state that the last one left.
Program summing_program(int32_t num_threads) {
  Program program;
  program.state = {{"sum", DType::float32, {}, Segment::weights}};
  lay_out(program.state);
  program.entries = {{"step",
                      "step",
                      1000,
                      {{"x", DType::float32, {1000}}},
                      {{"seen", DType::int32, {}, false}},
                      16 * sizeof(float),
                      num_threads}};
  program.image = compile_c(R"(
    void step(const Call* c) {
      float* sum = c->buffers[0]; float* parts = c->buffers[3];
      const float* x = c->buffers[4]; int32_t* seen = c->buffers[5];
      for (int64_t s = 0; s < c->steps; ++s) {
        for (int part = c->thread; part < 16; part += c->num_threads) {
          float total = 0;
          for (int i = part * 1000 / 16; i < (part + 1) * 1000 / 16; ++i)
            total += x[c->rows[s * 1000 + i]] * (1.0f + *sum * 1e-4f);
          parts[part] = total;
        }
        if (c->num_threads > 1) c->barrier(c->barrier_context);
        if (c->thread == 0) {
          for (int part = 0; part < 16; ++part) *sum += parts[part];
          *seen = c->num_threads;
        }
        if (c->num_threads > 1) c->barrier(c->barrier_context);
      }
    })");
  return program;
}

float run_sum(Executable& executable, int64_t steps, int* threads = nullptr) {
  State state(cpu_device(), executable.program().state);
  state.segment(Segment::weights);
  std::vector<float> x(1000);
  for (int i = 0; i < 1000; ++i) x[i] = 1.0f / static_cast<float>(i + 3);
  std::vector<int64_t> rows(static_cast<size_t>(1000 * steps));
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<int64_t>(i * 7919 % 1000);
  int32_t seen = 0;
  Buffer inputs[] = {cpu_device()->wrap(x.data(), 4000)};
  Buffer outputs[] = {cpu_device()->wrap(&seen, 4)};
  executable.run("step", {state.segments(), inputs, outputs, rows, steps});
  if (threads) *threads = seen;
  return state.read("sum").as<float>()[0];
}

// Puts the number of threads back.
class CpuDevice : public testing::Test {
 protected:
  ~CpuDevice() override { set_num_threads(before_); }
  int before_ = num_threads();
};

TEST_F(CpuDevice, WritesTheOutputsOfAllSteps) {
  auto executable = cpu_device()->load(tracing_program({4}));
  State state(cpu_device(), executable->program().state);
  state.write("weight", Array::of<float>({2}, {2, 3}));
  std::vector<int64_t> id(10), rows = {9, 8, 7, 0, 1, 1, 2, 3}, out_id(8);
  std::vector<float> x(20), y(16);
  for (int i = 0; i < 10; ++i) id[i] = 100 + i, x[2 * i] = static_cast<float>(i), x[2 * i + 1] = 1;
  auto wrap = [](auto& v) { return cpu_device()->wrap(v.data(), v.size() * sizeof v[0]); };
  Buffer inputs[] = {wrap(id), wrap(x)}, outputs[] = {wrap(y), wrap(out_id)};
  executable->run("predict_4", {state.segments(), inputs, outputs, rows, 2});
  EXPECT_EQ(out_id, (std::vector<int64_t>{109, 108, 107, 100, 101, 101, 102, 103}));
  EXPECT_EQ(y, (std::vector<float>{18, 3, 16, 3, 14, 3, 0, 3, 2, 3, 2, 3, 4, 3, 6, 3}));
}

TEST_F(CpuDevice, GivesTheSameBitsForAnyNumberOfThreads) {
  auto executable = cpu_device()->load(summing_program(16));
  set_num_threads(1);
  int threads = 0;
  float expected = run_sum(*executable, 50, &threads);
  EXPECT_EQ(threads, 1);
  EXPECT_GT(expected, 100.0f);
  for (int count : {2, 3, 7, 16}) {
    set_num_threads(count);
    for (int repeat = 0; repeat < 3; ++repeat) {
      EXPECT_EQ(run_sum(*executable, 50, &threads), expected) << count << " threads";
      EXPECT_EQ(threads, count);
    }
  }
}

TEST_F(CpuDevice, UsesAtMostTheThreadsOfTheEntry) {
  set_num_threads(4);
  int threads = 0;
  auto two = cpu_device()->load(summing_program(2));
  run_sum(*two, 1, &threads);
  EXPECT_EQ(threads, 2);
  auto one = cpu_device()->load(summing_program(1));
  run_sum(*one, 1, &threads);
  EXPECT_EQ(threads, 1);
}

TEST_F(CpuDevice, AllocatesNothingInACall) {
#ifdef HORNBEAM_TEST_SANITIZED
  GTEST_SKIP() << "allocations cannot be counted under a sanitizer";
#endif
  int64_t at_start = allocations;
  ::operator delete(::operator new(1));
  ASSERT_GT(allocations, at_start) << "allocations are not counted";
  set_num_threads(3);
  for (int32_t entry_threads : {1, 3}) {
    auto executable = cpu_device()->load(summing_program(entry_threads));
    State state(cpu_device(), executable->program().state);
    state.segment(Segment::weights);
    std::vector<float> x(1000, 1.0f);
    std::vector<int64_t> rows(1000, 5);
    int32_t seen = 0;
    Buffer inputs[] = {cpu_device()->wrap(x.data(), 4000)}, outputs[] = {cpu_device()->wrap(&seen, 4)};
    int entry = executable->find("step");
    CallArguments arguments{state.segments(), inputs, outputs, rows, 1};
    executable->run(entry, arguments);  // starts the threads
    int64_t before = allocations;
    for (int i = 0; i < 100; ++i) executable->run(entry, arguments);
    EXPECT_EQ(allocations, before);
  }
}

TEST_F(CpuDevice, TakesCallsFromSeveralThreads) {
  set_num_threads(2);
  auto executable = cpu_device()->load(summing_program(2));
  float expected = run_sum(*executable, 3);
  std::vector<float> results(8);
  std::vector<std::thread> callers;
  for (float& result : results) callers.emplace_back([&] { result = run_sum(*executable, 3); });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(results, std::vector<float>(8, expected));
}

TEST_F(CpuDevice, KeepsProgramsWithEqualSymbolsApart) {
  auto program = [](int value) {
    Program program;
    program.entries = {{"value", "value", 0, {}, {{"v", DType::int32, {}, false}}, 0, 1}};
    program.image = compile_c(
        "static int n; void value(const Call* c) { *(int32_t*)c->buffers[4] = " + std::to_string(value) + " + n++; }");
    return program;
  };
  auto ask = [](Executable& executable) {
    int32_t value = 0;
    Buffer outputs[] = {cpu_device()->wrap(&value, 4)};
    executable.run("value", {nullptr, {}, outputs});
    return value;
  };
  auto a = cpu_device()->load(program(10)), b = cpu_device()->load(program(20)),
       again = cpu_device()->load(program(10));
  EXPECT_EQ(ask(*a), 10);
  EXPECT_EQ(ask(*a), 11);
  EXPECT_EQ(ask(*b), 20);
  EXPECT_EQ(ask(*again), 10) << "the same image twice has data of its own each time";
  a.reset();  // its file number is free now
  auto c = cpu_device()->load(program(30));
  EXPECT_EQ(ask(*c), 30);
  EXPECT_EQ(ask(*b), 21);
}

TEST_F(CpuDevice, RefusesImagesThatCannotBeLoaded) {
  Program program = tracing_program({4});
  program.image = "not a shared object";
  EXPECT_ERROR(cpu_device()->load(program), IOError, "must be an ELF shared object. Received: 19 bytes");
  program = tracing_program({4});
  program.image.resize(100);
  EXPECT_ERROR(cpu_device()->load(program), IOError, "Cannot load a program's image");
  program = tracing_program({4});
  program.entries[1].symbol = "evaluate_5";
  EXPECT_ERROR(cpu_device()->load(program), IOError, "lacks the symbol 'evaluate_5'");
}

TEST_F(CpuDevice, RefusesATargetThatTheMachineIsNot) {
  Program program = tracing_program({4});
  program.target = "x86-64,+sse4.2,-avx10.2-512,+some-feature-of-the-future";
  EXPECT_NO_THROW(cpu_device()->load(program)) << "what is not known is not refused";
#if defined(__x86_64__)
  bool has_vbmi = __builtin_cpu_supports("avx512vbmi");
  program.target = "x86-64 +avx512vbmi";
  if (has_vbmi)
    EXPECT_NO_THROW(cpu_device()->load(program));
  else
    EXPECT_ERROR(cpu_device()->load(program), ValueError, "a processor with avx512vbmi, which this machine lacks");
#endif
}

TEST_F(CpuDevice, ChecksTheNumberOfThreads) {
  EXPECT_ERROR(set_num_threads(0), ValueError, "between 1 and 4096. Received: 0");
  EXPECT_ERROR(set_num_threads(4097), ValueError, "between 1 and 4096. Received: 4097");
  set_num_threads(5);
  EXPECT_EQ(num_threads(), 5);
}

}  // namespace
}  // namespace hornbeam::runtime
