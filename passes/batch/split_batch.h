// Predictions of a large batch in parts that stay in the caches.
#pragma once

#include <memory>

#include <hornbeam/base/target.h>
#include <mlir/Pass/Pass.h>

namespace hornbeam::passes {

std::unique_ptr<mlir::Pass> create_split_batch_pass(const Target& target);
std::unique_ptr<mlir::Pass> create_split_batch_pass();

}  // namespace hornbeam::passes
