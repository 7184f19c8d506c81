// Drawing of the progress bar. The formats are those of Keras 3's terminal output.
#include "frontend/src/callbacks/progbar.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace hornbeam::callbacks {
namespace {

template <typename... Args>
std::string format(const char* pattern, Args... args) {
  const int length = std::snprintf(nullptr, 0, pattern, args...);
  std::string text(static_cast<size_t>(length), '\0');
  std::snprintf(text.data(), text.size() + 1, pattern, args...);
  return text;
}

// Columns on the terminal: code points, without escape sequences.
int columns(std::string_view text) {
  int count = 0;
  bool in_escape = false;
  for (const char c : text) {
    if (c == '\x1b') {
      in_escape = true;
    } else if (in_escape) {
      in_escape = c != 'm';
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++count;
    }
  }
  return count;
}

std::string repeat(std::string_view text, int64_t times) {
  std::string result;
  for (int64_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string paint(bool color, const char* escape, const std::string& text) {
  return color ? escape + text + "\x1b[0m" : text;
}

std::string count_of(int64_t current, int64_t target) {
  const int digits = static_cast<int>(std::to_string(target).size());
  return format("%*lld/%lld", digits, static_cast<long long>(current), static_cast<long long>(target));
}

std::string remaining_time(double seconds) {
  const auto total = static_cast<long long>(seconds);
  if (seconds > 3600) return format("%lld:%02lld:%02lld", total / 3600, total % 3600 / 60, total % 60);
  if (seconds > 60) return format("%lld:%02lld", total / 60, total % 60);
  return format("%llds", total);
}

std::string time_per(double seconds, const std::string& unit) {
  if (seconds >= 1 || seconds == 0) return format(" %.0fs/%s", seconds, unit.c_str());
  if (seconds >= 1e-3) return format(" %.0fms/%s", seconds * 1e3, unit.c_str());
  return format(" %.0fus/%s", seconds * 1e6, unit.c_str());
}

}  // namespace

Progbar::Progbar(ProgbarOptions options, Clock clock, Sink sink)
    : options_(std::move(options)), clock_(std::move(clock)), sink_(std::move(sink)), start_(clock_()) {
  last_update_ = start_ - 2 * options_.interval;
}

// The first step compiles and warms up, so it is left out once there are more.
double Progbar::seconds_per_step(int64_t current, double now) {
  if (current <= 0) return 0;
  const double seconds = after_first_step_ && current > 1 ? (now - *after_first_step_) / static_cast<double>(current - 1)
                                                          : (now - start_) / static_cast<double>(current);
  if (current == 1) after_first_step_ = now;
  return seconds;
}

std::string Progbar::bar(int64_t current) const {
  if (!options_.target || *options_.target <= 0) return format("%7lld/Unknown", static_cast<long long>(current));
  const int64_t target = *options_.target;
  const double progress = static_cast<double>(current) / static_cast<double>(target);
  const auto done = std::clamp<int64_t>(static_cast<int64_t>(options_.width * progress), 0, options_.width);
  std::string text = paint(options_.color, "\x1b[1m", count_of(current, target)) + " ";
  if (done > 0) text += paint(options_.color, "\x1b[32m", repeat("━", done));
  if (options_.color) return text + paint(true, "\x1b[37m", repeat("━", options_.width - done));
  return text + repeat(" ", options_.width - done);  // without colors, what is to come must look different
}

std::string Progbar::metrics() const {
  std::string text;
  for (const auto& [name, value] : values_) {
    text += " - " + name + ": ";
    // Keras' one-line form writes every number that is not above 1e-3 with an exponent, its bar only small ones.
    const double size = options_.verbose == 2 ? value : std::abs(value);
    text += size > 1e-3 ? format("%.4f", value) : std::isnan(value) ? "nan" : format("%.4e", value);
  }
  return text;
}

void Progbar::update(int64_t current, const ProgbarValues& values, bool finalize) {
  for (const auto& [name, value] : values) {
    auto known = std::find_if(values_.begin(), values_.end(), [&](const auto& entry) { return entry.first == name; });
    if (known == values_.end()) {
      values_.emplace_back(name, value);
    } else {
      known->second = value;
    }
  }
  const double now = clock_();
  const double per_step = seconds_per_step(current, now);
  const bool has_target = options_.target && *options_.target > 0;

  if (options_.verbose == 1) {
    if (now - last_update_ < options_.interval && !finalize) return;
    std::string line = bar(current);
    const std::string time = has_target && !finalize
                                 ? remaining_time(per_step * static_cast<double>(*options_.target - current))
                                 : format("%.0fs", now - start_);
    line += " " + paint(options_.color, "\x1b[1m", time) + time_per(per_step, options_.unit_name) + metrics();
    const int width = columns(line);
    line += repeat(" ", previous_width_ - width);  // wipes what a longer line left
    previous_width_ = width;
    sink_("\r" + line + (finalize ? "\n" : ""));
  } else if (options_.verbose == 2 && finalize && has_target) {
    sink_(count_of(current, *options_.target) + format(" - %.0fs", now - start_) + " -" +
          time_per(per_step, options_.unit_name) + metrics() + "\n");
  }
  last_update_ = now;
}

}  // namespace hornbeam::callbacks
