// .npz files: zip archives of .npy files, stored or deflated.
#include <algorithm>
#include <memory>
#include <set>

#include <sys/stat.h>
#include <zip.h>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/data/npy.h>

#include "runtime/data/file.h"
#include "runtime/data/npy.h"
#include "runtime/data/source.h"

namespace hornbeam::runtime {
namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

// One entry, decompressed as it is read; its checksum is compared at the end.
class EntrySource : public ByteSource {
 public:
  EntrySource(zip_file_t* file, size_t size, const std::string& origin) : file_(file), left_(size), origin_(origin) {}
  size_t read(void* to, size_t bytes) override {
    size_t done = 0;
    while (done < bytes) {
      zip_int64_t count = zip_fread(file_, static_cast<char*>(to) + done, bytes - done);
      if (count < 0)
        throw IOError("'" + origin_ + "' is damaged: " + zip_error_strerror(zip_file_get_error(file_)) + ".");
      if (count == 0) break;
      done += static_cast<size_t>(count);
    }
    left_ -= std::min(left_, done);
    return done;
  }
  size_t at_most_left() const override { return left_; }

 private:
  zip_file_t* file_;
  size_t left_;
  const std::string& origin_;
};

std::string text_of(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

constexpr std::string_view kSuffix = ".npy";

}  // namespace

NamedArrays read_npz(const std::string& path) {
  auto refuse = [&](const std::string& what) {
    throw IOError("'" + path + "' is no readable .npz file: " + what + ".");
  };
  struct stat info = {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) refuse("it is no regular file");
  int code = 0;
  Archive archive(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
  if (!archive) refuse(text_of(code));

  NamedArrays arrays;
  std::set<std::string> names;
  uint64_t stored = 0;  // entries that overlap would make much of little
  zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t entry;
    zip_stat_init(&entry);
    constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(archive.get(), static_cast<zip_uint64_t>(i), 0, &entry) != 0 ||
        (entry.valid & kNeeded) != kNeeded)
      refuse("its entry " + std::to_string(i) + " cannot be read");
    std::string name = entry.name;
    std::string origin = path + "/" + name;
    if ((entry.valid & ZIP_STAT_ENCRYPTION_METHOD) && entry.encryption_method != ZIP_EM_NONE)
      refuse("'" + name + "' is encrypted");
    if (entry.comp_method != ZIP_CM_STORE && entry.comp_method != ZIP_CM_DEFLATE)
      refuse("'" + name + "' is compressed by method " + std::to_string(entry.comp_method) +
             ", stored or deflated was expected");
    stored += entry.comp_size;
    if (entry.comp_size > static_cast<uint64_t>(info.st_size) || stored > static_cast<uint64_t>(info.st_size))
      refuse("its entries overlap or lie outside the file");
    // Deflate makes at most 1032 bytes of one.
    if (entry.size / 1032 > entry.comp_size) refuse("'" + name + "' promises more bytes than its stored ones can hold");
    if (!name.ends_with(kSuffix)) refuse("'" + name + "' is no .npy file");
    std::unique_ptr<zip_file_t, Discard> file(zip_fopen_index(archive.get(), static_cast<zip_uint64_t>(i), 0));
    if (!file) refuse("'" + name + "' cannot be opened: " + zip_strerror(archive.get()));
    EntrySource source(file.get(), entry.size, origin);
    Array array = read_npy_from(source, origin);
    name.resize(name.size() - kSuffix.size());
    if (!names.insert(name).second) refuse("two arrays are named '" + name + "'");
    arrays.emplace_back(std::move(name), std::move(array));
  }
  return arrays;
}

void write_npz(const std::string& path, const NamedArrays& arrays, bool compressed) {
  std::set<std::string_view> names;
  std::vector<std::string> contents;  // libzip reads them when it closes the archive
  for (const auto& [name, array] : arrays) {
    if (name.empty() || !names.insert(name).second)
      throw ValueError("The arrays of a .npz file need names of their own. Received: '" + name + "' twice or empty");
    contents.push_back(serialize_npy(array));
  }
  auto fail = [&](const char* why) { throw IOError("Cannot write '" + path + "': " + why + "."); };
  if (arrays.empty()) {
    // libzip deletes an archive without entries. It is but the end of a directory.
    write_file_atomically(path, std::string("PK\5\6", 4) + std::string(18, '\0'));
    return;
  }
  zip_error_t error;
  zip_error_init(&error);
  // The archive is made in memory, so the file can be replaced as a whole.
  std::unique_ptr<zip_source_t, Discard> memory(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!memory) fail(zip_error_strerror(&error));
  zip_source_keep(memory.get());
  Archive archive(zip_open_from_source(memory.get(), ZIP_TRUNCATE, &error));
  if (!archive) {
    zip_source_free(memory.get());
    fail(zip_error_strerror(&error));
  }
  for (size_t i = 0; i < arrays.size(); ++i) {
    zip_source_t* content = zip_source_buffer(archive.get(), contents[i].data(), contents[i].size(), 0);
    if (!content) fail(zip_strerror(archive.get()));
    std::string name = arrays[i].first + std::string(kSuffix);
    zip_int64_t index = zip_file_add(archive.get(), name.c_str(), content, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(content);
      fail(zip_strerror(archive.get()));
    }
    zip_uint64_t entry = static_cast<zip_uint64_t>(index);
    zip_set_file_compression(archive.get(), entry, compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    zip_file_set_dostime(archive.get(), entry, 0, 1 << 5 | 1, 0);  // 1980-01-01: equal arrays, equal files
  }
  if (zip_close(archive.get()) != 0) fail(zip_strerror(archive.get()));
  archive.release();

  zip_stat_t info;
  zip_stat_init(&info);
  if (zip_source_open(memory.get()) != 0 || zip_source_stat(memory.get(), &info) != 0)
    fail(zip_error_strerror(zip_source_error(memory.get())));
  std::string bytes(info.size, '\0');
  if (zip_source_read(memory.get(), bytes.data(), bytes.size()) != static_cast<zip_int64_t>(bytes.size()))
    fail(zip_error_strerror(zip_source_error(memory.get())));
  zip_source_close(memory.get());
  write_file_atomically(path, bytes);
}

}  // namespace hornbeam::runtime
