// The readers of untrusted bytes inside compiled models (codegen/aot/support), for the fuzz targets: in C, with a small
// model and with system calls of our own, so that an error ends one input and not the process.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The bytes as the .npz file of an executable: each array that the model could ask for.
void hb_fuzz_read_npz(const uint8_t* data, size_t size);
// The bytes as a deflated stream.
void hb_fuzz_inflate(const uint8_t* data, size_t size);
// The bytes as the .safetensors of a compiled model, whatever its form. Traps if a refused file changed a weight.
void hb_fuzz_load_weights(const uint8_t* data, size_t size);

#ifdef __cplusplus
}
#endif
