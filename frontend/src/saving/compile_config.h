// From a file's compile_config to the options of Model::compile.
#pragma once

#include <hornbeam/config.h>
#include <hornbeam/model.h>

namespace hornbeam::saving {

// `config` has passed check_model_config. Throws NotImplementedError for a class or name that is not there, and IOError
// for a config of another form than Keras writes.
CompileOptions read_compile_config(const Config& config);

}  // namespace hornbeam::saving
