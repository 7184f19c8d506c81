// What fit returns: the metrics of each epoch, in Keras' order of names.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <hornbeam/base/error.h>

namespace hornbeam {

// Metric values by name, in order: what callbacks get.
class Logs {
 public:
  Logs() = default;
  Logs(std::initializer_list<std::pair<std::string, double>> entries) : entries_(entries) {}
  const double* find(const std::string& name) const {
    for (const auto& [key, value] : entries_)
      if (key == name) return &value;
    return nullptr;
  }
  double at(const std::string& name) const {
    if (const double* value = find(name)) return *value;
    throw ValueError("No value named '" + name + "' in the logs.");
  }
  double operator[](const std::string& name) const { return at(name); }
  void set(const std::string& name, double value) {
    for (auto& [key, old] : entries_)
      if (key == name) {
        old = value;
        return;
      }
    entries_.emplace_back(name, value);
  }
  bool empty() const { return entries_.empty(); }
  size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<std::pair<std::string, double>> entries_;
};

struct History {
  std::vector<int64_t> epoch;
  std::vector<std::pair<std::string, std::vector<double>>> history;

  const std::vector<double>& operator[](const std::string& name) const {
    for (const auto& [key, values] : history)
      if (key == name) return values;
    throw ValueError("No metric named '" + name + "' in the history.");
  }
  bool contains(const std::string& name) const {
    for (const auto& entry : history)
      if (entry.first == name) return true;
    return false;
  }
  void append(int64_t epoch_index, const Logs& logs) {
    epoch.push_back(epoch_index);
    for (const auto& [name, value] : logs) {
      auto at = history.begin();
      while (at != history.end() && at->first != name) ++at;
      if (at == history.end()) at = history.insert(history.end(), {name, {}});
      at->second.push_back(value);
    }
  }
};

}  // namespace hornbeam
