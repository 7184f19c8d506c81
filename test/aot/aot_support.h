// Models for the tests of compiled binaries, and the means to call what was compiled.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/export.h>
#include <hornbeam/sequential.h>

namespace hornbeam::aot {

// A folder of this test program's own, which exists.
std::string folder();

// Dense 20 → 16 → 4 with relu and softmax, weights from a fixed seed; compiled for training with Adam.
Sequential small_model();
// 20 features, and labels below 4, of so many rows.
Array features(int64_t rows);
Array labels(int64_t rows);

void expect_same_bits(const Array& got, const Array& expected, const std::string& what);

struct Outcome {
  int status = -1;
  std::string output;  // stdout and stderr
};
Outcome run(const std::string& command);

std::string read_file(const std::string& path);
bool exists(const std::string& path);
// Names in a folder, sorted.
std::vector<std::string> files_in(const std::string& path);

// A compiled model in a shared library, by its C functions: the header's structs are arrays of pointers.
class Library {
 public:
  Library(const std::string& path, const std::string& prefix);
  ~Library();
  Library(const Library&) = delete;

  template <class Function>
  Function* find(const std::string& name) const {
    return reinterpret_cast<Function*>(symbol(name));
  }
  void* symbol(const std::string& name) const;  // of prefix_name; a failure of the test and null if it is not there

 private:
  void* handle_ = nullptr;
  std::string prefix_;
};

// An instance, in memory that was not zero before.
class Instance {
 public:
  explicit Instance(const Library& library);

  // Outputs of one array each, of this many values a row.
  Array predict(const Array& x, int64_t width);
  int train_steps(const Array& x, const Array& y, const int64_t* rows, size_t steps);
  // Inputs, targets and sample weights.
  int train_steps(const std::vector<Array>& data, const int64_t* rows, size_t steps);
  int train_last(const std::vector<Array>& data, const int64_t* rows);
  std::vector<float> metrics(size_t count);
  void reset_metrics();
  Array get(const std::string& name, Shape shape);
  int set(const std::string& name, const Array& value);
  int load(const std::string& file);
  std::string last_error() const;
  void* pointer() const { return model_; }

 private:
  const Library& library_;
  std::vector<char> memory_;
  void* model_ = nullptr;
};

}  // namespace hornbeam::aot
