// A shared library made of a model computes what the model computes, and refuses what it cannot do.
#include <cstring>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test/aot/aot_support.h"

namespace hornbeam::aot {
namespace {

using testing::HasSubstr;

Array expected_predictions(Sequential& model, int64_t rows) {
  return model.predict(features(rows), {.batch_size = 32, .verbose = 0})[0];
}

TEST(SharedLibrary, PredictsTheBitsOfTheModel) {
  Sequential model = small_model();
  std::string path = folder() + "/native.so";
  for (int64_t batch_size : {1, 7, 32, 64}) {
    SCOPED_TRACE(batch_size);
    export_model(model, path, {.batch_size = batch_size, .cpu = "native", .prefix = "small"});
    Library library(path, "small");
    Instance instance(library);
    Array x = features(5 * batch_size);
    expect_same_bits(instance.predict(x, 4), model.predict(x, {.batch_size = batch_size, .verbose = 0})[0],
                     "prediction");
  }
}

// Less rows than a batch, and what is left over after whole ones: the model has another code for so many rows.
TEST(SharedLibrary, PredictsAnyNumberOfRows) {
  Sequential model = small_model();
  std::string path = folder() + "/rows.so";
  export_model(model, path, {.cpu = "native", .prefix = "small"});
  Library library(path, "small");
  Instance instance(library);
  for (int64_t rows : {1, 2, 31, 33, 63, 300, 1000}) {
    SCOPED_TRACE(rows);
    Array got = instance.predict(features(rows), 4), expected = expected_predictions(model, rows);
    for (int64_t i = 0; i < got.num_elements(); ++i) ASSERT_NEAR(got.get(i), expected.get(i), 1e-6) << i;
  }
}

TEST(SharedLibrary, PredictsCloselyOnEveryProcessor) {
  Sequential model = small_model();
  Array expected = expected_predictions(model, 40);
  for (const char* cpu : {"", "avx2", "avx512", "all"}) {
    if (std::string(cpu) == "avx512" && !__builtin_cpu_supports("avx512bw")) continue;
    if (std::string(cpu) == "avx2" && !__builtin_cpu_supports("avx2")) continue;
    SCOPED_TRACE(cpu);
    std::string path = folder() + "/cpu_" + cpu + ".so";
    export_model(model, path, {.cpu = cpu, .prefix = "small"});
    Library library(path, "small");
    Array got = Instance(library).predict(features(40), 4);
    for (int64_t i = 0; i < got.num_elements(); ++i) EXPECT_NEAR(got.get(i), expected.get(i), 1e-6) << i;
  }
}

TEST(SharedLibrary, WeightsByName) {
  Sequential model = small_model();
  std::string path = folder() + "/weights.so";
  export_model(model, path, {.cpu = "native", .prefix = "small"});
  Library library(path, "small");
  Instance changed(library), other(library);
  expect_same_bits(changed.get("sequential/hidden/kernel", {20, 16}), model.get_weights()[0], "kernel");

  std::vector<Array> weights = model.get_weights();
  Array bias(DType::float32, {16});
  for (int64_t i = 0; i < 16; ++i) bias.set(i, 0.5);
  weights[1] = bias;
  EXPECT_EQ(changed.set("sequential/hidden/bias", bias), 0);
  Array before = expected_predictions(model, 32);
  model.set_weights(weights);
  expect_same_bits(changed.predict(features(32), 4), expected_predictions(model, 32), "with another bias");
  expect_same_bits(other.predict(features(32), 4), before, "the other instance");

  EXPECT_EQ(changed.set("sequential/hidden/bias", weights[0]), 1);
  EXPECT_EQ(changed.last_error(), "the weight 'sequential/hidden/bias' has 64 bytes; received: 1280");
  EXPECT_EQ(changed.set("sequential/hiden/bias", bias), 1);
  EXPECT_EQ(changed.last_error(), "there is no weight 'sequential/hiden/bias'");
  expect_same_bits(changed.get("sequential/hidden/bias", {16}), bias, "the bias after refused calls");
  EXPECT_EQ(changed.last_error(), "");
}

TEST(SharedLibrary, ListsItsWeights) {
  struct Weight {
    const char* name;
    const char* dtype;
    const int64_t* shape;
    int64_t rank, bytes, kind, place;
  };
  Sequential model = small_model();
  std::string path = folder() + "/list.so";
  export_model(model, path, {.prefix = "small"});
  Library library(path, "small");
  ASSERT_EQ(library.find<size_t()>("num_weights")(), 4u);
  auto at = library.find<const Weight*(size_t)>("weight_at");
  EXPECT_STREQ(at(2)->name, "sequential/classes/kernel");
  EXPECT_STREQ(at(2)->dtype, "float32");
  EXPECT_EQ(Shape(std::vector<int64_t>(at(2)->shape, at(2)->shape + at(2)->rank)), (Shape{16, 4}));
  EXPECT_EQ(at(2)->bytes, 256);
  EXPECT_EQ(at(2)->kind, 0);
  EXPECT_EQ(at(4), nullptr);
}

TEST(SharedLibrary, RefusesTooLittleMemoryAndMissingArrays) {
  Sequential model = small_model();
  std::string path = folder() + "/refuses.so";
  export_model(model, path, {.prefix = "small"});
  Library library(path, "small");
  size_t bytes = library.find<size_t()>("instance_bytes")();
  std::vector<char> memory(bytes);
  auto create = library.find<void*(void*, size_t)>("create");
  auto last_error = library.find<const char*(const void*)>("last_error");
  EXPECT_EQ(create(memory.data(), bytes - 1), nullptr);
  EXPECT_EQ(create(nullptr, bytes), nullptr);
  EXPECT_STREQ(last_error(nullptr), "the memory for an instance is missing or too small");

  Instance instance(library);
  auto predict = library.find<int(void*, const void* const*, size_t, void* const*)>("predict");
  float value[20] = {};
  const void* inputs[] = {nullptr};
  void* outputs[] = {nullptr};
  EXPECT_EQ(predict(instance.pointer(), inputs, 1, outputs), 1);
  EXPECT_THAT(instance.last_error(), HasSubstr("the input 'input_layer"));
  inputs[0] = value;
  EXPECT_EQ(predict(instance.pointer(), inputs, 1, outputs), 1);
  EXPECT_EQ(instance.last_error(), "the place for the output 'classes' is missing");
}

// Memory that begins anywhere, and not a byte written outside of it.
TEST(SharedLibrary, StaysInsideItsMemory) {
  Sequential model = small_model();
  std::string path = folder() + "/inside.so";
  export_model(model, path, {.cpu = "native", .prefix = "small"});
  Library library(path, "small");
  size_t bytes = library.find<size_t()>("instance_bytes")();
  Array x = features(37), expected = Instance(library).predict(x, 4);
  for (size_t shift : {0u, 1u, 8u, 63u}) {
    std::vector<char> memory(bytes + 256, '\x5A');
    void* instance = library.find<void*(void*, size_t)>("create")(memory.data() + 64 + shift, bytes);
    ASSERT_NE(instance, nullptr);
    Array y(DType::float32, {37, 4});
    const void* inputs[] = {x.data()};
    void* outputs[] = {y.mutable_data()};
    library.find<int(void*, const void* const*, size_t, void* const*)>("predict")(instance, inputs, 37, outputs);
    expect_same_bits(y, expected, "prediction");
    for (size_t i = 0; i < 64 + shift; ++i) ASSERT_EQ(memory[i], '\x5A') << "before the instance";
    for (size_t i = 64 + shift + bytes; i < memory.size(); ++i) ASSERT_EQ(memory[i], '\x5A') << "behind the instance";
  }
}

TEST(SharedLibrary, InstancesRunSideBySide) {
  Sequential model = small_model();
  std::string path = folder() + "/threads.so";
  export_model(model, path, {.cpu = "native", .prefix = "small"});
  Library library(path, "small");
  Array expected = expected_predictions(model, 96);
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      Instance instance(library);
      for (int i = 0; i < 50; ++i) {
        Array got = instance.predict(features(96), 4);
        wrong[t] += std::memcmp(got.data(), expected.data(), got.bytes()) != 0;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, testing::Each(0));
}

// External weights: the library has none until they are loaded, and refuses files that are not its own.
TEST(SharedLibrary, ExternalWeights) {
  Sequential model = small_model();
  std::string path = folder() + "/external.so";
  std::vector<std::string> files =
      export_model(model, path, {.cpu = "native", .weights = "external", .prefix = "small"});
  EXPECT_THAT(files, testing::ElementsAre(path, folder() + "/external.h", folder() + "/external.safetensors"));
  Library library(path, "small");
  Instance instance(library);
  const void* inputs[] = {features(1).data()};
  float y[4];
  void* outputs[] = {y};
  auto predict = library.find<int(void*, const void* const*, size_t, void* const*)>("predict");
  EXPECT_EQ(predict(instance.pointer(), inputs, 1, outputs), 1);
  EXPECT_THAT(instance.last_error(), HasSubstr("the weights were not loaded"));

  std::string file = read_file(folder() + "/external.safetensors");
  for (size_t size : {size_t{0}, size_t{7}, size_t{8}, size_t{40}, file.size() - 1}) {
    EXPECT_EQ(instance.load(file.substr(0, size)), 1) << size;
    EXPECT_THAT(instance.last_error(), testing::AnyOf(HasSubstr("damaged"), HasSubstr("another dtype, shape or size")));
  }
  std::string renamed = file;
  renamed.replace(renamed.find("hidden/bias"), 6, "hiddem");
  EXPECT_EQ(instance.load(renamed), 1);
  EXPECT_EQ(instance.last_error(), "the weights file must have 'sequential/hidden/bias' once");
  EXPECT_EQ(predict(instance.pointer(), inputs, 1, outputs), 1);

  EXPECT_EQ(instance.load(file), 0) << instance.last_error();
  expect_same_bits(instance.predict(features(64), 4), expected_predictions(model, 64), "with loaded weights");
}

// Every byte of the header changed in turn: refused, or loaded, and never outside of the file.
TEST(SharedLibrary, DamagedWeightsDoNoHarm) {
  Sequential model = small_model();
  std::string path = folder() + "/damaged.so";
  export_model(model, path, {.weights = "external", .prefix = "small"});
  Library library(path, "small");
  Instance instance(library);
  std::string file = read_file(folder() + "/damaged.safetensors");
  int refused = 0;
  for (size_t i = 0; i < file.size() && i < 500; ++i)
    for (char change : {'\x01', '\x10', '\x80'}) {
      std::string damaged = file;
      damaged[i] = static_cast<char>(damaged[i] ^ change);
      refused += instance.load(damaged);
    }
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace hornbeam::aot
