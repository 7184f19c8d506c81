// The pieces of ../text.md that are not in text_classifier.cc: strings as data, a layer by itself, a package's prologue.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <hornbeam/hornbeam.h>
#include <hornbeam/runtime/package.h>

namespace hb = hornbeam;

struct Reviews {
  hb::Array texts;
};

hb::Array run_package(const hb::Array& texts) {
  namespace rt = hornbeam::runtime;
  rt::Program program = rt::load("reviews.hbp");
  std::vector<hb::Array> numbers = rt::HostFunction(program.prologue).run({texts});   // the inputs of predict_step
  return numbers.at(0);
}

int main() {
  try {
    hb::Array texts = hb::strings({"A lovely film.", "Dull!"});          // shape (2,)
    hb::Array words = hb::strings({2, 2}, {"oslo", "dry", "rome", "wet"});  // shape (2, 2)
    for (const std::string& text : hb::strings_of(texts)) std::puts(text.c_str());
    if (words.shape() != hb::Shape{2, 2}) return 1;

    Reviews train{hb::strings({"a dull film", "not a dull one", "not dull"})};
    hb::layers::TextVectorization vectorize({.max_tokens = 2000, .ngrams = 2, .output_sequence_length = 20});
    vectorize.adapt(train.texts);                       // the most frequent words first
    std::vector<std::string> vocabulary = vectorize.get_vocabulary();
    hb::Tensor numbers = vectorize(hb::strings({"not dull"}));   // by itself, too
    if (vocabulary.at(2) != "dull" || numbers.array().get(0) < 2) return 1;

    hb::Tensor text = hb::Input({.shape = {}, .dtype = hb::DType::string, .name = "text"});
    hb::Tensor x = hb::layers::Embedding({.input_dim = 2000, .output_dim = 4})(vectorize(text));
    hb::Model model(text, hb::layers::GlobalAveragePooling1D()(x));
    hb::export_model(model, "reviews.hbp", {.emit = "package", .batch_size = 2});
    if (run_package(hb::strings({"not dull", "a film"})).shape() != hb::Shape{2, 20}) return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
