// The header of a .npy: a Python dict literal, read by a strict parser of the few forms that NumPy writes.
#pragma once

#include <string>
#include <string_view>

#include <hornbeam/base/dtype.h>
#include <hornbeam/base/shape.h>

namespace hornbeam::runtime {

struct NpyHeader {
  DType dtype = DType::invalid;
  bool swapped = false;  // the elements are in the other byte order
  char text = 0;         // of strings: 'S', bytes, or 'U', code points of four bytes
  size_t width = 0;      // of strings: how many of these an element has
  // Bytes of one element in the file.
  size_t element_bytes() const { return text ? width * (text == 'U' ? 4 : 1) : size_of(dtype); }
  bool fortran_order = false;
  Shape shape;
};

// Throws IOError, naming `origin`.
NpyHeader parse_npy_header(std::string_view text, const std::string& origin);

// The header of strings of so many bytes or code points.
std::string make_npy_text_header(char text, size_t width, const Shape& shape);
// The header of a row-major array, with magic, padded to a multiple of 64 bytes. Throws ValueError for bfloat16.
std::string make_npy_header(DType dtype, const Shape& shape);

}  // namespace hornbeam::runtime
