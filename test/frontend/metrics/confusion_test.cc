// Metrics of the confusion matrix, scores and intersections: names, state that depends on shapes, edges, bad options.
#include <gtest/gtest.h>
#include <hornbeam/layer.h>
#include <hornbeam/metrics/auc.h>
#include <hornbeam/metrics/binary_iou.h>
#include <hornbeam/metrics/f1_score.h>
#include <hornbeam/metrics/iou.h>
#include <hornbeam/metrics/mean_iou.h>
#include <hornbeam/metrics/precision.h>
#include <hornbeam/metrics/precision_at_recall.h>
#include <hornbeam/metrics/r2_score.h>
#include <hornbeam/metrics/recall.h>
#include <hornbeam/metrics/sensitivity_at_specificity.h>
#include <hornbeam/metrics/true_positives.h>
#include <hornbeam/ops.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;

void update(metrics::Metric& metric, const Array& y_true, const Array& y_pred, const Array& weight = {}) {
  metric.ensure_built(y_true.shape(), y_pred.shape());
  std::vector<Array> inputs{y_true, y_pred};
  if (weight.valid()) inputs.push_back(weight);
  evaluated(
      [&](const Tensors& x) -> Tensors {
        metric.update_state(x[0], x[1], x.size() > 2 ? x[2] : Tensor());
        return {};
      },
      Arrays(inputs), metric.variables());
}

Array result(metrics::Metric& metric) {
  return evaluated([&](const Tensors&) -> Tensors { return metric.result(); }, {}, metric.variables()).at(0);
}

const Array kLabels = Array::of<float>({4}, {0, 0, 1, 1});
const Array kScores = Array::of<float>({4}, {0.1f, 0.6f, 0.4f, 0.9f});

TEST(ConfusionMetric, NamesCountUpAsLayersDo) {
  clear_session();
  EXPECT_EQ(metrics::AUC().name(), "auc");
  EXPECT_EQ(metrics::AUC().name(), "auc_1");
  EXPECT_EQ(metrics::SensitivityAtSpecificity({.specificity = 0.5}).name(), "sensitivity_at_specificity");
  EXPECT_EQ(metrics::IoU({.num_classes = 2, .target_class_ids = {1}}).name(), "io_u");
  EXPECT_EQ(metrics::Precision({.name = "p"}).name(), "p");
}

TEST(ConfusionMetric, PrecisionAndRecallAtOneAndSeveralThresholds) {
  metrics::Precision precision;
  metrics::Recall recall({.thresholds = {0.3, 0.5}});
  update(precision, kLabels, kScores);
  update(recall, kLabels, kScores);
  EXPECT_EQ(result(precision).get(0), 0.5);
  EXPECT_EQ(result(precision).shape(), Shape());
  ASSERT_EQ(result(recall).shape(), Shape({2}));
  EXPECT_EQ(result(recall).get(0), 1.0);
  EXPECT_EQ(result(recall).get(1), 0.5);
}

TEST(ConfusionMetric, TopKTakesTheFirstOfEqualOnes) {
  metrics::Precision precision({.top_k = 1});
  update(precision, Array::of<float>({2, 3}, {1, 0, 0, 0, 1, 0}), Array::of<float>({2, 3}, {5, 5, 1, 2, 2, 2}));
  EXPECT_EQ(result(precision).get(0), 0.5);
}

TEST(ConfusionMetric, ANegativeClassCountsFromTheEnd) {
  metrics::Recall recall({.class_id = -1});
  update(recall, Array::of<float>({2, 2}, {0, 1, 0, 1}), Array::of<float>({2, 2}, {0.9f, 0.9f, 0.9f, 0.1f}));
  EXPECT_EQ(result(recall).get(0), 0.5);
}

TEST(ConfusionMetric, AucOfAPerfectOrderIsOneAndOfTheOppositeZero) {
  metrics::AUC auc;
  update(auc, kLabels, Array::of<float>({4}, {0.1f, 0.2f, 0.7f, 0.8f}));
  EXPECT_NEAR(result(auc).get(0), 1.0, 1e-6);
  auc.reset_state();
  EXPECT_EQ(result(auc).get(0), 0.0);
  update(auc, kLabels, Array::of<float>({4}, {0.8f, 0.7f, 0.2f, 0.1f}));
  EXPECT_NEAR(result(auc).get(0), 0.0, 1e-6);
}

TEST(ConfusionMetric, AnAucOfSeveralLabelsKnowsTheirNumberFromTheData) {
  metrics::AUC auc({.num_thresholds = 5, .multi_label = true});
  EXPECT_TRUE(auc.variables().empty());
  update(auc, Array::of<float>({2, 2}, {0, 1, 1, 0}), Array::of<float>({2, 2}, {0.2f, 0.9f, 0.8f, 0.3f}));
  ASSERT_EQ(auc.variables().size(), 4u);
  EXPECT_EQ(auc.variables()[0].shape(), Shape({5, 2}));
  EXPECT_NEAR(result(auc).get(0), 1.0, 1e-6);
}

TEST(ConfusionMetric, WithoutAFeasibleThresholdTheResultIsZero) {
  metrics::PrecisionAtRecall metric({.recall = 1.0, .num_thresholds = 3});
  update(metric, Array::of<float>({2}, {1, 1}), Array::of<float>({2}, {0, 0}));
  EXPECT_EQ(result(metric).get(0), 0);
}

TEST(ConfusionMetric, RejectsBadOptions) {
  expect_error([] { metrics::TruePositives({.thresholds = 1.5}); }, "Threshold values must be in [0, 1]");
  expect_error([] { metrics::SensitivityAtSpecificity({.specificity = 2.0}); }, "`specificity` must be in the range");
  expect_error([] { metrics::PrecisionAtRecall({.recall = 0.5, .num_thresholds = 0}); }, "`num_thresholds` must be");
  expect_error([] { metrics::AUC({.curve = "RCO"}); }, "Invalid AUC curve value: \"RCO\"");
  expect_error([] { metrics::AUC({.num_thresholds = 1}); }, "must be an integer > 1");
  expect_error([] { metrics::AUC({.num_labels = 3}); }, "only when `multi_label` is True");
  metrics::Precision of_class({.class_id = 1});
  expect_error([&] { update(of_class, kLabels, kScores); }, "y_pred must be a 2D array");
}

TEST(FScore, AveragesAndRejects) {
  metrics::F1Score micro({.average = "micro", .threshold = 0.5});
  update(micro, Array::of<float>({2, 2}, {1, 0, 0, 1}), Array::of<float>({2, 2}, {0.9f, 0.8f, 0.1f, 0.7f}));
  EXPECT_NEAR(result(micro).get(0), 0.8, 1e-5);  // 2 right, 1 wrong, none missed
  EXPECT_FALSE(micro.config().contains("beta"));
  expect_error([] { metrics::FBetaScore({.beta = 0.0}); }, "It should be > 0");
  expect_error([] { metrics::F1Score({.average = "mean"}); }, "Received: average=mean");
  expect_error([] { metrics::F1Score({.threshold = 0.0}); }, "0 < threshold <= 1");
  metrics::F1Score other;
  expect_error([&] { update(other, kLabels, kScores); }, "expects 2D inputs");
}

TEST(R2Score, IsOneForAPerfectFitAndRejects) {
  metrics::R2Score score;
  Array truth = Array::of<float>({3, 1}, {1, 2, 4});
  update(score, truth, truth);
  EXPECT_EQ(result(score).get(0), 1.0);
  expect_error([] { metrics::R2Score({.class_aggregation = "sum"}); }, "`class_aggregation`");
  expect_error([] { metrics::R2Score({.num_regressors = -1}); }, "`num_regressors`");
  metrics::R2Score other;
  expect_error([&] { update(other, kLabels, kScores); }, "expects 2D inputs");
}

TEST(IoU, CountsNothingOutsideTheClassesAndRejects) {
  metrics::MeanIoU mean({.num_classes = 2});
  update(mean, Array::of<int32_t>({4}, {0, 1, 7, 1}), Array::of<int32_t>({4}, {0, 1, 1, -1}));
  EXPECT_NEAR(result(mean).get(0), 1.0, 1e-6);
  EXPECT_EQ(mean.variables()[0].dtype(), DType::int64);
  metrics::BinaryIoU binary({.threshold = 0.3});
  update(binary, kLabels, kScores, Array::of<float>({4}, {1, 1, 1, 3}));
  // Class 0: one right of {one more}; class 1: 1 + 3 of 5.
  EXPECT_NEAR(result(binary).get(0), (0.5 + 0.8) / 2, 1e-6);
  expect_error([] { metrics::IoU({.num_classes = 2, .target_class_ids = {2}}); }, "Target class id 2 is out of range");
}

}  // namespace
}  // namespace hornbeam
