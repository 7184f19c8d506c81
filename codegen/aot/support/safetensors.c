// Weights from a .safetensors file in memory: an 8-byte length, a JSON header with name, dtype, shape and place of each
// tensor, the values. All is checked before anything is changed. All weights must be there; optimizer slots may be
// missing, and other tensors are left alone: what training wrote is also good for predictions.
#include "support.h"

struct text {
  const char* at;
  const char* end;
};

static void skip_blanks(struct text* t) {
  while (t->at < t->end && (*t->at == ' ' || *t->at == '\n' || *t->at == '\t' || *t->at == '\r')) ++t->at;
}

static int take(struct text* t, char c) {
  skip_blanks(t);
  if (t->at >= t->end || *t->at != c) return 0;
  ++t->at;
  return 1;
}

// A string without escapes: names and dtypes have none.
static int take_string(struct text* t, struct text* value) {
  if (!take(t, '"')) return 0;
  value->at = t->at;
  while (t->at < t->end && *t->at != '"' && *t->at != '\\' && (unsigned char)*t->at >= ' ') ++t->at;
  value->end = t->at;
  return t->at < t->end && *t->at++ == '"';
}

static int take_number(struct text* t, int64_t* value) {
  skip_blanks(t);
  const char* begin = t->at;
  int64_t number = 0;
  for (; t->at < t->end && *t->at >= '0' && *t->at <= '9'; ++t->at) {
    if (number > INT64_MAX / 10 - 1) return 0;
    number = 10 * number + (*t->at - '0');
  }
  *value = number;
  return t->at > begin;
}

static int is(const struct text* value, const char* expected) {
  size_t length = hb_length(expected);
  return (size_t)(value->end - value->at) == length && memcmp(value->at, expected, length) == 0;
}

// "F32" for "float32", and so on.
static int is_dtype(const struct text* code, const char* dtype) {
  static const char names[][2][10] = {{"F64", "float64"}, {"F32", "float32"}, {"F16", "float16"}, {"BF16", "bfloat16"},
                                      {"I64", "int64"},   {"I32", "int32"},   {"I16", "int16"},   {"I8", "int8"},
                                      {"U64", "uint64"},  {"U32", "uint32"},  {"U16", "uint16"},  {"U8", "uint8"},
                                      {"BOOL", "bool"}};
  struct text given = {dtype, dtype + hb_length(dtype)};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
    if (is(&given, names[i][1])) return is(code, names[i][0]);
  return 0;
}

// Strings alone may stand in the metadata.
static int skip_metadata(struct text* t) {
  struct text ignored;
  if (!take(t, '{')) return 0;
  if (take(t, '}')) return 1;
  do
    if (!take_string(t, &ignored) || !take(t, ':') || !take_string(t, &ignored)) return 0;
  while (take(t, ','));
  return take(t, '}');
}

struct tensor {
  struct text name;
  struct text dtype;
  int64_t rank;
  int64_t shape[16];
  int64_t begin, end;
};

static int take_tensor(struct text* t, struct tensor* tensor) {
  int seen = 0;
  tensor->rank = 0;
  if (!take(t, '{')) return 0;
  do {
    struct text key;
    if (!take_string(t, &key) || !take(t, ':')) return 0;
    if (is(&key, "dtype")) {
      if (!take_string(t, &tensor->dtype)) return 0;
      seen |= 1;
    } else if (is(&key, "shape")) {
      if (!take(t, '[')) return 0;
      if (!take(t, ']')) {
        do
          if (tensor->rank == 16 || !take_number(t, &tensor->shape[tensor->rank++])) return 0;
        while (take(t, ','));
        if (!take(t, ']')) return 0;
      }
      seen |= 2;
    } else if (is(&key, "data_offsets")) {
      if (!take(t, '[') || !take_number(t, &tensor->begin) || !take(t, ',') || !take_number(t, &tensor->end) ||
          !take(t, ']'))
        return 0;
      seen |= 4;
    } else {
      return 0;
    }
  } while (take(t, ','));
  return seen == 7 && take(t, '}');
}

// The next tensor; 0 at the end, -1 where the header is damaged.
static int next_tensor(struct text* t, int first, struct tensor* tensor) {
  for (;; first = 0) {
    if (first ? take(t, '}') : !take(t, ',')) return first || take(t, '}') ? 0 : -1;
    if (!take_string(t, &tensor->name) || !take(t, ':')) return -1;
    if (!is(&tensor->name, "__metadata__")) return take_tensor(t, tensor) ? 1 : -1;
    if (!skip_metadata(t)) return -1;
  }
}

static int fits(const struct tensor* tensor, const struct hb_variable* v, int64_t data_bytes) {
  if (!is_dtype(&tensor->dtype, v->dtype) || tensor->rank != v->rank) return 0;
  for (int64_t i = 0; i < v->rank; ++i)
    if (tensor->shape[i] != v->shape[i]) return 0;
  return tensor->begin <= tensor->end && tensor->end <= data_bytes && tensor->end - tensor->begin == v->bytes;
}

static int fail_with_name(struct hb_instance* m, const char* before, const char* name, size_t length,
                          const char* after) {
  char copy[100];
  size_t kept = length < sizeof copy - 1 ? length : sizeof copy - 1;
  memcpy(copy, name, kept);
  copy[kept] = 0;
  hb_error_begin(m);
  hb_error_text(m, before);
  hb_error_text(m, copy);
  hb_error_text(m, after);
  return 1;
}

// One pass over the tensors: checks them, or (copy) puts them in their places.
static int pass(struct hb_instance* m, struct text header, const char* data, int64_t data_bytes, int copy) {
  struct tensor tensor;
  int more;
  if (!take(&header, '{')) return hb_fail(m, "the weights file is damaged: its header is no JSON object");
  for (int first = 1; (more = next_tensor(&header, first, &tensor)) > 0; first = 0) {
    size_t length = (size_t)(tensor.name.end - tensor.name.at);
    const struct hb_variable* v = hb_find_weight(tensor.name.at, length);
    if (!v) continue;
    if (!fits(&tensor, v, data_bytes))
      return fail_with_name(m, "in the weights file '", tensor.name.at, length,
                            "' has another dtype, shape or size than in the model");
    if (copy)
      memcpy((char*)hb_place(m, hb_model.segments[v->segment].place) + v->offset, data + tensor.begin,
             (size_t)v->bytes);
  }
  if (more < 0) return hb_fail(m, "the weights file is damaged: its header is not what the format says");
  return 0;
}

// Every weight is in the file, once.
static int all_are_there(struct hb_instance* m, struct text header) {
  for (int64_t i = 0; i < hb_model.num_variables; ++i) {
    const struct hb_variable* v = &hb_model.variables[i];
    if (v->segment != HB_WEIGHTS) continue;
    struct text again = header;
    struct tensor tensor;
    int64_t found = 0;
    take(&again, '{');
    for (int first = 1; next_tensor(&again, first, &tensor) > 0; first = 0) found += is(&tensor.name, v->name);
    if (found != 1) return fail_with_name(m, "the weights file must have '", v->name, hb_length(v->name), "' once");
  }
  return 0;
}

int hb_load_weights(struct hb_instance* m, const void* file, size_t bytes) {
  hb_no_error(m);
  if (!file || bytes < 8) return hb_fail(m, "the weights file is damaged: it is shorter than its header's length");
  const unsigned char* b = file;
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | b[i];
  if (length > bytes - 8) return hb_fail(m, "the weights file is damaged: its header is longer than the file");
  struct text header = {(const char*)file + 8, (const char*)file + 8 + length};
  const char* data = header.end;
  int64_t data_bytes = (int64_t)(bytes - 8 - length);
  if (pass(m, header, data, data_bytes, 0) || all_are_there(m, header)) return 1;
  m->weights_are_copied = 1;  // all of them are written below
  m->weights_are_there = 1;
  return pass(m, header, data, data_bytes, 1);
}
