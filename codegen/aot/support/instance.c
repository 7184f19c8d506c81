// Making an instance in memory that the caller gives.
#include "support.h"

_Static_assert(sizeof(struct hb_instance) <= HB_HEADER_BYTES, "the header is too small");
#define HB_ALIGNMENT 64

// The number of the best variant that this processor can run; -1 if none.
static int64_t best_variant(void) {
  int64_t level = hb_cpu_level();
  for (int64_t i = hb_model.num_variants - 1; i >= 0; --i)
    if (hb_model.variant_levels[i] <= level) return i;
  return -1;
}

size_t hb_instance_bytes(void) { return (size_t)hb_model.instance_bytes; }

void* hb_place(struct hb_instance* m, int64_t place) { return (char*)m + place; }

static void fill_segment(struct hb_instance* m, int64_t segment) {
  const struct hb_segment* s = &hb_model.segments[segment];
  void* to = hb_place(m, s->place);
  if (s->image)
    memcpy(to, s->image, (size_t)s->bytes);
  else
    memset(to, 0, (size_t)s->bytes);
}

struct hb_instance* hb_create(void* memory, size_t bytes) {
  int64_t variant = best_variant();
  if (!memory || bytes < (size_t)hb_model.instance_bytes || variant < 0) return NULL;
  struct hb_instance* m = (void*)(((uintptr_t)memory + HB_ALIGNMENT - 1) / HB_ALIGNMENT * HB_ALIGNMENT);
  memset(m, 0, sizeof *m);
  m->variant = variant;
  m->threads.num_threads = 1;
  m->weights_are_there = !hb_model.external_weights;
  // Predictions read the weights where they lie in the object, until some are set.
  if (hb_model.train || hb_model.writes_weights || (!hb_model.segments[HB_WEIGHTS].image && m->weights_are_there))
    hb_own_weights(m);
  fill_segment(m, HB_SLOTS);
  fill_segment(m, HB_METRICS);
  return m;
}

void hb_own_weights(struct hb_instance* m) {
  if (m->weights_are_copied) return;
  m->weights_are_copied = 1;
  fill_segment(m, HB_WEIGHTS);
}

const void* hb_segment_data(const struct hb_instance* m, int64_t segment) {
  const struct hb_segment* s = &hb_model.segments[segment];
  if (segment == HB_WEIGHTS && !m->weights_are_copied) return s->image;
  return (const char*)m + s->place;
}

const char* hb_last_error(const struct hb_instance* m) {
  if (m) return m->error;
  if (best_variant() < 0) return "this processor lacks instructions that the model was compiled for";
  return "the memory for an instance is missing or too small";
}

void hb_set_threads(struct hb_instance* m, const struct hb_threads* threads) {
  if (threads && threads->num_threads > 1 && threads->run && threads->barrier)
    m->threads = *threads;
  else
    m->threads = (struct hb_threads){.num_threads = 1};
}

void hb_reset_metrics(struct hb_instance* m) { fill_segment(m, HB_METRICS); }
