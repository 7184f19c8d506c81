// Zip archives: finding an entry by the central directory, and writing entries without compression.
#include "program.h"

#define LOCAL 0x04034b50u
#define CENTRAL 0x02014b50u
#define END 0x06054b50u
#define MOST_GROWTH 1032  // of deflate

static uint32_t two(const unsigned char* p) { return p[0] | (uint32_t)p[1] << 8; }
static uint32_t four(const unsigned char* p) { return two(p) | two(p + 2) << 16; }
static uint64_t eight(const unsigned char* p) { return four(p) | (uint64_t)four(p + 4) << 32; }

static uint32_t crc_table[256];

uint32_t hb_crc32(uint32_t crc, const void* data, size_t bytes) {
  if (!crc_table[1])
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t word = i;
      for (int bit = 0; bit < 8; ++bit) word = word & 1 ? word >> 1 ^ 0xEDB88320u : word >> 1;
      crc_table[i] = word;
    }
  crc = ~crc;
  for (const unsigned char *p = data, *end = p + bytes; p < end; ++p) crc = crc >> 8 ^ crc_table[(crc ^ *p) & 255];
  return ~crc;
}

static _Noreturn void damaged(const char* path) { HB_DIE(path, " is no whole .npz file"); }

// The end record: 22 bytes and a comment behind everything.
static const unsigned char* find_end(struct hb_bytes zip) {
  for (size_t back = 22; back <= zip.size && back <= 22 + 65535; ++back)
    if (four(zip.data + zip.size - back) == END) return zip.data + zip.size - back;
  return NULL;
}

struct entry {
  uint64_t packed, size, place;
  uint32_t method, crc;
};

// Sizes that do not fit 32 bits stand in an extra field.
static int read_large(struct entry* e, const unsigned char* extra, size_t bytes) {
  for (size_t at = 0; at + 4 <= bytes;) {
    uint32_t kind = two(extra + at), length = two(extra + at + 2);
    at += 4;
    if (length > bytes - at) return 0;
    if (kind == 1) {
      uint64_t* fields[] = {&e->size, &e->packed, &e->place};
      size_t used = 0;
      for (int i = 0; i < 3; ++i)
        if (*fields[i] == 0xFFFFFFFFu) {
          if (used + 8 > length) return 0;
          *fields[i] = eight(extra + at + used);
          used += 8;
        }
    }
    at += length;
  }
  return 1;
}

static struct hb_bytes unpack(const char* path, struct hb_bytes zip, const struct entry* e, const char* name) {
  if (e->place > zip.size || zip.size - e->place < 30 || four(zip.data + e->place) != LOCAL) damaged(path);
  const unsigned char* local = zip.data + e->place;
  size_t skip = 30 + two(local + 26) + two(local + 28);
  if (zip.size - e->place < skip || zip.size - e->place - skip < e->packed) damaged(path);
  struct hb_bytes bytes = {local + skip, (size_t)e->size};
  if (e->method == 0 && e->packed != e->size) damaged(path);
  if (e->method == 8) {
    if (e->size / MOST_GROWTH > e->packed) damaged(path);
    unsigned char* to = hb_allocate_pages((size_t)e->size);
    if (!hb_inflate(local + skip, (size_t)e->packed, to, (size_t)e->size)) damaged(path);
    bytes.data = to;
  } else if (e->method != 0) {
    HB_DIE(path, ": '", name, "' is compressed in a way that is not known here");
  }
  if (hb_crc32(0, bytes.data, bytes.size) != e->crc) HB_DIE(path, ": the checksum of '", name, "' is wrong");
  return bytes;
}

struct hb_bytes hb_zip_find(const char* path, struct hb_bytes zip, const char* name) {
  const unsigned char* end = find_end(zip);
  if (!end) damaged(path);
  uint64_t count = two(end + 10), at = four(end + 16);
  size_t length = hb_length(name), limit = (size_t)(end - zip.data);
  if (at == 0xFFFFFFFFu) HB_DIE(path, " has more than 4 GB, which is not read here");
  for (uint64_t i = 0; i < count; ++i) {
    if (at > limit || limit - at < 46 || four(zip.data + at) != CENTRAL) damaged(path);
    const unsigned char* c = zip.data + at;
    size_t names = two(c + 28), extras = two(c + 30), comments = two(c + 32);
    if (limit - at - 46 < names + extras + comments) damaged(path);
    if (names == length && memcmp(c + 46, name, length) == 0) {
      struct entry e = {four(c + 20), four(c + 24), four(c + 42), two(c + 10), four(c + 16)};
      if ((two(c + 8) & 1) || !read_large(&e, c + 46 + names, extras)) damaged(path);
      return unpack(path, zip, &e, name);
    }
    at += 46 + names + extras + comments;
  }
  return (struct hb_bytes){NULL, 0};
}

// What the central directory of the output will say.
#define MOST_ENTRIES 4096
static struct {
  const char* name;
  uint32_t crc, size, place;
} written[MOST_ENTRIES];
static uint32_t num_written;
static uint64_t output_size;

static unsigned char* put(unsigned char* at, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) *at++ = (unsigned char)(value >> 8 * i);
  return at;
}

static void emit(const void* data, size_t bytes) {
  hb_write_output(data, bytes);
  output_size += bytes;
  if (output_size > 0xFFFFFFF0u) HB_DIE("the output would have more than 4 GB, which is not written here");
}

void hb_zip_add(const char* name, const void* head, size_t head_bytes, const void* data, size_t bytes) {
  if (num_written == MOST_ENTRIES || bytes > 0xFFFFFFF0u - head_bytes)
    HB_DIE("the output would be larger than an .npz file that is written here can be");
  uint32_t crc = hb_crc32(hb_crc32(0, head, head_bytes), data, bytes), size = (uint32_t)(head_bytes + bytes);
  written[num_written].name = name;
  written[num_written].crc = crc;
  written[num_written].size = size;
  written[num_written++].place = (uint32_t)output_size;
  unsigned char local[30], *at = put(local, LOCAL, 4);
  at = put(at, 20, 2);           // version needed
  at = put(at, 0x0800, 2);       // the name is UTF-8
  at = put(at, 0, 2);            // stored
  at = put(at, 0x00210000u, 4);  // 1980-01-01, so that equal contents make equal files
  at = put(at, crc, 4);
  at = put(at, size, 4);
  at = put(at, size, 4);
  at = put(at, (uint32_t)hb_length(name) + 4, 2);
  put(at, 0, 2);
  emit(local, sizeof local);
  emit(name, hb_length(name));
  emit(".npy", 4);
  emit(head, head_bytes);
  emit(data, bytes);
}

void hb_zip_finish(void) {
  uint64_t begin = output_size;
  for (uint32_t i = 0; i < num_written; ++i) {
    unsigned char c[46], *at = put(c, CENTRAL, 4);
    at = put(at, 20, 2);
    at = put(at, 20, 2);
    at = put(at, 0x0800, 2);
    at = put(at, 0, 2);
    at = put(at, 0x00210000u, 4);
    at = put(at, written[i].crc, 4);
    at = put(at, written[i].size, 4);
    at = put(at, written[i].size, 4);
    at = put(at, (uint32_t)hb_length(written[i].name) + 4, 2);
    at = put(at, 0, 4);  // no extra field, no comment
    at = put(at, 0, 4);
    at = put(at, 0, 4);
    put(at, written[i].place, 4);
    emit(c, sizeof c);
    emit(written[i].name, hb_length(written[i].name));
    emit(".npy", 4);
  }
  unsigned char e[22], *at = put(e, END, 4);
  at = put(at, 0, 4);
  at = put(at, num_written, 2);
  at = put(at, num_written, 2);
  at = put(at, (uint32_t)(output_size - begin), 4);
  at = put(at, (uint32_t)begin, 4);
  put(at, 0, 2);
  emit(e, sizeof e);
}
