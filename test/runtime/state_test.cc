// State: segments that come into being when needed, values by name, images to come back to.
#include <hornbeam/runtime/state.h>

#include "test/runtime/program_support.h"

namespace hornbeam::runtime {
namespace {

std::vector<StateVariable> variables() {
  return {{"kernel", DType::float32, {2, 2}, Segment::weights},
          {"bias", DType::float32, {2}, Segment::weights},
          {"momentum", DType::float32, {2, 2}, Segment::slots},
          {"total", DType::float64, {}, Segment::metrics}};
}

TEST(State, AllocatesASegmentWhenItIsFirstNeeded) {
  State state(null_device(), variables());
  EXPECT_FALSE(state.is_allocated(Segment::weights));
  state.write("bias", Array::of<float>({2}, {1, 2}));
  EXPECT_TRUE(state.is_allocated(Segment::weights));
  EXPECT_FALSE(state.is_allocated(Segment::slots));
  EXPECT_EQ(state.segment(Segment::slots).bytes(), 64u);
  EXPECT_TRUE(state.is_allocated(Segment::slots));
  EXPECT_FALSE(state.is_allocated(Segment::metrics));
}

TEST(State, ReadsWhatWasWrittenAndZerosBefore) {
  State state(null_device(), variables());
  EXPECT_EQ(state.read("kernel").as<float>()[3], 0.0f);
  EXPECT_FALSE(state.is_allocated(Segment::weights)) << "reading allocates nothing";
  state.write("kernel", Array::of<float>({2, 2}, {1, 2, 3, 4}));
  state.write("bias", Array::of<float>({2}, {5, 6}));
  EXPECT_EQ(state.read("kernel").as<float>()[3], 4.0f);
  EXPECT_EQ(state.read("bias").as<float>()[1], 6.0f);
  EXPECT_EQ(state.read("kernel").shape(), (Shape{2, 2}));
}

TEST(State, RefusesOtherNamesDtypesAndShapes) {
  State state(null_device(), variables());
  EXPECT_ERROR(state.read("kernal"), ValueError, "no state variable 'kernal'");
  EXPECT_ERROR(state.write("bias", Array::of<double>({2}, {1, 2})), ValueError,
               "'bias' has dtype=float32, shape=(2,). Received a value with dtype=float64, shape=(2,)");
  EXPECT_ERROR(state.write("bias", Array::of<float>({1, 2}, {1, 2})), ValueError, "dtype=float32, shape=(1, 2)");
  EXPECT_ERROR(State(null_device(), {{"a", DType::int8, {}}, {"a", DType::int8, {}}}), ValueError,
               "Two state variables are named 'a'");
}

TEST(State, ComesBackToASnapshot) {
  State state(null_device(), variables());
  state.write("bias", Array::of<float>({2}, {1, 2}));
  std::vector<uint8_t> image = state.snapshot(Segment::weights);
  state.write("bias", Array::of<float>({2}, {3, 4}));
  state.restore(Segment::weights, image);
  EXPECT_EQ(state.read("bias").as<float>()[1], 2.0f);
  EXPECT_ERROR(state.restore(Segment::metrics, image), ValueError, "has 64 bytes. Received: 128");
}

TEST(State, ResetsToTheInitialImageOrToZeros) {
  State state(null_device(), variables());
  state.reset(Segment::metrics);
  EXPECT_FALSE(state.is_allocated(Segment::metrics));
  state.write("total", Array::scalar(3.0));
  state.reset(Segment::metrics);
  EXPECT_EQ(state.read("total").as<double>()[0], 0.0);
  state.write("total", Array::scalar(7.0));
  state.set_initial(Segment::metrics);
  state.write("total", Array::scalar(9.0));
  state.reset(Segment::metrics);
  EXPECT_EQ(state.read("total").as<double>()[0], 7.0);
}

TEST(State, GrowsWithoutMovingWhatIsThere) {
  State state(null_device(), variables());
  state.write("bias", Array::of<float>({2}, {1, 2}));
  state.write("total", Array::scalar(7.0));
  state.set_initial(Segment::metrics);
  int64_t before = state.variable("bias").offset;
  state.extend(
      {{"velocity", DType::float32, {100}, Segment::weights}, {"count", DType::float32, {}, Segment::metrics}});
  EXPECT_EQ(state.variable("bias").offset, before);
  EXPECT_EQ(state.read("bias").as<float>()[1], 2.0f);
  EXPECT_EQ(state.read("velocity").as<float>()[99], 0.0f);
  state.write("count", Array::scalar(5.0f));
  state.reset(Segment::metrics);
  EXPECT_EQ(state.read("total").as<double>()[0], 7.0);
  EXPECT_EQ(state.read("count").as<float>()[0], 0.0f);
  EXPECT_ERROR(state.extend({{"bias", DType::float32, {2}}}), ValueError, "named 'bias'");
  EXPECT_EQ(state.variables().size(), 6u);
}

TEST(State, TellsWhetherAProgramFitsIt) {
  State state(null_device(), variables());
  Program program;
  program.state = state.variables();
  state.check(program);
  state.extend({{"late", DType::float32, {2}, Segment::slots}});
  state.check(program);  // a program need not use all of the state
  program.state[1].shape = {3};
  EXPECT_ERROR(state.check(program), ValueError, "compiled for state variable 'bias' with dtype=float32, shape=(3,)");
  program.state[1] = state.variables()[1];
  program.state[1].offset = 0;
  EXPECT_ERROR(state.check(program), ValueError, "'bias' at byte 0 of segment 0. Received: byte 64");
  program.state[1].name = "scale";
  EXPECT_ERROR(state.check(program), ValueError, "'scale', which this state lacks");
}

}  // namespace
}  // namespace hornbeam::runtime
