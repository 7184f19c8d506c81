// Functional graphs in model files: shared layers, nested models, operations between layers, keyword arguments, masks,
// and layers of one's own. Each model is saved, loaded, and predicts the same, bit for bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/concatenate.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/math.h>
#include <hornbeam/ops/products.h>
#include <hornbeam/saving.h>
#include <hornbeam/sequential.h>

#include "test/saving/model_files.h"

namespace hornbeam::saving_test {
namespace {

using layers::Dense;

Array numbers(Shape shape, double phase = 0) {
  Array array(DType::float32, std::move(shape));
  for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, std::sin(i * 1.3 + phase));
  return array;
}

// Saves and loads; the same predictions, and the same file when it is saved again.
void expect_round_trip(const Model& model, const Arrays& inputs) {
  TemporaryFolder folder;
  Model original = model;
  for (const std::string name : {"model.keras", "model.h5"}) {
    SCOPED_TRACE(name);
    model.save(folder / name);
    Model again = load_model(folder / name);
    EXPECT_EQ(again.shared()->config().to_json(), model.shared()->config().to_json());
    EXPECT_EQ(again.output_names(), model.output_names());
    EXPECT_EQ(again.weights().size(), model.weights().size());
    Arrays expected = original.predict(inputs, {.verbose = 0}), found = again.predict(inputs, {.verbose = 0});
    ASSERT_EQ(found.size(), expected.size());
    EXPECT_EQ(found.keys(), expected.keys());
    for (size_t i = 0; i < found.size(); ++i) expect_bytes_equal(found[i], expected[i], "output " + std::to_string(i));
  }
}

TEST(GraphFiles, SharedLayersAndSeveralEnds) {
  Tensor a = Input({.shape = {4}, .name = "a"}), b = Input({.shape = {4}, .name = "b"});
  Dense shared({.units = 3, .name = "shared"});
  Tensor u = shared(a), v = shared(b);
  Tensor w = Dense({.units = 3, .name = "other"})(u);
  Tensor joined = layers::Concatenate({.name = "join"})({u, v});
  Model model({a, b}, {Dense({.units = 2, .name = "first"})(joined), Dense({.units = 1, .name = "second"})(w)}, "ends");
  expect_round_trip(model, {numbers({5, 4}), numbers({5, 4}, 1)});
}

TEST(GraphFiles, NestedModelsAndTheirOutputs) {
  Tensor x = Input({.shape = {4}, .name = "inner_in"});
  Model inner(x, Dense({.units = 4, .activation = "tanh", .name = "inner_dense"})(x), "inner");
  Sequential stack({Input({4}), Dense({.units = 4, .name = "stack_dense"})}, "stack");
  Tensor y = Input({.shape = {4}, .name = "outer_in"});
  // Called twice, once in between and once as the model's output.
  Model outer(y, {inner(stack(inner(y))).single(), stack(y).single()}, "outer");
  expect_round_trip(outer, numbers({3, 4}));
}

TEST(GraphFiles, LayersSharedBetweenModelsStayOne) {
  Dense shared({.units = 4, .name = "shared"});
  Tensor x = Input({.shape = {4}, .name = "x1"});
  Model one(x, shared(x), "one");
  Tensor z = Input({.shape = {4}, .name = "x2"});
  Model two(z, ops::tanh(shared(z)), "two");
  Tensor y = Input({.shape = {4}, .name = "y"});
  Model outer(y, two(one(y)), "outer");
  ASSERT_EQ(outer.weights().size(), 2u);
  expect_round_trip(outer, numbers({3, 4}));
}

TEST(GraphFiles, MapsOfOutputs) {
  Tensor x = Input({.shape = {4}, .name = "x"});
  Tensors outputs;
  outputs.set("b", Dense({.units = 2, .name = "dense_b"})(x));
  outputs.set("a", Dense({.units = 3, .name = "dense_a"})(x));
  expect_round_trip(Model(x, outputs, "map"), numbers({3, 4}));
}

// One model for each operation of the table that takes tensors of shape [batch, 2, 3].
struct OperationCase {
  std::string name;
  std::function<Tensor(const Tensor&, const Tensor&)> f;
};

const std::vector<OperationCase>& operation_cases() {
  using T = const Tensor&;
  static const std::vector<OperationCase> cases = {
      {"Abs", [](T x, T) { return ops::abs(x); }},
      {"Absolute", [](T x, T) { return ops::absolute(x); }},
      {"Add", [](T x, T y) { return ops::add(x, y); }},
      {"AddNumber", [](T x, T) { return x + 1.5; }},
      {"Arctan", [](T x, T) { return ops::arctan(x); }},
      {"Arctan2", [](T x, T y) { return ops::arctan2(x, y); }},
      {"Argmax", [](T x, T) { return ops::cast(ops::argmax(x, -1), DType::float32); }},
      {"Cast", [](T x, T) { return ops::cast(ops::cast(x, DType::int32), DType::float32); }},
      {"Ceil", [](T x, T) { return ops::ceil(x); }},
      {"Clip", [](T x, T) { return ops::clip(x, -0.5, 0.25); }},
      {"Concatenate", [](T x, T y) { return ops::concatenate({x, y}, 1); }},
      {"Cos", [](T x, T) { return ops::cos(x); }},
      {"Divide", [](T x, T y) { return ops::divide(x, y + 3.0); }},
      {"Einsum", [](T x, T y) { return ops::einsum("bij,bkj->bik", {x, y}); }},
      {"Equal", [](T x, T y) { return ops::cast(ops::equal(x, y), DType::float32); }},
      {"Erf", [](T x, T) { return ops::erf(x); }},
      {"Exp", [](T x, T) { return ops::exp(x); }},
      {"ExpandDims", [](T x, T) { return ops::expand_dims(x, -1); }},
      {"Expm1", [](T x, T) { return ops::expm1(x); }},
      {"Flip", [](T x, T) { return ops::flip(x, 1); }},
      {"Floor", [](T x, T) { return ops::floor(x); }},
      {"FloorDivide", [](T x, T) { return ops::floor_divide(x, 0.3); }},
      {"GetItem", [](T x, T) { return ops::get_item(x, {ops::kEllipsis, ops::Slice{.stop = 2}, ops::kNewAxis}); }},
      {"GetItemNumber", [](T x, T) { return ops::get_item(x, {ops::Slice{}, int64_t{-1}, ops::Slice{.step = 2}}); }},
      {"Greater", [](T x, T y) { return ops::where(ops::greater(x, y), x, 0.0); }},
      {"LessEqual", [](T x, T y) { return ops::where(ops::less_equal(x, y), x, y); }},
      {"Log1p", [](T x, T) { return ops::log1p(ops::abs(x)); }},
      {"LogSoftmax", [](T x, T) { return ops::log_softmax(x, 1); }},
      {"LogicalAnd", [](T x, T y) { return ops::where(ops::logical_and(ops::greater(x, 0.0), ops::less(y, 0.5)), x, y); }},
      {"Logsumexp", [](T x, T) { return ops::logsumexp(x, 1, true); }},
      {"Matmul", [](T x, T y) { return ops::matmul(x, ops::transpose(y, {0, 2, 1})); }},
      {"MatmulConstant", [](T x, T) { return ops::matmul(x, Tensor(numbers({3, 2}))); }},
      {"Max", [](T x, T) { return ops::max(x, {1, 2}); }},
      {"Maximum", [](T x, T y) { return ops::maximum(x, y); }},
      {"Mean", [](T x, T) { return ops::mean(x, 1); }},
      {"Mod", [](T x, T) { return ops::mod(x, 0.3); }},
      {"Moveaxis", [](T x, T) { return ops::moveaxis(x, 1, 2); }},
      {"Multiply", [](T x, T y) { return x * y; }},
      {"Negative", [](T x, T) { return -x; }},
      {"OnesLike", [](T x, T) { return ops::ones_like(x) + x; }},
      {"Power", [](T x, T) { return ops::power(x, 2); }},
      {"Prod", [](T x, T) { return ops::prod(x, 1); }},
      {"Reciprocal", [](T x, T) { return ops::reciprocal(x + 3.0); }},
      {"Relu", [](T x, T) { return ops::relu(x); }},
      {"Repeat", [](T x, T) { return ops::repeat(x, 2, 1); }},
      {"Reshape", [](T x, T) { return ops::reshape(x, {-1, 6}); }},
      {"Roll", [](T x, T) { return ops::roll(x, {1}, 2); }},
      {"Round", [](T x, T) { return ops::round(x); }},
      {"Rsqrt", [](T x, T) { return ops::rsqrt(ops::square(x) + 1.0); }},
      {"Sigmoid", [](T x, T) { return ops::sigmoid(x); }},
      {"Sign", [](T x, T) { return ops::sign(x); }},
      {"Silu", [](T x, T) { return ops::silu(x); }},
      {"Softmax", [](T x, T) { return ops::softmax(x); }},
      {"Softplus", [](T x, T) { return ops::softplus(x); }},
      {"Split", [](T x, T) { return ops::split(x, 3, 2).at(1); }},
      {"Sqrt", [](T x, T) { return ops::sqrt(ops::abs(x)); }},
      {"Squeeze", [](T x, T) { return ops::squeeze(ops::expand_dims(x, 1), 1); }},
      {"Stack", [](T x, T y) { return ops::stack({x, y}, 1); }},
      {"Std", [](T x, T) { return ops::std(x, -1); }},
      {"StopGradient", [](T x, T) { return ops::stop_gradient(x); }},
      {"Subtract", [](T x, T y) { return x - y; }},
      {"Sum", [](T x, T) { return ops::sum(x, 1); }},
      {"Swapaxes", [](T x, T) { return ops::swapaxes(x, 1, 2); }},
      {"Take", [](T x, T) { return ops::take(x, Tensor(Array::of<int32_t>({2}, {2, 0})), 2); }},
      {"Tanh", [](T x, T) { return ops::tanh(x); }},
      {"Tile", [](T x, T) { return ops::tile(x, {1, 2, 1}); }},
      {"Transpose", [](T x, T) { return ops::transpose(x, {0, 2, 1}); }},
      {"TrueDivide", [](T x, T) { return ops::true_divide(x, 10.0); }},
      {"Var", [](T x, T) { return ops::var(x, 1, true); }},
      {"Where", [](T x, T y) { return ops::where(ops::greater(x, 0.0), x, y); }},
      {"ZerosLike", [](T x, T) { return x + ops::zeros_like(x); }},
  };
  return cases;
}

class OperationInFile : public testing::TestWithParam<OperationCase> {};

TEST_P(OperationInFile, ComesBack) {
  Tensor x = Input({.shape = {2, 3}, .name = "x"}), y = Input({.shape = {2, 3}, .name = "y"});
  Tensor sum = x + y;  // so that both inputs are used
  Model model({x, y}, {GetParam().f(x, y), sum}, "operation");
  expect_round_trip(model, {numbers({4, 2, 3}), numbers({4, 2, 3}, 2)});
}

INSTANTIATE_TEST_SUITE_P(Operations, OperationInFile, testing::ValuesIn(operation_cases()),
                         [](const auto& info) { return info.param.name; });

// A layer of a user's own, with a number from the file.
class Scale : public UnaryLayerOf<Scale> {
 public:
  explicit Scale(double start, const std::optional<std::string>& name = {}) : UnaryLayerOf(name), start_(start) {}
  void build(const Shape& input) override { gain_ = add_weight({.name = "gain", .shape = {input[-1]}, .initializer = "ones"}); }
  Tensor call(const Tensor& x, const CallArgs&) override { return x * gain_ * start_; }
  Config config() const override {
    Config config = base_config();
    config["start"] = start_;
    return config;
  }
  static Scale from_config(const Config& config) {
    std::optional<std::string> name;
    config.read("name", name);
    return Scale(config.at("start").as_double(), name);
  }

 private:
  double start_;
  Variable gain_;
};

TEST(GraphFiles, LayersOfOnesOwn) {
  register_layer<Scale>("Scale");
  Sequential model({Input({4}), Scale(2.5, "scale"), Dense({.units = 2, .name = "dense"})}, "own");
  EXPECT_EQ(model.layers()[0]->serialize().at("registered_name").as_string(), "Custom>Scale");
  expect_round_trip(model, numbers({3, 4}));
}

TEST(GraphFiles, SequentialsWithoutAnInput) {
  Sequential model({Dense({.units = 3, .name = "one"}), Dense({.units = 2, .name = "two"})}, "late");
  TemporaryFolder folder;
  model.save(folder / "unbuilt.keras");
  EXPECT_FALSE(load_model(folder / "unbuilt.keras").built());
  model.predict(numbers({2, 4}), {.verbose = 0});
  expect_round_trip(model, numbers({3, 4}));
}

TEST(GraphFiles, OperationsThatNoFileHoldsAreNamed) {
  Tensor x = Input({.shape = {2, 3}, .name = "x"});
  Model model(x, ops::sinc(x), "sinc");
  TemporaryFolder folder;
  try {
    model.save(folder / "model.keras");
    FAIL() << "was saved";
  } catch (const NotImplementedError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("operation Sinc"));
  }
  EXPECT_TRUE(folder.names().empty());
}

}  // namespace
}  // namespace hornbeam::saving_test
