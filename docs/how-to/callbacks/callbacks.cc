// The pieces of ../callbacks.md as one program: it ends with status 0 if training stopped, saved and went on as the page
// says.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

class HalveRate : public hb::Callback {
 public:
  void on_epoch_end(int64_t epoch, const hb::Logs& logs) override {
    auto& optimizer = *model().optimizer();
    optimizer.set_learning_rate(optimizer.learning_rate() / 2);
  }
  bool needs_batch_logs() const override { return false; }  // metrics need not be read after every batch
};

hb::Sequential make_model() {
  hb::set_random_seed(3);
  hb::Sequential model({hb::Input({2}), hb::layers::Dense({.units = 16, .activation = "tanh"}),
                        hb::layers::Dense({.units = 1, .activation = "sigmoid"})});
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 0.02}),
                 .loss = "binary_crossentropy",
                 .metrics = {"accuracy"}});
  return model;
}

// Whether a point lies inside of a circle.
void make_data(hb::Array& x, hb::Array& y) {
  uint32_t seed = 1;
  for (int64_t i = 0; i < y.num_elements(); ++i) {
    double square = 0;
    for (int64_t j = 0; j < 2; ++j) {
      seed = seed * 1664525u + 1013904223u;
      double at = static_cast<double>(seed >> 8) / (1 << 23) - 1;
      x.set(2 * i + j, at);
      square += at * at;
    }
    y.set(i, square < 0.6);
  }
}

hb::History stop_early(const hb::Array& x, const hb::Array& y) {
  hb::Sequential model = make_model();
  hb::callbacks::LambdaCallback print({.on_epoch_end = [](int64_t epoch, const hb::Logs& logs) {
    std::printf("%lld: %f\n", static_cast<long long>(epoch), logs["loss"]);
  }});
  model.fit(x, y, {.epochs = 2, .verbose = 0, .callbacks = {print, HalveRate()}});
  if (model.optimizer()->learning_rate() > 0.006) throw hb::ValueError("the rate was not halved twice");
  return
      model.fit(x, y, {.epochs = 50,
                       .callbacks = {hb::callbacks::EarlyStopping({.monitor = "val_accuracy", .patience = 3,
                                                                   .restore_best_weights = true}),
                                     hb::callbacks::CSVLogger({.filename = "run.csv"})},
                       .validation_split = 0.1});
}

void save_as_it_goes(const hb::Array& x, const hb::Array& y) {
  hb::Sequential model = make_model();
  model.fit(x, y, {.epochs = 50,
                   .callbacks = {hb::callbacks::ModelCheckpoint({.filepath = "runs/{epoch:02d}-{val_loss:.2f}.keras",
                                                                 .save_best_only = true}),
                                 hb::callbacks::BackupAndRestore({.backup_dir = "runs/backup"}),
                                 hb::callbacks::TensorBoard({.log_dir = "runs/logs"})},
                   .validation_split = 0.1,
                   .seed = 1});
}

int main() {
  try {
    std::filesystem::remove_all("runs");
    std::filesystem::create_directories("runs");
    hb::Array x(hb::DType::float32, {400, 2}), y(hb::DType::float32, {400, 1});
    make_data(x, y);
    hb::History history = stop_early(x, y);
    std::ofstream("curves.svg") << hb::history_to_svg(history);  // <hornbeam/plot.h>; hb::plot_model draws the layers
    save_as_it_goes(x, y);
    if (!std::filesystem::exists("run.csv") || !std::filesystem::exists("runs/logs/train"))
      throw hb::ValueError("a file is missing");
    size_t models = 0;
    for (const auto& entry : std::filesystem::directory_iterator("runs")) models += entry.path().extension() == ".keras";
    if (models == 0) throw hb::ValueError("no model was saved");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
