// What the public API throws. The text names the layer or file, what was expected, what was received, and what to do.
#pragma once

#include <stdexcept>
#include <string>

namespace hornbeam {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A value, shape, name or option that does not fit.
class ValueError : public Error {
 public:
  using Error::Error;
};

// An argument of the wrong kind or dtype.
class TypeError : public Error {
 public:
  using Error::Error;
};

// Something Keras has and Hornbeam does not have yet; docs/conformance.md lists it as missing.
class NotImplementedError : public Error {
 public:
  using Error::Error;
};

// A file or device that could not be read or written.
class IOError : public Error {
 public:
  using Error::Error;
};

}  // namespace hornbeam
