// NonNeg.
#pragma once

#include <hornbeam/constraint.h>

namespace hornbeam::constraints {

// Negative weights become 0.
class NonNeg : public Constraint {
 public:
  Tensor call(const Tensor& w) const override;
  static NonNeg from_config(const Config&) { return {}; }
};

}  // namespace hornbeam::constraints
