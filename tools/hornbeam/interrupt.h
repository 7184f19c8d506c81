// Ctrl-C: the first ends the work after the running step, the second ends the program.
#pragma once

namespace hornbeam::cli {

// From now on SIGINT sets a flag instead of ending the program, once.
void catch_interrupt();
bool interrupted();

}  // namespace hornbeam::cli
