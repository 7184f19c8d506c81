// TFRecord files: what TensorFlow wrote (test/frontend/data/record.py), and every way in which a file can be damaged.
#include "runtime/data/tfrecord.h"

#include <zlib.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/base/error.h>

#include "runtime/data/crc32c.h"

namespace hornbeam::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string file(const std::string& name) { return std::string(HORNBEAM_TEST_DATA) + "/frontend/data/recorded/" + name; }

std::string little_endian(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string record(const std::string& bytes) {
  const std::string length = little_endian(bytes.size(), 8);
  return length + little_endian(masked_crc32c(length), 4) + bytes + little_endian(masked_crc32c(bytes), 4);
}

std::string deflated(const std::string& bytes, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::vector<std::string> all(RecordReader& reader) {
  std::vector<std::string> records;
  for (std::string one; reader.next(one);) records.push_back(one);
  return records;
}
std::vector<std::string> all(const std::string& bytes, RecordCompression compression = RecordCompression::automatic) {
  return all(*RecordReader::of_bytes(bytes, "x.tfrecord", compression));
}
std::string error(const std::string& bytes, RecordCompression compression = RecordCompression::automatic) {
  try {
    all(bytes, compression);
  } catch (const IOError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Crc32c, IsCastagnolis) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);  // the check value of RFC 3720's polynomial
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(""), 0u);
}

TEST(TFRecord, ReadsWhatTensorFlowWrote) {
  EXPECT_EQ(all(*RecordReader::open(file("examples.tfrecord"))).size(), 5u);
  std::string bytes;
  for (int turn = 0; turn < 20; ++turn)
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (const char* ending : {".gz", ".zlib"})
    EXPECT_THAT(all(*RecordReader::open(file(std::string("examples.tfrecord") + ending))), ElementsAre("one record", bytes))
        << ending;
  EXPECT_THAT(all(*RecordReader::open(file("examples.tfrecord.gz"), RecordCompression::gzip)), testing::SizeIs(2));
  EXPECT_THROW(RecordReader::open(file("examples.tfrecord.gz"), RecordCompression::none)->next(bytes), IOError);
  EXPECT_THROW(RecordReader::open("/no/such/file"), IOError);
}

TEST(TFRecord, ReadsEveryLength) {
  const std::string long_one(3 << 20, 'x');
  const std::string bytes = record("") + record("a") + record(long_one);
  EXPECT_THAT(all(bytes), ElementsAre("", "a", long_one));
  EXPECT_THAT(all(""), ElementsAre());
  EXPECT_THAT(all(deflated(bytes, 31)), ElementsAre("", "a", long_one));
  EXPECT_THAT(all(deflated(bytes, 15)), ElementsAre("", "a", long_one));
  // gzip's members one behind another; a record may cross from one to the next.
  EXPECT_THAT(all(deflated(bytes.substr(0, 20), 31) + deflated(bytes.substr(20), 31)), ElementsAre("", "a", long_one));
  // A length whose first byte is that of a zlib stream.
  EXPECT_THAT(all(record(std::string(0x78, 'z'))), testing::SizeIs(1));
}

TEST(TFRecord, RefusesDamage) {
  const std::string good = record("first") + record("second");
  for (size_t size = 1; size < good.size(); ++size) {
    if (size == record("first").size()) continue;  // whole, with one record less
    ASSERT_THAT(error(good.substr(0, size)), HasSubstr("'x.tfrecord' is damaged")) << size;
  }
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    ASSERT_THAT(error(bad, RecordCompression::none), HasSubstr("checksum")) << at;
  }
  EXPECT_THAT(error(good.substr(0, good.size() - 2)), HasSubstr("record 1: it ends too early"));
  // A length with its right checksum, of which the file has no bytes: refused by what is there.
  const std::string length = little_endian(uint64_t{1} << 60, 8);
  EXPECT_THAT(error(length + little_endian(masked_crc32c(length), 4) + "abc"), HasSubstr("ends too early"));
  const std::string packed = deflated(good, 31);
  EXPECT_THAT(error(packed.substr(0, packed.size() - 9)), HasSubstr("compressed data end too early"));
  std::string bad = packed;
  bad[14] = static_cast<char>(bad[14] ^ 0xff);
  EXPECT_NE(error(bad), "no error");
}

}  // namespace
}  // namespace hornbeam::runtime
