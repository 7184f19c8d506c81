// Configs of legacy .h5 files, from Keras 2's dialect and Keras 3's old form to the form of .keras files.
#pragma once

#include <hornbeam/config.h>

namespace hornbeam::saving {

// The `model_config` of a file: {"class_name": "Sequential" or "Functional", "config": …}. What it turns into other
// spellings: inbound nodes as lists, batch_input_shape, axes as lists of one, old names of classes and options. Throws
// IOError for another form, and NotImplementedError for what has another meaning today.
Config modern_model_config(const Config& legacy, bool is_keras2);

// The `training_config` of a file, as a compile_config.
Config modern_compile_config(const Config& legacy);

// The other way: what Keras writes into .h5 files.
Config legacy_model_config(const Config& modern);
Config legacy_training_config(const Config& compile_config);

}  // namespace hornbeam::saving
