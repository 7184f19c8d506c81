// The pieces of ../seeing.md as one program: it ends with status 0 if every picture and table was made.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

int main() {
  try {
    hb::set_random_seed(1);
    hb::Array x(hb::DType::float32, {512, 28, 28, 1}), y(hb::DType::int32, {512});
    for (int64_t i = 0; i < 512; ++i) {
      y.set(i, static_cast<double>(i % 4));
      for (int64_t j = 0; j < 28; ++j) x.set(i * 784 + j * 28 + 7 * (i % 4), 1);  // a line at one of four places
    }
    hb::Sequential model({hb::Input({28, 28, 1}),
                          hb::layers::Conv2D({.filters = 8, .kernel_size = 3, .activation = "relu"}),
                          hb::layers::MaxPooling2D(), hb::layers::Flatten(), hb::layers::Dense({.units = 4})});
    model.compile({.optimizer = "adam",
                   .loss = hb::losses::SparseCategoricalCrossentropy({.from_logits = true}),
                   .metrics = {"accuracy"}});

    std::cout << model.summary({.expand_nested = true});
    hb::plot_model(model, "model.svg");

    hb::History history =
    model.fit(x, y, {.epochs = 3,
                     .callbacks = {hb::callbacks::TensorBoard({.log_dir = "logs",
                                                               .histogram_freq = 1,
                                                               .write_images = true,
                                                               .profile_batch = {5, 8}})},
                     .validation_split = 0.1});
    std::ofstream("curves.svg") << hb::history_to_svg(history);

    hb::Profile profile = hb::profile_fit(model, x, y, {.batch_size = 32, .steps = 50});
    std::cout << profile.table();
    profile.save_trace("step.json");  // for Perfetto or chrome://tracing
    for (const hb::LayerTime& layer : profile.layers)
      if (layer.layer == "conv2d") std::printf("%.1f us\n", layer.seconds * 1e6);

    for (const char* file : {"model.svg", "curves.svg", "step.json", "logs/train/plugins/profile"})
      if (!std::filesystem::exists(file)) throw hb::IOError(std::string(file) + " was not written");
    bool found = false;
    for (const hb::LayerTime& layer : profile.layers) found |= layer.layer == "conv2d" && layer.flops > 0;
    if (!found) throw hb::ValueError("the profile does not name the convolution");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
