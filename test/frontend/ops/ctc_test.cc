// CTC's loss against the sum over all paths, and in a loop over many frames.
#include <hornbeam/ops/ctc.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/shape.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "test/frontend/evaluated_support.h"

namespace hornbeam {
namespace {

using testing::evaluated;
using testing::expect_error;

// What a path of classes spells: repetitions merged, blanks (0) left out.
std::vector<int> spelled(const std::vector<int>& path) {
  std::vector<int> labels;
  for (size_t i = 0; i < path.size(); ++i)
    if (path[i] != 0 && (i == 0 || path[i] != path[i - 1])) labels.push_back(path[i]);
  return labels;
}

// -log of the summed probabilities of all paths over `frames` that spell the labels.
double by_paths(const Array& logits, int64_t frames, int64_t classes, const std::vector<int>& labels) {
  std::vector<int> path(frames, 0);
  double total = 0;
  for (;;) {
    if (spelled(path) == labels) {
      double probability = 1;
      for (int64_t t = 0; t < frames; ++t) {
        double sum = 0;
        for (int64_t c = 0; c < classes; ++c) sum += std::exp(logits.get(t * classes + c));
        probability *= std::exp(logits.get(t * classes + path[t])) / sum;
      }
      total += probability;
    }
    int64_t t = 0;
    while (t < frames && ++path[t] == classes) path[t++] = 0;
    if (t == frames) return -std::log(total);
  }
}

Array loss(const Array& labels, const Array& logits, int32_t label_length, int32_t frames) {
  Arrays inputs(
      std::vector<Array>{labels, logits, Array::of<int32_t>({1}, {label_length}), Array::of<int32_t>({1}, {frames})});
  return evaluated([](const Tensors& t) -> Tensors { return ops::ctc_loss(t[0], t[1], t[2], t[3]); }, inputs)[0];
}

Array waves(int64_t frames, int64_t classes) {
  Array logits(DType::float32, {1, frames, classes});
  for (int64_t i = 0; i < logits.num_elements(); ++i) logits.set(i, std::sin(static_cast<double>(3 * i + i * i % 7)));
  return logits;
}

TEST(CtcLoss, IsTheSumOverAllPaths) {
  Array logits = waves(5, 3);
  // A repetition needs a blank between; a padded label does not count.
  for (auto [labels, length] : {std::pair(std::vector<int>{1, 2}, 2), std::pair(std::vector<int>{1, 1}, 2),
                                std::pair(std::vector<int>{2}, 1), std::pair(std::vector<int>{}, 0)}) {
    std::vector<int32_t> padded(labels.begin(), labels.end());
    padded.resize(3, 2);
    Array target = Array::of<int32_t>({1, 3}, std::span<const int32_t>(padded));
    EXPECT_NEAR(loss(target, logits, length, 5).get(0), by_paths(logits, 5, 3, labels), 1e-4);
    EXPECT_NEAR(loss(target, logits, length, 4).get(0), by_paths(logits, 4, 3, labels), 1e-4);
  }
}

TEST(CtcLoss, OfManyFramesRunsInALoop) {
  // Frames beyond the length do not count: the same loss, once written out and once in a loop.
  Array longer = waves(40, 4), shorter(DType::float32, {1, 12, 4}), target = Array::of<int32_t>({1, 3}, {1, 3, 3});
  for (int64_t i = 0; i < shorter.num_elements(); ++i) shorter.set(i, longer.get(i));
  EXPECT_NEAR(loss(target, longer, 3, 12).get(0), loss(target, shorter, 3, 12).get(0), 1e-4);
}

TEST(CtcDecode, MergesAndRefuses) {
  // The best classes: 1 1 0 1 2.
  Array scores(DType::float32, {1, 5, 3});
  int best[] = {1, 1, 0, 1, 2};
  for (int64_t t = 0; t < 5; ++t) scores.set(t * 3 + best[t], 1);
  auto paths = [&](bool merge) {
    return evaluated([&](const Tensors& t) -> Tensors { return ops::ctc_decode(t[0], t[1], "greedy", 100, 1, merge).paths; },
                     Arrays(std::vector<Array>{scores, Array::of<int32_t>({1}, {5})}))[0];
  };
  std::vector<double> merged, plain;
  for (int64_t i = 0; i < 5; ++i) merged.push_back(paths(true).get(i)), plain.push_back(paths(false).get(i));
  EXPECT_THAT(merged, ::testing::ElementsAre(1, 1, 2, -1, -1));
  EXPECT_THAT(plain, ::testing::ElementsAre(1, 1, 1, 2, -1));
  expect_error([&] { ops::ctc_decode(Tensor(scores), Tensor(Array::of<int32_t>({1}, {5})), "best"); },
               "Invalid strategy");
  Tensor length(Array::of<int32_t>({1}, {5}));
  expect_error([&] { ops::ctc_decode(Tensor(scores), length, "beam_search", 2, 3); }, "beam_width=2, top_paths=3");
  expect_error([&] { ops::ctc_decode(Tensor(scores), length, "beam_search", 2, 1, true, 3); }, "mask_index=3");
}

// Beam search against the sum over all paths of frames, where the beam is wide enough to lose none.
TEST(CtcDecode, BeamSearchFindsTheMostProbableSequences) {
  const int64_t frames = 5, classes = 3, known = 4;
  for (int64_t blank : {0, 2}) {
    Array logits = waves(frames, classes);
    std::map<std::vector<int>, double> sums;
    for (int64_t code = 0; code < 81; ++code) {  // 3^4 paths of the frames that count
      std::vector<int> labels;
      double score = 0;
      int before = -1;
      for (int64_t t = 0, rest = code; t < known; ++t, rest /= classes) {
        int c = static_cast<int>(rest % classes);
        double total = 0;
        for (int64_t k = 0; k < classes; ++k) total += std::exp(logits.get(t * classes + k));
        score += logits.get(t * classes + c) - std::log(total);
        if (c != before && c != blank) labels.push_back(c);
        before = c;
      }
      sums[labels] += std::exp(score);
    }
    std::vector<std::pair<double, std::vector<int>>> expected;
    for (const auto& [labels, sum] : sums) expected.emplace_back(std::log(sum), labels);
    std::sort(expected.rbegin(), expected.rend());
    const int64_t top = 4;
    auto decoded = evaluated(
        [&](const Tensors& t) -> Tensors {
          ops::CtcDecoded result = ops::ctc_decode(t[0], t[1], "beam_search", 40, top, true, blank);
          return {result.paths, result.scores};
        },
        Arrays(std::vector<Array>{logits, Array::of<int32_t>({1}, {static_cast<int32_t>(known)})}));
    ASSERT_EQ(decoded[0].shape(), Shape({top, 1, frames}));
    for (int64_t i = 0; i < top; ++i) {
      EXPECT_NEAR(decoded[1].get(i), expected[i].first, 1e-4);
      std::vector<int> path;
      for (int64_t t = 0; t < frames; ++t)
        if (int64_t label = decoded[0].get_int(i * frames + t); label >= 0) path.push_back(static_cast<int>(label));
      EXPECT_EQ(path, expected[i].second) << "path " << i << ", blank " << blank;
    }
  }
}

TEST(CtcDecode, BeamSearchWithoutEnoughSequencesSaysSo) {
  // One frame of two classes: the empty sequence or one label.
  Array logits = Array::of<float>({1, 1, 2}, {0, 1});
  auto decoded = evaluated(
      [&](const Tensors& t) -> Tensors {
        ops::CtcDecoded result = ops::ctc_decode(t[0], t[1], "beam_search", 5, 3);
        return {result.paths, result.scores};
      },
      Arrays(std::vector<Array>{logits, Array::of<int32_t>({1}, {1})}));
  EXPECT_EQ(decoded[0].get_int(0), 1);
  EXPECT_EQ(decoded[0].get_int(1), -1);
  EXPECT_EQ(decoded[0].get_int(2), -1);
  EXPECT_TRUE(std::isinf(decoded[1].get(2)));
}

}  // namespace
}  // namespace hornbeam
