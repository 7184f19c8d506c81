// A gradient's location is a name of its own around the first op's.
#include "ir/source.h"

#include <llvm/ADT/STLExtras.h>

namespace hornbeam::ir {
namespace {

constexpr llvm::StringLiteral kGradient = "<gradient>";

bool is_gradient(mlir::Location location) {
  auto name = llvm::dyn_cast<mlir::NameLoc>(location);
  return name && name.getName() == kGradient;
}

void collect(mlir::Location location, bool gradient, llvm::SmallVector<Source>& sources) {
  if (auto fused = llvm::dyn_cast<mlir::FusedLoc>(location)) {
    for (mlir::Location part : fused.getLocations()) collect(part, gradient, sources);
  } else if (auto name = llvm::dyn_cast<mlir::NameLoc>(location)) {
    if (is_gradient(name)) return collect(name.getChildLoc(), true, sources);
    Source source{name.getName().str(), gradient};
    if (!llvm::is_contained(sources, source)) sources.push_back(source);
  }
}

}  // namespace

mlir::Location gradient_of(mlir::Location location) {
  // A derivative's derivative is one, too; of nothing known there is nothing to say.
  if (is_gradient(location) || llvm::isa<mlir::UnknownLoc>(location)) return location;
  return mlir::NameLoc::get(mlir::StringAttr::get(location.getContext(), kGradient), location);
}

llvm::SmallVector<Source> sources_of(mlir::Location location) {
  llvm::SmallVector<Source> sources;
  collect(location, false, sources);
  return sources;
}

}  // namespace hornbeam::ir
