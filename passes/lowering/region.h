// Builds the region of a kernel: horn's elementwise ops as scalar arithmetic, reads as pointwise operands.
#pragma once

#include "passes/lowering/kernels.h"

namespace hornbeam::passes {

class RegionBuilder {
 public:
  // A region over points with `rank` indices. `computed` are the types of what the kernel itself computes at a point.
  RegionBuilder(mlir::Location loc, size_t rank, llvm::ArrayRef<mlir::Type> computed, const Plan& plan,
                Buffers& buffers);
  ~RegionBuilder();

  mlir::Value computed(unsigned i) { return block().getArgument(i); }
  // Lets `value` stand for a horn value at the points where it is asked for at `identity` access from now on.
  void bind(mlir::Value horn_value, mlir::Value value) { bound_[horn_value] = value; }
  void forget() { bound_.clear(); }

  // An element of a horn value at `access` (from the region's points), in a register.
  mlir::Value read(mlir::Value horn_value, const Access& access);
  // An element of a value that an op makes which only moves elements, from where they come from.
  mlir::Value read_moved(mlir::Value horn_value, const Access& access);
  // An element of a buffer at a linear access.
  mlir::Value read_buffer(mlir::Value buffer, const Linear& at, mlir::Type element);
  // Computes an elementwise op at the points of its shape given by `access`, and binds its result.
  mlir::LogicalResult compute(mlir::Operation* op, const Access& access);
  // Declares that `value` is yielded for the element of `buffer` at `at`. The old element is read through it where
  // asked.
  void write(mlir::Value value, mlir::Value buffer, const Linear& at);
  // An out that read_buffer will find: for values read and written at the same place.
  void expect_out(mlir::Value buffer, const Linear& at);

  mlir::OpBuilder& builder() { return builder_; }
  mlir::Block& block() { return region_->front(); }
  mlir::Location loc() const { return loc_; }

  // Ends the region and hands over its parts.
  struct Parts {
    llvm::SmallVector<mlir::Value> extras, outs;
    mlir::ArrayAttr access;
    std::unique_ptr<mlir::Region> region;
    int64_t operations = 0;
  };
  Parts take();
  // For a body: yields `value` alone.
  Parts take_body(mlir::Value value);

 private:
  struct Operand {
    mlir::Value buffer;
    Linear at;
    mlir::Value value;    // what stands for it in the region (after conversion to the register type)
    mlir::Value yielded;  // of an out
    bool table = false;   // an extra that is read at computed places
  };
  mlir::Value random(horn::RandomUniformOp op, const Linear& position);
  mlir::Value position(const Linear& at);
  mlir::Value take(horn::TakeOp op, const Access& access);
  mlir::Value table(mlir::Value buffer, mlir::Type element);

  mlir::Location loc_;
  size_t rank_;
  const Plan& plan_;
  Buffers& buffers_;
  std::unique_ptr<mlir::Region> region_;
  mlir::OpBuilder builder_;
  unsigned computed_;
  std::vector<Operand> extras_, outs_;
  llvm::DenseMap<mlir::Value, mlir::Value> bound_;
};

}  // namespace hornbeam::passes
