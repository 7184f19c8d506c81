// The ninth tutorial: a table. Rows of a .csv file become inputs by column, numbers are brought to one scale, a category
// gets an embedding, and rare rows weigh more. The table is made here: machines that fail when they are hot or old.
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <random>
#include <string>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

void write_table(const std::string& path, int rows) {
  std::ofstream table(path);
  std::mt19937 random(1);
  std::normal_distribution<double> temperature(60, 15);
  std::uniform_real_distribution<double> age(0, 20), chance(0, 1);
  std::uniform_int_distribution<int> site(0, 3);
  table << "temperature,age,site,failed\n";
  for (int i = 0; i < rows; ++i) {
    const double t = temperature(random), a = age(random);
    const int s = site(random);
    const double risk = 1 / (1 + std::exp(-((t - 80) / 4 + (a - 14) / 2 + (s == 2 ? 2 : -1))));
    table << t << "," << a << "," << s << "," << (chance(random) < risk ? 1 : 0) << "\n";
  }
}

// A column's mean and standard deviation, to bring it to one scale.
hb::Tensor scaled(const hb::Tensor& column, double mean, double deviation) {
  return hb::layers::Rescaling({.scale = 1 / deviation, .offset = -mean / deviation})(column);
}

int main(int argc, char** argv) try {
  const std::string path = argc > 1 ? argv[1] : "machines.csv";
  hb::set_random_seed(1);
  write_table(path, 3000);
  // Each column is an input of its own; scalars become columns of one value.
  const hb::Dataset rows =
      hb::Dataset::from_csv(path, {.targets = {"failed"}, .columns_as_inputs = true}).map([](hb::Element row) {
        row.x = row.x.map([](const hb::Array& value) { return value.reshaped({1}); });
        row.y = row.y[0].reshaped({1});
        return row;
      });
  const hb::Dataset test = rows.take(600).batch(100).cache();
  const hb::Dataset train = rows.skip(600).cache().shuffle({.seed = 1}).batch(50).prefetch();

  hb::Tensor temperature = hb::Input(hb::InputOptions{.shape = {1}, .name = "temperature"});
  hb::Tensor age = hb::Input(hb::InputOptions{.shape = {1}, .name = "age"});
  hb::Tensor site = hb::Input(hb::InputOptions{.shape = {1}, .name = "site"});
  hb::Tensor embedded = hb::layers::Flatten()(hb::layers::Embedding({.input_dim = 4, .output_dim = 2})(site));
  hb::Tensor all = hb::layers::Concatenate()({scaled(temperature, 60, 15), scaled(age, 10, 6), embedded});
  hb::Tensor hidden = hb::layers::Dense({.units = 16, .activation = "relu"})(all);
  hb::Model model({temperature, age, site}, {hb::layers::Dense({.units = 1})(hidden)});
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 0.01}),
                 .loss = hb::losses::BinaryCrossentropy({.from_logits = true}),
                 .metrics = {hb::metrics::AUC({.from_logits = true, .name = "auc"})}});
  // Failures are rare: each counts for three.
  model.fit(train, {.epochs = 10, .verbose = 0, .class_weight = {{0, 1.0}, {1, 3.0}}});
  std::printf("area under the curve on rows it has not seen: %.3f\n", model.evaluate(test, {.verbose = 0}).at("auc"));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
