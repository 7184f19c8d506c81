#include <hornbeam/dtype_policy.h>

#include <algorithm>
#include <mutex>
#include <regex>

#include <hornbeam/base/error.h>
#include <hornbeam/dtype_policies/dtype_policy_map.h>
#include <hornbeam/settings.h>

namespace hornbeam {
namespace {

std::mutex default_mutex;
std::optional<DTypePolicy>& default_policy() {
  static auto* policy = new std::optional<DTypePolicy>();
  return *policy;
}

// Files bring patterns, so the time of a match must not grow exponentially with its length.
std::regex pattern_of(const std::string& key) {
#ifdef __GLIBCXX__
  constexpr auto kSteady = std::regex_constants::__polynomial;
#else
  constexpr auto kSteady = std::regex_constants::syntax_option_type();
#endif
  try {
    return std::regex(key, std::regex_constants::ECMAScript | kSteady);
  } catch (const std::regex_error&) {
    throw ValueError("A key of a DTypePolicyMap must be a path or a regular expression. Received: " + key);
  }
}

Config serialized(const char* module, const char* class_name, Config config) {
  return Config::object(
      {{"module", module}, {"class_name", class_name}, {"config", config}, {"registered_name", nullptr}});
}

}  // namespace

struct DTypePolicy::Map {
  std::optional<DTypePolicy> default_policy;
  dtype_policies::DTypePolicyMap::Entries policies;

  auto find(const std::string& key) {
    return std::find_if(policies.begin(), policies.end(), [&](const auto& entry) { return entry.first == key; });
  }
};

DTypePolicy::DTypePolicy() {
  std::unique_lock lock(default_mutex);
  if (default_policy()) {
    *this = *default_policy();
  } else {
    lock.unlock();
    *this = DTypePolicy(config::floatx());
  }
  given_ = false;
}

DTypePolicy::DTypePolicy(const std::string& name) : name_(name) {
  if (name == "mixed_float16" || name == "mixed_bfloat16") {
    compute_ = name == "mixed_float16" ? DType::float16 : DType::bfloat16;
    variable_ = DType::float32;
    return;
  }
  std::optional<DType> dtype = dtype_from_name(name);
  if (!dtype)
    throw ValueError("Cannot convert '" + name +
                     "' to a DTypePolicy. Valid policies are a dtype's name, 'mixed_float16' and 'mixed_bfloat16'.");
  compute_ = variable_ = *dtype;
}

void DTypePolicy::set_default(const DTypePolicy& policy) {
  std::lock_guard lock(default_mutex);
  default_policy() = policy;
}

void DTypePolicy::reset_default() {
  std::lock_guard lock(default_mutex);
  default_policy().reset();
}

DTypePolicy DTypePolicy::at_path(const std::string& path) const {
  if (!map_) return *this;
  if (auto exact = map_->find(path); exact != map_->policies.end()) return exact->second;
  std::vector<std::string> matching;
  for (const auto& [pattern, policy] : map_->policies)
    if (std::regex_match(path, pattern_of(pattern))) matching.push_back(pattern);
  if (matching.size() > 1)
    throw ValueError("Path '" + path + "' matches multiple dtype policy specification keys: " +
                     Config(matching).to_json() +
                     ". Please make sure each path only matches at most one key in the DTypePolicyMap.");
  if (matching.size() == 1) return map_->find(matching[0])->second;
  return map_->default_policy.value_or(DTypePolicy());
}

Config DTypePolicy::config() const {
  if (!map_) return serialized("keras", "DTypePolicy", Config::object({{"name", name_}}));
  // A map without a default leaves it to the program that reads it.
  Config policies = Config::object();
  for (const auto& [key, policy] : map_->policies) policies[key] = policy.config();
  Config map = Config::object({{"default_policy", nullptr}, {"policy_map", policies}});
  if (map_->default_policy) map["default_policy"] = map_->default_policy->config();
  return serialized("keras.dtype_policies", "DTypePolicyMap", map);
}

DTypePolicy DTypePolicy::from_config(const Config& identifier) {
  if (identifier.is_null()) return DTypePolicy();
  if (identifier.is_string()) return DTypePolicy(identifier.as_string());
  const Config& config = identifier.at("config");
  const Config* class_name = identifier.find("class_name");
  if (!class_name || !class_name->is_string() || class_name->as_string() != "DTypePolicyMap") {
    const Config& name = config.at("name");
    return name.is_null() ? DTypePolicy() : DTypePolicy(name.as_string());
  }
  std::optional<DTypePolicy> otherwise;
  if (const Config* given = config.find("default_policy"); given && !given->is_null()) otherwise = from_config(*given);
  dtype_policies::DTypePolicyMap map(otherwise);
  for (const auto& [key, policy] : config.at("policy_map").as_object()) map.set(key, from_config(policy));
  return map;
}

namespace dtype_policies {

DTypePolicyMap::DTypePolicyMap() : DTypePolicyMap(std::nullopt) {}

DTypePolicyMap::DTypePolicyMap(const std::optional<DTypePolicy>& default_policy, const Entries& policies)
    : DTypePolicy(default_policy.value_or(DTypePolicy())) {
  if (map_) throw ValueError("`default_policy` cannot be a `DTypePolicyMap`.");
  rename_as_map();
  map_ = std::make_shared<Map>();
  map_->default_policy = default_policy;
  for (const auto& [key, policy] : policies) set(key, policy);
}

DTypePolicy DTypePolicyMap::default_policy() const { return map_->default_policy.value_or(DTypePolicy()); }
DTypePolicy DTypePolicyMap::operator[](const std::string& path) const { return at_path(path); }

void DTypePolicyMap::set(const std::string& key, const DTypePolicy& policy) {
  if (contains(key))
    throw ValueError(key + " already exist in the DTypePolicyMap with value " + map_->find(key)->second.name() +
                     ". Please make sure to not use duplicated keys.");
  pattern_of(key);
  map_->policies.emplace_back(key, policy);
}

void DTypePolicyMap::erase(const std::string& key) {
  if (!contains(key)) throw ValueError("The DTypePolicyMap has no key '" + key + "'.");
  map_->policies.erase(map_->find(key));
}

bool DTypePolicyMap::contains(const std::string& key) const { return map_->find(key) != map_->policies.end(); }
size_t DTypePolicyMap::size() const { return map_->policies.size(); }

std::vector<std::string> DTypePolicyMap::keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, policy] : map_->policies) keys.push_back(key);
  return keys;
}

}  // namespace dtype_policies
}  // namespace hornbeam
