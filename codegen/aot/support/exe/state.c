// Writing the state after training: weights and optimizer slots, as .npz or as .safetensors that --weights takes again.
#include "program.h"

static const char* data_of(struct hb_instance* m, const struct hb_variable* v) {
  return (const char*)hb_segment_data(m, v->segment) + v->offset;
}

static const char* code_of(const char* dtype) {
  static const char codes[][2][10] = {{"float64", "F64"}, {"float32", "F32"}, {"float16", "F16"}, {"bfloat16", "BF16"},
                                      {"int64", "I64"},   {"int32", "I32"},   {"int16", "I16"},   {"int8", "I8"},
                                      {"uint64", "U64"},  {"uint32", "U32"},  {"uint16", "U16"},  {"uint8", "U8"},
                                      {"bool", "BOOL"}};
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; ++i)
    if (hb_same(dtype, codes[i][0])) return codes[i][1];
  HB_DIE("safetensors has no arrays of ", dtype);
}

// A text that grows; or only its length, while `at` is null.
struct sink {
  char* at;
  size_t size;
};

static void add(struct sink* s, const char* text) {
  size_t length = hb_length(text);
  if (s->at) memcpy(s->at + s->size, text, length);
  s->size += length;
}

static void header(struct sink* s) {
  char room[24];
  int64_t place = 0;
  add(s, "{");
  for (size_t i = 0; i < hb_num_weights(); ++i) {
    const struct hb_variable* v = hb_weight_at(i);
    if (v->segment == HB_METRICS) continue;
    add(s, place || s->size > 1 ? ",\"" : "\"");
    add(s, v->name);
    add(s, "\":{\"dtype\":\"");
    add(s, code_of(v->dtype));
    add(s, "\",\"shape\":[");
    for (int64_t axis = 0; axis < v->rank; ++axis) {
      if (axis) add(s, ",");
      add(s, hb_decimal(room, v->shape[axis]));
    }
    add(s, "],\"data_offsets\":[");
    add(s, hb_decimal(room, place));
    add(s, ",");
    place += v->bytes;
    add(s, hb_decimal(room, place));
    add(s, "]}");
  }
  add(s, "}");
  while (s->size % 8 != 0) add(s, " ");
}

static void write_safetensors(struct hb_instance* m) {
  struct sink measured = {NULL, 0};
  header(&measured);
  struct sink text = {hb_allocate_pages(measured.size), 0};
  header(&text);
  uint64_t length = text.size;
  hb_write_output(&length, 8);
  hb_write_output(text.at, text.size);
  for (size_t i = 0; i < hb_num_weights(); ++i) {
    const struct hb_variable* v = hb_weight_at(i);
    if (v->segment != HB_METRICS) hb_write_output(data_of(m, v), (size_t)v->bytes);
  }
}

void hb_write_state(struct hb_instance* m, int npz) {
  if (!npz) {
    write_safetensors(m);
    return;
  }
  for (size_t i = 0; i < hb_num_weights(); ++i) {
    const struct hb_variable* v = hb_weight_at(i);
    if (v->segment != HB_METRICS) hb_npz_add(v->name, v->dtype, v->shape, v->rank, data_of(m, v), (size_t)v->bytes);
  }
  hb_zip_finish();
}
