// compile's "crossentropy": the model chooses the loss by the labels that it sees.
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/binary_crossentropy.h>
#include <hornbeam/losses/categorical_crossentropy.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/sequential.h>

namespace hornbeam {
namespace {

double loss_of(const CompileOptions& options, int64_t units, const char* activation, const Array& y) {
  Sequential model(
      {Input({2}), layers::Dense({.units = units, .activation = activation, .kernel_initializer = "ones"})});
  model.compile(options);
  return model.evaluate(Array::of<float>({3, 2}, {1, 2, -1, 0.5, 0.25, 0}), y, {.verbose = 0})["loss"];
}

TEST(CompiledCrossentropy, IsWhatTheLabelsAre) {
  const Array classes = Array::of<int32_t>({3}, {0, 1, 1});
  const Array one_hot = Array::of<float>({3, 2}, {1, 0, 0, 1, 0, 1});
  const Array binary = Array::of<float>({3, 1}, {1, 0, 1});
  for (const char* name : {"crossentropy", "ce", "CE"}) {
    EXPECT_EQ(loss_of({.loss = Loss(name)}, 2, "softmax", classes),
              loss_of({.loss = losses::SparseCategoricalCrossentropy()}, 2, "softmax", classes));
    EXPECT_EQ(loss_of({.loss = Loss(name)}, 2, "softmax", one_hot),
              loss_of({.loss = losses::CategoricalCrossentropy()}, 2, "softmax", one_hot));
    EXPECT_EQ(loss_of({.loss = Loss(name)}, 1, "sigmoid", binary),
              loss_of({.loss = losses::BinaryCrossentropy()}, 1, "sigmoid", binary));
  }
}

TEST(CompiledCrossentropy, StandsInTheConfigByName) {
  Sequential model({Input({2}), layers::Dense({.units = 1})});
  model.compile({.loss = Loss("ce")});
  EXPECT_EQ(model.compile_config().at("loss"), Config("crossentropy"));
  model.compile({.loss = Loss("mse")});
  EXPECT_EQ(model.compile_config().at("loss").at("class_name"), Config("MeanSquaredError"));
}

}  // namespace
}  // namespace hornbeam
