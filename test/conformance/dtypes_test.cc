// Every layer in other dtypes than float32: the first case of each class, under each dtype policy.
#include <gtest/gtest.h>

#include "test/conformance/runners_support.h"

namespace hornbeam::conformance {
namespace {

struct Parameter {
  CaseFile file;
  std::string policy;
};
void PrintTo(const Parameter& parameter, std::ostream* out) { *out << parameter.file.stem << " " << parameter.policy; }

std::vector<Parameter> parameters() {
  std::vector<Parameter> all;
  for (const CaseFile& file : case_files())
    if (file.family == "layers")
      for (const char* policy : {"float64", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16"})
        all.push_back({file, policy});
  return all;
}

class LayerDTypes : public testing::TestWithParam<Parameter> {};

TEST_P(LayerDTypes, ComputesInThePolicy) {
  const auto& [file, policy] = GetParam();
  std::vector<Case> cases = read_cases(file);
  if (cases.empty() || !is_known(cases[0])) GTEST_SKIP();
  // Native code for the two that are used most; the others op by op, where every rounding is the dtype's.
  bool is_native = policy == "float64" || policy == "mixed_bfloat16";
  std::string text;
  for (const std::string& line : check_in_policy(cases[0], is_native ? Path::compiled : Path::reference, policy))
    text += "\n  " + line;
  EXPECT_EQ(text, "") << cases[0].name() << " in " << policy;
}

INSTANTIATE_TEST_SUITE_P(Keras, LayerDTypes, testing::ValuesIn(parameters()), [](const auto& info) {
  std::string name = info.param.file.stem + "_" + info.param.policy;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

}  // namespace
}  // namespace hornbeam::conformance
