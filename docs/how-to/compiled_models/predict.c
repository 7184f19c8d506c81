/* Classifies samples that come as text, nine numbers a line.
     hornbeam compile model.keras --emit obj --batch-size 8 --output classifier.o
     cc predict.c classifier.o -o predict && ./predict < samples.txt */
#include <stdio.h>

#include "classifier.h"

#define FEATURES 9
#define CLASSES 4
#define MOST_SAMPLES 1024

/* The instance lives in a static array: no heap is needed. */
static char memory[CLASSIFIER_INSTANCE_BYTES];
static float features[MOST_SAMPLES][FEATURES];
static float probabilities[MOST_SAMPLES][CLASSES];

int main(void) {
  classifier_model* model = classifier_create(memory, sizeof memory);
  if (!model) {
    fprintf(stderr, "error: %s\n", classifier_last_error(NULL));
    return 1;
  }
  size_t values = 0;
  while (values < MOST_SAMPLES * FEATURES && scanf("%f", &features[0][0] + values) == 1) ++values;
  size_t rows = values / FEATURES;

  classifier_inputs inputs = {&features[0][0]};
  classifier_outputs outputs = {&probabilities[0][0]};
  if (classifier_predict(model, &inputs, rows, &outputs) != 0) {
    fprintf(stderr, "error: %s\n", classifier_last_error(model));
    return 1;
  }
  for (size_t row = 0; row < rows; ++row) {
    int best = 0;
    for (int i = 1; i < CLASSES; ++i)
      if (probabilities[row][i] > probabilities[row][best]) best = i;
    printf("class %d, %.6f\n", best, probabilities[row][best]);
  }
  return 0;
}
