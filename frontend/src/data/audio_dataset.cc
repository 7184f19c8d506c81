#include <hornbeam/data/audio_dataset.h>

#include <cstring>

#include <hornbeam/base/error.h>

#include "frontend/src/data/audio/wav.h"
#include "frontend/src/data/directory.h"
#include "frontend/src/data/nodes.h"
#include "runtime/data/file.h"

namespace hornbeam {
namespace {

constexpr const char* kFunction = "audio_dataset_from_directory";

// Cut, or ended by zeros.
Array of_length(const Array& samples, int64_t length) {
  const int64_t count = samples.shape()[0], channels = samples.shape()[1];
  if (count == length) return samples;
  Array out(DType::float32, {length, channels});
  std::memcpy(out.mutable_data(), samples.data(), static_cast<size_t>(std::min(count, length) * channels) * sizeof(float));
  return out;
}

}  // namespace

DirectoryDataset audio_dataset_from_directory(const std::string& directory, const AudioDatasetOptions& options) {
  const DirectoryOptions common = options.directory();
  data::check_options(kFunction, common);
  if (options.ragged && options.output_sequence_length)
    throw ValueError(std::string(kFunction) + ": Cannot set both `ragged` and `output_sequence_length`.");
  if (options.ragged)
    throw NotImplementedError(std::string(kFunction) +
                              ": there are no ragged batches. Set `output_sequence_length`, or leave both away: then the "
                              "sounds of a batch are padded with zeros to the longest.");
  for (const auto& [name, value] : {std::pair{"sampling_rate", options.sampling_rate},
                                    std::pair{"output_sequence_length", options.output_sequence_length}})
    if (value && (*value <= 0 || *value > data::kMostSamples))
      throw ValueError(std::string(kFunction) + ": `" + name + "` should be higher than 0 and at most " +
                       std::to_string(data::kMostSamples) + ". Received: " + name + "=" + std::to_string(*value));
  const uint32_t seed = data::seed_of(common);
  data::Files files = data::list_files(kFunction, directory, {".wav"}, common, seed);
  auto load = [length = options.output_sequence_length, rate = options.sampling_rate](const std::string& path) {
    data::Sound sound = data::decode_wav(runtime::read_file(path), path);
    if (length) sound.samples = of_length(sound.samples, *length);
    if (rate) sound.samples = data::resample(sound.samples, sound.rate, *rate, path);
    return sound.samples;
  };
  const bool padded = !options.output_sequence_length;
  return {data::dataset_of(files, common, seed, load, padded ? data::Batches::padded : data::Batches::equal),
          files.class_names, files.paths};
}

}  // namespace hornbeam
