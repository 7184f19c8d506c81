// TensorBoard's event files: records of protobuf messages, each with its length and checksums.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <hornbeam/base/array.h>

namespace hornbeam::callbacks {

class EventFile {
 public:
  // Makes the folder if it is missing, and a new file in it. Throws IOError.
  explicit EventFile(const std::string& folder);
  ~EventFile();
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  const std::string& path() const { return path_; }
  void scalar(const std::string& tag, double value, int64_t step);
  // 30 buckets of equal width from the least to the greatest value, as TensorBoard's histogram summaries have them.
  void histogram(const std::string& tag, const Array& values, int64_t step);
  // PNG files of one size, shown side by side.
  void images(const std::string& tag, int64_t width, int64_t height, const std::vector<std::string>& pngs, int64_t step);
  void text(const std::string& tag, const std::string& markdown, int64_t step);
  // A model's Keras config: TensorBoard draws its layers.
  void keras_model(const std::string& tag, const std::string& json, int64_t step);
  // The run's graph, a tensorflow.GraphDef.
  void graph(const std::string& graph_def);
  // What was written is in the file. Throws IOError (a full disk, say).
  void flush();

 private:
  void write(const std::string& event);
  std::string path_;
  std::FILE* file_ = nullptr;
};

}  // namespace hornbeam::callbacks
