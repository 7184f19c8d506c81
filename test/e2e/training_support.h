// Training a small model on a few images and comparing two runs bit for bit.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <hornbeam/sequential.h>

namespace hornbeam::e2e {

inline constexpr int64_t kRows = 200;  // 6 batches of 32 and one of 8: 3 does not divide 7, and 64 is more than all

struct Case {
  std::string name;
  std::function<Sequential()> model;
  std::function<Optimizer()> optimizer;
  FitOptions fit;
};

struct Outcome {
  History history;
  std::vector<Array> weights;
  std::vector<Array> optimizer;
  Array predictions;
};

// Two epochs of the first kRows training images in batches of 32, from fixed seeds.
Outcome train(const Case& test, StepsPerExecution steps, int num_threads = 0);
// Reports whatever is not equal to the last bit.
void expect_same(const Outcome& got, const Outcome& expected);

}  // namespace hornbeam::e2e
