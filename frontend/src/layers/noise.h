// Random numbers as the regularizing layers use them.
#pragma once

#include <string>

#include <hornbeam/random.h>
#include <hornbeam/tensor.h>

namespace hornbeam::layers {

// Throws ValueError if rate is not in [0, 1].
void check_rate(const std::string& class_name, double rate);
// x / (1 - rate) where a draw of shape `noise` (which broadcasts to x) is at least `rate`, else 0.
Tensor dropout(const Tensor& x, double rate, const Shape& noise, const Tensor& seed);
// Normally distributed numbers of mean 0 and standard deviation 1: Box and Muller's pairs, the cosines.
Tensor standard_normal(const Shape& shape, const Tensor& seed);

}  // namespace hornbeam::layers
