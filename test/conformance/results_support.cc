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
  struct Family {
    int names = 0, known = 0, cases = 0, known_cases = 0;
    std::map<Path, int> passed;
    std::string missing;
  };
  std::map<std::string, Family> families;
  Family all;
  std::ostringstream names;
  for (const auto& [key, row] : rows_) {
    for (Family* family : {&families[key.first], &all}) {
      ++family->names;
      family->cases += row.cases;
      if (row.known) {
        ++family->known;
        family->known_cases += row.cases;
        for (const auto& [path, passed] : row.passed) family->passed[path] += passed;
      } else {
        family->missing += (family->missing.empty() ? "" : ", ") + key.second;
      }
    }
    if (!row.known) continue;
    auto count = [&](Path path) { return row.run.contains(path) ? std::to_string(row.passed.at(path)) : "not run"; };
    names << "| " << key.first << " | " << key.second << " | " << row.cases << " | " << count(Path::reference) << " | "
          << count(Path::compiled) << " |\n";
  }
  std::ostringstream text;
  text << "| family | names there | of | their cases | passed by reference | compiled | cases of all names |\n"
          "|---|---|---|---|---|---|---|\n";
  auto line = [&](const std::string& name, Family family) {
    text << "| " << name << " | " << family.known << " | " << family.names << " | " << family.known_cases << " | "
         << family.passed[Path::reference] << " | " << family.passed[Path::compiled] << " | " << family.cases << " |\n";
  };
  for (const auto& [name, family] : families) line(name, family);
  line("all", all);
  text << "\n## There\n\n| family | name | cases | reference | compiled |\n|---|---|---|---|---|\n" << names.str();
  text << "\n## Missing\n";
  for (const auto& [name, family] : families)
    if (!family.missing.empty()) text << "\n**" << name << "**: " << family.missing << "\n";
  return text.str();
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
