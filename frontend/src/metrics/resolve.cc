// Metrics by name.
#include "frontend/src/metrics/resolve.h"

#include "frontend/src/losses/ranks.h"

namespace hornbeam::metrics {
namespace {

std::string class_of(const std::string& identifier, const Shape& y_true, const Shape& y_pred) {
  std::string lower = identifier;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower != "accuracy" && lower != "acc") return identifier;
  switch (losses::kind_of_labels(y_true, y_pred)) {
    case losses::Labels::binary:
      return "BinaryAccuracy";
    case losses::Labels::sparse:
      return "SparseCategoricalAccuracy";
    case losses::Labels::one_hot:
      return "CategoricalAccuracy";
  }
  __builtin_unreachable();
}

}  // namespace

hornbeam::Metric resolve(const std::string& identifier, const Shape& y_true, const Shape& y_pred) {
  return hornbeam::Metric(Config::object(
      {{"class_name", class_of(identifier, y_true, y_pred)}, {"config", Config::object({{"name", identifier}})}}));
}

}  // namespace hornbeam::metrics
