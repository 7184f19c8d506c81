// Layers and models of a user's own in .keras files: saved, loaded through register_layer, trained on as if nothing had
// been.
#include <gmock/gmock.h>
#include <hornbeam/gradient.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/embedding.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/model.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/registry.h>
#include <hornbeam/sequential.h>

#include "test/saving/model_files.h"

namespace hornbeam::saving_test {
namespace {

using layers::Dense;
using testing::HasSubstr;

Array waves(const Shape& shape, double phase = 0) {
  Array array(DType::float32, shape);
  for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, std::sin(0.9 * static_cast<double>(i) + phase));
  return array;
}

// Two layers around a gate of its own, and the input beside it.
class Gated : public UnaryLayerOf<Gated> {
 public:
  explicit Gated(int64_t units, const std::optional<std::string>& name = {}) : UnaryLayerOf(name), units_(units) {}
  void build(const Shape& input) override {
    gate_ = add_weight({.name = "gate", .shape = {units_}, .initializer = "ones"});
    out_ = track(Dense({.units = input[-1]}), "out");  // as wide as the input
  }
  Tensor call(const Tensor& x, const CallArgs&) override { return out_(in_(x) * gate_) + x; }
  Config config() const override {
    Config config = base_config();
    config["units"] = units_;
    return config;
  }
  static Gated from_config(const Config& config) {
    std::optional<std::string> name;
    config.read("name", name);
    return Gated(config.at("units").as_int(), name);
  }

 private:
  int64_t units_;
  Variable gate_;
  Dense in_ = track(Dense({.units = units_, .activation = "tanh"}), "in");
  Dense out_ = Dense({.units = 1});
};

// A model of two inputs, with a Gated in it and a train step of its own.
class Net : public ModelOf<Net> {
 public:
  explicit Net(double penalty, const std::optional<std::string>& name = {}) : ModelOf(name), penalty_(penalty) {}
  Tensors call(const Tensors& x, const CallArgs&) override { return head_(gated_(x[0]) + ops::tanh(x[1])); }
  StepLogs train_step(const StepData& data) override {
    Tensors y_pred;
    Gradient gradient = value_and_grad(
        [&] {
          y_pred = (*this)(data.x, {.training = true});
          Tensor size = ops::mean(ops::square(y_pred.single()));
          return compute_loss(data.x, data.y, y_pred, data.sample_weight) + penalty_ * size;
        },
        trainable_weights());
    optimizer()->apply_gradients(gradient.grads, trainable_weights());
    return {{"loss", gradient.value}};
  }
  Config config() const override {
    Config config = base_config();
    config["penalty"] = penalty_;
    return config;
  }
  static Net from_config(const Config& config) {
    std::optional<std::string> name;
    config.read("name", name);
    return Net(config.at("penalty").as_double(), name);
  }

 private:
  double penalty_;
  Gated gated_ = track(Gated(6));
  Dense head_ = track(Dense({.units = 2}));
};

Array kLeft = waves({24, 4}), kRight = waves({24, 4}, 1), kTargets = waves({24, 2}, 2);

void train(Model& model, const Arrays& x, const Arrays& y, int64_t epochs) {
  model.fit(x, y, {.epochs = epochs, .batch_size = 8, .verbose = 0, .shuffle = false});
}

TEST(OwnClasses, AModelWithItsOwnStepGoesOn) {
  register_layer<Gated>("Gated");
  register_layer<Net>("Net");
  TemporaryFolder folder;
  Net model(0.3, "net");
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.02}), .loss = "mse"});
  train(model, {kLeft, kRight}, kTargets, 2);
  model.save(folder / "net.keras");
  Model loaded = load_model(folder / "net.keras");
  EXPECT_EQ(loaded.class_name(), "Net");
  EXPECT_EQ(loaded.name(), "net");
  expect_same_weights(loaded, model);
  expect_same_optimizer(loaded, model);
  expect_bytes_equal(loaded.predict({kLeft, kRight}, {.verbose = 0})[0],
                     model.predict({kLeft, kRight}, {.verbose = 0})[0], "prediction");
  train(model, {kLeft, kRight}, kTargets, 2);
  train(loaded, {kLeft, kRight}, kTargets, 2);  // by the step of Net, penalty included
  expect_same_weights(loaded, model);
  expect_same_optimizer(loaded, model);
  // What was loaded is saved as it was.
  loaded.save(folder / "again.keras");
  expect_same_weights(load_model(folder / "again.keras"), model);
  // Weights alone, into a model that was made in the program.
  model.save_weights(folder / "net.weights.h5");
  Net other(0.3, "other");
  other.compile({.optimizer = optimizers::Adam({.learning_rate = 0.02}), .loss = "mse"});
  train(other, {kRight, kLeft}, kTargets, 1);
  other.load_weights(folder / "net.weights.h5");
  expect_same_weights(other, model);
  expect_same_optimizer(other, model);
}

TEST(OwnClasses, LayersInsideLayersInsideAFunctionalModel) {
  register_layer<Gated>("Gated");
  Tensor x = Input({.shape = {5, 4}, .name = "x"});
  Gated gated(3, "shared");
  Sequential inner({Input({5, 4}), Gated(2, "nested")}, "inner");
  Model model(x, Dense({.units = 2, .name = "head"})(gated(inner(gated(x)).single())), "functional");
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.05, .momentum = 0.9}), .loss = "mse"});
  Array data = waves({16, 5, 4}), y = waves({16, 5, 2}, 3);
  train(model, data, y, 1);
  TemporaryFolder folder;
  model.save(folder / "m.keras");
  Model loaded = load_model(folder / "m.keras");
  expect_same_weights(loaded, model);
  EXPECT_EQ(loaded.weights().size(), model.weights().size());  // the shared one once
  train(model, data, y, 2);
  train(loaded, data, y, 2);
  expect_same_weights(loaded, model);
  expect_same_optimizer(loaded, model);
}

// Two optimizers of its own, and no call.
class Pair : public ModelOf<Pair> {
 public:
  Pair() = default;
  StepLogs train_step(const StepData& data) override {
    Tensor x = data.x.single(), y = data.y.single();
    Gradient first =
        value_and_grad([&] { return ops::mean(ops::square(encoder_(x).single() - y)); }, encoder_.trainable_weights());
    encoder_optimizer_.apply_gradients(first.grads, encoder_.trainable_weights());
    Gradient second = value_and_grad([&] { return ops::mean(ops::square(decoder_(encoder_(x)).single() - x)); },
                                     decoder_.trainable_weights());
    decoder_optimizer_.apply_gradients(second.grads, decoder_.trainable_weights());
    return {{"first", first.value}, {"second", second.value}};
  }
  static Pair from_config(const Config&) { return Pair(); }

 private:
  Sequential encoder_ = track(Sequential({Input({4}), Dense({.units = 2})}));
  Sequential decoder_ = track(Sequential({Input({2}), Dense({.units = 4})}));
  optimizers::Adam encoder_optimizer_ = track(optimizers::Adam({.learning_rate = 0.02}));
  optimizers::Adam decoder_optimizer_ = track(optimizers::Adam({.learning_rate = 0.01, .beta_1 = 0.5}));
};

std::vector<Array> slots_of(const Model& model) {
  std::vector<Array> values;
  for (const Optimizer& optimizer : model.tracked_optimizers())
    for (const Variable& variable : optimizer->variables()) values.push_back(variable.value());
  return values;
}

TEST(OwnClasses, TrackedOptimizersGoOn) {
  register_layer<Pair>("Pair");
  TemporaryFolder folder;
  Pair model;
  model.compile({});
  train(model, kLeft, kTargets, 2);
  model.save(folder / "pair.keras");
  Model loaded = load_model(folder / "pair.keras");
  expect_same_weights(loaded, model);
  // Saved again before a step has used it, nothing is lost.
  loaded.save(folder / "again.keras");
  Model again = load_model(folder / "again.keras");
  train(model, kLeft, kTargets, 2);
  for (Model* other : {&loaded, &again}) {
    train(*other, kLeft, kTargets, 2);
    expect_same_weights(*other, model);
    std::vector<Array> found = slots_of(*other), expected = slots_of(model);
    ASSERT_EQ(found.size(), 12u);  // iteration, learning rate and two moments of two weights, twice
    for (size_t i = 0; i < found.size(); ++i) expect_bytes_equal(found[i], expected[i], std::to_string(i));
  }
  // Into a model that has trained, at once.
  Pair other;
  other.compile({});
  train(other, kRight, kTargets, 1);
  other.load_weights(folder / "pair.keras");
  EXPECT_EQ(slots_of(other)[0].get(0), 6);  // three steps an epoch
  Model plain = load_model(folder / "pair.keras", {.compile = false});
  expect_same_weights(plain, load_model(folder / "again.keras"));
}

// Integers are not told apart from floats by the shapes in a file.
class Tagger : public ModelOf<Tagger> {
 public:
  Tagger() = default;
  Tensors call(const Tensors& x, const CallArgs&) override { return head_(embedding_(x.single())); }
  static Tagger from_config(const Config&) { return Tagger(); }

 private:
  layers::Embedding embedding_ = track(layers::Embedding({.input_dim = 9, .output_dim = 3}));
  Dense head_ = track(Dense({.units = 2, .activation = "softmax"}));
};

TEST(OwnClasses, AModelOfIntegers) {
  register_layer<Tagger>("Tagger");
  Array x(DType::int32, {6, 5});
  for (int64_t i = 0; i < 30; ++i) x.set(i, static_cast<double>(i * 7 % 9));
  Tagger model;
  Array expected = model.predict(x, {.verbose = 0})[0];
  TemporaryFolder folder;
  model.save(folder / "tagger.keras");
  expect_bytes_equal(load_model(folder / "tagger.keras").predict(x, {.verbose = 0})[0], expected, "prediction");
}

class Unknown : public ModelOf<Unknown> {
 public:
  Tensors call(const Tensors& x, const CallArgs&) override { return dense_(x.single()); }

 private:
  Dense dense_ = track(Dense({.units = 2}));
};

class UnknownLayer : public UnaryLayerOf<UnknownLayer> {
 public:
  Tensor call(const Tensor& x, const CallArgs&) override { return ops::tanh(x); }
};

std::string refusal_of(const std::string& path) {
  try {
    load_model(path);
  } catch (const NotImplementedError& error) {
    return error.what();
  }
  ADD_FAILURE() << path << " was loaded";
  return "";
}

TEST(OwnClasses, ThatAreNotRegisteredAreNamed) {
  TemporaryFolder folder;
  Unknown model;
  model.predict(kLeft, {.verbose = 0});
  model.save(folder / "model.keras");
  EXPECT_THAT(refusal_of(folder / "model.keras"),
              HasSubstr("The model 'unknown' is of class Unknown, which is not known here. Register it with "
                        "hornbeam::register_layer before loading."));
  Sequential outer({Input({4}), UnknownLayer()});
  outer.save(folder / "outer.keras");
  EXPECT_THAT(refusal_of(folder / "outer.keras"), HasSubstr("Layer 'unknown_layer' is of class UnknownLayer"));
}

}  // namespace
}  // namespace hornbeam::saving_test
