// L2.
#pragma once

#include <hornbeam/regularizer.h>

namespace hornbeam::regularizers {

struct L2Options {
  double l2 = 0.01;
};

// l2 * sum(x²). Throws ValueError for a negative factor.
class L2 : public Regularizer {
 public:
  explicit L2(L2Options options = {});
  Tensor call(const Tensor& x) const override;
  Config config() const override;
  static L2 from_config(const Config& config);

 private:
  L2Options options_;
};

}  // namespace hornbeam::regularizers
