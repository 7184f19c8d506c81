// How much memory there is, for refusing what can never be had: the kernel promises more and kills who uses it.
#pragma once

#include <cstddef>

namespace hornbeam {

// Bytes of this machine, or of the container around the process.
size_t memory_limit();

}  // namespace hornbeam
