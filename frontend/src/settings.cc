#include <hornbeam/settings.h>

#include <atomic>
#include <mutex>

#include <hornbeam/base/error.h>

#include "frontend/src/messages.h"

namespace hornbeam {
namespace config {
namespace {

std::atomic<double> fuzz{1e-7};
std::atomic<DType> default_float{DType::float32};
std::atomic<bool> channels_are_first{false};

// A limit: 0 is none.
std::atomic<int64_t> most_epochs{0}, most_steps{0};

thread_local bool interactive = true;

void set_limit(std::atomic<int64_t>& limit, const char* name, std::optional<int64_t> value) {
  if (value && *value <= 0)
    throw ValueError(std::string("set_") + name + ": `" + name +
                     "` must be positive, or nothing for no limit. Received: " + name + "=" + std::to_string(*value));
  limit = value.value_or(0);
}

std::optional<int64_t> given(int64_t limit) { return limit > 0 ? std::optional(limit) : std::nullopt; }

}  // namespace

double epsilon() { return fuzz; }
void set_epsilon(double value) { fuzz = value; }

DType floatx() { return default_float; }

void set_floatx(DType dtype) {
  if (!is_float(dtype)) set_floatx(std::string(name_of(dtype)));
  default_float = dtype;
}

void set_floatx(const std::string& name) {
  std::optional<DType> dtype = dtype_from_name(name);
  if (!dtype || !is_float(*dtype))
    throw ValueError("Unknown `floatx` value: " + name +
                     ". Expected one of 'bfloat16', 'float16', 'float32', 'float64'");
  default_float = *dtype;
}

std::string image_data_format() { return channels_are_first ? "channels_first" : "channels_last"; }

void set_image_data_format(const std::string& data_format) {
  if (data_format != "channels_last" && data_format != "channels_first")
    throw ValueError(
        "The `data_format` argument must be one of 'channels_first', 'channels_last'. Received: data_format=" +
        data_format);
  channels_are_first = data_format == "channels_first";
}

std::optional<int64_t> max_epochs() { return given(most_epochs); }
void set_max_epochs(std::optional<int64_t> value) { set_limit(most_epochs, "max_epochs", value); }
std::optional<int64_t> max_steps_per_epoch() { return given(most_steps); }
void set_max_steps_per_epoch(std::optional<int64_t> value) { set_limit(most_steps, "max_steps_per_epoch", value); }

void enable_interactive_logging() { interactive = true; }
void disable_interactive_logging() { interactive = false; }
bool is_interactive_logging_enabled() { return interactive; }

}  // namespace config

std::FILE* message_stream() { return config::is_interactive_logging_enabled() ? stdout : stderr; }

void print_message(const std::string& text) {
  std::FILE* stream = message_stream();
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

}  // namespace hornbeam
