#include "passes/lowering/merge_axes.h"

namespace hornbeam::passes {
namespace {

using List = llvm::SmallVector<int64_t>;

std::optional<List> merged(llvm::ArrayRef<int64_t> factors, size_t first, llvm::ArrayRef<int64_t> extents) {
  int64_t factor = 0, inside = 0;  // of the merged axis; elements of the axes further inside, 0 before there is one
  for (size_t i = extents.size(); i-- > 0;) {
    if (extents[i] == 1) continue;
    if (inside == 0)
      factor = factors[first + i], inside = extents[i];
    else if (factors[first + i] == factor * inside)
      inside *= extents[i];
    else
      return std::nullopt;
  }
  List out(factors.take_front(first));
  out.push_back(factor);
  llvm::append_range(out, factors.drop_front(first + extents.size()));
  return out;
}

}  // namespace

bool merge_axes(RegionBuilder::Parts& parts, size_t first, llvm::ArrayRef<int64_t> extents) {
  mlir::Builder b(parts.access.getContext());
  llvm::SmallVector<mlir::Attribute> access;
  for (mlir::Attribute one : parts.access) {
    auto factors = merged(llvm::cast<mlir::DenseI64ArrayAttr>(one), first, extents);
    if (!factors) return false;
    access.push_back(b.getDenseI64ArrayAttr(*factors));
  }
  llvm::SmallVector<std::pair<mlir::Operation*, List>> inside;
  for (mlir::Operation& op : parts.region->front()) {
    if (!llvm::isa<hk::PositionOp, hk::ElementOp>(op)) continue;
    auto factors = merged(op.getAttrOfType<mlir::DenseI64ArrayAttr>("factors"), first, extents);
    if (!factors) return false;
    inside.push_back({&op, *factors});
  }
  parts.access = b.getArrayAttr(access);
  for (auto& [op, factors] : inside) op->setAttr("factors", b.getDenseI64ArrayAttr(factors));
  return true;
}

}  // namespace hornbeam::passes
