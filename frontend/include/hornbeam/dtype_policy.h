// What a layer computes in and keeps its variables in: "float32", "bfloat16", "mixed_bfloat16", … Empty: the default.
#pragma once

#include <string>

#include <hornbeam/base/dtype.h>
#include <hornbeam/config.h>

namespace hornbeam {

class DTypePolicy {
 public:
  DTypePolicy();  // the default policy (float32, or what set_default last gave)
  DTypePolicy(const char* name) : DTypePolicy(std::string(name)) {}
  DTypePolicy(const std::string& name);  // throws ValueError for an unknown name
  DTypePolicy(DType dtype) : DTypePolicy(std::string(name_of(dtype))) {}

  const std::string& name() const { return name_; }
  DType compute_dtype() const { return compute_; }
  DType variable_dtype() const { return variable_; }

  static void set_default(const DTypePolicy& policy);

  Config config() const;  // {"module": "keras", "class_name": "DTypePolicy", …}
  static DTypePolicy from_config(const Config& identifier);

 private:
  std::string name_;
  DType compute_ = DType::float32;
  DType variable_ = DType::float32;
};

}  // namespace hornbeam
