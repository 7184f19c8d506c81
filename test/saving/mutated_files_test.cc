// Real Keras files, damaged with knowledge of their structure: config values replaced, removed, moved and doubled, numbers
// in the HDF5 structures replaced by those that break size computations, parts of one model put into another. Whatever
// comes out is a model, an IOError or a NotImplementedError; a signal would end this test.
//
//   HORNBEAM_MUTATED_FILES=20000 test_saving --gtest_filter='MutatedFiles*'     how many files are made (300)
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include <gtest/gtest.h>
#include <hornbeam/saving.h>

#include "frontend/src/saving/zip_reader.h"
#include "test/fuzz/stored_zip.h"
#include "test/saving/model_files.h"

namespace hornbeam::saving_test {
namespace {

using Json = nlohmann::ordered_json;

struct Source {
  std::string name;
  std::string config, weights;  // of a .keras file
  std::string h5;               // or a legacy file as a whole
};

std::string text_of(const std::vector<uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

std::vector<Source> sources() {
  std::vector<Source> all;
  std::vector<std::string> files;
  for (const char* folder : {"models", "keras/models", "keras/legacy_h5"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data_path(folder)))
      if (std::string ending = entry.path().extension(); ending == ".keras" || entry.path().filename() == "model.h5")
        files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    Source source{.name = file, .config = "", .weights = "", .h5 = ""};
    if (file.ends_with(".h5")) {
      source.h5 = text_of(read_file(file));
    } else {
      saving::ZipReader zip(file);
      source.config = text_of(zip.read("config.json", 1 << 24));
      source.weights = text_of(zip.read("model.weights.h5", 1 << 24));
    }
    all.push_back(std::move(source));
  }
  return all;
}

class Mutator {
 public:
  explicit Mutator(uint64_t seed) : random_(seed) {}

  // The bytes of a damaged file.
  std::string damage(const std::vector<Source>& sources, std::string& ending) {
    const Source& source = sources[below(sources.size())];
    ending = source.h5.empty() ? ".keras" : ".h5";
    if (!source.h5.empty()) {
      std::string h5 = source.h5;
      if (below(2) == 0) damage_attribute(h5);
      for (uint64_t times = below(4); times-- > 0;) damage_bytes(h5);
      return h5;
    }
    std::string config = source.config, weights = source.weights;
    uint64_t what = below(8);
    if (what <= 4) {
      Json json = Json::parse(config);
      for (uint64_t times = 1 + below(3); times-- > 0;) damage_config(json);
      config = json.dump();
    }
    if (what >= 4 && what <= 6)
      for (uint64_t times = 1 + below(4); times-- > 0;) damage_bytes(weights);
    if (what == 7) weights = sources[below(sources.size())].weights;
    std::string archive = fuzz::stored_zip({{"config.json", config}, {"model.weights.h5", weights}});
    if (below(10) == 0) damage_bytes(archive);
    return archive;
  }

 private:
  uint64_t below(uint64_t n) { return n == 0 ? 0 : random_() % n; }

  void places(const Json& value, const Json::json_pointer& at, std::vector<Json::json_pointer>& found) {
    found.push_back(at);
    if (value.is_object())
      for (const auto& [key, entry] : value.items()) places(entry, at / key, found);
    if (value.is_array())
      for (size_t i = 0; i < value.size(); ++i) places(value[i], at / i, found);
  }

  void damage_config(Json& config) {
    std::vector<Json::json_pointer> all;
    places(config, Json::json_pointer(), all);
    if (all.size() < 2) return;
    const Json::json_pointer& at = all[1 + below(all.size() - 1)];
    const Json::json_pointer& from = all[1 + below(all.size() - 1)];
    Json& parent = config[at.parent_pointer()];
    switch (below(6)) {
      case 0:
        config[at] = value();
        break;
      case 1:
        if (parent.is_object())
          parent.erase(at.back());
        else
          parent.erase(parent.begin() + std::stol(at.back()));
        break;
      case 2: {  // another part of the config in its place
        Json copy = config[from];
        config[at] = copy;
        break;
      }
      case 3: {
        Json copy = config[at];
        if (parent.is_array()) parent.push_back(copy);
        break;
      }
      case 4: {
        std::swap(config[at], config[from]);
        break;
      }
      default:
        if (config[at].is_number_integer()) config[at] = config[at].get<int64_t>() + (below(2) ? 1 : -1);
        if (config[at].is_string()) config[at] = config[at].get<std::string>() + "_";
        break;
    }
  }

  Json value() {
    static const Json kValues[] = {nullptr,      0,  -1,  1,  2, 1000000007, int64_t{1} << 62, -1e300, 0.5, "",  "x", "relu",
                                   "Dense",      true, false, Json::array(), Json::object(), Json::array({1, 2}),
                                   Json::array({nullptr, -5}), "../../etc/passwd", "float64", "mixed_float16"};
    return kValues[below(std::size(kValues))];
  }

  // A number of 1 to 8 bytes is replaced by one that breaks computations with sizes; or bytes are cut, doubled, changed.
  void damage_bytes(std::string& bytes) {
    if (bytes.size() < 16) return;
    static const uint64_t kNumbers[] = {0, 1, 7, 8, 255, 256, 65535, 1u << 31, UINT32_MAX, uint64_t{1} << 32,
                                        uint64_t{1} << 63, UINT64_MAX, UINT64_MAX - 7};
    // Structures stand at the beginning and between the arrays; most files are small enough to hit them anywhere.
    size_t at = below(below(3) == 0 ? bytes.size() : std::min<size_t>(bytes.size(), 4096));
    switch (below(5)) {
      case 0:
        bytes[at] = static_cast<char>(random_());
        break;
      case 1: {
        size_t width = size_t{1} << below(4);
        at = std::min(at / width * width, bytes.size() - width);
        uint64_t number = below(4) == 0 ? bytes.size() - below(32) : kNumbers[below(std::size(kNumbers))];
        std::memcpy(&bytes[at], &number, width);
        break;
      }
      case 2:
        bytes.resize(bytes.size() - below(std::min<size_t>(bytes.size(), 600)));
        break;
      case 3: {  // one structure over another
        size_t length = 8 << below(5), from = below(bytes.size());
        length = std::min({length, bytes.size() - at, bytes.size() - from});
        std::memmove(&bytes[at], &bytes[from], length);
        break;
      }
      default:
        bytes[at] ^= static_cast<char>(1 << below(8));
        break;
    }
  }

  // Text in a legacy file's attributes, replaced by text of the same length.
  void damage_attribute(std::string& bytes) {
    static const char* const kWords[] = {"class_name", "\"config\"", "units", "batch_", "inbound_nodes", "null", "false",
                                         "_names", "kernel", "vars", "[[[", "0, 0"};
    std::string word = kWords[below(std::size(kWords))];
    size_t at = bytes.find(word, below(bytes.size()));
    if (at == std::string::npos) at = bytes.find(word);
    if (at == std::string::npos) return;
    bytes[at + below(word.size())] = "]}0x\"-,"[below(7)];
  }

  std::mt19937_64 random_;
};

TEST(MutatedFiles, EndInAModelOrAnError) {
  const char* asked = std::getenv("HORNBEAM_MUTATED_FILES");
  const int64_t count = asked ? std::stol(asked) : 300;
  TemporaryFolder folder;
  std::vector<Source> all = sources();
  ASSERT_GT(all.size(), 60u);
  int64_t loaded = 0, refused = 0;
  for (int64_t i = 0; i < count; ++i) {
    std::string ending;
    std::string bytes = Mutator(static_cast<uint64_t>(i)).damage(all, ending);
    std::string path = folder / ("model" + ending);
    std::ofstream(path, std::ios::binary) << bytes;
    // A crash leaves the number of the file behind.
    if (asked && i % 1000 == 0) std::fprintf(stderr, "%ld damaged files\n", static_cast<long>(i));
    try {
      load_model(path);
      ++loaded;
    } catch (const IOError& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << "file " << i;
      ++refused;
    } catch (const NotImplementedError&) {
      ++refused;
    } catch (const std::exception& error) {
      ADD_FAILURE() << "file " << i << ": another exception: " << error.what();
    }
  }
  EXPECT_GT(loaded, 0) << "everything was refused: the damage is too coarse";
  EXPECT_GT(refused, 0);
  std::printf("%ld loaded, %ld refused\n", static_cast<long>(loaded), static_cast<long>(refused));
}

}  // namespace
}  // namespace hornbeam::saving_test
