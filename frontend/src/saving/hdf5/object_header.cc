// Object headers of versions 1 and 2, with their continuation blocks.
#include <set>

#include "frontend/src/saving/hdf5/checksum.h"
#include "frontend/src/saving/hdf5/messages.h"

namespace hornbeam::hdf5 {
namespace {

constexpr std::string_view kWhat = "object header";
constexpr uint8_t kShared = 0x02;  // the body says where the message is kept instead
constexpr uint8_t kFailIfUnknown = 0x80;

struct Block {
  uint64_t address;
  uint64_t length;
};

// Reads headers block by block; continuation messages add blocks, each at most once.
class HeaderReader {
 public:
  HeaderReader(const Image& image, uint64_t address) : image_(image), address_(address) {}

  std::vector<Message> read() {
    Cursor start = image_.cursor(address_, kWhat);
    Span first = start.take(4);
    if (first[0] == 'O' && first[1] == 'H' && first[2] == 'D' && first[3] == 'R')
      read_version_2(start);
    else if (first[0] == 1)
      read_version_1();
    else
      start.fail("its version is not 1 or 2 (at byte " + std::to_string(address_) + ")");
    return std::move(messages_);
  }

 private:
  void read_version_1() {
    Cursor prefix = image_.cursor(address_, 16, kWhat);
    prefix.skip(2);  // version, reserved
    uint16_t count = prefix.u16();
    prefix.skip(4);  // reference count
    add_block({address_ + 16, prefix.u32()});
    for (size_t i = 0; i < blocks_.size(); ++i) {
      Cursor cursor = image_.cursor(blocks_[i].address, blocks_[i].length, kWhat);
      while (cursor.left() >= 8) {
        uint16_t type = cursor.u16();
        uint16_t size = cursor.u16();
        uint8_t flags = cursor.u8();
        cursor.skip(3);
        add_message(type, flags, cursor.take(size), cursor);
        if (++seen_ > count)
          cursor.fail("it has more messages than the " + std::to_string(count) + " that it announces");
      }
    }
    if (seen_ != count)
      image_.fail("object header: it has " + std::to_string(seen_) + " messages but announces " +
                  std::to_string(count));
  }

  void read_version_2(Cursor& prefix) {
    if (uint8_t version = prefix.u8(); version != 2)
      prefix.fail("its version is " + std::to_string(version) + ", not 2");
    uint8_t flags = prefix.u8();
    if (flags & 0x20) prefix.skip(16);  // times
    if (flags & 0x10) prefix.skip(4);   // limits of compact attribute storage
    uint64_t length = prefix.uint(1 << (flags & 3));
    creation_order_ = flags & 0x04;
    read_block_2(address_, prefix.position(), length);
    for (size_t i = 0; i < blocks_.size(); ++i) {
      auto [address, size] = blocks_[i];
      Cursor cursor = image_.cursor(address, size, "object header continuation");
      cursor.expect("OCHK");
      if (size < 8) cursor.fail("it is too short");
      read_block_2(address, 4, size - 8);
    }
  }

  // Messages of one version 2 block: `skip` bytes of prefix, `length` of messages, then the checksum of both.
  void read_block_2(uint64_t address, uint64_t skip, uint64_t length) {
    if (length > image_.size()) image_.fail("object header: a block of it is larger than the file");
    image_.charge(length + skip);
    Span covered = image_.slice(address, skip + length, kWhat);
    if (image_.cursor(address + skip + length, 4, kWhat).u32() != lookup3(covered))
      image_.fail("object header at byte " + std::to_string(address) + ": its checksum does not match");
    Cursor cursor = image_.cursor(address + skip, length, kWhat);
    size_t head = creation_order_ ? 6 : 4;
    while (cursor.left() >= head) {
      uint8_t type = cursor.u8();
      uint16_t size = cursor.u16();
      uint8_t flags = cursor.u8();
      if (creation_order_) cursor.skip(2);
      add_message(type, flags, cursor.take(size), cursor);
    }
  }

  void add_message(uint16_t type, uint8_t flags, Span body, const Cursor& cursor) {
    auto known = static_cast<MessageType>(type);
    switch (known) {
      case MessageType::continuation: {
        Cursor where(body, image_.name(), "object header continuation");
        uint64_t address = image_.address(where);
        add_block({address, image_.length(where)});
        return;
      }
      case MessageType::dataspace:
      case MessageType::link_info:
      case MessageType::datatype:
      case MessageType::link:
      case MessageType::external_files:
      case MessageType::layout:
      case MessageType::filters:
      case MessageType::attribute:
      case MessageType::symbol_table:
      case MessageType::attribute_info:
        if (flags & kShared) cursor.fail("a message shared between objects (a named datatype, say) is not supported");
        messages_.push_back({known, body});
        return;
    }
    if (type > 0x17 && (flags & kFailIfUnknown))
      cursor.fail("it needs a feature of a newer HDF5 (message " + std::to_string(type) + ")");
  }

  void add_block(Block block) {
    if (!seen_blocks_.insert(block.address).second)
      image_.fail("object header at byte " + std::to_string(address_) + ": its continuations go in a circle");
    image_.slice(block.address, block.length, "object header continuation");
    image_.charge(block.length + 16);
    blocks_.push_back(block);
  }

  const Image& image_;
  uint64_t address_;
  bool creation_order_ = false;
  std::vector<Block> blocks_;
  std::set<uint64_t> seen_blocks_;
  std::vector<Message> messages_;
  size_t seen_ = 0;
};

}  // namespace

std::vector<Message> read_object_header(const Image& image, uint64_t address) {
  return HeaderReader(image, address).read();
}

}  // namespace hornbeam::hdf5
