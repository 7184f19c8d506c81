// Ctrl-C: the first ends the work after the running step, the second ends the program.
#pragma once

namespace hornbeam::cli {

// From now on SIGINT sets a flag, and lets fit, evaluate and predict throw hornbeam::Interrupted, instead of ending the
// program; once.
void catch_interrupt();
bool interrupted();

}  // namespace hornbeam::cli
