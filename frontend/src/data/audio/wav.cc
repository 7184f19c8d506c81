// A RIFF file is a list of chunks; "fmt " says what the numbers of "data" are.
#include "frontend/src/data/audio/wav.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include <hornbeam/base/error.h>

namespace hornbeam::data {
namespace {

constexpr uint16_t kIntegers = 1, kFloats = 3, kExtensible = 0xfffe;

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& origin) : left_(bytes), origin_(origin) {}

  [[noreturn]] void refuse(const std::string& why) const { throw IOError("'" + origin_ + "' is no WAV file: " + why + "."); }
  size_t left() const { return left_.size(); }
  std::string_view take(size_t count) {
    if (count > left_.size()) refuse("it ends too early");
    std::string_view part = left_.substr(0, count);
    left_.remove_prefix(count);
    return part;
  }
  template <class T>
  T number() {
    std::string_view bytes = take(sizeof(T));
    T value = 0;
    for (size_t i = 0; i < sizeof value; ++i) value |= static_cast<T>(static_cast<T>(static_cast<uint8_t>(bytes[i])) << (8 * i));
    return value;
  }

 private:
  std::string_view left_;
  const std::string& origin_;
};

struct Format {
  uint16_t kind = 0, channels = 0, bits = 0;
  uint32_t rate = 0;
};

Format read_format(std::string_view chunk, const std::string& origin) {
  Reader in(chunk, origin);
  Format format;
  format.kind = in.number<uint16_t>();
  format.channels = in.number<uint16_t>();
  format.rate = in.number<uint32_t>();
  in.take(6);  // bytes a second, bytes a frame: they follow from the rest
  format.bits = in.number<uint16_t>();
  if (format.kind == kExtensible && in.left() >= 10) {
    in.take(8);  // length, valid bits, speakers
    format.kind = in.number<uint16_t>();
  }
  if (format.channels == 0) in.refuse("it has no channels");
  if (format.rate == 0) in.refuse("its sampling rate is 0");
  bool known = format.kind == kIntegers ? format.bits == 8 || format.bits == 16 || format.bits == 24 || format.bits == 32
                                        : format.kind == kFloats && (format.bits == 32 || format.bits == 64);
  if (!known)
    in.refuse("its samples are of format " + std::to_string(format.kind) + " with " + std::to_string(format.bits) +
              " bits; integers of 8, 16, 24 or 32 bits and floats of 32 or 64 are read");
  return format;
}

float sample(const uint8_t* at, const Format& format) {
  auto word = [&](int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= uint64_t{at[i]} << (8 * i);
    return value;
  };
  if (format.kind == kFloats)
    return format.bits == 32 ? std::bit_cast<float>(static_cast<uint32_t>(word(4)))
                             : static_cast<float>(std::bit_cast<double>(word(8)));
  if (format.bits == 8) return (static_cast<float>(at[0]) - 128.0f) / 128.0f;
  // To the top of 32 bits, so that the sign is there.
  auto integer = static_cast<int32_t>(static_cast<uint32_t>(word(format.bits / 8)) << (32 - format.bits));
  return static_cast<float>(static_cast<double>(integer) / 2147483648.0);
}

}  // namespace

Sound decode_wav(std::string_view bytes, const std::string& origin) {
  Reader in(bytes, origin);
  if (in.take(4) != "RIFF") in.refuse("it does not begin with RIFF");
  in.take(4);  // the size of the rest, which writers of streams do not know
  if (in.take(4) != "WAVE") in.refuse("it is another kind of RIFF file");
  Format format;
  for (;;) {
    if (in.left() < 8) in.refuse(format.channels ? "it has no data" : "it has no format");
    std::string_view name = in.take(4);
    uint32_t size = in.number<uint32_t>();
    if (name == "data") {
      if (!format.channels) in.refuse("its data come before their format");
      // A writer to a pipe cannot go back to put the size in.
      std::string_view data = size == 0xffffffffu ? in.take(in.left()) : in.take(size);
      const size_t width = format.bits / 8u, frame = width * format.channels;
      const size_t frames = data.size() / frame;
      Sound sound{Array(DType::float32, {static_cast<int64_t>(frames), format.channels}), format.rate};
      float* out = sound.samples.mutable_as<float>().data();
      const auto* at = reinterpret_cast<const uint8_t*>(data.data());
      for (size_t i = 0; i < frames * format.channels; ++i) out[i] = sample(at + i * width, format);
      return sound;
    }
    std::string_view chunk = in.take(size);
    if (name == "fmt ") format = read_format(chunk, origin);
    if (size % 2 && in.left()) in.take(1);  // chunks begin at even places
  }
}

Array resample(const Array& samples, int64_t from, int64_t to, const std::string& origin) {
  if (from == to) return samples;
  const int64_t count = samples.shape()[0], channels = samples.shape()[1];
  const double step = static_cast<double>(from) / static_cast<double>(to);
  const auto length = static_cast<int64_t>(std::ceil(static_cast<double>(count) / step));
  if (length > kMostSamples / channels)
    throw IOError("'" + origin + "' at " + std::to_string(to) + " samples a second would be too long: " +
                  std::to_string(length) + " samples.");
  constexpr double kZeros = 16, kPi = 3.14159265358979323846;  // zero crossings of the sinc on each side
  const double cutoff = std::min(1.0, 1.0 / step);             // of the file's own limit
  const double reach = kZeros / cutoff;
  Array out(DType::float32, {length, channels});
  const float* in = samples.as<float>().data();
  float* to_at = out.mutable_as<float>().data();
  std::vector<double> sums(static_cast<size_t>(channels));
  for (int64_t i = 0; i < length; ++i) {
    const double center = static_cast<double>(i) * step;
    std::fill(sums.begin(), sums.end(), 0.0);
    double total = 0;
    const auto first = static_cast<int64_t>(std::ceil(center - reach)), last = static_cast<int64_t>(std::floor(center + reach));
    for (int64_t k = first; k <= last; ++k) {
      const double x = static_cast<double>(k) - center, angle = kPi * x * cutoff;
      const double window = 0.5 + 0.5 * std::cos(kPi * x / reach);
      const double weight = (angle == 0 ? 1 : std::sin(angle) / angle) * window;
      total += weight;
      if (k < 0 || k >= count) continue;
      for (int64_t c = 0; c < channels; ++c) sums[static_cast<size_t>(c)] += weight * in[k * channels + c];
    }
    for (int64_t c = 0; c < channels; ++c) *to_at++ = static_cast<float>(sums[static_cast<size_t>(c)] / total);
  }
  return out;
}

}  // namespace hornbeam::data
