// The options that all optimizers share, from and to each optimizer's own options struct.
#pragma once

#include <hornbeam/optimizer.h>

namespace hornbeam::optimizers {

template <class Options>
OptimizerOptions common_options(const Options& options) {
  return {.weight_decay = options.weight_decay,
          .clipnorm = options.clipnorm,
          .clipvalue = options.clipvalue,
          .global_clipnorm = options.global_clipnorm,
          .use_ema = options.use_ema,
          .ema_momentum = options.ema_momentum,
          .ema_overwrite_frequency = options.ema_overwrite_frequency,
          .loss_scale_factor = options.loss_scale_factor,
          .gradient_accumulation_steps = options.gradient_accumulation_steps,
          .name = options.name};
}

template <class Options>
void read_common(const Config& config, Options& options) {
  config.read("learning_rate", options.learning_rate);
  config.read("weight_decay", options.weight_decay);
  config.read("clipnorm", options.clipnorm);
  config.read("clipvalue", options.clipvalue);
  config.read("global_clipnorm", options.global_clipnorm);
  config.read("use_ema", options.use_ema);
  config.read("ema_momentum", options.ema_momentum);
  config.read("ema_overwrite_frequency", options.ema_overwrite_frequency);
  config.read("loss_scale_factor", options.loss_scale_factor);
  config.read("gradient_accumulation_steps", options.gradient_accumulation_steps);
  config.read("name", options.name);
}

}  // namespace hornbeam::optimizers
