// Trains the models of test/saving/data/keras for an epoch, saves them in every format, and trains on; what real Keras makes
// of the files is compared with that (compare.py).
//
//   write_models FOLDER      writes <model>.keras, .h5, .weights.h5, and <model>_predicted.npz, _after.npz, _history.txt;
//                            of the models of test/saving/data/vocabularies vocabulary_<model>.keras and _predicted.npz
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/saving.h>

namespace hb = hornbeam;

namespace {

// x0, x1, … of a .npz file.
hb::Arrays arrays(const std::string& path, const std::string& prefix) {
  std::map<std::string, hb::Array> all;
  for (auto& [name, array] : hb::runtime::read_npz(path)) all[name] = array;
  std::vector<hb::Array> found;
  for (auto at = all.find(prefix + "0"); at != all.end(); at = all.find(prefix + std::to_string(found.size())))
    found.push_back(at->second);
  return found.size() == 1 ? hb::Arrays(found[0]) : hb::Arrays(found);
}

void write_outputs(const std::string& path, const hb::Arrays& outputs) {
  hb::runtime::NamedArrays named;
  for (size_t i = 0; i < outputs.size(); ++i) named.emplace_back("y" + std::to_string(i), outputs[i]);
  hb::runtime::write_npz(path, named);
}

void write_model(const std::string& folder, const std::string& name, const std::string& out) {
  hb::Model model = hb::load_model(folder + "/model.keras");
  std::string train = folder + "/train.npz", inputs = folder + "/inputs.npz", to = out + "/" + name;
  hb::FitOptions options{.batch_size = 8, .verbose = 0, .shuffle = false};
  model.fit(arrays(train, "x"), arrays(train, "y"), options);
  model.save(to + ".keras");
  model.save(to + ".h5");
  model.save_weights(to + ".weights.h5");
  write_outputs(to + "_predicted.npz", model.predict(arrays(inputs, "x"), {.batch_size = 8, .verbose = 0}));
  hb::History history = model.fit(arrays(train, "x"), arrays(train, "y"), options);
  write_outputs(to + "_after.npz", model.predict(arrays(inputs, "x"), {.batch_size = 8, .verbose = 0}));
  std::ofstream(to + "_history.txt") << history["loss"].at(0) << "\n";
}

// A model whose layers learned vocabularies: only a .keras file holds them.
void write_vocabularies(const std::string& path, const std::string& out) {
  hb::Model model = hb::load_model(path + ".keras");
  std::string to = out + "/vocabulary_" + std::string(std::filesystem::path(path).filename());
  model.save(to + ".keras");
  write_outputs(to + "_predicted.npz", model.predict(arrays(path + ".npz", "x"), {.batch_size = 8, .verbose = 0}));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "error: one folder to write to was expected\n");
    return 2;
  }
  std::string models = std::string(HORNBEAM_TEST_DATA) + "/saving/data/keras/models";
  int written = 0, missing = 0;
  for (const auto& entry : std::filesystem::directory_iterator(models)) {
    std::string folder = entry.path(), name = entry.path().filename();
    if (!std::filesystem::exists(folder + "/train.npz")) continue;
    try {
      write_model(folder, name, arguments[1]);
      ++written;
    } catch (const hb::NotImplementedError& error) {
      std::printf("%s: %s\n", name.c_str(), error.what());
      ++missing;
    }
  }
  for (const char* name : {"words_by_weight", "lookups", "nested"}) {
    write_vocabularies(std::string(HORNBEAM_TEST_DATA) + "/saving/data/vocabularies/" + name, arguments[1]);
    ++written;
  }
  std::printf("%d models written, %d need what is not there yet\n", written, missing);
  return written > 0 ? 0 : 1;
}
