// Calls of the compiled entries, and prediction of any number of rows by an entry for batches.
#include "support.h"

struct job {
  hb_function function;
  struct hb_call call;
  const struct hb_threads* threads;
};

static void run_thread(void* argument, int thread) {
  const struct job* job = argument;
  struct hb_call call = job->call;
  call.thread = thread;
  job->function(&call);
}

void hb_run(struct hb_instance* m, const struct hb_entry* entry, const void* const* inputs, void* const* outputs,
            const int64_t* rows, int64_t steps) {
  void** buffers = hb_place(m, hb_model.buffers_place);
  void** next = buffers;
  // An entry that does not update the weights only reads them, so constant ones may stand behind the pointer.
  for (int64_t i = 0; i < HB_SEGMENTS; ++i) *next++ = (void*)(uintptr_t)hb_segment_data(m, i);
  *next++ = hb_place(m, hb_model.arena_place);
  for (int64_t i = 0; i < entry->num_inputs; ++i) *next++ = (void*)(uintptr_t)inputs[i];
  for (int64_t i = 0; i < entry->num_outputs; ++i) *next++ = outputs[i];

  struct job job = {.function = entry->functions[m->variant], .threads = &m->threads};
  int threads = m->threads.num_threads < entry->num_threads ? m->threads.num_threads : (int)entry->num_threads;
  job.call.buffers = buffers;
  job.call.rows = rows;
  job.call.steps = steps;
  job.call.num_threads = threads;
  if (threads <= 1) {
    job.call.num_threads = 1;
    job.function(&job.call);
    return;
  }
  job.call.barrier = m->threads.barrier;
  job.call.barrier_context = m->threads.context;
  m->threads.run(m->threads.context, threads, run_thread, &job);
}

static int check_arguments(struct hb_instance* m, const struct hb_entry* entry, const void* const* inputs,
                           void* const* outputs) {
  if (!m->weights_are_there) return hb_fail(m, "the weights were not loaded: they are in a file of their own");
  for (int64_t i = 0; i < entry->num_inputs; ++i)
    if (!inputs || !inputs[i]) {
      hb_error_begin(m);
      hb_error_text(m, "the input '");
      hb_error_text(m, entry->inputs[i].name);
      hb_error_text(m, "' is missing");
      return 1;
    }
  for (int64_t i = 0; i < entry->num_outputs; ++i)
    if (!outputs || !outputs[i]) {
      hb_error_begin(m);
      hb_error_text(m, "the place for the output '");
      hb_error_text(m, entry->outputs[i].name);
      hb_error_text(m, "' is missing");
      return 1;
    }
  return 0;
}

// The outputs' places of the samples from `row` on. They are kept behind the pointers of the call.
static void** outputs_from(struct hb_instance* m, const struct hb_entry* entry, void* const* outputs, int64_t row) {
  void** at = (void**)hb_place(m, hb_model.buffers_place) + HB_SEGMENTS + 1 + entry->num_inputs + entry->num_outputs;
  for (int64_t i = 0; i < entry->num_outputs; ++i) at[i] = (char*)outputs[i] + row * entry->outputs[i].row_bytes;
  return at;
}

// Fewer rows than a batch: the last one is repeated, and only the first results leave the instance.
static void predict_rest(struct hb_instance* m, const struct hb_entry* entry, const void* const* inputs, int64_t row,
                         int64_t count, void* const* outputs) {
  int64_t* numbers = hb_place(m, hb_model.rows_place);
  for (int64_t i = 0; i < entry->batch_size; ++i) numbers[i] = row + (i < count ? i : count - 1);
  char* scratch = hb_place(m, hb_model.outputs_place);
  void** places = outputs_from(m, entry, outputs, row);
  for (int64_t i = 0; i < entry->num_outputs; ++i) {
    places[i] = scratch;
    scratch += (entry->batch_size * entry->outputs[i].row_bytes + 63) / 64 * 64;
  }
  hb_run(m, entry, inputs, places, numbers, 1);
  for (int64_t i = 0; i < entry->num_outputs; ++i) {
    int64_t bytes = entry->outputs[i].row_bytes;
    memcpy((char*)outputs[i] + row * bytes, places[i], (size_t)(count * bytes));
  }
}

int hb_predict(struct hb_instance* m, const void* const* inputs, size_t rows, void* const* outputs) {
  const struct hb_entry* entry = hb_model.predict;
  hb_no_error(m);
  if (check_arguments(m, entry, inputs, outputs)) return 1;
  int64_t* numbers = hb_place(m, hb_model.rows_place);
  int64_t batch = entry->batch_size, most_steps = hb_model.rows_capacity / batch;
  int64_t row = 0, end = (int64_t)rows;
  while (end - row >= batch) {
    int64_t steps = (end - row) / batch < most_steps ? (end - row) / batch : most_steps;
    for (int64_t i = 0; i < steps * batch; ++i) numbers[i] = row + i;
    hb_run(m, entry, inputs, outputs_from(m, entry, outputs, row), numbers, steps);
    row += steps * batch;
  }
  if (row < end) predict_rest(m, entry, inputs, row, end - row, outputs);
  return 0;
}

static int train(struct hb_instance* m, const struct hb_entry* entry, const void* const* inputs, size_t num_rows,
                 const int64_t* rows, size_t steps) {
  hb_no_error(m);
  if (check_arguments(m, entry, inputs, NULL)) return 1;
  int64_t batch = entry->batch_size, end = (int64_t)num_rows;
  if (steps > (size_t)(INT64_MAX / 16 / batch)) return hb_fail(m, "there are too many steps");
  int64_t count = (int64_t)steps * batch;
  if (!rows && count > end) {
    hb_error_begin(m);
    hb_error_text(m, "the steps take ");
    hb_error_number(m, count);
    hb_error_text(m, " rows in order, and the data have ");
    hb_error_number(m, end);
    return 1;
  }
  for (int64_t i = 0; rows && i < count; ++i)
    if (rows[i] < 0 || rows[i] >= end) {
      hb_error_begin(m);
      hb_error_text(m, "row number ");
      hb_error_number(m, rows[i]);
      hb_error_text(m, " is not one of the ");
      hb_error_number(m, end);
      hb_error_text(m, " rows of the data");
      return 1;
    }
  if (rows) {
    if (steps) hb_run(m, entry, inputs, NULL, rows, (int64_t)steps);
    return 0;
  }
  int64_t* numbers = hb_place(m, hb_model.rows_place);
  int64_t most_steps = hb_model.rows_capacity / batch;
  for (int64_t done = 0; done < (int64_t)steps;) {
    int64_t part = (int64_t)steps - done < most_steps ? (int64_t)steps - done : most_steps;
    for (int64_t i = 0; i < part * batch; ++i) numbers[i] = done * batch + i;
    hb_run(m, entry, inputs, NULL, numbers, part);
    done += part;
  }
  return 0;
}

int hb_train_steps(struct hb_instance* m, const void* const* inputs, size_t num_rows, const int64_t* rows,
                   size_t steps) {
  return train(m, hb_model.train, inputs, num_rows, rows, steps);
}

int hb_train_last(struct hb_instance* m, const void* const* inputs, size_t num_rows, const int64_t* rows) {
  return train(m, hb_model.train_last, inputs, num_rows, rows, 1);
}

int hb_metrics(struct hb_instance* m, float* values) {
  const struct hb_entry* entry = hb_model.metrics;
  hb_no_error(m);
  if (!values) return hb_fail(m, "the place for the metrics is missing");
  void** places = (void**)hb_place(m, hb_model.buffers_place) + HB_SEGMENTS + 1 + entry->num_outputs;
  for (int64_t i = 0; i < entry->num_outputs; ++i) places[i] = values + i;
  hb_run(m, entry, NULL, places, NULL, 1);
  return 0;
}
