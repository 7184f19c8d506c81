// Weights as pictures for TensorBoard.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/base/array.h>

namespace hornbeam::callbacks {

struct WeightImages {
  int64_t width = 0, height = 0;
  std::vector<std::string> pngs;  // the first three; none for a weight that is no picture
};

// As Keras draws them: a vector is one row, a matrix lies on its longer side, of three axes the last comes first and counts
// pictures, and of four the last is the color (1, 3 or 4). Values are cut to [0, 1].
WeightImages weight_images(const Array& weight);

}  // namespace hornbeam::callbacks
