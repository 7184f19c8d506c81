// Where loops and waits look whether the user wants them to end.
#pragma once

#include <hornbeam/interrupt.h>

namespace hornbeam {

// True once for each interrupt().
bool take_interrupt();
// Throws Interrupted after an interrupt().
void check_interrupt();

}  // namespace hornbeam
