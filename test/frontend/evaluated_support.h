// Evaluates a function of tensors with the reference evaluator, for tests of what is written in ops.
#pragma once

#include <gtest/gtest.h>
#include <hornbeam/base/array.h>
#include <hornbeam/base/error.h>
#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

#include <functional>
#include <string>
#include <vector>

namespace hornbeam::testing {

// The function's outputs. What it assigns to the variables is written back to them.
std::vector<Array> evaluated(const std::function<Tensors(const Tensors&)>& function, const Arrays& inputs = {},
                             const std::vector<Variable>& variables = {});
// Of one output's first element.
double number(const std::function<Tensor(const Tensors&)>& function, const Arrays& inputs = {});

// Expects that `statement` throws `Exception` with a text that has `part`.
template <class Exception = ValueError, class F>
void expect_error(F statement, const std::string& part) {
  try {
    statement();
    ADD_FAILURE() << "nothing was thrown; expected: " << part;
  } catch (const Exception& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << "the text is: " << error.what();
  }
}

}  // namespace hornbeam::testing
