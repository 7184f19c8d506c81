// Windows of images: adaptive pooling, and windows as columns; names and arguments as keras.ops.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/settings.h>
#include <hornbeam/tensor.h>

namespace hornbeam::ops {

// Pools to exactly output_size (one number, or one for each of the 1 to 3 spatial axes): result i of an axis of n is
// over elements floor(i n / size) to ceil((i + 1) n / size).
Tensor adaptive_average_pool(const Tensor& inputs, std::vector<int64_t> output_size,
                             const std::string& data_format = config::image_data_format());
Tensor adaptive_max_pool(const Tensor& inputs, std::vector<int64_t> output_size,
                         const std::string& data_format = config::image_data_format());

// The windows of an image [N, C, H, W] as columns [N, C * kernel, windows], and back: overlaps are added. Each option
// is one number, or one for height and width.
Tensor unfold(const Tensor& x, std::vector<int64_t> kernel_size, std::vector<int64_t> dilation = {1},
              std::vector<int64_t> padding = {0}, std::vector<int64_t> stride = {1});
Tensor fold(const Tensor& x, std::vector<int64_t> output_size, std::vector<int64_t> kernel_size,
            std::vector<int64_t> dilation = {1}, std::vector<int64_t> padding = {0}, std::vector<int64_t> stride = {1});

}  // namespace hornbeam::ops
