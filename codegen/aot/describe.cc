// Writes hb_model and the tables that it points to. The order of fields is that of support/support.h.
#include "codegen/aot/describe.h"

#include <algorithm>
#include <array>

#include <absl/strings/str_cat.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/GlobalVariable.h>

namespace hornbeam::codegen {
namespace {

constexpr int64_t kHeaderBytes = 512;  // HB_HEADER_BYTES
constexpr int64_t kAlignment = 64;
constexpr int64_t kPointerBytes = 8;     // at most
constexpr int64_t kRowsInOneCall = 256;  // row numbers that are made at a time

int64_t aligned(int64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

bool is_there(const EntryVariants& entry) { return !entry.lowered.empty(); }

std::array<const EntryVariants*, 4> entries_of(const Description& d) {
  return {&d.predict, &d.train, &d.train_last, &d.metrics};
}

int64_t port_bytes(const passes::Port& port) {
  int64_t bytes = static_cast<int64_t>(size_of(port.dtype));
  for (int64_t dim : port.shape) bytes *= dim;
  return bytes;
}

// Where an instance keeps its parts.
struct Places {
  std::array<int64_t, runtime::kNumSegments> segment_bytes{}, segments{};
  int64_t buffers = 0, arena = 0, rows = 0, rows_capacity = 0, outputs = 0, bytes = 0;
};

Places places_of(const Description& d) {
  Places p;
  for (const runtime::StateVariable& v : d.state) {
    int64_t end = v.offset + v.shape.num_elements() * static_cast<int64_t>(size_of(v.dtype));
    int64_t& bytes = p.segment_bytes[static_cast<int>(v.segment)];
    bytes = std::max(bytes, end);
  }
  int64_t at = kHeaderBytes;
  auto take = [&](int64_t bytes) {
    int64_t place = at;
    at += aligned(bytes);
    return place;
  };
  int64_t pointers = 0, arena = 0, batch = 1, outputs = 0;
  for (const EntryVariants* entry : entries_of(d)) {
    if (!is_there(*entry)) continue;
    const passes::LoweredEntry& first = entry->lowered.front();
    pointers = std::max<int64_t>(pointers, first.inputs.size() + 2 * first.outputs.size());
    for (const passes::LoweredEntry& variant : entry->lowered) arena = std::max(arena, variant.arena_bytes);
    batch = std::max(batch, first.batch_size);
    int64_t bytes = 0;
    for (const passes::Port& output : first.outputs) bytes += aligned(port_bytes(output));
    outputs = std::max(outputs, bytes);
  }
  p.rows_capacity = std::max<int64_t>(batch, kRowsInOneCall / batch * batch);
  p.buffers = take((runtime::kNumSegments + 1 + pointers) * kPointerBytes);
  for (int i = 0; i < runtime::kNumSegments; ++i) p.segments[i] = take(p.segment_bytes[i]);
  p.rows = take(p.rows_capacity * static_cast<int64_t>(sizeof(int64_t)));
  p.outputs = take(outputs);
  p.arena = take(arena);
  p.bytes = at + kAlignment;  // the memory that is given may lie anywhere
  return p;
}

// Constants of the module's target: pointers and 64-bit integers.
class Writer {
 public:
  explicit Writer(llvm::Module& module) : module_(module), context_(module.getContext()) {}

  llvm::Constant* number(int64_t value) { return llvm::ConstantInt::get(llvm::Type::getInt64Ty(context_), value); }
  llvm::Constant* null() { return llvm::ConstantPointerNull::get(llvm::PointerType::get(context_, 0)); }
  llvm::Constant* record(const std::vector<llvm::Constant*>& fields) {
    return llvm::ConstantStruct::getAnon(context_, fields);
  }

  // A pointer to a constant in memory; null for a list of nothing.
  llvm::Constant* global(llvm::Constant* value, int64_t alignment) {
    auto* global = new llvm::GlobalVariable(module_, value->getType(), /*isConstant=*/true,
                                            llvm::GlobalValue::PrivateLinkage, value, "hb_data");
    global->setAlignment(llvm::Align(alignment));
    return global;
  }
  llvm::Constant* list(const std::vector<llvm::Constant*>& values) {
    if (values.empty()) return null();
    auto* type = llvm::ArrayType::get(values.front()->getType(), values.size());
    return global(llvm::ConstantArray::get(type, values), 8);
  }
  llvm::Constant* numbers(const std::vector<int64_t>& values) {
    return values.empty() ? null() : global(llvm::ConstantDataArray::get(context_, llvm::ArrayRef<int64_t>(values)), 8);
  }
  llvm::Constant* text(const std::string& text) {
    return global(llvm::ConstantDataArray::getString(context_, text), 1);
  }
  llvm::Constant* bytes(const std::string& bytes) {
    return global(llvm::ConstantDataArray::getString(context_, bytes, /*AddNull=*/false), kAlignment);
  }
  llvm::Constant* function(const std::string& name) { return module_.getFunction(name); }

 private:
  llvm::Module& module_;
  llvm::LLVMContext& context_;
};

std::vector<int64_t> dims_of(const Shape& shape) { return {shape.begin(), shape.end()}; }

llvm::Constant* ports(Writer& w, const std::vector<passes::Port>& ports, const std::vector<std::string>& names) {
  std::vector<llvm::Constant*> records;
  for (size_t i = 0; i < ports.size(); ++i) {
    const passes::Port& port = ports[i];
    int64_t rows = port.per_batch ? port.shape[0] : 1;
    records.push_back(w.record({w.text(names[i]), w.text(numpy_name(port.dtype)), w.numbers(dims_of(port.shape)),
                                w.number(port.shape.rank()), w.number(port_bytes(port) / rows)}));
  }
  return w.list(records);
}

llvm::Constant* entry(Writer& w, const EntryVariants& entry) {
  if (!is_there(entry)) return w.null();
  const passes::LoweredEntry& first = entry.lowered.front();
  std::vector<llvm::Constant*> functions;
  int64_t threads = 1;
  for (size_t i = 0; i < entry.lowered.size(); ++i) {
    functions.push_back(w.function(entry.symbols[i]));
    threads = std::max<int64_t>(threads, entry.lowered[i].num_threads);
  }
  return w.global(w.record({w.list(functions), ports(w, first.inputs, entry.input_names), w.number(first.inputs.size()),
                            ports(w, first.outputs, entry.output_names), w.number(first.outputs.size()),
                            w.number(first.batch_size), w.number(threads)}),
                  8);
}

llvm::Constant* variables(Writer& w, const std::vector<runtime::StateVariable>& state) {
  std::vector<llvm::Constant*> records;
  for (const runtime::StateVariable& v : state) {
    int64_t bytes = v.shape.num_elements() * static_cast<int64_t>(size_of(v.dtype));
    records.push_back(
        w.record({w.text(v.name), w.text(numpy_name(v.dtype)), w.numbers(dims_of(v.shape)), w.number(v.shape.rank()),
                  w.number(bytes), w.number(static_cast<int>(v.segment)), w.number(v.offset)}));
  }
  return w.list(records);
}

absl::Status check(const EntryVariants& entry, const llvm::Module& module) {
  if (!is_there(entry)) return absl::OkStatus();
  if (entry.lowered.front().inputs.size() != entry.input_names.size() ||
      entry.lowered.front().outputs.size() != entry.output_names.size())
    return absl::InternalError(absl::StrCat("The names given for entry \"", entry.name, "\" do not fit its ports."));
  for (const std::string& symbol : entry.symbols)
    if (!module.getFunction(symbol))
      return absl::InternalError(absl::StrCat("The module lacks the function ", symbol, "."));
  return absl::OkStatus();
}

}  // namespace

std::string numpy_name(DType dtype) { return std::string(name_of(dtype)); }

int64_t instance_bytes(const Description& description) { return places_of(description).bytes; }

absl::Status describe(llvm::Module& module, const Description& d, const BinaryOptions& options) {
  for (const EntryVariants* entry : entries_of(d))
    if (absl::Status status = check(*entry, module); !status.ok()) return status;
  Writer w(module);
  Places p = places_of(d);
  std::vector<llvm::Constant*> fields = {w.text(options.prefix), variables(w, d.state),
                                         w.number(static_cast<int64_t>(d.state.size()))};
  for (int i = 0; i < runtime::kNumSegments; ++i) {
    const std::string& image = options.segments[i];
    if (!image.empty() && static_cast<int64_t>(image.size()) < p.segment_bytes[i])
      return absl::InternalError("The initial state is shorter than its segment.");
    bool zeros = std::all_of(image.begin(), image.end(), [](char c) { return c == 0; });
    bool outside = i == 0 && options.external_weights;
    fields.push_back(w.record({zeros || outside ? w.null() : w.bytes(image.substr(0, p.segment_bytes[i])),
                               w.number(p.segment_bytes[i]), w.number(p.segments[i])}));
  }
  for (int64_t value : {int64_t{options.external_weights}, int64_t{d.writes_weights}, d.num_targets, p.buffers, p.arena,
                        p.rows, p.rows_capacity, p.outputs, p.bytes, static_cast<int64_t>(d.levels.size())})
    fields.push_back(w.number(value));
  fields.push_back(w.numbers(d.levels));
  for (const EntryVariants* each : entries_of(d)) fields.push_back(entry(w, *each));
  llvm::Constant* value = w.record(fields);
  auto* global = new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::ExternalLinkage, value, "hb_model");
  global->setAlignment(llvm::Align(8));
  global->setVisibility(llvm::GlobalValue::HiddenVisibility);
  return absl::OkStatus();
}

}  // namespace hornbeam::codegen
