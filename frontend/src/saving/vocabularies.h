// Vocabularies in a .keras file: assets/<place of the layer>/vocabulary.txt, one token a line.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <hornbeam/model.h>

#include "frontend/src/saving/zip_reader.h"

namespace hornbeam::saving {

// Names and texts of the entries that the model's layers need, in order.
std::vector<std::pair<std::string, std::string>> vocabulary_entries(const Model& model);

// Gives the layers their vocabularies, after the weights are loaded. Throws IOError if a layer refuses its own, or an entry
// under assets/ belongs to no layer.
void read_vocabularies(ZipReader& zip, const Model& model);

// The first layer whose vocabulary only a .keras file can hold; "" if there is none.
std::string layer_with_vocabulary(const Model& model);

}  // namespace hornbeam::saving
