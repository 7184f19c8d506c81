// MelSpectrogram.
#pragma once

#include <hornbeam/layer.h>

namespace hornbeam::layers {

struct MelSpectrogramOptions {
  int64_t fft_length = 2048;
  int64_t sequence_stride = 512;                // between frames
  std::optional<int64_t> sequence_length = {};  // of a frame; fft_length if not given
  std::optional<std::string> window = "hann";   // or "hamming", or none
  double sampling_rate = 16000;                 // samples a second
  int64_t num_mel_bins = 128;
  double min_freq = 20.0;                // of the lowest band, in hertz
  std::optional<double> max_freq = {};   // of the highest; sampling_rate / 2 if not given
  bool power_to_db = true;               // gives decibels
  double top_db = 80.0;                  // what is further below the loudest is raised to there
  double mag_exp = 2.0;                  // 2: power, 1: magnitude
  double min_power = 1e-10;
  double ref_power = 1.0;                // what 0 decibels mean
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The spectrogram of a signal in bands that are evenly spaced on the mel scale: x [batch, time] or [time] → [batch,
// num_mel_bins, frames], frames = time / sequence_stride + 1. The signal is reflected at its ends. A band is a triangle
// of peak 1; mel(f) = 1127 log(1 + f / 700). Throws ValueError for a frame longer than fft_length, sizes that are not
// positive and inputs that are not of rank 1 or 2.
class MelSpectrogram : public UnaryLayerOf<MelSpectrogram> {
 public:
  explicit MelSpectrogram(MelSpectrogramOptions options = {});
  void check_input(const Shape& input) const override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static MelSpectrogram from_config(const Config& config);

 private:
  MelSpectrogramOptions options_;
  // [frequencies, num_mel_bins]
  Array mel_weights() const;
};

}  // namespace hornbeam::layers
