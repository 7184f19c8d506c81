// Texts, numbers as texts, and the end of the program.
#include <stdarg.h>

#include "program.h"

void hb_print(int file, const char* text) {
  size_t left = hb_length(text);
  while (left > 0) {
    long n = hb_system(HB_WRITE, file, (long)text, (long)left, 0, 0, 0);
    if (n <= 0) return;
    text += n;
    left -= (size_t)n;
  }
}

_Noreturn void hb_exit(int status) {
  for (;;) hb_system(HB_EXIT, status, 0, 0, 0, 0, 0);
}

_Noreturn void hb_die(const char* first, ...) {
  hb_drop_output();
  hb_print(2, "error: ");
  va_list pieces;
  va_start(pieces, first);
  for (const char* piece = first; piece; piece = va_arg(pieces, const char*)) hb_print(2, piece);
  va_end(pieces);
  hb_print(2, "\n");
  hb_exit(1);
}

const char* hb_decimal(char room[24], int64_t number) {
  char* at = room + 24;
  uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
  *--at = 0;
  do *--at = (char)('0' + rest % 10);
  while (rest /= 10);
  if (number < 0) *--at = '-';
  return at;
}

// Four digits after the point; very large and very small numbers with an exponent.
const char* hb_real(char room[32], double number) {
  char* at = room;
  if (number != number) return "nan";
  if (number < 0) {
    *at++ = '-';
    number = -number;
  }
  if (number > 1.7976931348623157e308) return at == room ? "inf" : "-inf";
  int64_t exponent = 0;
  int scaled = number != 0 && (number >= 1e6 || number < 1e-3);
  if (scaled) {
    for (; number >= 10; number /= 10) ++exponent;
    for (; number < 1; number *= 10) --exponent;
  }
  uint64_t units = (uint64_t)(number * 10000 + 0.5);
  char digits[24];
  for (const char* d = hb_decimal(digits, (int64_t)(units / 10000)); *d;) *at++ = *d++;
  *at++ = '.';
  for (uint64_t unit = 1000; unit; unit /= 10) *at++ = (char)('0' + units / unit % 10);
  if (scaled) {
    *at++ = 'e';
    for (const char* d = hb_decimal(digits, exponent); *d;) *at++ = *d++;
  }
  *at = 0;
  return room;
}

int hb_same(const char* a, const char* b) {
  size_t length = hb_length(a);
  return length == hb_length(b) && memcmp(a, b, length) == 0;
}

int hb_ends_with(const char* text, const char* end) {
  size_t length = hb_length(text), of_end = hb_length(end);
  return length >= of_end && memcmp(text + length - of_end, end, of_end) == 0;
}

int64_t hb_parse_number(const char* option, const char* text, int64_t least) {
  int64_t number = 0;
  int good = *text != 0;
  for (const char* at = text; *at; ++at) {
    good &= *at >= '0' && *at <= '9' && number < INT64_MAX / 10 - 10;
    if (!good) break;
    number = 10 * number + (*at - '0');
  }
  char room[24];
  if (!good || number < least)
    HB_DIE(option, " takes a number from ", hb_decimal(room, least), " on, not '", text, "'");
  return number;
}
