// dot_product_attention, written out: two products with a softmax between them, all at once or in blocks of rows.
#include <hornbeam/ops/arrange.h>
#include <hornbeam/ops/attention.h>
#include <hornbeam/ops/elementwise.h>
#include <hornbeam/ops/nn.h>
#include <hornbeam/ops/shape.h>

#include <cmath>

#include "frontend/src/ops/blocked_attention.h"
#include "frontend/src/ops/compose.h"

namespace hornbeam::ops {
namespace {

using Xs = std::vector<Tensor>;
using List = std::vector<int64_t>;

// What stands for -infinity: rows that are masked altogether stay finite (and uniform), as in Keras.
double large_negative(DType dtype) {
  return -0.7 * (dtype == DType::float16   ? 65504.0
                 : dtype == DType::float64 ? 1.7976931348623157e308
                                           : 3.4028234663852886e38);
}

Tensor dot_general(const Tensor& a, const Tensor& b, List a_contract, List b_contract) {
  return trace::emit("dot", {a, b},
                     {{"lhs_contract", std::move(a_contract)},
                      {"rhs_contract", std::move(b_contract)},
                      {"lhs_batch", List{0, 1}},
                      {"rhs_batch", List{0, 1}}});
}

}  // namespace

Tensor dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& bias,
                             const Tensor& mask, std::optional<double> scale, bool is_causal,
                             std::optional<bool> flash_attention) {
  Xs all{query, key, value};
  if (bias) all.push_back(bias);
  if (mask) all.push_back(mask);
  bool has_bias = bias.valid(), has_mask = mask.valid();
  Config arguments = Config::object({{"scale", scale}, {"is_causal", is_causal}, {"flash_attention", flash_attention}});
  return apply("DotProductAttention", all, arguments, [=](const Xs& t) {
    for (int i = 0; i < 3; ++i)
      if (t[i].rank() != 4)
        throw ValueError(
            "`dot_product_attention` only supports 4D inputs. Received: query.shape=" + t[0].shape().to_string() +
            ", key.shape=" + t[1].shape().to_string() + ", value.shape=" + t[2].shape().to_string() + ".");
    DType dtype = result_type(result_type(t[0].dtype(), t[1].dtype()), t[2].dtype());
    if (!is_float(dtype)) dtype = config::floatx();
    // [B, heads, length, H]
    auto heads_first = [&](const Tensor& x) { return transpose(to_dtype(x, dtype), {0, 2, 1, 3}); };
    Tensor q = heads_first(t[0]), k = heads_first(t[1]), v = heads_first(t[2]);
    int64_t heads = q.shape()[1], shared = k.shape()[1];
    if (shared == 0 || heads % shared || v.shape()[1] != shared)
      throw ValueError(
          "[dot_product_attention] The number of query heads must be a multiple of the number of key and "
          "value heads. Received: query.shape=" +
          t[0].shape().to_string() + ", key.shape=" + t[1].shape().to_string() +
          ", value.shape=" + t[2].shape().to_string());
    if (heads != shared) k = repeat(k, heads / shared, 1), v = repeat(v, heads / shared, 1);
    double factor = scale.value_or(1.0 / std::sqrt(static_cast<double>(q.shape()[3])));
    Tensor added = has_bias ? t[3] : Tensor(),
           seen = has_mask ? to_dtype(t[has_bias ? 4 : 3], DType::boolean) : Tensor();
    // Of products of queries and keys [..., rows, s], the first row being number `first`.
    auto weights = [=](const Tensor& products, const Tensor& first, const Tensor& bias, Tensor mask) {
      Tensor logits = multiply(to_dtype(products, result_type(dtype, DType::float32)), factor);
      if (bias) logits = add(logits, to_dtype(bias, logits.dtype()));
      if (is_causal) {
        Shape block{logits.shape()[-2], logits.shape()[-1]};
        Tensor past = less_equal(iota(block, 1), first ? add(iota(block, 0), first) : iota(block, 0));
        mask = mask ? logical_and(mask, past) : past;
      }
      if (mask) logits = where(mask, logits, large_negative(dtype));
      return to_dtype(softmax(logits), dtype);
    };
    Tensor y;
    if (attends_in_blocks(q.shape()[2], k.shape()[2], flash_attention))
      y = blocked_attention(q, k, v, {added, seen}, [&](const Tensor& rows, const Tensor& keys, const ScoreRows& at) {
        return weights(matmul(rows, transpose(keys, {1, 0})), at.first, at.parts[0], at.parts[1]);
      });
    else
      y = dot_general(weights(dot_general(q, k, {3}, {3}), {}, added, seen), v, {3}, {2});
    return transpose(y, {0, 2, 1, 3});
  });
}

}  // namespace hornbeam::ops
