// A WebAssembly module that was made with SIMD instructions loads only where there are some. Its memory grows on
// demand.
#include "support.h"

int64_t hb_cpu_level(void) { return HB_LEVEL_BASE; }

extern unsigned char __heap_base;
#define HB_PAGE 65536u

// Memory for instances and data, 64-byte aligned, behind all that was given out before; null if there is none left. It
// is for the lifetime of the module's instance.
void* hb_allocate(size_t bytes) {
  static uintptr_t next;  // of this instance of the module, which is all there is
  if (!next) next = ((uintptr_t)&__heap_base + 63) / 64 * 64;
  uintptr_t at = next, end = at + bytes;
  uintptr_t have = (uintptr_t)__builtin_wasm_memory_size(0) * HB_PAGE;
  if (end < at || end > UINT32_MAX - 2 * HB_PAGE) return NULL;
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + HB_PAGE - 1) / HB_PAGE) == (size_t)-1) return NULL;
  next = (end + 63) / 64 * 64;
  return (void*)at;
}
