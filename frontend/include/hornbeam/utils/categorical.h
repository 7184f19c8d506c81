// Small works on host arrays before training: Keras' to_categorical, normalize and pad_sequences.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <hornbeam/base/array.h>

namespace hornbeam::utils {

// float32 [..., num_classes], 1 at the class and 0 elsewhere, from integers [...] (a last axis of size 1 is dropped).
// num_classes is the largest class + 1 if not given. Throws ValueError for a class outside [0, num_classes).
Array to_categorical(const Array& x, std::optional<int64_t> num_classes = {});

// x / ‖x‖ along `axis`, by the norm of order `order` (1 or greater); where the norm is 0, x stays. float32, or x's dtype
// if that is float64. (Keras 3.15.1 divides NumPy arrays along the last axis when axis is 0; its tensors as here.)
Array normalize(const Array& x, int64_t axis = -1, double order = 2);

struct PadSequencesOptions {
  std::optional<int64_t> maxlen = {};  // of every row; the longest sequence's if not given
  DType dtype = DType::int32;
  std::string padding = "pre";         // where a short sequence is filled up: "pre" (before it) or "post"
  std::string truncating = "pre";      // where a long one is cut: "pre" (its begin) or "post"
  double value = 0;                    // what fills up
};

// [sequences, maxlen] from sequences of any lengths. Throws ValueError for another word for padding or truncating.
Array pad_sequences(const std::vector<std::vector<double>>& sequences, const PadSequencesOptions& options = {});

}  // namespace hornbeam::utils
