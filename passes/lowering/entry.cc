#include "passes/lowering/entry.h"

#include "ir/types.h"

namespace hornbeam::passes {

mlir::scf::ForOp step_loop(mlir::func::FuncOp entry) {
  auto loops = entry.front().getOps<mlir::scf::ForOp>();
  return loops.empty() ? mlir::scf::ForOp() : *loops.begin();
}

LoweredEntry take_description(mlir::func::FuncOp entry) {
  auto number = [&](llvm::StringRef name, int64_t otherwise) {
    auto attr = entry->getAttrOfType<mlir::IntegerAttr>(name);
    return attr ? attr.getInt() : otherwise;
  };
  LoweredEntry description;
  description.name = entry->getAttrOfType<mlir::StringAttr>(kEntryAttr).str();
  description.function = entry.getName().str();
  description.batch_size = number(kBatchSizeAttr, 0);
  description.arena_bytes = number(kArenaBytesAttr, 0);
  description.num_threads = static_cast<int32_t>(number(kThreadsAttr, 1));
  for (unsigned i = kFirstPort; i < entry.getNumArguments(); ++i) {
    auto role = entry.getArgAttrOfType<mlir::StringAttr>(i, horn::kRoleAttr);
    if (!role) continue;
    auto tensor = llvm::cast<mlir::RankedTensorType>(entry.getArgAttrOfType<mlir::TypeAttr>(i, kTypeAttr).getValue());
    auto per_batch = entry.getArgAttrOfType<mlir::BoolAttr>(i, horn::kPerBatchAttr);
    ir::Type type = ir::from_mlir(tensor);
    Port port{entry.getArgAttrOfType<mlir::StringAttr>(i, horn::kNameAttr).str(), type.dtype, type.shape,
              !per_batch || per_batch.getValue()};
    (role.getValue() == "output" ? description.outputs : description.inputs).push_back(std::move(port));
  }
  for (llvm::StringRef name : {kEntryAttr, kBatchSizeAttr, kArenaBytesAttr, kThreadsAttr}) entry->removeAttr(name);
  entry.removeArgAttrsAttr();
  return description;
}

}  // namespace hornbeam::passes
