// Sounds from RIFF/WAVE files. Files come from anyone: nothing is allocated that the file's own bytes do not fill.
#pragma once

#include <string>
#include <string_view>

#include <hornbeam/base/array.h>

namespace hornbeam::data {

inline constexpr int64_t kMostSamples = int64_t{1} << 30;  // of a sound that is made longer

struct Sound {
  Array samples;  // float32 [samples, channels], -1 to 1
  int64_t rate = 0;  // samples a second
};

// Integers of 8, 16, 24 or 32 bits and floats of 32 or 64, any number of channels. Throws IOError that names `origin`.
Sound decode_wav(std::string_view bytes, const std::string& origin);

// Band-limited: each sample is a sum over its neighbours, weighted by a windowed sinc that cuts off at the lower of the two
// rates' limits. [ceil(n * to / from), channels]. Throws IOError that names `origin` where that is more than kMostSamples.
Array resample(const Array& samples, int64_t from, int64_t to, const std::string& origin);

}  // namespace hornbeam::data
