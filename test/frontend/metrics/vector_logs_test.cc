// Metrics with a result for each class, in the logs of fit, evaluate and train_on_batch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/callbacks/csv_logger.h>
#include <hornbeam/callbacks/lambda_callback.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/metrics/f1_score.h>
#include <hornbeam/metrics/fbeta_score.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/sequential.h>

#include <fstream>

#include "test/frontend/arrays_support.h"
#include "test/support/temporary_folder.h"

namespace hornbeam {
namespace {

using ::testing::ElementsAre;
using ::testing::DoubleNear;

// Three classes that the model tells by its first weights alone: it never learns.
struct Fixed {
  Sequential model{{Input({3}), layers::Dense({.units = 3, .kernel_initializer = "identity"})}};
  // The largest of each row: 0, 1, 2, 2. The truth: 0, 1, 2, 1.
  Array x = Array::of<float>({4, 3}, {9, 0, 0, 0, 9, 0, 0, 0, 9, 0, 1, 9});
  Array y = Array::of<float>({4, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0});
  explicit Fixed(MetricSpecs metrics) {
    model.compile({.optimizer = optimizers::SGD({.learning_rate = 0}), .loss = "mse", .metrics = std::move(metrics)});
  }
};

auto per_class = [] { return ElementsAre(DoubleNear(1, 1e-5), DoubleNear(2.0 / 3, 1e-5), DoubleNear(2.0 / 3, 1e-5)); };

TEST(VectorLogs, AreInHistoryLogsAndEvaluate) {
  Fixed fixed({metrics::F1Score({.average = std::nullopt}), metrics::FBetaScore({.average = "macro"})});
  std::vector<double> seen;
  auto watch = callbacks::LambdaCallback({.on_epoch_end = [&](int64_t, const Logs& logs) {
    if (const std::vector<double>* elements = logs.find_array("val_f1_score")) seen = *elements;
  }});
  History history = fixed.model.fit(fixed.x, fixed.y,
                                    {.epochs = 2, .batch_size = 2, .verbose = 0, .callbacks = {watch},
                                     .validation_data = {fixed.x, fixed.y}});
  ASSERT_EQ(history.arrays.size(), 2u);
  EXPECT_EQ(history.arrays[0].first, "f1_score");
  EXPECT_EQ(history.arrays[1].first, "val_f1_score");
  ASSERT_EQ(history.arrays[0].second.size(), 2u);
  EXPECT_THAT(history.arrays[0].second[1], per_class());
  EXPECT_THAT(seen, per_class());
  // The number is their mean; a metric that is one number stands for itself.
  EXPECT_THAT(history["f1_score"], ElementsAre(DoubleNear(7.0 / 9, 1e-5), DoubleNear(7.0 / 9, 1e-5)));
  EXPECT_THAT(history["fbeta_score"], ElementsAre(DoubleNear(7.0 / 9, 1e-5), DoubleNear(7.0 / 9, 1e-5)));
  Logs logs = fixed.model.evaluate(fixed.x, fixed.y, {.verbose = 0});
  EXPECT_THAT(*logs.find_array("f1_score"), per_class());
  EXPECT_EQ(logs.find_array("fbeta_score"), nullptr);
  EXPECT_THAT(*fixed.model.test_on_batch(fixed.x, fixed.y).find_array("f1_score"), per_class());
}

// Keras' file of the same metric.
TEST(VectorLogs, AreAListInACsvFile) {
  Fixed fixed({metrics::F1Score({.average = std::nullopt})});
  test::TemporaryFolder folder;
  std::string path = folder / "log.csv";
  fixed.model.fit(fixed.x, fixed.y, {.verbose = 0, .callbacks = {callbacks::CSVLogger({.filename = path})}});
  std::ifstream file(path);
  std::string header, row;
  std::getline(file, header);
  std::getline(file, row);
  EXPECT_THAT(row, ::testing::HasSubstr("\"\"\"[0.99999"));
  EXPECT_THAT(row, ::testing::HasSubstr("]\"\"\""));
}

}  // namespace
}  // namespace hornbeam
