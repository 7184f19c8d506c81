// Models, shared libraries and programs for the tests.
#include "test/aot/aot_support.h"

#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <hornbeam/base/philox.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/sparse_categorical_crossentropy.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/random.h>

namespace hornbeam::aot {

std::string folder() {
  static const std::string path = [] {
    std::string made = testing::TempDir() + "/hornbeam_aot_" + std::to_string(getpid());
    std::filesystem::create_directories(made);
    return made;
  }();
  return path;
}

Sequential small_model() {
  clear_session();
  set_random_seed(3);
  Sequential model({Input({20}), layers::Dense({.units = 16, .activation = "relu", .name = "hidden"}),
                    layers::Dense({.units = 4, .activation = "softmax", .name = "classes"})});
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 1e-2}),
                 .loss = losses::SparseCategoricalCrossentropy(),
                 .metrics = {"accuracy"}});
  return model;
}

Array features(int64_t rows) {
  Array x(DType::float32, {rows, 20});
  auto values = x.mutable_as<float>();
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = 2 * unit_float(philox4x32({static_cast<uint32_t>(i), 0, 0, 0}, {7, 0})[0]) - 1;
  return x;
}

Array labels(int64_t rows) {
  Array y(DType::int32, {rows});
  auto values = y.mutable_as<int32_t>();
  for (int64_t i = 0; i < rows; ++i)
    values[i] = static_cast<int32_t>(philox4x32({static_cast<uint32_t>(i), 1, 0, 0}, {7, 0})[0] % 4);
  return y;
}

void expect_same_bits(const Array& got, const Array& expected, const std::string& what) {
  ASSERT_EQ(got.bytes(), expected.bytes()) << what;
  EXPECT_EQ(std::memcmp(got.data(), expected.data(), got.bytes()), 0) << what << " differs";
}

Outcome run(const std::string& command) {
  Outcome outcome;
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return outcome;
  std::array<char, 4096> part;
  while (size_t got = std::fread(part.data(), 1, part.size(), pipe)) outcome.output.append(part.data(), got);
  int status = pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -2;
  return outcome;
}

std::string read_file(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

bool exists(const std::string& path) { return std::filesystem::exists(path); }

std::vector<std::string> files_in(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

Library::Library(const std::string& path, const std::string& prefix) : prefix_(prefix) {
  handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle_) ADD_FAILURE() << dlerror();
}

Library::~Library() {
  if (handle_) dlclose(handle_);
}

void* Library::symbol(const std::string& name) const {
  void* address = handle_ ? dlsym(handle_, (prefix_ + "_" + name).c_str()) : nullptr;
  if (!address) ADD_FAILURE() << "there is no " << prefix_ << "_" << name;
  return address;
}

Instance::Instance(const Library& library) : library_(library) {
  memory_.assign(library.find<size_t()>("instance_bytes")(), '\xA5');
  model_ = library.find<void*(void*, size_t)>("create")(memory_.data(), memory_.size());
  EXPECT_NE(model_, nullptr);
}

Array Instance::predict(const Array& x, int64_t width) {
  Array y(DType::float32, {x.shape()[0], width});
  const void* inputs[] = {x.data()};
  void* outputs[] = {y.mutable_data()};
  int status = library_.find<int(void*, const void* const*, size_t, void* const*)>("predict")(
      model_, inputs, static_cast<size_t>(x.shape()[0]), outputs);
  EXPECT_EQ(status, 0) << last_error();
  return y;
}

int Instance::train_steps(const Array& x, const Array& y, const int64_t* rows, size_t steps) {
  return train_steps({x, y}, rows, steps);
}

int Instance::train_steps(const std::vector<Array>& data, const int64_t* rows, size_t steps) {
  std::vector<const void*> pointers;
  for (const Array& array : data) pointers.push_back(array.data());
  return library_.find<int(void*, const void* const*, size_t, const int64_t*, size_t)>("train_steps")(
      model_, pointers.data(), static_cast<size_t>(data[0].shape()[0]), rows, steps);
}

int Instance::train_last(const std::vector<Array>& data, const int64_t* rows) {
  std::vector<const void*> pointers;
  for (const Array& array : data) pointers.push_back(array.data());
  return library_.find<int(void*, const void* const*, size_t, const int64_t*)>("train_last")(
      model_, pointers.data(), static_cast<size_t>(data[0].shape()[0]), rows);
}

std::vector<float> Instance::metrics(size_t count) {
  std::vector<float> values(count);
  EXPECT_EQ(library_.find<int(void*, float*)>("metrics")(model_, values.data()), 0) << last_error();
  return values;
}

void Instance::reset_metrics() { library_.find<void(void*)>("reset_metrics")(model_); }

Array Instance::get(const std::string& name, Shape shape) {
  Array value(DType::float32, std::move(shape));
  int status = library_.find<int(void*, const char*, void*, size_t)>("get_weight")(model_, name.c_str(),
                                                                                   value.mutable_data(), value.bytes());
  EXPECT_EQ(status, 0) << last_error();
  return value;
}

int Instance::set(const std::string& name, const Array& value) {
  return library_.find<int(void*, const char*, const void*, size_t)>("set_weight")(model_, name.c_str(), value.data(),
                                                                                   value.bytes());
}

int Instance::load(const std::string& file) {
  return library_.find<int(void*, const void*, size_t)>("load_weights")(model_, file.data(), file.size());
}

std::string Instance::last_error() const { return library_.find<const char*(const void*)>("last_error")(model_); }

}  // namespace hornbeam::aot
