// What a compiled model consists of, besides its kernels: constants that the compiler writes (codegen/aot/describe.cc
// builds them field by field, so both change together) and the small library around them. Freestanding C: no libc, no
// globals that change. Names of hb_ functions that users call become PREFIX_ ones; all others are local to the object.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HB_SEGMENTS 3  // weights, optimizer slots, metrics
enum { HB_WEIGHTS = 0, HB_SLOTS = 1, HB_METRICS = 2 };

// HornbeamCall of runtime/include/hornbeam/runtime/program.h.
struct hb_call {
  void* const* buffers;
  const int64_t* rows;
  int64_t steps;
  int32_t thread;
  int32_t num_threads;
  void (*barrier)(void* context);
  void* barrier_context;
};
typedef void (*hb_function)(const struct hb_call* call);

// Of the pieces below, fields are pointers and 64-bit integers only, so that their layout is the same for whoever
// writes.
struct hb_port {
  const char* name;
  const char* dtype;     // NumPy's name
  const int64_t* shape;  // of one batch
  int64_t rank;
  int64_t row_bytes;  // of one sample; of the whole where there is no batch axis
};

// Begins like PREFIX_weight in the C header.
struct hb_variable {
  const char* name;
  const char* dtype;
  const int64_t* shape;
  int64_t rank;
  int64_t bytes;
  int64_t segment;
  int64_t offset;  // in its segment
};

struct hb_entry {
  const hb_function* functions;  // one for each variant of the code
  const struct hb_port* inputs;
  int64_t num_inputs;
  const struct hb_port* outputs;
  int64_t num_outputs;
  int64_t batch_size;
  int64_t num_threads;  // the most that it can use
};

struct hb_segment {
  const void* image;  // what an instance begins with; null: zeros
  int64_t bytes;
  int64_t place;  // where an instance keeps it, in bytes from its start
};

struct hb_model {
  const char* name;
  const struct hb_variable* variables;
  int64_t num_variables;
  struct hb_segment segments[HB_SEGMENTS];
  int64_t external_weights;  // not in the segment's image: to be loaded before the first call
  int64_t writes_weights;    // predictions do (a layer that keeps a state between calls)
  int64_t num_targets;       // of a training step: they follow the inputs; sample weights follow them
  int64_t buffers_place;     // the pointers of one call
  int64_t arena_place;
  int64_t rows_place;  // room for rows_capacity row numbers
  int64_t rows_capacity;
  int64_t outputs_place;  // one batch of each output, for the rows of a batch that is not full
  int64_t instance_bytes;
  int64_t num_variants;
  const int64_t* variant_levels;   // the HB_LEVEL that each variant needs, best last
  const struct hb_entry* predict;  // null: not there
  const struct hb_entry* train;
  const struct hb_entry* train_last;  // of a short last batch
  const struct hb_entry* metrics;
};
extern const struct hb_model hb_model;

enum { HB_LEVEL_BASE = 1, HB_LEVEL_AVX2 = 3, HB_LEVEL_AVX512 = 4 };

// Begins like PREFIX_threads in the C header.
struct hb_threads {
  int num_threads;
  void (*run)(void* context, int num_threads, void (*task)(void* argument, int thread), void* argument);
  void (*barrier)(void* context);
  void* context;
};

struct hb_instance {
  int64_t variant;
  int64_t weights_are_copied;  // false while the weights are those of the image
  int64_t weights_are_there;
  struct hb_threads threads;
  char error[256];
};
#define HB_HEADER_BYTES 512  // an instance's first part; its segments follow

// instance.c
size_t hb_instance_bytes(void);
struct hb_instance* hb_create(void* memory, size_t bytes);
const char* hb_last_error(const struct hb_instance* m);
void hb_set_threads(struct hb_instance* m, const struct hb_threads* threads);
void* hb_place(struct hb_instance* m, int64_t place);
// The bytes of a segment to read from.
const void* hb_segment_data(const struct hb_instance* m, int64_t segment);
// Makes the weights this instance's own, to be written.
void hb_own_weights(struct hb_instance* m);
void hb_reset_metrics(struct hb_instance* m);

// error.c: an error's text is put together from pieces; hb_fail returns 1, the status of a failed call.
int hb_fail(struct hb_instance* m, const char* text);
void hb_error_begin(struct hb_instance* m);
void hb_error_text(struct hb_instance* m, const char* text);
void hb_error_number(struct hb_instance* m, int64_t number);
void hb_no_error(struct hb_instance* m);

// run.c
int hb_predict(struct hb_instance* m, const void* const* inputs, size_t rows, void* const* outputs);
int hb_train_steps(struct hb_instance* m, const void* const* inputs, size_t num_rows, const int64_t* rows,
                   size_t steps);
int hb_train_last(struct hb_instance* m, const void* const* inputs, size_t num_rows, const int64_t* rows);
int hb_metrics(struct hb_instance* m, float* values);

// One call of an entry on all threads that there are.
void hb_run(struct hb_instance* m, const struct hb_entry* entry, const void* const* inputs, void* const* outputs,
            const int64_t* rows, int64_t steps);

// shuffle.c
void hb_shuffle(uint64_t seed, int64_t epoch, int64_t* rows, size_t num_rows);

// weights.c
size_t hb_num_weights(void);
const struct hb_variable* hb_weight_at(size_t index);
const struct hb_variable* hb_find_weight(const char* name, size_t length);
int hb_get_weight(struct hb_instance* m, const char* name, void* values, size_t bytes);
int hb_set_weight(struct hb_instance* m, const char* name, const void* values, size_t bytes);

// safetensors.c
int hb_load_weights(struct hb_instance* m, const void* file, size_t bytes);

// cpu_*.c: the HB_LEVEL of the processor.
int64_t hb_cpu_level(void);

// memory.c
void* memcpy(void* restrict to, const void* restrict from, size_t bytes);
void* memmove(void* to, const void* from, size_t bytes);
void* memset(void* to, int value, size_t bytes);
int memcmp(const void* a, const void* b, size_t bytes);
size_t hb_length(const char* text);
