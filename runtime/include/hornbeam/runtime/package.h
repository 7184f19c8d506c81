// A Program as a file, the package (`.hbp`): a header with length and checksum, then the protobuf message of
// runtime/package/program.proto. A package is code: load one only from a source you would run a program from.
#pragma once

#include <string>
#include <string_view>

#include <hornbeam/runtime/program.h>

namespace hornbeam::runtime {

// The bytes of a package.
std::string serialize(const Program& program);

// The inverse. `origin` (a file name, say) stands in the texts of errors. Throws IOError if the bytes are cut short,
// damaged or inconsistent: sizes, names, offsets and counts are all checked before they are used.
Program parse(std::string_view bytes, const std::string& origin);

// Writes a package so that a reader of `path` sees the old file or the whole new one, even after a power loss: the
// bytes go to a file beside it, which is renamed. Throws IOError; then the old file is as it was.
void save(const Program& program, const std::string& path);

// Reads a package. Throws IOError.
Program load(const std::string& path);

}  // namespace hornbeam::runtime
