// Texts into words: lower case, punctuation, splitting and runs of words, as TensorFlow's string operations do them under
// TextVectorization. Letters and white space are ASCII's alone; characters are those of UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <hornbeam/runtime/host_graph.h>

namespace hornbeam::runtime::text {

// Gives the words of one text after another; the memory is taken once.
class Splitter {
 public:
  explicit Splitter(const VectorizeOp& op) : op_(op) {}

  // Calls visit(std::string_view) for each word of the text. The view ends with the call.
  template <class F>
  void visit(std::string_view text, F visit) {
    standardize(text);
    if (op_.ngrams.empty() && op_.split == "whitespace") return each_word(visit);
    words_.clear();
    if (op_.split == "whitespace") each_word([&](std::string_view word) { words_.push_back(word); });
    else if (op_.split == "character") split_characters();
    else words_.push_back(text_);
    visit_runs(visit);
  }
  // The same for a row of texts that are words already.
  template <class Texts, class F>
  void visit_row(const Texts& texts, F visit) {
    kept_.clear();
    for (const std::string& text : texts) {
      standardize(text);
      kept_.push_back(text_);
    }
    words_.assign(kept_.begin(), kept_.end());
    visit_runs(visit);
  }

 private:
  void standardize(std::string_view text);
  void split_characters();

  static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  template <class F>
  void each_word(F visit) const {
    const char* at = text_.data();
    const char* end = at + text_.size();
    while (true) {
      while (at != end && is_space(*at)) ++at;
      if (at == end) return;
      const char* begin = at;
      while (at != end && !is_space(*at)) ++at;
      visit(std::string_view(begin, static_cast<size_t>(at - begin)));
    }
  }

  template <class F>
  void visit_runs(F visit) {
    if (op_.ngrams.empty()) {
      for (std::string_view word : words_) visit(word);
      return;
    }
    for (int64_t width : op_.ngrams)
      for (size_t i = 0; i + static_cast<size_t>(width) <= words_.size(); ++i) visit(run_of(i, static_cast<size_t>(width)));
  }
  std::string_view run_of(size_t first, size_t width);

  const VectorizeOp& op_;
  std::string text_, run_;
  std::vector<std::string_view> words_;
  std::vector<std::string> kept_;
};

// The length of the UTF-8 character at the start of `text`; what is none counts as damaged by the byte, or by as many
// bytes as a character could begin with (Unicode's recommended practice for U+FFFD).
struct Character {
  size_t length = 1;
  bool valid = false;
};
Character first_character(std::string_view text);

}  // namespace hornbeam::runtime::text
