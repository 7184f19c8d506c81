// Every aarch64 processor has what generic code needs.
#include "support.h"

int64_t hb_cpu_level(void) { return HB_LEVEL_BASE; }
