// What the compiler needs to know of the processor that the code will run on.
#pragma once

#include <cstdint>
#include <string>

namespace hornbeam {

struct Target {
  std::string cpu = "native";   // LLVM's name; "native" is resolved to this machine's before code is made
  std::string features;         // LLVM's feature string; empty: the cpu's own
  std::string triple;           // LLVM's, of another machine than this; empty: this machine's
  int32_t vector_bytes = 64;    // of a vector register: 64 (AVX-512), 32 (AVX2), 16 (SSE, NEON, wasm)
  int32_t vector_registers = 32;
  int64_t l1_bytes = 32 << 10;
  int64_t l2_bytes = 1 << 20;
  int32_t threads = 1;          // the most threads an entry may use
  // Operations (about 100 a nanosecond and core) below which a kernel runs on one thread: what the others could take off
  // it would not pay for the two barriers around it.
  int64_t work_worth_sharing = 400000;
};

}  // namespace hornbeam
