// The tree of groups and datasets; each object header and each group's links are parsed once, when first asked for.
#include "frontend/src/saving/hdf5/file.h"

#include <bit>
#include <cstring>
#include <map>

#include <hornbeam/base/error.h>

#include "frontend/src/saving/hdf5/dataset.h"
#include "frontend/src/saving/hdf5/group.h"
#include "frontend/src/saving/hdf5/heap.h"
#include "frontend/src/saving/hdf5/messages.h"
#include "frontend/src/saving/printable.h"

static_assert(std::endian::native == std::endian::little, "files hold little-endian numbers, read as they are");

namespace hornbeam::hdf5 {

struct Node {
  std::vector<Message> header;
  std::optional<std::map<std::string, uint64_t>> links;  // of a group
  std::optional<Dataset> dataset;
};

struct File::Impl {
  Impl(Span bytes, std::string name) : image(bytes, std::move(name)), heap(image) {}

  Node& node(uint64_t address) {
    std::unique_ptr<Node>& node = nodes[address];
    if (!node) {
      auto fresh = std::make_unique<Node>();
      fresh->header = read_object_header(image, address);
      if (describes_group(fresh->header))
        fresh->links = read_links(image, fresh->header);
      else
        fresh->dataset = describe_dataset(image, fresh->header);
      node = std::move(fresh);
    }
    return *node;
  }

  Image image;
  GlobalHeap heap;
  std::map<uint64_t, std::unique_ptr<Node>> nodes;
};

File::File(Span bytes, std::string name) : impl_(std::make_unique<Impl>(bytes, std::move(name))) {}
File::~File() = default;

Object File::root() {
  Object root(*this, impl_->node(impl_->image.root()), "/");
  if (!root.is_group()) impl_->image.fail("its root is not a group");
  return root;
}

std::optional<Object> File::find(std::string_view path) {
  std::optional<Object> at = root();
  while (at && !path.empty()) {
    size_t end = std::min(path.find('/'), path.size());
    if (end > 0) at = at->is_group() ? at->child(std::string(path.substr(0, end))) : std::nullopt;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return at;
}

bool Object::is_group() const { return node_->links.has_value(); }
bool Object::is_dataset() const { return node_->dataset.has_value(); }

std::vector<std::string> Object::names() const {
  if (!is_group()) fail("it is a dataset where a group belongs");
  std::vector<std::string> names;
  for (const auto& [name, address] : *node_->links) names.push_back(name);
  return names;
}

std::optional<Object> Object::child(const std::string& name) const {
  if (!is_group()) fail("it is a dataset where a group belongs");
  auto found = node_->links->find(name);
  if (found == node_->links->end()) return std::nullopt;
  std::string path = (path_ == "/" ? path_ : path_ + "/") + name;
  if (found->second == kUndefined) {
    Object at = *this;
    at.path_ = path;
    at.fail("it is a soft or external link, which is not followed");
  }
  return Object(*file_, file_->impl_->node(found->second), std::move(path));
}

void Object::need_dataset() const {
  if (!is_dataset()) fail("it is a group where a dataset belongs");
}

const Shape& Object::shape() const {
  need_dataset();
  if (node_->dataset->space.null) fail("it has no elements at all");
  return node_->dataset->space.shape;
}

DType Object::dtype() const {
  need_dataset();
  const Datatype& type = node_->dataset->type;
  switch (type.kind) {
    case Datatype::Kind::number:
      return type.dtype;
    case Datatype::Kind::fixed_string:
    case Datatype::Kind::variable_string:
      return DType::string;
    case Datatype::Kind::raw2:
      // Keras keeps bfloat16 as two opaque bytes and says so in an attribute.
      if (auto text = attribute_strings("dtype"); text && text->size() == 1 && text->front() == "bfloat16")
        return DType::bfloat16;
      [[fallthrough]];
    default:
      fail("its elements (" + type.text + ") have no dtype that Keras has");
  }
}

Array Object::read() const {
  DType type = dtype();
  if (type == DType::string) fail("it holds strings where numbers belong");
  const Image& image = file_->impl_->image;
  Array array = read_numbers(image, *node_->dataset, shape(), type);
  return array;
}

std::vector<std::string> Object::read_strings() const {
  if (dtype() != DType::string) fail("it holds numbers where strings belong");
  const Image& image = file_->impl_->image;
  const Dataset& dataset = *node_->dataset;
  uint64_t count = count_elements(image, shape());
  std::vector<uint8_t> bytes = read_bytes(image, dataset, shape());
  if (dataset.type.kind == Datatype::Kind::variable_string)
    return read_variable_strings(image, file_->impl_->heap, bytes, count);
  return read_fixed_strings(bytes, count, dataset.type.size, dataset.type.padding);
}

std::optional<std::vector<std::string>> Object::attribute_strings(std::string_view name) const {
  const Image& image = file_->impl_->image;
  for (const Message& message : node_->header) {
    if (message.type == MessageType::attribute_info) {
      Cursor cursor(message.body, image.name(), "attribute info");
      cursor.skip(1);
      if (cursor.u8() & 1) cursor.skip(2);  // largest creation index
      if (image.address(cursor) != kUndefined) fail("its attributes fill a fractal heap, which is not supported");
    }
    if (message.type != MessageType::attribute) continue;
    Attribute attribute = read_attribute(image, message.body);
    if (attribute.name != name) continue;
    uint64_t count = attribute.space.null ? 0 : count_elements(image, attribute.space.shape);
    if (attribute.type.kind == Datatype::Kind::variable_string)
      return read_variable_strings(image, file_->impl_->heap, attribute.data, count);
    if (attribute.type.kind == Datatype::Kind::fixed_string)
      return read_fixed_strings(attribute.data, count, attribute.type.size, attribute.type.padding);
    if (count == 0) return std::vector<std::string>();  // NumPy makes an empty list one of floats
    fail("its attribute \"" + saving::printable(name) + "\" holds " + attribute.type.text + " where text belongs");
  }
  return std::nullopt;
}

void Object::fail(const std::string& problem) const {
  throw IOError(file_->impl_->image.name() + ": \"" + saving::printable(path_) + "\": " + problem);
}

}  // namespace hornbeam::hdf5
