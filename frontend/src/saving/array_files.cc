// .safetensors and .npz files of weights.
#include "frontend/src/saving/array_files.h"

#include <algorithm>
#include <map>
#include <memory>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/base/error.h>
#include <hornbeam/runtime/data/npy.h>

#include "frontend/src/saving/printable.h"
#include "frontend/src/saving/safetensors.h"
#include "frontend/src/saving/weight_places.h"
#include "frontend/src/saving/weights.h"
#include "frontend/src/saving/zip_writer.h"

namespace hornbeam::saving {
namespace {

constexpr uint64_t kMostNpyHeader = 64 << 10;
constexpr uint64_t kMostPacking = 4;  // times its stored size

struct Named {
  std::string name;
  Variable variable;
  Array value;
};

std::vector<Named> named_variables(const Model& model) {
  std::vector<Named> all;
  for (const WeightPlace& place : weight_places(*model.shared()))
    for (size_t i = 0; i < place.variables.size(); ++i)
      all.push_back({join_path(place.path, "vars/" + std::to_string(i)), place.variables[i], place.value(i)});
  return all;
}

void refuse_by_name(const LoadWeightsOptions& options, const char* format) {
  if (options.by_name)
    throw ValueError(std::string("`by_name` needs a file that names its layers: .weights.h5 or .h5. This is ") + format);
}

LoadWeightsReport load(const Model& model, const std::map<std::string, Array>& arrays,
                       const LoadWeightsOptions& options) {
  return load_weights(model, stored_arrays(arrays), {.skip_mismatch = options.skip_mismatch});
}

// "arr_3" → 3; -1 for any other name.
int64_t savez_number(const std::string& name) {
  if (name.rfind("arr_", 0) != 0 || name.size() > 12 || name.size() < 5) return -1;
  if (!std::all_of(name.begin() + 4, name.end(), [](char c) { return c >= '0' && c <= '9'; })) return -1;
  return std::stol(name.substr(4));
}

// What the variables are called here instead of by their number.
void name_by_order(const Model& model, std::map<std::string, Array>& arrays) {
  std::vector<Variable> weights = model.weights();
  std::map<VariableImpl*, std::string> names;
  for (const Named& named : named_variables(model)) names[named.variable.impl()] = named.name;
  std::map<std::string, Array> renamed;
  for (auto& [name, array] : arrays) {
    int64_t number = savez_number(name);
    bool known = number >= 0 && static_cast<size_t>(number) < weights.size();
    renamed[known ? names.at(weights[static_cast<size_t>(number)].impl()) : name] = array;
  }
  arrays = std::move(renamed);
}

}  // namespace

bool is_safetensors(const std::vector<uint8_t>& start, uint64_t size) {
  if (start.size() < 9) return false;
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | start[static_cast<size_t>(i)];
  return length <= size - 8 && start[8] == '{';
}

bool is_pickle(const std::vector<uint8_t>& start) {
  return start.size() > 2 && start[0] == 0x80 && start[1] >= 2 && start[1] <= 5;
}

LoadWeightsReport read_safetensors_weights(InputFile& file, Model& model, const LoadWeightsOptions& options) {
  refuse_by_name(options, "a .safetensors file.");
  auto bytes = std::make_shared<std::vector<uint8_t>>(file.read());
  SafeTensors tensors =
      parse_safetensors({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, bytes, file.shown());
  return load(model, tensors.tensors, options);
}

LoadWeightsReport read_npz_weights(ZipReader& zip, Model& model, const LoadWeightsOptions& options) {
  // An array that is larger than all of the model's is refused before it takes memory, and so are more of them than the
  // model and the stored bytes can account for.
  uint64_t most = kMostNpyHeader, left = 0;
  for (const Variable& variable : model.weights()) {
    uint64_t bytes = static_cast<uint64_t>(variable.shape().num_elements()) * 8 + kMostNpyHeader;
    most = std::max(most, bytes);
    left += bytes;
  }
  for (const std::string& name : zip.names()) left += kMostPacking * zip.stored_size(name);
  std::map<std::string, Array> arrays;
  bool numbered = false;
  for (const std::string& name : zip.names()) {
    if (name.size() > 4 && name.compare(name.size() - 4, 4, ".pkl") == 0)
      throw IOError("it holds " + printable(name) +
                    ", a Python pickle, which is code and is never loaded. In Python, save the weights with numpy.savez.");
    if (name.size() < 5 || name.compare(name.size() - 4, 4, ".npy") != 0)
      throw IOError("it is neither a .keras file nor a .npz: it holds " + printable(name));
    refuse_by_name(options, "a .npz file.");
    std::vector<uint8_t> bytes = zip.read(name, std::min(most, left));
    left -= bytes.size();
    std::string plain = name.substr(0, name.size() - 4);
    numbered = numbered || savez_number(plain) >= 0;
    arrays[plain] = runtime::parse_npy({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, printable(name));
  }
  if (numbered) name_by_order(model, arrays);
  return load(model, arrays, options);
}

void write_safetensors_weights(const Model& model, const std::string& path, const SaveOptions& options) {
  std::map<std::string, Array> arrays;
  std::map<std::string, std::string> metadata = {{"format", "keras"}};
  for (const Named& named : named_variables(model)) {
    arrays[named.name] = named.value;
    metadata[named.name] = named.variable.path();
  }
  AtomicFile file(path, options.overwrite);
  write_safetensors(file, arrays, metadata);
  file.commit();
}

void write_npz_weights(const Model& model, const std::string& path, const SaveOptions& options) {
  std::vector<std::string> contents;
  std::vector<Named> all = named_variables(model);
  for (const Named& named : all) contents.push_back(runtime::serialize_npy(named.value));
  std::vector<ZipEntry> entries;
  for (size_t i = 0; i < all.size(); ++i) entries.push_back({all[i].name + ".npy", contents[i]});
  AtomicFile file(path, options.overwrite);
  write_zip(file, entries);
  file.commit();
}

}  // namespace hornbeam::saving
