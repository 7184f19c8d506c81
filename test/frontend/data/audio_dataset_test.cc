// audio_dataset_from_directory: against what Keras made of the same files (recorded/sounds), and WAV files of every kind.
#include <hornbeam/data/audio_dataset.h>

#include <unistd.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "frontend/src/data/audio/wav.h"
#include "test/frontend/data/recorded_support.h"
#include "test/support/temporary_folder.h"

namespace hornbeam {
namespace {

using data_test::error_of;
using data_test::largest_difference;
using data_test::recorded;
using data_test::recorded_path;
using testing::ElementsAre;
using testing::HasSubstr;

std::string little_endian(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string chunk(const std::string& name, const std::string& body) {
  return name + little_endian(body.size(), 4) + body + std::string(body.size() % 2, '\0');
}

std::string wav(int kind, int channels, int bits, const std::string& data, int rate = 8000) {
  std::string format = little_endian(static_cast<uint64_t>(kind), 2) + little_endian(static_cast<uint64_t>(channels), 2) +
                       little_endian(static_cast<uint64_t>(rate), 4) + little_endian(0, 6) +
                       little_endian(static_cast<uint64_t>(bits), 2);
  std::string body = "WAVE" + chunk("fmt ", format) + chunk("LIST", "odd") + chunk("data", data);
  return "RIFF" + little_endian(body.size(), 4) + body;
}

std::vector<float> samples(const std::string& bytes) {
  data::Sound sound = data::decode_wav(bytes, "test.wav");
  auto values = sound.samples.as<float>();
  return {values.begin(), values.end()};
}

TEST(Wav, ReadsEveryWidth) {
  EXPECT_THAT(samples(wav(1, 1, 8, std::string("\x00\x80\xff", 3))), ElementsAre(-1.0f, 0.0f, 127 / 128.0f));
  EXPECT_THAT(samples(wav(1, 1, 16, little_endian(0x8000, 2) + little_endian(0x4000, 2))), ElementsAre(-1.0f, 0.5f));
  EXPECT_THAT(samples(wav(1, 1, 24, little_endian(0x800000, 3) + little_endian(0x400000, 3))), ElementsAre(-1.0f, 0.5f));
  EXPECT_THAT(samples(wav(1, 1, 32, little_endian(0x80000000u, 4) + little_endian(0x20000000u, 4))),
              ElementsAre(-1.0f, 0.25f));
  EXPECT_THAT(samples(wav(3, 1, 32, little_endian(std::bit_cast<uint32_t>(0.3f), 4))), ElementsAre(0.3f));
  EXPECT_THAT(samples(wav(3, 1, 64, little_endian(std::bit_cast<uint64_t>(-0.75), 8))), ElementsAre(-0.75f));
  data::Sound stereo = data::decode_wav(wav(1, 2, 16, little_endian(0x400020002000c000, 8)), "test.wav");
  EXPECT_EQ(stereo.samples.shape(), (Shape{2, 2}));
  EXPECT_EQ(stereo.rate, 8000);
  EXPECT_EQ(stereo.samples.get(1), 0.25);
}

TEST(Wav, RefusesWhatIsNone) {
  auto refusal = [](const std::string& bytes) { return error_of([&] { data::decode_wav(bytes, "bad.wav"); }); };
  const std::string good = wav(1, 1, 16, std::string(64, '\1'));
  for (size_t size = 0; size < good.size(); ++size)
    ASSERT_THAT(refusal(good.substr(0, size)), HasSubstr("'bad.wav' is no WAV file: ")) << size;
  EXPECT_THAT(refusal(wav(2, 1, 4, "abcd")), HasSubstr("format 2 with 4 bits"));
  EXPECT_THAT(refusal(wav(1, 0, 16, "abcd")), HasSubstr("no channels"));
  EXPECT_THAT(refusal(wav(1, 1, 16, "abcd", 0)), HasSubstr("rate is 0"));
  EXPECT_THAT(refusal("RIFF" + little_endian(4, 4) + "AVI "), HasSubstr("another kind"));
  // A length of which the file has no bytes allocates nothing.
  std::string lying = good;
  lying.replace(lying.size() - 68, 4, little_endian(0x7fffffff, 4));
  EXPECT_THAT(refusal(lying), HasSubstr("ends too early"));
  // One that a writer to a pipe could not know means the rest.
  lying.replace(lying.size() - 68, 4, little_endian(0xffffffffu, 4));
  EXPECT_EQ(samples(lying).size(), 32u);
}

// A tone keeps its frequency and height at another rate, and one above the new limit goes.
TEST(Wav, ResamplesWithinTheBand) {
  auto tone = [](int64_t count, double cycles_a_sample) {
    Array array(DType::float32, {count, 1});
    for (int64_t i = 0; i < count; ++i) array.set(i, std::sin(2 * M_PI * cycles_a_sample * static_cast<double>(i)));
    return array;
  };
  for (auto [from, to] : {std::pair{8000, 16000}, {16000, 8000}, {8000, 11025}}) {
    Array got = data::resample(tone(2000, 440.0 / from), from, to, "test.wav");
    ASSERT_EQ(got.shape()[0], (2000 * to + from - 1) / from);
    double most = 0;
    for (int64_t i = 100; i < got.shape()[0] - 100; ++i)
      most = std::max(most, std::abs(got.get(i) - std::sin(2 * M_PI * 440 * static_cast<double>(i) / to)));
    EXPECT_LT(most, 2e-3) << from << " to " << to;
  }
  Array gone = data::resample(tone(2000, 6000.0 / 16000), 16000, 8000, "test.wav");
  for (int64_t i = 100; i < gone.shape()[0] - 100; ++i) EXPECT_LT(std::abs(gone.get(i)), 2e-3);
}

TEST(AudioDataset, EqualsKeras) {
  const std::string folder = recorded_path("sounds");
  DirectoryDataset found = audio_dataset_from_directory(folder, {.batch_size = 3, .shuffle = false});
  EXPECT_THAT(found.class_names, ElementsAre("high", "low"));
  std::vector<Element> batches = found.dataset.to_vector();
  ASSERT_EQ(batches.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {  // padded to the longest, and to two channels
    EXPECT_EQ(largest_difference(batches[i].x[0], recorded("audio_padded_" + std::to_string(i))), 0);
    EXPECT_EQ(largest_difference(batches[i].y[0], recorded("audio_labels_" + std::to_string(i))), 0);
  }
  std::vector<Element> cut = audio_dataset_from_directory(folder, {.label_mode = LabelMode::categorical,
                                                                   .batch_size = {},
                                                                   .output_sequence_length = 50,
                                                                   .shuffle = false})
                                 .dataset.to_vector();
  ASSERT_EQ(cut.size(), 4u);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(largest_difference(cut[i].x[0], recorded("audio_cut_" + std::to_string(i))), 0);
    EXPECT_EQ(largest_difference(cut[i].y[0], recorded("audio_one_hot_" + std::to_string(i))), 0);
  }
}

TEST(AudioDataset, SplitsAsKeras) {
  for (Subset subset : {Subset::training, Subset::validation}) {
    std::vector<double> sums;
    for (const Element& element :
         audio_dataset_from_directory(recorded_path("sounds"),
                                      {.batch_size = {}, .seed = 3, .validation_split = 0.25, .subset = subset})
             .dataset) {
      double sum = 0;
      for (int64_t i = 0; i < element.x[0].num_elements(); ++i) sum += element.x[0].get(i);
      sums.push_back(sum);
    }
    std::sort(sums.begin(), sums.end());
    const Array& expected = recorded(subset == Subset::training ? "audio_training_sums" : "audio_validation_sums");
    ASSERT_EQ(static_cast<int64_t>(sums.size()), expected.num_elements());
    for (size_t i = 0; i < sums.size(); ++i) EXPECT_NEAR(sums[i], expected.get(static_cast<int64_t>(i)), 1e-5);
  }
}

TEST(AudioDataset, ResamplesFiles) {
  Element first = *audio_dataset_from_directory(recorded_path("sounds"),
                                                {.batch_size = {}, .sampling_rate = 4000, .shuffle = false})
                       .dataset.begin();
  EXPECT_EQ(first.x[0].shape(), (Shape{20, 1}));
}

TEST(AudioDataset, SaysWhatDoesNotFit) {
  auto refusal = [](AudioDatasetOptions options) {
    return error_of([&] { audio_dataset_from_directory(recorded_path("sounds"), options); });
  };
  EXPECT_THAT(refusal({.ragged = true}), HasSubstr("no ragged batches"));
  EXPECT_THAT(refusal({.output_sequence_length = 5, .ragged = true}), HasSubstr("Cannot set both"));
  EXPECT_THAT(refusal({.sampling_rate = 0}), HasSubstr("`sampling_rate` should be higher than 0"));
  EXPECT_THAT(refusal({.output_sequence_length = -3}), HasSubstr("output_sequence_length=-3"));
  test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "a");
  EXPECT_THAT(error_of([&] { audio_dataset_from_directory(folder / ""); }), HasSubstr("no files found"));
  std::ofstream(folder / "a/noise.wav") << "no sound";
  EXPECT_THAT(error_of([&] { audio_dataset_from_directory(folder / "").dataset.to_vector(); }), HasSubstr("a/noise.wav"));
}

}  // namespace
}  // namespace hornbeam
