// An ELF shared object in memory, loaded without touching the file system.
#pragma once

#include <string>
#include <string_view>

namespace hornbeam::runtime {

class SharedObject {
 public:
  // Throws IOError with the loader's reason.
  explicit SharedObject(std::string_view image);
  ~SharedObject();
  SharedObject(const SharedObject&) = delete;
  SharedObject& operator=(const SharedObject&) = delete;

  // Throws IOError if there is no such symbol.
  void* find(const std::string& symbol) const;
  void* find_or_null(const std::string& symbol) const;

 private:
  int fd_ = -1;
  void* handle_ = nullptr;
};

}  // namespace hornbeam::runtime
