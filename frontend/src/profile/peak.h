// What the processor and its memory can do at most.
#pragma once

namespace hornbeam::profile {

// Operations on float32 a second (a fused multiply-add is two) of so many threads at once, on numbers in registers; and
// bytes a second that they read from memory. Measured when first asked, for a tenth of a second; the best of several tries.
double peak_flops(int threads);
double peak_bytes_per_second(int threads);

}  // namespace hornbeam::profile
