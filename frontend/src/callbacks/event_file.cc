// Event files, written by hand: a few fields of four messages (tensorflow.Event, Summary, SummaryMetadata, TensorProto)
// need no protobuf library in the frontend.
#include "frontend/src/callbacks/event_file.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <vector>

#include <hornbeam/base/error.h>

#include "frontend/src/callbacks/wire.h"
#include "runtime/data/crc32c.h"

namespace hornbeam::callbacks {
namespace {

using wire::put;
using wire::put_little_endian;

constexpr uint64_t kFloat = 1, kDouble = 2, kString = 7;            // tensorflow.DataType
constexpr uint64_t kScalarData = 1, kTensorData = 2, kBlobData = 3;  // tensorflow.DataClass
constexpr int kBuckets = 30;

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string tensor_type(uint64_t dtype, const std::vector<uint64_t>& shape) {
  std::string dims, message;
  for (uint64_t size : shape) {
    std::string dim;
    put(dim, 1, size);
    put(dims, 2, dim);
  }
  put(message, 1, dtype);
  put(message, 2, dims);
  return message;
}

std::string tensor(uint64_t dtype, const std::vector<uint64_t>& shape, const std::string& content) {
  std::string message = tensor_type(dtype, shape);
  put(message, 4, content);
  return message;
}

std::string tensor_of_strings(const std::vector<uint64_t>& shape, const std::vector<std::string>& values) {
  std::string message = tensor_type(kString, shape);
  for (const std::string& value : values) put(message, 8, value);
  return message;
}

std::string begin_event(int64_t step) {
  std::string event;
  put(event, 1, wall_time());
  put(event, 2, static_cast<uint64_t>(step));
  return event;
}

// An Event with a Summary of one value.
std::string event(const std::string& tag, const char* plugin, uint64_t data_class, const std::string& tensor,
                  int64_t step, const std::string& plugin_content = "") {
  std::string plugin_data, metadata, value, summary, event = begin_event(step);
  put(plugin_data, 1, std::string(plugin));
  if (!plugin_content.empty()) put(plugin_data, 2, plugin_content);
  put(metadata, 1, plugin_data);
  put(metadata, 4, data_class);
  put(value, 1, tag);
  put(value, 8, tensor);
  put(value, 9, metadata);
  put(summary, 1, value);
  put(event, 5, summary);
  return event;
}

std::string host_name() {
  char name[256] = "localhost";
  gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

EventFile::EventFile(const std::string& folder) {
  static std::atomic<int> number{0};
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw IOError("[TensorBoard] cannot make the folder '" + folder + "': " + failed.message());
  path_ = folder + "/events.out.tfevents." + std::to_string(static_cast<int64_t>(wall_time())) + "." + host_name() +
          "." + std::to_string(getpid()) + "." + std::to_string(number++) + ".v2";
  file_ = std::fopen(path_.c_str(), "wbx");
  if (file_ == nullptr) throw IOError("[TensorBoard] cannot write '" + path_ + "': " + std::strerror(errno));
  std::string first;
  put(first, 1, wall_time());
  put(first, 3, std::string("brain.Event:2"));
  write(first);
}

EventFile::~EventFile() { std::fclose(file_); }

void EventFile::write(const std::string& event) {
  std::string length, record;
  put_little_endian(length, static_cast<uint64_t>(event.size()));
  record = length;
  put_little_endian(record, runtime::masked_crc32c(length));
  record += event;
  put_little_endian(record, runtime::masked_crc32c(event));
  if (std::fwrite(record.data(), 1, record.size(), file_) != record.size()) flush();
}

void EventFile::flush() {
  if (std::fflush(file_) != 0 || std::ferror(file_) != 0)
    throw IOError("[TensorBoard] cannot write to '" + path_ + "'. Is the disk full?");
}

void EventFile::scalar(const std::string& tag, double value, int64_t step) {
  std::string content;
  put_little_endian(content, std::bit_cast<uint32_t>(static_cast<float>(value)));
  write(event(tag, "scalars", kScalarData, tensor(kFloat, {}, content), step));
}

void EventFile::histogram(const std::string& tag, const Array& values, int64_t step) {
  std::vector<double> finite;
  for (int64_t i = 0; i < values.num_elements(); ++i)
    if (double value = values.get(i); std::isfinite(value)) finite.push_back(value);
  double low = 0, high = 0;
  if (!finite.empty()) {
    low = *std::min_element(finite.begin(), finite.end());
    high = *std::max_element(finite.begin(), finite.end());
  }
  if (low == high) {  // one value: a bucket of width 1 around it
    low -= 0.5;
    high += 0.5;
  }
  const double width = (high - low) / kBuckets;
  std::array<double, kBuckets> counts{};
  for (const double value : finite)
    ++counts[static_cast<size_t>(std::clamp(static_cast<int>((value - low) / width), 0, kBuckets - 1))];
  std::string content;
  for (int i = 0; i < kBuckets; ++i) {
    const double right = i + 1 == kBuckets ? high : low + (i + 1) * width;
    for (const double number : {low + i * width, right, counts[static_cast<size_t>(i)]})
      put_little_endian(content, std::bit_cast<uint64_t>(number));
  }
  write(event(tag, "histograms", kTensorData, tensor(kDouble, {kBuckets, 3}, content), step));
}

void EventFile::images(const std::string& tag, int64_t width, int64_t height, const std::vector<std::string>& pngs,
                       int64_t step) {
  std::vector<std::string> values{std::to_string(width), std::to_string(height)};
  values.insert(values.end(), pngs.begin(), pngs.end());
  write(event(tag, "images", kBlobData, tensor_of_strings({values.size()}, values), step));
}

void EventFile::text(const std::string& tag, const std::string& markdown, int64_t step) {
  write(event(tag, "text", kTensorData, tensor_of_strings({}, {markdown}), step));
}

void EventFile::keras_model(const std::string& tag, const std::string& json, int64_t step) {
  write(event(tag, "graph_keras_model", 0, tensor_of_strings({}, {json}), step, "1"));
}

void EventFile::graph(const std::string& graph_def) {
  std::string event = begin_event(0);
  put(event, 4, graph_def);
  write(event);
}

}  // namespace hornbeam::callbacks
