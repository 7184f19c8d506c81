// Makes a horn op from its Keras-level name and attributes, with its result types inferred.
#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>
#include <mlir/IR/Diagnostics.h>
#include <mlir/IR/Operation.h>

#include "ir/builder.h"

namespace hornbeam::ir {

// Collects the errors that MLIR reports while it lives.
class ErrorText {
 public:
  explicit ErrorText(mlir::MLIRContext* context);
  absl::Status status() const;  // InvalidArgument with the first error's text
 private:
  std::string text_;
  mlir::ScopedDiagnosticHandler handler_;
};

// The op's name, its attributes as MLIR's, and the types its results will have.
absl::StatusOr<std::unique_ptr<mlir::OperationState>> inferred_state(mlir::MLIRContext* context, std::string_view name,
                                                    mlir::ValueRange operands, const Attrs& attrs);

}  // namespace hornbeam::ir
