#include "frontend/src/saving/vocabularies.h"

#include <algorithm>
#include <set>

#include <hornbeam/base/error.h>
#include <hornbeam/layers/host_layer.h>

#include "frontend/src/saving/printable.h"
#include "frontend/src/saving/weight_places.h"

namespace hornbeam::saving {
namespace {

constexpr uint64_t kMostPacking = 20;   // times its stored size
constexpr uint64_t kMostBytes = 64 << 20;

std::string entry_name(const WeightPlace& place) { return join_path(join_path("assets", place.path), "vocabulary.txt"); }

}  // namespace

std::vector<std::pair<std::string, std::string>> vocabulary_entries(const Model& model) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const WeightPlace& place : weight_places(*model.shared()))
    if (place.vocabulary)
      if (std::optional<std::string> text = place.vocabulary->vocabulary_text())
        entries.emplace_back(entry_name(place), std::move(*text));
  return entries;
}

void read_vocabularies(ZipReader& zip, const Model& model) {
  std::set<std::string> known;
  for (const WeightPlace& place : weight_places(model)) {
    std::string name = entry_name(place);
    if (!place.vocabulary || !zip.contains(name)) continue;
    known.insert(name);
    if (!place.vocabulary->vocabulary_text()) continue;  // the config has it
    uint64_t stored = zip.stored_size(name);
    std::vector<uint8_t> bytes = zip.read(name, std::min(kMostBytes, stored * kMostPacking));
    try {
      place.vocabulary->set_vocabulary_text({bytes.begin(), bytes.end()});
    } catch (const Error& error) {
      throw IOError(printable(name) + ": " + error.what());
    }
  }
  for (const std::string& name : zip.names())
    if (name.rfind("assets/", 0) == 0 && name.back() != '/' && !known.contains(name))
      throw NotImplementedError("it holds " + printable(name) + ", which no layer of the model has a use for");
}

std::string layer_with_vocabulary(const Model& model) {
  for (const WeightPlace& place : weight_places(*model.shared()))
    if (place.vocabulary && !place.vocabulary->vocabulary_text().value_or("").empty()) return place.owner;
  return "";
}

}  // namespace hornbeam::saving
