// Between hornbeam's dtypes, shapes and arrays, and MLIR's types and attributes.
#pragma once

#include <absl/status/statusor.h>
#include <hornbeam/base/array.h>
#include <mlir/IR/BuiltinAttributes.h>
#include <mlir/IR/BuiltinTypes.h>

#include "ir/builder.h"

namespace hornbeam::ir {

// Null for string and invalid, which horn does not have.
mlir::Type to_mlir(mlir::MLIRContext* context, DType dtype);
DType from_mlir(mlir::Type element);  // invalid for a type horn does not have

mlir::RankedTensorType to_mlir(mlir::MLIRContext* context, const Type& type);
Type from_mlir(mlir::RankedTensorType type);

// kUnknown (-1) in attributes and Shape, ShapedType::kDynamic in MLIR's types.
Shape shape_of(mlir::Type tensor);
mlir::RankedTensorType tensor_type(llvm::ArrayRef<int64_t> dims, mlir::Type element);
DType dtype_of(mlir::Type tensor);

mlir::DenseElementsAttr to_attr(mlir::MLIRContext* context, const Array& array);
Array to_array(mlir::ElementsAttr attr);

}  // namespace hornbeam::ir
