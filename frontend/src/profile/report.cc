// A profile as a table, as JSON, and as a trace.
#include <algorithm>
#include <cstdio>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/base/error.h>
#include <hornbeam/profile.h>
#include <nlohmann/json.hpp>

namespace hornbeam {
namespace {

using Json = nlohmann::ordered_json;

std::string text(const char* format, double value) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

std::string readable_time(double seconds) {
  if (seconds < 1e-3) return text("%.2f us", seconds * 1e6);
  if (seconds < 1) return text("%.2f ms", seconds * 1e3);
  return text("%.2f s", seconds);
}

// "1.23 G".
std::string with_prefix(double value) {
  for (const auto& [limit, prefix] : {std::pair{1e9, "G"}, {1e6, "M"}, {1e3, "k"}})
    if (value >= limit) return text("%.2f ", value / limit) + prefix;
  return text("%.0f ", value);
}

double share(double of, double whole) { return whole > 0 ? of / whole : 0; }

std::string name_of(const LayerTime& layer) { return layer.layer + (layer.gradient ? "'" : ""); }

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

Json costs(double seconds, double flops, double bytes, const Profile& profile) {
  return {{"seconds", seconds},
          {"flops", flops},
          {"bytes", bytes},
          {"share_of_time", share(seconds, profile.step_seconds)},
          {"share_of_peak_flops", share(share(flops, seconds), profile.peak_flops)},
          {"share_of_peak_bytes", share(share(bytes, seconds), profile.peak_bytes_per_second)}};
}

std::string dump(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

}  // namespace

std::string Profile::table() const {
  std::vector<std::vector<std::string>> rows{
      {"layer", "time", "share", "flop", "bytes", "flop/s", "of peak", "fused with"}};
  LayerTime all{.layer = "whole step", .seconds = step_seconds};
  auto add = [&](const LayerTime& layer) {
    double speed = share(layer.flops, layer.seconds);
    rows.push_back({name_of(layer), readable_time(layer.seconds),
                    text("%.1f %%", 100 * share(layer.seconds, step_seconds)), with_prefix(layer.flops),
                    with_prefix(layer.bytes) + "B", with_prefix(speed), text("%.1f %%", 100 * share(speed, peak_flops)),
                    joined(layer.with)});
  };
  for (const LayerTime& layer : layers) {
    add(layer);
    all.flops += layer.flops;
    all.bytes += layer.bytes;
  }
  add(all);
  std::vector<size_t> widths(rows[0].size(), 0);
  for (const auto& row : rows)
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string out = step + (batch_size ? ", batch of " + std::to_string(batch_size) : "") + ", " + std::to_string(threads) +
                    (threads == 1 ? " thread" : " threads") + ", mean of " + std::to_string(steps) + " steps\n";
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      std::string gap(widths[i] - row[i].size(), ' ');
      bool left = i == 0 || i + 1 == row.size();
      line += (i ? "  " : "") + (left ? row[i] + gap : gap + row[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  out += "A name with ' is that of a layer's gradient. Measured peaks: " + with_prefix(peak_flops) + "flop/s, " +
         with_prefix(peak_bytes_per_second) + "B/s of memory.\n";
  return out;
}

std::string Profile::to_json() const {
  Json json{{"step", step},
            {"batch_size", batch_size},
            {"steps", steps},
            {"threads", threads},
            {"step_seconds", step_seconds},
            {"peak_flops", peak_flops},
            {"peak_bytes_per_second", peak_bytes_per_second},
            {"layers", Json::array()},
            {"kernels", Json::array()}};
  for (const LayerTime& layer : layers) {
    Json row{{"layer", layer.layer}, {"gradient", layer.gradient}, {"with", layer.with}};
    row.update(costs(layer.seconds, layer.flops, layer.bytes, *this));
    json["layers"].push_back(std::move(row));
  }
  for (const KernelTime& kernel : kernels) {
    if (kernel.calls == 0) continue;  // of a batch of another size
    Json row{{"kernel", kernel.kernel}, {"layer", kernel.layer}, {"gradient", kernel.gradient}, {"calls", kernel.calls}};
    row.update(costs(kernel.seconds, kernel.flops, kernel.bytes, *this));
    json["kernels"].push_back(std::move(row));
  }
  return dump(json);
}

std::string Profile::trace_json() const {
  Json events = Json::array();
  events.push_back({{"ph", "M"}, {"name", "process_name"}, {"pid", 1}, {"args", {{"name", step}}}});
  for (int thread = 0; thread < threads; ++thread)
    events.push_back({{"ph", "M"},
                      {"name", "thread_name"},
                      {"pid", 1},
                      {"tid", thread},
                      {"args", {{"name", "thread " + std::to_string(thread)}}}});
  for (const KernelEvent& event : this->events) {
    const KernelTime& kernel = kernels[event.kernel];
    double calls = kernel.calls > 0 ? kernel.calls : 1;
    events.push_back({{"ph", "X"},
                      {"name", kernel.layer + (kernel.gradient ? "'" : "")},
                      {"cat", kernel.gradient ? "gradient" : "forward"},
                      {"pid", 1},
                      {"tid", event.thread},
                      {"ts", event.begin * 1e6},
                      {"dur", event.seconds * 1e6},
                      {"args",
                       {{"kernel", kernel.kernel}, {"flops", kernel.flops / calls}, {"bytes", kernel.bytes / calls}}}});
  }
  return dump({{"displayTimeUnit", "ns"}, {"traceEvents", std::move(events)}});
}

void Profile::save_trace(const std::string& path) const {
  AtomicFile file(path);
  file.write(trace_json());
  file.commit();
}

}  // namespace hornbeam
