// The pieces of ../keras-files.md, ../untrusted-models.md and ../compile-cache.md as one program.
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>

#include <hornbeam/hornbeam.h>

class MyLayer : public hornbeam::UnaryLayerOf<MyLayer> {
 public:
  explicit MyLayer(double scale) : scale_(scale) {}
  hornbeam::Tensor call(const hornbeam::Tensor& x, const hornbeam::CallArgs&) override { return x * scale_; }
  hornbeam::Config config() const override {
    hornbeam::Config config = base_config();
    config["scale"] = scale_;
    return config;
  }
  static MyLayer from_config(const hornbeam::Config& config) { return MyLayer(config.at("scale").as_double()); }

 private:
  double scale_;
};

void train_on(const hornbeam::Array& x, const hornbeam::Array& y) {
  hornbeam::register_layer<MyLayer>("MyLayer");
  hornbeam::Model model = hornbeam::load_model("model.keras");
  model.save("scaled.keras");
}

double go_on(const hornbeam::Array& x, const hornbeam::Array& y) {
  hornbeam::Model model = hornbeam::load_model("model.keras");   // or Keras' older model.h5
  model.fit(x, y);
  model.save("trained.keras");
  return model.optimizer()->iterations().value().get(0);
}

void choose_cache() {
  hornbeam::set_compile_cache({.folder = "/var/cache/my-service", .max_bytes = 100'000'000});
  hornbeam::set_compile_cache({});                                                  // no cache
  hornbeam::CompileCacheUsage usage = hornbeam::compile_cache_usage();                 // usage.found, usage.missed: of this process
  std::printf("%lld programs were found\n", static_cast<long long>(usage.found));
}

int main() {
  try {
    choose_cache();
    hornbeam::Array x(hornbeam::DType::float32, {64, 3}), y(hornbeam::DType::float32, {64, 1});
    for (int64_t i = 0; i < x.num_elements(); ++i) x.set(i, std::sin(static_cast<double>(i)));
    hornbeam::Sequential model({hornbeam::Input({3}), MyLayer(2.0), hornbeam::layers::Dense({.units = 1})});
    model.compile({.optimizer = "adam", .loss = "mse"});
    hornbeam::register_layer<MyLayer>("MyLayer");
    model.save("model.keras");
    train_on(x, y);
    if (go_on(x, y) != 2 || !std::filesystem::exists("trained.keras")) return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
