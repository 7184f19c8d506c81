// How much memory there is, for refusing what can never be had: the kernel promises more and kills who uses it. And how
// it comes in.
#pragma once

#include <cstddef>

namespace hornbeam {

// Bytes of this machine, or of the container around the process.
size_t memory_limit();

// Lets the whole 2 MiB pages of a large block come into memory as such: 512 times fewer faults for who fills it. Not for
// what may stay untouched.
void expect_to_fill(void* data, size_t bytes);

}  // namespace hornbeam
