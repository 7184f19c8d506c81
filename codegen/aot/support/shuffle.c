// The order of rows in one pass over the data: the numbers that runtime/fit/shuffle.cc makes, so that training here and
// `fit` with the same seed see the same batches.
#include "support.h"

#define HB_WORDS 256
#define HB_SHUFFLE 0x73687566u

struct words {
  uint32_t key[2];
  uint32_t epoch[2];
  uint64_t block;
  uint32_t word[HB_WORDS];
  size_t used;
};

// Philox 4x32-10: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11.
static void philox(uint32_t c[4], uint32_t k0, uint32_t k1) {
  for (int round = 0; round < 10; ++round) {
    uint64_t p0 = (uint64_t)0xD2511F53u * c[0], p1 = (uint64_t)0xCD9E8D57u * c[2];
    uint32_t c1 = c[1], c3 = c[3];
    c[0] = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c[1] = (uint32_t)p1;
    c[2] = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c[3] = (uint32_t)p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

static uint32_t next(struct words* w) {
  if (w->used == HB_WORDS) {
    for (size_t i = 0; i < HB_WORDS / 4; ++i) {
      uint64_t block = w->block + i;
      uint32_t* c = w->word + 4 * i;
      c[0] = (uint32_t)block;
      c[1] = HB_SHUFFLE ^ (uint32_t)(block >> 32);
      c[2] = w->epoch[0];
      c[3] = w->epoch[1];
      philox(c, w->key[0], w->key[1]);
    }
    w->block += HB_WORDS / 4;
    w->used = 0;
  }
  return w->word[w->used++];
}

// The upper and the lower half of a * b.
static uint64_t multiply(uint64_t a, uint64_t b, uint64_t* low) {
  uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
  uint64_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
  uint64_t middle = (p00 >> 32) + (uint32_t)p01 + (uint32_t)p10;
  *low = middle << 32 | (uint32_t)p00;
  return p11 + (p01 >> 32) + (p10 >> 32) + (middle >> 32);
}

static uint64_t next_64(struct words* w) {
  uint64_t low = next(w);
  return low | (uint64_t)next(w) << 32;
}

// Uniform in [0, bound), without bias. Lemire, "Fast random integer generation in an interval", 2019.
static uint64_t below(struct words* w, uint64_t bound) {
  if (bound <= UINT32_MAX) {
    uint32_t b = (uint32_t)bound;
    uint64_t product = (uint64_t)next(w) * b;
    if ((uint32_t)product < b) {
      uint32_t rejected = -b % b;
      while ((uint32_t)product < rejected) product = (uint64_t)next(w) * b;
    }
    return product >> 32;
  }
  uint64_t low, high = multiply(next_64(w), bound, &low);
  if (low < bound) {
    uint64_t rejected = -bound % bound;
    while (low < rejected) high = multiply(next_64(w), bound, &low);
  }
  return high;
}

void hb_shuffle(uint64_t seed, int64_t epoch, int64_t* rows, size_t num_rows) {
  struct words w;
  w.key[0] = (uint32_t)seed;
  w.key[1] = (uint32_t)(seed >> 32);
  w.epoch[0] = (uint32_t)epoch;
  w.epoch[1] = (uint32_t)((uint64_t)epoch >> 32);
  w.block = 0;
  w.used = HB_WORDS;
  for (size_t i = 0; i < num_rows; ++i) rows[i] = (int64_t)i;
  for (size_t left = num_rows; left > 1; --left) {
    size_t other = (size_t)below(&w, left);
    int64_t row = rows[left - 1];
    rows[left - 1] = rows[other];
    rows[other] = row;
  }
}
