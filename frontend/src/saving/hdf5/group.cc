// Groups: symbol tables (version 1 B-trees over a local heap) and link messages.
#include "frontend/src/saving/hdf5/group.h"

#include <set>

#include "frontend/src/saving/hdf5/heap.h"
#include "frontend/src/saving/printable.h"

namespace hornbeam::hdf5 {
namespace {

using Links = std::map<std::string, uint64_t>;

void add_link(const Image& image, Links& links, std::string name, uint64_t address) {
  if (name.empty() || name.find('/') != std::string::npos || name.find('\0') != std::string::npos || name == ".")
    image.fail("a link has the name \"" + saving::printable(name) + "\", which is not allowed");
  std::string shown = saving::printable(name);
  if (!links.emplace(std::move(name), address).second) image.fail("a group has two members named \"" + shown + "\"");
}

// Walks the B-tree of one symbol table. The level of a child is one below its parent's, which bounds the depth.
class SymbolTableReader {
 public:
  SymbolTableReader(const Image& image, uint64_t heap, Links& links)
      : image_(image), heap_(image, heap), links_(links) {}

  void read_tree(uint64_t address, int expected_level) {
    visit(address);
    Cursor cursor = image_.cursor(address, "B-tree node of a group");
    cursor.expect("TREE");
    if (uint8_t type = cursor.u8(); type != 0) cursor.fail("it is of type " + std::to_string(type) + ", not 0");
    int level = cursor.u8();
    if (level > 16 || (expected_level >= 0 && level != expected_level))
      cursor.fail("its level is " + std::to_string(level) + ", which does not fit its parent");
    uint16_t entries = cursor.u16();
    cursor.skip(2 * image_.address_size());  // siblings
    cursor.skip(image_.length_size());       // key 0: an offset into the heap
    image_.charge(32 + uint64_t{entries} * 16);
    for (int i = 0; i < entries; ++i) {
      uint64_t child = image_.address(cursor);
      cursor.skip(image_.length_size());
      if (level > 0)
        read_tree(child, level - 1);
      else
        read_node(child);
    }
  }

 private:
  void read_node(uint64_t address) {
    visit(address);
    Cursor cursor = image_.cursor(address, "symbol table node");
    cursor.expect("SNOD");
    if (uint8_t version = cursor.u8(); version != 1)
      cursor.fail("version " + std::to_string(version) + " is not supported");
    cursor.skip(1);
    uint16_t symbols = cursor.u16();
    image_.charge(8 + uint64_t{symbols} * 40);
    for (int i = 0; i < symbols; ++i) {
      std::string name = heap_.text(image_.address(cursor));
      uint64_t header = image_.address(cursor);
      uint32_t cache = cursor.u32();
      cursor.skip(4 + 16);
      add_link(image_, links_, std::move(name), cache == 2 ? kUndefined : header);  // 2: a soft link
    }
  }

  void visit(uint64_t address) {
    if (!seen_.insert(address).second) image_.fail("the B-tree of a group goes in a circle");
  }

  const Image& image_;
  LocalHeap heap_;
  Links& links_;
  std::set<uint64_t> seen_;
};

}  // namespace

bool describes_group(const std::vector<Message>& header) {
  for (const Message& message : header)
    if (message.type == MessageType::symbol_table || message.type == MessageType::link_info ||
        message.type == MessageType::link)
      return true;
  return false;
}

std::map<std::string, uint64_t> read_links(const Image& image, const std::vector<Message>& header) {
  Links links;
  for (const Message& message : header) {
    if (message.type == MessageType::symbol_table) {
      Cursor cursor(message.body, image.name(), "symbol table");
      uint64_t tree = image.address(cursor);
      uint64_t heap = image.address(cursor);
      SymbolTableReader(image, heap, links).read_tree(tree, -1);
    } else if (message.type == MessageType::link) {
      Link link = read_link(image, message.body);
      add_link(image, links, std::move(link.name), link.address);
    } else if (message.type == MessageType::link_info) {
      Cursor cursor(message.body, image.name(), "link info");
      if (uint8_t version = cursor.u8(); version != 0)
        cursor.fail("version " + std::to_string(version) + " is not supported");
      if (cursor.u8() & 1) cursor.skip(8);  // largest creation index
      if (image.address(cursor) != kUndefined)
        cursor.fail(
            "a group whose links fill a fractal heap is not supported; write the file with libver=\"earliest\", as "
            "Keras does");
    }
  }
  return links;
}

}  // namespace hornbeam::hdf5
