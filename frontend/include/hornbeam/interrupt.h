// Ending a running fit, evaluate or predict from outside: a signal handler, or another thread.
//
//   std::signal(SIGINT, [](int) { hb::interrupt(); std::signal(SIGINT, SIG_DFL); });   // a second Ctrl-C ends the program
//   try { model.fit(x, y); } catch (const hb::Interrupted&) { model.save("so_far.keras"); }
#pragma once

#include <hornbeam/base/error.h>

namespace hornbeam {

// What fit, evaluate and predict throw after an interrupt().
class Interrupted : public Error {
 public:
  using Error::Error;
};

// The running fit, evaluate or predict (or else the next one) ends with the call of steps that it is at, or, where it waits
// for a dataset, with the element that is being computed, and throws Interrupted; the model is as of its last step. May be
// called in a signal handler.
void interrupt() noexcept;

}  // namespace hornbeam
