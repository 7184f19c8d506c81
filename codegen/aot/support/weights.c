// The state variables by name: row-major copies in and out.
#include "support.h"

size_t hb_num_weights(void) { return (size_t)hb_model.num_variables; }

const struct hb_variable* hb_weight_at(size_t index) {
  return index < (size_t)hb_model.num_variables ? &hb_model.variables[index] : NULL;
}

const struct hb_variable* hb_find_weight(const char* name, size_t length) {
  for (int64_t i = 0; i < hb_model.num_variables; ++i) {
    const char* other = hb_model.variables[i].name;
    if (hb_length(other) == length && memcmp(other, name, length) == 0) return &hb_model.variables[i];
  }
  return NULL;
}

static const struct hb_variable* find(struct hb_instance* m, const char* name, const void* values, size_t bytes) {
  hb_no_error(m);
  const struct hb_variable* v = name ? hb_find_weight(name, hb_length(name)) : NULL;
  if (v && values && bytes == (size_t)v->bytes) return v;
  hb_error_begin(m);
  if (v && values) {
    hb_error_text(m, "the weight '");
    hb_error_text(m, name);
    hb_error_text(m, "' has ");
    hb_error_number(m, v->bytes);
    hb_error_text(m, " bytes; received: ");
    hb_error_number(m, (int64_t)bytes);
  } else if (v) {
    hb_error_text(m, "the place of the values is missing");
  } else {
    hb_error_text(m, "there is no weight '");
    hb_error_text(m, name ? name : "");
    hb_error_text(m, "'");
  }
  return NULL;
}

int hb_get_weight(struct hb_instance* m, const char* name, void* values, size_t bytes) {
  const struct hb_variable* v = find(m, name, values, bytes);
  if (!v) return 1;
  if (v->segment == HB_WEIGHTS && !m->weights_are_there)
    return hb_fail(m, "the weights were not loaded: they are in a file of their own");
  memcpy(values, (const char*)hb_segment_data(m, v->segment) + v->offset, bytes);
  return 0;
}

int hb_set_weight(struct hb_instance* m, const char* name, const void* values, size_t bytes) {
  const struct hb_variable* v = find(m, name, values, bytes);
  if (!v) return 1;
  if (v->segment == HB_WEIGHTS) {
    if (!m->weights_are_there) return hb_fail(m, "load the weights before a single one is set");
    hb_own_weights(m);
  }
  memcpy((char*)hb_place(m, hb_model.segments[v->segment].place) + v->offset, values, bytes);
  return 0;
}
