// hornbeam plot MODEL --output M.svg: the layer graph as a picture.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/base/error.h>
#include <hornbeam/plot.h>
#include <hornbeam/saving.h>

#include "tools/hornbeam/commands.h"
#include "tools/hornbeam/options.h"

namespace hornbeam::cli {
namespace {

struct Options {
  std::string model, output;
  PlotOptions plot;
  bool no_shapes = false;
};

// Runs Graphviz's program: `text` in, the picture out. Throws IOError.
std::string graphviz(const std::string& text, const std::string& format) {
  int in[2], out[2];
  if (pipe(in) != 0 || pipe(out) != 0) throw IOError(std::string("cannot make a pipe: ") + std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  for (int end : {in[0], in[1], out[0], out[1]}) posix_spawn_file_actions_addclose(&actions, end);
  std::string program = "dot", option = "-T" + format;
  char* const arguments[] = {program.data(), option.data(), nullptr};
  pid_t child = 0;
  const int failed = posix_spawnp(&child, "dot", &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  if (failed) {
    close(in[1]);
    close(out[0]);
    throw IOError("." + format + " pictures are made by Graphviz's program 'dot', which cannot be run here (" +
                  std::strerror(failed) + "). Install graphviz, or write .svg or .dot");
  }
  // dot reads all of its input before it writes, so the two pipes cannot block each other.
  std::signal(SIGPIPE, SIG_IGN);
  for (size_t done = 0; done < text.size();) {
    const ssize_t count = write(in[1], text.data() + done, text.size() - done);
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
  close(in[1]);
  std::string picture;
  char part[1 << 16];
  for (ssize_t count; (count = read(out[0], part, sizeof part)) > 0;) picture.append(part, static_cast<size_t>(count));
  close(out[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0 || picture.empty())
    throw IOError("Graphviz's program 'dot' failed to make a ." + format + " picture");
  return picture;
}

void plot(Options options) {
  options.plot.show_shapes = !options.no_shapes;
  const std::string ending = std::filesystem::path(options.output).extension().string();
  if (ending != ".svg" && ending != ".dot" && ending != ".png" && ending != ".pdf")
    throw ValueError(options.output + ": the name must end with .svg, .dot, .png or .pdf");
  check_writable(options.output);
  const Model model = load_model(options.model, {.compile = false});
  if (ending == ".svg" || ending == ".dot")
    plot_model(model, options.output, options.plot);
  else
    write_text(options.output, graphviz(model_to_dot(model, options.plot), ending.substr(1)));
  std::fprintf(stderr, "wrote %s\n", options.output.c_str());
}

}  // namespace

void add_plot(CLI::App& app) {
  static Options options;
  CLI::App* command = app.add_subcommand("plot", "Draw a model's layers and how they are connected");
  command->add_option("MODEL", options.model, "A .keras or .h5 file")->required();
  command->add_option("--output", options.output, "The picture: .svg, .dot, or with Graphviz installed .png or .pdf")
      ->type_name("FILE")
      ->required();
  command->add_flag("--no-shapes", options.no_shapes, "Leave the shapes out");
  add_choice(*command, "--rankdir", options.plot.rankdir, {"TB", "LR"}, "Inputs above (TB) or on the left (LR)")
      ->capture_default_str();
  command->footer("Example:\n  hornbeam plot model.keras --output model.svg");
  command->callback([] { plot(options); });
}

}  // namespace hornbeam::cli
