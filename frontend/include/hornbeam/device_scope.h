// DeviceScope: where what is made inside shall run, Keras' `with keras.device(...)`.
#pragma once

#include <string>

namespace hornbeam {

// Names are Keras': "cpu", "cpu:0". There is one device, the processor with all of its cores, so a scope changes
// nothing; what it is for is that a name that is not there is told. Scopes nest and belong to their thread.
class DeviceScope {
 public:
  // Throws ValueError for a device that this machine does not have.
  explicit DeviceScope(const std::string& device_name);
  ~DeviceScope();
  DeviceScope(const DeviceScope&) = delete;
  static std::string current();  // "cpu:0"
};

}  // namespace hornbeam
