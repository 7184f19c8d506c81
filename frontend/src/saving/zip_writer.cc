// libzip writes into a source of ours, which passes its bytes on to the file.
#include "frontend/src/saving/zip_writer.h"

#include <zip.h>

#include <cerrno>
#include <exception>

#include <hornbeam/base/error.h>

namespace hornbeam::saving {
namespace {

// Where libzip is in the file. An exception of the file is kept and thrown again when libzip has given up.
struct Target {
  AtomicFile* file;
  uint64_t at = 0;
  std::exception_ptr failure;
  zip_error_t error;
};

zip_int64_t write_target(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
  auto& target = *static_cast<Target*>(state);
  switch (command) {
    case ZIP_SOURCE_STAT: {  // there is nothing to read yet
      zip_error_set(&target.error, ZIP_ER_READ, ENOENT);
      return -1;
    }
    case ZIP_SOURCE_BEGIN_WRITE:
      target.at = 0;
      return 0;
    case ZIP_SOURCE_WRITE:
      try {
        target.file->write_at(target.at, {static_cast<const char*>(data), length});
      } catch (...) {
        target.failure = std::current_exception();
        zip_error_set(&target.error, ZIP_ER_WRITE, EIO);
        return -1;
      }
      target.at += length;
      return static_cast<zip_int64_t>(length);
    case ZIP_SOURCE_SEEK_WRITE: {
      zip_int64_t to = zip_source_seek_compute_offset(target.at, target.file->size(), data, length, &target.error);
      if (to < 0) return -1;
      target.at = static_cast<uint64_t>(to);
      return 0;
    }
    case ZIP_SOURCE_TELL_WRITE:
      return static_cast<zip_int64_t>(target.at);
    case ZIP_SOURCE_COMMIT_WRITE:
    case ZIP_SOURCE_ROLLBACK_WRITE:
    case ZIP_SOURCE_REMOVE:
    case ZIP_SOURCE_FREE:
      return 0;
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&target.error, data, length);
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_STAT, ZIP_SOURCE_BEGIN_WRITE, ZIP_SOURCE_WRITE,
                                            ZIP_SOURCE_SEEK_WRITE, ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_COMMIT_WRITE,
                                            ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_REMOVE, ZIP_SOURCE_FREE,
                                            ZIP_SOURCE_ERROR, ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                            ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, -1);
    default:
      zip_error_set(&target.error, ZIP_ER_OPNOTSUPP, 0);
      return -1;
  }
}

}  // namespace

void write_zip(AtomicFile& file, const std::vector<ZipEntry>& entries) {
  Target target{&file, 0, nullptr, {}};
  zip_error_init(&target.error);
  zip_error_t error;
  zip_error_init(&error);
  auto fail = [&](const std::string& why) {
    if (target.failure) std::rethrow_exception(target.failure);
    throw IOError("The archive could not be written (" + why + ")");
  };
  zip_source_t* source = zip_source_function_create(write_target, &target, &error);
  zip_t* archive = source ? zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &error) : nullptr;
  if (!archive) {
    if (source) zip_source_free(source);
    fail(zip_error_strerror(&error));
  }
  for (const ZipEntry& entry : entries) {
    zip_source_t* content = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
    zip_int64_t index = content ? zip_file_add(archive, entry.name.c_str(), content, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
      std::string why = zip_strerror(archive);
      if (content) zip_source_free(content);
      zip_discard(archive);
      fail(why);
    }
    auto place = static_cast<zip_uint64_t>(index);
    zip_set_file_compression(archive, place, ZIP_CM_STORE, 0);
    zip_file_set_dostime(archive, place, 0, 1 << 5 | 1, 0);  // 1980-01-01, as zipfile writes: equal models, equal files
  }
  if (zip_close(archive) != 0) {
    std::string why = zip_strerror(archive);
    zip_discard(archive);
    fail(why);
  }
}

}  // namespace hornbeam::saving
