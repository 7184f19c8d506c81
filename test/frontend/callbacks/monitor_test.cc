// Which way is better, by the names that metrics have in the logs; the directions are those of Keras' metric classes.
#include "frontend/src/callbacks/monitor.h"

#include <limits>

#include <gtest/gtest.h>
#include <hornbeam/base/error.h>

namespace hornbeam::callbacks {
namespace {

TEST(Monitor, KnowsTheDirectionOfMetricNames) {
  for (const char* name : {"loss", "val_loss", "output_1_loss", "mae", "val_mean_squared_error", "binary_crossentropy_2",
                           "kl_divergence", "squared_hinge"})
    EXPECT_EQ(direction_of(name), Direction::min) << name;
  for (const char* name : {"accuracy", "acc", "val_accuracy", "sparse_categorical_accuracy", "val_auc_1", "f1_score",
                           "head_top_k_categorical_accuracy", "mean_io_u", "precision_at_recall", "r2_score"})
    EXPECT_EQ(direction_of(name), Direction::max) << name;
  for (const char* name : {"lr", "mean", "true_positives", "glossy", "", "val_"})
    EXPECT_FALSE(direction_of(name)) << name;
}

TEST(Monitor, AnImprovementIsMoreThanMinDelta) {
  Monitor less("Test", "loss", "auto", -0.5);  // the sign of min_delta does not matter
  less.resolve(nullptr);
  EXPECT_TRUE(less.is_improvement(1.0, 1.75));
  EXPECT_FALSE(less.is_improvement(1.0, 1.5));
  EXPECT_FALSE(less.is_improvement(2.0, 1.5));
  Monitor more("Test", "loss", "max", 0.5);
  more.resolve(nullptr);
  EXPECT_TRUE(more.is_improvement(2.0, 1.25));
  EXPECT_FALSE(more.is_improvement(2.0, 1.5));
  EXPECT_FALSE(more.is_improvement(std::numeric_limits<double>::quiet_NaN(), 1.0));
}

TEST(Monitor, RejectsWhatItCannotJudge) {
  EXPECT_THROW(
      {
        try {
          Monitor("EarlyStopping", "loss", "maximum", 0);
        } catch (const ValueError& error) {
          EXPECT_STREQ(error.what(),
                       "[EarlyStopping] mode must be \"auto\", \"min\" or \"max\". Received: mode=\"maximum\"");
          throw;
        }
      },
      ValueError);
  Monitor unknown("EarlyStopping", "my_number", "auto", 0);
  EXPECT_THROW(
      {
        try {
          unknown.resolve(nullptr);
        } catch (const ValueError& error) {
          EXPECT_STREQ(error.what(),
                       "[EarlyStopping] cannot tell from the name whether more or less of monitor=\"my_number\" is "
                       "better. Pass mode=\"max\" or mode=\"min\".");
          throw;
        }
      },
      ValueError);
}

}  // namespace
}  // namespace hornbeam::callbacks
