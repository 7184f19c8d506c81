#include "frontend/src/model/dataset_stream.h"

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include "frontend/src/data/cancel.h"
#include "frontend/src/interrupt.h"

namespace hornbeam {
namespace {

// One group runs, one waits, one is being filled.
constexpr size_t kRings = 3;
constexpr int64_t kMostRingBytes = int64_t{256} << 20;
constexpr std::chrono::milliseconds kInterruptPeriod{50};

int64_t bytes_of(const std::vector<Array>& arrays) {
  int64_t bytes = 0;
  for (const Array& array : arrays) bytes += static_cast<int64_t>(array.bytes());
  return bytes;
}

std::string describe(const Data& data) {
  return data::describe({data.x, data.y.empty() ? Arrays() : Arrays(data.y),
                         data.weights.empty() || !data.weights[0].valid() ? Arrays() : Arrays(data.weights)});
}

}  // namespace

// Makes groups ahead: one at a time waits to be taken.
class DatasetStream::Reader {
 public:
  Reader(DatasetStream& stream, int64_t most) : stream_(stream), most_(most), thread_([this] { read(); }) {}
  ~Reader() {
    {
      std::lock_guard lock(mutex_);
      ends_ = true;
    }
    token_.cancel();
    wake_.notify_all();
    thread_.join();
  }
  bool next(int64_t most, Group& group) {
    std::unique_lock lock(mutex_);
    most_ = most;
    // A signal handler cannot wake anybody: it is looked for now and then.
    while (!wake_.wait_for(lock, kInterruptPeriod, [&] { return ready_ || finished_; })) check_interrupt();
    if (ready_) {
      group = std::move(*ready_);
      ready_.reset();
      wake_.notify_all();
      return true;
    }
    if (std::exception_ptr error = std::exchange(error_, nullptr)) std::rethrow_exception(error);
    return false;
  }

 private:
  void read() {
    data::CancelToken::Scope scope(token_);
    try {
      for (;;) {
        int64_t most;
        {
          std::unique_lock lock(mutex_);
          wake_.wait(lock, [&] { return ends_ || !ready_; });
          if (ends_) return;
          most = most_;
        }
        Group group;
        if (!stream_.make_group(most, group)) break;
        std::lock_guard lock(mutex_);
        ready_ = std::move(group);
        wake_.notify_all();
      }
    } catch (...) {
      std::lock_guard lock(mutex_);
      error_ = std::current_exception();
    }
    std::lock_guard lock(mutex_);
    finished_ = true;
    wake_.notify_all();
  }

  DatasetStream& stream_;
  data::CancelToken token_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Group> ready_;
  std::exception_ptr error_;
  int64_t most_;
  bool ends_ = false, finished_ = false;
  std::thread thread_;  // last: it uses the others
};

DatasetStream::DatasetStream(const Model& model, const Dataset& dataset, Settings settings)
    : model_(model), node_(dataset.node()), settings_(std::move(settings)), rings_(kRings) {}

DatasetStream::~DatasetStream() { reader_ = nullptr; }

std::optional<int64_t> DatasetStream::num_batches() const {
  int64_t count = node_->cardinality();
  return count >= 0 ? std::optional(count) : std::nullopt;
}

const Data& DatasetStream::first() {
  if (!first_) {
    pass_number_ = settings_.first_pass;
    pass_ = node_->iterate(pass_number_);
    fresh_ = true;
    Batch batch;
    if (!pull(batch)) throw ValueError(settings_.title + ": the dataset has no elements.");
    first_ = batch.data;
    first_->rows = batch.size();
    pending_ = std::move(batch);
  }
  return *first_;
}

Data DatasetStream::data_of(const Element& element, int64_t index) {
  const std::string title = settings_.title + ": element " + std::to_string(index) + " of the dataset";
  try {
    bool targets = settings_.job != Job::predict;
    Data data = make_data(model_, title.c_str(), element.x, targets ? element.y : Arrays(),
                          targets ? element.sample_weight : Arrays());
    if (targets) add_class_weight(data, settings_.class_weight);
    if (check && targets) check(data);
    return data;
  } catch (const Error& error) {
    std::string text = error.what();
    for (const Array& array : data::arrays_of(element))
      if (array.valid() && array.shape().empty())
        text += ". Elements must be batches: did you forget Dataset::batch?";
    if (!text.starts_with(title)) text = title + ": " + text;
    if (dynamic_cast<const TypeError*>(&error)) throw TypeError(text);
    if (dynamic_cast<const NotImplementedError*>(&error)) throw NotImplementedError(text);
    throw ValueError(text);
  }
}

// Batches may differ in size and in the sizes of axes, where the model takes it; not in what they are.
void DatasetStream::check_like_first(const Data& data, int64_t index) const {
  if (!first_) return;
  std::vector<Array> now = data.arrays(), then = first_->arrays();
  bool same = now.size() == then.size() && data.y.size() == first_->y.size() &&
              data.weights.size() == first_->weights.size();
  for (size_t i = 0; same && i < now.size(); ++i)
    same = now[i].dtype() == then[i].dtype() && now[i].shape().rank() == then[i].shape().rank();
  if (!same)
    throw ValueError(settings_.title + ": element " + std::to_string(index) +
                     " of the dataset is of another kind than the first. Expected: " + describe(*first_) +
                     ". Received: " + describe(data));
}

bool DatasetStream::pull(Batch& batch) {
  data::Item item;
  if (!pass_ || !pass_->next(item)) return false;
  batch = Batch();
  batch.index = index_++;
  if (item.is_rows()) {
    if (item.base() != known_base_) {
      known_data_ = data_of(*item.base(), batch.index);
      known_base_ = item.base();
      check_like_first(known_data_, batch.index);
    }
    batch.data = known_data_;
    batch.base = known_base_;
    batch.rows = item.rows();
  } else {
    batch.data = data_of(item.element(), batch.index);
    check_like_first(batch.data, batch.index);
  }
  return true;
}

// Whether a batch goes into one call with the first one, which had `size` rows.
bool DatasetStream::fits(const Batch& batch, const Batch& first, int64_t size) {
  if (batch.base != first.base || batch.size() != size) return false;
  if (batch.base) return true;
  std::vector<Array> a = batch.data.arrays(), b = first.data.arrays();
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i].shape() != b[i].shape()) return false;
  return true;
}

bool DatasetStream::make_group(int64_t most, Group& group) {
  Batch batch;
  if (pending_) {
    batch = std::move(*pending_);
    pending_.reset();
  } else if (!pull(batch)) {
    return false;
  }
  group = Group();
  group.like = batch.data;
  group.size = batch.size();
  group.index = batch.index;
  gather(std::move(batch), most, group);
  return true;
}

void DatasetStream::gather(Batch first, int64_t most, Group& group) {
  group.arrays = first.data.arrays();
  const bool by_number = first.base != nullptr;
  std::vector<Array>* ring = nullptr;
  if (!by_number) {
    int64_t bytes = std::max<int64_t>(bytes_of(group.arrays), 1);
    most = std::clamp<int64_t>(kMostRingBytes / bytes, 1, most);
    if (most > 1) {
      ring = &rings_[ring_];
      ring_ = (ring_ + 1) % kRings;
    }
  }
  // Copies a batch to its place in the ring, which is made when a second batch comes.
  auto keep = [&](const std::vector<Array>& arrays, int64_t step) {
    for (size_t i = 0; i < arrays.size(); ++i)
      std::memcpy(static_cast<char*>((*ring)[i].mutable_data()) + static_cast<size_t>(step) * arrays[i].bytes(),
                  arrays[i].data(), arrays[i].bytes());
  };
  auto make_ring = [&] {
    std::vector<Shape> shapes;
    for (const Array& array : group.arrays) {
      shapes.push_back(array.shape());
      shapes.back()[0] = most * group.size;
    }
    bool reusable = ring->size() == shapes.size();
    for (size_t i = 0; reusable && i < shapes.size(); ++i)
      reusable = (*ring)[i].dtype() == group.arrays[i].dtype() && (*ring)[i].shape() == shapes[i];
    if (reusable) return;
    ring->clear();
    for (size_t i = 0; i < shapes.size(); ++i) ring->emplace_back(group.arrays[i].dtype(), shapes[i]);
  };
  group.steps = 1;
  if (by_number) group.rows = std::move(first.rows);
  while (group.steps < most) {
    Batch batch;
    if (!pull(batch)) break;
    if (!fits(batch, first, group.size)) {
      pending_ = std::move(batch);
      break;
    }
    if (by_number) {
      group.rows.insert(group.rows.end(), batch.rows.begin(), batch.rows.end());
    } else {
      if (group.steps == 1) {
        make_ring();
        keep(group.arrays, 0);
      }
      keep(batch.data.arrays(), group.steps);
    }
    ++group.steps;
  }
  if (by_number) return;
  if (group.steps > 1) group.arrays = *ring;
  group.rows.resize(static_cast<size_t>(group.steps * group.size));
  std::iota(group.rows.begin(), group.rows.end(), int64_t{0});
}

void DatasetStream::begin_pass(int64_t epoch) {
  reader_ = nullptr;
  if (!fresh_ || pass_number_ != epoch) {
    pending_.reset();
    pass_ = nullptr;  // its threads end before those of the next begin
    pass_ = node_->iterate(epoch);
    pass_number_ = epoch;
    index_ = 0;
  }
  fresh_ = false;
}

bool DatasetStream::next(int64_t most, runtime::StreamedBatches& batches) {
  if (!reader_ && !known_base_) reader_ = std::make_shared<Reader>(*this, most);
  Group group;
  if (!(reader_ ? reader_->next(most, group) : make_group(most, group))) return false;
  try {
    batches.step = program(group.like, group.size);
  } catch (const Error& error) {
    std::string text = settings_.title + ": element " + std::to_string(group.index) + " of the dataset: " + error.what();
    if (dynamic_cast<const NotImplementedError*>(&error)) throw NotImplementedError(text);
    throw ValueError(text);
  }
  batches.data = std::move(group.arrays);
  batches.rows = std::move(group.rows);
  batches.steps = group.steps;
  return true;
}

}  // namespace hornbeam
