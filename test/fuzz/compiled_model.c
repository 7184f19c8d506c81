// A compiled model without kernels, around the readers of codegen/aot/support. Memory comes from malloc and is as long as
// was asked for, so that the address sanitizer sees what is read or written beyond it.
#include "test/fuzz/compiled_model.h"

#include <setjmp.h>
#include <stdlib.h>

#include "codegen/aot/support/exe/program.h"

#define MOST_BLOCKS 256
#define MOST_BYTES (512L << 20)
#define NO_MEMORY (-12L)  // -ENOMEM
#define INPUT_FILE 3L

static struct {
  const uint8_t* input;
  size_t input_size;
  void* blocks[MOST_BLOCKS];
  int num_blocks;
  jmp_buf end;
} process;

static long map(long bytes, long file) {
  if (bytes > MOST_BYTES || process.num_blocks == MOST_BLOCKS) return NO_MEMORY;
  void* block = calloc(1, (size_t)bytes);
  if (!block) return NO_MEMORY;
  process.blocks[process.num_blocks++] = block;
  if (file == INPUT_FILE) memcpy(block, process.input, process.input_size);
  return (long)block;
}

long hb_system(enum hb_call_name name, long a, long b, long c, long d, long e, long f) {
  (void)a, (void)d, (void)f;
  switch (name) {
    case HB_OPENAT: return INPUT_FILE;
    case HB_LSEEK: return (long)process.input_size;
    case HB_MMAP: return map(b, e);
    case HB_WRITE: return c;  // the error's line
    case HB_EXIT: longjmp(process.end, 1);
    default: return 0;
  }
}

int64_t hb_cpu_level(void) { return HB_LEVEL_BASE; }

static void begin(const uint8_t* data, size_t size) {
  process.input = data;
  process.input_size = size;
}

static void finish(void) {
  while (process.num_blocks > 0) free(process.blocks[--process.num_blocks]);
}

static void use(const void* data, size_t bytes) {
  static volatile unsigned sum;
  for (const unsigned char *p = data, *end = p + bytes; p < end; ++p) sum += *p;
}

static const int64_t image_shape[] = {4, 2, 3}, list_shape[] = {4}, column_shape[] = {4, 1}, pair_shape[] = {4, 2};
static const struct hb_port ports[] = {
    {"x", "float32", image_shape, 3, 24}, {"label", "int32", list_shape, 1, 4}, {"mask", "bool", column_shape, 2, 1},
    {"pair", "int64", pair_shape, 2, 16}, {"real", "float64", list_shape, 1, 8}, {"byte", "uint8", pair_shape, 2, 2},
    {"half", "float16", pair_shape, 2, 4},
};

void hb_fuzz_read_npz(const uint8_t* data, size_t size) {
  begin(data, size);
  for (size_t i = 0; i < sizeof ports / sizeof ports[0]; ++i) {
    if (setjmp(process.end) == 0) {
      struct hb_bytes npz = hb_read_file("fuzz.npz");
      int64_t rows = 0;
      const void* array = hb_npz_read("fuzz.npz", npz, &ports[i], "x", (int64_t)i, 1, &rows);
      use(array, (size_t)rows * (size_t)ports[i].row_bytes);
    }
    finish();
  }
}

void hb_fuzz_inflate(const uint8_t* data, size_t size) {
  size_t room = 8 * size + 64;
  unsigned char* to = malloc(room);
  // Both a room that is too large and, where data fill it, one that fits: the result must be the same.
  for (size_t bytes = room; bytes > 0; bytes /= 4)
    if (hb_inflate(data, size, to, bytes)) use(to, bytes);
  free(to);
}

static const int64_t kernel_shape[] = {2, 3};
static const struct hb_variable variables[] = {
    {"dense/kernel", "float32", kernel_shape, 2, 24, HB_WEIGHTS, 0},
    {"dense/bias", "bfloat16", kernel_shape + 1, 1, 6, HB_WEIGHTS, 24},
    {"iterations", "int64", NULL, 0, 8, HB_SLOTS, 0},
};
static const unsigned char initial[64] = {1, 2, 3};
static const int64_t levels[] = {HB_LEVEL_BASE};
const struct hb_model hb_model = {
    .name = "fuzz",
    .variables = variables,
    .num_variables = 3,
    .segments = {{initial, 64, 512}, {NULL, 64, 576}, {NULL, 64, 640}},
    .instance_bytes = 704 + 63,
    .num_variants = 1,
    .variant_levels = levels,
};

void hb_fuzz_load_weights(const uint8_t* data, size_t size) {
  void* memory = malloc(hb_instance_bytes());
  struct hb_instance* m = hb_create(memory, hb_instance_bytes());
  if (!m) abort();
  hb_own_weights(m);
  unsigned char values[24];
  if (hb_load_weights(m, data, size)) {
    // Nothing was changed, and the reason is told.
    if (hb_get_weight(m, "dense/kernel", values, 24) || memcmp(values, initial, 24) != 0) __builtin_trap();
    if (hb_get_weight(m, "iterations", values, 8) || values[0] != 0) __builtin_trap();
  } else if (hb_get_weight(m, "dense/bias", values, 6)) {
    __builtin_trap();
  }
  use(hb_last_error(m), hb_length(hb_last_error(m)));
  free(memory);
}
