// The door of the room: all of the runtime.
#pragma once

#include <hornbeam/runtime/data/csv.h>
#include <hornbeam/runtime/data/idx.h>
#include <hornbeam/runtime/data/npy.h>
#include <hornbeam/runtime/device.h>
#include <hornbeam/runtime/fit/loop.h>
#include <hornbeam/runtime/fit/observer.h>
#include <hornbeam/runtime/package.h>
#include <hornbeam/runtime/profiler.h>
#include <hornbeam/runtime/program.h>
#include <hornbeam/runtime/state.h>
#include <hornbeam/runtime/threads.h>
