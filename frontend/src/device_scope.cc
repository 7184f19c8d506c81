#include <hornbeam/device_scope.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include <hornbeam/base/error.h>

namespace hornbeam {
namespace {

constexpr const char* kOnlyDevice = "cpu:0";
thread_local std::vector<std::string> scopes;

}  // namespace

DeviceScope::DeviceScope(const std::string& device_name) {
  std::string name = device_name;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name != "cpu" && name != kOnlyDevice)
    throw ValueError("Device not found: '" + device_name + "'. Available devices are ['" + kOnlyDevice + "']");
  scopes.emplace_back(kOnlyDevice);
}

DeviceScope::~DeviceScope() { scopes.pop_back(); }

std::string DeviceScope::current() { return scopes.empty() ? kOnlyDevice : scopes.back(); }

}  // namespace hornbeam
