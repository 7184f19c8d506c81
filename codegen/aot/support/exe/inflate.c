// Deflate, RFC 1951: what numpy.savez_compressed stores. Every read and write is checked against the ends.
#include "program.h"

#define MOST_BITS 15
#define LITERALS 288
#define DISTANCES 30

struct stream {
  const unsigned char* at;
  const unsigned char* end;
  uint32_t bits;
  int count;
  int failed;
};

static uint32_t take(struct stream* s, int count) {
  while (s->count < count) {
    if (s->at == s->end) {
      s->failed = 1;
      return 0;
    }
    s->bits |= (uint32_t)*s->at++ << s->count;
    s->count += 8;
  }
  uint32_t value = s->bits & ((1u << count) - 1);
  s->bits >>= count;
  s->count -= count;
  return value;
}

// A canonical code: how many words there are of each length, and the symbols in order of their words.
struct code {
  uint16_t count[MOST_BITS + 1];
  uint16_t symbol[LITERALS];
};

// 0 if the lengths are of no code. A code with words left over is allowed: with one symbol only, that is the rule.
static int make_code(struct code* code, const unsigned char* lengths, int size) {
  uint16_t first[MOST_BITS + 1];
  for (int i = 0; i <= MOST_BITS; ++i) code->count[i] = 0;
  for (int i = 0; i < size; ++i) ++code->count[lengths[i]];
  code->count[0] = 0;
  int left = 1;
  for (int i = 1; i <= MOST_BITS; ++i) {
    left = 2 * left - code->count[i];
    if (left < 0) return 0;
  }
  first[1] = 0;
  for (int i = 1; i < MOST_BITS; ++i) first[i + 1] = (uint16_t)(first[i] + code->count[i]);
  for (int i = 0; i < size; ++i)
    if (lengths[i]) code->symbol[first[lengths[i]]++] = (uint16_t)i;
  return 1;
}

static int decode(struct stream* s, const struct code* code) {
  int word = 0, first = 0, index = 0;
  for (int length = 1; length <= MOST_BITS; ++length) {
    word |= (int)take(s, 1);
    int count = code->count[length];
    if (s->failed) return -1;
    if (word - count < first) return code->symbol[index + word - first];
    index += count;
    first = 2 * (first + count);
    word *= 2;
  }
  s->failed = 1;
  return -1;
}

static int read_codes(struct stream* s, struct code* literals, struct code* distances) {
  static const unsigned char order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  unsigned char lengths[LITERALS + 32] = {0};
  int num_literals = (int)take(s, 5) + 257, num_distances = (int)take(s, 5) + 1, num_lengths = (int)take(s, 4) + 4;
  if (s->failed || num_literals > 286 || num_distances > DISTANCES) return 0;
  for (int i = 0; i < num_lengths; ++i) lengths[order[i]] = (unsigned char)take(s, 3);
  if (s->failed || !make_code(literals, lengths, 19)) return 0;
  unsigned char real[LITERALS + 32];
  for (int i = 0; i < num_literals + num_distances;) {
    int symbol = decode(s, literals);
    if (symbol < 0) return 0;
    if (symbol < 16) {
      real[i++] = (unsigned char)symbol;
      continue;
    }
    if (symbol == 16 && i == 0) return 0;
    unsigned char value = symbol == 16 ? real[i - 1] : 0;
    int repeat = symbol == 16 ? 3 + (int)take(s, 2) : symbol == 17 ? 3 + (int)take(s, 3) : 11 + (int)take(s, 7);
    if (s->failed || i + repeat > num_literals + num_distances) return 0;
    while (repeat--) real[i++] = value;
  }
  if (real[256] == 0) return 0;  // no end of the block
  return make_code(literals, real, num_literals) && make_code(distances, real + num_literals, num_distances);
}

static void fixed_codes(struct code* literals, struct code* distances) {
  unsigned char lengths[LITERALS];
  for (int i = 0; i < LITERALS; ++i) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
  make_code(literals, lengths, LITERALS);
  for (int i = 0; i < DISTANCES; ++i) lengths[i] = 5;
  make_code(distances, lengths, DISTANCES);
}

int hb_inflate(const unsigned char* from, size_t from_size, unsigned char* to, size_t to_size) {
  static const uint16_t base[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                    31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
  static const unsigned char extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                          2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
  static const uint16_t far_base[30] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                        33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                        1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
  struct stream s = {from, from + from_size, 0, 0, 0};
  size_t done = 0;
  for (int last = 0; !last;) {
    last = (int)take(&s, 1);
    uint32_t kind = take(&s, 2);
    if (s.failed || kind == 3) return 0;
    if (kind == 0) {
      s.bits = 0;
      s.count = 0;  // the rest of the byte is not used
      if (s.end - s.at < 4) return 0;
      size_t length = s.at[0] | (size_t)s.at[1] << 8, check = s.at[2] | (size_t)s.at[3] << 8;
      s.at += 4;
      if ((length ^ check) != 0xFFFF || (size_t)(s.end - s.at) < length || to_size - done < length) return 0;
      memcpy(to + done, s.at, length);
      s.at += length;
      done += length;
      continue;
    }
    struct code literals, distances;
    if (kind == 1)
      fixed_codes(&literals, &distances);
    else if (!read_codes(&s, &literals, &distances))
      return 0;
    for (;;) {
      int symbol = decode(&s, &literals);
      if (symbol == 256) break;
      if (symbol < 0 || symbol > 285) return 0;
      if (symbol < 256) {
        if (done == to_size) return 0;
        to[done++] = (unsigned char)symbol;
        continue;
      }
      size_t length = base[symbol - 257] + take(&s, extra[symbol - 257]);
      int far = decode(&s, &distances);
      if (far < 0 || far >= DISTANCES) return 0;
      size_t distance = far_base[far] + take(&s, far < 2 ? 0 : far / 2 - 1);
      if (s.failed || distance > done || to_size - done < length) return 0;
      for (; length; --length, ++done) to[done] = to[done - distance];
    }
  }
  return done == to_size;
}
