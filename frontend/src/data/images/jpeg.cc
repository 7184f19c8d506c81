// JPEG by libjpeg-turbo. Its errors jump back to the setjmp below, so nothing with a destructor is made in between.
#include <cstdio>

#include <jpeglib.h>

#include <csetjmp>

#include "frontend/src/data/images/decode.h"

namespace hornbeam::data {
namespace {

struct Errors {
  jpeg_error_mgr manager;  // first: libjpeg knows only this part
  std::jmp_buf escape;
  char message[JMSG_LENGTH_MAX] = "";
};

void on_error(j_common_ptr jpeg) {
  auto* errors = reinterpret_cast<Errors*>(jpeg->err);
  jpeg->err->format_message(jpeg, errors->message);
  std::longjmp(errors->escape, 1);
}
// A warning is a damaged file (cut short, bad codes): pixels that are not there are no pixels. Levels above are traces.
void on_message(j_common_ptr jpeg, int level) {
  if (level < 0) on_error(jpeg);
}

struct Reader {
  jpeg_decompress_struct jpeg{};
  Errors errors;
  bool made = false;
  Reader() {
    jpeg.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = on_error;
    errors.manager.emit_message = on_message;
  }
  ~Reader() {
    if (made) jpeg_destroy_decompress(&jpeg);
  }
  bool start(std::string_view bytes, int& channels) {
    if (setjmp(errors.escape)) return false;
    jpeg_create_decompress(&jpeg);
    made = true;
    jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<unsigned long>(bytes.size()));
    jpeg_read_header(&jpeg, TRUE);
    if (channels == 0) channels = jpeg.num_components == 1 ? 1 : 3;
    const bool four = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
    jpeg.out_color_space = four ? JCS_CMYK : channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg.dct_method = JDCT_IFAST;  // TensorFlow's, so that Keras' pictures come out
    jpeg.mem->max_memory_to_use = 256L << 20;
    jpeg_calc_output_dimensions(&jpeg);
    return true;
  }
  // `rows` is one row of memory for CMYK, which is turned into RGB.
  bool read(uint8_t* to, uint8_t* cmyk) {
    if (setjmp(errors.escape)) return false;
    jpeg_start_decompress(&jpeg);
    const size_t width = jpeg.output_width;
    const size_t stride = width * (cmyk ? 3u : static_cast<unsigned>(jpeg.output_components));
    while (jpeg.output_scanline < jpeg.output_height) {
      uint8_t* row = to + jpeg.output_scanline * stride;
      uint8_t* line = cmyk ? cmyk : row;
      jpeg_read_scanlines(&jpeg, &line, 1);
      if (!cmyk) continue;
      for (size_t x = 0; x < width; ++x) {
        const uint8_t* from = cmyk + 4 * x;
        for (int c = 0; c < 3; ++c)  // Adobe's files hold inverted ink
          row[3 * x + static_cast<size_t>(c)] = static_cast<uint8_t>(
              jpeg.saw_Adobe_marker ? from[c] * from[3] / 255 : (255 - from[c]) * (255 - from[3]) / 255);
      }
    }
    jpeg_finish_decompress(&jpeg);
    return true;
  }
};

struct Writer {
  jpeg_compress_struct jpeg{};
  Errors errors;
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  Writer() {
    jpeg.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = on_error;
    jpeg_create_compress(&jpeg);
  }
  ~Writer() {
    jpeg_destroy_compress(&jpeg);
    std::free(bytes);
  }
  bool write(const uint8_t* from, int64_t height, int64_t width, int channels, int quality) {
    if (setjmp(errors.escape)) return false;
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_height = static_cast<JDIMENSION>(height);
    jpeg.image_width = static_cast<JDIMENSION>(width);
    jpeg.input_components = channels;
    jpeg.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
      auto* row = const_cast<uint8_t*>(from + jpeg.next_scanline * static_cast<size_t>(width * channels));
      jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    return true;
  }
};

}  // namespace

Array decode_jpeg(std::string_view bytes, int channels, const std::string& origin) {
  Reader reader;
  int wanted = channels;
  auto refuse = [&] { throw IOError("'" + origin + "' is no whole JPEG: " + reader.errors.message + "."); };
  if (!reader.start(bytes, wanted)) refuse();
  const bool cmyk = reader.jpeg.out_color_space == JCS_CMYK;
  const int made = cmyk || wanted >= 3 ? 3 : 1;
  Array image = new_image(reader.jpeg.output_height, reader.jpeg.output_width, made, origin);
  Array line = cmyk ? Array(DType::uint8, {image.shape()[1], 4}) : Array();
  if (!reader.read(static_cast<uint8_t*>(image.mutable_data()),
                   cmyk ? static_cast<uint8_t*>(line.mutable_data()) : nullptr))
    refuse();
  return with_channels(image, wanted);
}

std::string encode_jpeg(const Array& image, int quality) {
  Writer writer;
  const int channels = image.shape()[2] < 3 ? 1 : 3;
  Array pixels = with_channels(image, channels);
  if (!writer.write(static_cast<const uint8_t*>(pixels.data()), pixels.shape()[0], pixels.shape()[1], channels, quality))
    throw IOError(std::string("Cannot write a JPEG: ") + writer.errors.message + ".");
  return std::string(reinterpret_cast<char*>(writer.bytes), writer.size);
}

}  // namespace hornbeam::data
