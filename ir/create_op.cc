// Makes a horn op from its Keras-level name and attributes, with its result types inferred.
#include "ir/create_op.h"

#include <absl/strings/str_cat.h>

#include "ir/horn.h"
#include "ir/types.h"

namespace hornbeam::ir {

ErrorText::ErrorText(mlir::MLIRContext* context)
    : handler_(context, [this](mlir::Diagnostic& diagnostic) {
        if (text_.empty()) text_ = diagnostic.str();
        return mlir::success();
      }) {}

absl::Status ErrorText::status() const {
  return absl::InvalidArgumentError(text_.empty() ? "the op is not valid" : text_);
}

namespace {

mlir::Attribute to_mlir(mlir::MLIRContext* context, const Attr& attr) {
  mlir::Builder b(context);
  struct Convert {
    mlir::Builder& b;
    mlir::Attribute operator()(bool value) const { return b.getBoolAttr(value); }
    mlir::Attribute operator()(int64_t value) const { return b.getI64IntegerAttr(value); }
    mlir::Attribute operator()(double value) const { return b.getF64FloatAttr(value); }
    mlir::Attribute operator()(const std::string& value) const { return b.getStringAttr(value); }
    mlir::Attribute operator()(const std::vector<int64_t>& values) const { return b.getDenseI64ArrayAttr(values); }
    mlir::Attribute operator()(const std::vector<double>& values) const { return b.getDenseF64ArrayAttr(values); }
    mlir::Attribute operator()(DType dtype) const {
      mlir::Type type = ir::to_mlir(b.getContext(), dtype);
      return type ? mlir::TypeAttr::get(type) : mlir::Attribute();
    }
    mlir::Attribute operator()(const Array& array) const {
      return ir::to_mlir(b.getContext(), array.dtype()) ? to_attr(b.getContext(), array) : mlir::Attribute();
    }
  };
  return std::visit(Convert{b}, attr);
}

// How many operands ops of this name take; -1 for any number.
int64_t operand_count(mlir::OperationName name) {
  using namespace mlir::OpTrait;
  if (name.hasTrait<ZeroOperands>()) return 0;
  if (name.hasTrait<OneOperand>()) return 1;
  if (name.hasTrait<NOperands<2>::Impl>()) return 2;
  if (name.hasTrait<NOperands<3>::Impl>()) return 3;
  return -1;
}

// An op's properties on the heap, as OperationName knows how to make them; null for an op without attributes.
class Properties {
 public:
  explicit Properties(mlir::OperationName name) : name_(name), bytes_(name.getOpPropertyByteSize()) {
    if (!bytes_.empty()) name_.initOpProperties(pointer(), nullptr);
  }
  ~Properties() {
    if (!bytes_.empty()) name_.destroyOpProperties(pointer());
  }
  Properties(const Properties&) = delete;
  Properties& operator=(const Properties&) = delete;
  mlir::OpaqueProperties pointer() { return bytes_.empty() ? nullptr : bytes_.data(); }

 private:
  mlir::OperationName name_;
  std::vector<char> bytes_;  // operator new aligns for any type
};

}  // namespace

absl::StatusOr<std::unique_ptr<mlir::OperationState>> inferred_state(mlir::MLIRContext* context, std::string_view name,
                                                                     mlir::ValueRange operands, const Attrs& attrs) {
  std::string full_name = "horn." + std::string(name);
  auto op_name = mlir::RegisteredOperationName::lookup(full_name, context);
  auto infer = op_name ? op_name->getInterface<mlir::InferTypeOpInterface>() : nullptr;
  if (!infer) return absl::InvalidArgumentError("Unknown op: " + std::string(name));
  int64_t count = operand_count(*op_name);
  if (count >= 0 && count != static_cast<int64_t>(operands.size()))
    return absl::InvalidArgumentError(
        absl::StrCat(full_name, ": expected ", count, " operands. Received: ", operands.size()));

  auto owned = std::make_unique<mlir::OperationState>(mlir::UnknownLoc::get(context), *op_name);
  mlir::OperationState& state = *owned;
  for (const auto& [key, value] : attrs) {
    auto known = llvm::any_of(op_name->getAttributeNames(), [&](mlir::StringAttr n) { return n.getValue() == key; });
    if (!known) return absl::InvalidArgumentError(absl::StrCat(full_name, ": unknown attribute ", key));
    mlir::Attribute attr = to_mlir(context, value);
    if (!attr)
      return absl::InvalidArgumentError(
          absl::StrCat(full_name, ": attribute ", key, " has a dtype that no program can hold"));
    state.addAttribute(key, attr);
  }
  for (mlir::StringAttr expected : op_name->getAttributeNames())
    if (!state.attributes.get(expected))
      return absl::InvalidArgumentError(absl::StrCat(full_name, ": missing attribute ", expected.getValue().str()));

  ErrorText errors(context);
  auto report = [&] { return mlir::emitError(state.location, full_name + ": "); };
  mlir::DictionaryAttr dictionary = state.attributes.getDictionary(context);
  Properties properties(*op_name);
  // An op without attributes has no properties, and MLIR refuses to set them.
  if (op_name->getOpPropertyByteSize() > 0 &&
      failed(op_name->setOpPropertiesFromAttribute(*op_name, properties.pointer(), dictionary, report)))
    return errors.status();
  if (failed(infer->inferReturnTypes(context, state.location, operands, dictionary, properties.pointer(), {},
                                     state.types)))
    return errors.status();
  state.addOperands(operands);
  return owned;
}

}  // namespace hornbeam::ir
