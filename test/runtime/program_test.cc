// The layout of state, and finding entries.
#include "test/runtime/program_support.h"

namespace hornbeam::runtime {
namespace {

TEST(LayOut, AlignsEachVariableWithinItsSegment) {
  std::vector<StateVariable> state = {
      {"a", DType::float32, {3}, Segment::weights}, {"m", DType::float32, {3}, Segment::slots},
      {"b", DType::float64, {9}, Segment::weights}, {"c", DType::boolean, {}, Segment::weights},
      {"n", DType::int64, {}, Segment::metrics},    {"empty", DType::float32, {0, 4}, Segment::weights},
      {"d", DType::uint8, {65}, Segment::weights},
  };
  EXPECT_EQ(lay_out(state), (std::vector<int64_t>{64 + 128 + 64 + 0 + 128, 64, 64}));
  std::vector<int64_t> offsets;
  for (const StateVariable& variable : state) offsets.push_back(variable.offset);
  EXPECT_EQ(offsets, (std::vector<int64_t>{0, 0, 64, 192, 0, 256, 256}));
}

TEST(LayOut, DependsOnTheListAlone) {
  std::vector<StateVariable> state = {{"a", DType::float32, {3}}, {"b", DType::float32, {5}}};
  state[1].offset = 4711;
  lay_out(state);
  EXPECT_EQ(state[1].offset, 64);
}

TEST(LayOut, RefusesWhatHasNoSize) {
  std::vector<StateVariable> unknown = {{"kernel", DType::float32, {kUnknown, 3}}};
  EXPECT_ERROR(lay_out(unknown), ValueError, "'kernel' needs a static shape. Received: shape=(None, 3)");
  std::vector<StateVariable> text = {{"names", DType::string, {3}}};
  EXPECT_ERROR(lay_out(text), ValueError, "'names' has no numeric dtype. Received: dtype=string");
  std::vector<StateVariable> huge = {{"huge", DType::float32, {int64_t{1} << 40, int64_t{1} << 40}}};
  EXPECT_ERROR(lay_out(huge), ValueError, "'huge' of shape (1099511627776, 1099511627776) does not fit in memory");
  std::vector<StateVariable> sum = {{"a", DType::int8, {INT64_MAX - 64}}, {"b", DType::int8, {INT64_MAX - 64}}};
  EXPECT_ERROR(lay_out(sum), ValueError, "The state does not fit in memory");
}

TEST(Program, FindsEntriesByName) {
  Program program;
  program.entries = {{"train_step"}, {"predict_step"}};
  EXPECT_EQ(program.find("predict_step"), &program.entries[1]);
  EXPECT_EQ(program.find("predict"), nullptr);
}

}  // namespace
}  // namespace hornbeam::runtime
