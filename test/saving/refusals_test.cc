// What is not loaded, and how: each of these files is refused with the text that stands in
// docs/how-to/untrusted-models.md, within 0.1 s of processor time and 64 MiB above the file's size.
//
//   HORNBEAM_REFUSALS_TABLE=FILE test_saving --gtest_filter='*Refusals*'    writes the tables for the documentation
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/saving.h>
#include <zlib.h>

#include "frontend/src/saving/hdf5_writer.h"
#include "frontend/src/saving/zip_reader.h"
#include "test/fuzz/stored_zip.h"
#include "test/saving/model_files.h"

namespace hornbeam::saving_test {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const std::vector<uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

// The parts of a sound model, to be damaged.
struct Parts {
  std::string config, weights;
  explicit Parts(const std::string& name) {
    saving::ZipReader zip(data_path("models/" + name + ".keras"));
    config = text_of(zip.read("config.json", 1 << 24));
    weights = text_of(zip.read("model.weights.h5", 1 << 24));
  }
  std::string archive() const { return fuzz::stored_zip({{"config.json", config}, {"model.weights.h5", weights}}); }
};

std::string changed_config(const std::string& name, const std::function<void(Json&)>& change) {
  Parts parts(name);
  Json config = Json::parse(parts.config);
  change(config["config"]["layers"]);
  parts.config = config.dump();
  return parts.archive();
}

std::string changed_weights(const std::string& name, const std::function<void(std::string&)>& change) {
  Parts parts(name);
  change(parts.weights);
  return parts.archive();
}

// A deflated entry of `size` zeros in an archive.
std::string zip_bomb(uint64_t size, const std::string& name = "model.weights.h5") {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
  std::string zeros(1 << 20, '\0'), packed, buffer(1 << 20, '\0');
  uint32_t crc = 0;
  for (uint64_t left = size; left > 0; left -= zeros.size()) {
    crc = static_cast<uint32_t>(crc32(crc, reinterpret_cast<const Bytef*>(zeros.data()), zeros.size()));
    stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
    stream.avail_in = static_cast<uInt>(zeros.size());
    int flush = left == zeros.size() ? Z_FINISH : Z_NO_FLUSH;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      deflate(&stream, flush);
      packed.append(buffer.data(), buffer.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  }
  deflateEnd(&stream);
  // The archive of the stored bytes, told to be deflated.
  std::string other = name == "config.json" ? "model.weights.h5" : "config.json";
  std::string archive = fuzz::stored_zip({{other, "{}"}, {name, packed}});
  auto patch = [&](const std::string& signature, size_t method_at) {
    size_t at = archive.rfind(signature);
    archive[at + method_at] = 8;
    std::string sizes;
    fuzz::put(sizes, crc, 4);
    fuzz::put(sizes, packed.size(), 4);
    fuzz::put(sizes, size, 4);
    archive.replace(at + method_at + 6, 12, sizes);
  };
  patch("PK\3\4", 8);
  patch("PK\1\2", 10);
  return archive;
}

std::string legacy(const std::function<void(hdf5::Writer&)>& write) {
  hdf5::Writer writer;
  write(writer);
  return writer.finish();
}

Json constant_call(int64_t rows, int64_t columns_of_first) {
  Json value = Json::array({std::vector<int>(static_cast<size_t>(columns_of_first), 1)});
  for (int64_t i = 1; i < rows; ++i) value.push_back(Json::array());
  return {{"class_name", "__tensor__"}, {"config", {{"value", value}, {"dtype", "float32"}}}};
}

// A model whose layer inside a model inside it has its vocabulary in assets/, with another entry there.
std::string with_vocabulary(const std::string& name, const std::string& text) {
  saving::ZipReader zip(data_path("vocabularies/nested.keras"));
  return fuzz::stored_zip({{"config.json", text_of(zip.read("config.json", 1 << 24))},
                           {"model.weights.h5", text_of(zip.read("model.weights.h5", 1 << 24))},
                           {name, text}});
}

struct Refusal {
  std::string what;  // for the documentation
  std::string ending;
  std::function<std::string()> bytes;
  std::string text;  // the error, after the path
};

const std::vector<Refusal>& refusals() {
  static const std::vector<Refusal> all = {
      {"neither .keras nor .h5", ".keras", [] { return std::string("a text\n"); },
       "not a zip archive (.keras) and not an HDF5 file (.h5), so it is no model that can be read"},
      {"a Python pickle", ".keras", [] { return std::string("\x80\x04\x95\x10\0\0\0\0\0\0\0}\x94.", 14); },
       "it is a Python pickle, which is code and is never loaded. In Python, load it there and save the model with "
       "model.save(\"m.keras\"), or its weights with numpy.savez."},
      {"an archive that was cut short", ".keras",
       [] {
         std::string archive = Parts("trained_adam").archive();
         return archive.substr(0, archive.size() - 30);
       },
       "not a zip archive that can be read (Not a zip archive); a .keras file is one"},
      {"an entry that leaves the archive", ".keras",
       [] { return fuzz::stored_zip({{"../config.json", "{}"}}); },
       "an entry is named \"../config.json\", which is not allowed"},
      {"a part that Keras does not write", ".keras",
       [] {
         Parts parts("trained_adam");
         return fuzz::stored_zip({{"config.json", parts.config}, {"model.weights.h5", parts.weights}, {"run.py", "1"}});
       },
       "it holds run.py, which is no part of a .keras file"},
      {"a zip bomb", ".keras", [] { return zip_bomb(uint64_t{1} << 30); },
       "entry \"model.weights.h5\" has 1073741824 bytes; at most 33554432 are read"},
      {"a config that unfolds to too much", ".keras", [] { return zip_bomb(uint64_t{60} << 20, "config.json"); },
       "entry \"config.json\" has 62914560 bytes; at most 5242880 are read"},
      {"JSON nested too deeply", ".keras",
       [] {
         Parts parts("trained_adam");
         parts.config = std::string(100000, '[');
         return parts.archive();
       },
       "config.json: its values are nested more than 200 deep"},
      {"JSON with too many values", ".keras",
       [] {
         Parts parts("trained_adam");
         parts.config = "{\"a\": [" + std::string(3 << 20, ',') + "]}";
         return parts.archive();
       },
       "config.json: it has more than 150000 values"},
      {"a config of nearly as many", ".keras",
       [] {
         return changed_config("trained_adam",
                               [](Json& layers) { layers[1]["config"]["mystery"] = std::vector<int>(145000, 0); });
       },
       "Layer 'dense' of class Dense has the option mystery=a list of 145000 values in the model's config, which Hornbeam "
       "does not have yet"},
      {"a config that is nearly too long", ".keras",
       [] {
         return changed_config("trained_adam",
                               [](Json& layers) { layers[1]["config"]["mystery"] = std::string((5 << 20) - 9000, 'a'); });
       },
       "Layer 'dense' of class Dense has the option mystery=\"aaaaaaaaaa*...\" in the model's config, which Hornbeam does not "
       "have yet"},
      {"a Lambda layer", ".keras", [] { return text_of(read_file(data_path("models/refused_lambda.keras"))); },
       "Lambda layer 'double' is Python code, which a model file must not bring along. Write it as a layer class of your "
       "own, register it with hornbeam::register_layer, and save the model with that layer; or replace it by layers and "
       "keras.ops in the model before saving."},
      {"a function of a module", ".keras",
       [] {
         return changed_config("trained_adam", [](Json& layers) {
           layers[1]["config"]["activation"] = {{"module", "os"}, {"class_name", "function"}, {"config", "system"}};
         });
       },
       "Function 'system' of module 'os' is Python code, which a model file must not bring along. Write it as a layer class "
       "of your own, register it with hornbeam::register_layer, and save the model with that layer; or replace it by layers "
       "and keras.ops in the model before saving."},
      {"a vocabulary in another file", ".keras",
       [] {
         return changed_config("trained_adam", [](Json& layers) { layers[1]["config"]["vocabulary"] = "/etc/passwd"; });
       },
       "The model's config names the file '/etc/passwd' as a vocabulary; files that a model names are not opened. Save the "
       "model with the vocabulary in it, as Keras does when the layer was adapted or got a list."},
      {"a vocabulary that has a token twice", ".keras",
       [] { return with_vocabulary("assets/layers/functional/layers/text_vectorization/vocabulary.txt", [] {
              std::string text = "\n[UNK]\n";
              for (int i = 0; i < 4 << 20; ++i) text += "a\n";
              return text;
            }()); },
       "assets/layers/functional/layers/text_vectorization/vocabulary.txt: [StringLookup] The passed vocabulary has at least "
       "one repeated term, in line 4. Please uniquify your dataset."},
      {"a vocabulary that has its last token twice", ".keras",
       [] { return with_vocabulary("assets/layers/functional/layers/text_vectorization/vocabulary.txt", [] {
              std::string text = "\n[UNK]\n";
              for (int i = 0; i < 100000; ++i) text += std::to_string(i) + "\n";
              return text + "99999\n";
            }()); },
       "assets/layers/functional/layers/text_vectorization/vocabulary.txt: [StringLookup] The passed vocabulary has at least "
       "one repeated term, in line *. Please uniquify your dataset."},
      {"a vocabulary that no layer takes", ".keras",
       [] { return with_vocabulary("assets/layers/dense/vocabulary.txt", "a"); },
       "it holds assets/layers/dense/vocabulary.txt, which no layer of the model has a use for"},
      {"a layer of your own that is not registered", ".keras",
       [] {
         return changed_config("trained_adam", [](Json& layers) {
           layers[1]["class_name"] = "MyLayer";
           layers[1]["module"] = "my.module";
         });
       },
       "Layer 'dense' is of class MyLayer (my.module), which is not known here. Register it with hornbeam::register_layer "
       "before loading."},
      {"a layer that Hornbeam does not have", ".keras",
       [] { return changed_config("trained_adam", [](Json& layers) { layers[1]["class_name"] = "TFSMLayer"; }); },
       "Layer 'dense' is of class TFSMLayer (keras.layers), which Hornbeam does not have yet"},
      {"an operation that Hornbeam does not have", ".keras",
       [] {
         return changed_config("shared_and_merged", [](Json& layers) {
           layers[1]["class_name"] = "Mystery";
           layers[1]["module"] = "keras.src.ops.numpy";
         });
       },
       "The model's graph uses the operation Mystery of keras.ops*, which Hornbeam does not have yet"},
      {"an option that a layer does not have", ".keras",
       [] { return changed_config("trained_adam", [](Json& layers) { layers[1]["config"]["mystery"] = 4; }); },
       "Layer 'dense' of class Dense has the option mystery=4 in the model's config, which Hornbeam does not have yet"},
      {"two layers of one name", ".keras",
       [] { return changed_config("shared_and_merged", [](Json& layers) { layers.push_back(layers[1]); }); },
       "Two layers in the model's config are named *"},
      {"a graph with a cycle", ".keras",
       [] {
         return changed_config("untrained_functional", [](Json& layers) {
           Json& history = layers[1]["inbound_nodes"][0]["args"][0]["config"]["keras_history"];
           history = {layers[1]["name"], 0, 0};
         });
       },
       "The model's config has calls whose inputs no layer makes, or that wait for each other: layer *"},
      {"a tensor that no layer makes", ".keras",
       [] {
         return changed_config("untrained_functional", [](Json& layers) {
           layers[1]["inbound_nodes"][0]["args"][0]["config"]["keras_history"] = {"absent", 0, 0};
         });
       },
       "The model's config has calls whose inputs no layer makes, or that wait for each other: layer *"},
      {"a constant that the text does not fill", ".keras",
       [] {
         return changed_config("untrained_functional", [](Json& layers) {
           layers[1]["inbound_nodes"][0]["args"][0] = constant_call(20000, 20000);
         });
       },
       "A constant in the model's config has rows of different lengths."},
      {"a variable that the file does not fill", ".keras",
       [] { return changed_config("trained_adam", [](Json& layers) { layers[1]["config"]["units"] = 1000000; }); },
       "the config asks for variable 'sequential*/dense/kernel' of shape (9, 1000000), which is more than the weights "
       "file holds"},
      {"weights of another shape", ".keras",
       [] { return changed_config("trained_adam", [](Json& layers) { layers[1]["config"]["units"] = 5; }); },
       "Layer 'dense': variable 'sequential*/dense/kernel' has shape (9, 5), but /layers/dense/vars/0 in the weights file "
       "has shape (9, 7)"},
      {"weights that belong to no layer", ".keras",
       [] { return changed_config("sequential_without_input", [](Json& layers) { layers.erase(2); }); },
       "The weights file holds /layers/dense_1/vars/0, for which the model has no variable"},
      {"a weights file that was cut short", ".keras",
       [] { return changed_weights("trained_adam", [](std::string& weights) { weights.resize(weights.size() / 2); }); },
       "model.weights.h5: not a file that can be read as HDF5: it says that it has * bytes, but * are there: it is cut off"},
      {"links out of the weights file", ".keras",
       [] {
         return changed_weights("trained_adam",
                                [](std::string& weights) { weights = text_of(read_file(data_path("hdf5/soft_link.h5"))); });
       },
       "model.weights.h5: *"},
      {"weights in other files", ".keras",
       [] {
         return changed_weights(
             "trained_adam", [](std::string& weights) { weights = text_of(read_file(data_path("hdf5/external_data.h5"))); });
       },
       "model.weights.h5: *"},
      {"an .h5 file of weights alone", ".h5",
       [] {
         return legacy([](hdf5::Writer& writer) { writer.attribute_list("", "layer_names", {"dense"}); });
       },
       "it holds weights alone, no model. Make the model first and load the file with model.load_weights."},
      {"a function that changed its meaning", ".h5",
       [] {
         return legacy([](hdf5::Writer& writer) {
           writer.attribute("", "keras_version", "2.1.6");
           writer.attribute("", "model_config",
                            R"({"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "d", )"
                            R"("units": 2, "activation": "hard_sigmoid", "batch_input_shape": [null, 3]}}]})");
         });
       },
       "Dense uses Keras 2's hard_sigmoid, which is another function than today's. Load the model in Keras 2, replace the "
       "activation, and save it again."},
  };
  return all;
}

std::string npy(const std::string& descr, const std::string& shape, const std::string& data) {
  std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
  while ((header.size() + 11) % 64 != 0) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY\x01";
  fuzz::put(bytes, 0, 1);
  fuzz::put(bytes, header.size(), 2);
  return bytes + header + data;
}

std::string safetensors(const std::string& header, size_t data_bytes) {
  std::string bytes;
  fuzz::put(bytes, header.size(), 8);
  return bytes + header + std::string(data_bytes, '\0');
}

// Files of weights for a model of two Dense layers, of 9 → 7 → 3.
const std::vector<Refusal>& weight_refusals() {
  static const std::vector<Refusal> all = {
      {"no file of weights", ".npz", [] { return std::string("a text\n"); },
       "not a zip archive (.keras) and not an HDF5 file (.h5), so it is no model that can be read"},
      {"an array of pickled objects", ".npz",
       [] { return fuzz::stored_zip({{"layers/dense/vars/0.npy", npy("|O", "(1,)", "\x80\x04N.")}}); },
       "'layers/dense/vars/0.npy' is no readable .npy file: it holds pickled Python objects, which are not loaded."},
      {"an archive with a pickle", ".npz", [] { return fuzz::stored_zip({{"archive/data.pkl", "\x80\x02}."}}); },
       "it holds archive/data.pkl, a Python pickle, which is code and is never loaded. In Python, save the weights with "
       "numpy.savez."},
      {"an archive of something else", ".npz", [] { return fuzz::stored_zip({{"word/document.xml", "<w/>"}}); },
       "it is neither a .keras file nor a .npz: it holds word/document.xml"},
      {"an array that is larger than the model's", ".npz",
       [] { return fuzz::stored_zip({{"layers/dense/vars/0.npy", npy("<f4", "(1000, 100)", std::string(400000, '\0'))}}); },
       "entry \"layers/dense/vars/0.npy\" has * bytes; at most * are read"},
      {"an array whose shape its bytes do not fill", ".npz",
       [] { return fuzz::stored_zip({{"layers/dense/vars/0.npy", npy("<f4", "(1000000, 1000000)", "1234")}}); },
       "'layers/dense/vars/0.npy' is no whole .npy file: shape (1000000, 1000000) of float32 needs 4000000000000 bytes of "
       "elements, received at most 4."},
      {"an array that belongs to no layer", ".npz",
       [] { return fuzz::stored_zip({{"layers/other/vars/0.npy", npy("<f4", "(1,)", "1234")}}); },
       "Layer 'dense' has 2 variables, but the weights file has no layers/dense/vars"},
      {"a header that is longer than the file", ".safetensors",
       [] {
         std::string bytes = safetensors("{}", 0);
         bytes[0] = '\x70';
         return bytes;
       },
       "not a zip archive (.keras) and not an HDF5 file (.h5), so it is no model that can be read"},
      {"a tensor that lies outside the file", ".safetensors",
       [] {
         return safetensors(R"({"layers/dense/vars/0":{"dtype":"F32","shape":[9,7],"data_offsets":[4000,4252]}})", 252);
       },
       "[safetensors] * is damaged: 'layers/dense/vars/0' lies outside the data"},
      {"tensors that overlap", ".safetensors",
       [] {
         return safetensors(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},)"
                            R"("b":{"dtype":"F32","shape":[4],"data_offsets":[8,24]}})", 24);
       },
       "[safetensors] * is damaged: the tensors' bytes overlap or leave a hole at 16"},
      {"a name that stands twice", ".safetensors",
       [] {
         return safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                            R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4);
       },
       "[safetensors] * is damaged: the header has the name 'a' twice"},
      {"weights of another model", ".weights.h5", [] { return Parts("sequential_without_input").weights; },
       "Layer 'dense': variable 'sequential*/dense/kernel' has shape (9, 7), but /layers/dense/vars/0 in the weights file "
       "has shape (5, 6)"},
      {"an array in another file", ".weights.h5",
       [] { return text_of(read_file(data_path("hdf5/external_data.h5"))); },
       "not a file that can be read as HDF5: a dataset keeps its elements in other files, which is not allowed"},
      {"layers of another number", ".h5",
       [] {
         return legacy([](hdf5::Writer& writer) {
           writer.attribute_list("", "layer_names", {"dense"});
           writer.attribute_list("dense", "weight_names", {"dense/kernel:0"});
           writer.dataset("dense/dense/kernel:0", Array(DType::float32, {9, 7}));
         });
       },
       "The model has 2 layers with weights, but the file has 1"},
  };
  return all;
}

// What loading a file took and said, measured in a process of its own.
struct Outcome {
  double seconds = -1;
  int64_t kilobytes = 0;  // above what was there before
  std::string text;
};

int64_t status_kilobytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind(key, 0) == 0) return std::stol(line.substr(key.size() + 1));
  return 0;
}

double processor_seconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// As a model; or as weights, into a model that is given.
Outcome load_in_child(const std::string& path, Model* model) {
  int pipes[2];
  if (pipe(pipes) != 0) return {};
  pid_t child = fork();
  if (child == 0) {
    int64_t before = status_kilobytes("VmRSS:");
    double start = processor_seconds();
    std::string text = "was loaded";
    try {
      if (model)
        model->load_weights(path);
      else
        load_model(path);
    } catch (const IOError& error) {
      text = error.what();
    } catch (const NotImplementedError& error) {
      text = error.what();
    } catch (...) {
      text = "another exception";
    }
    char head[64];
    std::snprintf(head, sizeof(head), "%.6f %ld ", processor_seconds() - start,
                  static_cast<long>(status_kilobytes("VmHWM:") - before));
    std::string report = head + text;
    bool told = write(pipes[1], report.data(), report.size()) == static_cast<ssize_t>(report.size());
    _exit(told ? 0 : 1);
  }
  close(pipes[1]);
  std::string report(8192, '\0');
  ssize_t size = read(pipes[0], report.data(), report.size());
  close(pipes[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || size <= 0) return {.text = "the process died"};
  report.resize(static_cast<size_t>(size));
  size_t first = report.find(' '), second = report.find(' ', first + 1);
  return {std::stod(report), std::stol(report.substr(first + 1)), report.substr(second + 1)};
}

// `text` may have '*' for what differs from run to run.
bool matches(const std::string& found, const std::string& text) {
  std::string pattern;
  for (char c : text) {
    if (c == '*')
      pattern += ".*";
    else if (std::isalnum(static_cast<unsigned char>(c)) || c == ' ')
      pattern += c;
    else
      pattern += std::string("\\") + c;
  }
  return std::regex_match(found, std::regex(pattern));
}

// The columns of the documentation: what is wrong, the answer, and what loading took above the file's size, which is
// measured and differs a little from run to run.
std::string row(const Refusal& refusal) { return "| " + refusal.what + " | " + refusal.text + " |"; }

void note_row(const Refusal& refusal, double mebibytes) {
  const char* path = std::getenv("HORNBEAM_REFUSALS_TABLE");
  if (!path) return;
  char memory[32];
  std::snprintf(memory, sizeof(memory), " %.1f MiB |", std::max(0.0, mebibytes));
  std::ofstream(path, std::ios::app) << row(refusal) << memory << "\n";
}

void expect_refused(const Refusal& refusal, Model* model) {
  TemporaryFolder folder;
  std::string path = folder / ("model" + refusal.ending);
  std::string bytes = refusal.bytes();
  std::ofstream(path, std::ios::binary) << bytes;
  Outcome outcome = load_in_child(path, model);
  ASSERT_EQ(outcome.text.rfind(path, 0), 0u) << outcome.text;
  std::string text = outcome.text.substr(path.size());
  if (text.rfind(": ", 0) == 0) text = text.substr(2);
  EXPECT_TRUE(matches(text, refusal.text)) << "found:    " << text << "\nexpected: " << refusal.text;
  EXPECT_LT(outcome.seconds, 0.1);
  EXPECT_LT(outcome.kilobytes, 64 * 1024 + static_cast<int64_t>(bytes.size() / 1024));
  note_row(refusal, static_cast<double>(outcome.kilobytes) / 1024 - static_cast<double>(bytes.size()) / (1 << 20));
}

std::string name_of_case(const testing::TestParamInfo<Refusal>& info) {
  std::string name;
  for (char c : info.param.what) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

class Refusals : public testing::TestWithParam<Refusal> {};

TEST_P(Refusals, AreQuickSmallAndClear) { expect_refused(GetParam(), nullptr); }

INSTANTIATE_TEST_SUITE_P(Files, Refusals, testing::ValuesIn(refusals()), name_of_case);

class WeightRefusals : public testing::TestWithParam<Refusal> {};

TEST_P(WeightRefusals, AreQuickSmallAndClear) {
  Model model = load_model(data_path("models/trained_adam.keras"));
  expect_refused(GetParam(), &model);
}

INSTANTIATE_TEST_SUITE_P(Files, WeightRefusals, testing::ValuesIn(weight_refusals()), name_of_case);

TEST(RefusalsTable, StandsInTheDocumentation) {
  std::string documentation = text_of(read_file(std::string(HORNBEAM_TEST_DATA) + "/../docs/how-to/untrusted-models.md"));
  for (const auto* list : {&refusals(), &weight_refusals()})
    for (const Refusal& refusal : *list)
      EXPECT_NE(documentation.find(row(refusal)), std::string::npos)
          << "missing in untrusted-models.md: " << row(refusal);
}

}  // namespace
}  // namespace hornbeam::saving_test
