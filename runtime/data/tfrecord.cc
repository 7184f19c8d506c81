// Plain or inflated bytes, cut into records.
#include "runtime/data/tfrecord.h"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <vector>

#include <hornbeam/base/error.h>

#include "runtime/data/crc32c.h"

namespace hornbeam::runtime {
namespace {

constexpr size_t kChunk = size_t{1} << 16;
constexpr size_t kHeader = 12;  // length and its checksum

template <class T>
T little_endian(const char* at) {
  T value = 0;
  for (size_t i = 0; i < sizeof value; ++i) value |= T{static_cast<uint8_t>(at[i])} << (8 * i);
  return value;
}

// Bytes in order; up to `size`, fewer only at the end.
using Read = std::function<size_t(char* to, size_t size)>;

Read read_bytes(std::string_view bytes) {
  return [bytes](char* to, size_t size) mutable {
    size_t count = std::min(size, bytes.size());
    std::memcpy(to, bytes.data(), count);
    bytes.remove_prefix(count);
    return count;
  };
}

Read read_file_by_parts(const std::string& path) {
  std::shared_ptr<std::FILE> file(std::fopen(path.c_str(), "rbe"), [](std::FILE* f) {
    if (f) std::fclose(f);
  });
  if (!file) throw IOError("Cannot open '" + path + "': " + std::strerror(errno) + ".");
  return [file, path](char* to, size_t size) {
    size_t count = std::fread(to, 1, size, file.get());
    if (count < size && std::ferror(file.get())) throw IOError("Cannot read '" + path + "': " + std::strerror(errno) + ".");
    return count;
  };
}

// What was looked at, then the rest.
Read put_back(std::string begin, Read rest) {
  return [begin = std::move(begin), at = size_t{0}, rest = std::move(rest)](char* to, size_t size) mutable {
    size_t count = std::min(size, begin.size() - at);
    std::memcpy(to, begin.data() + at, count);
    at += count;
    return count + (count < size ? rest(to + count, size - count) : 0);
  };
}

class Inflater {
 public:
  Inflater(Read compressed, bool gzip, const std::string& origin)
      : compressed_(std::move(compressed)), origin_(origin), input_(kChunk) {
    if (inflateInit2(&stream_, 15 + (gzip ? 16 : 0)) != Z_OK) throw IOError("'" + origin + "': no memory to inflate it.");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;

  size_t read(char* to, size_t size) {
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out > 0) {
      if (stream_.avail_in == 0) {
        stream_.next_in = input_.data();
        stream_.avail_in = static_cast<uInt>(compressed_(reinterpret_cast<char*>(input_.data()), input_.size()));
        if (stream_.avail_in == 0 && ended_) break;
        if (stream_.avail_in == 0) throw IOError("'" + origin_ + "' is damaged: its compressed data end too early.");
      }
      if (ended_) inflateReset(&stream_);  // gzip files may be put one behind another
      ended_ = false;
      int result = inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_STREAM_END)
        ended_ = true;
      else if (result != Z_OK)
        throw IOError("'" + origin_ + "' is damaged: its compressed data make no sense.");
    }
    return size - stream_.avail_out;
  }

 private:
  Read compressed_;
  std::string origin_;
  std::vector<Bytef> input_;
  z_stream stream_{};
  bool ended_ = false;
};

class Reader : public RecordReader {
 public:
  Reader(Read read, std::string origin) : read_(std::move(read)), origin_(std::move(origin)) {}

  bool next(std::string& record) override {
    char header[kHeader];
    size_t got = read_(header, sizeof header);
    if (got == 0) return false;
    if (got < sizeof header) damaged("it ends within a record's length");
    if (masked_crc32c({header, 8}) != little_endian<uint32_t>(header + 8)) damaged("the checksum of its length is wrong");
    const auto length = little_endian<uint64_t>(header);
    record.clear();
    while (record.size() < length) {  // memory grows as bytes come
      const size_t before = record.size();
      const auto part = static_cast<size_t>(std::min<uint64_t>(length - before, kGrowth));
      record.resize(before + part);
      if (read_(record.data() + before, part) < part) damaged("it ends too early");
    }
    char footer[4];
    if (read_(footer, sizeof footer) < sizeof footer) damaged("it ends too early");
    if (masked_crc32c(record) != little_endian<uint32_t>(footer)) damaged("its checksum is wrong");
    ++number_;
    return true;
  }

 private:
  static constexpr uint64_t kGrowth = uint64_t{1} << 20;
  [[noreturn]] void damaged(const char* why) const {
    throw IOError("'" + origin_ + "' is damaged, or no TFRecord file: record " + std::to_string(number_) + ": " + why + ".");
  }

  Read read_;
  std::string origin_;
  int64_t number_ = 0;
};

std::unique_ptr<RecordReader> make_reader(Read read, const std::string& origin, RecordCompression compression) {
  if (compression == RecordCompression::automatic) {
    std::string begin(kHeader, '\0');
    begin.resize(read(begin.data(), begin.size()));
    auto byte = [&](size_t i) { return i < begin.size() ? static_cast<uint8_t>(begin[i]) : 0; };
    compression = RecordCompression::none;
    const bool plain = begin.size() == kHeader && masked_crc32c({begin.data(), 8}) == little_endian<uint32_t>(begin.data() + 8);
    if (!plain && byte(0) == 0x1f && byte(1) == 0x8b) compression = RecordCompression::gzip;
    if (!plain && (byte(0) & 0x0f) == 8 && byte(0) >> 4 <= 7 && (byte(0) * 256 + byte(1)) % 31 == 0 && !begin.empty())
      compression = RecordCompression::zlib;
    read = put_back(std::move(begin), std::move(read));
  }
  if (compression != RecordCompression::none) {
    auto inflater = std::make_shared<Inflater>(std::move(read), compression == RecordCompression::gzip, origin);
    read = [inflater](char* to, size_t size) { return inflater->read(to, size); };
  }
  return std::make_unique<Reader>(std::move(read), origin);
}

}  // namespace

std::unique_ptr<RecordReader> RecordReader::open(const std::string& path, RecordCompression compression) {
  return make_reader(read_file_by_parts(path), path, compression);
}

std::unique_ptr<RecordReader> RecordReader::of_bytes(std::string_view bytes, const std::string& origin,
                                                     RecordCompression compression) {
  return make_reader(read_bytes(bytes), origin, compression);
}

}  // namespace hornbeam::runtime
