// Metrics: names resolved by shape, state, the value before any sample.
#include <gtest/gtest.h>
#include <hornbeam/metrics/mean.h>
#include <hornbeam/metrics/mean_metric_wrapper.h>
#include <hornbeam/metrics/sparse_categorical_accuracy.h>
#include <hornbeam/ops.h>

#include "frontend/src/mask.h"
#include "frontend/src/metrics/resolve.h"
#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;

double result_of(metrics::Metric& metric) {
  return evaluated([&](const Tensors&) -> Tensors { return metric.result(); }, {}, metric.variables()).at(0).get(0);
}

void update(metrics::Metric& metric, const Array& y_true, const Array& y_pred) {
  evaluated(
      [&](const Tensors& x) -> Tensors {
        metric.update_state(x[0], x[1], {});
        return {};
      },
      Arrays({y_true, y_pred}), metric.variables());
}

TEST(Metric, AccuracyIsWhatTheLabelsAre) {
  auto resolved = [](const char* name, Shape y, Shape p) {
    Metric metric = metrics::resolve(name, y, p);
    return metric.config().at("class_name").as_string() + " " + metric->name();
  };
  EXPECT_EQ(resolved("accuracy", {8, 1}, {8, 1}), "BinaryAccuracy accuracy");
  EXPECT_EQ(resolved("acc", {8}, {8, 3}), "SparseCategoricalAccuracy acc");
  EXPECT_EQ(resolved("accuracy", {8, 1}, {8, 3}), "SparseCategoricalAccuracy accuracy");
  EXPECT_EQ(resolved("acc", {8, 3}, {8, 3}), "CategoricalAccuracy acc");
  EXPECT_EQ(resolved("mse", {8, 3}, {8, 3}), "MeanSquaredError mse");
}

TEST(Metric, AnUnknownNameGetsTheNearest) {
  expect_error([] { metrics::resolve("binary_acuracy", {8, 1}, {8, 1}); }, "binary_accuracy");
}

TEST(Metric, IsZeroBeforeAnySampleAndAfterAReset) {
  metrics::SparseCategoricalAccuracy metric;
  EXPECT_EQ(result_of(metric), 0);
  update(metric, Array::of<int32_t>({2}, {1, 0}), Array::of<float>({2, 2}, {0, 1, 0, 1}));
  EXPECT_EQ(result_of(metric), 0.5);
  metric.reset_state();
  EXPECT_EQ(result_of(metric), 0);
}

TEST(Metric, LeavesOutWhatThePredictionsMaskLeavesOut) {
  metrics::SparseCategoricalAccuracy metric;
  Array labels = Array::of<int32_t>({3}, {1, 0, 0}), scores = Array::of<float>({3, 2}, {0, 1, 0, 1, 0, 1});
  Array mask = Array::of<bool>({3}, {true, true, false});
  evaluated(
      [&](const Tensors& x) -> Tensors {
        metric.update_state(x[0], with_mask(x[1], x[2]), {});
        return {};
      },
      Arrays({labels, scores, mask}), metric.variables());
  EXPECT_EQ(result_of(metric), 0.5);
}

TEST(Metric, ACopyIsTheSameMetric) {
  metrics::Mean metric, copy = metric;
  evaluated(
      [&](const Tensors& x) -> Tensors {
        metric.update_state(x[0]);
        return {};
      },
      Arrays(Array::of<float>({2}, {1, 3})), metric.variables());
  EXPECT_EQ(result_of(copy), 2);
}

TEST(Metric, AnyFunctionCanBeOne) {
  metrics::MeanMetricWrapper metric([](const Tensor& y, const Tensor& p) { return ops::abs(y - p); },
                                    {.name = "distance"});
  update(metric, Array::of<float>({2, 1}, {0, 0}), Array::of<float>({2, 1}, {1, -4}));
  EXPECT_EQ(metric.name(), "distance");
  EXPECT_EQ(result_of(metric), 2.5);
}

}  // namespace
}  // namespace hornbeam
