// STFT.
#pragma once

#include <hornbeam/initializer.h>

#include <optional>
#include <string>

namespace hornbeam::initializers {

struct STFTOptions {
  std::string side = "real";                       // "real" or "imag"
  std::optional<std::string> window = "hann";      // "hann", "hamming", "blackman", "boxcar", or none
  std::optional<std::string> scaling = "density";  // "density", "spectrum" or none
  bool periodic = false;                           // the window's: one period of it, for spectral analysis
};

// The kernel of a short-time Fourier transform, of shape [frame_length, channels, fft_length / 2 + 1]: element (t, c,
// f) is cos or sin of -2 pi t f / fft_length, times the window, divided by the window's root square sum (density) or
// absolute sum (spectrum). Throws ValueError for an unknown option or a shape without three axes.
class STFT : public Initializer {
 public:
  explicit STFT(STFTOptions options = {});
  Array call(const Shape& shape, DType dtype) const override;
  Config config() const override;
  static STFT from_config(const Config& config);

 private:
  STFTOptions options_;
};

}  // namespace hornbeam::initializers
