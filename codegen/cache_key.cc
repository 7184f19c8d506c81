// Hashes a module as it is printed, so that its text need not be held.
#include "codegen/cache_key.h"

#include <gnu/libc-version.h>
#include <link.h>
#include <sys/stat.h>

#include <cstring>

#include <absl/strings/str_cat.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/BLAKE3.h>
#include <llvm/Support/raw_ostream.h>

#include "ir/module_impl.h"

namespace hornbeam::codegen {
namespace {

class HashStream : public llvm::raw_ostream {
 public:
  ~HashStream() override { flush(); }

  // Each field is ended by its length, so that no two lists of fields are hashed alike.
  template <class... Fields>
  void fields(const Fields&... fields) {
    ((*this << absl::StrCat(fields), end_field()), ...);
  }
  void end_field() {
    uint64_t length = tell() - begin_;
    *this << '\0';
    write(reinterpret_cast<const char*>(&length), sizeof length);
    begin_ = tell();
  }
  std::string finish() {
    flush();
    return llvm::toHex(hasher_.final<32>(), /*LowerCase=*/true);
  }

 private:
  void write_impl(const char* data, size_t size) override {
    hasher_.update(llvm::StringRef(data, size));
    position_ += size;
  }
  uint64_t current_pos() const override { return position_; }

  llvm::BLAKE3 hasher_;
  uint64_t position_ = 0;
  uint64_t begin_ = 0;
};

// The note that the linker wrote into the library or program that holds this code.
struct Build {
  uintptr_t address = 0;
  std::string path;
  std::string id;
};

int look_at_object(dl_phdr_info* info, size_t, void* data) {
  Build& build = *static_cast<Build*>(data);
  bool is_ours = false;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = info->dlpi_phdr[i];
    uintptr_t begin = info->dlpi_addr + part.p_vaddr;
    is_ours |= part.p_type == PT_LOAD && build.address >= begin && build.address < begin + part.p_memsz;
  }
  if (!is_ours) return 0;
  build.path = info->dlpi_name && *info->dlpi_name ? info->dlpi_name : "/proc/self/exe";
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = info->dlpi_phdr[i];
    if (part.p_type != PT_NOTE) continue;
    const char* at = reinterpret_cast<const char*>(info->dlpi_addr + part.p_vaddr);
    const char* end = at + part.p_memsz;
    auto padded = [](size_t bytes) { return (bytes + 3) & ~size_t{3}; };
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const char* name = at + sizeof note;
      const char* content = name + padded(note.n_namesz);
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0)
        build.id.assign(content, note.n_descsz);
      at = content + padded(note.n_descsz);
    }
  }
  return 1;
}

// Of this build: the linker's note, or, where it wrote none, which file it is. Empty if neither is known.
const std::string& build_id() {
  static const std::string id = [] {
    Build build;
    build.address = reinterpret_cast<uintptr_t>(&look_at_object);
    dl_iterate_phdr(look_at_object, &build);
    struct stat file;
    if (!build.id.empty() || ::stat(build.path.c_str(), &file) != 0) return build.id;
    return absl::StrCat(file.st_dev, " ", file.st_ino, " ", file.st_size, " ", file.st_mtim.tv_sec, " ",
                        file.st_mtim.tv_nsec);
  }();
  return id;
}

}  // namespace

std::string cache_key(const ir::Module& module, const std::vector<runtime::StateVariable>& state,
                      const Target& target) {
  if (build_id().empty()) return "";
  HashStream hash;
  hash.fields(build_id(), gnu_get_libc_version());
  hash.fields(target.cpu, target.features, target.triple, target.vector_bytes, target.vector_registers, target.l1_bytes,
              target.l2_bytes, target.threads, target.work_worth_sharing);
  module.impl().module->print(hash);
  hash.end_field();
  for (const runtime::StateVariable& variable : state)
    hash.fields(variable.name, std::string(name_of(variable.dtype)), variable.shape.to_string(), static_cast<int>(variable.segment),
                variable.offset);
  return hash.finish();
}

}  // namespace hornbeam::codegen
