// einsum.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// Einstein's sum, as numpy.einsum: each operand's axes are named by letters ("..." stands for any further ones, which
// broadcast); letters that are not in the result are summed over. "ab,bc->ac" is a matrix product; without "->" the
// result has the letters that occur once, sorted. Several operands are contracted from left to right. Throws ValueError
// for subscripts that cannot be read and for sizes that do not match.
Tensor einsum(const std::string& subscripts, const std::vector<Tensor>& operands);

}  // namespace hornbeam::ops
