// The safetensors reader: what it reads, and every kind of damage it must refuse.
#include "frontend/src/saving/safetensors.h"

#include <cstring>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace hornbeam::saving {
namespace {

std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes;
  uint64_t length = header.size();
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i));
  return bytes + header + data;
}

SafeTensors parse(const std::string& bytes) {
  auto owner = std::make_shared<std::string>(bytes);
  return parse_safetensors(*owner, owner, "f.safetensors");
}

// Expects a ValueError whose text names the file and has `part`.
void expect_refused(const std::string& bytes, const std::string& part) {
  try {
    parse(bytes);
    ADD_FAILURE() << "accepted, though: " << part;
  } catch (const ValueError& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("f.safetensors"), std::string::npos) << error.what();
  }
}

std::string floats(std::initializer_list<float> values) {
  std::string bytes(values.size() * 4, '\0');
  std::memcpy(bytes.data(), values.begin(), bytes.size());
  return bytes;
}

TEST(SafeTensors, ReadsTensorsAndMetadata) {
  SafeTensors file = parse(file_of(R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[1,9]},
      "b":{"dtype":"BOOL","shape":[1,1],"data_offsets":[0,1]},"c":{"dtype":"I64","shape":[0,7],"data_offsets":[9,9]}})",
                                   "\x01" + floats({1.5f, -2.0f})));
  EXPECT_EQ(file.metadata.at("format"), "pt");
  EXPECT_EQ(file.tensors.at("a").shape(), Shape({2}));
  EXPECT_EQ(file.tensors.at("a").as<float>()[1], -2.0f);
  EXPECT_TRUE(file.tensors.at("b").as<bool>()[0]);
  EXPECT_EQ(file.tensors.at("c").num_elements(), 0);
  EXPECT_EQ(file.tensors.at("c").shape(), Shape({0, 7}));
}

TEST(SafeTensors, ReadsAScalar) {
  SafeTensors file = parse(file_of(R"({"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", floats({3.0f})));
  EXPECT_EQ(file.tensors.at("s").shape(), Shape());
  EXPECT_EQ(file.tensors.at("s").as<float>()[0], 3.0f);
}

TEST(SafeTensors, ATensorOutlivesTheFile) {
  Array a;
  {
    SafeTensors file = parse(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", floats({4.0f})));
    a = file.tensors.at("a");
  }
  EXPECT_EQ(a.as<float>()[0], 4.0f);
}

TEST(SafeTensors, RefusesALengthThatDoesNotFit) {
  expect_refused("", "shorter than");
  expect_refused("\x02", "shorter than");
  expect_refused(std::string(8, '\xff'), "does not fit");
  expect_refused(std::string("\x03\0\0\0\0\0\0\0{}", 10), "does not fit");
}

TEST(SafeTensors, RefusesAHeaderThatIsNoObject) {
  expect_refused(file_of("", ""), "not a JSON object");
  expect_refused(file_of("[]", ""), "not a JSON object");
  expect_refused(file_of("{\"a\":", ""), "not a JSON object");
  expect_refused(file_of("{} x", ""), "not a JSON object");
}

TEST(SafeTensors, RefusesDeepNesting) {
  expect_refused(file_of(std::string(100000, '['), ""), "nests too deeply");
  std::string objects;
  for (int i = 0; i < 20; ++i) objects += "{\"a\":";
  expect_refused(file_of(objects + "1" + std::string(20, '}'), ""), "nests too deeply");
}

TEST(SafeTensors, RefusesAWrongEntry) {
  expect_refused(file_of(R"({"a":1})", ""), "is not {dtype, shape, data_offsets}");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[1]}})", ""), "is not {dtype, shape, data_offsets}");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", "1234"), "is not {dtype");
  expect_refused(file_of(R"({"a":{"dtype":"Q7","shape":[1],"data_offsets":[0,4]}})", "1234"), "unknown dtype 'Q7'");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "1234"), "no whole number");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", "1234"), "no whole number");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,"4"]}})", "1234"), "no whole number");
}

TEST(SafeTensors, RefusesANameThatComesTwice) {
  expect_refused(file_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
                             "a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "1"),
                 "'a' twice");
}

TEST(SafeTensors, RefusesSizesThatDoNotFitTheData) {
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "1234"), "larger than the file");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", "12345678"), "its shape needs 4");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "1234"), "lies outside");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", "1234"), "lies outside");
  expect_refused(file_of(R"({"a":{"dtype":"F64","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4]}})",
                         "1234"),
                 "larger than the file");
  expect_refused(file_of(R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]}})", "1234"),
                 "too long");
}

TEST(SafeTensors, RefusesHolesOverlapsAndLeftovers) {
  std::string two = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":)";
  expect_refused(file_of(two + "[2,3]}}", "123"), "overlap or leave a hole");
  expect_refused(file_of(two + "[0,1]}}", "1"), "overlap or leave a hole");
  expect_refused(file_of(two + "[1,2]}}", "123"), "belong to no tensor");
}

TEST(SafeTensors, RefusesABooleanThatIsNoBoolean) {
  expect_refused(file_of(R"({"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}})", "\x02"), "neither 0 nor 1");
}

TEST(SafeTensors, SaysWhichFileIsMissing) {
  try {
    read_safetensors("/nowhere/x.safetensors");
    FAIL();
  } catch (const IOError& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/x.safetensors"), std::string::npos);
  }
}

}  // namespace
}  // namespace hornbeam::saving
