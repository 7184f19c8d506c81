// The functions of libm that kernels call for float64, under names of their own: results are the same with every C
// library, and a binary needs none. Most are within 0.7 of a unit in the last place, all within 2.5
// (test/aot/double_math_test.cc compares them with libm in long double).
#pragma once

double hb_pow(double x, double y);
double hb_exp(double x);
double hb_exp2(double x);
double hb_expm1(double x);
double hb_log(double x);
double hb_log1p(double x);
double hb_log2(double x);
double hb_log10(double x);
double hb_cbrt(double x);
double hb_sinh(double x);
double hb_cosh(double x);
double hb_tanh(double x);
double hb_asinh(double x);
double hb_acosh(double x);
double hb_atanh(double x);
double hb_erf(double x);
double hb_erfc(double x);
double hb_sin(double x);
double hb_cos(double x);
double hb_tan(double x);
double hb_asin(double x);
double hb_acos(double x);
double hb_atan(double x);
double hb_atan2(double y, double x);
double hb_fmod(double x, double y);
double hb_round(double x);
double hb_trunc(double x);
double hb_floor(double x);
double hb_ceil(double x);
double hb_roundeven(double x);
