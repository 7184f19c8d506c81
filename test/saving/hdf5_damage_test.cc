// Damaged HDF5 files: each is read or refused with an IOError, quickly and in little memory; none ends the program.
#include <sys/resource.h>

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>
#include <hornbeam/base/philox.h>

#include "test/saving/hdf5_files.h"

#if !defined(__has_feature)
#define __has_feature(name) 0
#endif

namespace hornbeam::saving_test {
namespace {

// Reads all that can be reached. True if nothing was refused.
bool read_all(std::span<const uint8_t> bytes) {
  bool whole = true;
  try {
    hdf5::File file(bytes, "damaged.h5");
    std::vector<hdf5::Object> objects;
    walk(file, [&](const hdf5::Object& object) { objects.push_back(object); });
    for (const hdf5::Object& object : objects) {
      try {
        object.attribute_strings("name");
        if (!object.is_dataset()) continue;
        if (object.dtype() == DType::string)
          object.read_strings();
        else
          object.read();
      } catch (const IOError&) {
        whole = false;
      }
    }
  } catch (const IOError&) {
    whole = false;
  }
  return whole;
}

int64_t peak_kilobytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// How much longer the tests run in the long mode of tools/check.
int patience() { return std::getenv("HORNBEAM_LONG_TESTS") ? 20 : 1; }

class DamagedHdf5 : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    bytes_ = read_file(data_path("hdf5/" + GetParam()));
    start_ = cpu_seconds();
    peak_ = peak_kilobytes();
  }
  void TearDown() override {
#if !__has_feature(address_sanitizer)  // which keeps what was freed
    EXPECT_LT(peak_kilobytes() - peak_, 64 * 1024) << "kilobytes more than before";
#endif
  }
  // Of the processor, so that other programs on the machine do not count.
  double seconds() const { return cpu_seconds() - start_; }

  std::vector<uint8_t> bytes_;
  double start_;
  int64_t peak_;
};

TEST_P(DamagedHdf5, EveryTruncationIsRefused) {
  // Every length of the first and last 2 KiB; between them as many as the time allows, evenly spread.
  size_t size = bytes_.size();
  size_t step = std::max<size_t>(1, size / 4000);
  for (size_t length = 0; length < size; length += length < 2048 || length + 2048 > size ? 1 : step)
    EXPECT_FALSE(read_all(std::span(bytes_).first(length))) << "cut to " << length << " of " << size << " bytes";
}

TEST_P(DamagedHdf5, FlippedBytesDoNoHarm) {
  size_t tried = 0;
  double slowest = 0;
  // A thousand however long they take (sanitizers), and then as many as the time allows.
  for (size_t i = 0; i < bytes_.size() && (tried <= 1000 || seconds() < 1.5 * patience()); ++i) {
    size_t at = i * 7919 % bytes_.size();  // all over the file, whenever time ends
    for (uint8_t flip : {0x01, 0x80, 0xff}) {
      bytes_[at] ^= flip;
      double before = seconds();
      read_all(bytes_);
      slowest = std::max(slowest, seconds() - before);
      bytes_[at] ^= flip;
      ++tried;
    }
  }
  EXPECT_GT(tried, 1000u);
  EXPECT_LT(slowest, 1.0) << "seconds for one damaged file";
  EXPECT_TRUE(read_all(bytes_)) << "the file itself is sound";
}

TEST_P(DamagedHdf5, RandomWordsDoNoHarm) {
  // Several fields at once become sizes and addresses that look likely: small, near the file's size, or all ones.
  for (uint32_t round = 0; round < 3000u * patience() && seconds() < patience(); ++round) {
    auto damaged = bytes_;
    for (uint32_t i = 0; i < 1 + round % 4; ++i) {
      auto words = philox4x32({round, i, 0, 0}, {2026, 7});
      size_t at = words[0] % (damaged.size() - 8);
      uint64_t likely[] = {words[1] % 64, damaged.size() - words[1] % 16, ~uint64_t{0}, words[1] % damaged.size()};
      uint64_t value = likely[words[2] % 4];
      std::memcpy(damaged.data() + at, &value, 1 << words[3] % 4);
    }
    read_all(damaged);
  }
  EXPECT_TRUE(read_all(bytes_)) << "the file itself is sound";
}

INSTANTIATE_TEST_SUITE_P(Files, DamagedHdf5, testing::ValuesIn(readable_hdf5()),
                         [](const auto& info) { return info.param.substr(0, info.param.find('.')); });

}  // namespace
}  // namespace hornbeam::saving_test
