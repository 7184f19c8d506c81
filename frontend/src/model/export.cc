// export_model: the jobs of a model, traced without data and compiled to a binary.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/export.h>
#include <hornbeam/runtime/package.h>

#include "codegen/compiler.h"
#include "frontend/src/model/export_types.h"
#include "frontend/src/model/host_split.h"
#include "frontend/src/model/model_state.h"
#include "frontend/src/saving/safetensors.h"
#include "frontend/src/trace/jobs.h"

namespace hornbeam {
namespace {

using runtime::Segment;

const char* const kPredict = "predict_step";
const char* const kTrain = "train_step";
const char* const kTrainLast = "train_last_step";
const char* const kMetricResults = "metric_results";

bool is_to_look_at(const std::string& emit) {
  return emit == "horn" || emit == "kernels" || emit == "llvm" || emit == "asm";
}

void check(const ExportOptions& o) {
  auto refuse = [](const std::string& option, const std::string& expected, const std::string& received) {
    throw ValueError("export_model: " + option + " must be " + expected + ". Received: " + option + "='" + received +
                     "'");
  };
  static const std::vector<std::string> emits = {"horn", "kernels",    "llvm",       "asm",  "obj",
                                                 "exe",  "static-lib", "shared-lib", "wasm", "package"};
  if (std::find(emits.begin(), emits.end(), o.emit) == emits.end())
    refuse("emit", "one of horn, kernels, llvm, asm, obj, static-lib, shared-lib, exe, wasm, package", o.emit);
  if (o.function != "predict" && o.function != "train") refuse("function", "'predict' or 'train'", o.function);
  if (o.weights != "inside" && o.weights != "external") refuse("weights", "'inside' or 'external'", o.weights);
  if (o.batch_size <= 0) refuse("batch_size", "positive", std::to_string(o.batch_size));
  if (o.last_batch_size < 0 || o.last_batch_size >= o.batch_size)
    refuse("last_batch_size", "below batch_size", std::to_string(o.last_batch_size));
  if (o.function != "train" && o.last_batch_size > 0)
    refuse("last_batch_size", "0 unless function is 'train'", std::to_string(o.last_batch_size));
  if (o.function != "train" && o.sample_weight) refuse("sample_weight", "false unless function is 'train'", "true");
  if (o.num_threads < 1 || o.num_threads > 4096) refuse("num_threads", "in 1 .. 4096", std::to_string(o.num_threads));
}

// The file's name without folder and ending.
std::string stem_of(const std::string& path) {
  std::string name = path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
  return name.substr(0, name.rfind('.') == 0 ? std::string::npos : name.rfind('.'));
}

std::string prefix_of(const std::string& path) {
  std::string stem = stem_of(path), prefix;
  if (stem.starts_with("lib") && stem.size() > 3) stem = stem.substr(3);
  for (char c : stem) prefix += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  if (prefix.empty() || std::isdigit(static_cast<unsigned char>(prefix[0]))) prefix = "model_" + prefix;
  return prefix;
}

// PATH with another ending. A library's header does without "lib".
std::string beside(const std::string& path, const std::string& ending) {
  std::string folder = path.substr(0, path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
  std::string stem = stem_of(path);
  if (stem.starts_with("lib") && stem.size() > 3) stem = stem.substr(3);
  return folder + stem + ending;
}

// A training in the place where a model's losses and metrics look for it, until the end.
class TrainingInPlace {
 public:
  TrainingInPlace(Model& model, std::unique_ptr<Training> training) : state_(*model.model_state()) {
    before_ = std::exchange(state_.training, std::move(training));
  }
  ~TrainingInPlace() { state_.training = std::move(before_); }
  TrainingInPlace(const TrainingInPlace&) = delete;
  TrainingInPlace& operator=(const TrainingInPlace&) = delete;

 private:
  ModelState& state_;
  std::unique_ptr<Training> before_;
};

class Exporter {
 public:
  Exporter(Model& model, const ExportOptions& options) : model_(model), options_(options) {}

  // The module's functions and the state that they work on.
  void trace();
  codegen::Binary compile(const std::string& path);
  std::string package();
  std::map<std::string, Array> variables() const;

 private:
  bool trains() const { return options_.function == "train"; }
  Training& training() { return *model_.model_state()->training; }
  void prepare_training(const BatchSpec& batch);
  std::array<std::string, runtime::kNumSegments> segments();

  Model& model_;
  const ExportOptions& options_;
  Session session_;
  std::optional<TrainingInPlace> training_;
  ir::Module module_;
  std::vector<std::string> input_names_, target_names_, sample_weight_names_, metric_names_;
};

void Exporter::prepare_training(const BatchSpec& batch) {
  if (ModelAccess::own_steps(model_).train)
    throw NotImplementedError("export_model: the train step of model '" + model_.name() +
                              "' is its own, which cannot be exported yet. Export it for prediction.");
  BatchSpec any = batch.resized(kUnknown);
  std::vector<trace::Spec> y_pred = infer_outputs(model_, any, true);
  training_.emplace(model_, std::make_unique<Training>(model_.compile_options(), model_.output_names(), y_pred, any.y,
                                                       model_.metrics()));
  session_.add(Segment::metrics, training().metric_variables());
  training().reset_metrics();
  const Optimizer& optimizer = model_.optimizer();
  if (!optimizer->built()) optimizer->build(model_.trainable_weights());
  session_.add(Segment::slots, optimizer->variables());
}

void Exporter::trace() {
  const HostSplit* split = host_split_of(model_);
  if (split && options_.emit != "package" && !is_to_look_at(options_.emit))
    throw NotImplementedError("export_model: the model '" + model_.name() +
                              "' has layers that run on the host (strings), which a '" + options_.emit +
                              "' does not carry. Export a 'package', or the part of the model after these layers.");
  ExportTypes types = export_types(model_, options_.batch_size, trains(), options_.sample_weight);
  input_names_ = types.input_names;
  session_.add(Segment::weights, model_.variables());
  for (const auto& metric : model_.metrics()) session_.add(Segment::metrics, metric->variables());
  if (trains()) prepare_training(types.batch);
  ir::Builder builder(module_);
  trace_job(Job::predict, model_, nullptr, session_, types.batch, model_.output_names(), builder, kPredict);
  if (!trains()) return;
  target_names_ = types.target_names;
  sample_weight_names_ = types.sample_weight_names;
  metric_names_ = training().names();
  trace_job(Job::train, model_, &training(), session_, types.batch, model_.output_names(), builder, kTrain);
  if (options_.last_batch_size > 0)
    trace_job(Job::train, model_, &training(), session_, types.batch.resized(options_.last_batch_size),
              model_.output_names(), builder, kTrainLast);
  trace_metric_results(training(), session_, builder, kMetricResults);
}

std::map<std::string, Array> Exporter::variables() const {
  std::map<std::string, Array> values;
  for (const Variable& variable : session_.variables({Segment::weights, Segment::slots}))
    values.emplace(session_.name_of(variable), variable.value());
  return values;
}

std::array<std::string, runtime::kNumSegments> Exporter::segments() {
  std::array<std::string, runtime::kNumSegments> segments;
  const runtime::State& state = session_.state();
  for (int i = 0; i < runtime::kNumSegments; ++i) {
    Segment segment = static_cast<Segment>(i);
    segments[i].resize(static_cast<size_t>(state.segment_bytes(segment)));
    for (const Variable& variable : session_.variables({segment})) {
      Array value = variable.value();
      std::memcpy(segments[i].data() + state.variable(session_.name_of(variable)).offset, value.data(), value.bytes());
    }
  }
  return segments;
}

codegen::Binary Exporter::compile(const std::string& path) {
  codegen::BinaryOptions o;
  o.emit = options_.emit;
  o.target = options_.target;
  o.cpu = options_.cpu;
  o.num_threads = options_.num_threads;
  o.prefix = options_.prefix.empty() ? prefix_of(path) : options_.prefix;
  o.soname = path.substr(path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
  o.predict = kPredict;
  if (trains()) o.train = kTrain, o.metrics = kMetricResults;
  if (options_.last_batch_size > 0) o.train_last = kTrainLast;
  o.input_names = input_names_;
  o.output_names = model_.output_names();
  o.target_names = target_names_;
  o.sample_weight_names = sample_weight_names_;
  o.metric_names = metric_names_;
  o.segments = segments();
  o.external_weights = options_.weights == "external";
  return trace::unwrap(codegen::compile_binary(std::move(module_), session_.state().variables(), o));
}

std::string Exporter::package() {
  if (!options_.target.empty())
    throw ValueError("export_model: a package is for this kind of machine; it takes no target.");
  std::string cpu = options_.cpu.empty() ? "native" : options_.cpu;
  runtime::Program program = trace::unwrap(codegen::compile(std::move(module_), session_.state().variables(),
                                                            {.num_threads = options_.num_threads, .cpu = cpu}));
  std::vector<std::string> outputs = model_.output_names(), all = input_names_;
  if (const HostSplit* split = host_split_of(model_)) {
    program.prologue = split->prologue.graph();
    if (!split->epilogue.steps.empty()) program.epilogue = split->epilogue.graph();
  }
  all.insert(all.end(), target_names_.begin(), target_names_.end());
  all.insert(all.end(), sample_weight_names_.begin(), sample_weight_names_.end());
  for (runtime::Entry& entry : program.entries) {
    for (size_t i = 0; i < entry.inputs.size(); ++i) entry.inputs[i].name = all.at(i);
    if (entry.name == kPredict)
      for (size_t i = 0; i < entry.outputs.size(); ++i)
        entry.outputs[i].name = program.epilogue.empty() ? outputs.at(i) : "output" + std::to_string(i);
  }
  return runtime::serialize(program);
}

// Files that appear together.
class Files {
 public:
  AtomicFile& add(const std::string& path) {
    names_.push_back(path);
    files_.push_back(std::make_unique<AtomicFile>(path));
    return *files_.back();
  }
  std::vector<std::string> commit() {
    for (auto& file : files_) file->commit();
    return names_;
  }

 private:
  std::vector<std::unique_ptr<AtomicFile>> files_;
  std::vector<std::string> names_;
};

}  // namespace

std::vector<std::string> export_model(Model& model, const std::string& path, const ExportOptions& options) {
  check(options);
  Exporter exporter(model, options);
  exporter.trace();
  Files files;
  bool weights_beside = options.weights == "external" && !is_to_look_at(options.emit);
  if (options.emit == "package") {
    files.add(path).write(exporter.package());
    weights_beside = true;
  } else {
    codegen::Binary binary = exporter.compile(path);
    files.add(path).write(binary.bytes);
    if (!binary.header.empty() && options.emit != "exe") files.add(beside(path, ".h")).write(binary.header);
  }
  if (weights_beside) saving::write_safetensors(files.add(beside(path, ".safetensors")), exporter.variables(), {});
  std::vector<std::string> names = files.commit();
  if (options.emit == "exe" && ::chmod(path.c_str(), 0755) != 0)
    throw IOError(path + ": cannot be made executable: " + std::strerror(errno));
  return names;
}

}  // namespace hornbeam
