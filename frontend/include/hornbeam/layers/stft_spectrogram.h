// STFTSpectrogram.
#pragma once

#include <hornbeam/initializers/stft.h>
#include <hornbeam/layer.h>
#include <hornbeam/settings.h>

namespace hornbeam::layers {

struct STFTSpectrogramOptions {
  std::string mode = "log";  // or "magnitude", "psd", "real", "imag", "angle", "stft"
  int64_t frame_length = 256;
  std::optional<int64_t> frame_step = {};  // frame_length / 2 if not given
  std::optional<int64_t> fft_length = {};  // the next power of two if not given
  std::optional<std::string> window = "hann";
  bool periodic = false;                           // the window's: one period of it
  std::optional<std::string> scaling = "density";  // or "spectrum", or none
  std::string padding = "valid";                   // or "same"
  bool expand_dims = false;                        // keeps channels and frequencies apart
  std::string data_format = config::image_data_format();
  std::optional<std::string> name = {};
  DTypePolicy dtype = {};
  bool trainable = true;
};

// The spectra of frames of a signal, by a convolution with windowed cosines and sines, which are weights and can be
// trained.
//   x [batch, time, channels]  →  [batch, frames, channels * frequencies], frequencies = fft_length / 2 + 1
//   with expand_dims              [batch, frames, frequencies, channels]
// channels_first: [batch, channels, time] → [batch, channels * frequencies, frames] or [batch, channels, frames,
// frequencies]. Modes: "real" and "imag" parts, both ("stft", twice as many frequencies), their "angle", the
// "magnitude" or its logarithm ("log"), and the one-sided power spectrum ("psd"). Throws ValueError for options that
// are not known or do not fit together and for inputs that are not of rank 3.
class STFTSpectrogram : public UnaryLayerOf<STFTSpectrogram> {
 public:
  explicit STFTSpectrogram(STFTSpectrogramOptions options = {});
  void check_input(const Shape& input) const override;
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, const CallArgs& args) override;
  Config config() const override;
  static STFTSpectrogram from_config(const Config& config);

 private:
  STFTSpectrogramOptions options_;
  int64_t fft_length() const;
  initializers::STFTOptions stft(const char* side) const;
  // [batch, channels, frequencies, frames] of one part.
  Tensor frames(const Tensor& x, const Variable& kernel) const;
  Tensor arranged(const Tensor& y) const;

  Variable real_kernel_, imag_kernel_;
};

}  // namespace hornbeam::layers
