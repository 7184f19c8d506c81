#include "runtime/data/text/words.h"

namespace hornbeam::runtime::text {
namespace {

bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

}  // namespace

void Splitter::standardize(std::string_view text) {
  text_.resize(text.size());
  char* to = text_.data();
  for (char c : text) {
    if (op_.strip_punctuation && is_punctuation(c)) continue;
    *to++ = op_.lower && c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  text_.resize(static_cast<size_t>(to - text_.data()));
}

Character first_character(std::string_view text) {
  auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {1, true};
  size_t length = lead >= 0xc2 && lead <= 0xdf ? 2 : (lead & 0xf0) == 0xe0 ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
  if (length == 1) return {1, false};
  // The second byte rules out what is too long a form, a surrogate, or beyond U+10FFFF.
  uint8_t lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  uint8_t highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  for (size_t i = 1; i < length; ++i, lowest = 0x80, highest = 0xbf)
    if (i >= text.size() || byte(i) < lowest || byte(i) > highest) return {i, false};
  return {length, true};
}

void Splitter::split_characters() {
  static constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  for (std::string_view rest = text_; !rest.empty();) {
    Character character = first_character(rest);
    words_.push_back(character.valid ? rest.substr(0, character.length) : kReplacement);
    rest.remove_prefix(character.length);
  }
}

std::string_view Splitter::run_of(size_t first, size_t width) {
  if (width == 1) return words_[first];
  run_.clear();
  for (size_t i = first; i < first + width; ++i) {
    if (i > first) run_ += ' ';
    run_ += words_[i];
  }
  return run_;
}

}  // namespace hornbeam::runtime::text
