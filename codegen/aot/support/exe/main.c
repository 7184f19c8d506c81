// The program: reads arrays, predicts or trains, writes arrays.
#include "program.h"

static void* checked(struct hb_instance* m, int failed) {
  if (failed) HB_DIE(hb_last_error(m));
  return m;
}

static struct hb_instance* make_instance(const struct hb_options* o) {
  struct hb_instance* m = hb_create(hb_allocate_pages(hb_instance_bytes()), hb_instance_bytes());
  if (!m) HB_DIE(hb_last_error(m));
  if (o->weights) {
    struct hb_bytes file = hb_read_file(o->weights);
    if (hb_load_weights(m, file.data, file.size)) HB_DIE(o->weights, ": ", hb_last_error(m));
  }
  if (!m->weights_are_there) HB_DIE("the weights are in a file of their own: name it with --weights");
  return m;
}

static float* ones(int64_t rows) {
  float* weights = hb_allocate_pages((size_t)rows * sizeof(float));
  for (int64_t i = 0; i < rows; ++i) weights[i] = 1;
  return weights;
}

// The arrays for an entry's inputs: those of the model, targets, and sample weights, which may be missing. All must
// have the same number of rows.
static const void** read_arrays(const struct hb_options* o, const struct hb_entry* entry, int64_t inputs,
                                int64_t targets, int64_t* rows) {
  const char* path = o->input;
  struct hb_bytes npz = hb_read_file(path);
  const void** arrays = hb_allocate_pages((size_t)entry->num_inputs * sizeof(void*));
  int64_t weights = entry->num_inputs - inputs - targets;
  if (o->class_weight && weights == 0) HB_DIE("--class-weight: the model was compiled without --sample-weight");
  if (o->class_weight && targets != 1) HB_DIE("--class-weight is for models with one output");
  for (int64_t i = 0; i < entry->num_inputs; ++i) {
    const struct hb_port* port = &entry->inputs[i];
    int is_target = i >= inputs && i < inputs + targets, is_weight = i >= inputs + targets;
    int64_t index = is_weight ? i - inputs - targets : is_target ? i - inputs : i;
    int64_t of_kind = is_weight ? weights : is_target ? targets : inputs, count;
    const char* letter = is_weight ? "sample_weight" : is_target ? "y" : "x";
    if (is_weight && (o->class_weight || !hb_npz_has(path, npz, port, letter, index, of_kind == 1))) {
      if (o->class_weight && hb_npz_has(path, npz, port, letter, index, of_kind == 1))
        HB_DIE(path, ": --class-weight and an array of sample weights cannot be used at the same time");
      float* values = ones(*rows);
      if (o->class_weight) hb_weigh_classes(o->class_weight, port - 1, arrays[i - 1], *rows, values);
      arrays[i] = values;
      continue;
    }
    arrays[i] = hb_npz_read(path, npz, port, letter, index, of_kind == 1, &count);
    char a[24], b[24];
    if (i > 0 && count != *rows)
      HB_DIE(path, ": all arrays must have the same number of rows; found ", hb_decimal(a, *rows), " and ",
             hb_decimal(b, count));
    *rows = count;
  }
  return arrays;
}

static void predict(struct hb_instance* m, const struct hb_options* o) {
  const struct hb_entry* entry = hb_model.predict;
  int64_t rows = 0;
  const void** inputs = read_arrays(o, entry, entry->num_inputs, 0, &rows);
  void** outputs = hb_allocate_pages((size_t)entry->num_outputs * sizeof(void*));
  for (int64_t i = 0; i < entry->num_outputs; ++i)
    outputs[i] = hb_allocate_pages((size_t)(rows * entry->outputs[i].row_bytes));
  checked(m, hb_predict(m, inputs, (size_t)rows, outputs));
  hb_begin_output(o->output);
  for (int64_t i = 0; i < entry->num_outputs; ++i) {
    const struct hb_port* port = &entry->outputs[i];
    int64_t shape[16] = {rows};
    for (int64_t axis = 1; axis < port->rank && axis < 16; ++axis) shape[axis] = port->shape[axis];
    hb_npz_add(port->name, port->dtype, shape, port->rank, outputs[i], (size_t)(rows * port->row_bytes));
  }
  hb_zip_finish();
  hb_finish_output();
}

static void print_epoch(struct hb_instance* m, int64_t epoch, int64_t epochs) {
  const struct hb_entry* entry = hb_model.metrics;
  float* values = hb_allocate_pages((size_t)entry->num_outputs * sizeof(float));
  checked(m, hb_metrics(m, values));
  char room[32];
  hb_print(2, "epoch ");
  hb_print(2, hb_decimal(room, epoch + 1));
  hb_print(2, "/");
  hb_print(2, hb_decimal(room, epochs));
  for (int64_t i = 0; i < entry->num_outputs; ++i) {
    hb_print(2, i ? ", " : ": ");
    hb_print(2, entry->outputs[i].name);
    hb_print(2, " ");
    hb_print(2, hb_real(room, values[i]));
  }
  hb_print(2, "\n");
}

static void train(struct hb_instance* m, const struct hb_options* o) {
  const struct hb_entry* entry = hb_model.train;
  int64_t rows = 0;
  const void** arrays = read_arrays(o, entry, hb_model.predict->num_inputs, hb_model.num_targets, &rows);
  int64_t steps = rows / entry->batch_size, rest = rows % entry->batch_size;
  char a[24], b[24];
  int last = hb_model.train_last && rest == hb_model.train_last->batch_size && (!o->steps || o->steps > steps);
  if (steps == 0 && !last)
    HB_DIE(o->input, ": there are ", hb_decimal(a, rows), " rows, and a batch has ", hb_decimal(b, entry->batch_size));
  if (o->steps && o->steps < steps) steps = o->steps;
  int64_t* order = hb_allocate_pages((size_t)rows * sizeof(int64_t));
  for (int64_t epoch = 0; epoch < o->epochs; ++epoch) {
    for (int64_t i = 0; i < rows; ++i) order[i] = i;
    if (o->shuffle) hb_shuffle((uint64_t)o->seed, epoch, order, (size_t)rows);
    hb_reset_metrics(m);
    checked(m, hb_train_steps(m, arrays, (size_t)rows, order, (size_t)steps));
    if (last) checked(m, hb_train_last(m, arrays, (size_t)rows, order + steps * entry->batch_size));
    print_epoch(m, epoch, o->epochs);
  }
  hb_begin_output(o->output);
  hb_write_state(m, hb_ends_with(o->output, ".npz"));
  hb_finish_output();
}

_Noreturn void hb_begin(long* stack) {
  struct hb_options o = hb_parse_options((int)stack[0], (char**)(stack + 1));
  struct hb_instance* m = make_instance(&o);
  if (hb_model.train)
    train(m, &o);
  else
    predict(m, &o);
  hb_exit(0);
}
