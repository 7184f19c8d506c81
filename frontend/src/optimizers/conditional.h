// Updates that count only under a condition: at every n-th call, or where no gradient overflowed.
#pragma once

#include <hornbeam/variable.h>

#include <functional>
#include <vector>

namespace hornbeam::optimizers {

// The values that variables have now. (A variable used as a tensor is read where it is used, so it would see later
// updates.)
std::vector<Tensor> values_of(const std::vector<Variable>& variables);

// Runs `update` and keeps what it assigned to `variables` where the scalar `condition` holds; elsewhere they stay as
// they were. The update is always computed: a program has no branch to skip it.
void assign_where(const Tensor& condition, const std::vector<Variable>& variables, const std::function<void()>& update);

}  // namespace hornbeam::optimizers
