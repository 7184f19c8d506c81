// The first tutorial: read Fashion-MNIST, train a small network on it, measure it on images it has not seen, and write
// some of its predictions to a file that can be read. README.md beside this file goes through it part by part.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <span>
#include <string>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

struct Settings {
  std::string data_dir = "/usr/share/datasets/fashion-mnist";  // where Debian's dataset-fashion-mnist puts the files
  std::string output = "fashion_predictions.txt";
  int64_t rows = 60000;  // how many training images to use
  int64_t epochs = 5;
};

const char* const kClasses[] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

// Images [n, 28, 28] as numbers from 0 to 1, labels [n] from 0 to 9.
struct Images {
  hb::Array x;
  hb::Array y;
};

Images load(const std::string& data_dir, const std::string& part) {
  hb::Array x = hb::runtime::read_idx(data_dir + "/" + part + "-images-idx3-ubyte.gz").cast(hb::DType::float32);
  for (float& value : x.mutable_as<float>()) value /= 255.0f;
  hb::Array y = hb::runtime::read_idx(data_dir + "/" + part + "-labels-idx1-ubyte.gz").cast(hb::DType::int32);
  return {x, y};
}

hb::Sequential make_model() {
  auto model = hb::Sequential({
      hb::Input({28, 28}),
      hb::layers::Flatten(),
      hb::layers::Dense({.units = 128, .activation = "relu"}),
      hb::layers::Dropout({.rate = 0.2}),
      hb::layers::Dense({.units = 10}),
  });
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 1e-3}),
                 .loss = hb::losses::SparseCategoricalCrossentropy({.from_logits = true}),
                 .metrics = {"accuracy"},
                 .steps_per_execution = 32});
  return model;
}

// Draws an image in characters, two columns for each of its pixels' pairs of rows.
std::string draw(std::span<const float> pixels) {
  const std::string shades = " .:-=+*#%@";
  std::string text;
  for (int row = 0; row < 28; row += 2) {
    text += "    ";
    for (int column = 0; column < 28; ++column) {
      const float value = (pixels[row * 28 + column] + pixels[(row + 1) * 28 + column]) / 2;
      text += shades[std::min<size_t>(static_cast<size_t>(value * shades.size()), shades.size() - 1)];
    }
    text += "\n";
  }
  return text;
}

// Writes the images with what they are and what the model takes them for, likeliest class first.
void write_predictions(hb::Sequential& model, const Images& images, int64_t count, const std::string& path) {
  const hb::Array x = images.x.rows(0, count);
  const hb::Array logits = model.predict(x, {.verbose = 0});
  const hb::Array probabilities = hb::ops::softmax(logits).array();
  std::ofstream file(path);
  for (int64_t i = 0; i < count; ++i) {
    const auto row = probabilities.as<float>().subspan(i * 10, 10);
    int order[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    std::sort(order, order + 10, [&](int a, int b) { return row[a] > row[b]; });
    const int truth = static_cast<int>(images.y.get_int(i));
    file << "Test image " << i << ": " << kClasses[truth] << (order[0] == truth ? "" : "   (missed)") << "\n"
         << draw(x.as<float>().subspan(i * 784, 784));
    for (int k = 0; k < 3; ++k) {
      char line[64];
      std::snprintf(line, sizeof line, "    %5.1f %%  %s\n", row[order[k]] * 100, kClasses[order[k]]);
      file << line;
    }
    file << "\n";
  }
  if (!file.flush()) throw hb::IOError("cannot write '" + path + "'");
}

int run(const Settings& settings) {
  hb::set_random_seed(42);  // weights, dropout and the order of the images: the same in every run
  Images train = load(settings.data_dir, "train");
  Images test = load(settings.data_dir, "t10k");
  const int64_t rows = std::min(settings.rows, train.x.shape()[0]);
  std::printf("%lld training images, %lld test images\n", static_cast<long long>(rows),
              static_cast<long long>(test.x.shape()[0]));

  auto model = make_model();
  std::fputs(model.summary().c_str(), stdout);

  model.fit(train.x.rows(0, rows), train.y.rows(0, rows),
            {.epochs = settings.epochs, .batch_size = 32, .validation_split = 0.1});

  const hb::Logs result = model.evaluate(test.x, test.y, {.verbose = 0});
  std::printf("test loss: %.4f\ntest accuracy: %.4f\n", result["loss"], result["accuracy"]);

  write_predictions(model, test, 12, settings.output);
  std::printf("predictions of the first 12 test images: %s\n", settings.output.c_str());
  return 0;
}

void print_help() {
  const Settings s;
  std::printf("Trains on Fashion-MNIST.\n"
              "  --data-dir DIR  where the four files are (%s)\n"
              "  --output FILE   where predictions go (%s)\n"
              "  --rows N        training images to use (%lld)\n"
              "  --epochs N      times to go over them (%lld)\n",
              s.data_dir.c_str(), s.output.c_str(), static_cast<long long>(s.rows), static_cast<long long>(s.epochs));
}

// Options come in pairs. False if one is unknown or has no value.
bool read_options(int argc, char** argv, Settings& settings) {
  for (int i = 1; i < argc; i += 2) {
    const std::string option = argv[i];
    if (i + 1 == argc) return false;
    const char* value = argv[i + 1];
    if (option == "--data-dir") settings.data_dir = value;
    else if (option == "--output") settings.output = value;
    else if (option == "--rows") settings.rows = std::atoll(value);
    else if (option == "--epochs") settings.epochs = std::atoll(value);
    else return false;
  }
  return true;
}

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "--help") {
    print_help();
    return 0;
  }
  Settings settings;
  if (!read_options(argc, argv, settings)) {
    std::fprintf(stderr, "error: an option is unknown or has no value; see --help\n");
    return 2;
  }
  try {
    return run(settings);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
