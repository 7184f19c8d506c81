// A dataset: what its header says, and its elements.
#pragma once

#include <optional>
#include <vector>

#include <hornbeam/base/array.h>

#include "frontend/src/saving/hdf5/messages.h"

namespace hornbeam::hdf5 {

struct Dataset {
  Datatype type;
  Dataspace space;
  Layout layout;
  std::vector<Filter> filters;
};

// nullopt where the header describes no dataset (a named datatype, say). Throws where it names files outside.
std::optional<Dataset> describe_dataset(const Image& image, const std::vector<Message>& header);

// All elements as they stand in the file, row-major.
std::vector<uint8_t> read_bytes(const Image& image, const Dataset& dataset, const Shape& shape);

// All elements as an array of `dtype`, which has as many bytes per element as the file's type.
Array read_numbers(const Image& image, const Dataset& dataset, const Shape& shape, DType dtype);

}  // namespace hornbeam::hdf5
