// Programs for tests, compiled from C by the system's compiler: the runtime knows no other code generator.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/program.h>
#include <hornbeam/runtime/state.h>

namespace hornbeam::runtime {

// A folder that is gone after the test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::vector<std::string> names() const;  // of the files in it

 private:
  std::string path_;
};

void write_text(const std::string& path, std::string_view bytes);
std::string read_text(const std::string& path);

// The shared object made of C source that sees HornbeamCall.
std::string compile_c(const std::string& source);

// A model that remembers which rows it saw: state `seen` (the ids of all rows, in order), `cursor`, `weight` (a float
// that depends on the order of the rows), the slot `iterations`, and the metrics `total` and `count`. Data: id [rows]
// int64, x [rows, 2] float32. Entries train_B, evaluate_B, predict_B (outputs y [B, 2] and id [B]) for each batch size.
Program tracing_program(const std::vector<int64_t>& batch_sizes, int32_t num_threads = 1);
inline constexpr int64_t kTracedRows = 4096;

// Expects that a statement throws `Type` with `text` somewhere in its message.
#define EXPECT_ERROR(statement, Type, text)                                                             \
  try {                                                                                                 \
    statement;                                                                                          \
    ADD_FAILURE() << "no error, expected one with: " << text;                                           \
  } catch (const Type& error) {                                                                         \
    EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << "received: " << error.what(); \
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << "an error is one line";       \
  }

}  // namespace hornbeam::runtime
