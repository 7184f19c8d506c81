// From words of the command line to callbacks.
#include "tools/hornbeam/fit_callbacks.h"

#include <algorithm>
#include <filesystem>

#include <hornbeam/base/error.h>
#include <hornbeam/callbacks/csv_logger.h>
#include <hornbeam/callbacks/early_stopping.h>
#include <hornbeam/callbacks/model_checkpoint.h>
#include <hornbeam/callbacks/tensorboard.h>
#include <hornbeam/config.h>

#include "tools/hornbeam/options.h"

namespace hornbeam::cli {
namespace {

// Reads a setting, and says which one where its value is of the wrong kind.
template <class T>
void read(const Config& settings, const char* option, const std::string& key, T& value) {
  try {
    settings.read(key, value);
  } catch (const Error&) {
    throw ValueError(std::string(option) + ": '" + key + "' cannot be " + settings.at(key).to_json());
  }
}

}  // namespace

CallbackHandle make_early_stopping(const std::string& text) {
  constexpr const char* kOption = "--early-stopping";
  const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  const Config settings = parse_settings(
      kOption, text,
      {"monitor", "min_delta", "patience", "mode", "baseline", "restore_best_weights", "start_from_epoch"},
      is_number ? "patience" : "monitor");
  callbacks::EarlyStoppingOptions options;
  read(settings, kOption, "monitor", options.monitor);
  read(settings, kOption, "min_delta", options.min_delta);
  read(settings, kOption, "patience", options.patience);
  read(settings, kOption, "mode", options.mode);
  read(settings, kOption, "baseline", options.baseline);
  read(settings, kOption, "restore_best_weights", options.restore_best_weights);
  read(settings, kOption, "start_from_epoch", options.start_from_epoch);
  return callbacks::EarlyStopping(options);
}

CallbackHandle make_checkpoint(const std::string& text) {
  constexpr const char* kOption = "--checkpoint";
  const Config settings = parse_settings(
      kOption, text,
      {"filepath", "monitor", "save_best_only", "save_weights_only", "mode", "save_freq", "initial_value_threshold"},
      "filepath");
  callbacks::ModelCheckpointOptions options;
  read(settings, kOption, "filepath", options.filepath);
  read(settings, kOption, "monitor", options.monitor);
  read(settings, kOption, "save_best_only", options.save_best_only);
  read(settings, kOption, "save_weights_only", options.save_weights_only);
  read(settings, kOption, "mode", options.mode);
  read(settings, kOption, "initial_value_threshold", options.initial_value_threshold);
  if (const Config* frequency = settings.find("save_freq"))
    options.save_freq = frequency->is_int() ? callbacks::Frequency(frequency->as_int())
                                            : callbacks::Frequency(frequency->as_string().c_str());
  return callbacks::ModelCheckpoint(options);
}

std::vector<CallbackHandle> make_loggers(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw IOError(folder + ": the folder cannot be made: " + failed.message());
  return {callbacks::CSVLogger({.filename = folder + "/log.csv"}), callbacks::TensorBoard({.log_dir = folder})};
}

std::map<int64_t, double> parse_class_weight(const std::string& text) {
  std::map<int64_t, double> weights;
  if (text.empty()) return weights;
  auto fail = [&] { throw ValueError("--class-weight: expected CLASS=WEIGHT,... as in 0=1,1=2.5. Received: " + text); };
  Config settings;
  if (text.starts_with("{")) {
    settings = name_or_json("--class-weight", text);
  } else {
    settings = Config::object();
    for (size_t start = 0; start <= text.size();) {
      const size_t end = std::min(text.find(',', start), text.size());
      const std::string part = text.substr(start, end - start);
      const size_t equals = part.find('=');
      if (equals == std::string::npos) fail();
      try {
        settings[part.substr(0, equals)] = Config::parse(part.substr(equals + 1));
      } catch (const Error&) {
        fail();
      }
      start = end + 1;
    }
  }
  if (!settings.is_object()) fail();
  for (const auto& [name, weight] : settings.as_object()) {
    if (name.empty() || name.size() > 9 || name.find_first_not_of("0123456789") != std::string::npos ||
        !weight.is_number())
      fail();
    weights[std::stoll(name)] = weight.as_double();
  }
  return weights;
}

}  // namespace hornbeam::cli
