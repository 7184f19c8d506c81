// The two checksums of HDF5: lookup3 over metadata, Fletcher's over chunks.
#pragma once

#include <cstdint>

#include "frontend/src/saving/hdf5/image.h"

namespace hornbeam::hdf5 {

// Bob Jenkins' lookup3 hash ("hashlittle", seed 0) of the bytes.
uint32_t lookup3(Span bytes);

// Fletcher's checksum over big-endian 16-bit words, modulo 65535; an odd last byte counts as a word's upper half.
uint32_t fletcher32(Span bytes);

}  // namespace hornbeam::hdf5
