// Compiles a function built with ir::Builder and runs it, next to the reference evaluator.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/base/array.h>

#include "codegen/compiler.h"
#include "ir/builder.h"

namespace hornbeam::test {

// A function of arrays: built on demand, since compiling uses a module up.
struct Function {
  std::vector<ir::Type> arguments;
  // Given the argument values, returns the results.
  std::function<std::vector<ir::Value>(ir::Builder&, const std::vector<ir::Value>&)> body;
};

// Uniform numbers in [-2, 2) (floats), small integers, or bits, from a seed.
std::vector<Array> random_arguments(const std::vector<ir::Type>& types, uint32_t seed);

// Results by the reference evaluator, and by the compiler (arguments as state, results as outputs).
std::vector<Array> evaluate(const Function& function, const std::vector<Array>& arguments);
absl::StatusOr<std::vector<Array>> run_compiled(const Function& function, const std::vector<Array>& arguments,
                                                int threads);

// Both, compared: |a - b| <= atol + rtol * |b|, NaN equal to NaN, integers equal. Empty if they agree, else what
// differs.
std::string difference(const std::vector<Array>& compiled, const std::vector<Array>& reference, double rtol,
                       double atol);
std::string check(const Function& function, uint32_t seed, int threads = 1, double rtol = 2e-5, double atol = 2e-5);

}  // namespace hornbeam::test
