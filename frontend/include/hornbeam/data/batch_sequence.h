// BatchSequence: data as an object that computes any batch by its number (Keras' PyDataset, once called Sequence).
#pragma once

#include <cstdint>

#include <hornbeam/data/dataset.h>

namespace hornbeam {

// Derive from it, give size() and batch(), and hand it to Dataset::from_sequence:
//   struct Images : hb::BatchSequence {
//     int64_t size() const override { return (count + 31) / 32; }
//     hb::Element batch(int64_t i) override { return {.x = read(32 * i, 32), .y = labels(32 * i, 32)}; }
//   };
//   model.fit(hb::Dataset::from_sequence(std::make_shared<Images>()), {.epochs = 3});
class BatchSequence {
 public:
  struct Options {
    int workers = 1;           // threads that compute batches; above 1 batch() is called from several at once
    int64_t max_queue_size = 10;
    bool shuffle = false;      // another order of the batches in each epoch
    std::optional<int64_t> seed = {};
  };
  BatchSequence() = default;
  explicit BatchSequence(Options options) : options_(options) {}
  virtual ~BatchSequence() = default;

  virtual int64_t size() const = 0;         // number of batches
  virtual Element batch(int64_t index) = 0; // 0 <= index < size()
  // Called before each pass but the first, as Keras calls it: to change the data between epochs.
  virtual void on_epoch_end() {}

  const Options& options() const { return options_; }

 private:
  Options options_ = {};
};

}  // namespace hornbeam
