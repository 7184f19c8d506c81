// tfrecord_dataset and parse_example, on what TensorFlow wrote and on Examples made here.
#include <hornbeam/data/tfrecord_dataset.h>

#include <bit>

#include <gmock/gmock.h>
#include <hornbeam/base/strings.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/sequential.h>

#include "frontend/src/callbacks/wire.h"
#include "frontend/src/data/images/decode.h"
#include "test/frontend/data/recorded_support.h"

namespace hornbeam {
namespace {

using callbacks::wire::put;
using data_test::error_of;
using data_test::recorded_path;
using testing::ElementsAre;
using testing::HasSubstr;

// A Feature of one kind (1 byte strings, 2 floats, 3 integers), and an Example of features.
std::string bytes_feature(const std::vector<std::string>& values) {
  std::string list, feature;
  for (const std::string& value : values) put(list, 1, value);
  put(feature, 1, list);
  return feature;
}
std::string integers_feature(const std::vector<int64_t>& values, bool packed) {
  std::string list, row, feature;
  for (int64_t value : values) {
    if (packed)
      callbacks::wire::put_varint(row, static_cast<uint64_t>(value));
    else
      put(list, 1, static_cast<uint64_t>(value));
  }
  if (packed) put(list, 1, row);
  put(feature, 3, list);
  return feature;
}
std::string example(const std::vector<std::pair<std::string, std::string>>& features) {
  std::string map, whole;
  for (const auto& [name, feature] : features) {
    std::string entry;
    put(entry, 1, name);
    put(entry, 2, feature);
    put(map, 1, entry);
  }
  put(whole, 1, map);
  return whole;
}

TEST(TFRecordDataset, ReadsWhatTensorFlowWrote) {
  Dataset dataset = tfrecord_dataset({recorded_path("examples.tfrecord")},
                                     {.features = {{"values", {.shape = {3}}},
                                                   {"name", {.dtype = DType::string}},
                                                   {"label", {.dtype = DType::int32}}},
                                      .targets = {"label"}});
  std::vector<Element> elements = dataset.to_vector();
  ASSERT_EQ(elements.size(), 5u);
  for (int i = 0; i < 5; ++i) {
    const Element& element = elements[static_cast<size_t>(i)];
    EXPECT_THAT(element.x.keys(), ElementsAre("name", "values"));
    EXPECT_THAT(element.x["values"].as<float>(), ElementsAre(i, i + 0.5f, i + 0.25f));
    EXPECT_THAT(strings_of(element.x["name"]), ElementsAre("example " + std::to_string(i)));
    EXPECT_EQ(element.y[0].as<int32_t>()[0], i - 2);
  }
  // Files one after another, read anew in each pass; records as they are.
  Dataset twice = tfrecord_dataset({recorded_path("examples.tfrecord"), recorded_path("examples.tfrecord.zlib")});
  EXPECT_EQ(twice.to_vector().size(), 7u);
  EXPECT_EQ(strings_of(twice.to_vector()[5].x[0])[0], "one record");
}

TEST(TFRecordDataset, TrainsAModel) {
  Dataset train = tfrecord_dataset({recorded_path("examples.tfrecord")},
                                   {.features = {{"values", {.shape = {3}}}, {"label", {.shape = {1}}}},
                                    .targets = {"label"}})
                      .batch(5);
  Sequential model({Input({3}), layers::Dense({.units = 1})});
  model.compile({.optimizer = "adam", .loss = "mse"});
  History history = model.fit(train, {.epochs = 60, .verbose = 0});
  EXPECT_LT(history["loss"].back(), history["loss"].front());
}

TEST(ParseExample, TakesEveryEncoding) {
  Array picture = Array::of<uint8_t>({2, 2, 1}, {0, 50, 100, 200});
  const std::string record = example({{"packed", integers_feature({1, -2, 3000000000}, true)},
                                      {"loose", integers_feature({7, 8}, false)},
                                      {"raw", bytes_feature({std::string("\x01\x02\x03\x04", 4)})},
                                      {"image", bytes_feature({data::encode_png(picture)})},
                                      {"words", bytes_feature({"a", "", "ccc"})},
                                      {"none", ""}});
  Arrays got = parse_example(
      record, {{"packed", {.dtype = DType::int64, .shape = {3}}},
               {"loose", {.dtype = DType::float32, .shape = {kUnknown, 2}}},
               {"raw", {.dtype = DType::uint8, .shape = {2, 2}, .encoding = FeatureEncoding::raw}},
               {"image", {.dtype = DType::uint8, .shape = {kUnknown, kUnknown, 1}, .encoding = FeatureEncoding::image}},
               {"words", {.dtype = DType::string, .shape = {kUnknown}}},
               {"none", {.shape = {2}, .default_value = 0.5}},
               {"missing", {.dtype = DType::int32, .default_value = -1}}});
  EXPECT_THAT(got["packed"].as<int64_t>(), ElementsAre(1, -2, 3000000000));
  EXPECT_EQ(got["loose"].shape(), (Shape{1, 2}));
  EXPECT_THAT(got["raw"].as<uint8_t>(), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(got["image"].shape(), (Shape{2, 2, 1}));
  EXPECT_THAT(got["image"].as<uint8_t>(), ElementsAre(0, 50, 100, 200));
  EXPECT_THAT(strings_of(got["words"]), ElementsAre("a", "", "ccc"));
  EXPECT_THAT(got["none"].as<float>(), ElementsAre(0.5f, 0.5f));
  EXPECT_EQ(got["missing"].as<int32_t>()[0], -1);
}

TEST(ParseExample, SaysWhatDoesNotFit) {
  const std::string record = example({{"a", integers_feature({1, 2, 3}, true)}, {"b", bytes_feature({"xyz"})}});
  auto refusal = [&](const std::string& name, ExampleFeature feature) {
    return error_of([&] { parse_example(record, {{name, feature}}); });
  };
  EXPECT_THAT(refusal("a", {.shape = {2}}), HasSubstr("'a' has 3 values. Expected: the shape (2,)"));
  EXPECT_THAT(refusal("a", {.shape = {kUnknown, 2}}), HasSubstr("do not fill the shape"));
  EXPECT_THAT(refusal("a", {.shape = {3, kUnknown}}), HasSubstr("only the first axis"));
  EXPECT_THAT(refusal("a", {.dtype = DType::string, .shape = {3}}), HasSubstr("Received: 3 integers"));
  EXPECT_THAT(refusal("b", {}), HasSubstr("Received: 1 byte strings"));
  EXPECT_THAT(refusal("b", {.dtype = DType::int16, .encoding = FeatureEncoding::raw}), HasSubstr("3 bytes"));
  EXPECT_THAT(refusal("b", {.dtype = DType::uint8, .encoding = FeatureEncoding::image}), HasSubstr("the feature 'b'"));
  EXPECT_THAT(refusal("c", {}), HasSubstr("'c' is not in an example"));
  for (size_t size = 1; size < record.size(); ++size)  // damaged, or without a feature: never a crash
    EXPECT_NE(error_of([&] { parse_example(record.substr(0, size), {{"a", {.shape = {3}}}, {"b", {.dtype = DType::string}}}); }),
              "no error");
}

TEST(TFRecordDataset, ChecksItsOptions) {
  const std::string path = recorded_path("examples.tfrecord");
  auto refusal = [](const std::vector<std::string>& paths, const TFRecordDatasetOptions& options) {
    return error_of([&] { tfrecord_dataset(paths, options).to_vector(); });
  };
  EXPECT_THAT(refusal({}, {}), HasSubstr("no files"));
  EXPECT_THAT(refusal({path}, {.compression = "LZ4"}), HasSubstr("compression=\"LZ4\""));
  EXPECT_THAT(refusal({path}, {.features = {{"label", {}}}, .targets = {"labels"}}), HasSubstr("'label'"));
  EXPECT_THAT(refusal({path}, {.features = {{"label", {}}}, .targets = {"label"}}), HasSubstr("is a target"));
  EXPECT_THAT(refusal({"/no/such.tfrecord"}, {}), HasSubstr("/no/such.tfrecord"));
}

}  // namespace
}  // namespace hornbeam
