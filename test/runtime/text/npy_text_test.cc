// Strings in NumPy's files.
#include <hornbeam/base/strings.h>
#include <hornbeam/runtime/data/csv.h>
#include <hornbeam/runtime/data/npy.h>

#include "test/runtime/program_support.h"

namespace hornbeam::runtime {
namespace {

// The bytes of a .npy as numpy.save writes it.
std::string npy(const std::string& descr, const std::string& shape, const std::string& elements, bool fortran = false) {
  std::string dict = "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }";
  dict.resize(117, ' ');
  dict += '\n';
  return std::string("\x93NUMPY\x01\x00\x76\x00", 10) + dict + elements;
}

std::string points(std::initializer_list<uint32_t> codes, bool big = false) {
  std::string bytes;
  for (uint32_t code : codes)
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(code >> 8 * (big ? 3 - i : i));
  return bytes;
}

std::vector<std::string> texts(const Array& array) {
  auto values = strings_of(array);
  return {values.begin(), values.end()};
}

TEST(NpyText, ReadsBytesAndCodePoints) {
  Array bytes = parse_npy(npy("|S3", "(2, 1)", std::string("ab\0\xff\0c", 6)), "b");
  EXPECT_EQ(bytes.shape(), (Shape{2, 1}));
  EXPECT_EQ(texts(bytes), (std::vector<std::string>{"ab", std::string("\xff\0c", 3)}));
  const std::vector<std::string> expected = {"\xc3\xa9", "\xf0\x9f\x98\x80" "a"};
  EXPECT_EQ(texts(parse_npy(npy("<U2", "(2,)", points({0xe9, 0, 0x1f600, 'a'})), "u")), expected);
  EXPECT_EQ(texts(parse_npy(npy(">U2", "(2,)", points({0xe9, 0, 0x1f600, 'a'}, true)), "u")), expected);
  EXPECT_EQ(texts(parse_npy(npy("|S1", "(2, 2)", "abcd", true), "f")), (std::vector<std::string>{"a", "c", "b", "d"}));
}

TEST(NpyText, ComesBackAsItWas) {
  TemporaryFolder folder;
  for (const std::vector<std::string>& values :
       {std::vector<std::string>{"", "a", "\xc3\xa9\xe2\x82\xac", "\xf0\x9f\x98\x80"}, {"\xff", "", "plain", "x"}}) {
    write_npz(folder.file("a.npz"), {{"t", strings({2, 2}, values)}});
    Array back = read_npz(folder.file("a.npz"))[0].second;
    EXPECT_EQ(back.shape(), (Shape{2, 2}));
    EXPECT_EQ(texts(back), values);
  }
}

TEST(NpyText, RefusesDamage) {
  EXPECT_ERROR(parse_npy(npy("<U1", "(1,)", points({0xd800})), "a.npy"), IOError, "which is no Unicode code point");
  EXPECT_ERROR(parse_npy(npy("<U1", "(1,)", points({0x110000})), "a.npy"), IOError, "which is no Unicode code point");
  EXPECT_ERROR(parse_npy(npy("|S4", "(2,)", "abcd"), "a.npy"), IOError, "a.npy");
  EXPECT_ERROR(parse_npy(npy("|S0", "(99999999999,)", ""), "a.npy"), IOError, "impossible length, 0");
  EXPECT_ERROR(parse_npy(npy("<U99999999999999999999", "(1,)", ""), "a.npy"), IOError, "a.npy");
  EXPECT_ERROR(parse_npy(npy("|S8", "(4611686018427387904,)", "x"), "a.npy"), IOError, "needs");
}

TEST(CsvText, KeepsFieldsAsTheyStand) {
  CsvTable table = parse_csv("text,n\n\"a, \"\"b\"\"\n c\",1\n d ,2.50\n", "t.csv", {.dtype = DType::string});
  EXPECT_EQ(table.columns, (std::vector<std::string>{"text", "n"}));
  EXPECT_EQ(texts(table.values), (std::vector<std::string>{"a, \"b\"\n c", "1", " d ", "2.50"}));
  EXPECT_EQ(table.values.shape(), (Shape{2, 2}));
}

}  // namespace
}  // namespace hornbeam::runtime
