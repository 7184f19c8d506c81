// Compiles MLIR text and calls its entries, without the runtime.
#include "image_support.h"

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

namespace hornbeam::test {

LoadedImage::LoadedImage(const std::string& image) {
  int descriptor = memfd_create("image", MFD_CLOEXEC);
  if (write(descriptor, image.data(), image.size()) != static_cast<ssize_t>(image.size())) ADD_FAILURE() << "no memory";
  handle_ = dlopen(absl::StrCat("/proc/self/fd/", descriptor).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle_) ADD_FAILURE() << dlerror();
  close(descriptor);
}

LoadedImage::~LoadedImage() {
  if (handle_) dlclose(handle_);
}

HornbeamEntry LoadedImage::entry(const std::string& symbol) const {
  void* address = handle_ ? dlsym(handle_, symbol.c_str()) : nullptr;
  if (!address) ADD_FAILURE() << "the image has no symbol " << symbol;
  return reinterpret_cast<HornbeamEntry>(address);
}

codegen::TextEntry run_entry(int inputs, int outputs) {
  codegen::TextEntry text;
  text.entry.name = text.function = "run";
  text.entry.inputs.resize(inputs);
  text.entry.outputs.resize(outputs);
  return text;
}

absl::StatusOr<runtime::Program> compile_run(std::string mlir, int inputs, int outputs,
                                             const codegen::CompileOptions& options) {
  absl::StrReplaceAll({{"%HEAD", "%weights: memref<4096xi8>, %slots: memref<4096xi8>, %metrics: memref<4096xi8>, "
                                 "%arena: memref<4096xi8>"},
                       {"%TAIL", "%rows: memref<1099511627776xi64>, %steps: index, %thread: index, %num_threads: index, "
                                 "%call: !llvm.ptr"}},
                      &mlir);
  return codegen::compile_text(mlir, {run_entry(inputs, outputs)}, options);
}

void compile_and_call(const std::string& mlir, const std::vector<void*>& inputs, const std::vector<void*>& outputs) {
  auto program = compile_run(mlir, static_cast<int>(inputs.size()), static_cast<int>(outputs.size()));
  ASSERT_TRUE(program.ok()) << program.status();
  LoadedImage image(program->image);
  HornbeamEntry entry = image.entry(program->entries[0].symbol);
  ASSERT_NE(entry, nullptr);
  std::vector<void*> buffers(4, nullptr);
  buffers.insert(buffers.end(), inputs.begin(), inputs.end());
  buffers.insert(buffers.end(), outputs.begin(), outputs.end());
  HornbeamCall call{};
  call.buffers = buffers.data();
  call.steps = 1;
  call.num_threads = 1;
  entry(&call);
}

}  // namespace hornbeam::test
