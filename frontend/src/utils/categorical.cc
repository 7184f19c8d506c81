#include <hornbeam/utils/categorical.h>

#include <algorithm>
#include <cmath>

#include <hornbeam/base/error.h>

namespace hornbeam::utils {

Array to_categorical(const Array& x, std::optional<int64_t> num_classes) {
  if (!is_integer(x.dtype()))
    throw ValueError("to_categorical takes integers. Received an array of dtype " + std::string(name_of(x.dtype())));
  std::vector<int64_t> axes(x.shape().begin(), x.shape().end());
  if (axes.size() > 1 && axes.back() == 1) axes.pop_back();
  int64_t largest = -1;
  for (int64_t i = 0; i < x.num_elements(); ++i) largest = std::max(largest, x.get_int(i));
  const int64_t classes = num_classes.value_or(largest + 1);
  axes.push_back(classes);
  Array result(DType::float32, Shape(axes));
  std::span<float> values = result.mutable_as<float>();
  for (int64_t i = 0; i < x.num_elements(); ++i) {
    const int64_t label = x.get_int(i);
    if (label < 0 || label >= classes)
      throw ValueError("to_categorical: element " + std::to_string(i) + " is class " + std::to_string(label) +
                       ". Classes must be from 0 to " + std::to_string(classes - 1) + ": num_classes is " +
                       std::to_string(classes));
    values[static_cast<size_t>(i * classes + label)] = 1;
  }
  return result;
}

Array normalize(const Array& x, int64_t axis, double order) {
  const int64_t rank = static_cast<int64_t>(x.shape().rank());
  if (axis < -rank || axis >= rank)
    throw ValueError("normalize: axis " + std::to_string(axis) + " is outside of shape " + x.shape().to_string());
  if (!(order >= 1)) throw ValueError("normalize: order must be at least 1. Received: " + std::to_string(order));
  if (axis < 0) axis += rank;
  int64_t inner = 1;
  for (int64_t i = axis + 1; i < rank; ++i) inner *= x.shape()[i];
  const int64_t size = x.shape()[axis], lines = size == 0 ? 0 : x.num_elements() / size;
  Array result(x.dtype() == DType::float64 ? DType::float64 : DType::float32, x.shape());
  for (int64_t line = 0; line < lines; ++line) {
    const int64_t begin = line / inner * size * inner + line % inner;
    double norm = 0;
    for (int64_t i = 0; i < size; ++i) {
      const double value = std::abs(x.get(begin + i * inner));
      norm = std::isinf(order) ? std::max(norm, value) : norm + std::pow(value, order);
    }
    if (!std::isinf(order)) norm = std::pow(norm, 1 / order);
    if (norm == 0) norm = 1;
    for (int64_t i = 0; i < size; ++i) result.set(begin + i * inner, x.get(begin + i * inner) / norm);
  }
  return result;
}

Array pad_sequences(const std::vector<std::vector<double>>& sequences, const PadSequencesOptions& options) {
  auto is_before = [](const std::string& word, const char* name) {
    if (word != "pre" && word != "post")
      throw ValueError(std::string("pad_sequences: ") + name + " must be \"pre\" or \"post\". Received: \"" + word + "\"");
    return word == "pre";
  };
  const bool fill_before = is_before(options.padding, "padding"), cut_before = is_before(options.truncating, "truncating");
  size_t length = 0;
  for (const auto& sequence : sequences) length = std::max(length, sequence.size());
  if (options.maxlen) {
    if (*options.maxlen < 0)
      throw ValueError("pad_sequences: maxlen must not be negative. Received: " + std::to_string(*options.maxlen));
    length = static_cast<size_t>(*options.maxlen);
  }
  Array result(options.dtype, Shape({static_cast<int64_t>(sequences.size()), static_cast<int64_t>(length)}));
  for (int64_t i = 0; i < result.num_elements(); ++i) result.set(i, options.value);
  for (size_t row = 0; row < sequences.size(); ++row) {
    const auto& sequence = sequences[row];
    const size_t kept = std::min(sequence.size(), length);
    const size_t from = cut_before ? sequence.size() - kept : 0, to = fill_before ? length - kept : 0;
    for (size_t i = 0; i < kept; ++i) result.set(static_cast<int64_t>(row * length + to + i), sequence[from + i]);
  }
  return result;
}

}  // namespace hornbeam::utils
