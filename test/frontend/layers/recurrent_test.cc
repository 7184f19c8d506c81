// Recurrent layers: what their options mean, users' cells, states, masks through models, and errors.
#include <cmath>

#include <gtest/gtest.h>
#include <hornbeam/layers/bidirectional.h>
#include <hornbeam/layers/conv_lstm.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/gru.h>
#include <hornbeam/layers/lstm.h>
#include <hornbeam/layers/masking.h>
#include <hornbeam/layers/rnn.h>
#include <hornbeam/layers/simple_rnn.h>
#include <hornbeam/layers/stacked_rnn_cells.h>
#include <hornbeam/layers/time_distributed.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/ops.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/sequential.h>

#include "test/frontend/arrays_support.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using namespace layers;
using testing::expect_error;
using testing::expect_near;
using testing::expect_same_bits;
using testing::random_array;

// Leaky sums: a user's cell, with a layer of its own inside.
class LeakySum : public RNNCellOf<LeakySum> {
 public:
  explicit LeakySum(int64_t units) : units_(units), dense_(track(Dense({.units = units, .use_bias = false}))) {}
  std::vector<int64_t> state_size() const override { return {units_}; }
  void build(const Shapes& inputs) override {
    dense_.ensure_built(inputs[0]);
    leak_ = add_weight({.name = "leak", .shape = {units_}, .initializer = "ones"});
  }
  Tensors call(const Tensors& inputs, const CallArgs&) override {
    Tensor sum = inputs[1] * leak_ + dense_(inputs[0]);
    return {ops::tanh(sum), sum};
  }

 private:
  int64_t units_;
  Dense dense_;
  Variable leak_;
};

// x's steps [begin, end): [batch, time, in].
Array steps(const Array& x, int64_t begin, int64_t end) {
  int64_t batch = x.shape()[0], time = x.shape()[1], in = x.shape()[2];
  Array out(x.dtype(), {batch, end - begin, in});
  for (int64_t b = 0; b < batch; ++b)
    for (int64_t t = begin; t < end; ++t)
      for (int64_t i = 0; i < in; ++i)
        out.set((b * (end - begin) + t - begin) * in + i, x.get((b * time + t) * in + i));
  return out;
}

TEST(Recurrent, UnrolledGivesWhatTheLoopGives) {
  Array x = random_array({3, 5, 4}, 1);
  LSTM loop({.units = 6, .return_sequences = true, .go_backwards = true});
  LSTM unrolled({.units = 6, .return_sequences = true, .go_backwards = true, .unroll = true});
  Array a = loop(x).single().array();
  unrolled.ensure_built(Shape{3, 5, 4});
  unrolled.set_weights(loop.get_weights());
  expect_near(a, unrolled(x).single().array(), 1e-6f);
}

TEST(Recurrent, StatefulContinuesAndResets) {
  Array x = random_array({2, 6, 3}, 2);
  GRU whole({.units = 4}), parts({.units = 4, .stateful = true});
  Array all = whole(x).single().array();
  parts.ensure_built(Shape{2, 3, 3});
  parts.set_weights(whole.get_weights());
  Array first = parts(steps(x, 0, 3)).single().array();
  expect_near(parts(steps(x, 3, 6)).single().array(), all, 1e-6f);
  parts.reset_state();
  expect_same_bits(parts(steps(x, 0, 3)).single().array(), first);
  expect_error([&] { parts(random_array({5, 3, 3}, 3)); }, "Expected batch size: 2");
  expect_error([] { GRU({.units = 4, .stateful = true})(Input({3, 2})); }, "the batch size must be static");
}

TEST(Recurrent, InitialStatesMayBeListedOrNamed) {
  Array x = random_array({2, 3, 3}, 4), h = random_array({2, 4}, 5), c = random_array({2, 4}, 6);
  LSTM lstm({.units = 4, .return_state = true});
  std::vector<Tensor> listed = lstm({x, h, c}).flat();
  std::vector<Tensor> named = lstm(Array(x), {.tensors = {{"initial_state", Tensors({h, c})}}}).flat();
  ASSERT_EQ(listed.size(), 3u);
  for (int i = 0; i < 3; ++i) expect_same_bits(listed[i].array(), named[i].array());
  expect_error([&] { lstm({x, h}); }, "The initial state must have 2 tensors");
}

TEST(Recurrent, AnEncodersStatesStartADecoder) {
  Tensor source = Input({4, 3}), target = Input({5, 3});
  LSTM encoder({.units = 6, .return_state = true}), decoder({.units = 6, .return_sequences = true});
  std::vector<Tensor> encoded = encoder(source).flat();
  Tensor decoded = decoder(target, {.tensors = {{"initial_state", Tensors({encoded[1], encoded[2]})}}}).single();
  EXPECT_EQ(decoded.shape(), (Shape{kUnknown, 5, 6}));
  Model model({source, target}, Dense({.units = 1})(decoded));
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.01}), .loss = "mse"});
  Array xs = random_array({32, 4, 3}, 7), xt = random_array({32, 5, 3}, 8), y = random_array({32, 5, 1}, 9);
  auto history = model.fit({xs, xt}, y, {.epochs = 30, .batch_size = 8, .verbose = 0});
  const std::vector<double>& losses = history.history.at(0).second;
  EXPECT_LT(losses.back(), losses.front() * 0.8);
}

TEST(Recurrent, RunsAUsersCell) {
  Array x = random_array({2, 4, 3}, 10);
  RNN rnn({.cell = LeakySum(5), .return_sequences = true, .return_state = true});
  std::vector<Tensor> results = rnn(x).flat();
  EXPECT_EQ(results[0].shape(), (Shape{2, 4, 5}));
  std::vector<Array> weights = rnn.get_weights();
  ASSERT_EQ(weights.size(), 2u);
  // By hand.
  std::vector<double> sums(10, 0.0);
  for (const Array& w : weights)
    if (w.shape().rank() == 2)
      for (int64_t t = 0; t < 4; ++t)
        for (int64_t b = 0; b < 2; ++b)
          for (int64_t u = 0; u < 5; ++u) {
            for (int64_t i = 0; i < 3; ++i) sums[b * 5 + u] += x.get((b * 4 + t) * 3 + i) * w.get(i * 5 + u);
            EXPECT_NEAR(results[0].array().get((b * 4 + t) * 5 + u), std::tanh(sums[b * 5 + u]), 1e-5);
          }
  for (int64_t i = 0; i < 10; ++i) EXPECT_NEAR(results[1].array().get(i), sums[i], 1e-5);
  // The last output alone is not a state here.
  RNN last({.cell = LeakySum(5)});
  last.ensure_built(Shape{2, 4, 3});
  last.set_weights(weights);
  Array y = last(x).single().array();
  for (int64_t b = 0; b < 2; ++b)
    for (int64_t u = 0; u < 5; ++u) EXPECT_NEAR(y.get(b * 5 + u), results[0].array().get((b * 4 + 3) * 5 + u), 1e-6);
}

TEST(Recurrent, StackedCellsAreLayersOnTopOfEachOther) {
  Array x = random_array({2, 4, 3}, 11);
  RNN stacked({.cell = StackedRNNCells({.cells = {GRUCell({.units = 5}), SimpleRNNCell({.units = 4})}})});
  Array y = stacked(x).single().array();
  GRU below({.units = 5, .return_sequences = true});
  SimpleRNN above({.units = 4});
  below.ensure_built(Shape{2, 4, 3});
  above.ensure_built(Shape{2, 4, 5});
  std::vector<Array> weights = stacked.get_weights();
  below.set_weights({weights[0], weights[1], weights[2]});
  above.set_weights({weights[3], weights[4], weights[5]});
  expect_near(above(below(x).single()).single().array(), y, 1e-6f);
  // A list of cells is the same.
  RNN listed({.cell = {GRUCell({.units = 5}), SimpleRNNCell({.units = 4})}});
  listed.ensure_built(Shape{2, 4, 3});
  listed.set_weights(weights);
  expect_near(listed(x).single().array(), y, 0);
  EXPECT_EQ(listed.config()["cell"]["class_name"], Config("StackedRNNCells"));
}

TEST(Masking, SkipsStepsOnTheWayThroughAModel) {
  // Padded sequences give what the sequences without their padding give.
  Array x = random_array({2, 6, 3}, 12);
  for (int64_t t = 4; t < 6; ++t)
    for (int64_t b = 0; b < 2; ++b)
      for (int64_t i = 0; i < 3; ++i) x.set((b * 6 + t) * 3 + i, 0);
  for (bool two_ways : {false, true}) {
    Tensor input = Input({6, 3});
    Tensor hidden = TimeDistributed({.layer = Dense({.units = 3, .use_bias = false})})(Masking()(input));
    LSTM lstm({.units = 4});
    Tensor output = two_ways ? Bidirectional({.layer = lstm})(hidden).single() : lstm(hidden).single();
    Model padded(input, output);
    Tensor short_input = Input({4, 3});
    Model same_layers(short_input, padded.layers()[3]->invoke(padded.layers()[2]->invoke(short_input)).single());
    expect_near(padded.predict(x, {.verbose = 0}).single(),
                same_layers.predict(steps(x, 0, 4), {.verbose = 0}).single(), 1e-6f);
  }
}

TEST(Masking, TakesMaskedStepsOutOfTheLoss) {
  Array x = random_array({4, 5, 2}, 13), y = random_array({4, 5, 3}, 14);
  for (int64_t i = 3 * 2; i < 5 * 2; ++i) x.set(i, 0);  // the first sample's last two steps
  Tensor input = Input({5, 2});
  Model model(input, SimpleRNN({.units = 3, .return_sequences = true})(Masking()(input)).single());
  model.compile({.optimizer = "sgd", .loss = "mse"});
  Array predicted = model.predict(x, {.verbose = 0}).single();
  double total = 0;
  int64_t counted = 0;
  for (int64_t i = 0; i < predicted.num_elements(); ++i) {
    int64_t sample = i / 15, step = i / 3 % 5;
    if (sample == 0 && step >= 3) continue;
    total += (predicted.get(i) - y.get(i)) * (predicted.get(i) - y.get(i));
    ++counted;
  }
  auto results = model.evaluate(x, y, {.batch_size = 4, .verbose = 0});
  EXPECT_NEAR(results.at("loss"), total / static_cast<double>(counted), 1e-5);
}

TEST(Recurrent, DropoutKeepsItsElementsOverTheSteps) {
  // With weights of one and no activation each output is a sum of the kept inputs, scaled.
  SimpleRNN rnn({.units = 1, .activation = "linear", .use_bias = false, .dropout = 0.5, .seed = 3});
  Array x(DType::float32, {64, 3, 2});
  for (int64_t i = 0; i < x.num_elements(); ++i) x.set(i, 1);
  rnn.ensure_built(x.shape());
  rnn.set_weights({Array::of<float>({2, 1}, {1, 1}), Array::of<float>({1, 1}, {1})});
  Array y = rnn(x, {.training = true}).single().array();
  std::vector<int> seen(3, 0);
  for (int64_t i = 0; i < 64; ++i) {
    // 0, 1 or 2 of two inputs kept at all three steps, each worth 2.
    ASSERT_TRUE(y.get(i) == 0 || y.get(i) == 6 || y.get(i) == 12) << y.get(i);
    ++seen[static_cast<size_t>(y.get(i) / 6)];
  }
  for (int count : seen) EXPECT_GT(count, 4);
  EXPECT_EQ(rnn(x).single().array().get(0), 6);
}

TEST(Recurrent, SaysWhatIsWrong) {
  expect_error([] { LSTM({.units = 0}); }, "expected a positive integer");
  expect_error([] { LSTM({.units = 2})(Input({3})); }, "expected ndim=3, found ndim=2");
  expect_error([] { LSTM({.units = 2, .unroll = true})(Input({kUnknown, 3})); }, "Cannot unroll a RNN");
  expect_error([] { Bidirectional({.layer = LSTM({.units = 2}), .merge_mode = "max"}); }, "Invalid merge mode");
  expect_error([] { Bidirectional({.layer = Dense({.units = 2})}); }, "with a recurrent layer. Received: layer=Dense");
  expect_error(
      [] {
        Bidirectional({.layer = LSTM({.units = 2}),
                       .backward_layer = LSTM({.units = 2, .return_sequences = true, .go_backwards = true})});
      },
      "same value for attribute \"return_sequences\"");
  expect_error([] { TimeDistributed({.layer = Dense({.units = 2})})(Input({3})); }, "at least 3 dimensions");
  expect_error([] { ConvLSTM2D({.filters = 2, .kernel_size = 3, .padding = "full"}); }, "`padding`");
  expect_error([] { RNN(RNNOptions{}); }, "A cell must be given");
}

TEST(Recurrent, GoesThroughItsConfig) {
  Bidirectional layer({.layer = GRU({.units = 3, .dropout = 0.1, .return_sequences = true, .reset_after = false}),
                       .merge_mode = std::nullopt});
  Config config = layer.config();
  EXPECT_EQ(Bidirectional::from_config(Config::parse(config.to_json())).config(), config);
  RNN stacked(
      {.cell = StackedRNNCells({.cells = {LSTMCell({.units = 2}), GRUCell({.units = 3})}}), .return_state = true});
  EXPECT_EQ(RNN::from_config(Config::parse(stacked.config().to_json())).config(), stacked.config());
}

}  // namespace
}  // namespace hornbeam
