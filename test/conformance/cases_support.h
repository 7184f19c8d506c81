// The conformance cases: files of what Keras answered (README.md), read and compared with.
#pragma once

#include <hornbeam/base/array.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "frontend/src/saving/safetensors.h"

namespace hornbeam::conformance {

// One case: its JSON description and the tensors of its file.
class Case {
 public:
  Case(nlohmann::json json, std::shared_ptr<const saving::SafeTensors> file);

  const nlohmann::json& json() const { return json_; }
  std::string name() const { return json_.at("name").get<std::string>(); }
  std::string kind() const { return json_.at("kind").get<std::string>(); }
  std::string class_name() const { return json_.at("class_name").get<std::string>(); }
  double tolerance(const char* field, double otherwise) const { return json_.value(field, otherwise); }

  // A tensor of the file by its whole key. Throws ValueError if there is none.
  const Array& tensor(const std::string& key) const;
  // The key without the case's name: "x0", "dw/kernel".
  std::string suffix(const std::string& key) const { return key.substr(name().size() + 1); }

 private:
  nlohmann::json json_;
  std::shared_ptr<const saving::SafeTensors> file_;
};

struct CaseFile {
  std::string family;  // "layers", "losses", …: its folder
  std::string stem;    // "dense"
  std::string path;
};

// The folder that is tested: HORNBEAM_ORACLE, or the repository's own.
std::string data_folder();
// True for the repository's own folder, where a class that is missing is a failure.
bool is_own_data();
// Every case file under the folder, sorted by family and stem.
std::vector<CaseFile> case_files();
// The cases of a file whose names match HORNBEAM_CASES (all if it is unset).
std::vector<Case> read_cases(const CaseFile& file);

// "" if every element is within atol + rtol * |want| (integers and booleans: equal; NaN equals NaN), else what differs.
// Shapes must be equal, and floats come as floats. Integer widths may differ: the backends disagree on them.
std::string difference(const Array& got, const Array& want, double rtol, double atol);

// Compares with the output entry {key, jax_key?} of a case: where Keras' backends disagree either stored value passes,
// unless the case prefers one.
std::string difference_from(const Case& c, const nlohmann::json& output, const Array& got, double rtol, double atol);

}  // namespace hornbeam::conformance
