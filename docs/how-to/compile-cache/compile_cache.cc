// The pieces of ../compile-cache.md as one program, which keeps what it compiles in a folder of its own.
#include <cstdio>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

// A function that nobody has compiled, as far as this object knows.
hb::Tensor run(const hb::Array& x) {
  auto function = hb::function([](const hb::Tensor& x) { return hb::ops::tanh(x) * 2; });
  return function(hb::Tensor(x));
}

int main() {
  hb::set_compile_cache({.folder = "programs", .max_bytes = 100'000'000});
  hb::clear_compile_cache();
  hb::Array x(hb::DType::float32, {4, 3});
  run(x);
  run(x);
  hb::CompileCacheUsage usage = hb::compile_cache_usage();
  std::printf("%lld programs were found, %lld compiled\n", static_cast<long long>(usage.found),
              static_cast<long long>(usage.missed));
  hb::set_compile_cache({});  // no cache
  return usage.found == 1 && usage.missed == 1 && hb::compile_cache_usage().folder.empty() ? 0 : 1;
}
