// A program that runs saved Programs and needs no compiler: it links the runtime alone.
#include <cstdio>
#include <string>

#include <hornbeam/runtime/runtime.h>

int main() {
  const std::string path = "no_such_program.hbp";
  try {
    hornbeam::runtime::load(path);
  } catch (const hornbeam::IOError& error) {
    std::printf("%s\n", error.what());
    return std::string(error.what()).find(path) == std::string::npos;
  }
  std::fprintf(stderr, "loading a file that does not exist succeeded\n");
  return 1;
}
