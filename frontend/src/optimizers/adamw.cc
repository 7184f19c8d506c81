// AdamW.
#include <hornbeam/optimizers/adamw.h>

#include "frontend/src/optimizers/options.h"

namespace hornbeam::optimizers {

static const Register<AdamW> registered{"AdamW", "keras.optimizers", {"adamw"}};

namespace {

AdamOptions adam_options(const AdamWOptions& options) {
  return {.learning_rate = options.learning_rate,
          .beta_1 = options.beta_1,
          .beta_2 = options.beta_2,
          .epsilon = options.epsilon,
          .amsgrad = options.amsgrad,
          .weight_decay = options.weight_decay,
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

}  // namespace

AdamW::AdamW(AdamWOptions options) : Adam(adam_options(options)) {}

AdamW AdamW::from_config(const Config& config) {
  AdamWOptions options;
  read_common(config, options);
  config.read("beta_1", options.beta_1);
  config.read("beta_2", options.beta_2);
  config.read("epsilon", options.epsilon);
  config.read("amsgrad", options.amsgrad);
  return AdamW(std::move(options));
}

}  // namespace hornbeam::optimizers
