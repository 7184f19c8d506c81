// Arrays of dtype string: their elements are std::string, bytes that are UTF-8 where a layer splits characters. They are
// data of a model's inputs and never enter a compiled program.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <hornbeam/base/array.h>

namespace hornbeam {

// An array of strings of shape (n,): hb::strings({"a good film", "a bad one"}).
Array strings(std::vector<std::string> values);
// Row-major elements of a shape. Throws ValueError if there are not as many as the shape has.
Array strings(Shape shape, std::vector<std::string> values);

// The elements of an array of strings. Throws TypeError for another dtype.
std::span<const std::string> strings_of(const Array& array);
// Only for an array this code made.
std::span<std::string> mutable_strings_of(Array& array);

}  // namespace hornbeam
