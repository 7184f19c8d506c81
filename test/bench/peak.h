// What the processor can do at most.
#pragma once

namespace hornbeam::bench {

// Floating-point operations a second (a fused multiply-add is two) of so many threads at once, on numbers in registers.
// Measured when first asked, for a tenth of a second; the best of several tries.
double peak_flops(int threads);

}  // namespace hornbeam::bench
