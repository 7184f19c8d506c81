// Plans over the tracing program.
#include "test/runtime/fit_support.h"

namespace hornbeam::runtime {

void RecordingObserver::note(std::string event) {
  events.push_back(std::move(event));
  for (const auto& [begin, action] : hooks)
    if (events.back().starts_with(begin)) return action();
}

std::string RecordingObserver::text(const Logs& logs) {
  std::string text;
  for (const auto& [name, value] : logs.values())
    if (name.ends_with("count")) text += " " + name + "=" + std::to_string(static_cast<int64_t>(value));
  return text;
}

void RecordingObserver::on_epoch_end(int64_t epoch, const Logs& logs) {
  history[epoch] = logs.values();
  note("epoch_end " + std::to_string(epoch) + text(logs));
}

std::vector<std::string> RecordingObserver::batches() const {
  std::vector<std::string> batches;
  for (const std::string& event : events)
    if (event.starts_with("batch_")) batches.push_back(event);
  return batches;
}

int RecordingObserver::count(const std::string& begin) const {
  int count = 0;
  for (const std::string& event : events) count += event.starts_with(begin);
  return count;
}

Training::Training(int64_t rows, int64_t batch_size, std::shared_ptr<Device> device)
    : device(std::move(device)), state(this->device, tracing_program({}).state) {
  static_cast<Job&>(plan) = job("train", rows, batch_size);
  plan.read_logs = [this] { return logs(); };
}

Job Training::job(const std::string& kind, int64_t rows, int64_t batch_size) {
  std::vector<int64_t> sizes = {batch_size};
  if (rows % batch_size != 0) sizes.push_back(rows % batch_size);
  others_.push_back(device->load(tracing_program(sizes)));
  Executable* executable = others_.back().get();
  Job job;
  job.state = &state;
  job.step = {executable, kind + "_" + std::to_string(batch_size)};
  if (rows % batch_size != 0) job.short_step = {executable, kind + "_" + std::to_string(rows % batch_size)};
  Array id(DType::int64, {rows}), x(DType::float32, {rows, 2});
  for (int64_t i = 0; i < rows; ++i) {
    id.mutable_as<int64_t>()[i] = i;
    x.mutable_as<float>()[2 * i] = static_cast<float>(i * 37 % 101) / 101.0f;
    x.mutable_as<float>()[2 * i + 1] = static_cast<float>(i * 53 % 89) / 89.0f;
  }
  job.data = {id, x};
  job.batch_size = batch_size;
  job.stop = &stop;
  return job;
}

void Training::add_validation(int64_t rows, int64_t batch_size, int64_t steps_per_execution) {
  plan.validation.emplace();
  static_cast<Job&>(*plan.validation) = job("evaluate", rows, batch_size);
  plan.validation->steps_per_execution = steps_per_execution;
  plan.validation->read_logs = plan.read_logs;
}

std::vector<int64_t> Training::seen() const {
  Array seen = state.read("seen");
  int64_t count = std::min(state.read("cursor").as<int64_t>()[0], kTracedRows);
  return {seen.as<int64_t>().begin(), seen.as<int64_t>().begin() + count};
}

LogValues Training::logs() const {
  return {{"loss", state.read("total").as<float>()[0]}, {"count", state.read("count").as<float>()[0]}};
}

}  // namespace hornbeam::runtime
