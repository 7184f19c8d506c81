// Reads the data set with the runtime's own reader.
#include "test/e2e/fashion_support.h"

#include <string>

#include <hornbeam/runtime/data/idx.h>

namespace hornbeam::e2e {
namespace {

Images load(const std::string& part) {
  const std::string stem = "/usr/share/datasets/fashion-mnist/" + part;
  Images images{runtime::read_idx(stem + "-images-idx3-ubyte.gz").cast(DType::float32),
                runtime::read_idx(stem + "-labels-idx1-ubyte.gz").cast(DType::int32)};
  for (float& value : images.x.mutable_as<float>()) value /= 255.0f;
  return images;
}

}  // namespace

const Images& train_images() {
  static const Images images = load("train");
  return images;
}

const Images& test_images() {
  static const Images images = load("t10k");
  return images;
}

}  // namespace hornbeam::e2e
