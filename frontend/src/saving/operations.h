// keras.ops operations of model files: by the class that stands in the file ("Add" of keras.src.ops.numpy), how one becomes
// a call, and how a recorded one is written.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <hornbeam/config.h>
#include <hornbeam/ops/axes.h>
#include <hornbeam/tensor.h>

namespace hornbeam::saving {

// An argument of a recorded call: tensors (numbers and constants included), or something else.
struct Argument {
  Tensors tensors;
  Config value;
  bool is_tensors() const { return !tensors.empty(); }
};

// What a file says of one call. All readers throw ValueError, naming the operation, if it is something else.
struct OperationCall {
  std::string name;  // the class, for error texts
  std::vector<Argument> args;
  std::map<std::string, Argument> kwargs;
  Config config;

  // The i-th argument, which may be given by name. `tensor` needs one, `maybe` gives an empty one if there is none.
  Tensor tensor(size_t i, const char* argument) const;
  Tensor maybe(size_t i, const char* argument) const;
  std::vector<Tensor> list(size_t i) const;
  // An option of the operation's constructor; null if it is not given.
  const Config& option(const std::string& key) const;
  Axes axes(const std::string& key = "axis") const;
  std::optional<int64_t> maybe_axis(const std::string& key = "axis") const;
  int64_t integer(const std::string& key, int64_t otherwise) const;
  double number(const std::string& key, double otherwise) const;
  bool flag(const std::string& key, bool otherwise = false) const;
  std::vector<int64_t> integers(const std::string& key) const;  // one, or a list
  DType dtype(const std::string& key = "dtype") const;          // invalid if not given
};

struct Operation {
  std::string module;         // "keras.src.ops.numpy"
  bool takes_list = false;    // its tensors are one list
  std::vector<std::string> options_last = {};  // config entries that here are the last inputs: Clip's x_min, x_max
  std::function<std::vector<Tensor>(const OperationCall&)> call;
};

// Null for an operation that is not there.
const Operation* find_operation(const std::string& class_name);

// Whether a layer entry of a config is an operation: by its module, or in legacy files by having no layer's settings.
bool is_operation_entry(const Config& entry);

}  // namespace hornbeam::saving
