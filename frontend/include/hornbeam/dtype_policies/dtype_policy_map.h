// DTypePolicyMap: a policy that differs by the layers' paths, for a layer made of others.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hornbeam/dtype_policy.h>

namespace hornbeam::dtype_policies {

// Policies by path ("encoder/layer_0/dense"), or by a regular expression that the whole path must match ("encoder/.*").
// Given as a layer's dtype it goes on to the layers inside: each takes what its path says, once it is built. A copy is the
// same map, as in Keras.
//
//   DTypePolicyMap map(DTypePolicy("float32"));
//   map.set("encoder/.*", "mixed_bfloat16");
class DTypePolicyMap : public DTypePolicy {
 public:
  using Entries = std::vector<std::pair<std::string, DTypePolicy>>;
  // Nothing as default: the default policy at the time of use, in a file that of the program that loads it.
  DTypePolicyMap();
  // Throws ValueError if default_policy is a map itself.
  explicit DTypePolicyMap(const std::optional<DTypePolicy>& default_policy, const Entries& policies = {});

  DTypePolicy default_policy() const;
  // By the exact key, else by the one expression that matches, else the default. ValueError if several match.
  DTypePolicy operator[](const std::string& path) const;
  // Throws ValueError if the key is there.
  void set(const std::string& key, const DTypePolicy& policy);
  // Throws ValueError if the key is not there.
  void erase(const std::string& key);
  bool contains(const std::string& key) const;
  size_t size() const;
  std::vector<std::string> keys() const;  // in order of their setting
};

}  // namespace hornbeam::dtype_policies
