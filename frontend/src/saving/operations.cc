// Reading the arguments of operations.
#include "frontend/src/saving/operations.h"

#include <hornbeam/base/error.h>

namespace hornbeam::saving {
namespace {

[[noreturn]] void refuse(const OperationCall& call, const std::string& what) {
  throw ValueError("The operation " + call.name + " in the model's config " + what);
}

const Argument* find(const OperationCall& call, size_t i, const char* argument) {
  if (i < call.args.size()) return &call.args[i];
  auto named = call.kwargs.find(argument);
  return named == call.kwargs.end() ? nullptr : &named->second;
}

}  // namespace

Tensor OperationCall::maybe(size_t i, const char* argument) const {
  const Argument* found = find(*this, i, argument);
  if (!found || !found->is_tensors()) return {};
  if (!found->tensors.is_single()) refuse(*this, "has a list where one tensor belongs");
  return found->tensors.single();
}

Tensor OperationCall::tensor(size_t i, const char* argument) const {
  Tensor found = maybe(i, argument);
  if (!found) refuse(*this, std::string("lacks its argument ") + argument);
  return found;
}

std::vector<Tensor> OperationCall::list(size_t i) const {
  if (i >= args.size() || !args[i].is_tensors()) refuse(*this, "lacks its list of tensors");
  return args[i].tensors.flat();
}

const Config& OperationCall::option(const std::string& key) const {
  static const Config null;
  if (const Config* found = config.find(key)) return *found;
  auto named = kwargs.find(key);
  return named == kwargs.end() ? null : named->second.value;
}

Axes OperationCall::axes(const std::string& key) const {
  const Config& value = option(key);
  if (value.is_null()) return {};
  return value.is_array() ? Axes(integers(key)) : Axes(value.as_int());
}

std::optional<int64_t> OperationCall::maybe_axis(const std::string& key) const {
  const Config& value = option(key);
  return value.is_null() ? std::nullopt : std::optional<int64_t>(value.as_int());
}

int64_t OperationCall::integer(const std::string& key, int64_t otherwise) const {
  const Config& value = option(key);
  return value.is_null() ? otherwise : value.as_int();
}

double OperationCall::number(const std::string& key, double otherwise) const {
  const Config& value = option(key);
  return value.is_null() ? otherwise : value.as_double();
}

bool OperationCall::flag(const std::string& key, bool otherwise) const {
  const Config& value = option(key);
  return value.is_null() ? otherwise : value.as_bool();
}

std::vector<int64_t> OperationCall::integers(const std::string& key) const {
  const Config& value = option(key);
  if (value.is_null()) return {};
  if (!value.is_array()) return {value.as_int()};
  std::vector<int64_t> list;
  for (const Config& entry : value.as_array()) list.push_back(entry.is_null() ? -1 : entry.as_int());
  return list;
}

DType OperationCall::dtype(const std::string& key) const {
  const Config& value = option(key);
  DType dtype = DType::invalid;
  if (!value.is_null()) value.to(dtype);
  return dtype;
}

bool is_operation_entry(const Config& entry) {
  const Config* module = entry.find("module");
  if (module && module->is_string()) return module->as_string().rfind("keras.src.ops", 0) == 0;
  // Legacy files leave the module out. Every layer that has an operation's name has `trainable`.
  const Config* class_name = entry.find("class_name");
  const Config* config = entry.find("config");
  return class_name && class_name->is_string() && config && config->is_object() && !config->contains("trainable") &&
         !config->contains("layers") && find_operation(class_name->as_string());
}

}  // namespace hornbeam::saving
