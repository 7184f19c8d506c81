// Tables of numbers from text.
#include <cmath>

#include <hornbeam/runtime/data/csv.h>

#include "test/runtime/program_support.h"

namespace hornbeam::runtime {
namespace {

std::vector<double> values(const CsvTable& table) {
  std::vector<double> values;
  for (int64_t i = 0; i < table.values.num_elements(); ++i) values.push_back(table.values.get(i));
  return values;
}

TEST(Csv, ReadsNumbersWithAndWithoutAHeader) {
  CsvTable table = parse_csv("1,2.5\n-3,4e2\n", "a.csv");
  EXPECT_EQ(table.values.shape(), (Shape{2, 2}));
  EXPECT_EQ(table.values.dtype(), DType::float32);
  EXPECT_EQ(values(table), (std::vector<double>{1, 2.5, -3, 400}));
  EXPECT_TRUE(table.columns.empty());
  table = parse_csv("a, b\n1,2", "a.csv", {.dtype = DType::int64});
  EXPECT_EQ(table.columns, (std::vector<std::string>{"a", " b"}));
  EXPECT_EQ(values(table), (std::vector<double>{1, 2}));
  EXPECT_EQ(parse_csv("1,2\n3,4", "a.csv", {.header = true}).columns, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(parse_csv("a,b\n", "a.csv").values.shape(), (Shape{0, 2}));
}

TEST(Csv, TakesTheFormsOfRfc4180) {
  CsvTable table = parse_csv("\xef\xbb\xbf\"x, \"\"y\"\"\r\nand z\",b\r\n\r\n\"7\",1\r\n+8,\" 2 \"", "a.csv");
  EXPECT_EQ(table.columns, (std::vector<std::string>{"x, \"y\"\r\nand z", "b"}));
  EXPECT_EQ(values(table), (std::vector<double>{7, 1, 8, 2}));
}

TEST(Csv, KeepsLargeIntegers) {
  CsvTable table = parse_csv("9223372036854775807\n-9223372036854775808\n", "a.csv", {.dtype = DType::int64});
  EXPECT_EQ(table.values.as<int64_t>()[0], INT64_MAX);
  EXPECT_EQ(table.values.as<int64_t>()[1], INT64_MIN);
}

TEST(Csv, ReadsMissingAndExtremeFloats) {
  CsvTable table = parse_csv("1,,inf\nnan,1e-60, -1e-320 \n", "a.csv");
  EXPECT_TRUE(std::isnan(table.values.get(1)));
  EXPECT_TRUE(std::isinf(table.values.get(2)));
  EXPECT_TRUE(std::isnan(table.values.get(3)));
  EXPECT_EQ(table.values.get(4), 0.0);
  EXPECT_EQ(table.values.get(5), 0.0);
}

TEST(Csv, SaysWhereATableIsWrong) {
  auto refuses = [](const char* text, const std::string& expected, CsvOptions options = {}) {
    EXPECT_ERROR(parse_csv(text, "a.csv", options), IOError, expected);
  };
  refuses("", "'a.csv' is no table: it holds no line");
  refuses("\n\r\n", "it holds no line");
  refuses("1,2\n\n3\n", "'a.csv', line 3: 2 fields were expected, received 1");
  refuses("1,2\n3,4,\n", "line 2: 2 fields were expected, received 3");
  refuses("a,size\n1,2\n3,x1\n", "line 3: column 'size' must hold a number of dtype float32, received 'x1'");
  refuses("1,2\n3,4 5\n", "line 2: column 2 must hold a number of dtype float32, received '4 5'");
  refuses("1\n2.5\n", "line 2: column 1 must hold a number of dtype int32, received '2.5'", {.dtype = DType::int32});
  refuses("1\n3000000000\n", "received '3000000000'", {.dtype = DType::int32});
  refuses("1\n\"\"\n", "received ''", {.dtype = DType::int32});
  refuses("1\n1e60\n", "received '1e60'");
  refuses("1\n--1\n", "received '--1'");
  refuses("1\n+-1\n", "received '+-1'");
  refuses("1\n\"2\n3\n", "line 2: a quoted field has no end");
  refuses("1\n\"2\"3\n", "line 2: something follows a quoted field");
  EXPECT_ERROR(parse_csv("1", "a.csv", {.delimiter = '.'}), ValueError, "cannot be delimited by '.'");
  EXPECT_ERROR(parse_csv("1", "a.csv", {.dtype = DType::uint8}), ValueError, "Received: dtype=uint8");
  EXPECT_ERROR(read_csv("/none.csv"), IOError, "Cannot open '/none.csv'");
}

TEST(Csv, ReadsAFile) {
  TemporaryFolder folder;
  write_text(folder.file("a.csv"), "x;y\n1;2\n");
  EXPECT_EQ(values(read_csv(folder.file("a.csv"), {.delimiter = ';'})), (std::vector<double>{1, 2}));
}

TEST(Csv, SurvivesAnyBytes) {
  uint32_t seed = 1;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = 0; i < 24; ++i) {
      seed = seed * 1664525u + 1013904223u;
      text += "0123,,,\"\"\n\r.-e\xff "[seed >> 24 & 15];
    }
    try {
      CsvTable table = parse_csv(text, "a.csv");
      EXPECT_EQ(table.values.shape().rank(), 2);
    } catch (const IOError& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace hornbeam::runtime
