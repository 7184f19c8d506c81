// What compile() asked for, worked out for the model's outputs: which loss and metrics go with which output, under what
// names, and how a train or evaluate step computes them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <hornbeam/metrics/mean.h>
#include <hornbeam/model.h>

#include "frontend/src/trace/trace.h"

namespace hornbeam {

// The data of one call: flat lists, in the order of the model's inputs and outputs. y and weights may be empty; a
// weight of an output may be missing (not valid).
struct Batch {
  Tensors x;
  std::vector<Tensor> y;
  std::vector<Tensor> weights;
};

class Training {
 public:
  // `y_pred` are the types of the model's outputs, `y` of the targets. Throws ValueError for names or numbers that do
  // not fit.
  Training(const CompileOptions& options, const std::vector<std::string>& output_names,
           const std::vector<trace::Spec>& y_pred, const std::vector<trace::Spec>& y,
           std::vector<std::shared_ptr<metrics::Metric>> layer_metrics);

  // Throws ValueError unless there is a target for each output (where there is a loss or a metric).
  void check_targets(size_t count) const;
  // The loss in a trace: over the outputs, with add_loss and regularization.
  Tensor total_loss(const Model& model, const std::vector<Tensor>& y, const std::vector<Tensor>& y_pred,
                    const std::vector<Tensor>& weights);
  // Where there are several outputs: the loss of each that total_loss has met since (unweighted, as they are reported).
  std::vector<Tensor> take_output_losses() { return std::exchange(output_losses_, {}); }
  // Updates the loss trackers; `each` is empty where a model computes its loss by other means.
  void update_losses(const Tensor& loss, const std::vector<Tensor>& each, int64_t batch_size);
  void update_metrics(const std::vector<Tensor>& y, const std::vector<Tensor>& y_pred,
                      const std::vector<Tensor>& weights);

  std::vector<Variable> metric_variables() const;
  void reset_metrics();
  // All results by name, in the order of the logs (sorted, as Keras 3 gives them).
  std::vector<std::pair<std::string, Tensor>> results() const;
  std::vector<std::string> names() const;
  // The loss of output i; empty if it has none.
  const Loss& loss(size_t output) const { return losses_.at(output); }

 private:
  struct Entry {
    std::string name;
    size_t output;
    Metric metric;
    bool weighted;
  };
  std::vector<std::string> output_names_;
  std::vector<Loss> losses_;
  std::vector<double> loss_weights_;
  metrics::Mean loss_tracker_;
  std::vector<std::pair<size_t, metrics::Mean>> output_trackers_;
  std::vector<std::string> tracker_names_;
  std::vector<Entry> metrics_;
  std::vector<std::shared_ptr<metrics::Metric>> layer_metrics_;
  std::vector<Tensor> output_losses_;
};

}  // namespace hornbeam
