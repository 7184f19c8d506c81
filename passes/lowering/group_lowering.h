// How one group becomes hk ops. Each family of roots has a file: kernels.cc (elementwise, reductions, moves),
// products.cc, convolutions.cc, strided_gradient.cc, pools.cc.
#pragma once

#include "passes/lowering/kernels.h"
#include "passes/lowering/region.h"

namespace hornbeam::passes {

class GroupLowering {
 public:
  GroupLowering(mlir::OpBuilder& builder, const Group& group, const Plan& plan, Buffers& buffers, const Target& target)
      : b_(builder),
        group_(group),
        plan_(plan),
        buffers_(buffers),
        target_(target),
        loc_(location_of(group)) {}

  mlir::LogicalResult run();

 private:
  using Value = mlir::Value;
  using Dims = llvm::ArrayRef<int64_t>;

  // The sources of all its ops: the root's first, else that of most.
  static mlir::Location location_of(const Group& group);
  static bool is_unsigned(Value value);
  static int64_t product(Dims dims);
  mlir::Type register_type_of(Value value) { return register_type(mlir::getElementTypeOrSelf(value.getType())); }
  Value buffer_of(Value value) { return buffers_.of(stored(value)); }
  // Scratch in which a kernel adds up floats of `value`'s type: float32 at least.
  Value scratch_for_sums(Value value);
  RegionBuilder region(size_t rank, llvm::ArrayRef<mlir::Type> computed) {
    return RegionBuilder(loc_, rank, computed, plan_, buffers_);
  }
  // Tells the region what it will write at `access`, computes the members there, and writes the outputs.
  mlir::LogicalResult finish(RegionBuilder& region, Value root_scalar, const Access& access, size_t rank);
  // Into how many parts this much work is split among threads.
  int64_t units(int64_t work) {
    return target_.threads > 1 && work >= target_.work_worth_sharing ? target_.threads : 1;
  }
  void make_map(RegionBuilder& region, Dims domain);

  // kernels.cc
  mlir::LogicalResult lower_elementwise();
  mlir::LogicalResult lower_reduce(mlir::Operation* op, llvm::StringRef kind, Dims axes);
  static bool reduces_in_parts(Dims input, Dims axes, mlir::Type type);
  // points: what remains, where that is not what the group computes.
  void make_reduce(RegionBuilder::Parts body, Dims domain, Dims axes, llvm::StringRef kind,
                   RegionBuilder::Parts epilogue, std::optional<Dims> points = std::nullopt);
  mlir::LogicalResult lower_concat(horn::ConcatOp op);
  // An array of `inner` in one of `outer`, `low` from its corner.
  void fill_border(Value out, Dims outer, Dims low, Dims inner, llvm::function_ref<Value(RegionBuilder&)> value);
  void pad_into(Value out, Dims outer, Dims low, Dims inner, llvm::function_ref<Value(RegionBuilder&)> fill,
                llvm::function_ref<Value(RegionBuilder&)> x);
  mlir::LogicalResult lower_pad(horn::PadOp op);
  mlir::LogicalResult lower_take_backward(horn::TakeBackwardOp op);

  // products.cc
  // sum over k of lhs[b, m, k] * rhs[b, k, n]: strides of (b, m, k) and of (b, k, n).
  struct Product {
    Value lhs, rhs;
    llvm::SmallVector<int64_t> lhs_strides, rhs_strides;
    int64_t batch = 1, m = 1, n = 1, depth = 1;
  };
  mlir::LogicalResult lower_dot(horn::DotOp op);
  void pack_operands(Product& product);
  void make_product(const Product& of, RegionBuilder::Parts parts);
  Value pack(Value buffer, mlir::Type element, Dims strides, int64_t batch, int64_t along, int64_t depth,
             int64_t width);

  // convolutions.cc
  struct FeatureAxes {
    llvm::SmallVector<int64_t> domain;  // of the kernel: with groups, the last axis of the group's domain is two
    Access points;                      // from the kernel's points to those of the group
    bool lanes_on_groups;
    int64_t lane_extent;  // of the axis along which vectors lie
  };
  FeatureAxes split_features(int64_t groups, int64_t channels_per_group);
  mlir::FailureOr<bool> lower_conv_as_product(horn::ConvOp op);
  mlir::FailureOr<bool> lower_conv_kernel_grad_as_product(horn::ConvBackwardKernelOp op);
  mlir::LogicalResult lower_conv(horn::ConvOp op);
  mlir::LogicalResult add_parts(Value sums, int64_t parts, mlir::Type type);
  mlir::LogicalResult lower_conv_kernel_grad(horn::ConvBackwardKernelOp op);

  // strided_gradient.cc
  mlir::LogicalResult lower_strided_conv_backward_data(horn::ConvBackwardDataOp op);

  // pools.cc
  enum class Pool { max, mean, gather };
  // The window's largest element and a flag per position that says whether the first maximum is there.
  struct Best {
    Value value;
    llvm::SmallVector<Value> chosen;
  };
  Best find_best(RegionBuilder& region, Value x, Dims window, Dims strides, bool with_flags);
  Value share_of(RegionBuilder& region, const Best& best, Value dy, size_t i, int64_t window_size, mlir::Type type);
  mlir::LogicalResult lower_pool(Value x, Value g, Dims window, Dims strides, Pool kind);
  mlir::LogicalResult lower_pool_grad(Value x, Value dy, Dims window, Dims strides);
  mlir::LogicalResult lower_uncovered(Dims pooled, Dims window, Dims strides, mlir::Type type);
  mlir::LogicalResult lower_overlapping_pool_grad(Value x, Value dy, Dims window, Dims strides);

  mlir::OpBuilder& b_;
  const Group& group_;
  const Plan& plan_;
  Buffers& buffers_;
  const Target& target_;
  mlir::Location loc_;
};

}  // namespace hornbeam::passes
