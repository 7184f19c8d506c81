// The zip reader on archives that data/make_zip.py wrote, and on damaged ones.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/src/saving/zip_reader.h"
#include "test/saving/hdf5_files.h"

namespace hornbeam::saving_test {
namespace {

using saving::ZipReader;
using testing::ElementsAre;
using testing::HasSubstr;

std::string text_of(const std::vector<uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

TEST(ZipReader, ReadsStoredAndDeflatedEntries) {
  ZipReader zip(data_path("zip/sound.zip"));
  EXPECT_THAT(zip.names(), ElementsAre("metadata.json", "config.json", "folder/empty"));
  EXPECT_EQ(text_of(zip.read("metadata.json", 100)), "{}");
  std::string text;
  for (int i = 0; i < 50; ++i) text += "some text, ";
  EXPECT_EQ(text_of(zip.read("config.json", 1000)), text);
  EXPECT_TRUE(zip.read("folder/empty", 0).empty());
  EXPECT_THROW(zip.read("config.json", 549), IOError) << "more than was asked for";
  EXPECT_THROW(zip.read("absent", 100), IOError);
}

TEST(ZipReader, ReadsMoreThanOneBufferful) {
  ZipReader zip(data_path("zip/zeros.zip"));
  EXPECT_EQ(zip.read("a", 8 << 20), std::vector<uint8_t>(4 << 20));
}

struct Refusal {
  const char* file;
  const char* words;
};

class RefusedZip : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedZip, SaysWhy) {
  try {
    ZipReader zip(data_path(std::string("zip/") + GetParam().file));
    zip.read("a", 1 << 20);
    FAIL() << "was read";
  } catch (const IOError& error) {
    EXPECT_THAT(error.what(), HasSubstr(GetParam().words));
    EXPECT_THAT(error.what(), HasSubstr(GetParam().file));
  }
}

INSTANTIATE_TEST_SUITE_P(Files, RefusedZip,
                         testing::Values(Refusal{"twice.zip", "same name"}, Refusal{"parent.zip", "not allowed"},
                                         Refusal{"absolute.zip", "not allowed"},
                                         Refusal{"backslash.zip", "not allowed"}, Refusal{"bzip2.zip", "method 12"},
                                         Refusal{"claims_more.zip", "cannot give"}, Refusal{"longer.zip", "\"a\""},
                                         Refusal{"shorter.zip", "\"a\""}, Refusal{"stored_size.zip", "cannot give"},
                                         Refusal{"checksum.zip", "damaged"}));

TEST(ZipReader, RefusesWhatIsNoRegularFile) {
  EXPECT_THROW(ZipReader(data_path("zip/absent.zip")), IOError);
  EXPECT_THROW(ZipReader(data_path("zip")), IOError);
  EXPECT_THROW(ZipReader(data_path("make_zip.py")), IOError);
  std::string pipe = testing::TempDir() + "/hornbeam_zip_reader_pipe_" + std::to_string(getpid());
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(ZipReader{pipe}, IOError) << "and does not wait for the other end";
  std::remove(pipe.c_str());
}

TEST(ZipReader, DamageEndsInAnError) {
  auto bytes = read_file(data_path("zip/sound.zip"));
  std::string path = testing::TempDir() + "/hornbeam_zip_reader_" + std::to_string(getpid());
  auto read_all = [&](const std::vector<uint8_t>& damaged) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    std::fwrite(damaged.data(), 1, damaged.size(), file);
    std::fclose(file);
    try {
      ZipReader zip(path);
      for (const std::string& name : zip.names()) zip.read(name, 1 << 20);
      return true;
    } catch (const IOError&) {
      return false;
    }
  };
  EXPECT_TRUE(read_all(bytes));
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(read_all({bytes.begin(), bytes.begin() + static_cast<long>(length)})) << length;
  for (size_t at = 0; at < bytes.size(); ++at) {
    auto damaged = bytes;
    for (uint8_t flip : {0x01, 0x80, 0xff}) {
      damaged[at] = bytes[at] ^ flip;
      read_all(damaged);
    }
  }
  std::remove(path.c_str());
}

}  // namespace
}  // namespace hornbeam::saving_test
