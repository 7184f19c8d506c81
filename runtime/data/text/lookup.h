// Strings to numbers of a vocabulary: what the operations of a host graph have in common.
#pragma once

#include <string_view>

#include <hornbeam/runtime/host_graph.h>

#include "runtime/data/text/encode.h"
#include "runtime/data/text/token_table.h"

namespace hornbeam::runtime::text {

class Lookup {
 public:
  // Throws ValueError for options that no vocabulary can have.
  explicit Lookup(const LookupOp& op);

  // kLeftOut for the mask token where it does not count. Throws ValueError for an unknown string without a number.
  int64_t number(std::string_view token) const {
    if (mask_ && token == *mask_) return counts_ ? kLeftOut : 0;
    int64_t at = table_.find(token);
    return at >= 0 ? first_token_ + at : unknown(token);
  }
  const Encoding& encoding() const { return encoding_; }

 private:
  int64_t unknown(std::string_view token) const;

  TokenTable table_;
  int64_t num_oov_, first_unknown_, first_token_;
  std::optional<std::string> mask_;
  std::optional<std::array<uint64_t, 2>> salt_;
  Encoding encoding_;
  bool counts_;
};

// The bin of a string.
int64_t hash_bin(std::string_view bytes, int64_t num_bins, const std::optional<std::array<uint64_t, 2>>& salt);
// Element i of an array as a string: its own, or the number's decimals (floats without their fraction).
std::string decimals(const Array& array, int64_t i);

// The operations of a host graph on arrays.
Array run_lookup(const Lookup& lookup, const Array& texts);
Array run_vectorize(const VectorizeOp& op, const Lookup& lookup, const Array& texts);
Array run_tokens(const TokensOp& op, const Array& numbers);
Array run_hash(const HashOp& op, const Array& values);
Array run_cross(const CrossOp& op, const std::vector<Array>& features);
Array run_reshape(const ReshapeOp& op, const Array& array);

}  // namespace hornbeam::runtime::text
