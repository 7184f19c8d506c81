// The table's entries of images.
#include <hornbeam/ops/image.h>

#include "test/conformance/ops_arguments_support.h"

namespace hornbeam::conformance {
namespace {

ops::image::Margins margins(A a) {
  return {.top = maybe_integer(a, "top_cropping", 99) ? maybe_integer(a, "top_cropping", 99)
                                                      : maybe_integer(a, "top_padding", 99),
          .left = maybe_integer(a, "left_cropping", 99) ? maybe_integer(a, "left_cropping", 99)
                                                        : maybe_integer(a, "left_padding", 99),
          .target_height = maybe_integer(a, "target_height", 99),
          .target_width = maybe_integer(a, "target_width", 99)};
}
using Patches = Tensor (*)(const Tensor&, std::vector<int64_t>, std::vector<int64_t>, int64_t, const std::string&,
                           const std::string&);
NamedFunction patches(Patches f) {
  return [f](A a, T t) -> Tensors {
    return f(x(a, t), sizes(option(a, "size", 1), {}), sizes(a.value("strides"), {}), 1, text(a, "padding", "valid"),
             "channels_last");
  };
}
NamedFunction colors(Tensor (*f)(const Tensor&, const std::string&)) {
  return [f](A a, T t) -> Tensors { return f(x(a, t), "channels_last"); };
}

}  // namespace

void add_image(FunctionTable& table) {
  auto add = [&](const char* name, NamedFunction function) {
    table["keras.ops.image." + std::string(name)] = std::move(function);
  };
  add("resize", [](A a, T t) -> Tensors {
    std::vector<int64_t> size = sizes(option(a, "size", 1), {});
    return ops::image::resize(x(a, t), {size.at(0), size.at(1)},
                              {.interpolation = text(a, "interpolation", "bilinear"),
                               .antialias = flag(a, "antialias", false),
                               .crop_to_aspect_ratio = flag(a, "crop_to_aspect_ratio", false),
                               .pad_to_aspect_ratio = flag(a, "pad_to_aspect_ratio", false),
                               .fill_value = number(a, "fill_value", 99, 0.0)});
  });
  add("rgb_to_grayscale", colors(ops::image::rgb_to_grayscale));
  add("rgb_to_hsv", colors(ops::image::rgb_to_hsv));
  add("hsv_to_rgb", colors(ops::image::hsv_to_rgb));
  add("sobel_edges", colors(ops::image::sobel_edges));
  add("crop_images", [](A a, T t) -> Tensors { return ops::image::crop_images(x(a, t), margins(a)); });
  add("pad_images", [](A a, T t) -> Tensors { return ops::image::pad_images(x(a, t), margins(a)); });
  add("extract_patches", patches(ops::image::extract_patches));
  add("extract_patches_3d", patches(ops::image::extract_patches_3d));
  add("gaussian_blur", [](A a, T t) -> Tensors {
    std::vector<int64_t> size = sizes(a.value("kernel_size"), {3, 3});
    std::vector<double> sigma = a.value("sigma").get<std::vector<double>>();
    return ops::image::gaussian_blur(x(a, t), {size.at(0), size.at(1)}, {sigma.at(0), sigma.at(1)});
  });
  add("map_coordinates", [](A a, T t) -> Tensors {
    return ops::image::map_coordinates(x(a, t), a.positional(1, t).flat(), integer(a, "order", 2, 0),
                                       text(a, "fill_mode", "constant"));
  });
  add("affine_transform", [](A a, T t) -> Tensors {
    return ops::image::affine_transform(x(a, t), x(a, t, 1), text(a, "interpolation", "bilinear"),
                                        text(a, "fill_mode", "constant"));
  });
  add("perspective_transform",
      [](A a, T t) -> Tensors { return ops::image::perspective_transform(x(a, t), x(a, t, 1), x(a, t, 2)); });
  add("scale_and_translate", [](A a, T t) -> Tensors {
    return ops::image::scale_and_translate(x(a, t), Shape(sizes(a.plain(1), {})), x(a, t, 2), x(a, t, 3),
                                           sizes(a.plain(4), {}), a.plain(5).get<std::string>(),
                                           flag(a, "antialias", true));
  });
  add("ssim", [](A a, T t) -> Tensors {
    return ops::image::ssim(x(a, t), x(a, t, 1), {.filter_size = integer(a, "filter_size", 99, 11)});
  });
}

}  // namespace hornbeam::conformance
