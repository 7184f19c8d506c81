// Where an op comes from. Builder::begin_source puts the path of a layer into the locations of ops; passes carry locations
// on, and the kernel that several ops became has a fused one. Profiles are made from them.
#pragma once

#include <string>

#include <mlir/IR/Location.h>

namespace hornbeam::ir {

// The location of an op of a derivative, by that of the op whose derivative it is.
mlir::Location gradient_of(mlir::Location location);

struct Source {
  std::string path;
  bool gradient = false;
  friend bool operator==(const Source&, const Source&) = default;
};

// The sources that a location names, each once, in order. A location in a text (Module::parse) is none.
llvm::SmallVector<Source> sources_of(mlir::Location location);

}  // namespace hornbeam::ir
