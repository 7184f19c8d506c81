// Products of tensors beyond matmul and einsum; names and arguments as keras.ops.
#pragma once

#include <string>

#include <hornbeam/tensor.h>

namespace hornbeam::ops {

Tensor inner(const Tensor& x1, const Tensor& x2);  // over both last axes
Tensor outer(const Tensor& x1, const Tensor& x2);  // of the flat tensors
Tensor vdot(const Tensor& x1, const Tensor& x2);   // of the flat tensors
Tensor kron(const Tensor& x1, const Tensor& x2);
// Of vectors of 2 or 3 components along an axis; two of 2 components give the third component of the result alone.
Tensor cross(const Tensor& x1, const Tensor& x2, int64_t axisa = -1, int64_t axisb = -1, int64_t axisc = -1);
// Euclidean distances of all rows: [..., P, M] and [..., R, M] → [..., P, R].
Tensor cdist(const Tensor& x, const Tensor& y);
// Cross-correlation of two vectors; mode "valid", "same" or "full".
Tensor correlate(const Tensor& x1, const Tensor& x2, const std::string& mode = "valid");
// Pearson's correlation coefficients of the rows.
Tensor corrcoef(const Tensor& x);

}  // namespace hornbeam::ops
