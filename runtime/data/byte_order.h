// Turning elements of the other byte order around.
#pragma once

#include <algorithm>
#include <cstddef>

namespace hornbeam::runtime {

inline void swap_bytes(void* data, size_t element_size, size_t count) {
  if (element_size < 2) return;
  char* element = static_cast<char*>(data);
  for (size_t i = 0; i < count; ++i, element += element_size) std::reverse(element, element + element_size);
}

}  // namespace hornbeam::runtime
