// BackupAndRestore: a training that is cut off anywhere, by an exception or by
// SIGKILL, ends with the weights of one that was not, bit for bit.
#include <hornbeam/callbacks/backup_and_restore.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/callbacks/lambda_callback.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/adam.h>
#include <hornbeam/random.h>
#include <hornbeam/sequential.h>

namespace hornbeam::callbacks {
namespace {

namespace fs = std::filesystem;

class BackupAndRestoreTest : public testing::Test {
 protected:
  BackupAndRestoreTest() { fs::remove_all(folder_); }
  ~BackupAndRestoreTest() override { fs::remove_all(folder_); }

  struct Trained {
    std::vector<Array> weights, optimizer;
    std::vector<int64_t> epochs;
  };
  // The same training each time, from fixed seeds: five epochs, with dropout,
  // shuffling, Adam.
  Trained train(std::vector<CallbackHandle> callbacks) {
    clear_session();
    set_random_seed(3);
    Sequential model({Input({4}), layers::Dense({.units = 8, .activation = "relu"}), layers::Dropout({.rate = 0.5}),
                      layers::Dense({.units = 1})});
    model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.05}), .loss = losses::MeanSquaredError()});
    Array x(DType::float32, {20, 4}), y(DType::float32, {20, 1});
    for (int64_t i = 0; i < 80; ++i) x.set(i, 0.25 * static_cast<double>(i * 7 % 11) - 1);
    for (int64_t i = 0; i < 20; ++i) y.set(i, 0.5 * static_cast<double>(i % 4));
    const History history =
        model.fit(x, y, {.epochs = 5, .batch_size = 3, .verbose = 0, .callbacks = std::move(callbacks), .seed = 9});
    Trained trained{.weights = model.get_weights(), .epochs = history.epoch};
    for (const Variable& variable : model.optimizer()->variables()) trained.optimizer.push_back(variable.value());
    return trained;
  }
  CallbackHandle backup(BackupAndRestoreOptions options = {}) const {
    options.backup_dir = folder_;
    return BackupAndRestore(options);
  }
  static void expect_equal(const Trained& a, const Trained& b) {
    auto same = [](const std::vector<Array>& x, const std::vector<Array>& y) {
      ASSERT_EQ(x.size(), y.size());
      for (size_t i = 0; i < x.size(); ++i) EXPECT_EQ(std::memcmp(x[i].data(), y[i].data(), x[i].bytes()), 0) << i;
    };
    same(a.weights, b.weights);
    same(a.optimizer, b.optimizer);
  }
  std::string folder_ = testing::TempDir() + "hornbeam_backup_" + std::to_string(getpid());
};

struct Cut {};

LambdaCallback cut(int64_t epoch, int64_t batch, std::function<void()> how) {
  auto now = std::make_shared<int64_t>(0);
  return LambdaCallback({.on_epoch_begin = [now](int64_t begun, const Logs&) { *now = begun; },
                         .on_train_batch_end =
                             [=](int64_t ended, const Logs&) {
                               if (*now == epoch && ended == batch) how();
                             }});
}

TEST_F(BackupAndRestoreTest, ATrainingThatWasCutOffEndsTheSame) {
  const Trained whole = train({});
  EXPECT_THROW(train({backup(), cut(2, 3, [] { throw Cut(); })}), Cut);
  const Trained rest = train({backup()});
  EXPECT_THAT(rest.epochs, testing::ElementsAre(2, 3, 4));
  expect_equal(rest, whole);
  EXPECT_FALSE(fs::exists(folder_));  // done: the backup is gone
}

// Run in a process of its own by the test below: kills itself in the middle of
// an epoch.
TEST_F(BackupAndRestoreTest, DiesInTheMiddle) {
  const char* where = std::getenv("HORNBEAM_TEST_DIE_AT");
  if (where == nullptr) GTEST_SKIP() << "a part of AlsoWhenItIsKilled";
  int epoch = 0, batch = 0, read = 0;
  ASSERT_EQ(std::sscanf(where, "%d:%d:%n", &epoch, &batch, &read), 2);
  folder_ = where + read;
  train({backup(), cut(epoch, batch, [] { raise(SIGKILL); })});
}

TEST_F(BackupAndRestoreTest, AlsoWhenItIsKilled) {
  const Trained whole = train({});
  for (const char* where : {"1:0", "1:5", "3:2"}) {
    const std::string self = fs::read_symlink("/proc/self/exe");
    const std::string command = "HORNBEAM_TEST_DIE_AT=" + std::string(where) + ":" + folder_ + " exec " + self +
                                " --gtest_filter=BackupAndRestoreTest.DiesInTheMiddle > /dev/null 2>&1";
    const int status = std::system(command.c_str());
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  }
  expect_equal(train({backup()}), whole);
}

TEST_F(BackupAndRestoreTest, KeepsTheBackupIfAsked) {
  train({backup({.delete_checkpoint = false})});
  // All epochs are done: another fit has nothing left to do.
  EXPECT_TRUE(train({backup({.delete_checkpoint = false})}).epochs.empty());
  EXPECT_TRUE(fs::exists(folder_ + "/training_metadata.json"));
}

TEST_F(BackupAndRestoreTest, FallsBackToTheOneBefore) {
  EXPECT_THROW(train({backup({.double_checkpoint = true}), cut(3, 1, [] { throw Cut(); })}), Cut);
  for (const auto& entry : fs::directory_iterator(folder_))  // the last backup's weights are cut short
    if (entry.path().filename() == "backup-3-0.weights.h5") fs::resize_file(entry.path(), 100);
  const Trained rest = train({backup({.double_checkpoint = true})});
  EXPECT_THAT(rest.epochs, testing::ElementsAre(2, 3, 4));
}

TEST_F(BackupAndRestoreTest, DamageIsAnErrorThatNamesTheFile) {
  EXPECT_THROW(train({backup(), cut(3, 1, [] { throw Cut(); })}), Cut);
  for (const char* text : {"", "{", "[]", "{\"epoch\": -1}", "{\"epoch\": 1, \"weights\": \"../../etc/passwd\"}"}) {
    std::ofstream(folder_ + "/training_metadata.json") << text;
    try {
      train({backup()});
      ADD_FAILURE() << text;
    } catch (const IOError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("training_metadata.json")) << text;
    }
  }
}

TEST_F(BackupAndRestoreTest, LeavesOtherFilesAlone) {
  fs::create_directories(folder_);
  std::ofstream(folder_ + "/notes.txt") << "mine";
  train({backup()});
  EXPECT_TRUE(fs::exists(folder_ + "/notes.txt"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(BackupAndRestoreTest, NeedsAFolder) { EXPECT_THROW(BackupAndRestore({.backup_dir = ""}), ValueError); }

}  // namespace
}  // namespace hornbeam::callbacks
