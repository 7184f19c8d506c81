// CTC.
#pragma once

#include <hornbeam/loss.h>

namespace hornbeam::losses {

// One value a sequence: the loss without its reduction.
// Throws ValueError if the ranks are not 2 and 3.
Tensor ctc(const Tensor& y_true, const Tensor& y_pred);

struct CTCOptions {
  std::string reduction = "sum_over_batch_size";
  std::string name = "ctc";
  DTypePolicy dtype = {};
};

// Connectionist temporal classification (Graves et al., 2006): -log of the probability that the frames spell the
// labels, whatever frames each takes. Class 0 is the blank; labels of 0 are padding behind the end.
//   y_true [batch, length] (integer classes), y_pred [batch, frames, classes] (logits)  →  [batch]
class CTC : public Loss {
 public:
  explicit CTC(CTCOptions options = {});
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  static CTC from_config(const Config& config);
};

}  // namespace hornbeam::losses
