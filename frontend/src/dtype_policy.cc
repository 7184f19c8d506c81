#include <hornbeam/dtype_policy.h>

#include <mutex>

#include <hornbeam/base/error.h>

namespace hornbeam {
namespace {

std::mutex default_mutex;
std::string default_name = "float32";

std::string current_default() {
  std::lock_guard lock(default_mutex);
  return default_name;
}

}  // namespace

DTypePolicy::DTypePolicy() : DTypePolicy(current_default()) {}

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
  default_name = policy.name();
}

Config DTypePolicy::config() const {
  return Config::object({{"module", "keras"},
                         {"class_name", "DTypePolicy"},
                         {"config", Config::object({{"name", name_}})},
                         {"registered_name", nullptr}});
}

DTypePolicy DTypePolicy::from_config(const Config& identifier) {
  if (identifier.is_null()) return DTypePolicy();
  if (identifier.is_string()) return DTypePolicy(identifier.as_string());
  return DTypePolicy(identifier.at("config").at("name").as_string());
}

}  // namespace hornbeam
