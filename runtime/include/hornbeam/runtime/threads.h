// How many threads compiled programs run on. Results never depend on it.
#pragma once

namespace hornbeam {

// The threads of the process's pool: the caller of a program is one of them. At first the value of the environment
// variable HORNBEAM_NUM_THREADS, else the number of cores that this process may use.
int num_threads();

// Sets it for the calls that follow; waits for a running call. Throws ValueError if count < 1 or > 4096.
void set_num_threads(int count);

}  // namespace hornbeam
