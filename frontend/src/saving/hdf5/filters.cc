// The filters of chunked data, undone: deflate, shuffle, Fletcher's checksum.
#include <zlib.h>

#include <algorithm>

#include "frontend/src/saving/hdf5/checksum.h"
#include "frontend/src/saving/hdf5/chunks.h"

namespace hornbeam::hdf5 {
namespace {

enum Id : uint16_t { kDeflate = 1, kShuffle = 2, kFletcher32 = 3 };

// Deflate cannot do better than 1032 bytes out of one.
constexpr uint64_t kMostDeflation = 1032;

std::vector<uint8_t> inflate_all(const Image& image, const std::vector<uint8_t>& packed, uint64_t most) {
  if (most / kMostDeflation > packed.size())
    image.fail("a compressed chunk of " + std::to_string(packed.size()) + " bytes cannot hold " + std::to_string(most));
  z_stream stream = {};
  if (inflateInit(&stream) != Z_OK) image.fail("zlib could not be started");
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());  // zlib counts in 32 bits, and so do chunks
  // The memory grows with what really comes out, so a damaged chunk cannot claim more than it fills.
  std::vector<uint8_t> plain;
  int status = Z_OK;
  while (status == Z_OK && plain.size() < most) {
    size_t done = plain.size();
    plain.resize(std::min<uint64_t>(most, std::max<uint64_t>(65536, 2 * done)));
    stream.next_out = plain.data() + done;
    stream.avail_out = static_cast<uInt>(plain.size() - done);
    status = inflate(&stream, Z_NO_FLUSH);
    if (status == Z_OK && stream.avail_out != 0) break;  // the input ended too early
    plain.resize(plain.size() - stream.avail_out);
  }
  // The end mark may come after the last byte.
  uint8_t nothing;
  stream.next_out = &nothing;
  stream.avail_out = 0;
  if (status == Z_OK) status = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (status != Z_STREAM_END) image.fail("a compressed chunk is damaged or longer than its dataset says");
  return plain;
}

std::vector<uint8_t> unshuffle(const std::vector<uint8_t>& mixed, uint64_t element) {
  if (element <= 1) return mixed;
  uint64_t count = mixed.size() / element;
  if (count == 0) return mixed;
  std::vector<uint8_t> plain(mixed);  // bytes beyond the last whole element stay where they are
  for (uint64_t byte = 0; byte < element; ++byte)
    for (uint64_t i = 0; i < count; ++i) plain[i * element + byte] = mixed[byte * count + i];
  return plain;
}

std::vector<uint8_t> check_fletcher(const Image& image, std::vector<uint8_t> bytes) {
  if (bytes.size() < 4) image.fail("a chunk is too short for its checksum");
  Span data = Span(bytes).first(bytes.size() - 4);
  Cursor cursor(Span(bytes).last(4), image.name(), "checksum");
  uint32_t stored = cursor.u32();
  uint32_t found = fletcher32(data);
  // HDF5 reduces modulo 65535 in a way that may leave 65535 for 0.
  if (stored % 65536 % 65535 != found % 65536 || (stored >> 16) % 65535 != found >> 16)
    image.fail("a chunk's checksum does not match");
  bytes.resize(bytes.size() - 4);
  return bytes;
}

}  // namespace

std::vector<uint8_t> undo_filters(const Image& image, Span stored, const std::vector<Filter>& filters, uint32_t mask,
                                  uint64_t chunk_bytes) {
  if (chunk_bytes > UINT32_MAX) image.fail("a chunk of more than 4 GiB");
  // What a checksum before the compression adds to the bytes that inflate gives.
  uint64_t most = chunk_bytes;
  for (size_t i = 0; i < filters.size(); ++i)
    if (filters[i].id == kFletcher32 && !(mask >> i & 1)) most += 4;
  std::vector<uint8_t> bytes(stored.begin(), stored.end());
  for (size_t i = filters.size(); i-- > 0;) {
    if (mask >> i & 1) continue;
    switch (filters[i].id) {
      case kDeflate:
        bytes = inflate_all(image, bytes, most);
        break;
      case kShuffle:
        bytes = unshuffle(bytes, filters[i].values.empty() ? 1 : filters[i].values[0]);
        break;
      case kFletcher32:
        bytes = check_fletcher(image, std::move(bytes));
        break;
      default:
        image.fail("filter " + std::to_string(filters[i].id) + " is not supported (gzip, shuffle and fletcher32 are)");
    }
  }
  if (bytes.size() != chunk_bytes)
    image.fail("a chunk has " + std::to_string(bytes.size()) + " bytes where " + std::to_string(chunk_bytes) +
               " belong");
  return bytes;
}

}  // namespace hornbeam::hdf5
