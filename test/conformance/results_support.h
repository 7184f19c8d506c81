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
  // Markdown tables: by family; every name of Keras' core, whether Hornbeam has it, its cases and those passed; the rest.
  std::string table() const;

 private:
  struct Row {
    bool known = false;
    int cases = 0;
    std::map<Path, int> run, passed;
  };
  static std::string counts(const Row& row);  // cases, and how many passed by each path
  std::string names_table() const;            // every name of core_names.tsv, then the others

  std::map<std::pair<std::string, std::string>, Row> rows_;  // by family and name
};

// Why a case is known not to pass by this path: its line in known_gaps.txt.
std::optional<std::string> known_gap(const CaseFile& file, const std::string& case_name, Path path);

}  // namespace hornbeam::conformance
