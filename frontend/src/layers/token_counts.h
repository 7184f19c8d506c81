// How often tokens occur, and in how many documents: what a vocabulary is learned from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hornbeam::layers {

class TokenCounts {
 public:
  struct Count {
    int64_t times = 0, documents = 0;
    int64_t last_document = -1;
  };

  // Documents come in order.
  void add(int64_t document, std::string_view token) {
    key_.assign(token);
    Count& count = counts_[key_];
    ++count.times;
    if (count.last_document != document) ++count.documents;
    count.last_document = document;
  }
  void set_documents(int64_t documents) { documents_ = documents; }

  void erase(const std::string& token) { counts_.erase(token); }
  bool empty() const { return counts_.empty(); }
  // The most frequent first; of equally frequent ones the largest, by its bytes.
  std::vector<std::string> in_order() const;
  // log(1 + documents / (1 + documents with the token)).
  std::vector<double> inverse_document_frequencies(const std::vector<std::string>& tokens) const;

 private:
  std::unordered_map<std::string, Count> counts_;
  std::string key_;
  int64_t documents_ = 0;
};

}  // namespace hornbeam::layers
