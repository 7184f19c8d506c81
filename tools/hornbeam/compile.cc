// hornbeam compile MODEL --emit E --output F: a model as a binary that needs no Hornbeam.
#include <cstdio>

#include <hornbeam/export.h>
#include <hornbeam/saving.h>

#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/options.h"

namespace hornbeam::cli {
namespace {

struct Options {
  std::string model, output;
  ExportOptions exported;
};

void compile(const Options& options) {
  check_writable(options.output);
  Model model = load_model(options.model, {.compile = options.exported.function == "train"});
  std::string text;
  for (const std::string& file : export_model(model, options.output, options.exported))
    text += (text.empty() ? "" : ", ") + file;
  std::fprintf(stderr, "wrote %s\n", text.c_str());
}

}  // namespace

void add_compile(CLI::App& app) {
  static Options options;
  ExportOptions& o = options.exported;
  o.emit.clear();
  CLI::App* command =
      app.add_subcommand("compile", "Make an object, a library, an executable or WebAssembly of a model");
  command->add_option("MODEL", options.model, "A .keras or .h5 file; for --function train of a compiled model")
      ->required();
  add_choice(*command, "--emit", o.emit,
             {"obj", "static-lib", "shared-lib", "exe", "wasm", "package", "horn", "kernels", "llvm", "asm"},
             "To ship: obj, static-lib, shared-lib (with a C header), exe, wasm, package; to look at: the others")
      ->required();
  command->add_option("--output", options.output, "The file to write; header and weights go beside it")
      ->type_name("F")
      ->required();
  add_batch_size(*command, o.batch_size);
  add_choice(*command, "--function", o.function, {"predict", "train"}, "predict; or train, which predicts, too")
      ->capture_default_str();
  command->add_flag("--sample-weight", o.sample_weight,
                    "For train: samples have weights, an array more in the data (for class weights, too)");
  command
      ->add_option("--last-batch-size", o.last_batch_size,
                   "For train: rows of an epoch's short last batch, whose step comes along; 0: none")
      ->type_name("N")
      ->check(between(0, 1 << 20))
      ->capture_default_str();
  add_choice(*command, "--target", o.target, {"x86_64-linux", "aarch64-linux", "wasm32"},
             "Machine; else this one (for wasm: wasm32)");
  command
      ->add_option("--cpu", o.cpu,
                   "avx2, avx512, native (this machine's), a name that LLVM knows, or all: three x86-64 codes in one "
                   "file, chosen when it runs; else any processor of the target")
      ->type_name("CPU");
  add_choice(*command, "--weights", o.weights, {"inside", "external"}, "External: in a .safetensors file beside")
      ->capture_default_str();
  command->add_option("--prefix", o.prefix, "Of all symbols; else made of the file's name")->type_name("NAME");
  command->add_option("--threads", o.num_threads, "The most threads that a call may be shared among")
      ->type_name("N")
      ->check(between(1, 4096))
      ->capture_default_str();
  command->footer(
      "Example:\n  hornbeam compile model.keras --emit static-lib --batch-size 32 --cpu avx2 --output libmodel.a");
  command->callback([] { compile(options); });
}

}  // namespace hornbeam::cli
