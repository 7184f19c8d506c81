// A user's program: the umbrella header and the shared library, nothing else. It trains a model with a layer of its own
// and catches an error, so that virtual calls, type information and exceptions cross the library's border both ways.
#include <cstdio>
#include <cstring>
#include <string>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

class Scale : public hb::UnaryLayerOf<Scale> {
 public:
  void build(const hb::Shape& input) override {
    gain_ = add_weight({.name = "gain", .shape = {input[-1]}, .initializer = "ones"});
  }
  hb::Tensor call(const hb::Tensor& x, const hb::CallArgs&) override { return x * gain_; }

 private:
  hb::Variable gain_;
};

int fail(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return 1;
}

int main() {
  if (std::strcmp(hb::version(), HORNBEAM_VERSION) != 0) return fail("headers and library are of different versions");

  // y = 2 x0 - x1 + 0.5 on a grid of points.
  hb::Array x(hb::DType::float32, {64, 2});
  hb::Array y(hb::DType::float32, {64, 1});
  for (int i = 0; i < 64; ++i) {
    const float x0 = static_cast<float>(i % 8) / 8, x1 = static_cast<float>(i / 8) / 8;
    x.mutable_as<float>()[2 * i] = x0;
    x.mutable_as<float>()[2 * i + 1] = x1;
    y.mutable_as<float>()[i] = 2 * x0 - x1 + 0.5f;
  }
  hb::set_random_seed(1);
  auto model = hb::Sequential({hb::Input({2}), Scale(), hb::layers::Dense({.units = 1})});
  model.compile({.optimizer = hb::optimizers::SGD({.learning_rate = 0.1}),
                 .loss = hb::losses::MeanSquaredError(),
                 .steps_per_execution = 4});
  const hb::History history = model.fit(x, y, {.epochs = 60, .batch_size = 4, .verbose = 0});
  const double loss = history["loss"].back();
  std::printf("Hornbeam %s: loss %g\n", hb::version(), loss);
  if (!(loss < 1e-4)) return fail("the model did not learn");

  try {
    hb::layers::Dense({.units = -1});
  } catch (const hb::ValueError& error) {
    std::printf("%s\n", error.what());
    return 0;
  }
  return fail("Dense took a negative number of units");
}
