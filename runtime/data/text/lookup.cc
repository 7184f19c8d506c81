#include "runtime/data/text/lookup.h"

#include <hornbeam/base/strings.h>

namespace hornbeam::runtime::text {

Lookup::Lookup(const LookupOp& op)
    : table_(op.tokens),
      num_oov_(op.num_oov),
      first_unknown_(op.first_unknown()),
      first_token_(op.first_token()),
      mask_(op.mask),
      salt_(op.salt),
      encoding_(op.encoding),
      counts_(op.encoding.mode != "int") {
  if (num_oov_ < 0) throw ValueError("A vocabulary has " + std::to_string(num_oov_) + " numbers for unknown strings.");
  check_encoding(encoding_);
}

int64_t Lookup::unknown(std::string_view token) const {
  if (num_oov_ == 1) return first_unknown_;
  if (num_oov_ == 0)
    throw ValueError("When `num_oov_indices=0` all inputs should be in vocabulary, found OOV values [\"" +
                     std::string(token.substr(0, 100)) + "\"], consider setting `num_oov_indices=1`.");
  return first_unknown_ + hash_bin(token, num_oov_, salt_);
}

int64_t hash_bin(std::string_view bytes, int64_t num_bins, const std::optional<std::array<uint64_t, 2>>& salt) {
  uint64_t hash = salt ? sip_hash64(*salt, bytes) : farm_hash64(bytes);
  return static_cast<int64_t>(hash % static_cast<uint64_t>(num_bins));
}

Array run_lookup(const Lookup& lookup, const Array& texts) {
  std::vector<int64_t> numbers;
  numbers.reserve(static_cast<size_t>(texts.num_elements()));
  for (const std::string& text : strings_of(texts)) numbers.push_back(lookup.number(text));
  return encode(numbers, texts.shape(), lookup.encoding());
}

Array run_tokens(const TokensOp& op, const Array& numbers) {
  if (!is_integer(numbers.dtype()))
    throw TypeError("Numbers of a vocabulary are integers. Received: an array of " +
                    std::string(name_of(numbers.dtype())));
  std::vector<std::string> tokens;
  for (int64_t i = 0; i < numbers.num_elements(); ++i) {
    const int64_t number = numbers.get_int(i), at = number - op.first_token;
    if (number == 0 && op.mask) tokens.push_back(*op.mask);
    else if (at >= 0 && at < static_cast<int64_t>(op.tokens.size())) tokens.push_back(op.tokens[static_cast<size_t>(at)]);
    else tokens.push_back(op.oov_token);
  }
  return strings(numbers.shape(), std::move(tokens));
}

Array run_reshape(const ReshapeOp& op, const Array& array) {
  Shape shape = op.shape;
  if (array.shape().empty() || shape.empty()) throw ValueError("A reshape of strings needs a batch axis.");
  shape[0] = array.shape()[0];
  int64_t known = 1;
  for (int64_t i = 0; i < shape.rank(); ++i)
    if (shape[i] >= 0) known *= shape[i];
  for (int64_t i = 1; i < shape.rank(); ++i)
    if (shape[i] < 0) shape[i] = known > 0 ? array.num_elements() / known : 0;
  return array.reshaped(shape);
}

}  // namespace hornbeam::runtime::text
