// Event files: read back here field by field, and by TensorFlow's or TensorBoard's own reader where a Python has one
// (HORNBEAM_TENSORBOARD_PYTHON).
#include "frontend/src/callbacks/event_file.h"

#include <zlib.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/callbacks/tensorboard.h>
#include <hornbeam/config.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/losses/mean_squared_error.h>
#include <hornbeam/optimizers/sgd.h>
#include <hornbeam/random.h>
#include <hornbeam/sequential.h>

#include "frontend/src/callbacks/weight_image.h"
#include "frontend/src/data/images/decode.h"
#include "runtime/data/crc32c.h"
#include "test/support/temporary_folder.h"

namespace hornbeam::callbacks {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class EventFileTest : public testing::Test {
 protected:
  test::TemporaryFolder temporary_;
  std::string folder_ = temporary_ / "events";  // not there yet
};

// A message's fields, in order: number, and the value of a varint or fixed-width field or the bytes of another.
struct Field {
  uint32_t number;
  uint64_t value = 0;
  std::string bytes;
};

uint64_t varint(std::string_view& text) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<uint8_t>(text.at(0));
    text.remove_prefix(1);
    value |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
}

std::vector<Field> fields(std::string_view message) {
  std::vector<Field> all;
  while (!message.empty()) {
    const uint64_t key = varint(message);
    Field field{.number = static_cast<uint32_t>(key >> 3)};
    if ((key & 7) == 0) {
      field.value = varint(message);
    } else if ((key & 7) == 1) {
      std::memcpy(&field.value, message.data(), 8);
      message.remove_prefix(8);
    } else {
      const uint64_t size = varint(message);
      field.bytes = message.substr(0, size);
      message.remove_prefix(size);
    }
    all.push_back(std::move(field));
  }
  return all;
}

const Field& only(const std::vector<Field>& all, uint32_t number) {
  for (const Field& field : all)
    if (field.number == number) return field;
  throw std::out_of_range("no field " + std::to_string(number));
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string gunzipped(const std::string& bytes) {
  z_stream stream{};
  inflateInit2(&stream, 31);
  std::string out(size_t{1} << 22, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

// The events of a file; checks lengths and checksums.
std::vector<std::string> records(const std::string& text) {
  auto masked = [](uint32_t crc) { return std::rotr(crc, 15) + 0xa282ead8u; };
  std::vector<std::string> all;
  for (size_t at = 0; at < text.size();) {
    uint64_t size = 0;
    uint32_t length_crc = 0, data_crc = 0;
    std::memcpy(&size, text.data() + at, 8);
    std::memcpy(&length_crc, text.data() + at + 8, 4);
    EXPECT_EQ(length_crc, masked(runtime::crc32c(text.substr(at, 8))));
    all.push_back(text.substr(at + 12, size));
    std::memcpy(&data_crc, text.data() + at + 12 + size, 4);
    EXPECT_EQ(data_crc, masked(runtime::crc32c(all.back())));
    at += 16 + size;
  }
  return all;
}

struct Scalar {
  std::string tag;
  int64_t step;
  float value;
};

// The scalars of a file, in order.
std::vector<Scalar> scalars(const fs::path& path) {
  std::vector<Scalar> all;
  for (const std::string& record : records(read_file(path))) {
    const std::vector<Field> event = fields(record);
    if (event.back().number != 5) continue;
    const std::vector<Field> value = fields(fields(event.back().bytes).at(0).bytes);
    if (fields(fields(only(value, 9).bytes).at(0).bytes).at(0).bytes != "scalars") continue;
    Scalar scalar{.tag = only(value, 1).bytes, .step = static_cast<int64_t>(only(event, 2).value)};
    std::memcpy(&scalar.value, only(fields(only(value, 8).bytes), 4).bytes.data(), 4);
    all.push_back(scalar);
  }
  return all;
}

fs::path only_file(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  EXPECT_EQ(files.size(), 1u);
  return files.at(0);
}

TEST_F(EventFileTest, BeginsWithItsVersion) {
  const std::string path = EventFile(folder_ + "/deep").path();
  EXPECT_THAT(path, testing::HasSubstr("/deep/events.out.tfevents."));
  const std::vector<std::string> all = records(read_file(path));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(only(fields(all[0]), 3).bytes, "brain.Event:2");
  EXPECT_GT(std::bit_cast<double>(only(fields(all[0]), 1).value), 1e9);
}

TEST_F(EventFileTest, HoldsScalars) {
  EventFile file(folder_);
  file.scalar("epoch_loss", 0.25, 3);
  file.scalar("epoch_loss", std::nan(""), 1LL << 40);
  file.flush();
  const std::vector<Scalar> all = scalars(file.path());
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].tag, "epoch_loss");
  EXPECT_EQ(all[0].step, 3);
  EXPECT_EQ(all[0].value, 0.25f);
  EXPECT_EQ(all[1].step, 1LL << 40);
  EXPECT_TRUE(std::isnan(all[1].value));
}

TEST_F(EventFileTest, HoldsHistograms) {
  EventFile file(folder_);
  file.histogram("kernel/histogram", Array::of<float>({5}, {0, 1, 1, 3, std::nanf("")}), 2);
  file.histogram("one_value", Array::of<float>({2}, {7, 7}), 2);
  file.flush();
  const std::vector<std::string> all = records(read_file(file.path()));
  ASSERT_EQ(all.size(), 3u);
  auto buckets = [](const std::string& record) {
    const std::string content =
        only(fields(only(fields(fields(only(fields(record), 5).bytes).at(0).bytes), 8).bytes), 4).bytes;
    std::vector<double> numbers(content.size() / 8);
    std::memcpy(numbers.data(), content.data(), content.size());
    return numbers;
  };
  const std::vector<double> numbers = buckets(all[1]);
  ASSERT_EQ(numbers.size(), 90u);
  EXPECT_EQ(numbers[0], 0);
  EXPECT_EQ(numbers[88], 3);
  EXPECT_EQ(numbers[2], 1);           // the first bucket has the 0
  EXPECT_EQ(numbers[10 * 3 + 2], 2);  // the two 1s
  EXPECT_EQ(numbers[89], 1);          // the 3 is in the last one
  double total = 0;
  for (size_t i = 2; i < 90; i += 3) total += numbers[i];
  EXPECT_EQ(total, 4);
  EXPECT_EQ(buckets(all[2])[0], 6.5);
  EXPECT_EQ(buckets(all[2])[88], 7.5);
}

TEST_F(EventFileTest, AFolderThatCannotBeMadeIsAnError) { EXPECT_THROW(EventFile("/proc/no/such"), IOError); }

class TensorBoardTest : public EventFileTest {
 protected:
  void fit(TensorBoardOptions options) {
    Array x(DType::float32, {8, 2}), y(DType::float32, {8, 1});
    for (int64_t i = 0; i < 16; ++i) x.set(i, 0.1 * static_cast<double>(i));
    set_random_seed(4);
    Sequential model({Input({2}), layers::Dense({.units = 1, .name = "dense"})});
    model.compile(
        {.optimizer = optimizers::SGD({.learning_rate = 0.5}), .loss = losses::MeanSquaredError(), .metrics = {"mae"}});
    options.log_dir = folder_;
    history_ = model.fit(
        x, y,
        {.epochs = 2, .batch_size = 2, .verbose = 0, .callbacks = {TensorBoard(options)}, .validation_data = {x, y}});
  }
  hornbeam::History history_;
};

std::vector<std::string> tags(const std::vector<Scalar>& all) {
  std::vector<std::string> tags;
  for (const Scalar& scalar : all) tags.push_back(scalar.tag + "@" + std::to_string(scalar.step));
  return tags;
}

TEST_F(TensorBoardTest, WritesKerasTagsIntoKerasFolders) {
  fit({});
  const std::vector<Scalar> train = scalars(only_file(folder_ + "/train"));
  EXPECT_THAT(tags(train), ElementsAre("epoch_loss@0", "epoch_mae@0", "epoch_learning_rate@0", "epoch_loss@1",
                                       "epoch_mae@1", "epoch_learning_rate@1"));
  EXPECT_EQ(train[0].value, static_cast<float>(history_["loss"][0]));
  EXPECT_EQ(train[4].value, static_cast<float>(history_["mae"][1]));
  EXPECT_EQ(train[2].value, 0.5f);
  const std::vector<Scalar> validation = scalars(only_file(folder_ + "/validation"));
  EXPECT_THAT(tags(validation), ElementsAre("evaluation_loss_vs_iterations@4", "evaluation_mae_vs_iterations@4",
                                            "epoch_loss@0", "epoch_mae@0", "evaluation_loss_vs_iterations@8",
                                            "evaluation_mae_vs_iterations@8", "epoch_loss@1", "epoch_mae@1"));
  EXPECT_EQ(validation[6].value, static_cast<float>(history_["val_loss"][1]));
}

TEST_F(TensorBoardTest, WritesEverySoManyBatches) {
  fit({.update_freq = 3});
  EXPECT_THAT(tags(scalars(only_file(folder_ + "/train"))),
              ElementsAre("batch_loss@3", "batch_mae@3", "epoch_loss@0", "epoch_mae@0", "epoch_learning_rate@0",
                          "batch_loss@6", "batch_mae@6", "epoch_loss@1", "epoch_mae@1", "epoch_learning_rate@1"));
}

// The records of a kind in a run's event file: their tags.
std::vector<std::string> tags_of(const std::string& folder, const std::string& plugin) {
  std::vector<std::string> tags;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    for (const std::string& record : records(read_file(entry.path()))) {
      const std::vector<Field> event = fields(record);
      if (event.back().number == 4 && plugin == "graph_def") tags.push_back(event.back().bytes);
      if (event.back().number != 5) continue;
      const std::vector<Field> value = fields(fields(event.back().bytes).at(0).bytes);
      if (fields(fields(only(value, 9).bytes).at(0).bytes).at(0).bytes == plugin) tags.push_back(only(value, 1).bytes);
    }
  }
  return tags;
}

TEST_F(TensorBoardTest, WritesTheGraphUnlessToldNotTo) {
  fit({});
  EXPECT_THAT(tags_of(folder_ + "/train", "graph_keras_model"), ElementsAre("keras"));
  const std::vector<std::string> graphs = tags_of(folder_ + "/train", "graph_def");
  ASSERT_EQ(graphs.size(), 1u);
  std::vector<std::string> names;
  for (const Field& node : fields(graphs[0]))
    if (node.number == 1) names.push_back(only(fields(node.bytes), 2).bytes);
  EXPECT_THAT(names, ElementsAre("InputLayer", "Dense"));
  fs::remove_all(folder_);
  fit({.write_graph = false});
  EXPECT_THAT(tags_of(folder_ + "/train", "graph_def"), ElementsAre());
}

TEST_F(TensorBoardTest, WritesWeightsAsPictures) {
  fit({.histogram_freq = 2, .write_images = true});
  EXPECT_THAT(tags_of(folder_ + "/train", "images"),
              ElementsAre(testing::EndsWith("dense/kernel/image")));  // a bias of one value is no picture
  fs::remove_all(folder_);
  fit({.histogram_freq = 1});
  EXPECT_THAT(tags_of(folder_ + "/train", "images"), ElementsAre());
}

TEST(WeightImages, LieAsKerasLaysThem) {
  auto size = [](const Shape& shape) {
    WeightImages images = weight_images(Array(DType::float32, shape));
    return std::to_string(images.pngs.size()) + "*" + std::to_string(images.width) + "x" + std::to_string(images.height);
  };
  EXPECT_EQ(size({7}), "1*7x1");
  EXPECT_EQ(size({7, 3}), "1*7x3");  // on its longer side
  EXPECT_EQ(size({3, 7}), "1*7x3");
  EXPECT_EQ(size({1, 3, 7}), "1*7x3");
  EXPECT_EQ(size({5, 6, 2}), "2*6x5");
  EXPECT_EQ(size({5, 6, 9}), "3*6x5");  // the first three
  EXPECT_EQ(size({2, 5, 6, 3}), "2*6x5");
  EXPECT_EQ(size({2, 5, 6, 7}), "0*0x0");
  EXPECT_EQ(size({}), "0*0x0");
  const float nan = std::nanf("");
  WeightImages images = weight_images(Array::of<float>({2, 3}, {-1, 0.5f, 2, 0.25f, 1, nan}));
  Array pixels = data::decode_png(images.pngs.at(0), 1, "picture");
  EXPECT_THAT(pixels.as<uint8_t>(), ElementsAre(0, 127, 255, 63, 255, 0));
}

TEST_F(TensorBoardTest, ProfilesTheStepsItIsAskedFor) {
  fit({.profile_batch = {3, 5}});
  EXPECT_THAT(tags_of(folder_ + "/train", "text"), ElementsAre("profile"));
  std::vector<fs::path> traces;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ + "/train/plugins/profile"))
    if (entry.is_regular_file()) traces.push_back(entry.path());
  ASSERT_EQ(traces.size(), 1u);
  EXPECT_TRUE(traces[0].filename().string().ends_with(".trace.json.gz"));
  const Config trace = Config::parse(gunzipped(read_file(traces[0])));
  int dense = 0;
  for (const Config& event : trace.find("traceEvents")->as_array())
    dense += event.find("name")->as_string() == "dense" && event.find("ph")->as_string() == "X";
  EXPECT_GE(dense, 3);
  EXPECT_EQ(dense % 3, 0);  // three steps
  // Trained as without.
  const double loss = history_["loss"][1];
  fs::remove_all(folder_);
  fit({});
  EXPECT_EQ(history_["loss"][1], loss);
  EXPECT_FALSE(fs::exists(folder_ + "/train/plugins"));
  EXPECT_THROW(ProfileBatch(5, 3), ValueError);
  EXPECT_THROW(ProfileBatch(-1), ValueError);
}

// What the callback writes is what TensorBoard's own code reads.
TEST_F(TensorBoardTest, IsReadByTensorBoard) {
  const char* python = std::getenv("HORNBEAM_TENSORBOARD_PYTHON");
  if (python == nullptr) GTEST_SKIP() << "HORNBEAM_TENSORBOARD_PYTHON names no Python that has the package tensorboard";
  fit({.histogram_freq = 1, .write_images = true, .write_steps_per_second = true, .profile_batch = 2});
  const std::string script = std::string(HORNBEAM_TEST_DATA) + "/frontend/callbacks/read_events.py";
  const std::string out = temporary_ / "read.txt";
  ASSERT_EQ(std::system((std::string(python) + " " + script + " " + folder_ + " > " + out).c_str()), 0);
  const std::string text = read_file(out);
  char expected[100];
  std::snprintf(expected, sizeof expected, "train epoch_loss [(0, %.6f), (1, %.6f)]\n", history_["loss"][0],
                history_["loss"][1]);
  EXPECT_THAT(text, testing::HasSubstr(expected));
  std::snprintf(expected, sizeof expected, "validation epoch_mae [(0, %.6f), (1, %.6f)]\n", history_["val_mae"][0],
                history_["val_mae"][1]);
  EXPECT_THAT(text, testing::HasSubstr(expected));
  EXPECT_THAT(text, testing::HasSubstr("train epoch_steps_per_second"));
  EXPECT_THAT(text, testing::ContainsRegex("train [a-z_0-9]*/dense/kernel/histogram: 30 buckets, 2 values"));
  EXPECT_THAT(text, testing::ContainsRegex("train [a-z_0-9]*/dense/kernel/image: 2 x 1, pictures ..2, 1.."));
  EXPECT_THAT(text, testing::ContainsRegex("train graph: dense .Dense. from .'input_layer[_0-9]*'. ..-1, 1.."));
  EXPECT_THAT(text, testing::ContainsRegex("train model: [a-z_0-9]*/dense .. from .'[a-z_0-9]*/input_layer"));
  EXPECT_THAT(text, testing::HasSubstr("train profile at 2:"));
  EXPECT_THAT(text, testing::ContainsRegex("    dense +[0-9.]+ us"));
}

}  // namespace
}  // namespace hornbeam::callbacks
