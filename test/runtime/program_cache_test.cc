// The cache of programs on disk: what is stored is found by other processes; what is damaged, foreign or not to be had is
// nothing; and it never grows past its bound.
#include <hornbeam/runtime/program_cache.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "test/runtime/program_support.h"
#include "test/support/temporary_folder.h"

namespace hornbeam::runtime {
namespace {

namespace fs = std::filesystem;

const std::string kKey(64, 'a'), kOther(64, 'b');

Program program_of(size_t image_bytes, char fill = 'x') {
  Program program;
  program.target = "generic";
  program.state = {{"dense/kernel", DType::float32, {3, 4}}};
  lay_out(program.state);
  program.entries = {{"predict_step", "hornbeam_predict_step", 8, {{"x", DType::float32, {8, 3}}}, {}, 4096, 4}};
  program.image = "\177ELF" + std::string(image_bytes, fill);
  return program;
}

std::string read(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

class ProgramCacheTest : public testing::Test {
 protected:
  test::TemporaryFolder parent_;
  std::string folder_ = parent_ / "some/where";
  std::string file_ = folder_ + "/" + kKey + ".hbp";
};

TEST_F(ProgramCacheTest, FindsWhatAnotherOneStored) {
  Program program = program_of(1000);
  ProgramCache first(folder_);
  EXPECT_FALSE(first.find(kKey));
  first.store(kKey, program);
  ProgramCache second(folder_ + "/");
  std::optional<Program> found = second.find(kKey);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->image, program.image);
  EXPECT_EQ(found->target, program.target);
  ASSERT_EQ(found->entries.size(), 1u);
  EXPECT_EQ(found->entries[0].symbol, program.entries[0].symbol);
  EXPECT_FALSE(second.find(kOther));
  EXPECT_EQ(first.counts().missed, 1);
  EXPECT_EQ(first.counts().stored, 1);
  EXPECT_EQ(second.counts().found, 1);
  EXPECT_EQ(second.counts().missed, 1);
  EXPECT_EQ(second.usage().programs, 1);
  EXPECT_EQ(second.usage().bytes, static_cast<int64_t>(fs::file_size(file_)));
}

TEST_F(ProgramCacheTest, IsItsUsersAlone) {
  mode_t mask = ::umask(0);
  ProgramCache(folder_).store(kKey, program_of(10));
  ::umask(mask);
  struct stat status;
  ASSERT_EQ(::stat(folder_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700u);
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
}

TEST_F(ProgramCacheTest, IgnoresAndReplacesDamage) {
  ProgramCache cache(folder_);
  cache.store(kKey, program_of(200));
  const std::string whole = read(file_);
  auto expect_none = [&](const std::string& bytes, const std::string& what) {
    write(file_, bytes);
    EXPECT_FALSE(cache.find(kKey)) << what;
  };
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x40);
    expect_none(bytes, "byte " + std::to_string(i));
    expect_none(whole.substr(0, i), "cut at " + std::to_string(i));
  }
  expect_none(whole + "x", "longer");
  expect_none("", "empty");
  cache.store(kKey, program_of(200));
  EXPECT_TRUE(cache.find(kKey));
}

TEST_F(ProgramCacheTest, TakesNoProgramOfAnotherKey) {
  ProgramCache cache(folder_);
  cache.store(kKey, program_of(200));
  fs::rename(file_, folder_ + "/" + kOther + ".hbp");
  EXPECT_FALSE(cache.find(kOther));
}

TEST_F(ProgramCacheTest, TakesNothingThatOthersMayWrite) {
  ProgramCache cache(folder_);
  cache.store(kKey, program_of(200));
  ASSERT_EQ(::chmod(file_.c_str(), 0620), 0);
  EXPECT_FALSE(cache.find(kKey));
  ASSERT_EQ(::chmod(file_.c_str(), 0644), 0);
  EXPECT_TRUE(cache.find(kKey));
  ASSERT_EQ(::chmod(folder_.c_str(), 0707), 0);
  EXPECT_FALSE(cache.find(kKey));
  cache.store(kOther, program_of(200));
  EXPECT_EQ(cache.counts().stored, 1);
  ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
  EXPECT_TRUE(cache.find(kKey));
}

TEST_F(ProgramCacheTest, TakesNothingOfOthers) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ProgramCache cache(folder_);
  cache.store(kKey, program_of(200));
  ASSERT_EQ(::chown(file_.c_str(), 12345, 12345), 0);
  EXPECT_FALSE(cache.find(kKey));
  cache.store(kKey, program_of(200));
  EXPECT_TRUE(cache.find(kKey));
  ASSERT_EQ(::chown(folder_.c_str(), 12345, 12345), 0);
  EXPECT_FALSE(cache.find(kKey));
}

TEST_F(ProgramCacheTest, FollowsNoLink) {
  ProgramCache cache(folder_);
  cache.store(kKey, program_of(200));
  fs::rename(file_, folder_ + "/elsewhere");
  fs::create_symlink(folder_ + "/elsewhere", file_);
  EXPECT_FALSE(cache.find(kKey));
}

TEST_F(ProgramCacheTest, IsNoneWhereNothingCanBeWritten) {
  write(parent_ / "file", "");
  for (const std::string& folder : {parent_ / "file/cache", std::string("/proc/hornbeam"), std::string("/dev/null")}) {
    ProgramCache cache(folder);
    cache.store(kKey, program_of(200));
    cache.store(kOther, program_of(200));
    EXPECT_FALSE(cache.find(kKey));
    EXPECT_EQ(cache.counts().stored, 0);
    EXPECT_EQ(cache.usage().programs, 0);
    EXPECT_EQ(cache.clear().programs, 0);
  }
}

// A limit on the size of files stands for a full disk.
TEST_F(ProgramCacheTest, IsNoneOnAFullDisk) {
  pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ProgramCache cache(folder_);
    cache.store(kKey, program_of(5000));
    bool fails = cache.counts().stored == 0 && !cache.find(kKey) && fs::is_empty(folder_);
    cache.store(kOther, program_of(10));  // it is not tried again
    ::_exit(fails && !cache.find(kOther) ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(ProgramCacheTest, ProgramsUsedLongestAgoGiveWay) {
  ProgramCache cache(folder_, 100'000);
  auto key = [](int i) { return std::string(63, 'k') + static_cast<char>('a' + i); };
  for (int i = 0; i < 9; ++i) cache.store(key(i), program_of(10'000));
  EXPECT_EQ(cache.usage().programs, 9);
  ASSERT_TRUE(cache.find(key(0)));
  cache.store(key(9), program_of(10'000));
  EXPECT_LE(cache.usage().bytes, 100'000);
  EXPECT_TRUE(cache.find(key(0)));   // used since
  EXPECT_FALSE(cache.find(key(1)));  // the oldest
  EXPECT_TRUE(cache.find(key(8)));
  EXPECT_TRUE(cache.find(key(9)));
  // Another process that knows nothing of these keeps the bound, too.
  ProgramCache other(folder_, 100'000);
  for (int i = 10; i < 20; ++i) {
    other.store(key(i), program_of(10'000));
    EXPECT_LE(other.usage().bytes, 100'000);
    EXPECT_TRUE(other.find(key(i)));
  }
  other.store(kKey, program_of(200'000));  // larger than the whole cache
  EXPECT_FALSE(other.find(kKey));
  EXPECT_GT(other.usage().programs, 5);
}

TEST_F(ProgramCacheTest, ClearsProgramsAndWhatKilledProcessesLeft) {
  ProgramCache cache(folder_);
  cache.store(kKey, program_of(200));
  std::string stray = file_ + ".Xy12Zw", fresh = file_ + ".Aa34Bb";
  write(stray, "half");
  write(fresh, "half");
  write(folder_ + "/notes.txt", "not of the cache");
  timespec old[2] = {{1'000'000, 0}, {1'000'000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, stray.c_str(), old, 0), 0);
  EXPECT_EQ(cache.clear().programs, 1);
  EXPECT_FALSE(cache.find(kKey));
  EXPECT_FALSE(fs::exists(stray));
  EXPECT_TRUE(fs::exists(fresh));  // its writer may live
  EXPECT_TRUE(fs::exists(folder_ + "/notes.txt"));
}

// Processes that write, read and evict the same few programs see whole ones or none.
TEST_F(ProgramCacheTest, ServesProcessesAtOnce) {
  constexpr int kProcesses = 4, kRounds = 150;
  auto key = [](int i) { return std::string(63, 'k') + static_cast<char>('a' + i % 5); };
  std::vector<pid_t> children;
  for (int p = 0; p < kProcesses; ++p) {
    pid_t child = ::fork();
    if (child == 0) {
      ProgramCache cache(folder_, 250'000);
      bool right = true;
      for (int i = 0; i < kRounds; ++i) {
        int number = i * 7 + p;
        if (std::optional<Program> found = cache.find(key(number)))
          right &= found->image == program_of(60'000, key(number).back()).image;
        else
          cache.store(key(number), program_of(60'000, key(number).back()));
        if (i % 50 == 49) cache.clear();
      }
      ::_exit(right && cache.counts().stored > 0 && cache.counts().found > 0 ? 0 : 1);
    }
    children.push_back(child);
  }
  for (pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  for (const auto& entry : fs::directory_iterator(folder_))
    EXPECT_EQ(entry.path().extension(), ".hbp") << entry.path();  // no half-written file is left
}

// The folder comes from the environment, in a process of its own since it is read once.
std::string folder_with(const std::vector<std::pair<const char*, const char*>>& variables) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  pid_t child = ::fork();
  if (child == 0) {
    for (const char* name : {"HORNBEAM_CACHE_DIR", "HORNBEAM_CACHE_BYTES", "XDG_CACHE_HOME", "HOME"}) ::unsetenv(name);
    for (const auto& [name, value] : variables) ::setenv(name, value, 1);
    std::shared_ptr<ProgramCache> cache = program_cache();
    std::string text = cache ? cache->folder() + " " + std::to_string(cache->max_bytes()) : "none";
    ssize_t written = ::write(ends[1], text.data(), text.size());
    ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string text(4096, '\0');
  text.resize(static_cast<size_t>(std::max<ssize_t>(0, ::read(ends[0], text.data(), text.size()))));
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return text;
}

TEST(ProgramCacheFolder, IsThatOfTheEnvironment) {
  EXPECT_EQ(folder_with({{"HORNBEAM_CACHE_DIR", "/a/b/"}, {"HORNBEAM_CACHE_BYTES", "12345"}}), "/a/b 12345");
  EXPECT_EQ(folder_with({{"HORNBEAM_CACHE_DIR", "off"}, {"HOME", "/me"}}), "none");
  EXPECT_EQ(folder_with({{"HORNBEAM_CACHE_DIR", ""}, {"HOME", "/me"}}), "none");
  EXPECT_EQ(folder_with({{"XDG_CACHE_HOME", "/x"}, {"HOME", "/me"}}), "/x/hornbeam 1073741824");
  EXPECT_EQ(folder_with({{"XDG_CACHE_HOME", "relative"}, {"HOME", "/me"}}), "/me/.cache/hornbeam 1073741824");
  EXPECT_EQ(folder_with({{"HOME", "/me"}}), "/me/.cache/hornbeam 1073741824");
  EXPECT_EQ(folder_with({}), "none");
}

}  // namespace
}  // namespace hornbeam::runtime
