// Writes horn ops tersely, for vjps and decompositions.
#include "ir/ops/make.h"

namespace hornbeam::horn {

mlir::Value Make::scalar(mlir::Type element, double value) const {
  mlir::Attribute attr;
  if (mlir::isa<mlir::FloatType>(element))
    attr = builder.getFloatAttr(element, value);
  else
    attr = builder.getIntegerAttr(element, static_cast<int64_t>(value));
  auto type = mlir::RankedTensorType::get({}, element);
  return make<ConstantOp>(type, mlir::cast<mlir::ElementsAttr>(mlir::DenseElementsAttr::get(type, attr)));
}

mlir::Value Make::full(Dims shape, mlir::Type element, double value) const {
  mlir::Value one = scalar(element, value);
  return shape.empty() ? one : broadcast(one, shape, {});
}

}  // namespace hornbeam::horn
