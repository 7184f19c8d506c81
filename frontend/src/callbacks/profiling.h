// A fit whose steps a callback profiles.
#pragma once

#include <vector>

#include <hornbeam/callback.h>

#include "frontend/src/profile/recorder.h"

namespace hornbeam::callbacks {

// For the programs of a fit with these callbacks; null if none of them profiles. Throws ValueError if two want to.
profile::Recorder* recorder_for(const std::vector<CallbackHandle>& callbacks);

}  // namespace hornbeam::callbacks
