// Writes the header, one part after the other. It is C99 and C++.
#include "codegen/aot/c_header.h"

#include <algorithm>
#include <set>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

namespace hornbeam::codegen {
namespace {

const char* c_type(DType dtype) {
  switch (dtype) {
    case DType::boolean:
    case DType::uint8:
      return "uint8_t";
    case DType::int8:
      return "int8_t";
    case DType::int16:
      return "int16_t";
    case DType::int32:
      return "int32_t";
    case DType::int64:
      return "int64_t";
    case DType::uint16:
    case DType::float16:   // the bits: C has no such type
    case DType::bfloat16:
      return "uint16_t";
    case DType::uint32:
      return "uint32_t";
    case DType::uint64:
      return "uint64_t";
    case DType::float32:
      return "float";
    case DType::float64:
      return "double";
    default:
      return "void";
  }
}

// A name as a field: letters, digits and underscores, none twice, no word of C or C++.
std::string field_name(const std::string& name, std::set<std::string>& taken) {
  static const std::set<std::string> words = {
      "auto",   "bool",    "break",  "case",     "char",    "class",  "const",  "continue", "default", "delete", "do",
      "double", "else",    "enum",   "export",   "extern",  "false",  "float",  "for",      "friend",  "goto",   "if",
      "inline", "int",     "long",   "namespace", "new",    "not",    "or",     "and",      "operator", "private", "public",
      "register", "return", "short", "signed",   "sizeof",  "static", "struct", "switch",   "template", "this",  "true",
      "try",    "typedef", "union",  "unsigned", "using",   "virtual", "void",  "volatile", "while",   "xor"};
  std::string field;
  for (char c : name) field += absl::ascii_isalnum(static_cast<unsigned char>(c)) ? c : '_';
  if (field.empty() || absl::ascii_isdigit(static_cast<unsigned char>(field[0]))) field = "_" + field;
  if (words.contains(field)) field += "_";
  std::string unique = field;
  for (int i = 1; !taken.insert(unique).second; ++i) unique = absl::StrCat(field, "_", i);
  return unique;
}

// "[rows, 28, 28] float32".
std::string described(const passes::Port& port) {
  std::string text = "[rows";
  for (int64_t i = 1; i < port.shape.rank(); ++i) absl::StrAppend(&text, ", ", port.shape[i]);
  return absl::StrCat(text, "] ", numpy_name(port.dtype));
}

// A comment's text must not end it.
std::string harmless(const std::string& text) { return absl::StrReplaceAll(text, {{"*/", "* /"}, {"\n", " "}, {"\\", "/"}}); }

std::string port_struct(const std::string& type, const std::vector<passes::Port>& ports,
                        const std::vector<std::string>& names, bool is_input) {
  std::string text = "typedef struct {\n";
  std::set<std::string> taken;
  for (size_t i = 0; i < ports.size(); ++i)
    absl::StrAppend(&text, "  ", is_input ? "const " : "", c_type(ports[i].dtype), "* ", field_name(names[i], taken),
                    ";  /* ", harmless(names[i]), " ", described(ports[i]), " */\n");
  return absl::StrCat(text, "} ", type, ";\n\n");
}

class HeaderWriter {
 public:
  HeaderWriter(const Description& d, const BinaryOptions& o) : d_(d), o_(o) {}
  std::string text(bool needs_libm);

 private:
  // PREFIX and prefix are put in where $P and $p stand.
  void add(const std::string& text) {
    absl::StrAppend(&text_, absl::StrReplaceAll(text, {{"$P", absl::AsciiStrToUpper(o_.prefix)}, {"$p", o_.prefix}}));
  }
  void begin(bool needs_libm);
  void instance();
  void predict();
  void train();
  void weights();
  void threads();

  const Description& d_;
  const BinaryOptions& o_;
  std::string text_;
};

void HeaderWriter::begin(bool needs_libm) {
  add("/* A compiled model, made by `hornbeam compile`. All state is in instances; there is no other. An instance may be used by\n"
      "   one thread at a time, several instances by several threads at once. Functions that return an int return 0 if all went\n"
      "   well; else $p_last_error tells what was wrong and nothing was changed. Nothing is allocated, no file is opened. ");
  add(needs_libm ? "*/\n/* Link with -lm: the model uses functions of the C library's mathematics. */\n" : "*/\n");
  add("#ifndef $P_H\n#define $P_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
}

void HeaderWriter::instance() {
  add(absl::StrCat("/* Samples in a batch, as the model was compiled. */\n#define $P_BATCH_SIZE ",
                   (d_.predict.lowered.empty() ? d_.train : d_.predict).lowered.front().batch_size,
                   "\n/* Memory that an instance takes: for a static array, say. */\n#define $P_INSTANCE_BYTES ",
                   instance_bytes(d_), "\n\n"));
  add("typedef struct $p_model $p_model;\n\n"
      "/* $P_INSTANCE_BYTES, for those who load the library at run time. */\n"
      "size_t $p_instance_bytes(void);\n\n"
      "/* Makes an instance in `memory`, which is the caller's: it must stay there and is freed by the caller when the instance\n"
      "   is no longer used; there is nothing else to destroy. NULL if there is too little memory or the processor lacks\n"
      "   instructions that the code needs; then $p_last_error(NULL) tells which. */\n"
      "$p_model* $p_create(void* memory, size_t bytes);\n\n"
      "/* What was wrong with the last call on this instance; \"\" if it went well. */\n"
      "const char* $p_last_error(const $p_model* model);\n\n");
}

void HeaderWriter::predict() {
  const passes::LoweredEntry& entry = d_.predict.lowered.front();
  add("/* Arrays of samples, row-major, one behind the other. */\n");
  add(port_struct("$p_inputs", entry.inputs, d_.predict.input_names, true));
  add(port_struct("$p_outputs", entry.outputs, d_.predict.output_names, false));
  add("/* Predicts any number of rows, $P_BATCH_SIZE at a time. */\n"
      "int $p_predict($p_model* model, const $p_inputs* inputs, size_t rows, const $p_outputs* outputs);\n\n");
}

void HeaderWriter::train() {
  const passes::LoweredEntry& entry = d_.train.lowered.front();
  add("/* Arrays of samples, row-major, one behind the other: inputs, then targets. */\n");
  add(port_struct("$p_samples", entry.inputs, d_.train.input_names, true));
  add("/* Runs `steps` training steps on data of `num_rows` rows. `rows` are steps * $P_BATCH_SIZE numbers of rows, batch after\n"
      "   batch; NULL: the rows in order. Labels must be classes of the output: they are not checked. */\n"
      "int $p_train_steps($p_model* model, const $p_samples* data, size_t num_rows, const int64_t* rows, size_t steps);\n\n"
      "/* Writes a random order of the numbers 0 .. num_rows - 1: the one that fit takes in this epoch with this seed. */\n"
      "void $p_shuffle(uint64_t seed, int64_t epoch, int64_t* rows, size_t num_rows);\n\n");
  std::string names;
  for (const std::string& name : d_.metrics.output_names) absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  add(absl::StrCat("/* The loss and the metrics over the steps since the last reset, into an array of $P_NUM_METRICS: ", harmless(names),
                   ". */\n#define $P_NUM_METRICS ", d_.metrics.output_names.size(),
                   "\nint $p_metrics($p_model* model, float* values);\nvoid $p_reset_metrics($p_model* model);\n\n"));
}

void HeaderWriter::weights() {
  add("/* A weight, or another part of the state. */\n"
      "typedef struct {\n"
      "  const char* name;\n"
      "  const char* dtype;     /* as NumPy calls it */\n"
      "  const int64_t* shape;  /* `rank` numbers */\n"
      "  int64_t rank;\n"
      "  int64_t bytes;\n"
      "  int64_t kind;          /* 0: of the model, 1: of the optimizer, 2: of a metric */\n"
      "  int64_t place;\n"
      "} $p_weight;\n"
      "size_t $p_num_weights(void);\n"
      "/* NULL if index >= $p_num_weights(). */\n"
      "const $p_weight* $p_weight_at(size_t index);\n"
      "/* Copies values, row-major, out of the instance and into it; `bytes` must be the weight's. */\n"
      "int $p_get_weight($p_model* model, const char* name, void* values, size_t bytes);\n"
      "int $p_set_weight($p_model* model, const char* name, const void* values, size_t bytes);\n"
      "/* Sets the weights from the bytes of a .safetensors file; it must hold all of the model's weights. ");
  add(o_.external_weights ? "To be called before any other work: the weights are not in the object. */\n" : "*/\n");
  add("int $p_load_weights($p_model* model, const void* file, size_t bytes);\n\n");
}

void HeaderWriter::threads() {
  add(absl::StrCat("/* Threads that the instance may run on: at most ", o_.num_threads, " are used. Results do not depend on it.\n"
      "   run      calls task(argument, i) for each i below num_threads, each on a thread of its own, all at the same time, and\n"
      "            returns when all have returned;\n"
      "   barrier  is called by all those threads, and returns when all have called it. */\n"
      "typedef struct {\n"
      "  int num_threads;\n"
      "  void (*run)(void* context, int num_threads, void (*task)(void* argument, int thread), void* argument);\n"
      "  void (*barrier)(void* context);\n"
      "  void* context;\n"
      "} $p_threads;\n"
      "/* The functions are called from $p_predict or $p_train_steps only. NULL: one thread, as at first. */\n"
      "void $p_set_threads($p_model* model, const $p_threads* threads);\n\n"));
}

std::string HeaderWriter::text(bool needs_libm) {
  begin(needs_libm);
  instance();
  if (!d_.predict.lowered.empty()) predict();
  if (!d_.train.lowered.empty()) train();
  weights();
  if (o_.num_threads > 1) threads();
  if (o_.emit == "wasm")
    add("/* Memory for instances and data, 64-byte aligned; NULL if there is none left. It is never freed. */\n"
        "void* $p_allocate(size_t bytes);\n\n");
  add("#ifdef __cplusplus\n}\n#endif\n#endif\n");
  return std::move(text_);
}

}  // namespace

std::string c_header(const Description& description, const BinaryOptions& options, bool needs_libm) {
  return HeaderWriter(description, options).text(needs_libm);
}

}  // namespace hornbeam::codegen
