// What fit returns: the metrics of each epoch, in Keras' order of names. A metric that has a result for each class
// (F1Score with average = None) stands with their mean, which is also what the progress bar shows and callbacks go by;
// all of them are under find_array and arrays.
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
    std::erase_if(arrays_, [&](const auto& entry) { return entry.first == name; });
    for (auto& [key, old] : entries_)
      if (key == name) {
        old = value;
        return;
      }
    entries_.emplace_back(name, value);
  }
  void set(const std::string& name, const std::vector<double>& elements) {
    double mean = 0;
    for (double element : elements) mean += element / static_cast<double>(elements.size());
    set(name, mean);
    arrays_.emplace_back(name, elements);
  }
  // The results for each class; null if there is one number.
  const std::vector<double>* find_array(const std::string& name) const {
    for (const auto& [key, elements] : arrays_)
      if (key == name) return &elements;
    return nullptr;
  }
  bool empty() const { return entries_.empty(); }
  size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<std::pair<std::string, double>> entries_;
  std::vector<std::pair<std::string, std::vector<double>>> arrays_;
};

struct History {
  std::vector<int64_t> epoch;
  std::vector<std::pair<std::string, std::vector<double>>> history;
  // Of metrics with a result for each class: the results of each epoch.
  std::vector<std::pair<std::string, std::vector<std::vector<double>>>> arrays;

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
      if (const std::vector<double>* elements = logs.find_array(name)) {
        auto array = arrays.begin();
        while (array != arrays.end() && array->first != name) ++array;
        if (array == arrays.end()) array = arrays.insert(arrays.end(), {name, {}});
        array->second.push_back(*elements);
      }
    }
  }
};

}  // namespace hornbeam
