// Models with train, test and predict steps of their own: traced once, run any number of steps a call, equal bit for bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/callbacks/lambda_callback.h>
#include <hornbeam/gradient.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/metrics/auc.h>
#include <hornbeam/metrics/mean.h>
#include <hornbeam/metrics/mean_absolute_error.h>
#include <hornbeam/model.h>
#include <hornbeam/ops.h>
#include <hornbeam/ops/loops.h>
#include <hornbeam/ops/normalization.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/random/distributions.h>
#include <hornbeam/sequential.h>

#include <cmath>
#include <cstring>

namespace hornbeam::e2e {
namespace {

using layers::Dense;

Array numbers(const Shape& shape, double scale = 1.0, double shift = 0.0) {
  Array array(DType::float32, shape);
  for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, std::sin(scale * static_cast<double>(i) + shift));
  return array;
}

void expect_equal(const std::vector<Array>& a, const std::vector<Array>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].shape(), b[i].shape());
    EXPECT_EQ(std::memcmp(a[i].data(), b[i].data(), a[i].bytes()), 0) << "weight " << i;
  }
}

std::vector<std::string> names(const History& history) {
  std::vector<std::string> names;
  for (const auto& [name, values] : history.history) names.push_back(name);
  return names;
}

void expect_equal(const History& a, const History& b) {
  ASSERT_EQ(names(a), names(b));
  for (const std::string& name : names(a))
    for (size_t i = 0; i < a[name].size(); ++i) EXPECT_EQ(a[name][i], b[name][i]) << name << ", epoch " << i;
}

const Array kX = numbers({50, 3}), kY = numbers({50, 2}, 0.7, 1.0);

// ---- A step that does what compile's does
class Written : public ModelOf<Written> {
 public:
  Tensors call(const Tensors& x, const CallArgs&) override { return second_(dropout_(first_(x.single()))); }

  StepLogs train_step(const StepData& data) override {
    Tensors y_pred;
    Gradient gradient = value_and_grad(
        [&] {
          y_pred = (*this)(data.x, {.training = true});
          return compute_loss(data.x, data.y, y_pred, data.sample_weight);
        },
        trainable_weights());
    optimizer()->apply_gradients(gradient.grads, trainable_weights());
    update_loss_tracker(gradient.value, data);
    compute_metrics(data.x, data.y, y_pred, data.sample_weight);
    return get_metrics_result();
  }
  StepLogs test_step(const StepData& data) override {
    Tensors y_pred = (*this)(data.x, {.training = false});
    update_loss_tracker(compute_loss(data.x, data.y, y_pred, data.sample_weight), data);
    compute_metrics(data.x, data.y, y_pred, data.sample_weight);
    return get_metrics_result();
  }
  Tensors predict_step(const StepData& data) override { return (*this)(data.x, {.training = false}); }

 private:
  Dense first_ = track(Dense({.units = 5, .activation = "tanh"}));
  layers::Dropout dropout_ = track(layers::Dropout({.rate = 0.25, .seed = 3}));
  Dense second_ = track(Dense({.units = 2}));
};

class Plain : public ModelOf<Plain> {
 public:
  Tensors call(const Tensors& x, const CallArgs&) override { return second_(dropout_(first_(x.single()))); }

 private:
  Dense first_ = track(Dense({.units = 5, .activation = "tanh"}));
  layers::Dropout dropout_ = track(layers::Dropout({.rate = 0.25, .seed = 3}));
  Dense second_ = track(Dense({.units = 2}));
};

struct Outcome {
  History history;
  std::vector<Array> weights, optimizer;
  Array predictions;
  Logs evaluation;
};

template <class M>
Outcome train(StepsPerExecution steps, bool weighted = false) {
  set_random_seed(11);
  clear_session();
  M model;
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.02}), .loss = "mse", .metrics = {"mae"},
                 .steps_per_execution = steps});
  FitOptions options{.epochs = 3, .batch_size = 8, .verbose = 0, .validation_split = 0.2, .seed = 5};
  if (weighted) options.sample_weight = numbers({50}, 0.1, 1.0);
  Outcome out;
  out.history = model.fit(kX, kY, options);
  out.weights = model.get_weights();
  for (const Variable& variable : model.optimizer()->variables()) out.optimizer.push_back(variable.value());
  out.predictions = model.predict(kX, {.verbose = 0})[0];
  out.evaluation = model.evaluate(kX, kY, {.verbose = 0});
  return out;
}

TEST(OwnSteps, ThatDoWhatCompilesDoGiveTheSame) {
  for (bool weighted : {false, true}) {
    const Outcome plain = train<Plain>(1, weighted), written = train<Written>(1, weighted);
    expect_equal(written.history, plain.history);
    expect_equal(written.weights, plain.weights);
    expect_equal(written.optimizer, plain.optimizer);
    expect_equal({written.predictions}, {plain.predictions});
    EXPECT_EQ(written.evaluation["loss"], plain.evaluation["loss"]);
    EXPECT_EQ(written.evaluation["mae"], plain.evaluation["mae"]);
  }
}

TEST(OwnSteps, AnyNumberOfStepsInACallGivesTheSame) {
  const Outcome one = train<Written>(1);
  EXPECT_LT(one.history["loss"][2], one.history["loss"][0]);
  for (int64_t steps : {3, 4, 64}) {
    SCOPED_TRACE("steps_per_execution = " + std::to_string(steps));
    const Outcome many = train<Written>(steps);
    expect_equal(many.history, one.history);
    expect_equal(many.weights, one.weights);
    expect_equal(many.optimizer, one.optimizer);
  }
}

// ---- Two optimizers: a GAN with a gradient penalty
class Gan : public ModelOf<Gan> {
 public:
  StepLogs train_step(const StepData& data) override {
    Tensor real = data.x.single();
    Tensor noise = random::normal({real.shape()[0], 2}, 0.0, 1.0, DType::float32, seed_);
    Tensor share = random::uniform({real.shape()[0], 1}, 0.0, 1.0, DType::float32, seed_);
    Tensor fake = generator_(noise, {.training = true}).single();
    Tensor penalty;
    Gradient critic = value_and_grad(
        [&] {
          Tensor mixed = share * real + (1.0 - share) * fake;
          Tensor slope = grad([&](const std::vector<Tensor>& x) { return ops::sum(critic_(x[0], {.training = true}).single()); },
                              {mixed})[0];
          penalty = ops::mean(ops::square(ops::sqrt(ops::sum(ops::square(slope), 1)) - 1.0));
          return ops::mean(critic_(fake).single()) - ops::mean(critic_(real).single()) + 10.0 * penalty;
        },
        critic_.trainable_weights());
    critic_optimizer_.apply_gradients(critic.grads, critic_.trainable_weights());
    Gradient generator = value_and_grad([&] { return -ops::mean(critic_(generator_(noise)).single()); },
                                        generator_.trainable_weights());
    generator_optimizer_.apply_gradients(generator.grads, generator_.trainable_weights());
    critic_loss_.update_state(critic.value);
    return {{"critic_loss", critic_loss_}, {"generator_loss", generator.value}, {"penalty", penalty}};
  }
  Sequential generator() const { return generator_; }
  Sequential critic() const { return critic_; }

 private:
  Sequential generator_ = track(Sequential({Input({2}), Dense({.units = 6, .activation = "tanh"}), Dense({.units = 3})}));
  Sequential critic_ = track(Sequential({Input({3}), Dense({.units = 8, .activation = "tanh"}), Dense({.units = 1})}));
  optimizers::Adam critic_optimizer_ = track(optimizers::Adam({.learning_rate = 0.02, .beta_1 = 0.5}));
  optimizers::SGD generator_optimizer_ = track(optimizers::SGD({.learning_rate = 0.05, .momentum = 0.5}));
  metrics::Mean critic_loss_ = track(metrics::Mean({.name = "critic_loss"}));
  random::SeedGenerator seed_ = track(random::SeedGenerator(4));
};

std::pair<History, std::vector<Array>> train_gan(StepsPerExecution steps) {
  set_random_seed(3);
  clear_session();
  Gan gan;
  gan.compile({.steps_per_execution = steps});
  History history = gan.fit(kX, {}, {.epochs = 3, .batch_size = 16, .verbose = 0, .seed = 1});
  std::vector<Array> values = gan.get_weights();
  for (const Optimizer& optimizer : gan.tracked_optimizers())
    for (const Variable& variable : optimizer->variables()) values.push_back(variable.value());
  return {history, values};
}

TEST(OwnSteps, TrainAGanWithTwoOptimizers) {
  auto [history, weights] = train_gan(1);
  EXPECT_EQ(names(history), (std::vector<std::string>{"critic_loss", "generator_loss", "penalty"}));
  for (const std::string& name : names(history))
    for (double value : history[name]) EXPECT_TRUE(std::isfinite(value)) << name;
  for (const std::string& name : names(history)) EXPECT_NE(history[name][1], history[name][0]);
  for (int64_t steps : {2, 3, 64}) {
    SCOPED_TRACE("steps_per_execution = " + std::to_string(steps));
    auto [other_history, other_weights] = train_gan(steps);
    expect_equal(other_history, history);
    expect_equal(other_weights, weights);
  }
}

TEST(OwnSteps, AModelNeedNoCallOfItsOwn) {
  Gan gan;
  gan.compile({});
  gan.fit(kX, {}, {.batch_size = 16, .verbose = 0});
  EXPECT_FALSE(gan.optimizer()->built());  // compile's is not used, and has no slots
  try {
    gan.predict(kX, {.verbose = 0});
    FAIL() << "it has no call";
  } catch (const ValueError& error) {
    EXPECT_NE(std::string(error.what()).find("does not have a `call()`"), std::string::npos) << error.what();
  }
}

// ---- What is reported
class Reporter : public ModelOf<Reporter> {
 public:
  Tensors call(const Tensors& x, const CallArgs&) override { return dense_(x.single()); }
  StepLogs train_step(const StepData& data) override {
    Model::train_step(data);
    StepLogs logs = get_metrics_result();
    return logs.set("first", ops::sum(ops::slice(data.x.single(), {0, 0}, {1, 1})));
  }
  StepLogs test_step(const StepData& data) override {
    seen_.update_state(ops::mean(data.x.single()));
    return {{"seen", seen_}, {"rows", Tensor(static_cast<double>(data.x.single().shape()[0]))}};
  }

 private:
  Dense dense_ = track(Dense({.units = 1}));
  metrics::Mean seen_ = track(metrics::Mean({.name = "seen"}));
};

TEST(OwnSteps, ReportTheLastStepsNumbersAndMetricsResults) {
  Array x = Array::of<float>({6, 1}, {1, 2, 3, 4, 5, 6}), y = Array::of<float>({6, 1}, {0, 0, 0, 0, 0, 0});
  for (int64_t steps : {1, 2, 8}) {
    SCOPED_TRACE(steps);
    Reporter model;
    model.compile({.loss = "mse", .steps_per_execution = steps});
    std::vector<double> first;
    callbacks::LambdaCallback watch({.on_train_batch_end = [&](int64_t, const Logs& logs) { first.push_back(logs["first"]); }});
    History history = model.fit(x, y, {.epochs = 2, .batch_size = 2, .verbose = 0, .callbacks = {watch},
                                       .validation_data = {x, y}, .shuffle = false, .validation_batch_size = 4});
    EXPECT_EQ(names(history), (std::vector<std::string>{"first", "loss", "seen", "val_rows", "val_seen"}));
    EXPECT_EQ(history["first"], (std::vector<double>{5, 5}));
    EXPECT_NEAR(history["val_seen"][1], (2.5 + 5.5) / 2, 1e-6);  // starts anew
    EXPECT_EQ(history["val_rows"], (std::vector<double>{2, 2}));
    if (steps == 1) EXPECT_EQ(first, (std::vector<double>{1, 3, 5, 1, 3, 5}));
    Logs logs = model.evaluate(x, y, {.batch_size = 6, .verbose = 0});
    EXPECT_EQ(logs["rows"], 6.0);
    EXPECT_NEAR(logs["seen"], 3.5, 1e-6);
    EXPECT_NEAR(model.train_on_batch(x, y)["first"], 1.0, 0);
    EXPECT_EQ(model.test_on_batch(x, y)["rows"], 6.0);
  }
}

// A metric whose variables follow from the data is made when the step is first looked at.
class Counter : public ModelOf<Counter> {
 public:
  Tensors call(const Tensors& x, const CallArgs&) override { return dense_(x.single()); }
  StepLogs train_step(const StepData& data) override {
    auc_.update_state(ops::cast(ops::greater(data.y.single(), 0.0), DType::float32), (*this)(data.x).single(), {});
    return {{"auc", auc_}};
  }

 private:
  Dense dense_ = track(Dense({.units = 2, .activation = "sigmoid"}));
  metrics::AUC auc_ = track(metrics::AUC({.name = "auc", .multi_label = true}));
};

TEST(OwnSteps, MakeMetricsWhereTheyAreUsed) {
  Counter model;
  model.compile({});
  History history = model.fit(kX, kY, {.epochs = 2, .batch_size = 25, .verbose = 0, .shuffle = false});
  EXPECT_EQ(history["auc"][0], history["auc"][1]);  // nothing is learned, and each epoch counts anew
  EXPECT_GT(history["auc"][0], 0.0);
}

// ---- Gradients are added up over steps, and used at each third
class Accumulating : public ModelOf<Accumulating> {
 public:
  void build(const Shapes&) override {
    sum_ = add_weight({.name = "sum", .shape = {3, 1}, .initializer = "zeros", .trainable = false});
    calls_ = add_weight({.name = "calls", .shape = {}, .initializer = "zeros", .trainable = false});
  }
  Tensors call(const Tensors& x, const CallArgs&) override { return dense_(x.single()); }
  StepLogs train_step(const StepData& data) override {
    std::vector<Variable> weights = dense_.trainable_weights();
    Gradient gradient = value_and_grad(
        [&] { return ops::mean(ops::square((*this)(data.x).single() - data.y.single())); }, weights);
    sum_.assign_add(gradient.grads[0]);
    calls_.assign_add(1.0);
    Tensor due = ops::equal(ops::mod(calls_, 3.0), 0.0);
    ops::cond(
        due,
        [&] {
          weights[0].assign_sub(Tensor(sum_) * (0.1 / 3.0));
          sum_.assign(ops::zeros_like(sum_));
          return Tensors();
        },
        [] { return Tensors(); });
    return {{"loss", gradient.value}};
  }
  Dense dense() const { return dense_; }

 private:
  Dense dense_ = track(Dense({.units = 1, .use_bias = false, .kernel_initializer = "zeros"}));
  Variable sum_, calls_;
};

TEST(OwnSteps, AccumulateGradients) {
  Array y = numbers({50, 1}, 0.7, 1.0);
  Accumulating model;
  model.compile({});
  model.fit(kX.rows(0, 48), y.rows(0, 48), {.epochs = 1, .batch_size = 4, .verbose = 0, .shuffle = false});
  Sequential plain({Input({3}), Dense({.units = 1, .use_bias = false, .kernel_initializer = "zeros"})});
  plain.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse"});
  plain.fit(kX.rows(0, 48), y.rows(0, 48), {.epochs = 1, .batch_size = 12, .verbose = 0, .shuffle = false});
  Array got = model.dense().get_weights()[0], expected = plain.get_weights()[0];
  for (int64_t i = 0; i < 3; ++i) EXPECT_NEAR(got.get(i), expected.get(i), 1e-5);
}

// ---- Two views: pairs of noisy copies are told apart from the other rows
class Contrastive : public ModelOf<Contrastive> {
 public:
  Tensors call(const Tensors& x, const CallArgs&) override { return encoder_(x.single()); }
  StepLogs train_step(const StepData& data) override {
    Tensor x = data.x.single();
    auto view = [&] { return x + random::normal(x.shape(), 0.0, 0.05, DType::float32, seed_); };
    Tensor first = view(), second = view();
    Gradient gradient = value_and_grad(
        [&] {
          Tensor a = ops::normalize(encoder_(first), -1), b = ops::normalize(encoder_(second), -1);
          Tensor similarity = ops::matmul(a, ops::transpose(b)) / 0.1;
          Tensor labels = ops::arange(0, x.shape()[0]);
          return ops::mean(ops::sparse_categorical_crossentropy(labels, similarity, true));
        },
        encoder_.trainable_weights());
    optimizer()->apply_gradients(gradient.grads, encoder_.trainable_weights());
    loss_.update_state(gradient.value);
    return {{"loss", loss_}};
  }

 private:
  Dense encoder_ = track(Dense({.units = 4}));
  metrics::Mean loss_ = track(metrics::Mean({.name = "loss"}));
  random::SeedGenerator seed_ = track(random::SeedGenerator(9));
};

TEST(OwnSteps, LearnFromTwoViews) {
  auto run = [](int64_t steps) {
    set_random_seed(2);
    Contrastive model;
    model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.02}), .steps_per_execution = steps});
    return model.fit(kX, {}, {.epochs = 20, .batch_size = 10, .verbose = 0, .seed = 3});
  };
  History history = run(1);
  EXPECT_LT(history["loss"].back(), 0.9 * history["loss"][0]);
  expect_equal(run(5), history);
}

// ---- Mistakes
class Wrong : public ModelOf<Wrong> {
 public:
  explicit Wrong(int mistake) : mistake_(mistake) {}
  Tensors call(const Tensors& x, const CallArgs&) override { return dense_(x.single()); }
  StepLogs train_step(const StepData& data) override {
    Tensor y_pred = (*this)(data.x).single();
    switch (mistake_) {
      case 0:
        return {{"score", y_pred}};
      case 1:
        return {{"score", Tensor()}};
      case 2:
        optimizer()->apply_gradients({y_pred}, {dense_.trainable_weights()[0]});
        return {};
      case 3:
        outside_.assign_add(1.0);
        return {};
      default:
        return StepLogs().set("rows " + std::to_string(y_pred.shape()[0]), Tensor(1.0));
    }
  }

 private:
  int mistake_;
  Dense dense_ = track(Dense({.units = 1}));
  Variable outside_{Array::scalar(0.0f), "outside"};
};

std::string error_of(int mistake) {
  Wrong model(mistake);
  model.compile({});
  try {
    model.fit(kX, {}, {.batch_size = 16, .verbose = 0});
  } catch (const ValueError& error) {
    return error.what();
  }
  return "";
}

TEST(OwnSteps, SayWhatIsWrong) {
  using testing::HasSubstr;
  EXPECT_THAT(error_of(0), HasSubstr("train_step: what is reported as 'score' must be a scalar. Received: shape (16, 1)"));
  EXPECT_THAT(error_of(1), HasSubstr("'score' must be a scalar. Received: no tensor"));
  EXPECT_THAT(error_of(2), HasSubstr("was built for other variables"));
  EXPECT_THAT(error_of(3), HasSubstr("'outside' is used by a model that does not own it"));
  EXPECT_THAT(error_of(4), HasSubstr("train_step must report the same names for batches of every size"));
}

}  // namespace
}  // namespace hornbeam::e2e
