// The cache's file KEY.hbp: "HBCACHE1", the key, and a package (package.cc), whose checksum tells damage.
#include <hornbeam/runtime/program_cache.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string_view>
#include <vector>

#include <hornbeam/base/atomic_file.h>
#include <hornbeam/base/error.h>
#include <hornbeam/runtime/package.h>

namespace hornbeam::runtime {
namespace {

constexpr std::string_view kMagic = "HBCACHE1";
constexpr std::string_view kEnding = ".hbp";
constexpr time_t kStrayAge = 3600;  // seconds after which a half-written file has no writer any more

bool is_private(const struct stat& status) { return status.st_uid == ::geteuid() && (status.st_mode & 022) == 0; }

// People are told once why nothing is cached where they might expect it.
void warn_once(const std::string& text) {
  static std::once_flag once;
  std::call_once(once, [&] { std::fprintf(stderr, "hornbeam: warning: %s\n", text.c_str()); });
}

void make_folders(const std::string& path) {
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    ::mkdir(path.substr(0, end).c_str(), 0700);  // one that is there, or cannot be made, shows when it is opened
    if (end == std::string::npos) return;
  }
}

// The whole of a file; empty if it cannot be read.
std::string read_all(int file, int64_t bytes) {
  std::string text(static_cast<size_t>(bytes), '\0');
  for (size_t done = 0; done < text.size();) {
    ssize_t count = ::read(file, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return "";
    done += static_cast<size_t>(count);
  }
  return text;
}

struct File {
  std::string name;
  int64_t bytes = 0;
  timespec used{};
};

}  // namespace

// An open folder, if it is there and private.
class ProgramCache::Folder {
 public:
  explicit Folder(const std::string& path) {
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat status;
    if (descriptor_ < 0 || (::fstat(descriptor_, &status) == 0 && is_private(status))) return;
    ::close(descriptor_);
    descriptor_ = -1;
    warn_once("compiled programs are not kept in " + path +
              ": the folder must belong to this user, and nobody else may write to it");
  }
  ~Folder() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Folder(const Folder&) = delete;

  bool usable() const { return descriptor_ >= 0; }
  // A descriptor of the file to read; negative if it is not there or not this user's.
  int open(const std::string& name, struct stat& status) const {
    int file = ::openat(descriptor_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 || (::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && is_private(status))) return file;
    ::close(file);
    return -1;
  }
  bool remove(const std::string& name) const { return ::unlinkat(descriptor_, name.c_str(), 0) == 0; }

  // The programs in it. What processes that were killed left half-written is removed.
  std::vector<File> files() const {
    std::vector<File> found;
    int copy = ::dup(descriptor_);
    DIR* entries = copy < 0 ? nullptr : ::fdopendir(copy);
    if (!entries) {
      if (copy >= 0) ::close(copy);
      return found;
    }
    ::rewinddir(entries);
    while (const dirent* entry = ::readdir(entries)) {
      std::string name = entry->d_name;
      struct stat status;
      if (name.find(kEnding) == std::string::npos ||
          ::fstatat(descriptor_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
        continue;
      if (name.ends_with(kEnding))
        found.push_back({name, status.st_size, status.st_mtim});
      else if (status.st_mtime < ::time(nullptr) - kStrayAge)
        remove(name);
    }
    ::closedir(entries);
    return found;
  }

 private:
  int descriptor_ = -1;
};

ProgramCache::ProgramCache(std::string folder, int64_t max_bytes) : max_bytes_(max_bytes) {
  std::error_code error;
  folder_ = std::filesystem::absolute(folder, error).lexically_normal().string();
  if (folder_.size() > 1 && folder_.ends_with('/')) folder_.pop_back();
}

std::string ProgramCache::path_of(const std::string& key) const { return folder_ + "/" + key + std::string(kEnding); }

std::optional<Program> ProgramCache::find(const std::string& key) noexcept {
  std::lock_guard lock(mutex_);
  ++counts_.missed;
  try {
    Folder folder(folder_);
    if (!folder.usable()) return std::nullopt;
    struct stat status;
    int file = folder.open(key + std::string(kEnding), status);
    if (file < 0) return std::nullopt;
    std::string bytes = read_all(file, status.st_size);
    ::futimens(file, nullptr);  // its time is that of its last use
    ::close(file);
    std::string header = std::string(kMagic) + key;
    if (!bytes.starts_with(header)) return std::nullopt;
    Program program = parse(std::string_view(bytes).substr(header.size()), key);
    --counts_.missed;
    ++counts_.found;
    return program;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

void ProgramCache::store(const std::string& key, const Program& program) noexcept {
  std::lock_guard lock(mutex_);
  if (cannot_store_) return;
  try {
    make_folders(folder_);
    Folder folder(folder_);
    if (folder.usable()) {
      std::string package = serialize(program);
      int64_t bytes = static_cast<int64_t>(kMagic.size() + key.size() + package.size());
      if (bytes > max_bytes_) return;
      make_room(folder, bytes);
      AtomicFile file(path_of(key), AtomicFile::Kind::cache);
      file.write(std::string(kMagic) + key);
      file.write(package);
      file.commit();
      bytes_ += bytes;
      ++counts_.stored;
      return;
    }
  } catch (const std::exception&) {
  }
  cannot_store_ = true;
}

void ProgramCache::make_room(const Folder& folder, int64_t bytes) {
  if (bytes_ >= 0 && bytes_ + bytes <= max_bytes_) return;
  std::vector<File> files = folder.files();
  bytes_ = 0;
  for (const File& file : files) bytes_ += file.bytes;
  if (bytes_ + bytes <= max_bytes_) return;
  // An eighth is left free, so that the next programs need not look again.
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) {
    return a.used.tv_sec != b.used.tv_sec ? a.used.tv_sec < b.used.tv_sec : a.used.tv_nsec < b.used.tv_nsec;
  });
  for (const File& file : files) {
    if (bytes_ + bytes <= max_bytes_ - max_bytes_ / 8) break;
    folder.remove(file.name);
    bytes_ -= file.bytes;
  }
}

ProgramCache::Usage ProgramCache::usage() const noexcept {
  Usage usage;
  try {
    Folder folder(folder_);
    if (folder.usable())
      for (const File& file : folder.files()) ++usage.programs, usage.bytes += file.bytes;
  } catch (const std::exception&) {
  }
  return usage;
}

ProgramCache::Usage ProgramCache::clear() noexcept {
  std::lock_guard lock(mutex_);
  Usage removed;
  bytes_ = -1;
  try {
    Folder folder(folder_);
    if (folder.usable())
      for (const File& file : folder.files())
        if (folder.remove(file.name)) ++removed.programs, removed.bytes += file.bytes;
  } catch (const std::exception&) {
  }
  return removed;
}

ProgramCache::Counts ProgramCache::counts() const {
  std::lock_guard lock(mutex_);
  return counts_;
}

namespace {

struct Shared {
  std::mutex mutex;
  bool known = false;
  std::shared_ptr<ProgramCache> cache;
};
Shared& shared() {
  static auto* shared = new Shared();
  return *shared;
}

// Not from the environment of a program that runs with more rights than who started it.
std::string variable(const char* name) {
  const char* value = ::secure_getenv(name);
  return value ? value : "";
}

std::string folder_by_environment() {
  if (const char* folder = ::secure_getenv("HORNBEAM_CACHE_DIR"))
    return std::string_view(folder) == "off" ? "" : folder;
  if (std::string folder = variable("XDG_CACHE_HOME"); folder.starts_with('/')) return folder + "/hornbeam";
  if (std::string home = variable("HOME"); home.starts_with('/')) return home + "/.cache/hornbeam";
  return "";
}

int64_t bytes_by_environment() {
  std::string text = variable("HORNBEAM_CACHE_BYTES");
  if (text.empty()) return ProgramCache::kDefaultMaxBytes;
  char* end = nullptr;
  errno = 0;
  long long bytes = std::strtoll(text.c_str(), &end, 10);
  if (errno == 0 && *end == '\0' && bytes >= 0) return bytes;
  warn_once("HORNBEAM_CACHE_BYTES is no number of bytes: '" + text + "'; 1 GiB is taken");
  return ProgramCache::kDefaultMaxBytes;
}

}  // namespace

std::shared_ptr<ProgramCache> program_cache() {
  Shared& s = shared();
  std::lock_guard lock(s.mutex);
  if (!s.known) {
    std::string folder = folder_by_environment();
    if (!folder.empty()) s.cache = std::make_shared<ProgramCache>(folder, bytes_by_environment());
    s.known = true;
  }
  return s.cache;
}

void set_program_cache(std::shared_ptr<ProgramCache> cache) {
  Shared& s = shared();
  std::lock_guard lock(s.mutex);
  s.cache = std::move(cache);
  s.known = true;
}

}  // namespace hornbeam::runtime
