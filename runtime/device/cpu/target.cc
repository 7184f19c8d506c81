// Processor features by LLVM's names, for those that compiled kernels use.
#include "runtime/device/cpu/target.h"

#include <algorithm>

#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

// True for a feature that this table does not know.
bool processor_has(const std::string& feature) {
#if defined(__x86_64__)
  __builtin_cpu_init();
#define HORNBEAM_FEATURE(llvm_name, gcc_name) \
  if (feature == llvm_name) return __builtin_cpu_supports(gcc_name)
  HORNBEAM_FEATURE("sse3", "sse3");
  HORNBEAM_FEATURE("ssse3", "ssse3");
  HORNBEAM_FEATURE("sse4.1", "sse4.1");
  HORNBEAM_FEATURE("sse4.2", "sse4.2");
  HORNBEAM_FEATURE("popcnt", "popcnt");
  HORNBEAM_FEATURE("avx", "avx");
  HORNBEAM_FEATURE("avx2", "avx2");
  HORNBEAM_FEATURE("fma", "fma");
  HORNBEAM_FEATURE("bmi", "bmi");
  HORNBEAM_FEATURE("bmi2", "bmi2");
  HORNBEAM_FEATURE("avx512f", "avx512f");
  HORNBEAM_FEATURE("avx512bw", "avx512bw");
  HORNBEAM_FEATURE("avx512cd", "avx512cd");
  HORNBEAM_FEATURE("avx512dq", "avx512dq");
  HORNBEAM_FEATURE("avx512vl", "avx512vl");
  HORNBEAM_FEATURE("avx512vnni", "avx512vnni");
  HORNBEAM_FEATURE("avx512vbmi", "avx512vbmi");
  HORNBEAM_FEATURE("avx512ifma", "avx512ifma");
#undef HORNBEAM_FEATURE
#endif
  return true;
}

}  // namespace

void check_target(const std::string& target) {
  const char* const separators = ",; \t\n";
  for (size_t begin = 0; begin < target.size();) {
    begin = target.find_first_not_of(separators, begin);
    if (begin == std::string::npos) break;
    size_t end = std::min(target.find_first_of(separators, begin), target.size());
    if (target[begin] == '+') {
      std::string feature = target.substr(begin + 1, end - begin - 1);
      if (!processor_has(feature))
        throw ValueError("The program was compiled for a processor with " + feature +
                         ", which this machine lacks. Compile it for this machine or for an older cpu.");
    }
    begin = end;
  }
}

}  // namespace hornbeam::runtime
