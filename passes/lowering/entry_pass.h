// The pass horn-to-kernels: what compile() does to each job function after normalization, for hornbeam-opt and its
// tests.
//   Before:  func @train_step(%w: tensor<…> {horn.role = "state", …}, %x: tensor<…> {horn.role = "batch", …}) -> …
//   After:   func @entry_train_step(%weights, %slots, %metrics, %arena, …) with an scf.for over the steps and hk
//   kernels in it
#pragma once

#include <memory>

#include "ir/pch.h"

namespace hornbeam::passes {

// State variables are laid out in the weights segment, in the order in which the module's functions name them first.
// The option `threads` is the most threads that an entry may use.
std::unique_ptr<mlir::Pass> create_to_kernels_pass();

}  // namespace hornbeam::passes
