// Counter-based random numbers: shape and reference side by side. The seed is an integer, so there is no gradient.
#include <hornbeam/base/philox.h>

#include "ir/horn.h"
#include "ir/ops/infer.h"
#include "ir/ops/reference.h"

namespace hornbeam::horn {

using namespace mlir;

LogicalResult RandomUniformOp::inferReturnTypes(MLIRContext*, std::optional<Location> location, Adaptor a,
                                                Types& types) {
  Value seed = a.getSeed();
  if (ir::dtype_of(seed.getType()) != DType::uint32 || rank(seed) != 1 || !fits(dims(seed)[0], 2))
    return shape_error(location, "random_uniform",
                       "the seed must be a uint32 tensor of shape (2,). Received: dtype=" +
                           std::string(name_of(ir::dtype_of(seed.getType()))) + ", shape=" + text(seed));
  for (int64_t dim : a.getShape())
    if (dim < 0 && !unknown(dim))
      return shape_error(location, "random_uniform",
                         "shape must not have negative axes. Received: shape=" + text(a.getShape()));
  types.push_back(ir::tensor_type(a.getShape(), Float32Type::get(seed.getContext())));
  return success();
}

std::vector<Array> RandomUniformOp::evaluate(llvm::ArrayRef<Array> in) {
  Array out(DType::float32, ir::shape_of(getResult().getType()));
  auto seed = in[0].as<uint32_t>();
  auto values = out.mutable_as<float>();
  for (uint64_t i = 0; i < values.size(); ++i)
    values[i] =
        unit_float(philox4x32({static_cast<uint32_t>(i), static_cast<uint32_t>(i >> 32), 0, 0}, {seed[0], seed[1]})[0]);
  return {out};
}

}  // namespace hornbeam::horn
