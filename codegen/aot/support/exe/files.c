// Reading a whole file, and writing one so that it appears when it is complete.
#include "program.h"

#define HERE (-100)  // AT_FDCWD
#define READ_ONLY 0
#define WRITE_NEW 01101  // O_WRONLY | O_CREAT | O_TRUNC
#define TO_END 2         // SEEK_END
#define READABLE 1       // PROT_READ
#define WRITABLE 3       // PROT_READ | PROT_WRITE
#define PRIVATE 2        // MAP_PRIVATE
#define ANONYMOUS 0x22   // MAP_PRIVATE | MAP_ANONYMOUS
#define IS_ERROR(result) ((result) < 0 && (result) > -4096)

static const char* reason(long error) {
  switch (-error) {
    case 2: return "there is no such file or folder";
    case 13: return "permission denied";
    case 20: return "a part of the path is no folder";
    case 21: return "it is a folder";
    case 27: return "it is too large";
    case 28: return "the disk is full";
    case 30: return "the disk is read-only";
    default: return "the system refuses it";
  }
}

void* hb_allocate_pages(size_t bytes) {
  long at = hb_system(HB_MMAP, 0, (long)(bytes ? bytes : 1), WRITABLE, ANONYMOUS, -1, 0);
  if (IS_ERROR(at)) HB_DIE("there is not enough memory");
  return (void*)at;
}

struct hb_bytes hb_read_file(const char* path) {
  long file = hb_system(HB_OPENAT, HERE, (long)path, READ_ONLY, 0, 0, 0);
  if (IS_ERROR(file)) HB_DIE("cannot read ", path, ": ", reason(file));
  long size = hb_system(HB_LSEEK, file, 0, TO_END, 0, 0, 0);
  if (IS_ERROR(size)) HB_DIE("cannot read ", path, ": it is no regular file");
  struct hb_bytes bytes = {(const unsigned char*)"", 0};
  if (size > 0) {
    long at = hb_system(HB_MMAP, 0, size, READABLE, PRIVATE, file, 0);
    if (IS_ERROR(at)) HB_DIE("cannot read ", path, ": ", reason(at));
    bytes = (struct hb_bytes){(const unsigned char*)at, (size_t)size};
  }
  hb_system(HB_CLOSE, file, 0, 0, 0, 0, 0);
  return bytes;
}

// The one output file of the program.
static struct {
  const char* path;
  char beside[4096];
  long file;
  int is_open;
} output;

void hb_begin_output(const char* path) {
  size_t length = hb_length(path);
  if (length + 6 > sizeof output.beside) HB_DIE("the name of the output file is too long");
  memcpy(output.beside, path, length);
  memcpy(output.beside + length, ".part", 6);
  output.path = path;
  output.file = hb_system(HB_OPENAT, HERE, (long)output.beside, WRITE_NEW, 0644, 0, 0);
  if (IS_ERROR(output.file)) HB_DIE("cannot write ", path, ": ", reason(output.file));
  output.is_open = 1;
}

void hb_write_output(const void* data, size_t bytes) {
  const char* at = data;
  while (bytes > 0) {
    long n = hb_system(HB_WRITE, output.file, (long)at, (long)bytes, 0, 0, 0);
    if (IS_ERROR(n)) HB_DIE("cannot write ", output.path, ": ", reason(n));
    at += n;
    bytes -= (size_t)n;
  }
}

void hb_finish_output(void) {
  long result = hb_system(HB_FSYNC, output.file, 0, 0, 0, 0, 0);
  // Pipes and some devices cannot be flushed.
  if (IS_ERROR(result) && result != -22) HB_DIE("cannot write ", output.path, ": ", reason(result));
  hb_system(HB_CLOSE, output.file, 0, 0, 0, 0, 0);
  result = hb_system(HB_RENAME, HERE, (long)output.beside, HERE, (long)output.path, 0, 0);
  if (IS_ERROR(result)) HB_DIE("cannot write ", output.path, ": ", reason(result));
  output.is_open = 0;
}

void hb_drop_output(void) {
  if (!output.is_open) return;
  output.is_open = 0;
  hb_system(HB_UNLINK, HERE, (long)output.beside, 0, 0, 0, 0);
}
