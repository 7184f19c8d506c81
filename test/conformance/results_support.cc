// Counting, the table, and the list of known gaps.
#include "test/conformance/results_support.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace hornbeam::conformance {

Results& Results::get() {
  static Results results;
  return results;
}

void Results::count(const CaseFile& file, const Case& c, Path path, bool known, bool passed) {
  std::string name = c.kind() == "op" ? c.json().at("function").get<std::string>() : c.class_name();
  Row& row = rows_[{file.family, name}];
  row.known = row.known || known;
  ++row.run[path];
  row.passed[path] += passed;
  row.cases = std::max(row.cases, row.run[path]);
}

std::string Results::table() const {
  std::ostringstream text;
  text << "| family | name | there | cases | reference | compiled |\n|---|---|---|---|---|---|\n";
  int names = 0, known = 0, cases = 0;
  std::map<Path, int> passed;
  for (const auto& [key, row] : rows_) {
    auto count = [&](Path path) -> std::string {
      if (!row.known || !row.run.contains(path)) return "";
      passed[path] += row.passed.at(path);
      return std::to_string(row.passed.at(path));
    };
    std::string reference = count(Path::reference), compiled = count(Path::compiled);
    text << "| " << key.first << " | " << key.second << " | " << (row.known ? "yes" : "no") << " | " << row.cases
         << " | " << reference << " | " << compiled << " |\n";
    ++names;
    known += row.known;
    cases += row.cases;
  }
  std::ostringstream head;
  head << known << " of " << names << " names are there. Of their cases and those of the missing ones, " << cases
       << " in all, the reference evaluator passes " << passed[Path::reference] << " and compiled code "
       << passed[Path::compiled] << ".\n\n";
  return head.str() + text.str();
}

std::optional<std::string> known_gap(const CaseFile& file, const std::string& case_name, Path path) {
  struct Gap {
    std::string file, name, path, reason;
  };
  static const std::vector<Gap> gaps = [] {
    std::vector<Gap> all;
    std::ifstream lines(std::string(HORNBEAM_TEST_DATA) + "/conformance/known_gaps.txt");
    for (std::string line; std::getline(lines, line);) {
      if (line.empty() || line[0] == '#') continue;
      std::istringstream words(line);
      Gap gap;
      words >> gap.file >> gap.name >> gap.path;
      std::getline(words >> std::ws, gap.reason);
      all.push_back(gap);
    }
    return all;
  }();
  for (const Gap& gap : gaps)
    if (gap.file == file.family + "/" + file.stem && gap.name == case_name &&
        (gap.path == "both" || gap.path == name_of(path)))
      return gap.reason;
  return std::nullopt;
}

}  // namespace hornbeam::conformance
