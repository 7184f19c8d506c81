// Model::save: writing files is not there yet.
#include <hornbeam/model.h>

namespace hornbeam {

void Model::save(const std::string& path) const {
  throw NotImplementedError("Writing a model file is not available yet. Received: path=" + path);
}

}  // namespace hornbeam
