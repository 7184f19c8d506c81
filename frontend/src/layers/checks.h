// Checks of inputs and options that layers share, with Keras' texts.
#pragma once

#include <string>

#include <hornbeam/layer.h>

namespace hornbeam::layers {

inline std::string incompatible(const Layer& layer) {
  return "Input 0 of layer \"" + layer.name() + "\" is incompatible with the layer: ";
}

inline void check_rank(const Layer& layer, const Shape& input, int64_t rank) {
  if (input.rank() != rank)
    throw ValueError(incompatible(layer) + "expected ndim=" + std::to_string(rank) +
                     ", found ndim=" + std::to_string(input.rank()) + ". Full shape received: " + input.to_string());
}

inline void check_min_rank(const Layer& layer, const Shape& input, int64_t rank) {
  if (input.rank() < rank)
    throw ValueError(incompatible(layer) + "expected min_ndim=" + std::to_string(rank) +
                     ", found ndim=" + std::to_string(input.rank()) + ". Full shape received: " + input.to_string());
}

// `size` is what the layer was built for. An unknown axis passes.
inline void check_axis(const Layer& layer, const Shape& input, int64_t axis, int64_t size) {
  if (input[axis] >= 0 && input[axis] != size)
    throw ValueError(incompatible(layer) + "expected axis " + std::to_string(axis) + " of input shape to have value " +
                     std::to_string(size) + ", but received input with shape " + input.to_string());
}

inline void check_known_axis(const Layer& layer, const Shape& input, int64_t axis) {
  if (input[axis] < 0)
    throw ValueError("[" + layer.class_name() + "] Axis " + std::to_string(axis) + " of the input of layer '" +
                     layer.name() + "' must be known before it is built. Received: input of shape " +
                     input.to_string());
}

inline void check_data_format(const std::string& class_name, const std::string& data_format) {
  if (data_format != "channels_last" && data_format != "channels_first")
    throw ValueError(
        "[" + class_name +
        "] The `data_format` argument must be one of \"channels_first\", \"channels_last\". Received: data_format=" +
        data_format);
}

inline void check_padding(const std::string& class_name, const std::string& padding, bool causal_too = false) {
  if (padding != "valid" && padding != "same" && !(causal_too && padding == "causal"))
    throw ValueError("[" + class_name + "] The `padding` argument must be one of \"valid\", \"same\"" +
                     (causal_too ? ", \"causal\"" : "") + ". Received: padding=" + padding);
}

inline void check_rate(const std::string& class_name, double rate) {
  if (!(rate >= 0 && rate <= 1))
    throw ValueError("[" + class_name + "] rate must be between 0 and 1. Received: rate=" + Config(rate).to_json());
}

// Config data_format null means the default.
inline void read_data_format(const Config& config, std::string& data_format) {
  if (const Config* value = config.find("data_format"); value && !value->is_null()) data_format = value->as_string();
}

inline void add_if_set(Config& config, const char* key, const Regularizer& regularizer) {
  if (regularizer) config[key] = regularizer.config();
}

}  // namespace hornbeam::layers
