// What a layer computes in and keeps its variables in: "float32", "bfloat16", "mixed_bfloat16", … Empty: the default.
#pragma once

#include <memory>
#include <string>

#include <hornbeam/base/dtype.h>
#include <hornbeam/config.h>

namespace hornbeam {

class DTypePolicy {
 public:
  DTypePolicy();  // the default policy: what set_default last gave, else config::floatx()
  DTypePolicy(const char* name) : DTypePolicy(std::string(name)) {}
  DTypePolicy(const std::string& name);  // throws ValueError for an unknown name
  DTypePolicy(DType dtype) : DTypePolicy(std::string(name_of(dtype))) {}

  const std::string& name() const { return name_; }
  DType compute_dtype() const { return compute_; }
  DType variable_dtype() const { return variable_; }
  // False for one that was made without a name: losses and metrics then take config::floatx(), not the default policy.
  bool given() const { return given_; }
  // What holds for the layer at a path ("encoder/dense"): the policy itself, but for a DTypePolicyMap.
  DTypePolicy at_path(const std::string& path) const;

  static void set_default(const DTypePolicy& policy);
  // Makes config::floatx() the default again.
  static void reset_default();

  Config config() const;  // {"module": "keras", "class_name": "DTypePolicy", …}
  static DTypePolicy from_config(const Config& identifier);

 protected:
  void rename_as_map() { name_ = "map_" + name_; }
  struct Map;  // of a DTypePolicyMap: what copies of it share
  std::shared_ptr<Map> map_;

 private:
  std::string name_;
  bool given_ = true;
  DType compute_ = DType::float32;
  DType variable_ = DType::float32;
};

}  // namespace hornbeam
