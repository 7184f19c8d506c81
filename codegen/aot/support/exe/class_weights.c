// --class-weight: what a sample counts by its label, as in fit.
#include "program.h"

#define MOST_CLASSES 4096

struct class_weight {
  int64_t label;
  float weight;
};

static _Noreturn void unreadable(const char* text) {
  HB_DIE("--class-weight takes classes and what they count, as in 0=1,1=2.5, not '", text, "'");
}

static int is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits with or without a point; both parts are exact, so that one division rounds.
static double read_number(const char* text, const char** at) {
  double digits = 0, power = 1;
  int count = 0, point = 0;
  for (; is_digit(**at) || (**at == '.' && !point); ++*at) {
    if (**at == '.') {
      point = 1;
      continue;
    }
    if (++count > 15) unreadable(text);
    digits = 10 * digits + (**at - '0');
    if (point) power *= 10;
  }
  if (count == 0) unreadable(text);
  return digits / power;
}

static int64_t read_classes(const char* text, struct class_weight* classes) {
  int64_t count = 0;
  for (const char* at = text;; ++at) {
    if (count == MOST_CLASSES) HB_DIE("--class-weight: there are too many classes");
    int whole = is_digit(*at);
    double label = read_number(text, &at);
    if (!whole || label != (double)(int64_t)label || *at++ != '=') unreadable(text);
    classes[count].label = (int64_t)label;
    classes[count++].weight = (float)read_number(text, &at);
    if (!*at) return count;
    if (*at != ',') unreadable(text);
  }
}

static double value_at(const struct hb_port* port, const void* values, int64_t i) {
  if (hb_same(port->dtype, "int32")) return ((const int32_t*)values)[i];
  return (double)((const float*)values)[i];
}

void hb_weigh_classes(const char* text, const struct hb_port* target, const void* labels, int64_t rows,
                      float* weights) {
  struct class_weight* classes = hb_allocate_pages(MOST_CLASSES * sizeof *classes);
  int64_t count = read_classes(text, classes), width = target->row_bytes / 4;  // int32 or float32
  for (int64_t row = 0; row < rows; ++row) {
    // One column is the class itself, several are one-hot.
    int64_t label = 0;
    if (width == 1) label = (int64_t)value_at(target, labels, row);
    for (int64_t i = 1; width > 1 && i < width; ++i)
      if (value_at(target, labels, row * width + i) > value_at(target, labels, row * width + label)) label = i;
    for (int64_t i = 0; i < count; ++i)
      if (classes[i].label == label) weights[row] = classes[i].weight;
  }
}
