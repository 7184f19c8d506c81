// image_dataset_from_directory and its decoders, held to what Keras makes of the same files.
#include <hornbeam/data/image_dataset.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <hornbeam/utils/image.h>

#include "test/frontend/data/recorded_support.h"

namespace hornbeam {
namespace {

using data_test::error_of;
using data_test::largest_difference;
using data_test::recorded;
using data_test::recorded_path;
using testing::ElementsAre;
using testing::HasSubstr;

ImageDatasetOptions plain() {
  ImageDatasetOptions options;
  options.batch_size = {};
  options.image_size = {8, 11};
  options.shuffle = false;
  options.num_parallel_calls = 2;
  return options;
}

// All pictures as one array.
Array stacked(const ImageDatasetOptions& options, const std::string& folder = recorded_path("pictures")) {
  return image_dataset_from_directory(folder, options).dataset.batch(100).to_vector().at(0).x[0];
}

std::string text_of(const Array& bytes) {
  return std::string(static_cast<const char*>(bytes.data()), bytes.bytes());
}

TEST(ImageDataset, ReadsAndResizesAsKeras) {
  // JPEG decoders may differ by a step of 255 or two, TensorFlow's tables for cubic and Lanczos weights by a bit more.
  const std::map<std::string, double> tolerances = {{"bilinear", 2.5}, {"nearest", 2.5},  {"area", 2.5},
                                                    {"bicubic", 3},    {"lanczos3", 3},   {"lanczos5", 3},
                                                    {"gaussian", 2.5}, {"mitchellcubic", 3}};
  for (const auto& [name, tolerance] : tolerances) {
    ImageDatasetOptions options = plain();
    options.interpolation = name;
    Array got = stacked(options);
    EXPECT_LE(largest_difference(got, recorded("image_" + name)), tolerance) << name;
    // The pictures that are no JPEG: 0 is cats/b.png, 2 cats/f.png, and all dogs.
    for (int64_t i : {0, 2, 3, 4, 5, 6})
      EXPECT_LE(largest_difference(got.rows(i, i + 1), recorded("image_" + name).rows(i, i + 1)),
                name.ends_with("cubic") ? 0.3 : 0.01)
          << name << " " << i;
  }
}

TEST(ImageDataset, CropsPadsAndConvertsAsKeras) {
  ImageDatasetOptions options = plain();
  options.crop_to_aspect_ratio = true;
  EXPECT_LE(largest_difference(stacked(options), recorded("image_crop")), 2.5);
  options = plain();
  options.pad_to_aspect_ratio = true;
  EXPECT_LE(largest_difference(stacked(options), recorded("image_pad")), 2.5);
  options = plain();
  options.color_mode = "grayscale";
  EXPECT_LE(largest_difference(stacked(options), recorded("image_grayscale")), 2.5);
  options.color_mode = "rgba";
  options.class_names = {"dogs"};
  EXPECT_LE(largest_difference(stacked(options), recorded("image_rgba")), 0.01);
}

TEST(ImageDataset, LabelsAsKeras) {
  ImageDatasetOptions options = plain();
  DirectoryDataset found = image_dataset_from_directory(recorded_path("pictures"), options);
  EXPECT_THAT(found.class_names, ElementsAre("cats", "dogs"));
  EXPECT_EQ(found.file_paths.size(), 7u);  // notes.txt is none
  std::vector<Element> all = found.dataset.to_vector();
  ASSERT_EQ(all.size(), 7u);
  for (int64_t i = 0; i < 7; ++i) {
    EXPECT_EQ(all[static_cast<size_t>(i)].y[0].get_int(0), recorded("image_labels").get_int(i));
    EXPECT_EQ(all[static_cast<size_t>(i)].y[0].dtype(), DType::int32);
  }
  options.label_mode = LabelMode::categorical;
  EXPECT_EQ(largest_difference(image_dataset_from_directory(recorded_path("pictures"), options)
                                   .dataset.batch(7).to_vector()[0].y[0],
                               recorded("image_categorical")), 0);
  options.label_mode = LabelMode::binary;
  options.batch_size = 3;
  EXPECT_EQ(largest_difference((*image_dataset_from_directory(recorded_path("pictures"), options).dataset.begin()).y[0],
                               recorded("image_binary")), 0);
  options.label_mode = LabelMode::none;
  EXPECT_TRUE((*image_dataset_from_directory(recorded_path("pictures"), options).dataset.begin()).y.empty());
  options = plain();
  options.labels = std::vector<int32_t>{5, 3, 5, 3, 5, 3, 5};
  found = image_dataset_from_directory(recorded_path("pictures"), options);
  EXPECT_THAT(found.class_names, ElementsAre("3", "5"));
  EXPECT_EQ((*found.dataset.begin()).y[0].get_int(0), 5);
}

TEST(ImageDataset, ShufflesAndSplitsTheFilesAsKeras) {
  for (int64_t seed : {0, 7, 123456})
    for (Subset subset : {Subset::training, Subset::validation}) {
      ImageDatasetOptions options;
      options.seed = seed;
      options.validation_split = 0.3;
      options.subset = subset;
      DirectoryDataset found = image_dataset_from_directory(recorded_path("pictures"), options);
      std::string paths;
      for (const std::string& path : found.file_paths)
        paths += (paths.empty() ? "" : "\n") + std::filesystem::relative(path, recorded_path("pictures")).string();
      EXPECT_EQ(paths, text_of(recorded(std::string("image_order_") +
                                        (subset == Subset::training ? "training_" : "validation_") +
                                        std::to_string(seed))));
    }
}

TEST(ImageDataset, RefusesWhatDoesNotFit) {
  const std::string folder = recorded_path("pictures");
  auto error = [&](auto change) {
    ImageDatasetOptions options = plain();
    change(options);
    return error_of([&] { image_dataset_from_directory(folder, options); });
  };
  EXPECT_THAT(error([](auto& o) { o.color_mode = "hsv"; }), HasSubstr("`color_mode` must be one of"));
  EXPECT_THAT(error([](auto& o) { o.interpolation = "cubic"; }), HasSubstr("`interpolation` should be one of bilinear"));
  EXPECT_THAT(error([](auto& o) { o.image_size = {0, 3}; }), HasSubstr("Invalid `image_size`"));
  EXPECT_THAT(error([](auto& o) { o.class_names = {"cows"}; }), HasSubstr("Expected: ['cats', 'dogs']"));
  EXPECT_THAT(error([](auto& o) { o.labels = std::vector<int32_t>{1}; }), HasSubstr("len(labels) is 1 while 7"));
  EXPECT_THAT(error([](auto& o) { o.validation_split = 0.5; }), HasSubstr("and inversely"));
  EXPECT_THAT(error([](auto& o) { o.validation_split = 0.5, o.subset = Subset::training, o.shuffle = true; }),
              HasSubstr("you must provide a `seed`"));
  EXPECT_THAT(error([](auto& o) { o.crop_to_aspect_ratio = o.pad_to_aspect_ratio = true; }), HasSubstr("Only one of"));
  EXPECT_THAT(error_of([&] { image_dataset_from_directory(folder + "/nowhere", plain()); }), HasSubstr("is no folder"));
}

class ImageFiles : public testing::Test {
 protected:
  ImageFiles() : folder_(testing::TempDir() + "hornbeam_images_" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_ + "/a");
  }
  ~ImageFiles() override { std::filesystem::remove_all(folder_); }
  static std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << bytes;
  }
  static Array gradient(int64_t channels) {
    Array image(DType::uint8, {13, 17, channels});
    for (int64_t i = 0; i < image.num_elements(); ++i) image.set_int(i, (i * 5) % 251);
    return image;
  }
  std::string folder_;
};

TEST_F(ImageFiles, SavedPicturesComeBack) {
  for (int64_t channels : {1, 3, 4}) {
    Array image = gradient(channels);
    utils::save_img(folder_ + "/p.png", image, {.scale = false});
    const char* mode = channels == 1 ? "grayscale" : channels == 3 ? "rgb" : "rgba";
    EXPECT_EQ(largest_difference(utils::load_img(folder_ + "/p.png", {.color_mode = mode}), image), 0);
  }
  utils::save_img(folder_ + "/p.bmp", gradient(3), {.scale = false});
  EXPECT_EQ(largest_difference(utils::load_img(folder_ + "/p.bmp"), gradient(3)), 0);
  Array smooth(DType::uint8, {16, 16, 3});
  for (int64_t i = 0; i < smooth.num_elements(); ++i) smooth.set_int(i, 60 + i / 48 * 5);
  utils::save_img(folder_ + "/p.jpg", smooth, {.scale = false});
  EXPECT_LE(largest_difference(utils::load_img(folder_ + "/p.jpg"), smooth), 6);
  EXPECT_THAT(error_of([&] { utils::save_img(folder_ + "/p.tiff", smooth); }), HasSubstr("png, jpeg or bmp"));
}

TEST_F(ImageFiles, ScalesAndResizes) {
  Array values = Array::of<float>({1, 2, 1}, {-1.0f, 3.0f});
  EXPECT_EQ(utils::array_to_img(values).get_int(0), 0);
  EXPECT_EQ(utils::array_to_img(values).get_int(1), 255);
  EXPECT_EQ(utils::array_to_img(values, {.scale = false}).get_int(1), 3);
  EXPECT_EQ(utils::img_to_array(Array(DType::uint8, {4, 5})).shape(), Shape({4, 5, 1}));
  utils::save_img(folder_ + "/p.png", gradient(3), {.scale = false});
  EXPECT_EQ(utils::load_img(folder_ + "/p.png", {.target_size = {{5, 6}}}).shape(), Shape({5, 6, 3}));
  EXPECT_EQ(utils::load_img(folder_ + "/p.png", {.target_size = {{5, 6}}, .keep_aspect_ratio = true}).shape(),
            Shape({5, 6, 3}));
}

// A GIF of 2 x 2 pixels: red, green / blue, the background. Written by hand from the format's description.
TEST_F(ImageFiles, ReadsTheFirstPictureOfAGif) {
  const unsigned char bytes[] = {'G', 'I', 'F', '8', '9', 'a', 2, 0, 2, 0, 0x91, 0, 0,  // screen, 4 colors
                                 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255,              // black, red, green, blue
                                 ',', 0, 0, 0, 0, 2, 0, 2, 0, 0, 2,                     // picture, codes of 3 bits
                                 3, 0x8c, 0x06, 0x05, 0, ';'};  // clear, 1, 2, 3, 0, end
  write("a/p.gif", std::string(reinterpret_cast<const char*>(bytes), sizeof bytes));
  Array image = utils::load_img(folder_ + "/a/p.gif");
  ASSERT_EQ(image.shape(), Shape({2, 2, 3}));
  const int expected[] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0};
  for (int64_t i = 0; i < 12; ++i) EXPECT_EQ(image.get_int(i), expected[i]) << i;
}

// Every file that was cut short, and many with one byte changed: an error that names the file or a picture, no crash.
TEST_F(ImageFiles, DamagedFilesAreRefused) {
  utils::save_img(folder_ + "/p.png", gradient(3), {.scale = false});
  utils::save_img(folder_ + "/p.bmp", gradient(3), {.scale = false});
  utils::save_img(folder_ + "/p.jpg", gradient(3), {.scale = false});
  for (const char* name : {"p.png", "p.bmp", "p.jpg"}) {
    const std::string whole = bytes_of(folder_ + "/" + name);
    int read = 0;
    for (size_t size = 0; size < whole.size(); size += 1 + whole.size() / 200) {
      write("cut", whole.substr(0, size));
      const std::string error = error_of([&] { utils::load_img(folder_ + "/cut"); });
      if (error == "no error") ++read;  // what was cut off may be no pixels
      else EXPECT_THAT(error, HasSubstr(folder_ + "/cut"));
    }
    EXPECT_LE(read, 2) << name;
    for (size_t i = 0; i < whole.size(); i += 1 + whole.size() / 300) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ 0xff);
      write("changed", changed);
      try {
        utils::load_img(folder_ + "/changed");
      } catch (const IOError&) {
      }
    }
  }
  write("a/broken.png", bytes_of(folder_ + "/p.png").substr(0, 60));
  ImageDatasetOptions options = plain();
  EXPECT_THAT(error_of([&] { stacked(options, folder_); }), HasSubstr("a/broken.png' is no whole PNG"));
  write("a/broken.png", "not a picture");
  EXPECT_THAT(error_of([&] { stacked(options, folder_); }), HasSubstr("PNG, JPEG, BMP or GIF was expected"));
  // A header that promises more than anyone has.
  std::string huge = bytes_of(folder_ + "/p.bmp");
  huge.replace(18, 8, "\xff\xff\xff\x7f\xff\xff\xff\x7f", 8);
  write("a/broken.bmp", huge);
  EXPECT_THAT(error_of([&] { utils::load_img(folder_ + "/a/broken.bmp"); }), HasSubstr("its size is"));
}

}  // namespace
}  // namespace hornbeam
