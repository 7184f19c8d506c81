// The four functions that a C compiler may call without being asked. They are local to the object.
#include "support.h"

void* memcpy(void* restrict to, const void* restrict from, size_t bytes) {
  char* t = to;
  const char* f = from;
  for (size_t i = 0; i < bytes; ++i) t[i] = f[i];
  return to;
}

void* memmove(void* to, const void* from, size_t bytes) {
  char* t = to;
  const char* f = from;
  if ((uintptr_t)t < (uintptr_t)f)
    for (size_t i = 0; i < bytes; ++i) t[i] = f[i];
  else
    for (size_t i = bytes; i > 0; --i) t[i - 1] = f[i - 1];
  return to;
}

void* memset(void* to, int value, size_t bytes) {
  char* t = to;
  for (size_t i = 0; i < bytes; ++i) t[i] = (char)value;
  return to;
}

int memcmp(const void* a, const void* b, size_t bytes) {
  const unsigned char *x = a, *y = b;
  for (size_t i = 0; i < bytes; ++i)
    if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
  return 0;
}

size_t hb_length(const char* text) {
  size_t length = 0;
  while (text[length]) ++length;
  return length;
}
