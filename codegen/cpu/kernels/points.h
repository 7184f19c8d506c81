// How a kernel body touches memory: a vector of points of a domain, loads and stores by linear access, and regions of
// scalar arithmetic cloned onto vectors.
#pragma once

#include "ir/kernel/hk.h"

namespace hornbeam::codegen {

// `lanes` neighbouring points along one axis, or a single point.
struct Points {
  llvm::SmallVector<mlir::Value> index;  // per axis of the domain: of the first point
  int axis = -1;                         // along which the lanes lie; -1 for a single point on scalars
  int64_t lanes = 1;
  mlir::Value mask;  // vector<lanes x i1>; null when every lane is a point
};

// An insertion point with the few helpers that all kernels use. Index arithmetic does not wrap.
class Emitter {
 public:
  Emitter(mlir::OpBuilder& builder, mlir::Location loc) : b(builder), loc(loc) {}

  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value a, mlir::Value c);
  mlir::Value add(mlir::Value a, int64_t c) { return c ? add(a, index(c)) : a; }
  mlir::Value mul(mlir::Value a, int64_t c);
  mlir::Value minimum(mlir::Value a, mlir::Value c);

  // for (i = begin; i < end; i += step) body(i)
  void loop(mlir::Value begin, mlir::Value end, int64_t step, llvm::function_ref<void(mlir::Value)> body);
  void loop(int64_t begin, int64_t end, int64_t step, llvm::function_ref<void(mlir::Value)> body);
  // The same with values carried from turn to turn.
  using Carried = llvm::SmallVector<mlir::Value>;
  Carried loop(mlir::Value begin, mlir::Value end, int64_t step, mlir::ValueRange start,
               llvm::function_ref<Carried(mlir::Value, mlir::ValueRange)> body);
  // One loop per extent, outermost first; body gets all indices. Extents of 1 make no loop.
  void nest(llvm::ArrayRef<int64_t> extents, llvm::function_ref<void(llvm::ArrayRef<mlir::Value>)> body);
  Carried nest(llvm::ArrayRef<int64_t> extents, mlir::ValueRange start,
               llvm::function_ref<Carried(llvm::ArrayRef<mlir::Value>, mlir::ValueRange)> body);
  void when(mlir::Value condition, llvm::function_ref<void()> body);

  // Half-precision floats are added up in float32, everything else in its own type.
  static mlir::Type sum_type(mlir::Type element);
  // A float value (scalar or vector) in another width; itself where the element type is that already.
  mlir::Value to_float(mlir::Value value, mlir::Type element);

  // The type of a value of `element` (a logical type: i1 for a boolean) at these points.
  mlir::Type type_at(mlir::Type element, int64_t lanes, bool vector);
  mlir::Value splat(mlir::Value scalar, int64_t lanes);
  mlir::Value zero(mlir::Type type);                // of a scalar or vector type
  mlir::Value mask(int64_t active, int64_t lanes);  // null when all are active

  // Σ factors · index + constant, of the first point.
  mlir::Value position(const Points& points, llvm::ArrayRef<int64_t> factors);
  // The elements of a flat buffer at the points; booleans come as i1.
  mlir::Value load(mlir::Value buffer, llvm::ArrayRef<int64_t> access, const Points& points, bool boolean);
  void store(mlir::Value value, mlir::Value buffer, llvm::ArrayRef<int64_t> access, const Points& points);
  // `lanes` elements from a flat position on, `step` apart (0: the same one in every lane).
  mlir::Value load_lanes(mlir::Value buffer, mlir::Value at, int64_t step, int64_t lanes, mlir::Value mask = {});
  // Contiguous elements from a flat position, and back.
  mlir::Value load_vector(mlir::Value buffer, mlir::Value at, int64_t lanes, mlir::Value mask = {});
  void store_vector(mlir::Value value, mlir::Value buffer, mlir::Value at, mlir::Value mask = {});
  mlir::Value load_scalar(mlir::Value buffer, mlir::Value at);

  // Clones a region's block for the points; returns what it yields. The argument of a table is its buffer.
  Carried run(mlir::Region& region, mlir::ValueRange arguments, const Points& points);
  // A parameter that hk.element reads at computed places.
  static bool is_table(mlir::BlockArgument parameter);

  mlir::OpBuilder b;
  mlir::Location loc;

 private:
  mlir::Value lane_offsets(int64_t step, int64_t lanes);
  mlir::Value all_lanes(int64_t lanes, mlir::Value mask);
  // The scalar that a vector has in every lane, null if it cannot be seen to be one.
  mlir::Value uniform(mlir::Value vector);
  mlir::Value element(hk::ElementOp op, mlir::Value buffer, mlir::Value index, const Points& points);
};

}  // namespace hornbeam::codegen
