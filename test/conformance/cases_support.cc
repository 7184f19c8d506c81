// Reads case files and compares numbers.
#include "test/conformance/cases_support.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <sstream>

namespace hornbeam::conformance {
namespace fs = std::filesystem;
using nlohmann::json;

Case::Case(nlohmann::json json, std::shared_ptr<const saving::SafeTensors> file)
    : json_(std::move(json)), file_(std::move(file)) {}

const Array& Case::tensor(const std::string& key) const {
  auto found = file_->tensors.find(key);
  if (found == file_->tensors.end()) throw ValueError("[conformance] The file has no tensor '" + key + "'");
  return found->second;
}

std::string data_folder() {
  const char* other = std::getenv("HORNBEAM_ORACLE");
  return other && *other ? other : std::string(HORNBEAM_TEST_DATA) + "/conformance/data";
}

bool is_own_data() {
  const char* other = std::getenv("HORNBEAM_ORACLE");
  return !other || !*other;
}

std::vector<CaseFile> case_files() {
  std::vector<CaseFile> files;
  std::string folder = data_folder();
  if (!fs::is_directory(folder)) return files;
  for (const auto& family : fs::directory_iterator(folder)) {
    if (!family.is_directory()) continue;
    for (const auto& file : fs::directory_iterator(family.path()))
      if (file.path().extension() == ".safetensors")
        files.push_back({family.path().filename().string(), file.path().stem().string(), file.path().string()});
  }
  std::sort(files.begin(), files.end(), [](const CaseFile& a, const CaseFile& b) {
    return std::tie(a.family, a.stem) < std::tie(b.family, b.stem);
  });
  return files;
}

std::vector<Case> read_cases(const CaseFile& file) {
  auto tensors = std::make_shared<saving::SafeTensors>(saving::read_safetensors(file.path));
  if (tensors->metadata["format"] != "hornbeam-oracle-1")
    throw ValueError("[conformance] '" + file.path + "' is not in the format hornbeam-oracle-1");
  const char* filter = std::getenv("HORNBEAM_CASES");
  std::regex wanted(filter ? filter : "");
  std::vector<Case> cases;
  for (json& one : json::parse(tensors->metadata["cases"]))
    if (std::regex_search(one.at("name").get<std::string>(), wanted)) cases.emplace_back(std::move(one), tensors);
  return cases;
}

std::string difference(const Array& got, const Array& want, double rtol, double atol) {
  if (!got.valid()) return "nothing was computed";
  if (got.shape() != want.shape())
    return "shape " + got.shape().to_string() + " instead of " + want.shape().to_string();
  if (is_float(got.dtype()) != is_float(want.dtype()) || (is_float(want.dtype()) && got.dtype() != want.dtype()))
    return "dtype " + std::string(name_of(got.dtype())) + " instead of " + std::string(name_of(want.dtype()));
  int64_t wrong = 0, first = -1;
  double worst = 0;
  for (int64_t i = 0; i < want.num_elements(); ++i) {
    double a = got.get(i), b = want.get(i);
    bool same = a == b || (std::isnan(a) && std::isnan(b));
    if (!same && is_float(want.dtype())) same = std::abs(a - b) <= atol + rtol * std::abs(b);
    if (same) continue;
    if (wrong++ == 0) first = i;
    worst = std::max(worst, std::abs(a - b));
  }
  if (wrong == 0) return "";
  std::ostringstream text;
  text << wrong << " of " << want.num_elements() << " numbers differ, worst by " << worst << "; element " << first
       << " is " << got.get(first) << " instead of " << want.get(first);
  return text.str();
}

std::string difference_from(const Case& c, const json& output, const Array& got, double rtol, double atol) {
  std::string from_first = difference(got, c.tensor(output.at("key").get<std::string>()), rtol, atol);
  if (!output.contains("jax_key") || !output["jax_key"].is_string()) return from_first;
  std::string from_other = difference(got, c.tensor(output["jax_key"].get<std::string>()), rtol, atol);
  if (c.json().value("preferred", "") == "other") return from_other;
  return from_first.empty() ? from_first : from_other;
}

}  // namespace hornbeam::conformance
