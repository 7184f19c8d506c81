// The program on machines and with files that are not as one expects: full disks, homes that are not there, names that
// are no UTF-8.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/sequential.h>

#include "test/cli/cli_support.h"

namespace hornbeam::cli_test {
namespace {

using testing::HasSubstr;

TEST(OddMachines, AFullOutputIsAnError) {
  for (const std::string& command : {"summary " + model("cnn"), std::string("--help"), std::string("devices"),
                                    "predict " + model("cnn") + " --input " + data("cnn") + " --json"}) {
    SCOPED_TRACE(command);
    const Outcome outcome = run(command + " > /dev/full");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("error: the standard output cannot be written to"));
  }
}

TEST(OddMachines, NeedsNoHomeAndNoTemporaryFolder) {
  Folder folder;
  for (const std::string before :
       {"env -u HOME -u TMPDIR ", "env HOME=/none TMPDIR=/none XDG_CACHE_HOME=/none ", "env -i "}) {
    SCOPED_TRACE(before);
    const std::string output = folder / "y.npz";
    const Outcome outcome = run("predict " + model("cnn") + " --input " + data("cnn") + " --output " + output, before);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(std::filesystem::remove(output));
  }
}

TEST(OddMachines, NamesAreBytes) {
  Folder folder;
  const std::string named = folder / "caf\xe9 \xff.keras";
  const std::string input = folder / "\xfe in.npz", output = folder / "\xc3(.npz";
  std::filesystem::copy_file(model("cnn"), named);
  std::filesystem::copy_file(data("cnn"), input);
  const Outcome outcome = run("predict '" + named + "' --input '" + input + "' --output '" + output + "'");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(std::filesystem::exists(output));
  EXPECT_EQ(run("summary '" + named + "' --json").status, 0);
  EXPECT_EQ(run("convert '" + named + "' '" + (folder / "\x80.safetensors") + "'").status, 0);
  EXPECT_EQ(run("compile '" + named + "' --emit obj --output '" + (folder / "\x81.o") + "'").status, 0);
  expect_failure("predict '" + (folder / "\xff") + "' --input x.npz", 1, "No such file");
  expect_failure("predict --in\xff" "put x", 2, "Did you mean '--input'");
}

// NumPy cannot hold them, and a person may not even know that the model makes them.
TEST(OddMachines, BFloat16IsWrittenAsFloat32) {
  Folder folder;
  Sequential model({Input({3}), layers::Dense({.units = 2, .name = "y", .dtype = "mixed_bfloat16"})});
  model.save(folder / "m.keras");
  Array x(DType::float32, {4, 3});
  for (int64_t i = 0; i < 12; ++i) x.set(i, 0.25 * static_cast<double>(i));
  runtime::write_npz(folder / "x.npz", {{"x", x}});
  const Outcome outcome =
      run("predict " + (folder / "m.keras") + " --input " + (folder / "x.npz") + " --output " + (folder / "y.npz"));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const runtime::NamedArrays written = runtime::read_npz(folder / "y.npz");
  ASSERT_EQ(written.size(), 1u);
  const Array expected = model.predict(x, {.verbose = 0})[0];
  EXPECT_EQ(written[0].second.dtype(), DType::float32);
  for (int64_t i = 0; i < 8; ++i) EXPECT_EQ(written[0].second.get(i), expected.get(i));
}

}  // namespace
}  // namespace hornbeam::cli_test
