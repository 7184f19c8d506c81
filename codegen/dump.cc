// Files with the IR after each stage.
#include "codegen/dump.h"

#include <filesystem>
#include <fstream>
#include <memory>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

namespace hornbeam::codegen {

absl::StatusOr<passes::StageObserver> make_dumper(const std::string& dir) {
  if (dir.empty()) return passes::StageObserver();
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (!std::filesystem::is_directory(dir, error))
    return absl::InvalidArgumentError(absl::StrCat("Cannot write the IR into \"", dir, "\": it is no directory that can be made."));
  auto number = std::make_shared<int>(0);
  return passes::StageObserver([dir, number](const std::string& stage, const std::string& text) {
    const char* ending = stage == "llvm_ir" ? "ll" : stage == "assembly" ? "s" : "mlir";
    std::ofstream(std::filesystem::path(dir) / absl::StrFormat("%02d_%s.%s", (*number)++, stage, ending)) << text;
  });
}

}  // namespace hornbeam::codegen
