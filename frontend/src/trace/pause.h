// Closes the open trace of this thread for a while: what is done then is done on the host, as outside of any trace.
#pragma once

namespace hornbeam::trace {

class Trace;

class Pause {
 public:
  Pause();
  ~Pause();
  Pause(const Pause&) = delete;

 private:
  Trace* paused_;
};

}  // namespace hornbeam::trace
