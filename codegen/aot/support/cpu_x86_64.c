// What this x86-64 processor and its operating system offer, by the levels of the psABI.
#include "support.h"

static void cpuid(uint32_t leaf, uint32_t r[4]) {
  __asm__("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3]) : "a"(leaf), "c"(0));
}

static uint32_t enabled_state(void) {
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

static int has(uint32_t word, uint32_t bits) { return (word & bits) == bits; }

int64_t hb_cpu_level(void) {
  uint32_t leaf_0[4], leaf_1[4], leaf_7[4], extended[4];
  cpuid(0, leaf_0);
  cpuid(0x80000000u, extended);
  if (leaf_0[0] < 7 || extended[0] < 0x80000001u) return HB_LEVEL_BASE;
  cpuid(1, leaf_1);
  cpuid(7, leaf_7);
  cpuid(0x80000001u, extended);
  // FMA, SSE4.2, MOVBE, POPCNT, OSXSAVE, AVX, F16C; LZCNT; BMI1, AVX2, BMI2; the upper halves of registers are kept.
  if (!has(leaf_1[2], 1u << 12 | 1u << 20 | 1u << 22 | 1u << 23 | 1u << 27 | 1u << 28 | 1u << 29) ||
      !has(extended[2], 1u << 5) || !has(leaf_7[1], 1u << 3 | 1u << 5 | 1u << 8) || !has(enabled_state(), 0x6))
    return HB_LEVEL_BASE;
  // AVX512F, DQ, CD, BW, VL.
  if (!has(leaf_7[1], 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31) || !has(enabled_state(), 0xE6))
    return HB_LEVEL_AVX2;
  return HB_LEVEL_AVX512;
}
