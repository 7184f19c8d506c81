// Between hornbeam's dtypes, shapes and arrays, and MLIR's types and attributes.
#include "ir/types.h"

#include <cstring>

namespace hornbeam::ir {

mlir::Type to_mlir(mlir::MLIRContext* context, DType dtype) {
  auto integer = [&](unsigned width, bool is_unsigned) -> mlir::Type {
    return mlir::IntegerType::get(context, width,
                                  is_unsigned ? mlir::IntegerType::Unsigned : mlir::IntegerType::Signless);
  };
  switch (dtype) {
    case DType::boolean:
      return integer(1, false);
    case DType::int8:
      return integer(8, false);
    case DType::int16:
      return integer(16, false);
    case DType::int32:
      return integer(32, false);
    case DType::int64:
      return integer(64, false);
    case DType::uint8:
      return integer(8, true);
    case DType::uint16:
      return integer(16, true);
    case DType::uint32:
      return integer(32, true);
    case DType::uint64:
      return integer(64, true);
    case DType::float16:
      return mlir::Float16Type::get(context);
    case DType::bfloat16:
      return mlir::BFloat16Type::get(context);
    case DType::float32:
      return mlir::Float32Type::get(context);
    case DType::float64:
      return mlir::Float64Type::get(context);
    case DType::string:
    case DType::invalid:
      return {};
  }
  return {};
}

DType from_mlir(mlir::Type element) {
  if (element.isF32()) return DType::float32;
  if (element.isF64()) return DType::float64;
  if (element.isF16()) return DType::float16;
  if (element.isBF16()) return DType::bfloat16;
  auto integer = mlir::dyn_cast<mlir::IntegerType>(element);
  if (!integer || integer.isSigned()) return DType::invalid;
  bool is_unsigned = integer.isUnsigned();
  switch (integer.getWidth()) {
    case 1:
      return is_unsigned ? DType::invalid : DType::boolean;
    case 8:
      return is_unsigned ? DType::uint8 : DType::int8;
    case 16:
      return is_unsigned ? DType::uint16 : DType::int16;
    case 32:
      return is_unsigned ? DType::uint32 : DType::int32;
    case 64:
      return is_unsigned ? DType::uint64 : DType::int64;
    default:
      return DType::invalid;
  }
}

mlir::RankedTensorType tensor_type(llvm::ArrayRef<int64_t> dims, mlir::Type element) {
  llvm::SmallVector<int64_t> sizes(dims);
  for (int64_t& size : sizes)
    if (size == kUnknown) size = mlir::ShapedType::kDynamic;
  return mlir::RankedTensorType::get(sizes, element);
}

mlir::RankedTensorType to_mlir(mlir::MLIRContext* context, const Type& type) {
  return tensor_type(type.shape.dims(), to_mlir(context, type.dtype));
}

Shape shape_of(mlir::Type tensor) {
  auto type = mlir::cast<mlir::RankedTensorType>(tensor);
  std::vector<int64_t> dims(type.getShape());
  for (int64_t& dim : dims)
    if (mlir::ShapedType::isDynamic(dim)) dim = kUnknown;
  return Shape(std::move(dims));
}

DType dtype_of(mlir::Type tensor) { return from_mlir(mlir::getElementTypeOrSelf(tensor)); }

Type from_mlir(mlir::RankedTensorType type) { return {from_mlir(type.getElementType()), shape_of(type)}; }

mlir::DenseElementsAttr to_attr(mlir::MLIRContext* context, const Array& array) {
  auto type = to_mlir(context, Type{array.dtype(), array.shape()});
  if (array.dtype() == DType::boolean) {  // MLIR chooses its own packing of i1
    auto values = array.as<bool>();
    return mlir::DenseElementsAttr::get(type, llvm::ArrayRef<bool>(values.data(), values.size()));
  }
  llvm::ArrayRef<char> bytes(static_cast<const char*>(array.data()), array.bytes());
  // One element stands for all where they are bitwise equal (a raw buffer of one element's size means a splat).
  size_t size = size_of(array.dtype());
  if (bytes.size() > size && std::memcmp(bytes.data(), bytes.data() + size, bytes.size() - size) == 0)
    bytes = bytes.take_front(size);
  return mlir::DenseElementsAttr::getFromRawBuffer(type, bytes);
}

Array to_array(mlir::ElementsAttr elements) {
  auto attr = mlir::cast<mlir::DenseElementsAttr>(elements);
  Array array(from_mlir(attr.getElementType()), shape_of(attr.getType()));
  if (array.dtype() == DType::boolean) {
    auto out = array.mutable_as<bool>();
    size_t i = 0;
    for (bool value : attr.getValues<bool>()) out[i++] = value;
    return array;
  }
  llvm::ArrayRef<char> raw = attr.getRawData();
  auto* out = static_cast<char*>(array.mutable_data());
  if (attr.isSplat()) {
    size_t size = size_of(array.dtype());
    for (size_t at = 0; at < array.bytes(); at += size) std::memcpy(out + at, raw.data(), size);
  } else if (!raw.empty()) {
    std::memcpy(out, raw.data(), raw.size());
  }
  return array;
}

}  // namespace hornbeam::ir
