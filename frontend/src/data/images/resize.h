// Resizing pictures on the host, as tf.image.resize computes it: half-pixel centers, no antialiasing.
#pragma once

#include <string>

#include <hornbeam/base/array.h>

namespace hornbeam::data {

// Throws ValueError that lists them for a name that is none of nearest, bilinear, bicubic, area, lanczos3, lanczos5,
// gaussian, mitchellcubic.
void check_interpolation(const std::string& function, const std::string& name);

// uint8 or float32 [h, w, c] to float32 [height, width, c].
Array resize(const Array& image, int64_t height, int64_t width, const std::string& interpolation);
// The largest part in the middle that has the new size's aspect ratio, resized.
Array resize_cropped(const Array& image, int64_t height, int64_t width, const std::string& interpolation);
// The whole image, resized to fit, with black around it.
Array resize_padded(const Array& image, int64_t height, int64_t width, const std::string& interpolation);

}  // namespace hornbeam::data
