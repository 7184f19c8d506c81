// Fashion-MNIST for the tests of whole models: the files of Debian's package dataset-fashion-mnist.
#pragma once

#include <hornbeam/base/array.h>

namespace hornbeam::e2e {

struct Images {
  Array x;  // float32 [n, 28, 28], 0 to 1
  Array y;  // int32 [n]
};

// The whole of a part, read once in a process.
const Images& train_images();  // 60000
const Images& test_images();   // 10000

}  // namespace hornbeam::e2e
