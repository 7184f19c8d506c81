// Counting, the table, and the list of known gaps.
#include "test/conformance/results_support.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

namespace hornbeam::conformance {

namespace {

struct CoreName {
  std::string keras, cpp, note, cases;
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
  return parts;
}

std::vector<CoreName> core_names() {
  std::vector<CoreName> names;
  std::ifstream lines(std::string(HORNBEAM_TEST_DATA) + "/consumer/project/core_names.tsv");
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("keras")) continue;
    std::vector<std::string> fields = split(line, '\t');
    fields.resize(4);
    names.push_back({fields[0], fields[1], fields[2], fields[3]});
  }
  return names;
}

}  // namespace

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
  text << names_table();
  text << "\n## Not there: names with cases\n";
  for (const auto& [name, family] : families)
    if (!family.missing.empty()) text << "\n**" << name << "**: " << family.missing << "\n";
  return text.str();
}

std::string Results::counts(const Row& row) {
  auto count = [&](Path path) { return row.run.contains(path) ? std::to_string(row.passed.at(path)) : "not run"; };
  return std::to_string(row.cases) + " | " + count(Path::reference) + " | " + count(Path::compiled);
}

std::string Results::names_table() const {
  std::set<std::pair<std::string, std::string>> told;
  // "keras.layers.Dense" has the cases of layers' Dense, "keras.ops.abs" those of ops' keras.ops.abs; or what is said.
  auto row_of = [&](const CoreName& name) -> const Row* {
    std::vector<std::pair<std::string, std::string>> keys;
    std::vector<std::string> parts = split(name.keras, '.');
    if (parts.size() > 2) keys = {{parts[1], name.keras}, {parts[1], parts.back()}};
    if (std::vector<std::string> said = split(name.cases, ' '); said.size() == 2) keys.push_back({said[0], said[1]});
    for (const auto& key : keys)
      if (auto at = rows_.find(key); at != rows_.end()) {
        told.insert(key);
        return &at->second;
      }
    return nullptr;
  };
  std::ostringstream core;
  int there = 0, all = 0;
  for (const CoreName& name : core_names()) {
    ++all;
    there += name.cpp != "-";
    const Row* row = row_of(name);
    core << "| " << name.keras << " | " << (name.cpp == "-" ? "" : name.cpp) << " | "
         << (row && row->known ? counts(*row) : row ? std::to_string(row->cases) + " | |" : "| |") << " | " << name.note << " |\n";
  }
  std::ostringstream text;
  text << "\n## Every name of Keras' core\n\n" << there << " of " << all << " names are there; the consumer test compiles each. "
       << "Names without cases are tested by Hornbeam's own tests.\n\n"
       << "| Keras | Hornbeam | cases | reference | compiled | what differs |\n|---|---|---|---|---|---|\n" << core.str()
       << "\n## Beyond the core: other names with cases\n\n| family | name | cases | reference | compiled |\n|---|---|---|---|---|\n";
  for (const auto& [key, row] : rows_)
    if (row.known && !told.contains(key)) text << "| " << key.first << " | " << key.second << " | " << counts(row) << " |\n";
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
