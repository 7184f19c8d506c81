// A table of numbers as text, with every delimiter, dtype and header choice; only IOError may come out.
#include <string_view>

#include <hornbeam/base/error.h>
#include <hornbeam/runtime/data/csv.h>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hornbeam;
  if (size == 0) return 0;
  constexpr DType kDTypes[] = {DType::float32, DType::float64, DType::int32, DType::int64};
  runtime::CsvOptions options;
  options.delimiter = ",;\t "[data[0] & 3];
  options.dtype = kDTypes[data[0] >> 2 & 3];
  if (data[0] & 16) options.header = (data[0] & 32) != 0;
  try {
    runtime::CsvTable table = runtime::parse_csv({reinterpret_cast<const char*>(data) + 1, size - 1}, "fuzz", options);
    if (!table.columns.empty() && static_cast<int64_t>(table.columns.size()) != table.values.shape()[1]) __builtin_trap();
  } catch (const IOError&) {
  }
  return 0;
}
