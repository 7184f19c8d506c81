// Layers that learn from data before training: Normalization, Discretization, IntegerLookup.
#pragma once

#include <hornbeam/base/array.h>

namespace hornbeam::layers {

class Adaptable {
 public:
  virtual ~Adaptable() = default;
  // Takes what the layer keeps (mean and variance, boundaries, a vocabulary) from all of the data; what it learned before is
  // forgotten. Programs that were compiled before keep the old values: adapt comes before the model is used.
  virtual void adapt(const Array& data) = 0;
};

}  // namespace hornbeam::layers
