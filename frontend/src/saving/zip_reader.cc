// Zip files, bounded by what they really hold.
#include "frontend/src/saving/zip_reader.h"

#include <unistd.h>
#include <zip.h>

#include <algorithm>

#include <hornbeam/base/error.h>

#include "frontend/src/saving/printable.h"
#include "runtime/base/src/memory.h"

namespace hornbeam::saving {
namespace {

constexpr uint64_t kMostDeflation = 1032;  // deflate cannot do better
constexpr zip_int64_t kMostEntries = 10000;

// Whether a name stays inside the archive and can be shown.
bool is_plain(const std::string& name) {
  if (name.empty() || name.front() == '/' || name.size() > 4096) return false;
  for (char c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == ':' || c == 0x7f) return false;
  for (size_t at = 0; at <= name.size();) {
    size_t end = std::min(name.find('/', at), name.size());
    if (name.compare(at, end - at, "..") == 0 || name.compare(at, end - at, ".") == 0) return false;
    at = end + 1;
  }
  return true;
}

}  // namespace

ZipReader::ZipReader(const std::string& path) : ZipReader(*std::make_unique<InputFile>(path)) {}

ZipReader::ZipReader(InputFile& input) : path_(input.shown()), file_size_(input.size()) {
  int file = input.release();
  int error = 0;
  zip_t* archive = zip_fdopen(file, ZIP_CHECKCONS, &error);
  if (!archive) {
    close(file);
    if (error == ZIP_ER_EXISTS) fail("two entries have the same name");
    zip_error_t text;
    zip_error_init_with_code(&text, error);
    std::string reason = zip_error_strerror(&text);
    zip_error_fini(&text);
    fail("not a zip archive that can be read (" + reason + "); a .keras file is one");
  }
  archive_ = archive;
  try {
    zip_int64_t count = zip_get_num_entries(archive, 0);
    if (count > kMostEntries) fail(std::to_string(count) + " entries are more than a model file has");
    uint64_t stored = 0;
    for (zip_int64_t i = 0; i < count; ++i) check_entry(static_cast<uint64_t>(i), stored);
  } catch (...) {
    zip_discard(archive);
    throw;
  }
}

ZipReader::~ZipReader() { zip_discard(static_cast<zip_t*>(archive_)); }

void ZipReader::check_entry(uint64_t index, uint64_t& stored) {
  zip_stat_t about;
  if (zip_stat_index(static_cast<zip_t*>(archive_), index, ZIP_FL_ENC_RAW, &about) != 0)
    fail("its list of entries is damaged");
  std::string name = about.name ? about.name : "";
  if (!is_plain(name)) fail("an entry is named \"" + printable(name) + "\", which is not allowed");
  auto bad = [&](const std::string& problem) { fail("entry \"" + name + "\" " + problem); };
  constexpr uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((about.valid & kNeeded) != kNeeded) bad("does not say its size");
  if (about.encryption_method != ZIP_EM_NONE) bad("is encrypted");
  if (about.comp_method != ZIP_CM_STORE && about.comp_method != ZIP_CM_DEFLATE)
    bad("is compressed with method " + std::to_string(about.comp_method) +
        "; stored and deflated entries are supported");
  if (about.comp_size > file_size_ - stored) bad("and those before it hold more bytes than the file");
  stored += about.comp_size;
  if (about.comp_method == ZIP_CM_STORE ? about.size != about.comp_size : about.size / kMostDeflation > about.comp_size)
    bad("says that it has " + std::to_string(about.size) + " bytes, which its " + std::to_string(about.comp_size) +
        " stored bytes cannot give");
  names_.push_back(std::move(name));
}

bool ZipReader::contains(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

uint64_t ZipReader::stored_size(const std::string& name) const {
  zip_stat_t about;
  auto index = static_cast<zip_uint64_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
  return zip_stat_index(static_cast<zip_t*>(archive_), index, ZIP_FL_ENC_RAW, &about) == 0 ? about.comp_size : 0;
}

std::vector<uint8_t> ZipReader::read(const std::string& name, uint64_t most) {
  auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) fail("it has no \"" + name + "\"");
  auto* archive = static_cast<zip_t*>(archive_);
  auto index = static_cast<zip_uint64_t>(found - names_.begin());
  zip_stat_t about;
  zip_file_t* entry = nullptr;
  if (zip_stat_index(archive, index, ZIP_FL_ENC_RAW, &about) != 0 || !(entry = zip_fopen_index(archive, index, 0)))
    fail("entry \"" + name + "\" cannot be read (" + zip_strerror(archive) + ")");
  std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> closer(entry, zip_fclose);
  if (about.size > most)
    fail("entry \"" + name + "\" has " + std::to_string(about.size) + " bytes; at most " + std::to_string(most) +
         " are read");
  std::vector<uint8_t> bytes;
  // The memory grows with what really comes out; stored entries are what they say.
  if (about.comp_method == ZIP_CM_STORE) {
    bytes.reserve(about.size + 1);
    expect_to_fill(bytes.data(), about.size);
  }
  while (true) {
    size_t done = bytes.size();
    bytes.resize(std::min<uint64_t>(about.size + 1,
                                    std::max<uint64_t>({uint64_t{1} << 20, 2 * uint64_t{done}, bytes.capacity()})));
    zip_int64_t got = zip_fread(entry, bytes.data() + done, bytes.size() - done);
    if (got < 0) fail("entry \"" + name + "\" is damaged (" + zip_file_strerror(entry) + ")");
    bytes.resize(done + static_cast<size_t>(got));
    if (got == 0) break;
    if (bytes.size() > about.size) fail("entry \"" + name + "\" has more bytes than it says");
  }
  if (bytes.size() != about.size) fail("entry \"" + name + "\" has fewer bytes than it says");
  return bytes;
}

void ZipReader::fail(const std::string& problem) const { throw IOError(path_ + ": " + problem); }

}  // namespace hornbeam::saving
