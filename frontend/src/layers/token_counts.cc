#include "frontend/src/layers/token_counts.h"

#include <algorithm>
#include <cmath>

namespace hornbeam::layers {

std::vector<std::string> TokenCounts::in_order() const {
  std::vector<std::pair<int64_t, std::string>> all;
  all.reserve(counts_.size());
  for (const auto& [token, count] : counts_) all.emplace_back(count.times, token);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a > b; });
  std::vector<std::string> tokens;
  tokens.reserve(all.size());
  for (auto& [times, token] : all) tokens.push_back(std::move(token));
  return tokens;
}

std::vector<double> TokenCounts::inverse_document_frequencies(const std::vector<std::string>& tokens) const {
  std::vector<double> weights;
  for (const std::string& token : tokens)
    weights.push_back(
        std::log(1 + static_cast<double>(documents_) / (1 + static_cast<double>(counts_.at(token).documents))));
  return weights;
}

}  // namespace hornbeam::layers
