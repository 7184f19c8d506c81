// Words a second of TextVectorization: learning a vocabulary, and numbering words. text_keras.py does the same with Keras.
//   bench_text [TEXTS]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <hornbeam/base/strings.h>
#include <hornbeam/layers/text_vectorization.h>

using namespace hornbeam;

namespace {

constexpr int kWords = 100;  // in each text

// Sentences of frequent and rare words, some with a capital or a comma.
Array make_texts(int64_t count) {
  uint32_t state = 1;
  auto draw = [&] { return (state = state * 1664525u + 1013904223u) >> 8; };
  std::vector<std::string> texts;
  for (int64_t i = 0; i < count; ++i) {
    std::string text;
    for (int word = 0; word < kWords; ++word) {
      const uint64_t u = draw() % 1000;
      text += (word ? " " : "") + std::string(u % 10 == 0 ? "Word" : "word") + std::to_string(u * u * u / 50000) +
              (u % 7 == 0 ? "," : "");
    }
    texts.push_back(std::move(text));
  }
  return strings(std::move(texts));
}

template <class F>
double seconds(F f) {
  double best = 1e9;
  for (int round = 0; round < 3; ++round) {
    auto start = std::chrono::steady_clock::now();
    f();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const int64_t count = argc > 1 ? std::atoll(argv[1]) : 20000;
  Array texts = make_texts(count);
  const double words = static_cast<double>(count) * kWords;
  layers::TextVectorization vectorize({.max_tokens = 10000, .output_sequence_length = 100});
  double adapt = seconds([&] { vectorize.adapt(texts); });
  double call = seconds([&] { vectorize(texts); });
  std::printf("{\"adapt_words_per_second\": %.3g, \"call_words_per_second\": %.3g, \"vocabulary\": %lld}\n", words / adapt,
              words / call, static_cast<long long>(vectorize.vocabulary_size()));
}
