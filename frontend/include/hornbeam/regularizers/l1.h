// L1.
#pragma once

#include <hornbeam/regularizer.h>

namespace hornbeam::regularizers {

struct L1Options {
  double l1 = 0.01;
};

// l1 * sum(|x|). Throws ValueError for a negative factor.
class L1 : public Regularizer {
 public:
  explicit L1(L1Options options = {});
  Tensor call(const Tensor& x) const override;
  Config config() const override;
  static L1 from_config(const Config& config);

 private:
  L1Options options_;
};

}  // namespace hornbeam::regularizers
