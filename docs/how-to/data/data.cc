// The pieces of ../data.md as one program: arrays, tables, records, sounds and a generator, each trained on.
#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

hb::Sequential make_model(int64_t inputs) {
  hb::Sequential model({hb::Input({inputs}), hb::layers::Dense({.units = 1})});
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 0.05}), .loss = "mse"});
  return model;
}

void train_on_arrays(const hb::Array& x, const hb::Array& y, const hb::Array& x_val, const hb::Array& y_val) {
  hb::Sequential model = make_model(3);
  auto train = hb::Dataset::from_arrays(x, y).shuffle({.seed = 1}).batch(32);
  model.fit(train, {.epochs = 5, .validation_data = hb::Dataset::from_arrays(x_val, y_val).batch(256)});
}

// Two classes of sounds: a high tone and a low one, of different lengths.
void make_sounds(const std::string& folder) {
  auto little_endian = [](std::ofstream& file, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.put(static_cast<char>(value >> (8 * i)));
  };
  for (int i = 0; i < 40; ++i) {
    const std::string name = i % 2 ? "low" : "high";
    std::filesystem::create_directories(folder + "/" + name);
    std::ofstream file(folder + "/" + name + "/" + std::to_string(i) + ".wav", std::ios::binary);
    const uint32_t samples = 600 + 20 * static_cast<uint32_t>(i), bytes = 2 * samples;
    file << "RIFF";
    little_endian(file, 36 + bytes, 4);
    file << "WAVEfmt ";
    for (auto [value, width] : {std::pair{16u, 4}, {1u, 2}, {1u, 2}, {8000u, 4}, {16000u, 4}, {2u, 2}, {16u, 2}})
      little_endian(file, value, width);
    file << "data";
    little_endian(file, bytes, 4);
    for (uint32_t s = 0; s < samples; ++s)
      little_endian(file, static_cast<uint32_t>(static_cast<int>(9000 * std::sin(s * (i % 2 ? 0.1 : 1.1)))), 2);
  }
}

double train_on_sounds() {
  hb::Sequential model({hb::Input({500, 1}),
                        hb::layers::Conv1D({.filters = 4, .kernel_size = 16, .strides = 4, .activation = "relu"}),
                        hb::layers::GlobalAveragePooling1D(), hb::layers::Dense({.units = 2})});
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 0.02}),
                 .loss = hb::losses::SparseCategoricalCrossentropy({.from_logits = true}),
                 .metrics = {"accuracy"}});
  auto sounds = hb::audio_dataset_from_directory("sounds", {.batch_size = 8, .output_sequence_length = 500, .seed = 1});
  model.fit(sounds, {.epochs = 30, .verbose = 0});
  return model.evaluate(sounds, {.verbose = 0}).at("accuracy");
}

hb::Dataset read_records(const std::vector<std::string>& paths) {
  hb::ExampleFeatures features = {
      {"image", {.dtype = hb::DType::uint8, .shape = {28, 28, 1}, .encoding = hb::FeatureEncoding::image}},
      {"label", {.dtype = hb::DType::int32}}};
  auto train = hb::tfrecord_dataset(paths, {.features = features, .targets = {"label"}}).shuffle(10000).batch(32);
  return train;
}

void train_until_interrupted(hb::Model& model, const hb::Dataset& train) {
  std::signal(SIGINT, [](int) {
    hb::interrupt();
    std::signal(SIGINT, SIG_DFL);  // a second Ctrl-C ends the program
  });
  try {
    model.fit(train, {.epochs = 100, .verbose = 0});
  } catch (const hb::Interrupted&) {
    model.save("so_far.keras");
  }
}

int main() {
  try {
    hb::set_random_seed(1);
    hb::Array x(hb::DType::float32, {256, 3}), y(hb::DType::float32, {256, 1});
    for (int64_t i = 0; i < x.num_elements(); ++i) x.set(i, std::sin(static_cast<double>(i)));
    for (int64_t i = 0; i < 256; ++i) y.set(i, x.get(3 * i) - 2 * x.get(3 * i + 2));
    train_on_arrays(x, y, x, y);

    make_sounds("sounds");
    const double accuracy = train_on_sounds();
    std::printf("sounds: %.2f right\n", accuracy);
    if (accuracy < 0.9) return 1;

    // Files are opened when a pass begins.
    hb::Dataset records = read_records({"no-such-file.tfrecord"});
    try {
      records.to_vector();
      return 1;
    } catch (const hb::IOError& error) {
      std::printf("as it should be: %s\n", error.what());
    }

    // A generator that presses Ctrl-C after a while.
    hb::Sequential model = make_model(3);
    int64_t made = 0;
    hb::Dataset endless = hb::Dataset::from_generator([&] {
      return hb::Dataset::Next([&]() -> std::optional<hb::Element> {
        if (++made == 200) std::raise(SIGINT);
        return hb::Element{.x = x.rows(made % 256, made % 256 + 1), .y = y.rows(made % 256, made % 256 + 1)};
      });
    }, 10000);
    train_until_interrupted(model, endless);
    if (!std::filesystem::exists("so_far.keras")) return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
