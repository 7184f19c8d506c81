// The HDF5 reader against h5py: every readable file of data/hdf5 gives what expected.json says, and what the reader
// does not follow is refused with a line that says so. data/make_hdf5.py made the files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "test/saving/hdf5_files.h"

namespace hornbeam::saving_test {
namespace {

std::string fnv1a(const void* data, size_t size) {
  uint64_t value = 0xcbf29ce484222325u;
  for (size_t i = 0; i < size; ++i) value = (value ^ static_cast<const uint8_t*>(data)[i]) * 0x100000001b3u;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

class ReadableHdf5 : public testing::TestWithParam<std::string> {};

TEST_P(ReadableHdf5, GivesWhatH5pyReads) {
  auto expected = nlohmann::json::parse(read_file(data_path("hdf5/expected.json")))[GetParam()];
  auto bytes = read_file(data_path("hdf5/" + GetParam()));
  hdf5::File file(bytes, GetParam());
  ASSERT_FALSE(expected.empty());
  for (const auto& [path, entry] : expected.items()) {
    SCOPED_TRACE(path);
    auto object = file.find(path);
    ASSERT_TRUE(object.has_value());
    ASSERT_TRUE(object->is_dataset());
    EXPECT_EQ(object->shape().dims(), entry["shape"].get<std::vector<int64_t>>());
    if (entry.contains("strings")) {
      EXPECT_EQ(object->read_strings(), entry["strings"].get<std::vector<std::string>>());
      continue;
    }
    EXPECT_EQ(name_of(object->dtype()), entry["dtype"].get<std::string>());
    Array array = object->read();
    EXPECT_EQ(fnv1a(array.data(), array.bytes()), entry["fnv1a"].get<std::string>());
  }
}

INSTANTIATE_TEST_SUITE_P(Files, ReadableHdf5, testing::ValuesIn(readable_hdf5()),
                         [](const auto& info) { return info.param.substr(0, info.param.find('.')); });

TEST(Hdf5, FindsAMemberAmongHundreds) {
  auto bytes = read_file(data_path("hdf5/many.h5"));
  hdf5::File file(bytes, "many.h5");
  EXPECT_EQ(file.find("many")->names().size(), 700u);
  EXPECT_EQ(file.find("many/member_633")->read().get(0), 7.0);
  EXPECT_FALSE(file.find("many/member_700").has_value());
  EXPECT_FALSE(file.find("a_target/below_a_dataset").has_value());
}

TEST(Hdf5, ReadsTextAttributes) {
  auto bytes = read_file(data_path("hdf5/strings.h5"));
  hdf5::File file(bytes, "strings.h5");
  auto group = *file.find("attributes");
  using Texts = std::vector<std::string>;
  EXPECT_EQ(group.attribute_strings("one"), Texts({"a text"}));
  EXPECT_EQ(group.attribute_strings("list"), Texts({"x", "yy", "zzz"}));
  EXPECT_EQ(group.attribute_strings("fixed"), Texts({"kernel:0", "bias:0"}));
  EXPECT_EQ(group.attribute_strings("space_padded"), Texts({"ends here"}));
  EXPECT_EQ(group.attribute_strings("empty"), Texts());
  EXPECT_EQ(group.attribute_strings("absent"), std::nullopt);
  EXPECT_THROW(group.attribute_strings("number"), IOError);
}

// Where a file is refused, and words of the line that says why.
struct Refusal {
  const char* file;
  const char* object;
  const char* words;
};

class RefusedHdf5 : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedHdf5, SaysWhy) {
  auto bytes = read_file(data_path(std::string("hdf5/") + GetParam().file));
  try {
    hdf5::File file(bytes, GetParam().file);
    auto object = file.find(GetParam().object);
    ASSERT_TRUE(object.has_value());
    object->read();
    FAIL() << "was read";
  } catch (const IOError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr(GetParam().words));
    EXPECT_THAT(error.what(), testing::StartsWith(GetParam().file));
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("\n")));
  }
}

INSTANTIATE_TEST_SUITE_P(Files, RefusedHdf5,
                         testing::Values(Refusal{"soft_link.h5", "soft", "soft or external link"},
                                         Refusal{"soft_link.h5", "outside", "soft or external link"},
                                         Refusal{"latest_links.h5", "soft", "soft or external link"},
                                         Refusal{"latest_links.h5", "outside", "soft or external link"},
                                         Refusal{"external_data.h5", "x", "keeps its elements in other files"},
                                         Refusal{"virtual.h5", "x", "virtual dataset"},
                                         Refusal{"lzf.h5", "x", "filter 32000 is not supported"},
                                         Refusal{"unwritten.h5", "x", "never written"},
                                         Refusal{"unwritten.h5", "chunked", "chunks cannot be in a file"},
                                         Refusal{"unwritten.h5", "partly", "1 of its 10 chunks"},
                                         Refusal{"dense_links.h5", "g", "fractal heap"},
                                         Refusal{"fixed_array.h5", "x", "chunk index"},
                                         Refusal{"user_block.h5", "x", "signature"},
                                         Refusal{"named_type.h5", "x", "shared between objects"},
                                         Refusal{"compound.h5", "x", "no dtype that Keras has"},
                                         Refusal{"compound.h5", "opaque", "no dtype that Keras has"},
                                         Refusal{"compound.h5", "null", "no elements at all"},
                                         Refusal{"types.h5", "types", "a group where a dataset belongs"},
                                         Refusal{"strings.h5", "strings/fixed", "strings where numbers belong"}));

}  // namespace
}  // namespace hornbeam::saving_test
