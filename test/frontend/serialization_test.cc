// get, serialize and deserialize of each family: what one gives the other takes back, and a wrong name is told.
#include <gtest/gtest.h>

#include <hornbeam/activations/serialization.h>
#include <hornbeam/base/error.h>
#include <hornbeam/constraints/serialization.h>
#include <hornbeam/initializers/serialization.h>
#include <hornbeam/losses/serialization.h>
#include <hornbeam/metrics/serialization.h>
#include <hornbeam/optimizers/serialization.h>
#include <hornbeam/regularizers/serialization.h>
#include <hornbeam/schedules/exponential_decay.h>
#include <hornbeam/schedules/serialization.h>

namespace hornbeam {
namespace {

TEST(Serialization, TakesBackWhatItGave) {
  Config loss = losses::serialize(losses::get("mse"));
  EXPECT_EQ(loss.at("class_name").as_string(), "MeanSquaredError");
  EXPECT_EQ(losses::serialize(losses::deserialize(loss)).to_json(), loss.to_json());
  Config optimizer = optimizers::serialize(optimizers::get("adam"));
  EXPECT_EQ(optimizer.at("class_name").as_string(), "Adam");
  EXPECT_EQ(optimizers::serialize(optimizers::deserialize(optimizer)).to_json(), optimizer.to_json());
  Config metric = metrics::serialize(metrics::get("mse"));
  EXPECT_EQ(metrics::serialize(metrics::deserialize(metric)).to_json(), metric.to_json());
  Config initializer = initializers::serialize(initializers::get("he_normal"));
  EXPECT_EQ(initializers::serialize(initializers::deserialize(initializer)).to_json(), initializer.to_json());
  Config regularizer = regularizers::serialize(regularizers::get("l2"));
  EXPECT_EQ(regularizers::serialize(regularizers::deserialize(regularizer)).to_json(), regularizer.to_json());
  Config constraint = constraints::serialize(constraints::get("non_neg"));
  EXPECT_EQ(constraints::serialize(constraints::deserialize(constraint)).to_json(), constraint.to_json());
  Config schedule = schedules::serialize(
      schedules::ExponentialDecay({.initial_learning_rate = 0.1, .decay_steps = 10, .decay_rate = 0.5}));
  EXPECT_EQ(schedules::serialize(schedules::deserialize(schedule)).to_json(), schedule.to_json());
  EXPECT_EQ(activations::serialize(activations::deserialize(activations::serialize("relu"))).as_string(), "relu");
}

TEST(Serialization, GivesEmptyHandlesForNull) {
  EXPECT_FALSE(losses::get({}).valid());
  EXPECT_TRUE(constraints::serialize({}).is_null());
  EXPECT_TRUE(activations::get({}).is_linear());
}

TEST(Serialization, NamesTheNearestOfAnUnknownName) {
  for (const auto& get : {+[] { losses::get("mean_squared_eror"); }, +[] { optimizers::get("adaam"); },
                          +[] { activations::get("relo"); }}) {
    try {
      get();
      FAIL() << "an unknown name was taken";
    } catch (const ValueError& error) {
      EXPECT_NE(std::string(error.what()).find("Did you mean"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace hornbeam
