// NumPy arrays: the header of a .npy, the search for an array in a .npz, conversion to the dtype that the model takes.
#include "program.h"

struct array {
  char kind;      // NumPy's: b, i, u, f
  int64_t width;  // bytes of an element
  int64_t rank;
  int64_t shape[16];
  const unsigned char* data;
};

static _Noreturn void damaged(const char* path, const char* name) {
  HB_DIE(path, ": '", name, "' is no array that is read here");
}

static void skip(const char** at, const char* end, char c) {
  while (*at < end && (**at == ' ' || **at == c)) ++*at;
}

static int starts(const char* at, const char* end, const char* text) {
  size_t length = hb_length(text);
  return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

// "'<f4'": 0 for another byte order, objects, strings.
static int read_dtype(const char** at, const char* end, struct array* array) {
  if (end - *at < 5 || **at != '\'') return 0;
  char order = (*at)[1];
  array->kind = (*at)[2];
  array->width = (*at)[3] - '0';
  if ((*at)[4] != '\'' || (order != '<' && order != '|' && order != '=')) return 0;
  *at += 5;
  if (array->kind == 'b') return array->width == 1;
  if (array->kind == 'f') return array->width == 4 || array->width == 8;
  return (array->kind == 'i' || array->kind == 'u') &&
         (array->width == 1 || array->width == 2 || array->width == 4 || array->width == 8);
}

static int read_shape(const char** at, const char* end, struct array* array) {
  array->rank = 0;
  if (*at == end || *(*at)++ != '(') return 0;
  for (;;) {
    skip(at, end, ',');
    if (*at == end) return 0;
    if (**at == ')') break;
    int64_t dim = 0;
    const char* first = *at;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at) {
      if (dim > INT32_MAX) return 0;
      dim = 10 * dim + (**at - '0');
    }
    if (*at == first || array->rank == 16) return 0;
    array->shape[array->rank++] = dim;
  }
  ++*at;
  return 1;
}

// The dictionary that a .npy begins with, then the elements.
static int read_npy(struct hb_bytes npy, struct array* array) {
  if (npy.size < 12 || memcmp(npy.data, "\x93NUMPY", 6) != 0) return 0;
  size_t begin = npy.data[6] == 1 ? 10 : 12, length = npy.data[8] | (size_t)npy.data[9] << 8;
  if (npy.data[6] != 1) length |= (size_t)npy.data[10] << 16 | (size_t)npy.data[11] << 24;
  if (npy.data[6] > 3 || length > npy.size - begin) return 0;
  const char *at = (const char*)npy.data + begin, *end = at + length;
  int seen = 0;
  if (at == end || *at++ != '{') return 0;
  for (;;) {
    skip(&at, end, ',');
    if (at == end) return 0;
    if (*at == '}') break;
    if (starts(at, end, "'descr':")) {
      at += 8;
      skip(&at, end, ' ');
      if (!read_dtype(&at, end, array)) return 0;
      seen |= 1;
    } else if (starts(at, end, "'fortran_order':")) {
      at += 16;
      skip(&at, end, ' ');
      if (!starts(at, end, "False")) return 0;
      at += 5;
      seen |= 2;
    } else if (starts(at, end, "'shape':")) {
      at += 8;
      skip(&at, end, ' ');
      if (!read_shape(&at, end, array)) return 0;
      seen |= 4;
    } else {
      return 0;
    }
  }
  int64_t bytes = array->width;
  for (int64_t i = 0; i < array->rank; ++i)
    if (__builtin_mul_overflow(bytes, array->shape[i], &bytes)) return 0;
  array->data = npy.data + begin + length;
  return seen == 7 && (size_t)bytes == npy.size - begin - length;
}

static double read_real(const struct array* a, const unsigned char* p) {
  float single;
  double real;
  if (a->width == 8) return memcpy(&real, p, 8), real;
  memcpy(&single, p, 4);
  return single;
}

static int64_t read_integer(const struct array* a, const unsigned char* p) {
  uint64_t value = 0;
  for (int64_t i = a->width; i-- > 0;) value = value << 8 | p[i];
  int spare = (int)(64 - 8 * a->width);
  return a->kind == 'i' ? (int64_t)(value << spare) >> spare : (int64_t)value;
}

// An element as the port's dtype; 0 if that cannot be.
static int convert(const struct array* a, const unsigned char* from, const char* dtype, unsigned char* to) {
  if (hb_same(dtype, "float32") || hb_same(dtype, "float64")) {
    double value = a->kind == 'f' ? read_real(a, from) : (double)read_integer(a, from);
    float single = (float)value;
    if (hb_same(dtype, "float64"))
      memcpy(to, &value, 8);
    else
      memcpy(to, &single, 4);
    return 1;
  }
  double real = a->kind == 'f' ? read_real(a, from) : 0;
  if (!(real > -0x1p63 && real < 0x1p63)) return 0;  // no integer is near, or it is no number
  int64_t value = a->kind == 'f' ? (int64_t)real : read_integer(a, from);
  int bytes = hb_ends_with(dtype, "64") ? 8 : hb_ends_with(dtype, "32") ? 4 : hb_ends_with(dtype, "16") ? 2 : 1;
  if (hb_ends_with(dtype, "float16")) return 0;
  if (hb_same(dtype, "bool")) value = value != 0;
  memcpy(to, &value, (size_t)bytes);
  return 1;
}

static int is_of(const struct array* a, const char* dtype) {
  char room[24];
  const char* kind = a->kind == 'f' ? "float" : a->kind == 'i' ? "int" : a->kind == 'u' ? "uint" : "bool";
  size_t length = hb_length(kind);
  if (hb_length(dtype) < length || memcmp(dtype, kind, length) != 0) return 0;
  return a->kind == 'b' ? dtype[length] == 0 : hb_same(dtype + length, hb_decimal(room, 8 * a->width));
}

static struct hb_bytes find(const char* path, struct hb_bytes npz, const char* name, const char* number) {
  char full[1024];
  size_t length = hb_length(name), more = hb_length(number);
  if (length + more + 5 > sizeof full) return (struct hb_bytes){NULL, 0};
  memcpy(full, name, length);
  memcpy(full + length, number, more);
  memcpy(full + length + more, ".npy", 5);
  return hb_zip_find(path, npz, full);
}

static void check_shape(const char* path, const struct hb_port* port, const struct array* a) {
  int good = a->rank > 0;
  // A column of labels is as good as a list of them.
  int64_t rank = a->rank, expected = port->rank;
  while (rank > 1 && a->shape[rank - 1] == 1) --rank;
  while (expected > 1 && port->shape[expected - 1] == 1) --expected;
  good &= rank == expected;
  for (int64_t i = 1; good && i < rank; ++i) good &= a->shape[i] == port->shape[i];
  if (good) return;
  char text[1024], room[24];
  size_t at = 0;
  for (int64_t i = 1; i < port->rank && at < sizeof text - 32; ++i) {
    text[at++] = ',';
    text[at++] = ' ';
    for (const char* d = hb_decimal(room, port->shape[i]); *d;) text[at++] = *d++;
  }
  text[at] = 0;
  HB_DIE(path, ": '", port->name, "' must have the shape (rows", text, ")");
}

// Targets are named like the outputs; in the model they have "y_" in front.
static const char* name_in_file(const struct hb_port* port, const char* letter) {
  return hb_same(letter, "y") ? port->name + 2 : port->name;
}

static struct hb_bytes find_port(const char* path, struct hb_bytes npz, const struct hb_port* port, const char* letter,
                                 int64_t index, int only) {
  char room[24];
  struct hb_bytes npy = find(path, npz, name_in_file(port, letter), "");
  if (!npy.data) npy = find(path, npz, letter, hb_decimal(room, index));
  if (!npy.data && only) npy = find(path, npz, letter, "");
  return npy;
}

int hb_npz_has(const char* path, struct hb_bytes npz, const struct hb_port* port, const char* letter, int64_t index,
               int only) {
  return find_port(path, npz, port, letter, index, only).data != NULL;
}

const void* hb_npz_read(const char* path, struct hb_bytes npz, const struct hb_port* port, const char* letter,
                        int64_t index, int only, int64_t* rows) {
  char room[24];
  const char* name = name_in_file(port, letter);
  struct hb_bytes npy = find_port(path, npz, port, letter, index, only);
  if (!npy.data) HB_DIE(path, ": there is no array '", name, "' or '", letter, hb_decimal(room, index), "'");
  struct array a;
  if (!read_npy(npy, &a)) damaged(path, name);
  check_shape(path, port, &a);
  *rows = a.shape[0];
  // Elements are read where they are, if they may be.
  if (is_of(&a, port->dtype) && (uintptr_t)a.data % (uintptr_t)a.width == 0) return a.data;
  int64_t count = 1;
  for (int64_t i = 0; i < a.rank; ++i) count *= a.shape[i];
  int64_t width = 1;
  for (int64_t i = 1; i < port->rank; ++i) width *= port->shape[i];
  width = width ? port->row_bytes / width : 1;
  unsigned char* to = hb_allocate_pages((size_t)(count * width));
  for (int64_t i = 0; i < count; ++i)
    if (!convert(&a, a.data + i * a.width, port->dtype, to + i * width))
      HB_DIE(path, ": '", name, "' cannot be turned into ", port->dtype);
  return to;
}

static const char* numpy_code(const char* dtype) {
  static const char codes[][2][10] = {{"float32", "<f4"}, {"float64", "<f8"}, {"float16", "<f2"}, {"int8", "|i1"},
                                      {"int16", "<i2"},   {"int32", "<i4"},   {"int64", "<i8"},   {"uint8", "|u1"},
                                      {"uint16", "<u2"},  {"uint32", "<u4"},  {"uint64", "<u8"},  {"bool", "|b1"}};
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; ++i)
    if (hb_same(dtype, codes[i][0])) return codes[i][1];
  HB_DIE("NumPy has no arrays of ", dtype);
}

// NumPy has no bfloat16; float32 has all of its values.
static const uint32_t* widen(const uint16_t* from, size_t count) {
  uint32_t* to = hb_allocate_pages(count * sizeof *to);
  for (size_t i = 0; i < count; ++i) to[i] = (uint32_t)from[i] << 16;
  return to;
}

void hb_npz_add(const char* name, const char* dtype, const int64_t* shape, int64_t rank, const void* data,
                size_t bytes) {
  if (hb_same(dtype, "bfloat16")) {
    data = widen(data, bytes / 2);
    bytes *= 2;
    dtype = "float32";
  }
  char head[1024], room[24], *at = head + 10;
  const char* pieces[] = {"{'descr': '", numpy_code(dtype), "', 'fortran_order': False, 'shape': ("};
  for (int i = 0; i < 3; ++i)
    for (const char* p = pieces[i]; *p;) *at++ = *p++;
  for (int64_t i = 0; i < rank && at < head + sizeof head - 128; ++i) {
    for (const char* d = hb_decimal(room, shape[i]); *d;) *at++ = *d++;
    *at++ = ',';
  }
  for (const char* p = "), }"; *p;) *at++ = *p++;
  while ((at + 1 - head) % 64 != 0) *at++ = ' ';
  *at++ = '\n';
  size_t length = (size_t)(at - head) - 10;
  memcpy(head, "\x93NUMPY\x01\0", 8);
  head[8] = (char)(length & 255);
  head[9] = (char)(length >> 8);
  hb_zip_add(name, head, (size_t)(at - head), data, bytes);
}
