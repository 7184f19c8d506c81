// compile_binary(): the pipeline of compile() for each processor, then one module with the support library, and an
// object, library, executable or wasm module made of it.
#include <algorithm>
#include <set>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Object/ArchiveWriter.h>
#include <mlir/Dialect/Func/IR/FuncOps.h>

#include "codegen/aot/c_header.h"
#include "codegen/aot/describe.h"
#include "codegen/aot/finish_module.h"
#include "codegen/aot/support_bitcode.h"
#include "codegen/aot/variants.h"
#include "codegen/backend.h"
#include "codegen/compiler.h"
#include "codegen/cpu/emit_object.h"
#include "codegen/cpu/entry_wrapper.h"
#include "codegen/cpu/link.h"
#include "codegen/cpu/llvm_target.h"
#include "codegen/state_places.h"
#include "ir/horn.h"
#include "ir/module_impl.h"

namespace hornbeam::codegen {
namespace {

bool is_to_look_at(const std::string& emit) {
  return emit == "horn" || emit == "kernels" || emit == "llvm" || emit == "asm";
}

absl::Status check(const BinaryOptions& options) {
  static const std::set<std::string> emits = {"horn", "kernels", "llvm",       "asm",       "obj",
                                              "exe",  "wasm",    "static-lib", "shared-lib"};
  if (!emits.contains(options.emit))
    return absl::InvalidArgumentError(absl::StrCat("Nothing is known of emit=\"", options.emit, "\"."));
  bool is_name = !options.prefix.empty() && !absl::ascii_isdigit(static_cast<unsigned char>(options.prefix[0]));
  for (char c : options.prefix) is_name &= c == '_' || absl::ascii_isalnum(static_cast<unsigned char>(c));
  if (!is_name)
    return absl::InvalidArgumentError(absl::StrCat(
        "The prefix must be a name as in C: letters, digits and underscores. Received: \"", options.prefix, "\""));
  return absl::OkStatus();
}

class BinaryCompiler {
 public:
  BinaryCompiler(ir::Module& module, std::vector<runtime::StateVariable> state, const BinaryOptions& options)
      : module_(module), options_(options) {
    description_.state = std::move(state);
    description_.predict = {
        .name = options.predict, .input_names = options.input_names, .output_names = options.output_names};
    description_.train = {.name = options.train, .input_names = options.input_names};
    description_.train.input_names.insert(description_.train.input_names.end(), options.target_names.begin(),
                                          options.target_names.end());
    description_.train.input_names.insert(description_.train.input_names.end(), options.sample_weight_names.begin(),
                                          options.sample_weight_names.end());
    description_.train_last = {.name = options.train_last, .input_names = description_.train.input_names};
    description_.num_targets = static_cast<int64_t>(options.target_names.size());
    description_.metrics = {.name = options.metrics, .output_names = options.metric_names};
  }

  absl::StatusOr<Binary> run();

 private:
  absl::StatusOr<std::unique_ptr<llvm::Module>> compile(const Variant& variant, size_t number);
  absl::Status keep(const std::vector<passes::LoweredEntry>& lowered, llvm::Module& code, size_t number);
  absl::Status add_code(const std::vector<Variant>& variants);
  absl::Status link_in(std::unique_ptr<llvm::Module> part);
  absl::StatusOr<std::string> pack(const std::string& object, const Target& target);

  ir::Module& module_;
  const BinaryOptions& options_;
  Description description_;
  llvm::LLVMContext context_;
  std::unique_ptr<llvm::Module> code_;
  std::string shown_;
};

// Notes the entries of one variant, and gives their functions names of their own.
absl::Status BinaryCompiler::keep(const std::vector<passes::LoweredEntry>& lowered, llvm::Module& code, size_t number) {
  for (EntryVariants* entry :
       {&description_.predict, &description_.train, &description_.train_last, &description_.metrics}) {
    if (entry->name.empty()) continue;
    auto at =
        std::find_if(lowered.begin(), lowered.end(), [&](const auto& other) { return other.name == entry->name; });
    if (at == lowered.end())
      return absl::InternalError(absl::StrCat("The module has no function \"", entry->name, "\"."));
    llvm::Function* function = code.getFunction(entry_symbol(entry->name));
    if (!function) return absl::InternalError(absl::StrCat("There is no code for \"", entry->name, "\"."));
    std::string symbol = absl::StrCat("hb_entry_", entry->name, "_", number);
    function->setName(symbol);
    entry->lowered.push_back(*at);
    entry->symbols.push_back(symbol);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<llvm::Module>> BinaryCompiler::compile(const Variant& variant, size_t number) {
  passes::StageObserver observer;
  if (options_.emit == "horn" || options_.emit == "kernels")
    observer = [&](const std::string& stage, const std::string& text) {
      if (stage == (options_.emit == "horn" ? "horn" : "kernel_functions")) shown_ = text;
    };
  absl::StatusOr<std::vector<passes::LoweredEntry>> lowered =
      passes::lower(module_, state_places(description_.state), variant.target, observer);
  if (!lowered.ok()) return lowered.status();
  absl::StatusOr<std::unique_ptr<llvm::Module>> code =
      kernels_to_llvm(*module_.impl().module, *lowered, variant.target, context_, observer);
  if (!code.ok()) return code.status();
  if (absl::Status status = keep(*lowered, **code, number); !status.ok()) return status;
  return code;
}

absl::Status BinaryCompiler::link_in(std::unique_ptr<llvm::Module> part) {
  part->setTargetTriple(code_->getTargetTriple());
  part->setDataLayout(code_->getDataLayout());
  if (llvm::Linker::linkModules(*code_, std::move(part)))
    return absl::InternalError("Two modules could not be linked.");
  return absl::OkStatus();
}

// Whether a function has a new value for a state variable.
bool writes_state(mlir::ModuleOp module, const std::string& name) {
  auto function = module.lookupSymbol<mlir::func::FuncOp>(name);
  for (unsigned i = 0; function && i < function.getNumResults(); ++i)
    if (auto role = function.getResultAttrOfType<mlir::StringAttr>(i, horn::kRoleAttr); role && role == "state")
      return true;
  return false;
}

absl::Status BinaryCompiler::add_code(const std::vector<Variant>& variants) {
  description_.writes_weights = writes_state(*module_.impl().module, options_.predict);
  mlir::OwningOpRef<mlir::ModuleOp> original = (*module_.impl().module).clone();
  for (size_t i = 0; i < variants.size(); ++i) {
    if (i > 0) module_.impl().module = original->clone();
    absl::StatusOr<std::unique_ptr<llvm::Module>> code = compile(variants[i], i);
    if (!code.ok()) return code.status();
    description_.levels.push_back(variants[i].level);
    if (i == 0)
      code_ = *std::move(code);
    else if (absl::Status status = link_in(*std::move(code)); !status.ok())
      return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> BinaryCompiler::pack(const std::string& object, const Target& target) {
  if (options_.emit == "obj") return object;
  if (options_.emit == "shared-lib")
    return link_library(object, options_.soname, llvm::Triple(target.triple).getArch() == native_triple().getArch());
  if (options_.emit == "exe") return link_executable(object);
  if (options_.emit == "wasm") return link_wasm(object, exported_symbols(options_));
  llvm::NewArchiveMember member(llvm::MemoryBufferRef(object, "model.o"));
  auto archive = llvm::writeArchiveToBuffer(member, llvm::SymtabWritingMode::NormalSymtab, llvm::object::Archive::K_GNU,
                                            /*Deterministic=*/true, /*Thin=*/false);
  if (!archive) return absl::InternalError(llvm::toString(archive.takeError()));
  return (*archive)->getBuffer().str();
}

absl::StatusOr<Binary> BinaryCompiler::run() {
  if (absl::Status status = check(options_); !status.ok()) return status;
  absl::StatusOr<std::vector<Variant>> variants = variants_of(options_);
  if (!variants.ok()) return variants.status();
  bool look = is_to_look_at(options_.emit);
  if (look && variants->size() > 1)
    return absl::InvalidArgumentError(
        absl::StrCat("cpu \"all\" is three codes; to look at ", options_.emit, " choose one."));
  if (absl::Status status = add_code(*variants); !status.ok()) return status;
  const Target& target = variants->front().target;
  if (options_.emit == "llvm") shown_ = text_of(*code_);
  if (options_.emit == "asm") {
    absl::StatusOr<std::string> text = generate_assembly(*code_, target);
    if (!text.ok()) return text.status();
    shown_ = *std::move(text);
  }
  if (look) return Binary{shown_, ""};

  if (absl::Status status = describe(*code_, description_, options_); !status.ok()) return status;
  absl::StatusOr<std::unique_ptr<llvm::Module>> support =
      load_support(llvm::Triple(target.triple), options_.emit == "exe", context_);
  if (!support.ok()) return support.status();
  if (absl::Status status = link_in(*std::move(support)); !status.ok()) return status;
  if (absl::Status status = finish_module(*code_, options_); !status.ok()) return status;
  absl::StatusOr<std::string> object = generate_object(*code_, target);
  if (!object.ok()) return object.status();
  absl::StatusOr<std::vector<std::string>> missing = undefined_symbols(*object);
  if (!missing.ok()) return missing.status();
  if (!missing->empty() && (options_.emit == "exe" || options_.emit == "wasm"))
    return absl::UnimplementedError(absl::StrCat("The model needs the function ", missing->front(),
                                                 " of the C library, which \"", options_.emit,
                                                 "\" does not carry. Use \"obj\", \"static-lib\" or \"shared-lib\"."));
  absl::StatusOr<std::string> bytes = pack(*object, target);
  if (!bytes.ok()) return bytes.status();
  return Binary{*std::move(bytes), c_header(description_, options_, !missing->empty())};
}

}  // namespace

absl::StatusOr<Binary> compile_binary(ir::Module module, std::vector<runtime::StateVariable> state,
                                      const BinaryOptions& options) {
  return BinaryCompiler(module, std::move(state), options).run();
}

}  // namespace hornbeam::codegen
