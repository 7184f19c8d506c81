// Losses by name.
#include "frontend/src/losses/resolve.h"

#include "frontend/src/losses/ranks.h"

namespace hornbeam::losses {

hornbeam::Loss resolve(const std::string& identifier, const Shape& y_true, const Shape& y_pred) {
  std::string lower = identifier;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (lower != "crossentropy" && lower != "ce") return hornbeam::Loss(identifier);
  switch (kind_of_labels(y_true, y_pred)) {
    case Labels::binary:
      return hornbeam::Loss("binary_crossentropy");
    case Labels::sparse:
      return hornbeam::Loss("sparse_categorical_crossentropy");
    case Labels::one_hot:
      return hornbeam::Loss("categorical_crossentropy");
  }
  __builtin_unreachable();
}

}  // namespace hornbeam::losses
