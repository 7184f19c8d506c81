// One call on one batch: train_on_batch and its kin.
#include <numeric>

#include <hornbeam/model.h>

#include "frontend/src/model/data.h"
#include "frontend/src/model/loop_options.h"
#include "frontend/src/model/model_state.h"
#include "frontend/src/model/observer.h"
#include "frontend/src/model/run.h"

namespace hornbeam {
namespace {

using runtime::Segment;

// One call of one batch of all rows, outside of any loop.
Logs run_on_batch(Model& model, Job job, const Arrays& x, const Arrays& y, const BatchOptions& options) {
  const char* name = job == Job::train ? "train_on_batch" : "test_on_batch";
  require_compiled(model, name);
  Data data = make_data(model, name, x, y, options.sample_weight);
  add_class_weight(data, options.class_weight);
  Run run(model);
  run.prepare(job, data, data.rows);
  std::vector<Session::Request> requests;
  run.request(job, data, data.rows, requests);
  run.request_results(job, requests);
  run.compile(requests);
  Session& session = *model.model_state()->session;
  const runtime::Step& step = session.step(data.spec(data.rows).key(job));
  for (Segment segment : {Segment::weights, Segment::slots, Segment::metrics})
    if (segment != Segment::slots || job == Job::train) session.state().segment(segment);
  std::vector<runtime::Buffer> inputs;
  std::vector<Array> arrays = data.arrays();
  for (Array& array : arrays) inputs.push_back(session.state().device()->wrap(array.mutable_data(), array.bytes()));
  std::vector<int64_t> rows(data.rows);
  std::iota(rows.begin(), rows.end(), 0);
  step.executable->run(step.entry,
                       {.segments = session.state().segments(), .inputs = inputs, .outputs = {}, .rows = rows});
  return to_logs(run.read_logs(job));
}

}  // namespace

Logs Model::train_on_batch(const Arrays& x, const Arrays& y, BatchOptions options) {
  return run_on_batch(*this, Job::train, x, y, options);
}

Logs Model::test_on_batch(const Arrays& x, const Arrays& y, BatchOptions options) {
  return run_on_batch(*this, Job::evaluate, x, y, options);
}

Arrays Model::predict_on_batch(const Arrays& x) {
  if (x.empty()) throw ValueError("predict_on_batch: x holds no array.");
  int64_t rows = x[0].valid() && !x[0].shape().empty() ? x[0].shape()[0] : 1;
  return predict(x, {.batch_size = std::max<int64_t>(rows, 1), .verbose = 0});
}

}  // namespace hornbeam
