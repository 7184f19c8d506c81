// map_npy: the same arrays as read_npy, pages that are looked at only, and the reader's errors.
#include <hornbeam/runtime/data/npy.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

using testing::HasSubstr;

class MapNpy : public testing::Test {
 protected:
  MapNpy() : path_(testing::TempDir() + "hornbeam_map_" + std::to_string(getpid()) + ".npy") {}
  ~MapNpy() override { ::unlink(path_.c_str()); }
  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
  std::string path_;
};

TEST_F(MapNpy, IsWhatIsRead) {
  Array array(DType::float32, {5, 3});
  for (int64_t i = 0; i < 15; ++i) array.set(i, 0.5 * static_cast<double>(i));
  write_npy(path_, array);
  Array mapped = map_npy(path_);
  EXPECT_EQ(mapped.dtype(), DType::float32);
  EXPECT_EQ(mapped.shape(), Shape({5, 3}));
  EXPECT_EQ(std::memcmp(mapped.data(), array.data(), array.bytes()), 0);
  Array rows = mapped.rows(3, 5);
  mapped = Array();
  EXPECT_EQ(rows.get(5), 7.0);  // the pages live with what shares them
}

TEST_F(MapNpy, ReadsWhatLiesOtherwise) {
  Array flags = Array::of<bool>({2}, {true, false});
  std::string bytes = serialize_npy(flags);
  bytes[bytes.size() - 2] = 7;  // any byte but 0 is true
  write(bytes);
  EXPECT_EQ(map_npy(path_).get_int(0), 1);
  bytes = serialize_npy(Array::of<int32_t>({2, 2}, {1, 2, 3, 4}));
  bytes.replace(bytes.find("False"), 5, "True ");
  write(bytes);
  EXPECT_EQ(map_npy(path_).get_int(1), 3);
  bytes = serialize_npy(Array::of<int32_t>({1}, {1}));
  bytes.replace(bytes.find("<i4"), 3, ">i4");
  write(bytes);
  EXPECT_EQ(map_npy(path_).get_int(0), 1 << 24);
  write_npy(path_, Array(DType::float32, {0, 3}));
  EXPECT_EQ(map_npy(path_).shape(), Shape({0, 3}));
}

// A file of 64 GiB with nothing in it: no memory is taken but for the pages that are looked at.
TEST_F(MapNpy, MayBeLargerThanMemory) {
  const int64_t rows = int64_t{1} << 24;
  std::string header = serialize_npy(Array(DType::float32, {1}));
  header.resize(header.size() - 4);
  const std::string small = "(1,), }", large = "(" + std::to_string(rows) + ", 1024), }";
  ASSERT_NE(header.find(small), std::string::npos);
  header.replace(header.find(small), large.size(), large);  // into the blanks behind it
  write(header);
  const auto size = static_cast<int64_t>(header.size()) + rows * 1024 * 4;
  if (::truncate(path_.c_str(), size) != 0) GTEST_SKIP() << "the file system has no sparse files of this size";
  Array mapped = map_npy(path_);
  EXPECT_EQ(mapped.shape(), Shape({rows, 1024}));
  EXPECT_EQ(mapped.get(rows * 1024 - 1), 0.0);
  // A byte more or less and it is no whole file.
  ASSERT_EQ(::truncate(path_.c_str(), size - 1), 0);
  EXPECT_THROW(map_npy(path_), IOError);
}

TEST_F(MapNpy, RefusesWhatTheReaderRefuses) {
  std::string bytes = serialize_npy(Array(DType::float32, {4}));
  for (size_t length : {0ul, 5ul, 40ul, bytes.size() - 1}) {
    write(bytes.substr(0, length));
    EXPECT_THROW(map_npy(path_), IOError) << length;
  }
  write(bytes + "x");
  EXPECT_THROW(map_npy(path_), IOError);
  EXPECT_THROW(map_npy(path_ + ".none"), IOError);
}

}  // namespace
}  // namespace hornbeam::runtime
