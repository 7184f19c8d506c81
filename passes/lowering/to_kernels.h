// The pass horn-to-kernels: each job of scheduled groups becomes a step, hk kernels on flat buffers.
//   Before:  func @train_step(%w: tensor<…> {horn.role = "state", …}, %x: tensor<…> {horn.role = "batch", …}) -> …
//   After:   func @train_step(%w: memref<…> {…}, %x: memref<…> {…}, an output's memref …) with hk ops in it (entry.h)
#pragma once

#include <hornbeam/base/target.h>

#include "ir/pch.h"

namespace hornbeam::passes {

std::unique_ptr<mlir::Pass> create_to_kernels_pass(const Target& target);
// With the option `threads`, the most that an entry may use; for text.
std::unique_ptr<mlir::Pass> create_to_kernels_pass();

}  // namespace hornbeam::passes
