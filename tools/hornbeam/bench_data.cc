// Random inputs and targets for `bench`.
#include "tools/hornbeam/bench_data.h"

#include <algorithm>

#include <hornbeam/base/error.h>
#include <hornbeam/base/philox.h>
#include <hornbeam/input.h>

namespace hornbeam::cli {
namespace {

struct Column {
  Shape shape;  // of one sample
  DType dtype = DType::float32;
  int64_t below = 0;  // of integers
};

Shape without_batch(const Shape& shape, const std::string& what) {
  Shape sample;
  for (int64_t i = 1; i < shape.rank(); ++i) {
    if (shape[i] == kUnknown)
      throw ValueError("bench needs known shapes, but " + what + " has shape " + shape.to_string());
    sample.push_back(shape[i]);
  }
  return sample;
}

// The smallest input_dim of an Embedding anywhere in the model, so that every id is a row of each; 2 where
// there is none.
int64_t most_ids(const Config& config) {
  int64_t found = 0;
  auto visit = [&](auto& self, const Config& value) -> void {
    if (value.is_array())
      for (const Config& entry : value.as_array()) self(self, entry);
    if (!value.is_object()) return;
    const Config* rows = value.find("input_dim");
    if (rows && rows->is_int()) found = found ? std::min(found, rows->as_int()) : rows->as_int();
    for (const auto& [key, entry] : value.as_object()) self(self, entry);
  };
  visit(visit, config);
  return found ? found : 2;
}

// The dtype of the model's input of this name; float32 where its Input is not one of its layers.
DType input_dtype(const Model& model, const std::string& name) {
  for (const Layer::SubLayer& sub : model.sublayers())
    if (auto input = std::dynamic_pointer_cast<layers::InputLayer>(sub.layer); input && input->name() == name)
      return input->dtype();
  return DType::float32;
}

std::vector<Column> input_columns(const Model& model) {
  std::vector<std::string> names = model.input_names();
  const Shapes& shapes = model.build_shapes();
  if (names.empty() || names.size() != shapes.size())
    throw ValueError("bench needs a model with known inputs; build it with an Input before saving");
  std::vector<Column> columns;
  int64_t ids = most_ids(model.shared()->config());
  for (size_t i = 0; i < names.size(); ++i)
    columns.push_back({without_batch(shapes[i], "input '" + names[i] + "'"), input_dtype(model, names[i]), ids});
  return columns;
}

bool is_sparse(const Loss& loss) {
  return loss && loss.config().at("class_name").as_string() == "SparseCategoricalCrossentropy";
}

std::vector<Column> target_columns(const Model& model) {
  Shapes outputs = model.compute_output_shape(model.build_shapes());
  const Tree<Loss>& losses = model.compile_options().loss;
  std::vector<std::string> names = model.output_names();
  std::vector<Column> columns;
  for (size_t i = 0; i < outputs.size(); ++i) {
    Column column{without_batch(outputs[i], "output " + std::to_string(i))};
    const Loss* loss = losses.is_map()      ? losses.find(names.at(i))
                       : losses.size() == 1 ? &losses[0]
                       : i < losses.size()  ? &losses[i]
                                            : nullptr;
    if (loss && is_sparse(*loss)) {
      column.below = column.shape[-1];
      column.dtype = DType::int32;
      std::vector<int64_t> leading(column.shape.begin(), column.shape.end());
      leading.pop_back();
      column.shape = Shape(leading);
    }
    columns.push_back(column);
  }
  return columns;
}

int64_t bytes_of(const std::vector<Column>& columns) {
  int64_t bytes = 0;
  for (const Column& column : columns)
    bytes += column.shape.num_elements() * static_cast<int64_t>(size_of(column.dtype));
  return bytes;
}

template <class T, class F>
void fill(Array& array, uint32_t stream, F value) {
  auto elements = array.mutable_as<T>();
  for (size_t i = 0; i < elements.size(); i += 4) {
    auto words = philox4x32({static_cast<uint32_t>(i), static_cast<uint32_t>(i >> 32), stream, 0}, {20261124, 0});
    for (size_t j = i; j < std::min(i + 4, elements.size()); ++j) elements[j] = value(words[j - i]);
  }
}

Array make_array(const Column& column, int64_t samples, uint32_t stream) {
  Shape shape{samples};
  for (int64_t dim : column.shape) shape.push_back(dim);
  if (is_float(column.dtype)) {
    Array array(DType::float32, shape);
    fill<float>(array, stream, [](uint32_t word) { return unit_float(word); });
    return column.dtype == DType::float32 ? array : array.cast(column.dtype);
  }
  if (column.dtype == DType::string) throw ValueError("bench makes no text; the model has a string input");
  Array array(DType::int32, shape);
  auto below = static_cast<uint64_t>(std::max<int64_t>(1, column.dtype == DType::boolean ? 2 : column.below));
  fill<int32_t>(array, stream, [&](uint32_t word) { return static_cast<int32_t>(word * below >> 32); });
  return column.dtype == DType::int32 ? array : array.cast(column.dtype);
}

Arrays make_arrays(const std::vector<Column>& columns, int64_t samples, uint32_t stream) {
  std::vector<Array> arrays;
  for (const Column& column : columns) arrays.push_back(make_array(column, samples, stream++));
  return arrays.size() == 1 ? Arrays(arrays[0]) : Arrays(arrays);
}

}  // namespace

BenchData make_bench_data(const Model& model, int64_t wanted, int64_t group, bool with_targets) {
  std::vector<Column> inputs = input_columns(model);
  std::vector<Column> targets;
  if (with_targets) targets = target_columns(model);
  int64_t sample = std::max<int64_t>(1, bytes_of(inputs) + bytes_of(targets));
  BenchData data;
  data.samples = std::max<int64_t>(1, std::min({wanted, kMostSamples, kMostBytes / sample}) / group) * group;
  data.x = make_arrays(inputs, data.samples, 0);
  if (with_targets) data.y = make_arrays(targets, data.samples, 1000);
  return data;
}

}  // namespace hornbeam::cli
