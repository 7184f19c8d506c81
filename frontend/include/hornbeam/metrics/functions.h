// Losses that Keras exports among the functions of keras.metrics, too, and that are no metric's own.
#pragma once

#include <hornbeam/losses/binary_focal_crossentropy.h>
#include <hornbeam/losses/categorical_focal_crossentropy.h>
#include <hornbeam/losses/huber.h>
#include <hornbeam/losses/mean_absolute_error.h>
#include <hornbeam/losses/mean_squared_error.h>

namespace hornbeam::metrics {

using losses::binary_focal_crossentropy;
using losses::categorical_focal_crossentropy;
using losses::huber;
using losses::mean_absolute_error;
using losses::mean_squared_error;

}  // namespace hornbeam::metrics
