// A classifier of raw strings: it is trained on texts, saved with its vocabulary inside, loaded again and asked about new
// texts. ../text.md goes through it part by part.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

struct Reviews {
  hb::Array texts;   // (n,) strings
  hb::Array labels;  // (n,) 1 for praise, 0 for blame
};

// Sentences such as "The songs were not dull, really!". A word alone does not tell the class, since "not" turns it round.
Reviews make_reviews(int count, unsigned seed) {
  const std::vector<std::string> subjects = {"The film", "The story", "The ending", "The songs", "Her acting", "The whole thing"};
  const std::vector<std::string> good = {"lovely", "great", "funny", "moving"}, bad = {"dull", "awful", "tired", "silly"};
  const std::vector<std::string> ends = {".", "!", ", really.", ", I thought.", " (again)."};
  auto draw = [&](size_t below) { return (seed = seed * 1664525u + 1013904223u) / 65536u % below; };
  std::vector<std::string> texts;
  hb::Array labels(hb::DType::float32, {count});
  for (int i = 0; i < count; ++i) {
    const bool praise = draw(2) == 1, turned = draw(2) == 1;
    const std::vector<std::string>& words = praise != turned ? good : bad;
    texts.push_back(subjects[draw(subjects.size())] + (turned ? " was not " : " was ") + words[draw(words.size())] +
                    ends[draw(ends.size())]);
    labels.set(i, praise);
  }
  return {hb::strings(std::move(texts)), labels};
}

hb::Model make_model(const hb::Array& texts) {
  // Lower case, no punctuation, words and pairs of words, numbered by how often they occur in the texts.
  hb::layers::TextVectorization vectorize({.max_tokens = 2000, .ngrams = 2, .output_sequence_length = 20});
  vectorize.adapt(texts);
  std::printf("vocabulary: %lld tokens, the first words are %s and %s\n",
              static_cast<long long>(vectorize.vocabulary_size()), vectorize.get_vocabulary()[2].c_str(),
              vectorize.get_vocabulary()[3].c_str());

  hb::Tensor text = hb::Input({.shape = {}, .dtype = hb::DType::string, .name = "text"});
  hb::Tensor x = vectorize(text);
  x = hb::layers::Embedding({.input_dim = 2000, .output_dim = 16, .mask_zero = true})(x);
  x = hb::layers::GlobalAveragePooling1D()(x);
  x = hb::layers::Dense({.units = 1, .activation = "sigmoid", .name = "praise"})(x);
  hb::Model model(text, x, "reviews");
  model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 0.02}),
                 .loss = "binary_crossentropy",
                 .metrics = {"accuracy"},
                 .steps_per_execution = 16});
  return model;
}

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : "reviews.keras";
  try {
    hb::set_random_seed(7);
    Reviews train = make_reviews(2000, 1), test = make_reviews(500, 2);
    hb::Model model = make_model(train.texts);
    model.fit(train.texts, train.labels, {.epochs = 10, .batch_size = 32, .verbose = 0, .validation_split = 0.1});
    std::printf("test accuracy: %.3f\n", model.evaluate(test.texts, test.labels, {.verbose = 0}).at("accuracy"));
    model.save(path);

    // Whoever has the file needs nothing else: the vocabulary is in it.
    hb::Model loaded = hb::load_model(path);
    const std::vector<std::string> questions = {"The story was not AWFUL", "her acting was dull!!", "Great was the ending"};
    hb::Array answers = loaded.predict(hb::strings(questions), {.verbose = 0});
    for (size_t i = 0; i < questions.size(); ++i)
      std::printf("%.2f  %s\n", answers.get(static_cast<int64_t>(i)), questions[i].c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
