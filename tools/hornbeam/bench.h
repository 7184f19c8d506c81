// hornbeam bench fit|predict: times a model's steps on synthetic data.
#pragma once

#include <CLI/CLI.hpp>

namespace hornbeam::cli {

// Adds the command and its options; it runs while the command line is parsed.
void add_bench(CLI::App& app);

}  // namespace hornbeam::cli
