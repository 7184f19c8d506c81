// A layer's options as config and back, from one list of its fields:
//
//   constexpr auto kFields = [](auto& options, auto field) {
//     field("units", options.units);
//     field("activation", options.activation);
//   };
#pragma once

#include <type_traits>

#include <hornbeam/layer.h>

namespace hornbeam::layers {

// `config` (base_config()) with the fields added.
template <class Options, class Fields>
Config with_fields(Config config, const Options& options, Fields fields) {
  fields(options, [&](const char* name, const auto& value) { config[name] = Config(value); });
  return config;
}

// Options from a config; null stands for the default of a text (Keras' data_format).
template <class Options, class Fields>
Options options_from(const Config& config, Fields fields) {
  Options options;
  read_base(config, options);
  fields(options, [&](const char* name, auto& value) {
    const Config* given = config.find(name);
    if (!given || (given->is_null() && std::is_same_v<std::remove_cvref_t<decltype(value)>, std::string>)) return;
    given->to(value);
  });
  return options;
}

}  // namespace hornbeam::layers
