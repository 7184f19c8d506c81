// A folder of compiled programs that outlives the process: what one process compiled, the next ones load. Its files are
// code that will be run, so the folder is this user's alone: it is made with the mode 0700, and a folder or a file that
// belongs to somebody else, or that others may write to, is not used. Nothing here fails: a cache that cannot be read or
// written is one that has nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <hornbeam/runtime/program.h>

namespace hornbeam::runtime {

class ProgramCache {
 public:
  static constexpr int64_t kDefaultMaxBytes = int64_t{1} << 30;

  // `folder` is made when the first program is stored. Programs used longest ago give way when `max_bytes` are reached.
  explicit ProgramCache(std::string folder, int64_t max_bytes = kDefaultMaxBytes);

  // The program stored under `key` (letters and digits). Nothing if there is none, or a damaged or foreign file.
  std::optional<Program> find(const std::string& key) noexcept;
  // Stores it so that other processes see no file or the whole one. Without success if the disk is full, say.
  void store(const std::string& key, const Program& program) noexcept;

  struct Usage {
    int64_t programs = 0;
    int64_t bytes = 0;
  };
  Usage usage() const noexcept;
  // Removes all programs; returns what was removed.
  Usage clear() noexcept;

  // What this process asked for and got.
  struct Counts {
    int64_t found = 0;
    int64_t missed = 0;
    int64_t stored = 0;
  };
  Counts counts() const;

  const std::string& folder() const { return folder_; }
  int64_t max_bytes() const { return max_bytes_; }

 private:
  class Folder;
  std::string path_of(const std::string& key) const;
  void make_room(const Folder& folder, int64_t bytes);

  std::string folder_;
  int64_t max_bytes_;
  mutable std::mutex mutex_;
  Counts counts_;
  bool cannot_store_ = false;      // it failed once: no more tries
  int64_t bytes_ = -1;             // in the folder by the last look, and stored since; -1: not looked yet
};

// The one that compile() asks; null if there is none. Until it is set: the folder that the environment variable
// HORNBEAM_CACHE_DIR names (none if it is empty or "off"), else $XDG_CACHE_HOME/hornbeam, else ~/.cache/hornbeam, with
// as many bytes as HORNBEAM_CACHE_BYTES says, else 1 GiB.
std::shared_ptr<ProgramCache> program_cache();
void set_program_cache(std::shared_ptr<ProgramCache> cache);

}  // namespace hornbeam::runtime
