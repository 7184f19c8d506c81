// How options, layers and models are written by users, as far as compilers differ in it: g++ 12 and clang must both take
// all of this.
#include <cstdio>
#include <string>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

// A model of the user's own: layers are members, a local goes out of scope.
class Net : public hb::ModelOf<Net> {
 public:
  hb::Tensors call(const hb::Tensors& x, const hb::CallArgs&) override { return last_(first_(x.single())); }

 private:
  hb::layers::Dense first_ = track(hb::layers::Dense({.units = 8, .activation = "relu"}));
  hb::layers::Dense last_ = track(hb::layers::Dense({.units = 2}));
};

hb::Model functional() {
  const hb::Tensor image = hb::Input({28, 28});
  hb::Tensor x = hb::layers::Reshape({.target_shape = {28, 28, 1}})(image);
  x = hb::layers::Conv2D({.filters = 4, .kernel_size = {3, 3}, .padding = "same", .activation = "relu"})(x);
  x = hb::layers::BatchNormalization({.momentum = 0.9})(x);
  x = hb::layers::MaxPooling2D({.pool_size = 2})(x);
  const hb::Tensor left = hb::layers::GlobalAveragePooling2D()(x);
  const hb::Tensor right = hb::layers::Activation("relu")(left);
  const hb::Tensor sum = hb::layers::Add()({left, right});
  const hb::Tensor both = hb::layers::Concatenate({.axis = -1})({sum, left * 2.0f});
  return hb::Model(image, hb::layers::Dense({.units = 10})(both), "classifier");
}

int main() {
  hb::Model model = functional();
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 1e-3, .clipnorm = 1.0}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy", hb::metrics::SparseCategoricalAccuracy({.name = "again"})}});
  const std::string summary = model.summary();
  std::fputs(summary.c_str(), stdout);
  if (summary.find("classifier") == std::string::npos) return 1;
  if (model.count_params() != 40 + 16 + 90) return 1;

  Net net;
  const hb::Arrays out = net.predict(hb::Array(hb::DType::float32, {3, 5}), {.verbose = 0});
  const bool right = out.single().shape() == hb::Shape{3, 2};
  hb::callbacks::EarlyStopping stop({.monitor = "loss", .patience = 3});
  return right ? 0 : 1;
}
