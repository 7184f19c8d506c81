// Whether attention may be computed in blocks: keras.config.enable_flash_attention and its siblings.
#pragma once

#include <optional>

namespace hornbeam {

// Attention over long sequences is computed some queries at a time, so that the scores of all queries and keys never
// stand in memory together, in training neither: the gradient computes them again. Results are those of the plain way.
//   enabled (the default): where the scores would be large;   disabled: never, unless a call or a layer asks for it
void enable_flash_attention();
void disable_flash_attention();
// As in Keras: false once disabled, else nothing, as it is not forced either.
std::optional<bool> is_flash_attention_enabled();

}  // namespace hornbeam
