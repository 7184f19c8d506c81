// tf.train.Example on the wire: Example { 1: Features { 1: map of name → Feature { 1 bytes, 2 floats, 3 integers } } }.
#include <bit>
#include <cstring>

#include <hornbeam/base/error.h>
#include <hornbeam/base/strings.h>
#include <hornbeam/data/tfrecord_dataset.h>

#include "frontend/src/data/images/decode.h"

namespace hornbeam {
namespace {

[[noreturn]] void no_example() { throw IOError("A TFRecord's record is no tf.train.Example: its fields make no sense."); }

// Reads a message's fields one by one.
class Message {
 public:
  explicit Message(std::string_view bytes) : left_(bytes) {}

  bool next() {
    if (left_.empty()) return false;
    uint64_t key = varint();
    number = key >> 3;
    bytes = {};
    switch (key & 7) {
      case 0:
        value = varint();
        return true;
      case 1:
        bytes = take(8);
        return true;
      case 2:
        bytes = take(varint());
        return true;
      case 5:
        bytes = take(4);
        return true;
      default:
        no_example();
    }
  }
  uint64_t varint() {
    uint64_t result = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      auto byte = static_cast<uint8_t>(take(1)[0]);
      result |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return result;
    }
    no_example();
  }
  std::string_view take(uint64_t count) {
    if (count > left_.size()) no_example();
    std::string_view part = left_.substr(0, count);
    left_.remove_prefix(count);
    return part;
  }
  bool empty() const { return left_.empty(); }

  uint64_t number = 0;     // of the field
  uint64_t value = 0;      // of a varint
  std::string_view bytes;  // of any other

 private:
  std::string_view left_;
};

struct Values {
  std::vector<std::string_view> bytes;
  std::vector<float> floats;
  std::vector<int64_t> integers;
  size_t size() const { return bytes.size() + floats.size() + integers.size(); }
};

float float_of(std::string_view bytes) {
  uint32_t word = 0;
  for (size_t i = 0; i < 4; ++i) word |= uint32_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
  return std::bit_cast<float>(word);
}

Values read_values(std::string_view feature) {
  Values values;
  for (Message kind(feature); kind.next();)
    for (Message list(kind.bytes); list.next();) {
      if (list.number != 1) continue;
      if (kind.number == 1) {
        values.bytes.push_back(list.bytes);
      } else if (kind.number == 2) {  // one float, or many in a row
        if (list.bytes.size() % 4) no_example();
        for (size_t i = 0; i < list.bytes.size(); i += 4) values.floats.push_back(float_of(list.bytes.substr(i, 4)));
      } else if (kind.number == 3) {
        if (list.bytes.empty()) {
          values.integers.push_back(static_cast<int64_t>(list.value));
        } else {
          for (Message packed(list.bytes); !packed.empty();)
            values.integers.push_back(static_cast<int64_t>(packed.varint()));
        }
      }
    }
  return values;
}

class FeatureReader {
 public:
  FeatureReader(const std::string& name, const ExampleFeature& feature) : name_(name), feature_(feature) {}

  [[noreturn]] void refuse(const std::string& why) const { throw ValueError("The feature '" + name_ + "' " + why); }

  Array read(std::string_view bytes) const {
    Values values = read_values(bytes);
    if (values.size() == 0 && feature_.default_value) return filled();
    if (feature_.encoding != FeatureEncoding::values) {
      if (values.bytes.size() != 1 || values.size() != 1)
        refuse("must be one byte string to be decoded. Received: " + describe(values));
      return feature_.encoding == FeatureEncoding::raw ? raw(values.bytes[0]) : image(values.bytes[0]);
    }
    Shape shape = shape_for(values.size());
    if (feature_.dtype == DType::string) {
      if (values.bytes.size() != values.size()) refuse("was asked for as strings. Received: " + describe(values));
      return strings(shape, {values.bytes.begin(), values.bytes.end()});
    }
    if (!values.bytes.empty())
      refuse("was asked for as " + std::string(name_of(feature_.dtype)) + ". Received: " + describe(values) +
             "; if it holds numbers in memory order or a picture, say so by its encoding.");
    Array array = values.floats.empty() ? Array::of<int64_t>(shape, std::span<const int64_t>(values.integers))
                                        : Array::of<float>(shape, std::span<const float>(values.floats));
    if (!values.floats.empty() && !is_float(feature_.dtype))
      refuse("was asked for as " + std::string(name_of(feature_.dtype)) + ". Received: " + describe(values));
    return array.dtype() == feature_.dtype ? array : array.cast(feature_.dtype);
  }

  Array filled() const {
    if (!feature_.default_value) refuse("is not in an example, and has no default_value.");
    if (feature_.encoding == FeatureEncoding::image || feature_.dtype == DType::string)
      refuse("is not in an example; a default_value is for numbers.");
    std::vector<int64_t> dims(feature_.shape.begin(), feature_.shape.end());
    if (!dims.empty() && dims[0] < 0) dims[0] = 0;
    Array array(feature_.dtype, Shape(dims));
    for (int64_t i = 0; i < array.num_elements(); ++i) array.set(i, *feature_.default_value);
    return array;
  }

 private:
  static std::string describe(const Values& values) {
    std::string text;
    for (const auto& [count, kind] : {std::pair{values.bytes.size(), "byte strings"},
                                      {values.floats.size(), "floats"},
                                      {values.integers.size(), "integers"}})
      if (count) text += (text.empty() ? "" : " and ") + std::to_string(count) + " " + kind;
    return text.empty() ? "nothing" : text;
  }

  // The shape, its unknown first axis found out.
  Shape shape_for(size_t count) const {
    std::vector<int64_t> dims(feature_.shape.begin(), feature_.shape.end());
    int64_t rest = 1;
    for (size_t i = 0; i < dims.size(); ++i)
      if (i > 0 || dims[i] >= 0) rest *= dims[i];
    const auto total = static_cast<int64_t>(count);
    if (!dims.empty() && dims[0] < 0) {
      if (rest <= 0 || total % rest) refuse("has " + std::to_string(count) + " values, which do not fill the shape " +
                               feature_.shape.to_string() + ".");
      dims[0] = total / rest;
    } else if (total != rest) {
      refuse("has " + std::to_string(count) + " values. Expected: the shape " + feature_.shape.to_string() + ".");
    }
    return Shape(std::move(dims));
  }

  Array raw(std::string_view bytes) const {
    const size_t width = size_of(feature_.dtype);
    if (feature_.dtype == DType::string || bytes.size() % width)
      refuse("has " + std::to_string(bytes.size()) + " bytes, which are no whole elements of " +
             std::string(name_of(feature_.dtype)) + ".");
    Array array(feature_.dtype, shape_for(bytes.size() / width));
    if (!bytes.empty()) std::memcpy(array.mutable_data(), bytes.data(), bytes.size());
    return array;
  }

  Array image(std::string_view bytes) const {
    const int channels = feature_.shape.rank() == 3 && feature_.shape[2] > 0 ? static_cast<int>(feature_.shape[2]) : 0;
    Array pixels = data::decode_image(bytes, channels, "the feature '" + name_ + "'");
    return feature_.dtype == DType::uint8 ? pixels : pixels.cast(feature_.dtype);
  }

  const std::string& name_;
  const ExampleFeature& feature_;
};

void check(const std::string& name, const ExampleFeature& feature) {
  for (int64_t i = 0; i < feature.shape.rank(); ++i)
    if (feature.shape[i] < 0 && i > 0 && feature.encoding != FeatureEncoding::image)
      throw ValueError("The feature '" + name + "': only the first axis of its shape may be unknown. Received: " +
                       feature.shape.to_string());
}

}  // namespace

Arrays parse_example(std::string_view record, const ExampleFeatures& features) {
  std::map<std::string_view, std::string_view> found;
  for (Message example(record); example.next();) {
    if (example.number != 1) continue;
    for (Message map(example.bytes); map.next();) {
      if (map.number != 1) continue;
      std::string_view name, feature;
      for (Message entry(map.bytes); entry.next();) (entry.number == 1 ? name : feature) = entry.bytes;
      found[name] = feature;
    }
  }
  Arrays arrays;
  for (const auto& [name, feature] : features) {
    check(name, feature);
    FeatureReader reader(name, feature);
    auto at = found.find(name);
    arrays.set(name, at == found.end() ? reader.filled() : reader.read(at->second));
  }
  return arrays;
}

}  // namespace hornbeam
