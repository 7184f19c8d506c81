// One loop over the batch, one over heads, one over blocks of rows, each left out where there is one turn. A block's
// weights are rematerialized, so the loops' gradients keep queries, keys and values alone.
#include "frontend/src/ops/blocked_attention.h"

#include <algorithm>

#include <hornbeam/flash_attention.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/shape.h>

#include "frontend/src/ops/compose.h"

namespace hornbeam {

static std::optional<bool> flash_attention;

void enable_flash_attention() { flash_attention = {}; }
void disable_flash_attention() { flash_attention = false; }
std::optional<bool> is_flash_attention_enabled() { return flash_attention; }

}  // namespace hornbeam

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;

// Scores of one head from which on blocks are used: with fewer the plain way is as fast or faster, and they fit a
// cache.
constexpr int64_t kManyScores = int64_t{1} << 20;
// Scores of a block: they are written, normalized and multiplied in turn, and should stay near.
constexpr int64_t kBlockScores = int64_t{1} << 19;

int64_t rows_of_block(int64_t t, int64_t s) {
  return std::min(t, std::clamp<int64_t>(kBlockScores / s / 16 * 16, 32, 128));
}

Tensor without_first_axis(const Tensor& x) {
  return reshape(x, Shape(std::vector<int64_t>(x.shape().begin() + 1, x.shape().end())));
}

// The body's results for each of `n` slices along the first axis of the tensors, stacked; axes of size 1 go with all.
Tensor over_first_axis(const Xs& tensors, int64_t n, const std::function<Tensor(const Xs&)>& body) {
  Xs scanned, slices(tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (!tensors[i]) continue;
    if (n > 1 && tensors[i].shape()[0] == n)
      scanned.push_back(tensors[i]);
    else
      slices[i] = without_first_axis(tensors[i]);
  }
  if (n == 1) return expand_dims(body(slices), 0);
  return trace::Trace::current()->scan({}, scanned, n, false, [&](const Xs& at) {
    Xs inside = slices;
    size_t next = 0;
    for (size_t i = 0; i < tensors.size(); ++i)
      if (tensors[i] && !inside[i]) inside[i] = at[next++];
    return Xs{body(inside)};
  })[0];
}

// One matrix of scores: query [t, h], key [s, h], value [s, v], then the parts, [t or 1, s or 1].
Tensor attend_in_blocks(const Xs& tensors, const WeightsOfRows& weights) {
  const Tensor &query = tensors[0], &key = tensors[1], &value = tensors[2];
  const int64_t t = query.shape()[0], rows = rows_of_block(t, key.shape()[0]), blocks = (t + rows - 1) / rows;
  // [t, n] as [blocks, rows, n], with zeros to fill the last one.
  auto split = [&](Tensor x) {
    int64_t n = x.shape()[1];
    if (blocks * rows != t) {
      Tensor zero = to_dtype(Tensor(Array::scalar<float>(0)), x.dtype());
      x = trace::emit("pad", {x, zero},
                      {{"low", std::vector<int64_t>{0, 0}}, {"high", std::vector<int64_t>{blocks * rows - t, 0}}});
    }
    return reshape(x, {blocks, rows, n});
  };
  std::vector<int64_t> first;
  for (int64_t block = 0; block < blocks; ++block) first.push_back(block * rows);
  Xs in_blocks{split(query), indices(first)};
  for (size_t i = 3; i < tensors.size(); ++i)
    if (tensors[i]) in_blocks.push_back(tensors[i].shape()[0] == t ? split(tensors[i]) : expand_dims(tensors[i], 0));
  Tensor out = over_first_axis(in_blocks, blocks, [&](const Xs& block) {
    return trace::Trace::current()->remat([&]() -> Xs {
      ScoreRows at{block[1], {}};
      size_t next = 2;
      for (size_t i = 3; i < tensors.size(); ++i) at.parts.push_back(tensors[i] ? block[next++] : Tensor());
      return {matmul(weights(block[0], key, at), value)};
    })[0];
  });
  return part(reshape(out, {blocks * rows, value.shape()[1]}), 0, 0, t);
}

}  // namespace

bool attends_in_blocks(int64_t t, int64_t s, std::optional<bool> wanted) {
  if (wanted) return *wanted;
  if (is_flash_attention_enabled() == std::optional<bool>(false)) return false;
  return t > 1 && s > 1 && t * s >= kManyScores;
}

Tensor blocked_attention(const Tensor& query, const Tensor& key, const Tensor& value, const Xs& parts,
                         const WeightsOfRows& weights) {
  Xs all{query, key, value};
  for (Tensor part : parts) {
    while (part && part.rank() < 4) part = expand_dims(part, 0);
    all.push_back(part);
  }
  return over_first_axis(all, query.shape()[0], [&](const Xs& sample) {
    return over_first_axis(sample, query.shape()[1], [&](const Xs& head) { return attend_in_blocks(head, weights); });
  });
}

}  // namespace hornbeam::ops
