// Dataset: what each transformation gives, order and seeds, threads and their errors.
#include <hornbeam/data/dataset.h>

#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hornbeam/data/batch_sequence.h>
#include <hornbeam/random.h>

namespace hornbeam {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Numbers = std::vector<int64_t>;

// The numbers in x, element after element.
Numbers numbers(const Dataset& dataset) {
  Numbers all;
  for (const Element& element : dataset)
    for (int64_t i = 0; i < element.x[0].num_elements(); ++i) all.push_back(element.x[0].get_int(i));
  return all;
}

Numbers sizes(const Dataset& dataset) {
  Numbers all;
  for (const Element& element : dataset) all.push_back(element.x[0].shape().empty() ? -1 : element.x[0].shape()[0]);
  return all;
}

template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

Array count_up(Shape shape) {
  Array array(DType::int32, std::move(shape));
  for (int64_t i = 0; i < array.num_elements(); ++i) array.set_int(i, i);
  return array;
}

TEST(Dataset, FromArraysGivesRows) {
  Dataset dataset = Dataset::from_arrays(count_up({3, 2}), count_up({3}));
  EXPECT_EQ(dataset.cardinality(), 3);
  std::vector<Element> rows = dataset.to_vector();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].x[0].shape(), Shape({2}));
  EXPECT_EQ(rows[1].x[0].get_int(0), 2);
  EXPECT_EQ(rows[1].x[0].get_int(1), 3);
  EXPECT_EQ(rows[2].y[0].shape(), Shape());
  EXPECT_EQ(rows[2].y[0].get_int(0), 2);
}

TEST(Dataset, FromArraysRefusesUnequalRows) {
  EXPECT_THAT(error_of([] { Dataset::from_arrays(count_up({3, 2}), count_up({4})); }),
              HasSubstr("same number of rows. Received: x of shape (3, 2) int32, y of shape (4,) int32"));
  EXPECT_THAT(error_of([] { Dataset().batch(2); }), HasSubstr("The Dataset is empty"));
}

TEST(Dataset, KeepsTheStructureOfItsArrays) {
  Dataset dataset = Dataset::from_arrays({{"b", count_up({4})}, {"a", count_up({4, 3})}}, count_up({4})).batch(3);
  std::vector<Element> batches = dataset.to_vector();
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_THAT(batches[0].x.keys(), ElementsAre("a", "b"));
  EXPECT_EQ(batches[0].x["a"].shape(), Shape({3, 3}));
  EXPECT_EQ(batches[1].x["b"].shape(), Shape({1}));
}

TEST(Dataset, FromGeneratorStartsAgainInEachPass) {
  int begun = 0;
  Dataset dataset = Dataset::from_generator([&]() -> Dataset::Next {
    ++begun;
    return [i = int64_t{0}]() mutable -> std::optional<Element> {
      if (i == 3) return {};
      return Element{.x = Array::scalar(i++)};
    };
  });
  EXPECT_EQ(dataset.cardinality(), Dataset::kUnknownSize);
  EXPECT_EQ(numbers(dataset), (Numbers{0, 1, 2}));
  EXPECT_EQ(numbers(dataset.repeat(2)), (Numbers{0, 1, 2, 0, 1, 2}));
  EXPECT_EQ(begun, 3);
}

TEST(Dataset, FromGeneratorTakesRanges) {
  Dataset views = Dataset::from_generator(
      [] { return std::views::iota(0, 4) | std::views::transform([](int i) { return Array::scalar(i * i); }); }, 4);
  EXPECT_EQ(views.cardinality(), 4);
  EXPECT_EQ(numbers(views), (Numbers{0, 1, 4, 9}));
  Dataset vector = Dataset::from_generator([] { return std::vector<Element>{{.x = count_up({2})}, {.x = count_up({1})}}; });
  EXPECT_EQ(numbers(vector), (Numbers{0, 1, 0}));
}

// A coroutine's generator, as C++23's std::generator is.
class Coroutine {
 public:
  struct promise_type {
    Element value;
    Coroutine get_return_object() { return Coroutine(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(Element element) {
      value = std::move(element);
      return {};
    }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  struct Iterator {
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    std::coroutine_handle<promise_type> handle;
    const Element& operator*() const { return handle.promise().value; }
    Iterator& operator++() {
      handle.resume();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return handle.done(); }
  };
  explicit Coroutine(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Coroutine(Coroutine&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  ~Coroutine() {
    if (handle_) handle_.destroy();
  }
  Iterator begin() {
    handle_.resume();
    return {handle_};
  }
  std::default_sentinel_t end() { return {}; }

 private:
  std::coroutine_handle<promise_type> handle_;
};

Coroutine count_to(int64_t end) {
  for (int64_t i = 0; i < end; ++i) co_yield Element{.x = Array::scalar(i)};
}

TEST(Dataset, FromGeneratorTakesCoroutines) {
  Dataset dataset = Dataset::from_generator([] { return count_to(5); });
  EXPECT_EQ(numbers(dataset.batch(2)), (Numbers{0, 1, 2, 3, 4}));
  EXPECT_EQ(numbers(dataset.take(2)), (Numbers{0, 1}));
}

TEST(Dataset, FromCsvTakesTargetsAndColumns) {
  std::string path = testing::TempDir() + "hornbeam_dataset.csv";
  std::ofstream(path) << "age,height,label\n1,2.5,0\n3,4.5,1\n";
  Dataset dataset = Dataset::from_csv(path, {.targets = {"label"}, .target_dtype = DType::int32});
  std::vector<Element> rows = dataset.to_vector();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].x[0].shape(), Shape({2}));
  EXPECT_EQ(rows[1].x[0].get(1), 4.5);
  EXPECT_EQ(rows[1].y[0].dtype(), DType::int32);
  EXPECT_EQ(rows[1].y[0].get_int(0), 1);
  rows = Dataset::from_csv(path, {.targets = {"label"}, .columns_as_inputs = true}).to_vector();
  EXPECT_EQ(rows[0].x["height"].get(0), 2.5);
  EXPECT_EQ(rows[0].x["height"].shape(), Shape());
  EXPECT_THAT(error_of([&] { Dataset::from_csv(path, {.targets = {"labels"}}); }),
              HasSubstr("has no column 'labels'. Did you mean 'label'?"));
  std::remove(path.c_str());
}

TEST(Dataset, BatchesAndUnbatches) {
  Dataset rows = Dataset::from_arrays(count_up({5}));
  EXPECT_EQ(sizes(rows.batch(2)), (Numbers{2, 2, 1}));
  EXPECT_EQ(rows.batch(2).cardinality(), 3);
  EXPECT_EQ(sizes(rows.batch(2, {.drop_remainder = true})), (Numbers{2, 2}));
  EXPECT_EQ(rows.batch(2, {.drop_remainder = true}).cardinality(), 2);
  EXPECT_EQ(numbers(rows.batch(2).unbatch().batch(3)), (Numbers{0, 1, 2, 3, 4}));
  EXPECT_EQ(sizes(rows.batch(2).unbatch().batch(3)), (Numbers{3, 2}));
  // Elements that are not rows of arrays.
  Dataset elements = rows.map([](Element e) { return e; });
  EXPECT_EQ(sizes(elements.batch(2)), (Numbers{2, 2, 1}));
  EXPECT_EQ(numbers(elements.batch(4).unbatch()), (Numbers{0, 1, 2, 3, 4}));
  // Rows of two arrays in one batch.
  EXPECT_EQ(numbers(rows.concatenate(Dataset::from_arrays(count_up({3}))).batch(4)), (Numbers{0, 1, 2, 3, 4, 0, 1, 2}));
  EXPECT_EQ(sizes(rows.concatenate(elements).batch(4)), (Numbers{4, 4, 2}));
}

TEST(Dataset, BatchNamesTheElementThatDoesNotFit) {
  Dataset dataset = Dataset::range(5).map([](Element e) {
    int64_t i = e.x[0].get_int(0);
    return Element{.x = Array(DType::float32, Shape{i == 3 ? 2 : 4})};
  });
  EXPECT_THAT(error_of([&] { dataset.batch(5).to_vector(); }),
              HasSubstr("element 3 does not go into a batch with the one before it. Expected: x of shape (4,) float32. "
                        "Received: x of shape (2,) float32"));
  EXPECT_THAT(error_of([&] { dataset.batch(0); }), HasSubstr("`batch_size` must be positive"));
  EXPECT_THAT(error_of([&] { Dataset::range(3).unbatch().to_vector(); }), HasSubstr("element 0 is no batch"));
}

TEST(Dataset, ChoosesElements) {
  Dataset ten = Dataset::range(10);
  EXPECT_EQ(numbers(ten.take(3)), (Numbers{0, 1, 2}));
  EXPECT_EQ(numbers(ten.skip(7)), (Numbers{7, 8, 9}));
  EXPECT_EQ(numbers(ten.skip(20)), Numbers());
  EXPECT_EQ(numbers(ten.shard(3, 1)), (Numbers{1, 4, 7}));
  EXPECT_EQ(ten.shard(3, 0).cardinality(), 4);
  EXPECT_EQ(ten.shard(3, 1).cardinality(), 3);
  EXPECT_EQ(numbers(ten.filter([](const Element& e) { return e.x[0].get_int(0) % 4 == 0; })), (Numbers{0, 4, 8}));
  EXPECT_EQ(numbers(ten.repeat().take(12)), (Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1}));
  EXPECT_EQ(ten.repeat().cardinality(), Dataset::kInfinite);
  EXPECT_EQ(ten.repeat(3).cardinality(), 30);
  EXPECT_EQ(ten.repeat().take(12).cardinality(), 12);
  EXPECT_EQ(numbers(Dataset::range(0).repeat()), Numbers());
  EXPECT_EQ(numbers(Dataset::range(2).concatenate(Dataset::range(5, 7))), (Numbers{0, 1, 5, 6}));
  EXPECT_EQ(numbers(Dataset::range(9, 2, -3)), (Numbers{9, 6, 3}));
  EXPECT_THAT(error_of([&] { ten.shard(2, 2); }), HasSubstr("`index` must be 0 to num_shards - 1"));
  EXPECT_THAT(error_of([&] { ten.repeat().to_vector(); }), HasSubstr("infinite"));
}

TEST(Dataset, ShufflesByItsSeedAndPass) {
  Dataset ten = Dataset::from_arrays(count_up({10}));
  Dataset shuffled = ten.shuffle({.seed = 3});
  Numbers first = numbers(shuffled), second = numbers(shuffled);
  EXPECT_NE(first, second);
  EXPECT_EQ(numbers(ten.shuffle({.seed = 3})), first);
  EXPECT_NE(numbers(ten.shuffle({.seed = 4})), first);
  EXPECT_EQ(std::set<int64_t>(first.begin(), first.end()).size(), 10u);
  Dataset once = ten.shuffle({.seed = 3, .reshuffle_each_iteration = false});
  EXPECT_EQ(numbers(once), numbers(once));
  // Without a seed it follows from the global one.
  set_random_seed(7);
  Numbers drawn = numbers(ten.shuffle());
  set_random_seed(7);
  EXPECT_EQ(numbers(ten.shuffle()), drawn);
  // Rounds of repeat are passes of their own.
  Numbers rounds = numbers(shuffled.repeat(2));
  EXPECT_NE(Numbers(rounds.begin(), rounds.begin() + 10), Numbers(rounds.begin() + 10, rounds.end()));
}

TEST(Dataset, ShufflesThroughABuffer) {
  Dataset shuffled = Dataset::range(100).shuffle(4, {.seed = 1});
  Numbers order = numbers(shuffled);
  EXPECT_EQ(std::set<int64_t>(order.begin(), order.end()).size(), 100u);
  for (size_t i = 0; i < order.size(); ++i) EXPECT_LE(order[i], static_cast<int64_t>(i) + 3);  // no more is read ahead
  EXPECT_NE(order, numbers(Dataset::range(100)));
  EXPECT_THAT(error_of([] { Dataset::range(5).shuffle(0); }), HasSubstr("`buffer_size` must be positive"));
  EXPECT_THAT(error_of([] { Dataset::range(5).repeat().shuffle(); }), HasSubstr("infinite"));
  EXPECT_EQ(numbers(Dataset::range(5).repeat().shuffle(3).take(20)).size(), 20u);
}

TEST(Dataset, ShuffledPositionsAreUniform) {
  // Each of 4 elements comes first about 1000 times in 4000 passes: 5 sigma are 137.
  std::vector<int> first(4);
  Dataset shuffled = Dataset::range(4).shuffle({.seed = 5});
  for (int i = 0; i < 4000; ++i) ++first[static_cast<size_t>((*shuffled.begin()).x[0].get_int(0))];
  for (int count : first) EXPECT_NEAR(count, 1000, 137);
}

TEST(Dataset, MapsInOrderOnManyThreads) {
  std::set<std::thread::id> threads;
  std::mutex mutex;
  auto slow_square = [&](Element e) {
    int64_t i = e.x[0].get_int(0);
    std::this_thread::sleep_for(std::chrono::milliseconds(i % 3 == 0 ? 3 : 0));
    std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
    return Element{.x = Array::scalar(i * i)};
  };
  Numbers expected(40);
  for (int64_t i = 0; i < 40; ++i) expected[static_cast<size_t>(i)] = i * i;
  EXPECT_EQ(numbers(Dataset::range(40).map(slow_square, {.num_parallel_calls = 4})), expected);
  EXPECT_GT(threads.size(), 1u);
}

TEST(Dataset, MapSeedsDoNotDependOnThreads) {
  auto seeds = [](int calls) {
    std::vector<uint64_t> all;
    Dataset dataset = Dataset::range(20).map(
        [](Element, const MapCall& call) { return Element{.x = Array::scalar(call.random_seed)}; },
        {.num_parallel_calls = calls, .seed = 11});
    for (int pass = 0; pass < 2; ++pass)
      for (const Element& e : dataset) all.push_back(static_cast<uint64_t>(e.x[0].get_int(0)));
    return all;
  };
  std::vector<uint64_t> one = seeds(1);
  EXPECT_EQ(one, seeds(4));
  EXPECT_EQ(std::set<uint64_t>(one.begin(), one.end()).size(), 40u);  // by index and pass
}

TEST(Dataset, ErrorsOfWorkersReachTheCaller) {
  auto fails = [](Element e) {
    if (e.x[0].get_int(0) == 5) throw ValueError("five");
    return e;
  };
  for (int calls : {1, 4}) {
    Dataset dataset = Dataset::range(10).map(fails, {.num_parallel_calls = calls});
    for (const Dataset& each : {dataset, dataset.prefetch(3), dataset.batch(2).prefetch()}) {
      Numbers seen;
      EXPECT_EQ(error_of([&] {
                  for (const Element& e : each) seen.push_back(e.x[0].get_int(0));
                }),
                "five");
      EXPECT_FALSE(seen.empty());
    }
  }
}

TEST(Dataset, APassLeftEarlyEndsItsThreads) {
  std::atomic<int> made{0};
  auto count = [&](Element e) {
    ++made;
    return e;
  };
  {
    Dataset dataset = Dataset::range(1000000).map(count, {.num_parallel_calls = 3}).prefetch(4);
    auto at = dataset.begin();
    ++at;
  }
  int then = made;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(made, then);
  EXPECT_LT(then, 50);  // bounded queues: not all of it was computed
}

TEST(Dataset, CachesTheFirstWholePass) {
  int calls = 0;
  Dataset dataset = Dataset::range(4)
                        .map([&](Element e) {
                          ++calls;
                          return e;
                        })
                        .cache();
  EXPECT_EQ(numbers(dataset.take(2)), (Numbers{0, 1}));
  EXPECT_EQ(calls, 2);  // not whole
  EXPECT_EQ(numbers(dataset), (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(calls, 6);
  EXPECT_EQ(numbers(dataset.repeat(3)).size(), 12u);
  EXPECT_EQ(calls, 6);
}

TEST(Dataset, InterleavesInBlocks) {
  auto thrice = [](const Element& e) {
    int64_t i = e.x[0].get_int(0);
    return Dataset::range(10 * i, 10 * i + 3);
  };
  // tf.data's order for the same arguments.
  EXPECT_EQ(numbers(Dataset::range(1, 4).interleave(thrice, {.cycle_length = 2})),
            (Numbers{10, 20, 11, 21, 12, 22, 30, 31, 32}));
  EXPECT_EQ(numbers(Dataset::range(1, 4).interleave(thrice, {.cycle_length = 2, .block_length = 2})),
            (Numbers{10, 11, 20, 21, 12, 22, 30, 31, 32}));
  EXPECT_EQ(numbers(Dataset::range(1, 4).interleave(thrice, {.cycle_length = 2, .num_parallel_calls = 2})),
            (Numbers{10, 20, 11, 21, 12, 22, 30, 31, 32}));
}

TEST(Dataset, ZipsInputsTargetsAndWeights) {
  Dataset zipped = Dataset::zip({Dataset::range(3), Dataset::range(10, 20), Dataset::range(20, 30)});
  EXPECT_EQ(zipped.cardinality(), 3);
  std::vector<Element> all = zipped.to_vector();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[2].x[0].get_int(0), 2);
  EXPECT_EQ(all[2].y[0].get_int(0), 12);
  EXPECT_EQ(all[2].sample_weight[0].get_int(0), 22);
  Dataset pairs = Dataset::zip({zipped, zipped});
  EXPECT_EQ((*pairs.begin()).x.size(), 2u);
  EXPECT_EQ((*pairs.begin()).y.size(), 2u);
}

struct Squares : BatchSequence {
  using BatchSequence::BatchSequence;
  int64_t size() const override { return 6; }
  Element batch(int64_t i) override {
    ++calls;
    return {.x = Array::of<int64_t>({1}, {i * i})};
  }
  void on_epoch_end() override { ++epochs; }
  std::atomic<int> calls{0}, epochs{0};
};

TEST(Dataset, FromSequenceGivesItsBatches) {
  auto sequence = std::make_shared<Squares>();
  Dataset dataset = Dataset::from_sequence(sequence);
  EXPECT_EQ(dataset.cardinality(), 6);
  EXPECT_EQ(numbers(dataset), (Numbers{0, 1, 4, 9, 16, 25}));
  EXPECT_EQ(sequence->epochs, 0);
  EXPECT_EQ(numbers(dataset).size(), 6u);
  EXPECT_EQ(sequence->epochs, 1);
  Dataset parallel = Dataset::from_sequence(
      std::make_shared<Squares>(BatchSequence::Options{.workers = 3, .shuffle = true, .seed = 2}));
  Numbers order = numbers(parallel);
  EXPECT_NE(order, (Numbers{0, 1, 4, 9, 16, 25}));
  EXPECT_NE(numbers(parallel), order);
  EXPECT_EQ(numbers(Dataset::from_sequence(
                std::make_shared<Squares>(BatchSequence::Options{.workers = 1, .shuffle = true, .seed = 2}))),
            order);
}

// The whole chain twice, on one thread and on many.
TEST(Dataset, IsTheSameForAnyNumberOfThreads) {
  auto run = [](int calls) {
    Dataset dataset = Dataset::from_arrays(count_up({50}))
                          .shuffle({.seed = 1})
                          .map([](Element e, const MapCall& call) {
                            return Element{.x = Array::scalar<int64_t>(
                                               e.x[0].get_int(0) + static_cast<int64_t>(call.random_seed % 100))};
                          }, {.num_parallel_calls = calls, .seed = 2})
                          .shuffle(16, {.seed = 3})
                          .batch(8)
                          .prefetch(calls);
    Numbers first = numbers(dataset), second = numbers(dataset);
    first.insert(first.end(), second.begin(), second.end());
    return first;
  };
  EXPECT_EQ(run(1), run(6));
}

}  // namespace
}  // namespace hornbeam
