// CSVLogger: the file that Keras' class of this name writes, byte for byte.
#include <hornbeam/callbacks/csv_logger.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include <hornbeam/base/error.h>
#include <hornbeam/config.h>

namespace hornbeam::callbacks {
namespace {

std::string number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return Config(value).to_json();
}

// Keras writes a list as a text in quotes, of float32 numbers.
std::string list(const std::vector<double>& elements) {
  std::string text;
  for (const double element : elements) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.9g", element);
    for (int precision = 1; precision < 9; ++precision) {
      std::snprintf(digits, sizeof digits, "%.*g", precision, element);
      if (std::strtof(digits, nullptr) == static_cast<float>(element)) break;
    }
    std::string shown = digits;
    if (shown.find_first_of(".en") == std::string::npos) shown += ".0";
    text += (text.empty() ? "" : ", ") + shown;
  }
  return "\"[" + text + "]\"";
}

// Quoted only where it must be, as Python's csv module does.
std::string field(const std::string& text, char separator) {
  const std::string special = std::string("\"\r\n") + separator;
  if (text.find_first_of(special) == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

struct CSVLogger::State {
  CSVLoggerOptions options;
  std::ofstream file;
  std::vector<std::string> keys;  // empty until the first epoch ends
  bool has_keys = false;
  bool append_header = true;

  void write(const std::vector<std::string>& fields) {
    std::string line;
    for (const std::string& text : fields) {
      if (!line.empty()) line += options.separator;
      line += field(text, options.separator[0]);
    }
    file << line << "\r\n" << std::flush;
    if (!file) throw IOError("[CSVLogger] cannot write to '" + options.filename + "'. Is the disk full?");
  }
};

CSVLogger::CSVLogger(CSVLoggerOptions options) : state_(std::make_shared<State>()) {
  if (options.filename.empty()) throw ValueError("[CSVLogger] filename must be given. Received: \"\"");
  if (options.separator.size() != 1) {
    throw ValueError("[CSVLogger] separator must be one character. Received: separator=\"" + options.separator + "\"");
  }
  state_->options = std::move(options);
}

void CSVLogger::on_train_begin(const Logs&) {
  State& s = *state_;
  auto mode = std::ios::binary | std::ios::out;
  if (s.options.append) {
    if (std::ifstream old(s.options.filename, std::ios::binary); old) s.append_header = old.peek() == EOF;
    mode |= std::ios::app;
  }
  if (s.file.is_open()) s.file.close();
  s.file.clear();
  s.file.open(s.options.filename, mode);
  if (!s.file) {
    throw IOError("[CSVLogger] cannot open '" + s.options.filename + "' for writing: " + std::strerror(errno));
  }
  s.keys.clear();
  s.has_keys = false;
}

void CSVLogger::on_epoch_end(int64_t epoch, const Logs& logs) {
  State& s = *state_;
  if (!s.has_keys) {
    for (const auto& [name, value] : logs) s.keys.push_back(name);
    std::sort(s.keys.begin(), s.keys.end());
    const auto is_validation = [](const std::string& name) { return name.starts_with("val_"); };
    if (std::none_of(s.keys.begin(), s.keys.end(), is_validation)) {
      const size_t training = s.keys.size();
      for (size_t i = 0; i < training; ++i) s.keys.push_back("val_" + s.keys[i]);
    }
    s.has_keys = true;
    if (s.append_header) {
      std::vector<std::string> header = {"epoch"};
      header.insert(header.end(), s.keys.begin(), s.keys.end());
      s.write(header);
    }
  }
  std::vector<std::string> row = {std::to_string(epoch)};
  for (const std::string& key : s.keys) {
    const double* value = logs.find(key);
    const std::vector<double>* elements = logs.find_array(key);
    row.push_back(value == nullptr ? "NA" : elements ? list(*elements) : number(*value));
  }
  s.write(row);
}

void CSVLogger::on_train_end(const Logs&) {
  if (state_->file.is_open()) state_->file.close();
}

}  // namespace hornbeam::callbacks
