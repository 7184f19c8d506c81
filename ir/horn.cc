// The horn dialect: its registration, and what mlir-tblgen wrote of it.
#include "ir/horn.h"

#include "ir/dialect.cc.inc"
#include "ir/interfaces.cc.inc"
#include "ir/ops/infer.h"

#define GET_OP_CLASSES
#include "ir/ops.cc.inc"

namespace hornbeam::horn {

void HornDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "ir/ops.cc.inc"
      >();
}

mlir::Operation* HornDialect::materializeConstant(mlir::OpBuilder& builder, mlir::Attribute value, mlir::Type type,
                                                  mlir::Location loc) {
  auto elements = mlir::dyn_cast<mlir::ElementsAttr>(value);
  if (!elements || elements.getType() != type) return nullptr;
  return ConstantOp::create(builder, loc, type, elements);
}

}  // namespace hornbeam::horn
