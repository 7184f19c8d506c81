// Executables: they read .npz, write .npz, and tell what is wrong in one line.
#include <sys/stat.h>

#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/random.h>
#include <hornbeam/runtime/data/npy.h>

#include "test/aot/aot_support.h"

namespace hornbeam::aot {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string predictor() {
  static const std::string path = [] {
    Sequential model = small_model();
    std::string made = folder() + "/predictor";
    export_model(model, made, {.emit = "exe", .cpu = "native"});
    return made;
  }();
  return path;
}

Array array_of(const std::string& path, const std::string& name) {
  for (auto& [key, array] : runtime::read_npz(path))
    if (key == name) return array;
  ADD_FAILURE() << path << " has no array " << name;
  return {};
}

Array predictions(const Array& x) {
  Sequential model = small_model();
  return model.predict(x, {.batch_size = 32, .verbose = 0})[0];
}

void expect_failure(const std::string& command, const std::string& words) {
  SCOPED_TRACE(command);
  Outcome outcome = run(command);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, StartsWith("error: "));
  EXPECT_THAT(outcome.output, HasSubstr(words));
  EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 1) << outcome.output;
}

TEST(Executable, PredictsTheBitsOfTheModel) {
  std::string input = folder() + "/exe_x.npz", output = folder() + "/exe_y.npz";
  for (bool compressed : {false, true})
    for (const char* name : {"x", "x0"}) {
      SCOPED_TRACE(std::string(name) + (compressed ? " compressed" : ""));
      runtime::write_npz(input, {{name, features(64)}}, compressed);
      Outcome outcome = run(predictor() + " --input " + input + " --output " + output);
      EXPECT_EQ(outcome.status, 0) << outcome.output;
      EXPECT_EQ(outcome.output, "");
      Array got = array_of(output, "classes");
      EXPECT_EQ(got.shape(), (Shape{64, 4}));
      expect_same_bits(got, predictions(features(64)), "prediction");
    }
}

// NumPy makes float64 where nothing else is asked for.
TEST(Executable, ConvertsArrays) {
  std::string input = folder() + "/exe_64.npz", output = folder() + "/exe_64_y.npz";
  runtime::write_npz(input, {{"x", features(32).cast(DType::float64)}});
  EXPECT_EQ(run(predictor() + " --input " + input + " --output " + output).status, 0);
  expect_same_bits(array_of(output, "classes"), predictions(features(32)), "from float64");
  Array bytes(DType::int8, {32, 20});
  for (int64_t i = 0; i < 640; ++i) bytes.set(i, static_cast<double>(i % 60 - 30));
  runtime::write_npz(input, {{"x", bytes}});
  EXPECT_EQ(run(predictor() + " --input " + input + " --output " + output).status, 0);
  expect_same_bits(array_of(output, "classes"), predictions(bytes.cast(DType::float32)), "from int8");
}

// Any x86-64 has no instructions for float16: the program converts by itself. NumPy has no bfloat16.
TEST(Executable, WritesSixteenBitOutputs) {
  std::string input = folder() + "/exe_16.npz", output = folder() + "/exe_16_y.npz", exe = folder() + "/exe_16";
  runtime::write_npz(input, {{"x", features(40)}});
  for (const auto& [policy, written] :
       {std::pair("mixed_float16", DType::float16), {"mixed_bfloat16", DType::float32}}) {
    SCOPED_TRACE(policy);
    clear_session();
    set_random_seed(3);
    Sequential model({Input({20}), layers::Dense({.units = 4, .activation = "softmax", .name = "y", .dtype = policy})});
    export_model(model, exe, {.emit = "exe"});
    Outcome outcome = run(exe + " --input " + input + " --output " + output);
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    Array got = array_of(output, "y"), expected = model.predict(features(40), {.batch_size = 32, .verbose = 0})[0];
    EXPECT_EQ(got.dtype(), written);
    ASSERT_EQ(got.shape(), (Shape{40, 4}));
    for (int64_t i = 0; i < got.num_elements(); ++i) EXPECT_NEAR(got.get(i), expected.get(i), 4e-3) << i;
  }
}

// A class must be near: what is no number, or beyond 64 bits, is not made one.
TEST(Executable, RefusesNumbersThatAreNoLabels) {
  Sequential model = small_model();
  std::string exe = folder() + "/labels", data = folder() + "/labels.npz", output = folder() + "/labels_out.npz";
  export_model(model, exe, {.emit = "exe", .function = "train"});
  for (double value : {std::numeric_limits<double>::quiet_NaN(), 1e300, -1e19}) {
    Array y = labels(64).cast(DType::float64);
    y.set(5, value);
    runtime::write_npz(data, {{"x", features(64)}, {"y", y}});
    expect_failure(exe + " --data " + data + " --output " + output, "cannot be turned into int32");
  }
}

TEST(Executable, TellsWhatIsWrong) {
  std::string good = folder() + "/good.npz", bad = folder() + "/bad.npz", output = folder() + "/never.npz";
  runtime::write_npz(good, {{"x", features(3)}});
  std::string exe = predictor();
  expect_failure(exe, "--input is needed");
  expect_failure(exe + " --input " + good, "--output is needed");
  expect_failure(exe + " --imput " + good, "unknown option '--imput'");
  expect_failure(exe + " --input " + good + " --output y.txt", "must end in .npz");
  expect_failure(exe + " --input /none.npz --output " + output, "cannot read /none.npz: there is no such file");
  expect_failure(exe + " --input " + folder() + " --output " + output, "cannot read");
  expect_failure(exe + " --input " + good + " --output /none/y.npz", "cannot write /none/y.npz");
  runtime::write_npz(bad, {{"z", features(3)}});
  expect_failure(exe + " --input " + bad + " --output " + output, "there is no array 'input_layer");
  runtime::write_npz(bad, {{"x", Array(DType::float32, {3, 21})}});
  expect_failure(exe + " --input " + bad + " --output " + output, "must have the shape (rows, 20)");
  expect_failure(exe + " --input " + good + " --weights " + good + " --output " + output,
                 "the weights file is damaged");
  EXPECT_FALSE(exists(output));
  EXPECT_FALSE(exists(output + ".part"));
}

// Cut short anywhere, and every byte of its structure changed: an error, never a signal. A changed byte of the values
// is found by the checksum.
TEST(Executable, DamagedFilesAreRefused) {
  std::string good = folder() + "/whole.npz", bad = folder() + "/damaged.npz", output = folder() + "/damaged_y.npz";
  for (bool compressed : {false, true}) {
    runtime::write_npz(good, {{"x", features(2)}}, compressed);
    std::string bytes = read_file(good);
    for (size_t i = 0; i < bytes.size(); i += 3) {
      std::ofstream(bad, std::ios::binary) << bytes.substr(0, i);
      expect_failure(predictor() + " --input " + bad + " --output " + output, "damaged.npz");
    }
    for (size_t i = 0; i < bytes.size(); ++i) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (i % 2 ? 0x41 : 0x80));
      std::ofstream(bad, std::ios::binary) << damaged;
      Outcome outcome = run(predictor() + " --input " + bad + " --output " + output);
      EXPECT_TRUE(outcome.status == 0 || outcome.status == 1) << "byte " << i << ": status " << outcome.status;
      if (outcome.status == 1) EXPECT_THAT(outcome.output, StartsWith("error: ")) << i;
    }
  }
}

TEST(Executable, TrainsAsFitDoes) {
  Sequential model = small_model();
  std::string exe = folder() + "/trainer", data = folder() + "/train_data.npz", output = folder() + "/trained.npz";
  export_model(model, exe, {.emit = "exe", .function = "train", .cpu = "native"});
  runtime::write_npz(data, {{"x", features(128)}, {"y", labels(128).reshaped({128, 1})}});
  Outcome outcome = run(exe + " --data " + data + " --epochs 3 --seed 5 --output " + output);
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  History history = model.fit(features(128), labels(128), {.epochs = 3, .batch_size = 32, .verbose = 0, .seed = 5});
  expect_same_bits(array_of(output, "sequential/hidden/kernel"), model.get_weights()[0], "sequential/hidden/kernel");
  expect_same_bits(array_of(output, "sequential/classes/bias"), model.get_weights()[3], "sequential/classes/bias");
  char line[100];
  std::snprintf(line, sizeof line, "epoch 3/3: accuracy %.4f, loss %.4f\n", history["accuracy"].back(),
                history["loss"].back());
  EXPECT_THAT(outcome.output, HasSubstr(line));
}

TEST(Executable, WeighsSamplesAndClassesAndTakesTheLastBatch) {
  std::string exe = folder() + "/weigher", data = folder() + "/weigher.npz", output = folder() + "/weighed.npz";
  Sequential exported = small_model();
  export_model(exported, exe,
               {.emit = "exe", .function = "train", .sample_weight = true, .last_batch_size = 7, .cpu = "native"});
  const int64_t rows = 71;
  Array x = features(rows), y = labels(rows), weights(DType::float32, {rows});
  for (int64_t i = 0; i < rows; ++i) weights.set(i, 0.5 * static_cast<double>(i % 3));
  std::string train = exe + " --data " + data + " --seed 4 --output " + output;
  auto expect_fit = [&](const std::string& command, FitOptions options) {
    SCOPED_TRACE(command);
    Outcome outcome = run(command);
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    Sequential model = small_model();
    options.batch_size = 32, options.verbose = 0, options.seed = 4;
    History history = model.fit(x, y, options);
    expect_same_bits(array_of(output, "sequential/hidden/kernel"), model.get_weights()[0], "sequential/hidden/kernel");
    char loss[40];
    std::snprintf(loss, sizeof loss, "loss %.4f\n", history["loss"].back());
    EXPECT_THAT(outcome.output, HasSubstr(loss));
  };
  runtime::write_npz(data, {{"x", x}, {"y", y}});
  expect_fit(train + " --class-weight 0=2.5,3=0.1", {.class_weight = {{0, 2.5}, {3, 0.1}}});
  Array ones(DType::float32, {rows});
  for (int64_t i = 0; i < rows; ++i) ones.set(i, 1);
  expect_fit(train, {.sample_weight = ones});
  expect_failure(train + " --class-weight 0:2", "--class-weight takes classes");
  expect_failure(train + " --class-weight 0=", "--class-weight takes classes");
  runtime::write_npz(data, {{"x", x}, {"y", y}, {"sample_weight", weights}});
  expect_fit(train, {.sample_weight = weights});
  expect_failure(train + " --class-weight 0=2", "cannot be used at the same time");
}

// float64 functions are the model's own, so nothing of a C library is missing.
TEST(Executable, ComputesFunctionsOfFloat64) {
  clear_session();
  set_random_seed(3);
  std::string exe = folder() + "/double", input = folder() + "/double_x.npz", output = folder() + "/double_y.npz";
  std::vector<SequentialItem> items = {Input({20})};
  for (const char* activation : {"tanh", "gelu", "elu", "softplus", "sigmoid", "log_softmax"})
    items.push_back(layers::Dense({.units = 9, .activation = activation, .dtype = "float64"}));
  Sequential model(items);
  Array x = features(40);
  for (const char* cpu : {"", "native"}) {
    SCOPED_TRACE(cpu);
    export_model(model, exe, {.emit = "exe", .cpu = cpu});
    runtime::write_npz(input, {{"x", x}});
    Outcome outcome = run(exe + " --input " + input + " --output " + output);
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    Array got = array_of(output, model.output_names()[0]), expected = model.predict(x, {.verbose = 0})[0];
    ASSERT_EQ(got.dtype(), DType::float64);
    if (std::string(cpu) == "native") expect_same_bits(got, expected, "prediction");
    for (int64_t i = 0; i < got.num_elements(); ++i) EXPECT_NEAR(got.get(i), expected.get(i), 1e-13) << i;
  }
}

// The state goes from one run to the next, and to an executable that predicts.
TEST(Executable, GoesOnFromItsState) {
  Sequential model = small_model();
  std::string exe = folder() + "/pieces", data = folder() + "/pieces.npz";
  export_model(model, exe, {.emit = "exe", .function = "train", .cpu = "native"});
  runtime::write_npz(data, {{"x", features(64)}, {"y", labels(64)}});
  std::string common = exe + " --no-shuffle --data " + data, first = folder() + "/first.safetensors";
  EXPECT_EQ(run(common + " --epochs 2 --output " + folder() + "/at_once.npz").status, 0);
  EXPECT_EQ(run(common + " --output " + first).status, 0);
  Outcome outcome = run(common + " --weights " + first + " --output " + folder() + "/in_two.npz");
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_EQ(read_file(folder() + "/at_once.npz"), read_file(folder() + "/in_two.npz"));

  std::string input = folder() + "/pieces_x.npz", output = folder() + "/pieces_y.npz";
  runtime::write_npz(input, {{"x", features(32)}});
  outcome = run(predictor() + " --weights " + first + " --input " + input + " --output " + output);
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  model.fit(features(64), labels(64), {.epochs = 1, .batch_size = 32, .verbose = 0, .shuffle = false});
  expect_same_bits(array_of(output, "classes"), model.predict(features(32), {.verbose = 0})[0], "with trained weights");
}

TEST(Executable, TooFewRowsForABatch) {
  Sequential model = small_model();
  std::string exe = folder() + "/few", data = folder() + "/few.npz";
  export_model(model, exe, {.emit = "exe", .function = "train"});
  runtime::write_npz(data, {{"x", features(31)}, {"y", labels(31)}});
  expect_failure(exe + " --data " + data + " --output " + folder() + "/few_w.npz",
                 "there are 31 rows, and a batch has 32");
  runtime::write_npz(data, {{"x", features(32)}, {"y", labels(31)}});
  expect_failure(exe + " --data " + data + " --output " + folder() + "/few_w.npz", "the same number of rows");
}

TEST(Executable, IsStatic) {
  Outcome outcome = run("/usr/lib/llvm-22/bin/llvm-readelf -l " + predictor());
  EXPECT_THAT(outcome.output, HasSubstr("LOAD"));
  EXPECT_THAT(outcome.output, testing::Not(HasSubstr("INTERP")));
  EXPECT_THAT(outcome.output, testing::Not(HasSubstr("DYNAMIC")));
  struct stat info;
  ASSERT_EQ(stat(predictor().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0755u);
}

// On another machine, emulated.
TEST(Executable, RunsOnAarch64) {
  Sequential model = small_model();
  std::string exe = folder() + "/arm", input = folder() + "/arm_x.npz", output = folder() + "/arm_y.npz";
  export_model(model, exe, {.emit = "exe", .target = "aarch64-linux"});
  runtime::write_npz(input, {{"x", features(64)}}, /*compressed=*/true);
  Outcome outcome = run("qemu-aarch64 " + exe + " --input " + input + " --output " + output);
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  Array got = array_of(output, "classes"), expected = predictions(features(64));
  for (int64_t i = 0; i < got.num_elements(); ++i) EXPECT_NEAR(got.get(i), expected.get(i), 1e-6) << i;

  export_model(model, exe, {.emit = "exe", .function = "train", .target = "aarch64-linux"});
  runtime::write_npz(input, {{"x", features(64)}, {"y", labels(64)}});
  outcome = run("qemu-aarch64 " + exe + " --no-shuffle --data " + input + " --output " + output);
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  model.fit(features(64), labels(64), {.epochs = 1, .batch_size = 32, .verbose = 0, .shuffle = false});
  got = array_of(output, "sequential/hidden/kernel"), expected = model.get_weights()[0];
  for (int64_t i = 0; i < got.num_elements(); ++i) EXPECT_NEAR(got.get(i), expected.get(i), 1e-5) << i;
  outcome = run("qemu-aarch64 " + exe + " --data /none.npz --output " + output);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "error: cannot read /none.npz: there is no such file or folder\n");
}

}  // namespace
}  // namespace hornbeam::aot
