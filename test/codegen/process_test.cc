// compile() is a guest in the user's process: it leaves signals, descriptors and threads alone.
#include <signal.h>

#include <cstring>
#include <filesystem>

#include <gtest/gtest.h>

#include "image_support.h"

namespace hornbeam::test {
namespace {

size_t entries_of(const char* dir) {
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(dir)) ++count;
  return count;
}

void compile_once() {
  auto program = compile_run("func.func @run(%HEAD, %TAIL) { return }", 0, 0);
  ASSERT_TRUE(program.ok()) << program.status();
}

TEST(Process, KeepsItsSignalHandlers) {
  struct sigaction before[32], after[32];
  memset(before, 0, sizeof before);
  memset(after, 0, sizeof after);
  for (int signal = 1; signal < 32; ++signal) sigaction(signal, nullptr, &before[signal]);
  compile_once();
  for (int signal = 1; signal < 32; ++signal) {
    sigaction(signal, nullptr, &after[signal]);
    EXPECT_EQ(before[signal].sa_handler, after[signal].sa_handler) << strsignal(signal);
  }
}

TEST(Process, GetsItsDescriptorsAndThreadsBack) {
  compile_once();
  size_t descriptors = entries_of("/proc/self/fd"), threads = entries_of("/proc/self/task");
  for (int i = 0; i < 3; ++i) compile_once();
  EXPECT_EQ(entries_of("/proc/self/fd"), descriptors);
  EXPECT_EQ(entries_of("/proc/self/task"), threads);
}

}  // namespace
}  // namespace hornbeam::test
