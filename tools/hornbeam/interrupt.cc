// SIGINT as a flag.
#include "tools/hornbeam/interrupt.h"

#include <csignal>

#include <hornbeam/interrupt.h>

namespace hornbeam::cli {
namespace {

volatile std::sig_atomic_t flag = 0;

void on_interrupt(int) {
  flag = 1;
  hornbeam::interrupt();
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace

void catch_interrupt() { std::signal(SIGINT, on_interrupt); }
bool interrupted() { return flag != 0; }

}  // namespace hornbeam::cli
