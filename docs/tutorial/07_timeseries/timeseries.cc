// The seventh tutorial: forecast a series. The series is made here: a day's and a week's rhythm with some noise. A
// recurrent network reads windows of two days and says what comes six hours later.
#include <cmath>
#include <cstdio>
#include <exception>
#include <random>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

constexpr int64_t kHours = 24 * 7 * 12;  // twelve weeks
constexpr int64_t kWindow = 48, kAhead = 6;

hb::Array make_series() {
  hb::Array series(hb::DType::float32, {kHours, 1});
  auto values = series.mutable_as<float>();
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0, 0.05f);
  for (int64_t hour = 0; hour < kHours; ++hour) {
    const double day = 2 * M_PI * static_cast<double>(hour) / 24, week = day / 7;
    values[static_cast<size_t>(hour)] = static_cast<float>(std::sin(day) + 0.5 * std::cos(week)) + noise(random);
  }
  return series;
}

// Windows of hours [begin, end); the target of a window that begins at hour h is hour h + kWindow - 1 + kAhead.
hb::Dataset windows(const hb::Array& series, int64_t begin, int64_t end, bool shuffle) {
  const hb::Array part = series.rows(begin, end);
  const hb::Array targets = part.rows(kWindow - 1 + kAhead, part.shape()[0]);
  return hb::timeseries_dataset_from_array(
      part, targets, {.sequence_length = kWindow, .batch_size = 64, .shuffle = shuffle, .seed = 1});
}

// What is gained over saying that in six hours it is as it is now.
double naive_error(const hb::Dataset& data) {
  double sum = 0;
  int64_t count = 0;
  for (const hb::Element& batch : data)
    for (int64_t i = 0; i < batch.y[0].num_elements(); ++i, ++count)
      sum += std::abs(batch.x[0].get(i * kWindow + kWindow - 1) - batch.y[0].get(i));
  return sum / static_cast<double>(count);
}

int main() try {
  hb::set_random_seed(1);
  const hb::Array series = make_series();
  const hb::Dataset train = windows(series, 0, kHours * 3 / 4, true);
  const hb::Dataset test = windows(series, kHours * 3 / 4, kHours, false);

  auto model = hb::Sequential({
      hb::Input({kWindow, 1}),
      hb::layers::LSTM({.units = 16}),
      hb::layers::Dense({.units = 1}),
  });
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 0.01}),
                 .loss = hb::losses::MeanSquaredError(),
                 .metrics = {"mae"},
                 .steps_per_execution = 8});
  model.fit(train, {.epochs = 8, .verbose = 0, .validation_data = test});
  const double error = model.evaluate(test, {.verbose = 0}).at("mae");
  std::printf("mean error: %.3f, of saying it stays as it is: %.3f\n", error, naive_error(test));
  std::printf(error < 0.2 * naive_error(test) ? "the network knows the day\n" : "the network has not learned the day\n");
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
