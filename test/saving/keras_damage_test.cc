// .keras files with damaged parts in a sound archive: each config value replaced by others, each key removed, weights
// cut and flipped. All end in a model or in an IOError or NotImplementedError of one line, in little memory.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <random>

#include <gtest/gtest.h>
#include <hornbeam/saving.h>
#include <nlohmann/json.hpp>

#include "frontend/src/saving/zip_reader.h"
#include "test/fuzz/stored_zip.h"
#include "test/saving/hdf5_files.h"

#if !defined(__has_feature)
#define __has_feature(name) 0
#endif

namespace hornbeam::saving_test {
namespace {

using Json = nlohmann::ordered_json;

int64_t peak_kilobytes() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

class DamagedKerasFile : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    saving::ZipReader zip(data_path("models/" + GetParam() + ".keras"));
    auto text = [&](const std::string& name) {
      auto bytes = zip.read(name, 1 << 24);
      return std::string(bytes.begin(), bytes.end());
    };
    config_ = text("config.json");
    weights_ = text("model.weights.h5");
    path_ = testing::TempDir() + "/hornbeam_damaged_" + std::to_string(getpid()) + ".keras";
    load(config_, weights_);  // what is lazily made once, is made
    peak_ = peak_kilobytes();
  }
  void TearDown() override {
    std::remove(path_.c_str());
#if !__has_feature(address_sanitizer)  // which keeps what was freed
    EXPECT_LT(peak_kilobytes() - peak_, 64 * 1024) << "kilobytes more than before";
#endif
  }

  // True if it was loaded. Any other exception than the two that load_model names ends the test.
  bool load(const std::string& config, const std::string& weights) {
    std::string archive = fuzz::stored_zip({{"config.json", config}, {"model.weights.h5", weights}});
    std::FILE* file = std::fopen(path_.c_str(), "wb");
    std::fwrite(archive.data(), 1, archive.size(), file);
    std::fclose(file);
    try {
      load_model(path_);
      return true;
    } catch (const IOError& error) {
      check_line(error.what());
    } catch (const NotImplementedError& error) {
      check_line(error.what());
    } catch (const std::exception& error) {
      ADD_FAILURE() << "another exception: " << error.what() << "\n" << config.substr(0, 2000);
    }
    return false;
  }

  void check_line(const std::string& text) {
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    EXPECT_EQ(text.rfind(path_, 0), 0u) << text;
    EXPECT_LT(text.size(), 2000u) << text;
  }

  std::string config_, weights_, path_;
  int64_t peak_ = 0;
};

// Pointers to every value of a JSON text, containers and leaves.
void collect(const Json& value, const Json::json_pointer& at, std::vector<Json::json_pointer>& found) {
  found.push_back(at);
  if (value.is_object())
    for (const auto& [key, entry] : value.items()) collect(entry, at / key, found);
  if (value.is_array())
    for (size_t i = 0; i < value.size(); ++i) collect(value[i], at / i, found);
}

TEST_P(DamagedKerasFile, ConfigValues) {
  Json config = Json::parse(config_);
  std::vector<Json::json_pointer> places;
  collect(config, Json::json_pointer(), places);
  const Json others[] = {nullptr, -1, 0, int64_t{1} << 40, 1e300, "x", Json::array(), Json::object(), true};
  std::mt19937 random(7);
  ASSERT_TRUE(load(config_, weights_)) << "the file itself is sound";
  int tried = 0;
  for (const Json::json_pointer& place : places) {
    if (place.empty()) continue;
    Json damaged = config;
    damaged[place] = others[random() % std::size(others)];
    load(damaged.dump(), weights_);
    damaged = config;
    Json& parent = damaged[place.parent_pointer()];
    if (parent.is_object())
      parent.erase(place.back());
    else
      parent.erase(parent.begin() + std::stol(place.back()));
    load(damaged.dump(), weights_);
    tried += 2;
  }
  EXPECT_GT(tried, 100);
}

TEST_P(DamagedKerasFile, ConfigText) {
  for (size_t length = 0; length < config_.size(); length += 61)
    EXPECT_FALSE(load(config_.substr(0, length), weights_));
  EXPECT_FALSE(load(std::string(100000, '['), weights_));
  EXPECT_FALSE(load("{\"a\": \"\xff\xfe\"}", weights_));
  EXPECT_FALSE(load("[]", weights_));
}

TEST_P(DamagedKerasFile, Weights) {
  std::mt19937 random(7);
  for (size_t length = 0; length < weights_.size(); length += 397)
    EXPECT_FALSE(load(config_, weights_.substr(0, length)));
  for (int i = 0; i < 200; ++i) {
    std::string damaged = weights_;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 + random() % 255);
    load(config_, damaged);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, DamagedKerasFile, testing::Values("trained_adam", "shared_and_merged", "cnn"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace hornbeam::saving_test
