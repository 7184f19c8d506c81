// SwapEMAWeights: two sets of values change places, outside of any program.
#include <hornbeam/callbacks/swap_ema_weights.h>

#include <utility>
#include <vector>

#include <hornbeam/base/array.h>
#include <hornbeam/base/error.h>
#include <hornbeam/model.h>

namespace hornbeam::callbacks {
namespace {

// Each trained variable with the slot that averages it. The slots have the variables' order.
std::vector<std::pair<Variable, Variable>> averaged(const optimizers::Optimizer& optimizer) {
  std::vector<std::pair<Variable, Variable>> pairs;
  const std::vector<Variable>& trained = optimizer.trainable_variables();
  for (const Variable& slot : optimizer.variables()) {
    if (pairs.size() == trained.size()) break;
    std::string path = trained[pairs.size()].path();
    for (char& c : path)
      if (c == '/') c = '_';
    if (slot.name() == path + "_average") pairs.emplace_back(trained[pairs.size()], slot);
  }
  if (pairs.empty() || pairs.size() != trained.size())
    throw ValueError("[SwapEMAWeights] the optimizer '" + optimizer.name() +
                     "' keeps no averages. Make it with use_ema = true.");
  return pairs;
}

}  // namespace

struct SwapEMAWeights::State {
  SwapEMAWeightsOptions options;
  bool shows_averages = false;
};

SwapEMAWeights::SwapEMAWeights(SwapEMAWeightsOptions options) : state_(std::make_shared<State>(State{options})) {}

void SwapEMAWeights::show_averages(bool wanted) {
  if (state_->shows_averages == wanted) return;
  optimizers::Optimizer& optimizer = *model().optimizer();
  if (!optimizer.built()) optimizer.build(model().trainable_weights());
  for (const auto& [weight, average] : averaged(optimizer)) {
    Array kept = weight.value();
    weight.assign(average.value());
    average.assign(kept);
  }
  state_->shows_averages = wanted;
}

void SwapEMAWeights::on_epoch_begin(int64_t, const Logs&) {
  if (state_->options.swap_on_epoch) show_averages(false);
}

void SwapEMAWeights::on_epoch_end(int64_t epoch, const Logs&) {
  if (!state_->options.swap_on_epoch) return;
  show_averages(true);
  // Training ends by writing the averages into the weights, so the averages have to be in both places then.
  if (epoch != params().epochs - 1 && !model().stop_training()) return;
  for (const auto& [weight, average] : averaged(*model().optimizer())) average.assign(weight.value());
}

void SwapEMAWeights::on_test_begin(const Logs&) { show_averages(true); }
void SwapEMAWeights::on_test_end(const Logs&) { show_averages(false); }
void SwapEMAWeights::on_predict_begin(const Logs&) { show_averages(true); }
void SwapEMAWeights::on_predict_end(const Logs&) { show_averages(false); }

}  // namespace hornbeam::callbacks
