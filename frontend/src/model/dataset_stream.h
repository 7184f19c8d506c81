// The batches of a Dataset on their way to the runtime's loops: brought into the model's order, checked, and put
// together for calls of several steps. Batches of rows of arrays stay where they are and go by number; others are
// computed and copied together by a thread of their own, a call ahead of the running one.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include <hornbeam/runtime/fit/stream.h>

#include "frontend/src/data/node.h"
#include "frontend/src/model/data.h"
#include "frontend/src/trace/jobs.h"

namespace hornbeam {

class DatasetStream : public runtime::BatchStream {
 public:
  struct Settings {
    Job job = Job::predict;
    std::string title;              // begins the texts of errors: "fit", "fit: validation_data"
    std::map<int64_t, double> class_weight;
    int64_t steps_per_execution = 1;  // 0 for auto
    int64_t first_pass = 0;
  };
  DatasetStream(const Model& model, const Dataset& dataset, Settings settings);
  ~DatasetStream() override;

  // The first batch, computed now. Throws ValueError if there is none. It is not lost for the first pass.
  const Data& first();
  // The program for batches like this one, of `rows` rows; made when they are first met.
  std::function<const runtime::Step&(const Data& batch, int64_t rows)> program;
  // Called once for each batch, or for all arrays whose rows batches are.
  std::function<void(const Data&)> check;

  // Ends the thread, if there is one; what it uses may go away then.
  void close() { reader_ = nullptr; }

  void begin_pass(int64_t epoch) override;
  bool next(int64_t most, runtime::StreamedBatches& batches) override;
  std::optional<int64_t> num_batches() const override;

 private:
  struct Batch {
    Data data;                  // all rows of the arrays if `base` is not null
    std::shared_ptr<const Element> base;
    std::vector<int64_t> rows;  // of base
    int64_t index = 0;
    int64_t size() const { return base ? static_cast<int64_t>(rows.size()) : data.rows; }
  };
  struct Group {  // for one call
    Data like;
    std::vector<Array> arrays;
    std::vector<int64_t> rows;
    int64_t size = 0, steps = 0, index = 0;
  };
  class Reader;  // the thread

  bool pull(Batch& batch);
  Data data_of(const Element& element, int64_t index);
  bool make_group(int64_t most, Group& group);
  void gather(Batch batch, int64_t most, Group& group);
  void check_like_first(const Data& data, int64_t index) const;
  static bool fits(const Batch& batch, const Batch& first, int64_t size);

  const Model& model_;
  data::NodePtr node_;
  Settings settings_;
  std::unique_ptr<data::Iterator> pass_;
  int64_t pass_number_ = -1;
  bool fresh_ = false;        // nothing of the pass was handed out
  int64_t index_ = 0;         // of the next batch in its pass
  std::optional<Batch> pending_;
  std::optional<Data> first_;
  std::shared_ptr<const Element> known_base_;
  Data known_data_;
  std::vector<std::vector<Array>> rings_;  // memory of groups, used in turn
  size_t ring_ = 0;
  std::shared_ptr<Reader> reader_;
};

}  // namespace hornbeam
