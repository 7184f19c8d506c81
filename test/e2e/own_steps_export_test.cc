// A model with a train step of its own as a compiled binary: for prediction like any other; its training is refused.
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <hornbeam/export.h>
#include <hornbeam/gradient.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/model.h>
#include <hornbeam/ops.h>
#include <hornbeam/runtime/data/npy.h>

#include "test/frontend/arrays_support.h"
#include "test/support/expect_error.h"
#include "test/support/temporary_folder.h"

namespace hornbeam {
namespace {

// Moves its weights against the sign of the gradient.
class SignNet : public ModelOf<SignNet> {
 public:
  SignNet() {
    Tensor x = Input({3});
    set_graph(x, layers::Dense({.units = 2})(x));
  }

 private:
  StepLogs train_step(const StepData& data) override {
    Gradient gradient = value_and_grad(
        [&] { return ops::mean(ops::square(data.y.single() - (*this)(data.x, {.training = true}).single())); },
        trainable_weights());
    std::vector<Variable> weights = trainable_weights();
    for (size_t i = 0; i < weights.size(); ++i) weights[i].assign(weights[i] - 0.01 * ops::sign(gradient.grads[i]));
    return {{"loss", gradient.value}};
  }
};

TEST(OwnStepsExport, PredictsAsTheModelAndRefusesToTrain) {
  ::hornbeam::test::TemporaryFolder folder;
  SignNet model;
  model.compile({.optimizer = "sgd", .loss = "mse"});
  Array x = testing::random_array({32, 3}, 1), y = testing::random_array({32, 2}, 2);
  model.fit(x, y, {.epochs = 3, .verbose = 0});
  Array expected = model.predict(x, {.batch_size = 8, .verbose = 0});

  const std::string exe = folder / "net";
  export_model(model, exe, {.emit = "exe", .batch_size = 8, .cpu = "native"});
  runtime::write_npz(folder / "x.npz", {{"x", x}});
  ASSERT_EQ(std::system((exe + " --input " + (folder / "x.npz") + " --output " + (folder / "y.npz") + " 2> " +
                         (folder / "err.txt")).c_str()),
            0);
  auto results = runtime::read_npz(folder / "y.npz");
  ASSERT_EQ(results.size(), 1u);
  testing::expect_same_bits(results.begin()->second, expected);

  EXPECT_ERROR(export_model(model, folder / "train", {.emit = "exe", .function = "train", .batch_size = 8}),
               NotImplementedError, "is its own, which cannot be exported yet. Export it for prediction.");
  EXPECT_FALSE(std::filesystem::exists(folder / "train"));
}

}  // namespace
}  // namespace hornbeam
