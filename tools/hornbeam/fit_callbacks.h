// The callbacks that fit's options ask for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <hornbeam/callback.h>

namespace hornbeam::cli {

// "patience", "monitor", or "monitor=val_loss,patience=3,restore_best_weights=true,…" (Keras' arguments), or JSON.
CallbackHandle make_early_stopping(const std::string& text);
// "best.keras", or "filepath=…,save_best_only=true,…" (Keras' arguments), or JSON.
CallbackHandle make_checkpoint(const std::string& text);
// log.csv and TensorBoard's event files in a folder, which is made.
std::vector<CallbackHandle> make_loggers(const std::string& folder);

// "0=1,1=2.5" or a JSON object.
std::map<int64_t, double> parse_class_weight(const std::string& text);

}  // namespace hornbeam::cli
