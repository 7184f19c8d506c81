// A user's program: the umbrella header, the shared library, nothing else.
#include <cstdio>
#include <cstring>

#include <hornbeam/hornbeam.h>

int main() {
  if (std::strcmp(hornbeam::version(), HORNBEAM_VERSION) != 0) {
    std::fprintf(stderr, "headers are %s, the library is %s\n", HORNBEAM_VERSION, hornbeam::version());
    return 1;
  }
  std::printf("Hornbeam %s\n", hornbeam::version());
  return 0;
}
