// The commands. Each adds itself and its options to the program, and runs while the command line is parsed.
#pragma once

#include <CLI/CLI.hpp>

namespace hornbeam::cli {

void add_predict(CLI::App& app);     // predict MODEL --input X [--output Y.npz]
void add_evaluate(CLI::App& app);    // evaluate MODEL --data D
void add_fit(CLI::App& app);         // fit MODEL --data D --output OUT.keras
void add_summary(CLI::App& app);     // summary MODEL
void add_plot(CLI::App& app);        // plot MODEL --output M.svg
void add_compile(CLI::App& app);     // compile MODEL --emit E --output F
void add_convert(CLI::App& app);     // convert IN OUT
void add_bench(CLI::App& app);       // bench fit|predict MODEL
void add_devices(CLI::App& app);     // devices
void add_cache(CLI::App& app);       // cache [--clear]
void add_completion(CLI::App& app);  // completion bash|zsh
void add_man(CLI::App& app);         // man

}  // namespace hornbeam::cli
