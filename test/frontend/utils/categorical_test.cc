// to_categorical, normalize and pad_sequences. The expected values are Keras 3.15.1's.
#include <hornbeam/utils/categorical.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/base/error.h>
#include <hornbeam/dtype_policies/serialization.h>

namespace hornbeam::utils {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;

TEST(ToCategorical, SetsAOneForEachClass) {
  Array x = to_categorical(Array::of<int64_t>({3, 1}, {2, 0, 1}));
  EXPECT_EQ(x.shape(), Shape({3, 3}));
  EXPECT_THAT(x.as<float>(), ElementsAre(0, 0, 1, 1, 0, 0, 0, 1, 0));
  EXPECT_EQ(to_categorical(Array::of<int32_t>({2, 2}, {0, 1, 1, 0}), 4).shape(), Shape({2, 2, 4}));
}

TEST(ToCategorical, NamesTheClassThatIsOutside) {
  try {
    to_categorical(Array::of<int32_t>({2}, {0, 3}), 3);
    FAIL() << "class 3 of 3 was taken";
  } catch (const ValueError& error) {
    EXPECT_THAT(error.what(), HasSubstr("element 1 is class 3"));
  }
  EXPECT_THROW(to_categorical(Array::of<int32_t>({1}, {-1})), ValueError);
  EXPECT_THROW(to_categorical(Array::of<float>({1}, {1.0f})), ValueError);
}

TEST(Normalize, DividesByTheNorm) {
  EXPECT_THAT(normalize(Array::of<float>({2, 2}, {3, 4, 0, 0})).as<float>(),
              ElementsAre(FloatNear(0.6f, 1e-6f), FloatNear(0.8f, 1e-6f), 0, 0));
  EXPECT_THAT(normalize(Array::of<float>({2, 2}, {1, 4, 3, 12}), 0, 1).as<float>(), ElementsAre(0.25f, 0.25f, 0.75f, 0.75f));
  EXPECT_THROW(normalize(Array::of<float>({2}, {1, 2}), 1), ValueError);
}

TEST(PadSequences, FillsAndCuts) {
  Array x = pad_sequences({{1}, {2, 3}, {4, 5, 6}});
  EXPECT_EQ(x.dtype(), DType::int32);
  EXPECT_THAT(x.as<int32_t>(), ElementsAre(0, 0, 1, 0, 2, 3, 4, 5, 6));
  EXPECT_THAT(pad_sequences({{1}, {4, 5, 6}}, {.maxlen = 2, .padding = "post", .value = -1}).as<int32_t>(),
              ElementsAre(1, -1, 5, 6));
  EXPECT_THAT(pad_sequences({{4, 5, 6}}, {.maxlen = 2, .dtype = DType::float32, .truncating = "post"}).as<float>(),
              ElementsAre(4, 5));
  EXPECT_THROW(pad_sequences({{1}}, {.padding = "front"}), ValueError);
}

TEST(DTypePolicies, TakeBackWhatTheyGave) {
  Config config = dtype_policies::serialize(dtype_policies::get("mixed_bfloat16"));
  EXPECT_EQ(dtype_policies::deserialize(config).name(), "mixed_bfloat16");
}

}  // namespace
}  // namespace hornbeam::utils
