// The smaller commands through the executable: evaluate's overrides, summary, plot, convert, devices, completion, man.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/saving.h>
#include <nlohmann/json.hpp>

#include "test/cli/cli_support.h"

namespace hornbeam::cli_test {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(EvaluateCli, LossAndMetricsCanBeOthers) {
  Folder folder;
  std::map<std::string, Array> stored;
  for (auto& [name, array] : runtime::read_npz(data("nested"))) stored[name] = array;
  runtime::write_npz(folder / "d.npz", {{"x", stored.at("x0")}, {"y", stored.at("y0")}});
  const std::string command = "evaluate " + model("nested") + " --data " + (folder / "d.npz");
  const Outcome outcome = run(command + " --loss mse --metrics mae --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json logs = json::parse(outcome.out);
  EXPECT_NEAR(logs.at("loss").get<double>(), 0, 1e-9);  // the targets are what the model predicts
  EXPECT_NEAR(logs.at("mae").get<double>(), 0, 1e-5);
  EXPECT_THAT(run(command + " --loss mse").out, StartsWith("loss: "));
  expect_failure(command, 1, "give one with --loss");
  expect_failure(command + " --loss mze", 1, "Did you mean");
  expect_failure("evaluate " + model("cnn") + " --data mnist --data-dir " + (folder / "none"), 1, "--data-dir");
}

TEST(PredictCli, PrintsJson) {
  std::map<std::string, Array> stored;
  for (auto& [name, array] : runtime::read_npz(data("two_outputs"))) stored[name] = array;
  const Outcome outcome = run("predict " + model("two_outputs") + " --input " + data("two_outputs") + " --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json outputs = json::parse(outcome.out);
  ASSERT_EQ(outputs.at("category").size(), 10u);
  for (int64_t row = 0; row < 10; ++row)
    for (int64_t i = 0; i < 3; ++i)
      EXPECT_NEAR(outputs.at("category").at(static_cast<size_t>(row)).at(static_cast<size_t>(i)).get<double>(),
                  stored.at("y0").get(row * 3 + i), 1e-5);
}

TEST(SummaryCli, PrintsJson) {
  const Outcome outcome = run("summary " + model("trained_adam") + " --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json summary = json::parse(outcome.out);
  EXPECT_EQ(summary.at("params"), 9 * 7 + 7 + 7 * 4 + 4);
  EXPECT_EQ(summary.at("bytes"), 4 * summary.at("params").get<int>());
  EXPECT_EQ(summary.at("layers").size(), 2u);
  EXPECT_EQ(summary.at("layers").at(1).at("output_shape"), json::parse("[null, 4]"));
  expect_failure("summary " + model("trained_adam") + " --line-length wide", 2, "--line-length");
}

TEST(PlotCli, WritesSvgAndDot) {
  Folder folder;
  ASSERT_EQ(run("plot " + model("two_outputs") + " --output " + (folder / "m.svg")).status, 0);
  EXPECT_THAT(read_text(folder / "m.svg"), HasSubstr("numbers (InputLayer)"));
  ASSERT_EQ(
      run("plot " + model("two_outputs") + " --output " + (folder / "m.dot") + " --no-shapes --rankdir LR").status, 0);
  EXPECT_THAT(read_text(folder / "m.dot"), StartsWith("digraph"));
  EXPECT_THAT(read_text(folder / "m.dot"), HasSubstr("rankdir=LR"));
  expect_failure("plot " + model("two_outputs") + " --output " + (folder / "m.gif"), 1, ".svg, .dot, .png or .pdf");
  expect_failure("plot " + model("two_outputs") + " --output " + (folder / "no/m.svg"), 1, "is not there");
  expect_failure("plot " + model("refused_lambda") + " --output " + (folder / "l.svg"), 1, "Lambda");
  EXPECT_THAT(folder.files(), ElementsAre("m.dot", "m.svg"));
}

// Where Graphviz is there it makes the picture; a stand-in shows what it is given.
TEST(PlotCli, OtherFormatsGoThroughGraphviz) {
  Folder folder;
  const std::string command = "plot " + model("two_outputs") + " --output " + (folder / "m.png");
  const Outcome none = run(command, "env PATH=" + (folder / "empty") + " ");
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.err, StartsWith("error: .png pictures are made by Graphviz's program 'dot'"));
  ASSERT_EQ(std::system(("mkdir " + (folder / "bin") + " && printf '#!/bin/sh\\necho \"$@\"; exec /bin/cat\\n' > " +
                         (folder / "bin/dot") + " && chmod +x " + (folder / "bin/dot"))
                            .c_str()),
            0);
  const Outcome made = run(command, "env PATH=" + (folder / "bin") + ":$PATH ");
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_THAT(read_text(folder / "m.png"), StartsWith("-Tpng\ndigraph"));
  ASSERT_EQ(std::system(("printf '#!/bin/sh\\nexit 3\\n' > " + (folder / "bin/dot")).c_str()), 0);
  const Outcome failed = run("plot " + model("two_outputs") + " --output " + (folder / "f.pdf"),
                             "env PATH=" + (folder / "bin") + ":$PATH ");
  EXPECT_EQ(failed.status, 1);
  EXPECT_THAT(failed.err, HasSubstr("failed to make a .pdf"));
  EXPECT_THAT(folder.files(), ElementsAre("bin", "m.png"));
}

TEST(ConvertCli, GoesBetweenAllFormats) {
  Folder folder;
  const std::vector<Array> wanted = load_model(model("trained_adam")).get_weights();
  auto convert = [&](const std::string& in, const std::string& out, const std::string& options = "") {
    const Outcome outcome = run("convert " + in + " " + out + " " + options);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
  };
  auto expect_weights = [&](const std::string& path) {
    const std::vector<Array> got = load_model(path).get_weights();
    ASSERT_EQ(got.size(), wanted.size()) << path;
    for (size_t i = 0; i < got.size(); ++i)
      EXPECT_EQ(std::memcmp(got[i].data(), wanted[i].data(), wanted[i].bytes()), 0) << path;
  };
  convert(model("trained_adam"), folder / "m.h5");
  expect_weights(folder / "m.h5");
  convert(folder / "m.h5", folder / "m.keras");
  expect_weights(folder / "m.keras");
  for (const char* name : {"w.weights.h5", "w.safetensors", "w.npz"}) {
    convert(model("trained_adam"), folder / name);
    convert(folder / name, folder / "back.keras", "--model " + model("trained_adam"));
    expect_weights(folder / "back.keras");
  }
  expect_failure("convert " + (folder / "w.npz") + " " + (folder / "x.keras"), 1, "--model");
  expect_failure("convert " + model("trained_adam") + " " + (folder / "x.bin"), 1, "must end with");
  expect_failure("convert " + model("trained_adam") + " " + (folder / "no/x.keras"), 1, "is not there");
  expect_failure("convert " + (folder / "w.npz") + " " + (folder / "x.keras") + " --model " + model("cnn"), 1, "w.npz");
  EXPECT_THAT(folder.files(), testing::Not(Contains("x.keras")));
}

TEST(DevicesCli, KnowsTheProcessor) {
  const Outcome outcome = run("devices --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json devices = json::parse(outcome.out);
  EXPECT_EQ(devices.at("default"), "cpu");
  EXPECT_EQ(devices.at("devices").at(0).at("usable"), true);
  EXPECT_GE(devices.at("devices").at(0).at("threads").get<int>(), 1);
  EXPECT_NE(devices.at("devices").at(1).at("reason"), "");
  EXPECT_THAT(run("devices").out, StartsWith("cpu   "));
}

// The words that bash offers for a command line.
std::string completions(const std::string& line) {
  Folder folder;
  EXPECT_EQ(
      std::system((std::string(HORNBEAM_BUILD_DIR) + "/bin/hornbeam completion bash > " + (folder / "c.bash")).c_str()),
      0);
  const std::string script = "source " + (folder / "c.bash") + "; words=(" + line + " \"\"); [[ '" + line +
                             "' == *' -' ]] && words=(" + line +
                             "); COMP_WORDS=(\"${words[@]}\"); COMP_CWORD=$((${#words[@]} - 1)); "
                             "_hornbeam; echo \"${COMPREPLY[*]}\"";
  std::FILE* pipe = popen(("bash -c '" +
                           [&] {
                             std::string quoted;
                             for (char c : script) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
                             return quoted;
                           }() +
                           "'")
                              .c_str(),
                          "r");
  std::string out;
  char part[4096];
  while (size_t got = std::fread(part, 1, sizeof part, pipe)) out.append(part, got);
  EXPECT_EQ(pclose(pipe), 0);
  return out;
}

TEST(CompletionCli, BashOffersCommandsOptionsAndValues) {
  EXPECT_THAT(completions("hornbeam"), HasSubstr("predict evaluate fit"));
  EXPECT_THAT(completions("hornbeam bench"), StartsWith("fit predict"));
  EXPECT_THAT(completions("hornbeam bench fit -"), HasSubstr("--steps-per-execution"));
  EXPECT_THAT(completions("hornbeam predict m.keras -"), HasSubstr("--input"));
  EXPECT_EQ(completions("hornbeam predict m.keras --device"), "cpu cuda\n");
  EXPECT_THAT(completions("hornbeam completion"), HasSubstr("bash zsh"));
}

TEST(CompletionCli, ZshKnowsEveryOption) {
  const Outcome outcome = run("completion zsh");
  ASSERT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, StartsWith("#compdef hornbeam\n"));
  EXPECT_THAT(outcome.out, HasSubstr("'--rankdir[Inputs above (TB) or on the left (LR)]:TB|LR:(TB LR)'"));
  if (std::system("command -v zsh > /dev/null") != 0) return;
  EXPECT_EQ(std::system((std::string(HORNBEAM_BUILD_DIR) + "/bin/hornbeam completion zsh | zsh -n /dev/stdin").c_str()),
            0);
}

TEST(ManCli, HasEveryCommandAndOption) {
  const Outcome outcome = run("man");
  ASSERT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, StartsWith(".TH HORNBEAM 1"));
  for (const char* words :
       {".SS hornbeam fit MODEL \\-\\-data DATA \\-\\-output OUT.keras [OPTIONS]", ".SS hornbeam bench predict",
        "\\fB\\-\\-early\\-stopping\\fR", ".SH EXIT STATUS", "\\fB\\-v\\fR, \\fB\\-\\-verbose\\fR"})
    EXPECT_THAT(outcome.out, HasSubstr(words));
  if (std::system("command -v groff > /dev/null") != 0) return;
  EXPECT_EQ(
      std::system((std::string(HORNBEAM_BUILD_DIR) + "/bin/hornbeam man | groff -man -Tutf8 -ww > /dev/null").c_str()),
      0);
}

// Help names every option with its default, and an example.
TEST(HelpCli, IsThereForEveryCommand) {
  for (const char* command : {"predict", "evaluate", "fit", "summary", "plot", "convert", "bench fit", "bench predict",
                              "devices", "cache", "completion", "man"}) {
    SCOPED_TRACE(command);
    const Outcome outcome = run(std::string(command) + " --help");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Usage: hornbeam " + std::string(command)));
    EXPECT_THAT(outcome.out, HasSubstr("Example:\n  "));
  }
  EXPECT_THAT(run("fit --help").out, HasSubstr("--batch-size N"));
  EXPECT_THAT(run("fit --help").out, HasSubstr("Samples in a batch [32]"));
}

}  // namespace
}  // namespace hornbeam::cli_test
