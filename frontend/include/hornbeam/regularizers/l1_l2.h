// L1L2.
#pragma once

#include <hornbeam/regularizer.h>

namespace hornbeam::regularizers {

struct L1L2Options {
  double l1 = 0.0;
  double l2 = 0.0;
};

// l1 * sum(|x|) + l2 * sum(x²). Throws ValueError for a negative factor.
class L1L2 : public Regularizer {
 public:
  explicit L1L2(L1L2Options options = {});
  Tensor call(const Tensor& x) const override;
  Config config() const override;
  static L1L2 from_config(const Config& config);

 private:
  L1L2Options options_;
};

}  // namespace hornbeam::regularizers
