// The functions of libm that kernels call for float32, under names of their own: results are the same with every C
// library, and a binary needs none. They compute in double and round once, so they are right to the last bit but in
// rare cases. (test/aot/math_test.cc compares them with libm.)
#pragma once

float hb_powf(float x, float y);
float hb_exp2f(float x);
float hb_log2f(float x);
float hb_log10f(float x);
float hb_cbrtf(float x);
float hb_sinhf(float x);
float hb_coshf(float x);
float hb_asinhf(float x);
float hb_acoshf(float x);
float hb_atanhf(float x);
float hb_erfcf(float x);
float hb_sinf(float x);
float hb_cosf(float x);
float hb_tanf(float x);
float hb_asinf(float x);
float hb_acosf(float x);
float hb_atanf(float x);
float hb_atan2f(float y, float x);
float hb_fmodf(float x, float y);
float hb_roundf(float x);
float hb_truncf(float x);
float hb_floorf(float x);
float hb_ceilf(float x);
float hb_roundevenf(float x);
