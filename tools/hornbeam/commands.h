// The commands. Each adds itself and its options to the program, and runs while the command line is parsed.
#pragma once

#include <CLI/CLI.hpp>

namespace hornbeam::cli {

void add_predict(CLI::App& app);   // predict MODEL --input X [--output Y.npz]
void add_evaluate(CLI::App& app);  // evaluate MODEL --data D
void add_summary(CLI::App& app);   // summary MODEL
void add_bench(CLI::App& app);     // bench fit|predict MODEL

}  // namespace hornbeam::cli
