// Readers and writers of idx, npy and npz: what NumPy writes comes in, what is damaged does not.
#include <cstring>

#include <zlib.h>

#include <hornbeam/runtime/data/idx.h>
#include <hornbeam/runtime/data/npy.h>

#include "test/runtime/program_support.h"

namespace hornbeam::runtime {
namespace {

std::string numpy_file(const std::string& name) { return std::string(HORNBEAM_TEST_DATA) + "/runtime/data/" + name; }

// Truncations refuse, and every flipped bit either refuses with IOError or gives some array: nothing else, no crash.
template <typename Read>
void expect_safe(const std::string& bytes, Read read) {
  TemporaryFolder folder;
  std::string path = folder.file("damaged");
  for (size_t size = 0; size < bytes.size(); size += size < 200 ? 1 : 13) {
    write_text(path, bytes.substr(0, size));
    EXPECT_THROW(read(path), IOError) << "cut to " << size << " of " << bytes.size() << " bytes";
  }
  for (size_t bit = 0; bit < 8 * bytes.size(); bit += bit < 1600 ? 1 : 7) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    write_text(path, damaged);
    try {
      read(path);
    } catch (const IOError& error) {
      std::string text = error.what();
      EXPECT_NE(text.find(path), std::string::npos) << "the text names no file: " << text;
      EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    }
  }
}

std::string gzip(const std::string& bytes) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

const std::string kShorts("\0\0\x0B\x02\0\0\0\2\0\0\0\3\0\1\0\2\0\3\xff\xff\x01\x00\x7f\xff", 24);

TEST(Idx, ReadsPlainAndCompressedFiles) {
  TemporaryFolder folder;
  for (const std::string& bytes : {kShorts, gzip(kShorts)}) {
    write_text(folder.file("a"), bytes);
    Array array = read_idx(folder.file("a"));
    EXPECT_EQ(array.dtype(), DType::int16);
    EXPECT_EQ(array.shape(), (Shape{2, 3}));
    EXPECT_EQ(std::vector<int16_t>(array.as<int16_t>().begin(), array.as<int16_t>().end()),
              (std::vector<int16_t>{1, 2, 3, -1, 256, 32767}));
  }
  write_text(folder.file("a"), std::string("\0\0\x0D\x01\0\0\0\1\x3f\xc0\0\0", 12));
  EXPECT_EQ(read_idx(folder.file("a")).as<float>()[0], 1.5f);
  write_text(folder.file("a"), gzip(kShorts.substr(0, 10)) + gzip(kShorts.substr(10)));
  EXPECT_EQ(read_idx(folder.file("a")).as<int16_t>()[5], 32767) << "a gzip file may have several members";
}

TEST(Idx, ReadsFashionMnist) {
  const std::string folder = "/usr/share/datasets/fashion-mnist/";
  if (std::FILE* file = std::fopen((folder + "t10k-labels-idx1-ubyte.gz").c_str(), "r"))
    std::fclose(file);
  else
    GTEST_SKIP() << "the package dataset-fashion-mnist is not installed";
  Array images = read_idx(folder + "t10k-images-idx3-ubyte.gz"),
        labels = read_idx(folder + "t10k-labels-idx1-ubyte.gz");
  EXPECT_EQ(images.dtype(), DType::uint8);
  EXPECT_EQ(images.shape(), (Shape{10000, 28, 28}));
  EXPECT_EQ(labels.shape(), (Shape{10000}));
  std::vector<int> counts(10, 0);
  for (uint8_t label : labels.as<uint8_t>()) ++counts.at(label);
  EXPECT_EQ(counts, std::vector<int>(10, 1000));
}

TEST(Idx, RefusesDamage) {
  TemporaryFolder folder;
  std::string path = folder.file("a");
  auto refuses = [&](std::string bytes, const std::string& text) {
    write_text(path, bytes);
    EXPECT_ERROR(read_idx(path), IOError, text);
  };
  EXPECT_ERROR(read_idx(folder.file("none")), IOError, "No such file or directory");
  refuses("", "header has at least 4 bytes, received 0");
  refuses("PK\3\4", "its first two bytes must be 0");
  refuses(std::string("\0\0\x0A\1\0\0\0\0", 8), "its element type 10 is unknown");
  refuses(kShorts.substr(0, 23), "shape (2, 3) of int16 needs 12 bytes of elements, received at most 11");
  refuses(kShorts + "x", "ends after 12 bytes of elements, more follow");
  refuses(gzip(kShorts + "x"), "ends after 12 bytes of elements, more follow");
  refuses(gzip(kShorts.substr(0, 23)), "needs 12 bytes of elements, received 11");
  // A small file that promises four terabytes gets no such memory.
  std::string large("\0\0\x0E\3\xff\xff\xff\xff\0\0\0\x0f\0\0\0\x08", 16);
  refuses(large, "needs 4123168603200 bytes of elements, received at most 0");
  refuses(gzip(large), "needs 4123168603200 bytes of elements, received at most");
  refuses(std::string("\0\0\x0E\xff", 4) + std::string(1020, '\xff'), "its shape is impossible");
}

TEST(Idx, IsSafeOnAnyDamage) {
  expect_safe(kShorts, [](const std::string& path) { return read_idx(path); });
  std::string compressed = gzip(kShorts);
  expect_safe(compressed, [](const std::string& path) { return read_idx(path); });
}

TEST(Npy, ReadsWhatNumPyWrites) {
  Array array = read_npy(numpy_file("float32.npy"));
  EXPECT_EQ(array.dtype(), DType::float32);
  EXPECT_EQ(array.shape(), (Shape{2, 3, 4}));
  for (int i = 0; i < 24; ++i) EXPECT_EQ(array.as<float>()[i], static_cast<float>(i) / 8);
  for (const char* name : {"fortran.npy", "big_endian.npy"}) {
    array = read_npy(numpy_file(name));
    EXPECT_EQ(array.shape(), (Shape{2, 3, 4}));
    for (int i = 0; i < 24; ++i) EXPECT_EQ(array.get_int(i), i) << name;
  }
  EXPECT_EQ(read_npy(numpy_file("scalar.npy")).shape(), Shape{});
  EXPECT_EQ(read_npy(numpy_file("scalar.npy")).as<double>()[0], 2.5);
  EXPECT_EQ(read_npy(numpy_file("empty.npy")).shape(), (Shape{0, 5}));
  EXPECT_EQ(read_npy(numpy_file("bool.npy")).as<bool>()[1], false);
  EXPECT_EQ(read_npy(numpy_file("bool.npy")).as<bool>()[2], true);
  EXPECT_EQ(read_npy(numpy_file("half.npy")).dtype(), DType::float16);
  EXPECT_EQ(read_npy(numpy_file("half.npy")).get(1), -2.0);
}

TEST(Npy, RefusesWhatItCannotHold) {
  EXPECT_ERROR(read_npy(numpy_file("object.npy")), IOError, "it holds pickled Python objects, which are not loaded");
  EXPECT_EQ(read_npy(numpy_file("text.npy")).dtype(), DType::string);  // text/npy_text_test.cc
  EXPECT_ERROR(read_npy(numpy_file("records.npy")), IOError, "it holds records, arrays of one dtype are expected");
  EXPECT_ERROR(read_npy(numpy_file("complex.npy")), IOError, "elements of the type '<c8'");
}

TEST(Npy, WritesTheSameBytesAsNumPy) {
  for (const char* name : {"float32.npy", "scalar.npy", "empty.npy", "bool.npy", "half.npy"})
    EXPECT_EQ(serialize_npy(read_npy(numpy_file(name))), read_text(numpy_file(name))) << name;
  TemporaryFolder folder;
  write_npy(folder.file("a.npy"), read_npy(numpy_file("float32.npy")));
  EXPECT_EQ(read_text(folder.file("a.npy")), read_text(numpy_file("float32.npy")));
  EXPECT_ERROR(serialize_npy(Array(DType::bfloat16, {2})), ValueError, "cannot hold elements of dtype bfloat16");
}

std::string npy(const std::string& dict, const std::string& elements, char version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += version;
  bytes += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) bytes += static_cast<char>(dict.size() >> 8 * i);
  return bytes + dict + elements;
}

TEST(Npy, ReadsOtherSpellingsOfTheHeader) {
  auto shape = [](const std::string& bytes) { return parse_npy(bytes, "a.npy").shape(); };
  std::string two("\1\0\2\0", 4);
  EXPECT_EQ(shape(npy("{\"shape\":(2,),\"descr\":\"<i2\",\"fortran_order\":True}", two)), (Shape{2}));
  EXPECT_EQ(shape(npy("{'descr': '<i2', 'fortran_order': False, 'shape': (1, 2L), }   \n", two, 2)), (Shape{1, 2}));
  EXPECT_EQ(shape(npy("{'descr': '=i2', 'fortran_order': False, 'shape': (2, 1)}", two, 3)), (Shape{2, 1}));
}

TEST(Npy, RefusesDamagedHeaders) {
  auto refuses = [](const std::string& bytes, const std::string& text) {
    EXPECT_ERROR(parse_npy(bytes, "bad.npy"), IOError, text);
    EXPECT_ERROR(parse_npy(bytes, "bad.npy"), IOError, "'bad.npy'");
  };
  std::string two("\1\0\2\0", 4);
  auto with = [&](const std::string& descr, const std::string& order, const std::string& shape) {
    return npy("{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }", two);
  };
  refuses("", "does not begin with NumPy's magic bytes");
  refuses(npy("{}", "", 4), "its format version 4.0 is unknown");
  refuses(npy("{}", ""), "must hold descr, fortran_order and shape");
  refuses(with("'<i2'", "False", "(3,)"), "shape (3,) of int16 needs 6 bytes of elements, received at most 4");
  refuses(with("'<i2'", "False", "(1,)"), "ends after 2 bytes of elements, more follow");
  refuses(with("'<i2'", "False", "(-2,)"), "its shape must hold sizes of axes");
  refuses(with("'<i2'", "False", "(2)"), "a tuple was expected");
  refuses(with("'<i2'", "False", "(2, 99999999999999999999)"), "its shape must hold sizes of axes");
  refuses(with("'<i2'", "False", "(4294967296, 4294967296, 4294967296)"), "needs too many bytes");
  refuses(with("'<i2'", "Falsch", "(2,)"), "fortran_order must be True or False");
  refuses(with("'|i2'", "False", "(2,)"), "elements of the type '|i2'");
  refuses(with("'<i3'", "False", "(2,)"), "elements of the type '<i3'");
  refuses(with("''", "False", "(2,)"), "elements of the type ''");
  refuses(with("'<i2", "False", "(2,)"), "elements of the type '<i2, '");
  refuses(npy("{'descr': '<i2', 'descr': '<i2'}", two), "an unexpected key 'descr'");
  refuses(npy("{'descr': '<i2'} {}", two), "goes on after the dict");
  refuses(npy("{'pickle': '<i2'}", two), "an unexpected key 'pickle'");
  std::string deep = "(";
  for (int i = 0; i < 65; ++i) deep += "1,";
  refuses(with("'<i2'", "False", deep + ")"), "more than 64 axes");
  refuses(std::string("\x93NUMPY\x02\0\xff\xff\xff\xff", 12), "its header has 4294967295 bytes, at most 65536");
}

TEST(Npy, IsSafeOnAnyDamage) {
  for (const char* name : {"float32.npy", "fortran.npy", "object.npy"})
    expect_safe(read_text(numpy_file(name)), [](const std::string& path) { return read_npy(path); });
}

TEST(Npz, ReadsWhatNumPyWrites) {
  NamedArrays stored = read_npz(numpy_file("stored.npz"));
  ASSERT_EQ(stored.size(), 2u);
  EXPECT_EQ(stored[0].first, "x");
  EXPECT_EQ(stored[0].second.as<float>()[23], 23.0f);
  EXPECT_EQ(stored[1].first, "y");
  EXPECT_EQ(stored[1].second.as<int64_t>()[1], 2);
  NamedArrays deflated = read_npz(numpy_file("deflated.npz"));
  ASSERT_EQ(deflated.size(), 2u);
  EXPECT_EQ(deflated[0].second.shape(), (Shape{50, 40}));
  EXPECT_EQ(deflated[1].second.as<uint16_t>()[99], 99);
  EXPECT_TRUE(read_npz(numpy_file("none.npz")).empty());
}

TEST(Npz, RoundTrips) {
  TemporaryFolder folder;
  NamedArrays arrays = {{"layers/dense/0", read_npy(numpy_file("float32.npy"))},
                        {"größe", Array::scalar(int32_t{7})},
                        {"none", Array(DType::uint8, {0, 3})}};
  for (bool compressed : {false, true}) {
    write_npz(folder.file("a.npz"), arrays, compressed);
    NamedArrays back = read_npz(folder.file("a.npz"));
    ASSERT_EQ(back.size(), 3u);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(back[i].first, arrays[i].first);
      EXPECT_EQ(serialize_npy(back[i].second), serialize_npy(arrays[i].second));
    }
    std::string first = read_text(folder.file("a.npz"));
    write_npz(folder.file("a.npz"), arrays, compressed);
    EXPECT_EQ(read_text(folder.file("a.npz")), first) << "equal arrays make equal files";
  }
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a.npz"});
  EXPECT_ERROR(write_npz(folder.file("b.npz"), {{"a", Array::scalar(1.0f)}, {"a", Array::scalar(1.0f)}}), ValueError,
               "need names of their own. Received: 'a'");
  write_npz(folder.file("empty.npz"), {});
  EXPECT_TRUE(read_npz(folder.file("empty.npz")).empty());
  EXPECT_EQ(read_text(folder.file("empty.npz")), read_text(numpy_file("none.npz")));
}

TEST(Npz, NoticesChangedElementsByTheirChecksum) {
  std::string bytes = read_text(numpy_file("stored.npz"));
  size_t element = bytes.find(std::string("\0\0\xb8\x41", 4));  // 23.0f, the last of x
  ASSERT_NE(element, std::string::npos);
  bytes[element] = 1;
  TemporaryFolder folder;
  write_text(folder.file("a.npz"), bytes);
  EXPECT_ERROR(read_npz(folder.file("a.npz")), IOError, "a.npz/x.npy' is damaged: CRC error");
}

TEST(Npz, TakesNoMemoryOnADirectorysWord) {
  // The directory promises 1 TB of x; its stored bytes are few.
  std::string bytes = read_text(numpy_file("deflated.npz"));
  size_t directory = bytes.find("PK\1\2");
  ASSERT_NE(directory, std::string::npos);
  for (size_t i = 0; i < 4; ++i) bytes[directory + 24 + i] = static_cast<char>(i == 3 ? 0x7f : 0xff);
  TemporaryFolder folder;
  write_text(folder.file("a.npz"), bytes);
  EXPECT_THROW(read_npz(folder.file("a.npz")), IOError);
}

TEST(Npz, RefusesOtherFiles) {
  TemporaryFolder folder;
  write_text(folder.file("a.npz"), "not a zip");
  EXPECT_ERROR(read_npz(folder.file("a.npz")), IOError, "a.npz' is no readable .npz file: Not a zip archive");
  EXPECT_ERROR(read_npz(folder.file("none.npz")), IOError, "No such file");
  EXPECT_ERROR(read_npz(folder.file(".")), IOError, "it is no regular file");
}

TEST(Npz, IsSafeOnAnyDamage) {
  for (const char* name : {"stored.npz", "deflated.npz"})
    expect_safe(read_text(numpy_file(name)), [](const std::string& path) { return read_npz(path); });
}

}  // namespace
}  // namespace hornbeam::runtime
