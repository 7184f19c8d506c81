// A file that appears as a whole: its bytes are written beside it, flushed to the disk, and renamed, and then the folder
// is flushed. A reader of the path, even after a power loss, sees the old file or the whole new one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace hornbeam {

class AtomicFile {
 public:
  // A cache's file can be made again: it is this user's alone (mode 0600), and nothing waits for the disk, so whoever
  // reads it must notice what a power loss has damaged.
  enum class Kind : uint8_t { document, cache };

  // Makes the file beside `path` (where a symbolic link points to, if it is one). Throws IOError if the folder cannot be
  // written or `path` is there and is no regular file, or is there at all without `overwrite`.
  explicit AtomicFile(const std::string& path, bool overwrite = true, Kind kind = Kind::document);
  AtomicFile(const std::string& path, Kind kind) : AtomicFile(path, true, kind) {}
  // Without a commit nothing is left of it.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Appends, or writes at an offset. Throws IOError if the disk is full, say; the file at `path` is as it was.
  void write(std::string_view bytes);
  void write_at(uint64_t offset, std::string_view bytes);
  uint64_t size() const { return size_; }

  // Flushes, renames, flushes the folder (a cache's file is renamed only). Throws IOError.
  void commit();

 private:
  [[noreturn]] void fail(int error) const;

  std::string shown_;      // the path as given, for error texts
  std::string path_;       // what it points to
  std::string temporary_;  // beside it
  int file_ = -1;
  uint64_t size_ = 0;
  bool overwrite_ = true;
  Kind kind_ = Kind::document;
};

// What an AtomicFile did to the disk, in order: for tests that stop it anywhere.
struct FileOperation {
  enum class Kind : uint8_t { create, write, flush, rename, flush_folder, remove };
  Kind kind = Kind::create;
  std::string path = {};  // the file; of a flushed folder the folder; of a rename the old name
  std::string to = {};    // of a rename: the new name
  uint64_t offset = 0;
  std::string bytes = {};
};
// Called after each operation of this thread's AtomicFiles, until it is replaced by an empty one.
void observe_file_operations(std::function<void(const FileOperation&)> observer);

}  // namespace hornbeam
