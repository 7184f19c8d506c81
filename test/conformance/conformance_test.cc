// Every conformance case, one test a file and path: what Keras answered against what Hornbeam computes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "test/conformance/cases_support.h"
#include "test/conformance/functions_support.h"
#include "test/conformance/results_support.h"
#include "test/conformance/runners_support.h"

namespace hornbeam::conformance {
namespace {

struct Parameter {
  CaseFile file;
  Path path;
};

void PrintTo(const Parameter& parameter, std::ostream* out) { *out << parameter.file.path; }

std::string test_name(const testing::TestParamInfo<Parameter>& info) {
  std::string name = info.param.file.family + "_" + info.param.file.stem + "_" + name_of(info.param.path);
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> all;
  for (const CaseFile& file : case_files())
    for (Path path : paths()) all.push_back({file, path});
  return all;
}

class Conformance : public testing::TestWithParam<Parameter> {};

TEST_P(Conformance, AnswersAsKeras) {
  const auto& [file, path] = GetParam();
  std::vector<Case> cases = read_cases(file);
  int run = 0;
  for (const Case& c : cases) {
    bool known = is_known(c);
    if (!known) {
      Results::get().count(file, c, path, false, false);
      EXPECT_FALSE(is_own_data()) << c.name() << ": " << c.class_name() << " is not registered";
      continue;
    }
    ++run;
    std::vector<std::string> wrong = check(c, path);
    Results::get().count(file, c, path, true, wrong.empty());
    std::optional<std::string> gap = known_gap(file, c.name(), path);
    if (gap) {
      EXPECT_FALSE(wrong.empty()) << c.name() << " passes: take it out of known_gaps.txt";
      continue;
    }
    std::string text;
    for (const std::string& line : wrong) text += "\n  " + line;
    EXPECT_TRUE(wrong.empty()) << c.name() << text;
  }
  if (run == 0) {
    // A filter or another folder may leave nothing; the own data may not.
    if (is_own_data() && !std::getenv("HORNBEAM_CASES")) FAIL() << "no case was run";
    GTEST_SKIP() << "no case was run";
  }
}

INSTANTIATE_TEST_SUITE_P(Keras, Conformance, testing::ValuesIn(parameters()), test_name);

TEST(ConformanceData, IsThere) { EXPECT_GE(case_files().size(), is_own_data() ? 50u : 1u) << data_folder(); }

class WritesTable : public testing::Environment {
 public:
  void TearDown() override {
    if (const char* path = std::getenv("HORNBEAM_CONFORMANCE_TABLE"))
      std::ofstream(path)
          << "# Conformance with Keras 3.15.1\n\nEvery name of Keras that has cases: how many of its cases Hornbeam "
             "passes, "
             "evaluated op by op (reference) and as native code (compiled). Written by\n\n"
             "    HORNBEAM_ORACLE=DIR HORNBEAM_CONFORMANCE_TABLE=docs/conformance.md test_conformance\n\n"
             "with the cases of all of Keras in DIR, which test/conformance/README.md tells how to make.\n\n"
          << Results::get().table();
  }
};

[[maybe_unused]] auto* const writes_table = testing::AddGlobalTestEnvironment(new WritesTable);

}  // namespace
}  // namespace hornbeam::conformance
