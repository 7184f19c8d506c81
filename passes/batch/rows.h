// Which values of a job have the rows of the batch along their first axis, and how the job is made for fewer of them.
#pragma once

#include <cstdint>
#include <optional>

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/SmallVector.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>
#include <mlir/IR/Value.h>

namespace hornbeam::passes {

class Rows {
 public:
  // Nothing if some op lets rows of the batch see each other, or may; if the job updates state; or if it has no batch.
  static std::optional<Rows> find(mlir::func::FuncOp job);

  int64_t batch() const { return batch_; }
  // How many rows of the value's first axis belong to a row of the batch, which lie together; 0 if it does not depend on
  // the batch.
  int64_t of(mlir::Value value) const { return per_row_.lookup(value); }

  // Makes the job for so many rows, a divisor of the batch.
  void shrink(int64_t rows);

 private:
  explicit Rows(mlir::func::FuncOp job) : job_(job) {}
  bool read_ports();
  bool read(mlir::Operation& op);
  // Rows of the result for operands that have as many each, or could.
  std::optional<int64_t> equal_rows(mlir::Operation& op);
  bool repeats(mlir::Value value);
  mlir::Value shrunk(mlir::Value value, int64_t size);

  mlir::func::FuncOp job_;
  int64_t batch_ = 0;
  llvm::DenseMap<mlir::Value, int64_t> per_row_;
  llvm::SmallVector<mlir::OpOperand*> repeated_;  // of ops on rows; the same for each of them
  llvm::DenseMap<mlir::Value, bool> repeats_;  // what is known
  llvm::DenseMap<std::pair<mlir::Value, int64_t>, mlir::Value> shrunk_;
};

}  // namespace hornbeam::passes
