// Whatever stops a save, its path holds the old file or the new one, whole: killed processes, every prefix of what a save
// does to the disk, and disks that are full.
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/base/atomic_file.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/saving.h>
#include <hornbeam/sequential.h>

#include "test/saving/model_files.h"

namespace hornbeam::saving_test {
namespace {

using testing::HasSubstr;

// A model whose weights are all `value`, large enough that a save takes many writes.
Sequential filled_model(float value, int64_t units = 300) {
  Sequential model({Input({100}), layers::Dense({.units = units, .name = "a"}), layers::Dense({.units = 50, .name = "b"})},
                   "filled");
  std::vector<Array> weights = model.get_weights();
  for (Array& weight : weights) {
    Array filled(weight.dtype(), weight.shape());
    for (float& x : filled.mutable_as<float>()) x = value;
    weight = filled;
  }
  model.set_weights(weights);
  model.compile({.optimizer = "adam", .loss = losses::MeanSquaredError()});
  return model;
}

// The formats, each with how it is saved and what value a file holds; -1 for a file that is not whole.
struct Format {
  std::string name;
  std::function<void(const Model&, const std::string&)> save;
  std::function<float(const std::string&)> value;
};

float value_of(const Model& model) {
  float value = model.get_weights()[0].as<float>()[0];
  for (const Array& weight : model.get_weights())
    for (float x : weight.as<float>())
      if (x != value) return -1;
  return value;
}

const std::vector<Format>& formats() {
  auto model_value = [](const std::string& path) { return value_of(load_model(path)); };
  auto save = [](const Model& model, const std::string& path) { model.save(path); };
  auto save_weights = [](const Model& model, const std::string& path) { model.save_weights(path); };
  auto weights_value = [](const std::string& path) {
    Sequential model = filled_model(-1);
    model.load_weights(path);
    return value_of(model);
  };
  static const std::vector<Format> all = {
      {"model.keras", save, model_value},
      {"model.h5", save, model_value},
      {"model.weights.h5", save_weights, weights_value},
      {"model.safetensors", save_weights, weights_value},
      {"weights.npz", save_weights, weights_value},
      {"arrays.npz",
       [](const Model& model, const std::string& path) { 
         runtime::write_npz(path, {{"x", model.get_weights()[0]}, {"y", model.get_weights()[0]}});
       },
       [](const std::string& path) { return runtime::read_npz(path).at(0).second.as<float>()[0]; }}};
  return all;
}

class AtomicSave : public testing::TestWithParam<Format> {};

INSTANTIATE_TEST_SUITE_P(Formats, AtomicSave, testing::ValuesIn(formats()), [](const auto& info) {
  std::string name = info.param.name;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

// 200 processes in all save over and over and are killed at a random moment.
TEST_P(AtomicSave, SurvivesKill) {
  TemporaryFolder folder;
  std::string path = folder / GetParam().name;
  const Model models[] = {filled_model(1), filled_model(2)};
  GetParam().save(models[0], path);
  auto start = std::chrono::steady_clock::now();
  GetParam().save(models[0], path);
  auto one_save = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start).count();
  std::mt19937 random(7);
  int replaced = 0;
  float before = 1;
  for (int i = 0; i < 34; ++i) {
    pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (int turn = before == 1 ? 1 : 0;; ++turn) GetParam().save(models[turn % 2], path);
    }
    usleep(static_cast<useconds_t>(random() % static_cast<uint64_t>(4 * one_save + 1000)));
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
    float value = GetParam().value(path);
    ASSERT_TRUE(value == 1 || value == 2) << value;
    replaced += value != before;
    before = value;
  }
  EXPECT_GT(replaced, 0) << "no save came to its end: the test shows nothing";
}

// The folder as it may look after a power loss at a point in the recorded operations: the content of a file is certain
// once it was flushed, else it may be anything (here: nothing, or half); a rename is certain once the folder was flushed.
class Disk {
 public:
  void put(const std::string& path, std::string bytes) { files_[path] = {bytes, bytes, true}; }
  void apply(const FileOperation& operation) {
    switch (operation.kind) {
      case FileOperation::Kind::create:
        files_[operation.path] = {};
        break;
      case FileOperation::Kind::write: {
        std::string& bytes = files_[operation.path].bytes;
        if (bytes.size() < operation.offset + operation.bytes.size())
          bytes.resize(operation.offset + operation.bytes.size());
        bytes.replace(operation.offset, operation.bytes.size(), operation.bytes);
        files_[operation.path].certain = false;
        break;
      }
      case FileOperation::Kind::flush:
        files_[operation.path].flushed = files_[operation.path].bytes;
        files_[operation.path].certain = true;
        break;
      case FileOperation::Kind::rename:
        files_[operation.to] = files_[operation.path];
        files_.erase(operation.path);
        break;
      case FileOperation::Kind::remove:
        files_.erase(operation.path);
        break;
      case FileOperation::Kind::flush_folder:
        break;
    }
  }
  // What a file may hold.
  std::vector<std::string> contents(const std::string& path) const {
    const File& file = files_.at(path);
    if (file.certain) return {file.bytes};
    return {file.bytes, file.flushed, file.bytes.substr(0, file.bytes.size() / 2)};
  }

 private:
  struct File {
    std::string bytes, flushed;
    bool certain = true;
  };
  std::map<std::string, File> files_;
};

TEST_P(AtomicSave, SurvivesEveryPrefix) {
  TemporaryFolder folder;
  std::string path = folder / GetParam().name;
  GetParam().save(filled_model(1), path);
  auto old = read_file(path);
  std::vector<FileOperation> operations;
  observe_file_operations([&](const FileOperation& operation) { operations.push_back(operation); });
  GetParam().save(filled_model(2), path);
  observe_file_operations({});
  ASSERT_GE(operations.size(), 5u);

  std::string seen = folder / ("seen_" + GetParam().name);
  std::set<float> values;
  for (size_t length = 0; length <= operations.size(); ++length) {
    Disk disk;
    disk.put(path, std::string(old.begin(), old.end()));
    for (size_t i = 0; i < length; ++i) disk.apply(operations[i]);
    for (const std::string& content : disk.contents(path)) {
      std::ofstream(seen, std::ios::binary) << content;
      float value = GetParam().value(seen);
      EXPECT_TRUE(value == 1 || value == 2) << "after " << length << " operations";
      values.insert(value);
    }
  }
  EXPECT_EQ(values, (std::set<float>{1, 2}));
  // The order that makes it so: all bytes are flushed before the rename, and the folder after it.
  auto kind = [&](size_t from_end) { return operations[operations.size() - from_end].kind; };
  EXPECT_EQ(kind(1), FileOperation::Kind::flush_folder);
  EXPECT_EQ(kind(2), FileOperation::Kind::rename);
  EXPECT_EQ(kind(3), FileOperation::Kind::flush);
}

// Runs f in a process of its own that must end by itself; gives its exit status.
template <class F>
int in_child(F f) {
  pid_t child = fork();
  if (child == 0) _exit(f());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// 0 if saving fails with a clear error and leaves the old file and nothing else.
int save_to_full_disk(const Format& format, const Model& model, const std::string& path, const std::string& folder) {
  try {
    format.save(model, path);
    return 1;
  } catch (const IOError& error) {
    std::string text = error.what();
    if (text.find("Cannot write '" + path + "'") == std::string::npos) return 2;
    if (text.find("the disk has no room for it") == std::string::npos) return 3;
  } catch (...) {
    return 4;
  }
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files += entry.is_regular_file();
  return files == 1 ? 0 : 5;
}

TEST_P(AtomicSave, AFileTooLargeLeavesTheOldOne) {
  TemporaryFolder folder;
  std::string path = folder / GetParam().name;
  GetParam().save(filled_model(1), path);
  const Model large = filled_model(2);
  for (uint64_t limit : {0, 1, 4096, 100000}) {
    EXPECT_EQ(in_child([&] {
                signal(SIGXFSZ, SIG_IGN);
                rlimit sizes{limit, limit};
                setrlimit(RLIMIT_FSIZE, &sizes);
                return save_to_full_disk(GetParam(), large, path, folder.path());
              }),
              0)
        << "bytes allowed: " << limit;
    EXPECT_EQ(GetParam().value(path), 1);
  }
}

TEST_P(AtomicSave, AFullDiskLeavesTheOldOne) {
  TemporaryFolder folder;
  // A small file system of its own, where this process may make one.
  if (mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=320k") != 0)
    GTEST_SKIP() << "no file system can be mounted here: " << std::strerror(errno);
  std::string path = folder / GetParam().name;
  GetParam().save(filled_model(1), path);
  EXPECT_EQ(save_to_full_disk(GetParam(), filled_model(2), path, folder.path()), 0);
  EXPECT_EQ(GetParam().value(path), 1);
  umount(folder.path().c_str());
}

}  // namespace
}  // namespace hornbeam::saving_test
