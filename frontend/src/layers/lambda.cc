// Lambda: a layer that is Python code, in model files as bytecode. It is refused, with the reason and what to do.
#include <hornbeam/layer.h>

namespace hornbeam::layers {
namespace {

class Lambda : public UnaryLayerOf<Lambda> {
 public:
  Tensor call(const Tensor& x, const CallArgs&) override { return x; }
  static Lambda from_config(const Config& config) {
    const Config* name = config.find("name");
    throw NotImplementedError("[Lambda] Layer '" + (name && name->is_string() ? name->as_string() : "lambda") +
                              "' is a Python function, which cannot be run here. Write it as a layer of your own (see "
                              "hornbeam/layer.h), or replace it by layers and operations in Python and save the model "
                              "again.");
  }
};

const Register<Lambda> registered{"Lambda", "keras.layers"};

}  // namespace
}  // namespace hornbeam::layers
