// lld in the process, its input and output in anonymous files.
#include "codegen/cpu/link.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <absl/strings/str_cat.h>
#include <lld/Common/Driver.h>
#include <llvm/Object/ObjectFile.h>
#include <llvm/Support/raw_ostream.h>

LLD_HAS_DRIVER(elf)
LLD_HAS_DRIVER(wasm)

namespace hornbeam::codegen {
namespace {

// A file that lives as long as its descriptor, with a path for lld.
class AnonymousFile {
 public:
  explicit AnonymousFile(const char* name) : descriptor_(memfd_create(name, MFD_CLOEXEC)) {}
  ~AnonymousFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  AnonymousFile(const AnonymousFile&) = delete;

  bool valid() const { return descriptor_ >= 0; }
  std::string path() const { return absl::StrCat("/proc/self/fd/", descriptor_); }

  bool write_all(const std::string& bytes) {
    for (size_t done = 0; done < bytes.size();) {
      ssize_t n = write(descriptor_, bytes.data() + done, bytes.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      done += n;
    }
    return true;
  }

 private:
  int descriptor_;
};

// A pipe whose writing end has a path. lld renames a temporary file to any output but a pipe. A thread reads it.
class Pipe {
 public:
  Pipe() { valid_ = pipe2(ends_, O_CLOEXEC) == 0; }
  ~Pipe() {
    if (valid_) finish();
  }
  Pipe(const Pipe&) = delete;

  bool valid() const { return valid_; }
  std::string path() const { return absl::StrCat("/proc/self/fd/", ends_[1]); }
  void start() {
    reader_ = std::thread([this] { read_all(); });
  }

  // What was written by those who opened the path; they must be done.
  std::string finish() {
    valid_ = false;
    close(ends_[1]);
    if (reader_.joinable()) reader_.join();
    close(ends_[0]);
    return std::move(bytes_);
  }

 private:
  void read_all() {
    char buffer[65536];
    for (;;) {
      ssize_t n = read(ends_[0], buffer, sizeof buffer);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return;
      bytes_.append(buffer, n);
    }
  }

  int ends_[2] = {-1, -1};
  bool valid_ = false;
  std::string bytes_;
  std::thread reader_;
};

// The symbols that no object defines.
absl::StatusOr<std::set<std::string>> undefined_in(const std::vector<std::string>& objects) {
  std::set<std::string> undefined, defined;
  for (const std::string& object : objects) {
    auto file = llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(object, "object"));
    if (!file) return absl::InternalError(llvm::toString(file.takeError()));
    for (const llvm::object::SymbolRef& symbol : (*file)->symbols()) {
      llvm::Expected<uint32_t> flags = symbol.getFlags();
      llvm::Expected<llvm::StringRef> name = symbol.getName();
      if (!flags || !name) return absl::InternalError("The object has a damaged symbol table.");
      if (!name->empty()) (*flags & llvm::object::SymbolRef::SF_Undefined ? undefined : defined).insert(name->str());
    }
  }
  for (const std::string& name : defined) undefined.erase(name);
  return undefined;
}

// What else objects refer to is in libc or made by the linker.
bool is_of_libm(const std::string& symbol) {
  return symbol != "memcpy" && symbol != "memset" && symbol != "memmove" && symbol != "_GLOBAL_OFFSET_TABLE_" &&
         symbol != "__stack_pointer" && symbol != "__memory_base" && symbol != "__table_base" &&
         symbol != "__indirect_function_table" && symbol != "__heap_base" && symbol != "__linear_memory";
}

// The path of the libm that this process uses, if a symbol of it is needed; an error if a symbol is nowhere to be
// found.
absl::StatusOr<std::string> libm_path_if_needed(const std::set<std::string>& symbols) {
  bool needed = false;
  for (const std::string& symbol : symbols) {
    if (!is_of_libm(symbol)) continue;
    void* libm = dlopen("libm.so.6", RTLD_LAZY | RTLD_NOLOAD);
    bool found = libm && dlsym(libm, symbol.c_str());
    if (libm) dlclose(libm);
    if (!found)
      return absl::InternalError(absl::StrCat("The compiled code refers to ", symbol, ", which is in no library."));
    needed = true;
  }
  if (!needed) return std::string();
  Dl_info info;
  if (!dladdr(reinterpret_cast<void*>(static_cast<double (*)(double)>(&std::exp)), &info) || !info.dli_fname)
    return absl::InternalError("The path of libm is not known.");
  return std::string(info.dli_fname);
}

// Runs a linker on the objects and gives back its output. `arguments` begin with the linker's name; `libraries` follow
// the objects.
absl::StatusOr<std::string> run_lld(std::vector<std::string> arguments, const std::vector<std::string>& objects,
                                    const std::vector<std::string>& libraries = {}) {
  std::deque<AnonymousFile> inputs;
  for (const std::string& object : objects) {
    AnonymousFile& input = inputs.emplace_back("hornbeam_object");
    if (!input.valid() || !input.write_all(object))
      return absl::ResourceExhaustedError(absl::StrCat("No memory for linking: ", strerror(errno)));
    arguments.push_back(input.path());
  }
  Pipe output;
  if (!output.valid()) return absl::ResourceExhaustedError(absl::StrCat("No pipe for linking: ", strerror(errno)));
  output.start();
  arguments.insert(arguments.end(), libraries.begin(), libraries.end());
  arguments.insert(arguments.end(), {"--threads=1", "-o", output.path()});
  std::vector<const char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(argument.c_str());

  static std::mutex one_link_at_a_time;  // lld keeps its state in globals
  static bool usable = true;
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  {
    std::lock_guard lock(one_link_at_a_time);
    if (!usable) return absl::InternalError("The linker failed before and cannot run again in this process.");
    lld::Result result =
        lld::lldMain(pointers, stream, stream, {{lld::Gnu, &lld::elf::link}, {lld::Wasm, &lld::wasm::link}});
    usable = result.canRunAgain;
    if (result.retCode != 0) return absl::InternalError(absl::StrCat("Linking failed: ", stream.str()));
  }
  std::string image = output.finish();
  if (image.empty()) return absl::InternalError("The linked image could not be read back.");
  return image;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> undefined_symbols(const std::string& object) {
  absl::StatusOr<std::set<std::string>> symbols = undefined_in({object});
  if (!symbols.ok()) return symbols.status();
  std::vector<std::string> of_libm;
  for (const std::string& symbol : *symbols)
    if (is_of_libm(symbol)) of_libm.push_back(symbol);
  return of_libm;
}

absl::StatusOr<std::string> link_shared_object(const std::vector<std::string>& objects) {
  absl::StatusOr<std::set<std::string>> symbols = undefined_in(objects);
  if (!symbols.ok()) return symbols.status();
  absl::StatusOr<std::string> libm = libm_path_if_needed(*symbols);
  if (!libm.ok()) return libm.status();
  std::vector<std::string> libraries;
  if (!libm->empty()) libraries.push_back(*libm);
  return run_lld({"ld.lld", "-shared", "--build-id=none", "--hash-style=gnu", "-Bsymbolic", "-z", "now"}, objects,
                 libraries);
}

absl::StatusOr<std::string> link_library(const std::string& object, const std::string& soname, bool is_native) {
  std::vector<std::string> libraries;
  if (is_native) {
    absl::StatusOr<std::set<std::string>> symbols = undefined_in({object});
    if (!symbols.ok()) return symbols.status();
    absl::StatusOr<std::string> libm = libm_path_if_needed(*symbols);
    if (!libm.ok()) return libm.status();
    if (!libm->empty()) libraries.push_back(*libm);
  }
  return run_lld({"ld.lld", "-shared", "--build-id=none", "--hash-style=gnu", "-Bsymbolic", "-z", "now", "-z",
                  "noexecstack", "--gc-sections", "-s", absl::StrCat("-soname=", soname)},
                 {object}, libraries);
}

absl::StatusOr<std::string> link_executable(const std::string& object) {
  return run_lld({"ld.lld", "-static", "--build-id=none", "-z", "noexecstack", "-z", "norelro", "--gc-sections", "-s"},
                 {object});
}

absl::StatusOr<std::string> link_wasm(const std::string& object, const std::vector<std::string>& exported) {
  // The stack lies first, so that one that overflows ends in a trap and not in the weights.
  std::vector<std::string> arguments = {"wasm-ld",       "--no-entry", "--gc-sections",     "--strip-all",
                                        "--stack-first", "-z",         "stack-size=1048576"};
  for (const std::string& symbol : exported) arguments.push_back(absl::StrCat("--export=", symbol));
  return run_lld(arguments, {object});
}

}  // namespace hornbeam::codegen
