// A TFRecord file, compressed or not, whose records are parsed as Examples; and the bytes as an Example by themselves, since
// few changes keep a record's checksums right. Only IOError and ValueError may come out.
#include <string_view>

#include <hornbeam/base/error.h>
#include <hornbeam/data/tfrecord_dataset.h>

#include "runtime/data/tfrecord.h"

namespace {

void parse(std::string_view record) {
  using namespace hornbeam;
  static const ExampleFeatures features[] = {
      {{"values", {.shape = {kUnknown}}}, {"name", {.dtype = DType::string, .shape = {kUnknown}}}},
      {{"values", {.shape = {kUnknown, 3}, .default_value = 1}}, {"label", {.dtype = DType::int32}}},
      {{"name", {.dtype = DType::int16, .shape = {kUnknown}, .encoding = FeatureEncoding::raw}}},
      {{"name", {.dtype = DType::uint8, .encoding = FeatureEncoding::image}}}};
  for (const ExampleFeatures& wanted : features) try {
      parse_example(record, wanted);
    } catch (const IOError&) {
    } catch (const ValueError&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hornbeam;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  parse(bytes);
  try {
    auto reader = runtime::RecordReader::of_bytes(bytes, "fuzz");
    for (std::string record; reader->next(record);) parse(record);
  } catch (const IOError&) {
  }
  return 0;
}
