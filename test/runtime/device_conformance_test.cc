// What every device must do alike: memory, and the checks of a call. A device is added here by one line.
#include <numeric>

#include "test/runtime/program_support.h"

namespace hornbeam::runtime {
namespace {

class DeviceConformance : public testing::TestWithParam<std::shared_ptr<Device> (*)()> {
 protected:
  // Arguments of predict_4 for three steps that fit.
  struct Call {
    explicit Call(const std::shared_ptr<Device>& device) : state(device, tracing_program({4}).state) {
      state.segment(Segment::weights);
      inputs = {device->allocate(12 * 8), device->allocate(12 * 8)};
      outputs = {device->allocate(12 * 8), device->allocate(12 * 8)};
      rows.resize(12);
      std::iota(rows.begin(), rows.end(), 0);
    }
    CallArguments arguments() const { return {state.segments(), inputs, outputs, rows, steps}; }

    State state;
    std::vector<Buffer> inputs, outputs;
    std::vector<int64_t> rows;
    int64_t steps = 3;
  };

  std::shared_ptr<Device> device = GetParam()();
};

TEST_P(DeviceConformance, AllocatesZeroedAlignedMemory) {
  for (size_t bytes : {size_t{0}, size_t{1}, size_t{4097}, size_t{5} << 20}) {
    Buffer buffer = device->allocate(bytes);
    ASSERT_TRUE(buffer.valid());
    EXPECT_EQ(buffer.bytes(), bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.address()) % 64, 0u);
    std::vector<char> content(bytes, 1);
    device->copy_out(buffer, 0, content.data(), bytes);
    EXPECT_EQ(content, std::vector<char>(bytes, 0));
  }
  EXPECT_ERROR(device->allocate(size_t{1} << 60), ValueError, "No memory for a buffer of 1152921504606846976 bytes");
}

TEST_P(DeviceConformance, CopiesPartsOfBuffers) {
  Buffer buffer = device->allocate(16);
  device->copy_in(buffer, 4, "hornbeam", 8);
  char out[4];
  device->copy_out(buffer, 8, out, 4);
  EXPECT_EQ(std::string(out, 4), "beam");
  device->copy_in(buffer, 16, nullptr, 0);
  EXPECT_ERROR(device->copy_in(buffer, 9, "hornbeam", 8), ValueError, "16 bytes has no 8 bytes at offset 9");
  EXPECT_ERROR(device->copy_out(buffer, SIZE_MAX, out, 4), ValueError, "has no 4 bytes at offset");
  EXPECT_ERROR(device->copy_out(Buffer(), 0, out, 1), ValueError, "the buffer is not valid");
}

TEST_P(DeviceConformance, SharesMemoryAmongCopiesOfAHandle) {
  Buffer buffer = device->allocate(8);
  Buffer copy = buffer;
  buffer = Buffer();
  device->copy_in(copy, 0, "hornbeam", 8);
  char out[8];
  device->copy_out(copy, 0, out, 8);
  EXPECT_EQ(std::string(out, 8), "hornbeam");
}

TEST_P(DeviceConformance, WrapsHostMemoryWhereItCan) {
  char host[8] = "abcdefg";
  Buffer buffer = device->wrap(host, 8);
  if (!buffer.valid()) GTEST_SKIP() << "the device has memory of its own";
  device->copy_in(buffer, 0, "x", 1);
  EXPECT_EQ(host[0], 'x');
  EXPECT_TRUE(device->wrap(nullptr, 0).valid()) << "no rows are data, too";
}

TEST_P(DeviceConformance, TakesACallThatFits) {
  auto executable = device->load(tracing_program({4}));
  Call call(device);
  executable->run("predict_4", call.arguments());
  call.steps = 0;
  call.rows.clear();
  executable->run("predict_4", call.arguments());
}

TEST_P(DeviceConformance, RefusesACallThatDoesNotFit) {
  auto executable = device->load(tracing_program({4}));
  auto refuses = [&](const char* text, auto spoil) {
    Call call(device);
    spoil(call);
    EXPECT_ERROR(executable->run("predict_4", call.arguments()), ValueError, text);
  };
  refuses("Entry 'predict_4': expected 2 inputs. Received: 1", [](Call& c) { c.inputs.pop_back(); });
  refuses("expected 2 outputs. Received: 3", [](Call& c) { c.outputs.push_back(c.outputs[0]); });
  refuses("steps must not be negative. Received: steps=-1", [](Call& c) { c.steps = -1; });
  refuses("3 steps of 4 rows need as many row numbers. Received: 11", [](Call& c) { c.rows.pop_back(); });
  refuses("need as many row numbers", [](Call& c) { c.steps = INT64_MAX; });
  refuses("row numbers must lie in [0, 12). Received: 12", [](Call& c) { c.rows[5] = 12; });
  refuses("row numbers must lie in [0, 12). Received: -1", [](Call& c) { c.rows[0] = -1; });
  refuses("input 'x' is no buffer", [](Call& c) { c.inputs[1] = Buffer(); });
  refuses("a row of input 'x' has 8 bytes, which do not divide the buffer. Received: 95 bytes",
          [&](Call& c) { c.inputs[1] = device->allocate(95); });
  refuses("row numbers must lie in [0, 11)", [&](Call& c) { c.inputs[0] = device->allocate(11 * 8); });
  refuses("output 'y' needs 96 bytes. Received: 95", [&](Call& c) { c.outputs[0] = device->allocate(95); });
  refuses("output 'id' needs 96 bytes. Received: 0", [&](Call& c) { c.outputs[1] = Buffer(); });
}

TEST_P(DeviceConformance, RefusesStateThatDoesNotFit) {
  auto executable = device->load(tracing_program({4}));
  Call call(device);
  CallArguments arguments = call.arguments();
  arguments.segments = nullptr;
  EXPECT_ERROR(executable->run("predict_4", arguments), ValueError, "has state, but no segments were given");
  Buffer segments[kNumSegments] = {device->allocate(64), Buffer(), Buffer()};
  arguments.segments = segments;
  EXPECT_ERROR(executable->run("predict_4", arguments), ValueError,
               "the segment of weights needs 32896 bytes. Received: 64");
}

TEST_P(DeviceConformance, FindsEntriesByName) {
  auto executable = device->load(tracing_program({4}));
  EXPECT_EQ(executable->find("evaluate_4"), 1);
  EXPECT_ERROR(executable->find("fit"), ValueError, "no entry 'fit'. It has: 'train_4', 'evaluate_4', 'predict_4'");
  EXPECT_ERROR(executable->run(3, {}), ValueError, "The program has 3 entries. Received: entry=3");
  EXPECT_ERROR(executable->run(-1, {}), ValueError, "Received: entry=-1");
}

TEST_P(DeviceConformance, RefusesAProgramThatContradictsItself) {
  Program program = tracing_program({4});
  program.state[1].offset = 0;
  EXPECT_ERROR(device->load(program), ValueError,
               "variable 'cursor' should lie at byte 32768 of its segment. Received: 0");
  program = tracing_program({4});
  program.entries[0].inputs[0].shape = {5};
  EXPECT_ERROR(device->load(program), ValueError, "the first axis of input 'id' must be the batch size 4");
  program = tracing_program({4});
  program.entries[2].outputs[0].dtype = DType::string;
  EXPECT_ERROR(device->load(program), ValueError, "'y' has no numeric dtype. Received: dtype=string");
  program = tracing_program({4});
  program.entries[2].arena_bytes = int64_t{1} << 45;
  EXPECT_ERROR(device->load(program), ValueError, "No memory for a buffer of 35184372088832 bytes");
}

INSTANTIATE_TEST_SUITE_P(Devices, DeviceConformance, testing::Values(&cpu_device, &null_device),
                         [](const auto& info) { return info.param()->name(); });

}  // namespace
}  // namespace hornbeam::runtime
