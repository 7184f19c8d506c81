// The command line of a compiled model.
#include "program.h"

static const char predict_help[] =
    "Predicts with a compiled model.\n\n"
    "  --input X.npz        arrays named by the model's inputs, x0, x1, ... or x\n"
    "  --output Y.npz       written: arrays named by the outputs\n"
    "  --weights W.safetensors  other weights than those inside\n";
static const char train_help[] =
    "Trains a compiled model. Rows that fill no batch are left out of an epoch, unless the model was compiled for a last\n"
    "batch of just so many.\n\n"
    "  --data D.npz         inputs (by name, x0, x1, ... or x) and targets (by the outputs' names, y0, y1, ... or y)\n"
    "                       and, if the model was compiled for it, sample_weight; else samples count the same\n"
    "  --class-weight C     what samples count by their class, for example 0=1,1=2.5\n"
    "  --output W           written: the state after training, W.npz or W.safetensors\n"
    "  --epochs E           [1]\n"
    "  --steps S            batches of an epoch; else all that the data have\n"
    "  --seed N             of the order of rows [0]\n"
    "  --no-shuffle         the rows in order\n"
    "  --weights W.safetensors  the state to begin with\n";

struct hb_options hb_parse_options(int count, char** words) {
  struct hb_options o = {.epochs = 1, .shuffle = 1};
  int trains = hb_model.train != NULL;
  const char* input = trains ? "--data" : "--input";
  for (int i = 1; i < count; ++i) {
    const char* word = words[i];
    if (hb_same(word, "--help")) {
      hb_print(1, trains ? train_help : predict_help);
      hb_exit(0);
    }
    if (trains && hb_same(word, "--no-shuffle")) {
      o.shuffle = 0;
      continue;
    }
    int known = hb_same(word, input) || hb_same(word, "--output") || hb_same(word, "--weights") ||
                (trains && (hb_same(word, "--epochs") || hb_same(word, "--steps") || hb_same(word, "--seed") ||
                            hb_same(word, "--class-weight")));
    if (!known) HB_DIE("unknown option '", word, "'; see --help");
    if (++i == count) HB_DIE(word, " needs a value; see --help");
    if (hb_same(word, input)) o.input = words[i];
    if (hb_same(word, "--output")) o.output = words[i];
    if (hb_same(word, "--weights")) o.weights = words[i];
    if (hb_same(word, "--class-weight")) o.class_weight = words[i];
    if (hb_same(word, "--epochs")) o.epochs = hb_parse_number(word, words[i], 1);
    if (hb_same(word, "--steps")) o.steps = hb_parse_number(word, words[i], 1);
    if (hb_same(word, "--seed")) o.seed = hb_parse_number(word, words[i], 0);
  }
  if (!o.input) HB_DIE(input, " is needed; see --help");
  if (!o.output) HB_DIE("--output is needed; see --help");
  if (!hb_ends_with(o.output, ".npz") && !(trains && hb_ends_with(o.output, ".safetensors")))
    HB_DIE("--output must end in .npz", trains ? " or .safetensors" : "", ", not '", o.output, "'");
  return o;
}
