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
    case DType::uint8: return "uint8_t";
    case DType::int8: return "int8_t";
    case DType::int16: return "int16_t";
    case DType::int32: return "int32_t";
    case DType::int64: return "int64_t";
    case DType::uint16:
    case DType::float16:  // the bits: C has no such type
    case DType::bfloat16: return "uint16_t";
    case DType::uint32: return "uint32_t";
    case DType::uint64: return "uint64_t";
    case DType::float32: return "float";
    case DType::float64: return "double";
    default: return "void";
  }
}

// A name as a field: letters, digits and underscores, none twice, no word of C or C++.
std::string field_name(const std::string& name, std::set<std::string>& taken) {
  static const std::set<std::string> words = {
      "auto",    "bool",   "break",    "case",     "char",    "class",    "const",    "continue",  "default",
      "delete",  "do",     "double",   "else",     "enum",    "export",   "extern",   "false",     "float",
      "for",     "friend", "goto",     "if",       "inline",  "int",      "long",     "namespace", "new",
      "not",     "or",     "and",      "operator", "private", "public",   "register", "return",    "short",
      "signed",  "sizeof", "static",   "struct",   "switch",  "template", "this",     "true",      "try",
      "typedef", "union",  "unsigned", "using",    "virtual", "void",     "volatile", "while",     "xor"};
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
std::string harmless(const std::string& text) {
  return absl::StrReplaceAll(text, {{"*/", "* /"}, {"\n", " "}, {"\\", "/"}});
}

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
  add(R"(/* A compiled model, made by `hornbeam compile`. All state is in instances; there is no other. An instance may
   be used by one thread at a time, several instances by several threads at once. Functions that return an int return 0
   if all went well; else $p_last_error tells what was wrong and nothing was changed. Nothing is allocated, no file is
   opened. */
)");
  if (needs_libm) add("/* Link with -lm: the model uses functions of the C library's mathematics. */\n");
  add(R"(#ifndef $P_H
#define $P_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

)");
}

void HeaderWriter::instance() {
  const EntryVariants& entry = d_.predict.lowered.empty() ? d_.train : d_.predict;
  add(absl::StrCat("/* Samples in a batch, as the model was compiled. */\n#define $P_BATCH_SIZE ",
                   entry.lowered.front().batch_size,
                   "\n/* Memory that an instance takes: for a static array, say. */\n#define $P_INSTANCE_BYTES ",
                   instance_bytes(d_), "\n"));
  add(R"(
typedef struct $p_model $p_model;

/* $P_INSTANCE_BYTES, for those who load the library at run time. */
size_t $p_instance_bytes(void);

/* Makes an instance in `memory`, which is the caller's: it must stay there and is freed by the caller when the instance
   is no longer used; there is nothing else to destroy. NULL if there is too little memory or the processor lacks
   instructions that the code needs; then $p_last_error(NULL) tells which. */
$p_model* $p_create(void* memory, size_t bytes);

/* What was wrong with the last call on this instance; "" if it went well. */
const char* $p_last_error(const $p_model* model);

)");
}

void HeaderWriter::predict() {
  const passes::LoweredEntry& entry = d_.predict.lowered.front();
  add("/* Arrays of samples, row-major, one behind the other. */\n");
  add(port_struct("$p_inputs", entry.inputs, d_.predict.input_names, true));
  add(port_struct("$p_outputs", entry.outputs, d_.predict.output_names, false));
  add(R"(/* Predicts any number of rows, $P_BATCH_SIZE at a time. */
int $p_predict($p_model* model, const $p_inputs* inputs, size_t rows, const $p_outputs* outputs);

)");
}

void HeaderWriter::train() {
  add(o_.sample_weight_names.empty()
          ? "/* Arrays of samples, row-major, one behind the other: inputs, then targets. */\n"
          : "/* Arrays of samples, row-major, one behind the other: inputs, targets, then what each sample counts. "
            "*/\n");
  add(port_struct("$p_samples", d_.train.lowered.front().inputs, d_.train.input_names, true));
  std::string names;
  for (const std::string& name : d_.metrics.output_names) absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  add(R"(/* Runs `steps` training steps on data of `num_rows` rows. `rows` are steps * $P_BATCH_SIZE numbers of rows,
   batch after batch; NULL: the rows in order. Labels must be classes of the output: they are not checked. */
int $p_train_steps($p_model* model, const $p_samples* data, size_t num_rows, const int64_t* rows, size_t steps);

)");
  if (!d_.train_last.lowered.empty())
    add(absl::StrCat("/* Samples in the short last batch of an epoch. */\n#define $P_LAST_BATCH_SIZE ",
                     d_.train_last.lowered.front().batch_size, R"(
/* One training step on $P_LAST_BATCH_SIZE rows; `rows` are their numbers, NULL: the first ones of the data. */
int $p_train_last($p_model* model, const $p_samples* data, size_t num_rows, const int64_t* rows);

)"));
  add(R"(/* Writes a random order of the numbers 0 .. num_rows - 1: the one that fit takes in this epoch with this seed. */
void $p_shuffle(uint64_t seed, int64_t epoch, int64_t* rows, size_t num_rows);

/* The loss and the metrics over the steps since the last reset, into an array of $P_NUM_METRICS:
   )");
  add(absl::StrCat(harmless(names), ". */\n#define $P_NUM_METRICS ", d_.metrics.output_names.size()));
  add(R"(
int $p_metrics($p_model* model, float* values);
void $p_reset_metrics($p_model* model);

)");
}

void HeaderWriter::weights() {
  add(R"(/* A weight, or another part of the state. */
typedef struct {
  const char* name;
  const char* dtype;     /* as NumPy calls it */
  const int64_t* shape;  /* `rank` numbers */
  int64_t rank;
  int64_t bytes;
  int64_t kind;          /* 0: of the model, 1: of the optimizer, 2: of a metric */
  int64_t place;
} $p_weight;
size_t $p_num_weights(void);
/* NULL if index >= $p_num_weights(). */
const $p_weight* $p_weight_at(size_t index);
/* Copies values, row-major, out of the instance and into it; `bytes` must be the weight's. */
int $p_get_weight($p_model* model, const char* name, void* values, size_t bytes);
int $p_set_weight($p_model* model, const char* name, const void* values, size_t bytes);
/* Sets the weights from the bytes of a .safetensors file; it must hold all of the model's weights. */
)");
  if (o_.external_weights) add("/* To be called before any other work: the weights are not in the object. */\n");
  add("int $p_load_weights($p_model* model, const void* file, size_t bytes);\n\n");
}

void HeaderWriter::threads() {
  add(absl::StrCat("/* Threads that the instance may run on: at most ", o_.num_threads, " are used."));
  add(R"( Results do not depend on it.
   run      calls task(argument, i) for each i below num_threads, each on a thread of its own, all at the same time,
            and returns when all have returned;
   barrier  is called by all those threads, and returns when all have called it. */
typedef struct {
  int num_threads;
  void (*run)(void* context, int num_threads, void (*task)(void* argument, int thread), void* argument);
  void (*barrier)(void* context);
  void* context;
} $p_threads;
/* The functions are called from $p_predict and $p_train_steps only. NULL: one thread, as at first. */
void $p_set_threads($p_model* model, const $p_threads* threads);

)");
}

std::string HeaderWriter::text(bool needs_libm) {
  begin(needs_libm);
  instance();
  if (!d_.predict.lowered.empty()) predict();
  if (!d_.train.lowered.empty()) train();
  weights();
  if (o_.num_threads > 1) threads();
  if (o_.emit == "wasm")
    add(R"(/* Memory for instances and data, 64-byte aligned; NULL if there is none left. It is never freed. */
void* $p_allocate(size_t bytes);

)");
  add(R"(#ifdef __cplusplus
}
#endif
#endif
)");
  return std::move(text_);
}

}  // namespace

std::string c_header(const Description& description, const BinaryOptions& options, bool needs_libm) {
  return HeaderWriter(description, options).text(needs_libm);
}

}  // namespace hornbeam::codegen
