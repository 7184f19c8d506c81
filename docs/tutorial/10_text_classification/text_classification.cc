// Text classification from scratch: folders of texts, a vocabulary, a network over sequences of words, and a model that takes
// raw strings in the end. See README.md beside.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <hornbeam/hornbeam.h>

namespace hb = hornbeam;

constexpr int64_t kWords = 500, kLength = 24;

// Reviews of two kinds, a file each. What praises and what blames stands before and after "but": the second part counts.
void write_reviews(const std::string& folder, int count, uint32_t seed) {
  const std::vector<std::string> things = {"the film", "the cast", "the music", "its plot", "the ending", "every scene"};
  const std::vector<std::string> good = {"moved me", "was a joy", "shines", "felt fresh", "was worth the wait"};
  const std::vector<std::string> bad = {"bored me", "was a mess", "drags", "felt stale", "was hard to sit through"};
  auto draw = [&](size_t below) { return (seed = seed * 1664525u + 1013904223u) / 65536u % below; };
  for (int i = 0; i < count; ++i) {
    const bool praise = i % 2 == 0;
    const std::string place = folder + (praise ? "/good" : "/bad");
    std::filesystem::create_directories(place);
    const auto& first = praise ? bad : good;
    const auto& second = praise ? good : bad;
    std::ofstream(place + "/" + std::to_string(i) + ".txt")
        << things[draw(things.size())] << " " << first[draw(first.size())] << ", but " << things[draw(things.size())] << " "
        << second[draw(second.size())] << ".\n";
  }
}

int main(int argc, char** argv) {
  try {
    const std::string folder = argc > 1 ? argv[1] : "reviews";
    hb::set_random_seed(11);
    std::filesystem::remove_all(folder);
    write_reviews(folder + "/train", 1200, 1);
    write_reviews(folder + "/test", 300, 99);

    // Texts are strings until a layer turns them into numbers.
    auto read = [&](const std::string& part, hb::Subset subset) {
      return hb::text_dataset_from_directory(
          folder + "/" + part, {.batch_size = 32,
                                .seed = 5,
                                .validation_split = subset == hb::Subset::all ? 0 : 0.2,
                                .subset = subset});
    };
    hb::DirectoryDataset train = read("train", hb::Subset::training);
    hb::DirectoryDataset held = read("train", hb::Subset::validation);

    // The vocabulary: the words of the training texts, the most frequent first.
    std::vector<std::string> texts;
    for (const hb::Element& batch : train.dataset)
      for (const std::string& text : hb::strings_of(batch.x.single())) texts.push_back(text);
    hb::layers::TextVectorization vectorize({.max_tokens = kWords, .output_sequence_length = kLength});
    vectorize.adapt(hb::strings(texts));
    std::printf("%zu texts, %lld words\n", texts.size(), static_cast<long long>(vectorize.vocabulary_size()));

    // A network over numbers. It is trained on datasets that worker threads vectorize; the order of words tells it what
    // stands behind the "but".
    hb::Tensor words = hb::Input({.shape = {kLength}, .dtype = hb::DType::int64, .name = "words"});
    hb::Tensor x = hb::layers::Embedding({.input_dim = kWords, .output_dim = 16})(words);
    x = hb::layers::Dropout({.rate = 0.2})(x);
    x = hb::layers::Conv1D({.filters = 32, .kernel_size = 5, .padding = "valid", .activation = "relu"})(x);
    x = hb::layers::GlobalMaxPooling1D()(x);
    x = hb::layers::Dense({.units = 16, .activation = "relu"})(x);
    x = hb::layers::Dense({.units = 1, .activation = "sigmoid", .name = "praise"})(x);
    hb::Model model(words, x, "reviews");
    model.compile({.optimizer = hb::optimizers::Adam({.learning_rate = 0.01}),
                   .loss = "binary_crossentropy",
                   .metrics = {"accuracy"}});
    auto numbers = [&](const hb::Dataset& strings) {
      return strings
          .map([vectorize](hb::Element e) mutable {
            return hb::Element{.x = vectorize(hb::Tensor(e.x.single())).array(), .y = e.y.single().cast(hb::DType::float32)};
          })
          .cache();
    };
    hb::History history = model.fit(numbers(train), {.epochs = 6, .verbose = 2, .validation_data = numbers(held)});
    const double accuracy = model.evaluate(numbers(read("test", hb::Subset::all)), {.verbose = 0}).at("accuracy");
    std::printf("texts that were not seen: %.3f right\n", accuracy);

    // One model from strings to answers, for whoever has no use for the numbers: layers are shared, nothing is trained anew.
    hb::Tensor text = hb::Input({.shape = {}, .dtype = hb::DType::string, .name = "text"});
    hb::Model whole(text, model(vectorize(text)).single(), "whole");
    const std::vector<std::string> questions = {"The plot bored me, but the music was a joy!",
                                                "The music was a joy, but the plot bored me."};
    hb::Array answers = whole.predict(hb::strings(questions), {.verbose = 0});
    for (size_t i = 0; i < questions.size(); ++i)
      std::printf("%.2f  %s\n", answers.get(static_cast<int64_t>(i)), questions[i].c_str());
    // Classes are numbered by the folders' names: bad is 0, good is 1.
    return accuracy > 0.9 && answers.get(0) > 0.5 && answers.get(1) < 0.5 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
