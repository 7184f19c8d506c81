// The program around a compiled model: Linux system calls, files, NumPy's formats. No libc. A failure ends the program
// with one line on stderr and status 1.
#pragma once

#include "support.h"

// system_*.c: the calls that both architectures have under different numbers.
enum hb_call_name {
  HB_READ,
  HB_WRITE,
  HB_CLOSE,
  HB_LSEEK,
  HB_MMAP,
  HB_OPENAT,
  HB_FSYNC,
  HB_RENAME,
  HB_UNLINK,
  HB_EXIT
};
long hb_system(enum hb_call_name name, long a, long b, long c, long d, long e, long f);

// main.c
__attribute__((visibility("hidden"))) _Noreturn void hb_begin(long* stack);

// text.c
void hb_print(int file, const char* text);
_Noreturn void hb_exit(int status);
// "error: " and the pieces, up to a null one. A half-written output file is removed first.
_Noreturn void hb_die(const char* first, ...);
#define HB_DIE(...) hb_die(__VA_ARGS__, (const char*)0)
// Texts of numbers, in room that the caller has.
const char* hb_decimal(char room[24], int64_t number);
const char* hb_real(char room[32], double number);
int hb_same(const char* a, const char* b);
int hb_ends_with(const char* text, const char* end);
int64_t hb_parse_number(const char* option, const char* text, int64_t least);

// files.c
struct hb_bytes {
  const unsigned char* data;
  size_t size;
};
void* hb_allocate_pages(size_t bytes);  // zeroed
struct hb_bytes hb_read_file(const char* path);
// Writes beside `path`, then renames.
void hb_begin_output(const char* path);
void hb_write_output(const void* data, size_t bytes);
void hb_finish_output(void);
void hb_drop_output(void);

// inflate.c: 0 if the data are damaged or do not fill `to`.
int hb_inflate(const unsigned char* from, size_t from_size, unsigned char* to, size_t to_size);

// zip.c
uint32_t hb_crc32(uint32_t crc, const void* data, size_t bytes);
// The entry of this name, unpacked; data null if there is none.
struct hb_bytes hb_zip_find(const char* path, struct hb_bytes zip, const char* name);
void hb_zip_add(const char* name, const void* head, size_t head_bytes, const void* data, size_t bytes);
void hb_zip_finish(void);

// npz.c
// The rows of the array for a port, as an array of the port's dtype; its first dimension goes to *rows.
const void* hb_npz_read(const char* path, struct hb_bytes npz, const struct hb_port* port, const char* letter,
                        int64_t index, int only, int64_t* rows);
int hb_npz_has(const char* path, struct hb_bytes npz, const struct hb_port* port, const char* letter, int64_t index,
               int only);
void hb_npz_add(const char* name, const char* dtype, const int64_t* shape, int64_t rank, const void* data,
                size_t bytes);

// class_weights.c
// "0=1,2=0.5": what the samples of classes count; others count 1. Ends the program if it is not written so.
void hb_weigh_classes(const char* text, const struct hb_port* target, const void* labels, int64_t rows, float* weights);

// options.c
struct hb_options {
  const char* input;  // or the data to train with
  const char* output;
  const char* weights;
  const char* class_weight;
  int64_t epochs;
  int64_t steps;  // of an epoch; 0: all that the data have
  int64_t seed;
  int shuffle;
};
struct hb_options hb_parse_options(int count, char** words);

// state.c: to the open output, as .npz or .safetensors.
void hb_write_state(struct hb_instance* m, int npz);
