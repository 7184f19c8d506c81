// The text of an instance's last error, in the instance: cut off where it is full.
#include "support.h"

void hb_no_error(struct hb_instance* m) { m->error[0] = 0; }

void hb_error_begin(struct hb_instance* m) { m->error[0] = 0; }

void hb_error_text(struct hb_instance* m, const char* text) {
  size_t at = hb_length(m->error);
  while (*text && at + 1 < sizeof m->error) m->error[at++] = *text++;
  m->error[at] = 0;
}

void hb_error_number(struct hb_instance* m, int64_t number) {
  char digits[24];
  char* at = digits + sizeof digits;
  uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
  *--at = 0;
  do *--at = (char)('0' + rest % 10);
  while (rest /= 10);
  if (number < 0) *--at = '-';
  hb_error_text(m, at);
}

int hb_fail(struct hb_instance* m, const char* text) {
  hb_error_begin(m);
  hb_error_text(m, text);
  return 1;
}
