// Writing by libhdf5's core driver, which keeps the file in memory.
#include "frontend/src/saving/hdf5_writer.h"

#include <hdf5.h>

#include <algorithm>
#include <mutex>

#include <hornbeam/base/error.h>

namespace hornbeam::hdf5 {
namespace {

constexpr size_t kMostAttribute = 64512;  // bytes of a list in one attribute: Keras' HDF5_OBJECT_HEADER_LIMIT
constexpr size_t kGrowth = 1 << 20;

// Debian's libhdf5 is not made for threads: one writer works at a time.
std::mutex& library() {
  static std::mutex* mutex = new std::mutex();
  return *mutex;
}

// An object of the library, closed when it goes.
class Id {
 public:
  Id(hid_t id, herr_t (*close)(hid_t), const std::string& what) : id_(id), close_(close) {
    if (id < 0) throw IOError("libhdf5 could not write " + what);
  }
  ~Id() { close_(id_); }
  Id(const Id&) = delete;
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

// h5py's type of a NumPy bool.
hid_t make_bool() {
  hid_t type = H5Tenum_create(H5T_STD_I8LE);
  int8_t value = 0;
  H5Tenum_insert(type, "FALSE", &value);
  value = 1;
  H5Tenum_insert(type, "TRUE", &value);
  return type;
}

// IEEE's 16-bit float.
hid_t make_half() {
  hid_t type = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(type, 15, 10, 5, 0, 10);
  H5Tset_size(type, 2);
  H5Tset_ebias(type, 15);
  return type;
}

hid_t make_type(DType dtype) {
  switch (dtype) {
    case DType::boolean:
      return make_bool();
    case DType::int8:
      return H5Tcopy(H5T_STD_I8LE);
    case DType::int16:
      return H5Tcopy(H5T_STD_I16LE);
    case DType::int32:
      return H5Tcopy(H5T_STD_I32LE);
    case DType::int64:
      return H5Tcopy(H5T_STD_I64LE);
    case DType::uint8:
      return H5Tcopy(H5T_STD_U8LE);
    case DType::uint16:
      return H5Tcopy(H5T_STD_U16LE);
    case DType::uint32:
      return H5Tcopy(H5T_STD_U32LE);
    case DType::uint64:
      return H5Tcopy(H5T_STD_U64LE);
    case DType::float16:
      return make_half();
    case DType::bfloat16: {
      hid_t type = H5Tcreate(H5T_OPAQUE, 2);
      H5Tset_tag(type, "");
      return type;
    }
    case DType::float32:
      return H5Tcopy(H5T_IEEE_F32LE);
    case DType::float64:
      return H5Tcopy(H5T_IEEE_F64LE);
    default:
      return -1;
  }
}

hid_t make_space(const Shape& shape) {
  if (shape.empty()) return H5Screate(H5S_SCALAR);
  std::vector<hsize_t> dims(shape.begin(), shape.end());
  return H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
}

// A link, and the groups above it. As in h5py a name is marked as UTF-8 only if it has other than ASCII characters: the
// mark takes another kind of group.
hid_t link_properties(const std::string& path) {
  hid_t properties = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(properties, 1);
  bool ascii = std::all_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) H5Pset_char_encoding(properties, H5T_CSET_UTF8);
  return properties;
}

void write_text(hid_t object, const std::string& name, const std::string& text) {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose, name);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  Id space(H5Screate(H5S_SCALAR), H5Sclose, name);
  Id attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "attribute " + name);
  const char* value = text.c_str();
  if (H5Awrite(attribute, type, &value) < 0) throw IOError("libhdf5 could not write attribute " + name);
}

}  // namespace

Writer::Writer() {
  std::lock_guard lock(library());
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // errors are told by ours
  Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "a file");
  H5Pset_fapl_core(access, kGrowth, false);
  file_ = H5Fcreate("memory.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access);
  if (file_ < 0) throw IOError("libhdf5 could not make a file in memory");
}

Writer::~Writer() {
  std::lock_guard lock(library());
  if (file_ >= 0) H5Fclose(file_);
}

void Writer::group(const std::string& path) {
  std::lock_guard lock(library());
  if (path.empty()) return;
  size_t slash = 0;
  while (slash != std::string::npos) {
    slash = path.find('/', slash + 1);
    std::string part = path.substr(0, slash);
    if (H5Lexists(file_, part.c_str(), H5P_DEFAULT) > 0) continue;
    Id links(link_properties(part), H5Pclose, part);
    Id group(H5Gcreate2(file_, part.c_str(), links, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, "group " + part);
  }
}

void Writer::dataset(const std::string& path, const Array& array) {
  std::lock_guard lock(library());
  std::string what = "array " + path;
  Id type(make_type(array.dtype()), H5Tclose, what + " of dtype " + std::string(name_of(array.dtype())));
  Id space(make_space(array.shape()), H5Sclose, what);
  Id links(link_properties(path), H5Pclose, what);
  Id properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, what);
  H5Pset_obj_track_times(properties, false);  // equal models, equal files
  Id dataset(H5Dcreate2(file_, path.c_str(), type, space, links, properties, H5P_DEFAULT), H5Dclose, what);
  if (array.num_elements() > 0 && H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.data()) < 0)
    throw IOError("libhdf5 could not write " + what);
  if (array.dtype() == DType::bfloat16) write_text(dataset, "dtype", "bfloat16");
}

void Writer::attribute(const std::string& path, const std::string& name, const std::string& text) {
  group(path);
  std::lock_guard lock(library());
  Id object(H5Oopen(file_, path.empty() ? "/" : path.c_str(), H5P_DEFAULT), H5Oclose, "attribute " + name);
  write_text(object, name, text);
}

void Writer::attribute_list(const std::string& path, const std::string& name, const std::vector<std::string>& texts) {
  group(path);
  std::lock_guard lock(library());
  Id object(H5Oopen(file_, path.empty() ? "/" : path.c_str(), H5P_DEFAULT), H5Oclose, "attribute " + name);
  size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  if (longest > kMostAttribute)
    throw IOError("A name of " + std::to_string(longest) + " bytes is too long for an .h5 file");
  if (longest * texts.size() <= kMostAttribute) return write_list(object, name, texts, 0, texts.size());
  // As numpy.array_split: the first parts are longer by one.
  size_t parts = 2;
  while ((texts.size() + parts - 1) / parts * longest > kMostAttribute) ++parts;
  for (size_t part = 0, at = 0; part < parts; ++part) {
    size_t end = at + texts.size() / parts + (part < texts.size() % parts ? 1 : 0);
    write_list(object, name + std::to_string(part), texts, at, end);
    at = end;
  }
}

void Writer::write_list(int64_t object, const std::string& name, const std::vector<std::string>& texts, size_t begin,
                        size_t end) {
  size_t longest = 1;
  for (size_t i = begin; i < end; ++i) longest = std::max(longest, texts[i].size());
  Id type(H5Tcopy(H5T_C_S1), H5Tclose, name);
  H5Tset_size(type, longest);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  hsize_t count = end - begin;
  Id space(H5Screate_simple(1, &count, nullptr), H5Sclose, name);
  Id attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "attribute " + name);
  std::string packed;
  for (size_t i = begin; i < end; ++i) {
    packed += texts[i];
    packed.resize((i - begin + 1) * longest, '\0');
  }
  if (count > 0 && H5Awrite(attribute, type, packed.data()) < 0)
    throw IOError("libhdf5 could not write attribute " + name);
}

std::string Writer::finish() {
  std::lock_guard lock(library());
  if (H5Fflush(file_, H5F_SCOPE_GLOBAL) < 0) throw IOError("libhdf5 could not finish the file");
  ssize_t size = H5Fget_file_image(file_, nullptr, 0);
  if (size < 0) throw IOError("libhdf5 could not finish the file");
  std::string bytes(static_cast<size_t>(size), '\0');
  if (H5Fget_file_image(file_, bytes.data(), bytes.size()) != size) throw IOError("libhdf5 could not finish the file");
  H5Fclose(file_);
  file_ = -1;
  return bytes;
}

}  // namespace hornbeam::hdf5
