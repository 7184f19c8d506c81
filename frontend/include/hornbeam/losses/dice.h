// Dice.
#pragma once

#include <hornbeam/loss.h>
#include <hornbeam/ops/axes.h>

namespace hornbeam::losses {

// One value a row: the loss without its reduction.
Tensor dice(const Tensor& y_true, const Tensor& y_pred, const Axes& axis = {});

struct DiceOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "dice";
  Axes axis = {};  // over which the sums go; not given: all, the batch too
  DTypePolicy dtype = {};
};

// 1 - 2 sum(y_true y_pred) / (sum(y_true) + sum(y_pred) + 1e-7) over `axis`: the overlap of two masks.
//   y_true, y_pred of one shape  →  that shape without `axis`
class Dice : public Loss {
 public:
  explicit Dice(DiceOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Config config() const override;
  static Dice from_config(const Config& config);

 private:
  DiceOptions options_;
};

}  // namespace hornbeam::losses
