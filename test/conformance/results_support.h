// What passed, for the table of docs/conformance.md, and which cases are known not to pass.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "test/conformance/cases_support.h"
#include "test/conformance/functions_support.h"

namespace hornbeam::conformance {

// Counts what each class or function passed; written when the program ends (HORNBEAM_CONFORMANCE_TABLE).
class Results {
 public:
  static Results& get();
  void count(const CaseFile& file, const Case& c, Path path, bool known, bool passed);
  // A Markdown table: name, whether Hornbeam has it, cases passed of those there, by each path.
  std::string table() const;

 private:
  struct Row {
    bool known = false;
    int cases = 0;
    std::map<Path, int> run, passed;
  };
  std::map<std::pair<std::string, std::string>, Row> rows_;  // by family and name
};

// Why a case is known not to pass by this path: its line in known_gaps.txt.
std::optional<std::string> known_gap(const CaseFile& file, const std::string& case_name, Path path);

}  // namespace hornbeam::conformance
