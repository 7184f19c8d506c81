// The eighth tutorial: image classification from scratch. Pictures lie in a folder for each class, as they come from a
// camera or another program; here the program draws them itself: discs, squares and crosses of many sizes and colors.
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <random>
#include <string>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

bool is_inside(const std::string& shape, double x, double y, double r) {
  if (shape == "disc") return x * x + y * y < r * r;
  if (shape == "square") return std::max(std::abs(x), std::abs(y)) < 0.8 * r;
  return std::min(std::abs(x), std::abs(y)) < 0.25 * r && std::max(std::abs(x), std::abs(y)) < r;  // cross
}

void draw(const std::string& folder, int count) {
  std::mt19937 random(1);
  auto uniform = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
  for (const std::string shape : {"cross", "disc", "square"}) {
    std::filesystem::create_directories(folder + "/" + shape);
    for (int i = 0; i < count; ++i) {
      const int64_t height = 30 + static_cast<int64_t>(uniform(0, 20)), width = 30 + static_cast<int64_t>(uniform(0, 20));
      const double radius = uniform(8, 13), top = uniform(radius, static_cast<double>(height) - radius),
                   left = uniform(radius, static_cast<double>(width) - radius);
      double ink[3], paper[3];
      for (int c = 0; c < 3; ++c) ink[c] = uniform(0, 110), paper[c] = uniform(150, 250);
      hb::Array image(hb::DType::uint8, {height, width, 3});
      auto pixels = image.mutable_as<uint8_t>();
      for (int64_t y = 0; y < height; ++y)
        for (int64_t x = 0; x < width; ++x)
          for (int64_t c = 0; c < 3; ++c)
            pixels[static_cast<size_t>((y * width + x) * 3 + c)] = static_cast<uint8_t>(
                is_inside(shape, static_cast<double>(x) - left, static_cast<double>(y) - top, radius) ? ink[c] : paper[c]);
      hb::utils::save_img(folder + "/" + shape + "/" + std::to_string(i) + (i % 2 ? ".png" : ".jpg"), image,
                          {.scale = false});
    }
  }
}

// Mirrors half of the pictures. What is drawn depends on the picture's number and the epoch, not on the thread.
hb::Element augment(hb::Element element, const hb::MapCall& call) {
  if (call.random_seed % 2) return element;
  const hb::Array& from = element.x[0];
  hb::Array mirrored(from.dtype(), from.shape());
  const int64_t height = from.shape()[0], width = from.shape()[1], channels = from.shape()[2];
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (int64_t c = 0; c < channels; ++c)
        mirrored.mutable_as<float>()[static_cast<size_t>((y * width + x) * channels + c)] =
            from.as<float>()[static_cast<size_t>((y * width + width - 1 - x) * channels + c)];
  return {.x = mirrored, .y = element.y};
}

hb::DirectoryDataset read(const std::string& folder, hb::Subset subset) {
  hb::ImageDatasetOptions options;
  options.batch_size = {};  // single pictures: they are augmented first
  options.image_size = {32, 32};
  options.seed = 1;
  options.validation_split = 0.25;
  options.subset = subset;
  return hb::image_dataset_from_directory(folder, options);
}

int main(int argc, char** argv) try {
  const std::string folder = argc > 1 ? argv[1] : "shapes";
  const int epochs = argc > 2 ? std::stoi(argv[2]) : 12;
  hb::set_random_seed(1);
  draw(folder, 80);
  const hb::DirectoryDataset pictures = read(folder, hb::Subset::training);
  const hb::Dataset train = pictures.dataset.map(augment, {.num_parallel_calls = 2, .seed = 1}).batch(32).prefetch();
  const hb::Dataset test = read(folder, hb::Subset::validation).dataset.batch(32).cache();
  std::printf("%zu pictures of %zu classes to learn from\n", pictures.file_paths.size(), pictures.class_names.size());

  auto model = hb::Sequential({
      hb::Input({32, 32, 3}),
      hb::layers::Rescaling({.scale = 1.0 / 255}),
      hb::layers::Conv2D({.filters = 16, .kernel_size = 3, .activation = "relu"}),
      hb::layers::MaxPooling2D(),
      hb::layers::Conv2D({.filters = 32, .kernel_size = 3, .activation = "relu"}),
      hb::layers::MaxPooling2D(),
      hb::layers::Conv2D({.filters = 32, .kernel_size = 3, .activation = "relu"}),
      hb::layers::GlobalMaxPooling2D(),
      hb::layers::Dense({.units = 3}),
  });
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 3e-3}),
                 .loss = hb::losses::SparseCategoricalCrossentropy({.from_logits = true}),
                 .metrics = {"accuracy"}});
  model.fit(train, {.epochs = epochs, .verbose = 0, .validation_data = test});
  std::printf("accuracy on pictures it has not seen: %.2f\n", model.evaluate(test, {.verbose = 0}).at("accuracy"));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
