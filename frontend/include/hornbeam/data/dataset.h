// Dataset: samples or batches that come one after another, from arrays, files or a generator, and what is done to them
// on the way to fit, evaluate and predict. The counterpart of tf.data's Dataset.
//
//   auto train = hb::Dataset::from_arrays(x, y).shuffle().map(augment, {.num_parallel_calls = 8}).batch(32).prefetch();
//   model.fit(train, {.epochs = 5, .validation_data = test});
//
// A Dataset is a handle of a recipe: each transformation gives a new one and nothing is computed until it is iterated.
// All order and randomness follow from the seeds, whatever the number of worker threads. Rows of arrays stay where they
// are until something looks at them: shuffled, repeated and batched they are handed to the compiled program by number.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include <hornbeam/tree.h>

namespace hornbeam {

// One sample, or one batch of samples.
struct Element {
  Arrays x = {};
  Arrays y = {};
  Arrays sample_weight = {};
};

namespace data {
class Node;
}
class BatchSequence;  // <hornbeam/data/batch_sequence.h>

// Which call of a map's function this is. `random_seed` depends on the dataset's seed, the pass and the index alone, so
// what is drawn from it does not depend on which thread makes the call.
struct MapCall {
  int64_t index = 0;  // of the element in its pass
  int64_t pass = 0;
  uint64_t random_seed = 0;
};

struct MapOptions {
  int num_parallel_calls = 1;            // worker threads; 0: one for each core. The order of elements is kept.
  std::optional<int64_t> seed = {};      // of MapCall::random_seed; draw_seed() if not given
};

struct ShuffleOptions {
  std::optional<int64_t> seed = {};      // draw_seed() if not given
  bool reshuffle_each_iteration = true;  // another order in each pass
};

struct BatchDatasetOptions {
  bool drop_remainder = false;           // leave out a last batch that is not full
};

struct InterleaveOptions {
  int64_t cycle_length = 4;              // how many datasets are open at a time
  int64_t block_length = 1;              // how many elements are taken of one before the next
  int num_parallel_calls = 1;            // above 1 each open dataset has a thread that reads ahead
};

struct CsvDatasetOptions {
  std::vector<std::string> targets = {}; // columns that are y, by name, or by number from 0 in a table without a header
  bool columns_as_inputs = false;        // x is a map of scalars by column, for a model with an input for each
  DType dtype = DType::float32;          // of x; float32, float64, int32 or int64
  DType target_dtype = DType::float32;
  char delimiter = ',';
  std::optional<bool> header = {};       // whether the first line names the columns; if not given: if it is not all numbers
};

class Dataset {
 public:
  static constexpr int64_t kInfinite = -1;
  static constexpr int64_t kUnknownSize = -2;

  Dataset() = default;

  // The rows of arrays, one element each. Throws ValueError unless all have the same number of rows.
  static Dataset from_arrays(Arrays x, Arrays y = {}, Arrays sample_weight = {});

  // What a function gives, call after call, until it gives nothing. `make` is called at the begin of each pass.
  using Next = std::function<std::optional<Element>()>;
  static Dataset from_generator(std::function<Next()> make, int64_t cardinality = kUnknownSize);
  // The same from a function that returns a range (a vector, a view, a coroutine's generator) of Elements, or of what
  // becomes an Element's x.
  template <class F>
    requires std::ranges::input_range<std::invoke_result_t<F&>>
  static Dataset from_generator(F make, int64_t cardinality = kUnknownSize);

  // The rows of a table of numbers. The file is read once, when the dataset is made; a .csv.gz is not. Throws IOError
  // for what is no table, ValueError for columns that are not there.
  static Dataset from_csv(const std::string& path, const CsvDatasetOptions& options = {});

  // The batches of an object that computes any of them by its number: Keras' PyDataset.
  static Dataset from_sequence(std::shared_ptr<BatchSequence> sequence);

  // int64 scalars start, start + step, … below stop.
  static Dataset range(int64_t start, int64_t stop, int64_t step = 1);
  static Dataset range(int64_t stop) { return range(0, stop); }

  // f(Element) or f(Element, const MapCall&) for each element. With several calls at a time f is called from several
  // threads at once.
  template <class F>
    requires std::invocable<F&, Element>
  Dataset map(F f, const MapOptions& options = {}) const {
    return map_elements([f](Element element, const MapCall&) mutable { return Element(f(std::move(element))); },
                        options);
  }
  template <class F>
    requires std::invocable<F&, Element, const MapCall&>
  Dataset map(F f, const MapOptions& options = {}) const {
    return map_elements(std::move(f), options);
  }
  // The elements for which f is true.
  Dataset filter(std::function<bool(const Element&)> f) const;

  // So many elements, of equal shapes, as one with a leading axis. Iteration throws ValueError that names the element
  // whose shape differs.
  Dataset batch(int64_t batch_size, const BatchDatasetOptions& options = {}) const;
  // The rows of batches as single elements.
  Dataset unbatch() const;

  // A uniformly random order of all elements, which are held in memory; rows of arrays by number.
  Dataset shuffle(const ShuffleOptions& options = {}) const;
  // Each element is drawn from a buffer of the next `buffer_size`, as tf.data does.
  Dataset shuffle(int64_t buffer_size, const ShuffleOptions& options = {}) const;

  Dataset repeat(std::optional<int64_t> count = {}) const;  // for ever if not given
  Dataset take(int64_t count) const;
  Dataset skip(int64_t count) const;
  // Every num_shards-th element, from element `index` on.
  Dataset shard(int64_t num_shards, int64_t index) const;
  Dataset concatenate(const Dataset& other) const;

  // Keeps the elements of the first whole pass in memory and gives those from then on.
  Dataset cache() const;
  // A thread of its own computes up to `buffer_size` elements ahead.
  Dataset prefetch(int64_t buffer_size = 2) const;
  // A dataset for each element, whose elements come in turn: `block_length` of each of `cycle_length` open ones.
  Dataset interleave(std::function<Dataset(const Element&)> f, const InterleaveOptions& options = {}) const;

  // Elements in parallel, until the shortest ends: the parts of the first are x, of the second y, of the third
  // sample_weight, where each has only x; else the members are put together in order.
  static Dataset zip(std::vector<Dataset> datasets);

  // The number of elements; kInfinite or kUnknownSize.
  int64_t cardinality() const;

  // One pass over the elements. A pass that begins later gets the next pass number.
  class Iterator;
  Iterator begin() const;
  std::default_sentinel_t end() const { return {}; }
  // All elements of a pass. Throws ValueError for an infinite dataset.
  std::vector<Element> to_vector() const;

  bool valid() const { return node_ != nullptr; }
  const std::shared_ptr<const data::Node>& node() const;  // throws ValueError for an empty handle
  explicit Dataset(std::shared_ptr<const data::Node> node);

 private:
  using MapFunction = std::function<Element(Element, const MapCall&)>;
  Dataset map_elements(MapFunction f, const MapOptions& options) const;

  std::shared_ptr<const data::Node> node_;
};

// An input iterator.
class Dataset::Iterator {
 public:
  using value_type = Element;
  using difference_type = std::ptrdiff_t;

  const Element& operator*() const;
  const Element* operator->() const { return &**this; }
  Iterator& operator++();
  void operator++(int) { ++*this; }
  bool operator==(std::default_sentinel_t) const { return state_ == nullptr; }

 private:
  friend class Dataset;
  struct State;
  std::shared_ptr<State> state_;
};

template <class F>
  requires std::ranges::input_range<std::invoke_result_t<F&>>
Dataset Dataset::from_generator(F make, int64_t cardinality) {
  using Range = std::remove_cvref_t<std::invoke_result_t<F&>>;
  struct Pass {
    explicit Pass(Range r) : range(std::move(r)), at(std::ranges::begin(range)) {}
    Range range;
    std::ranges::iterator_t<Range> at;
    bool started = false;
  };
  std::function<Next()> passes = [make]() mutable -> Next {
    auto pass = std::make_shared<Pass>(make());
    return [pass]() -> std::optional<Element> {
      if (pass->started && pass->at != std::ranges::end(pass->range)) ++pass->at;
      pass->started = true;
      if (pass->at == std::ranges::end(pass->range)) return {};
      if constexpr (std::convertible_to<std::ranges::range_reference_t<Range>, Element>)
        return Element(*pass->at);
      else
        return Element{.x = Arrays(*pass->at)};
    };
  };
  return from_generator(std::move(passes), cardinality);
}

}  // namespace hornbeam
