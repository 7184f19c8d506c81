// The mode "activations" of RematScope: while a layer that was made in such a scope runs, activations are rematerialized.
#pragma once

namespace hornbeam {

class ActivationsRematScope {
 public:
  ActivationsRematScope() : previous_(active) { active = true; }
  ~ActivationsRematScope() { active = previous_; }
  ActivationsRematScope(const ActivationsRematScope&) = delete;
  static bool is_active() { return active; }

 private:
  static inline thread_local bool active = false;
  bool previous_;
};

}  // namespace hornbeam
