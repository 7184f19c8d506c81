// Byte sources over memory, gzip and files.
#include "runtime/data/source.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include <sys/stat.h>
#include <zlib.h>

#include <hornbeam/base/error.h>

namespace hornbeam::runtime {
namespace {

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  size_t read(void* to, size_t bytes) override {
    bytes = std::min(bytes, bytes_.size());
    if (bytes) std::memcpy(to, bytes_.data(), bytes);
    bytes_.remove_prefix(bytes);
    return bytes;
  }
  size_t at_most_left() const override { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

class GzipSource : public ByteSource {
 public:
  GzipSource(std::string_view bytes, std::string origin) : bytes_(bytes), origin_(std::move(origin)) {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw IOError("Cannot read '" + origin_ + "': no memory.");
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  size_t read(void* to, size_t bytes) override {
    size_t done = 0;
    while (done < bytes && !ended_) {
      size_t in = std::min<size_t>(bytes_.size(), INT_MAX);
      size_t out = std::min<size_t>(bytes - done, INT_MAX);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes_.data()));
      stream_.avail_in = static_cast<uInt>(in);
      stream_.next_out = static_cast<Bytef*>(to) + done;
      stream_.avail_out = static_cast<uInt>(out);
      int status = inflate(&stream_, Z_NO_FLUSH);
      bytes_.remove_prefix(in - stream_.avail_in);
      done += out - stream_.avail_out;
      if (status == Z_STREAM_END) {
        ended_ = bytes_.empty();
        if (!ended_ && inflateReset(&stream_) != Z_OK) fail("a second gzip member cannot be read");
      } else if (status == Z_BUF_ERROR || (status == Z_OK && bytes_.empty() && stream_.avail_out != 0)) {
        fail("the gzip stream ends too early");
      } else if (status != Z_OK) {
        fail(stream_.msg ? stream_.msg : "the gzip stream is damaged");
      }
    }
    return done;
  }
  // Deflate makes at most 1032 bytes of one; the window may hold some more.
  size_t at_most_left() const override {
    size_t left = 0;
    if (ended_) return 0;
    return __builtin_mul_overflow(bytes_.size(), size_t{1032}, &left) || left > SIZE_MAX - 65536 ? SIZE_MAX
                                                                                                 : left + 65536;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const { throw IOError("'" + origin_ + "' is damaged: " + why + "."); }

  std::string_view bytes_;
  std::string origin_;
  z_stream stream_ = {};
  bool ended_ = false;
};

class FileSource : public ByteSource {
 public:
  explicit FileSource(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "rbe")) {
    struct stat info;
    if (!file_) throw IOError("Cannot open '" + path + "': " + std::strerror(errno) + ".");
    if (::fstat(::fileno(file_.get()), &info) != 0) fail();
    if (!S_ISREG(info.st_mode)) throw IOError("Cannot read '" + path + "': it is no regular file.");
    left_ = static_cast<size_t>(info.st_size);
    std::setvbuf(file_.get(), nullptr, _IOFBF, 1 << 16);
  }
  size_t read(void* to, size_t bytes) override {
    size_t done = std::fread(to, 1, bytes, file_.get());
    if (done < bytes && std::ferror(file_.get())) fail();
    left_ -= std::min(left_, done);
    return done;
  }
  size_t at_most_left() const override { return left_; }

 private:
  [[noreturn]] void fail() const { throw IOError("Cannot read '" + path_ + "': " + std::strerror(errno) + "."); }

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  size_t left_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> memory_source(std::string_view bytes) { return std::make_unique<MemorySource>(bytes); }

std::unique_ptr<ByteSource> gzip_source(std::string_view bytes, const std::string& origin) {
  return std::make_unique<GzipSource>(bytes, origin);
}

bool is_gzip(std::string_view bytes) { return bytes.substr(0, 2) == "\x1f\x8b"; }

Array make_array(DType dtype, const Shape& shape, const std::string& origin) {
  try {
    return Array(dtype, shape);
  } catch (const ValueError& error) {
    throw IOError("Cannot read '" + origin + "': " + error.what());
  }
}

std::unique_ptr<ByteSource> file_source(const std::string& path) { return std::make_unique<FileSource>(path); }

}  // namespace hornbeam::runtime
