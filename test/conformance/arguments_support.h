// The call arguments of a case, from their JSON form.
#pragma once

#include <hornbeam/config.h>
#include <hornbeam/tensor.h>

#include <map>
#include <string>
#include <vector>

#include "test/conformance/cases_support.h"

namespace hornbeam::conformance {

// nlohmann's value as a Config.
Config to_config(const nlohmann::json& json);

// All tensors of a call, in order: those of `args`, then those of `kwargs` (sorted by name). Any other value stays
// JSON.
class Arguments {
 public:
  // Throws ValueError for a form that the runners do not know ($strings, …).
  Arguments(const Case& c, const nlohmann::json& args, const nlohmann::json& kwargs);

  const std::vector<std::string>& keys() const { return keys_; }
  Arrays arrays() const;

  // Given the tensors in that order: positional argument `i` as a structure of tensors.
  Tensors positional(size_t i, const Tensors& tensors) const;
  // A positional argument as it stands, for one that is no tensor; null if it is missing.
  nlohmann::json plain(size_t i) const { return i < args_.size() ? args_[i] : nlohmann::json(); }
  // The elements of a positional argument that is a tensor, for what must be known while tracing.
  Array array(size_t i) const;
  size_t num_positional() const { return args_.size(); }
  // A keyword argument that is a tensor; not valid if it is missing or none.
  Tensor keyword(const std::string& name, const Tensors& tensors) const;
  // The names of all keywords that hold tensors.
  std::vector<std::string> tensor_keywords() const;
  // The names of all others that are not null.
  std::vector<std::string> plain_keywords() const;
  Tensors keyword_tensors(const std::string& name, const Tensors& tensors) const;
  // Whether the keyword is there, be it null.
  bool has(const std::string& name) const { return kwargs_.contains(name); }
  // A keyword that is a plain value; null if it is missing.
  nlohmann::json value(const std::string& name) const;
  // The number of a tensor among keys(), or -1.
  int64_t index_of(const std::string& key) const;

 private:
  Tensors gather(const nlohmann::json& tree, const Tensors& tensors) const;
  void collect(const nlohmann::json& tree);

  const Case& case_;
  nlohmann::json args_, kwargs_;
  std::vector<std::string> keys_;
};

}  // namespace hornbeam::conformance
