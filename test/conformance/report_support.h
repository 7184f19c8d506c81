// What a runner collects about one case.
#pragma once

#include <hornbeam/config.h>
#include <hornbeam/layer.h>

#include <algorithm>
#include <string>
#include <vector>

#include "test/conformance/arguments_support.h"
#include "test/conformance/cases_support.h"
#include "test/conformance/functions_support.h"

namespace hornbeam::conformance {

// What differs in one case, collected.
class Report {
 public:
  explicit Report(const Case& c) : case_(c) {}

  void add(std::string line) { lines_.push_back(std::move(line)); }

  // The stored output with this suffix, if the case has it.
  const nlohmann::json* find(const char* list, const std::string& suffix) const {
    if (!case_.json().contains(list)) return nullptr;
    for (const nlohmann::json& output : case_.json()[list])
      if (case_.suffix(output.at("key").get<std::string>()) == suffix) return &output;
    return nullptr;
  }
  // Compares a computed value; what is computed and not stored is not an output of the case.
  void output(const std::string& suffix, const Array& got) { compare("outputs", suffix, got, "rtol", "atol"); }
  void gradient(const std::string& suffix, const Array& got) {
    compare("grads", suffix, got, "grad_rtol", "grad_atol");
  }
  // Every stored value must have been compared with something.
  std::vector<std::string> finish() {
    for (const char* list : {"outputs", "grads"}) {
      if (!case_.json().contains(list)) continue;
      for (const nlohmann::json& output : case_.json()[list]) {
        std::string suffix = case_.suffix(output.at("key").get<std::string>());
        if (std::find(compared_.begin(), compared_.end(), suffix) == compared_.end())
          add(suffix + ": nothing was computed to compare with it");
      }
    }
    return std::move(lines_);
  }

  // The configuration of the object made from the case's must be the case's again.
  void config(const Config& got) {
    nlohmann::json ours = nlohmann::json::parse(got.to_json());
    nlohmann::json keras = case_.json().at("config");
    without_shapes(ours);
    without_shapes(keras);
    for (const char* part : {"class_name", "config"})
      if (ours.value(part, nlohmann::json()) != keras.value(part, nlohmann::json()))
        add(std::string("config: ") + ours.value(part, nlohmann::json()).dump() + " instead of " +
            keras.value(part, nlohmann::json()).dump());
  }

 private:
  // A layer inside another has shapes in its configuration once it is built, which it is not yet here.
  static void without_shapes(nlohmann::json& config) {
    if (config.is_object()) config.erase("build_config");
    for (nlohmann::json& value : config)
      if (value.is_structured()) without_shapes(value);
  }

  void compare(const char* list, const std::string& suffix, const Array& got, const char* rtol, const char* atol) {
    const nlohmann::json* output = find(list, suffix);
    if (!output) return;
    compared_.push_back(suffix);
    std::string text = difference_from(case_, *output, got, case_.tolerance(rtol, 1e-5), case_.tolerance(atol, 1e-6));
    if (!text.empty()) add(suffix + ": " + text);
  }

  const Case& case_;
  std::vector<std::string> lines_;
  std::vector<std::string> compared_;
};

// The cotangents of a case's outputs, in order.
std::vector<Array> cotangents(const Case& c);
// The inputs that the case stores a gradient of ("dx0" is that of "x0"), as places among the arguments.
std::vector<size_t> differentiated(const Case& c, const Arguments& arguments);

// Runs the case of a layer that works on strings; false for any other.
bool check_host_layer(const Case& c, const LayerPtr& layer, Report& report);
// Runs a case of kind "layer".
void check_layer(const Case& c, Path path, Report& report);

}  // namespace hornbeam::conformance
