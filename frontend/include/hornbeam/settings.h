// What holds for the whole process where a layer or a call says nothing else: keras.config.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <hornbeam/base/dtype.h>

namespace hornbeam::config {

// The fuzz that keeps divisions and logarithms finite: in losses, metrics, constraints and normalizing ops, at the time
// they are called. What is compiled already keeps the value it was compiled with, as in Keras.
double epsilon();  // 1e-7
void set_epsilon(double value);

// The float dtype of what is made without one: variables, layers (unless DTypePolicy::set_default was called), losses,
// metrics, arrays of ops like zeros and of random numbers; and what an op gives for integers if it gives floats.
DType floatx();  // float32
// Throws ValueError unless it is bfloat16, float16, float32 or float64.
void set_floatx(DType dtype);
void set_floatx(const std::string& name);

// "channels_last" or "channels_first": the data_format of layers and image ops that are not given one.
std::string image_data_format();
// Throws ValueError for any other text.
void set_image_data_format(const std::string& data_format);

// Limits for trying a long script out: no call of fit runs more epochs, no pass of fit, evaluate or predict more steps.
// Nothing: no limit. Throw ValueError unless positive.
std::optional<int64_t> max_epochs();
void set_max_epochs(std::optional<int64_t> max_epochs);
std::optional<int64_t> max_steps_per_epoch();
void set_max_steps_per_epoch(std::optional<int64_t> max_steps_per_epoch);

// Where progress and summaries go: to stdout with a bar that is drawn anew while interactive (the default), else line
// by line to stderr as a log. The choice is the calling thread's, as in Keras.
void enable_interactive_logging();
void disable_interactive_logging();
bool is_interactive_logging_enabled();

}  // namespace hornbeam::config
