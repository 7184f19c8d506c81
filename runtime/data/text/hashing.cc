// Values, and several of them together, to bins by their hashes.
#include <cstdlib>

#include <hornbeam/base/strings.h>

#include "runtime/data/text/lookup.h"

namespace hornbeam::runtime::text {

std::string decimals(const Array& array, int64_t i) {
  if (array.dtype() == DType::string) return strings_of(array)[static_cast<size_t>(i)];
  if (array.dtype() == DType::boolean) return array.get(i) != 0 ? "true" : "false";
  int64_t value = array.get_int(i);
  return array.dtype() == DType::uint64 ? std::to_string(static_cast<uint64_t>(value)) : std::to_string(value);
}

Array run_hash(const HashOp& op, const Array& values) {
  const bool has_mask = op.mask && op.num_bins > 1;
  const int64_t bins = op.num_bins - (has_mask ? 1 : 0);
  // A float is the mask if it is equal, not if it is once its fraction is dropped.
  const bool by_value = has_mask && is_float(values.dtype());
  const double mask = by_value ? std::strtod(op.mask->c_str(), nullptr) : 0;
  std::vector<int64_t> numbers(static_cast<size_t>(values.num_elements()));
  for (int64_t i = 0; i < values.num_elements(); ++i) {
    std::string text = decimals(values, i);
    const bool masked = has_mask && (by_value ? values.get(i) == mask : text == *op.mask);
    numbers[static_cast<size_t>(i)] = masked ? 0 : hash_bin(text, bins, op.salt) + (has_mask ? 1 : 0);
  }
  return encode(numbers, values.shape(), op.encoding);
}

Array run_cross(const CrossOp& op, const std::vector<Array>& features) {
  const Shape& shape = features.at(0).shape();
  if (shape.rank() > 2 || (shape.rank() == 2 && shape[1] != 1))
    throw ValueError(
        "All `HashedCrossing` inputs should have shape `()`, `(batch_size)` or `(batch_size, 1)`. Received: shape " +
        shape.to_string());
  for (const Array& feature : features) {
    if (feature.shape() != shape)
      throw ValueError("All `HashedCrossing` inputs should have equal shape. Received: " + shape.to_string() + " and " +
                       feature.shape().to_string());
    if (!is_integer(feature.dtype()) && feature.dtype() != DType::string)
      throw ValueError("All `HashedCrossing` inputs should have an integer or string dtype. Received: " +
                       std::string(name_of(feature.dtype())));
  }
  constexpr uint64_t kStart = 0xdecafcaffe;
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < features[0].num_elements(); ++i) {
    uint64_t hash = kStart;
    for (const Array& feature : features)
      hash = join_fingerprints(hash, feature.dtype() == DType::string
                                         ? farm_hash64(strings_of(feature)[static_cast<size_t>(i)])
                                         : static_cast<uint64_t>(feature.get_int(i)));
    numbers.push_back(static_cast<int64_t>(hash % static_cast<uint64_t>(op.num_bins)));
  }
  return encode(numbers, shape, op.encoding);
}

}  // namespace hornbeam::runtime::text
