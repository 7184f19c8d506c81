// Conversions of float16, under the names by which the code generator calls them where the processor has no such
// instructions. Integer arithmetic and exact steps in double alone, so that they need none of themselves.
#include "support.h"

#ifdef __wasm__
typedef uint16_t half;  // is passed as an integer there
#else
typedef _Float16 half;
#endif

float __extendhfsf2(half value);
half __truncsfhf2(float value);
half __truncdfhf2(double value);

union half_bits {
  half value;
  uint16_t bits;
};
union float_bits {
  float value;
  uint32_t bits;
};
union double_bits {
  double value;
  uint64_t bits;
};

static half of_bits(uint16_t bits) { return (union half_bits){.bits = bits}.value; }

float __extendhfsf2(half value) {
  uint16_t bits = (union half_bits){.value = value}.bits;
  uint32_t exponent = bits >> 10 & 31, fraction = bits & 1023;
  union float_bits result;
  if (exponent == 0)
    result.value = (float)(int32_t)fraction * 0x1p-24f;
  else if (exponent == 31)
    result.bits = 0x7F800000u | fraction << 13 | (fraction ? 0x400000u : 0);  // a NaN becomes a quiet one
  else
    result.bits = (exponent + 112) << 23 | fraction << 13;
  result.bits |= (uint32_t)(bits & 0x8000) << 16;
  return result.value;
}

// To the nearest, of two to the even one.
half __truncdfhf2(double value) {
  uint64_t word = (union double_bits){.value = value}.bits;
  uint16_t sign = (uint16_t)(word >> 48 & 0x8000);
  word &= ~(uint64_t)0 >> 1;
  value = (union double_bits){.bits = word}.value;
  if (value != value) return of_bits(sign | 0x7E00);
  if (value >= 65520) return of_bits(sign | 0x7C00);
  if (value < 0x1p-14) {  // adding and subtracting 2^52 leaves a whole number of the smallest steps
    volatile double rounded = value * 0x1p24 + 0x1p52;
    return of_bits(sign | (uint16_t)(int32_t)(rounded - 0x1p52));
  }
  word += ((uint64_t)1 << 41) - 1 + (word >> 42 & 1);
  return of_bits(sign | (uint16_t)((word >> 42) - ((uint64_t)(1023 - 15) << 10)));
}

half __truncsfhf2(float value) { return __truncdfhf2(value); }
