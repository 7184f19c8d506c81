#include "frontend/src/model/data.h"

#include <algorithm>

#include "frontend/src/model/host_split.h"

namespace hornbeam {
namespace {

// A batch axis is needed: a column of scalars counts as one.
void check_rows(const char* job, const char* what, const Array& array, bool strings = false) {
  if (!array.valid()) throw ValueError(std::string(job) + ": " + what + " holds an array that was not given.");
  if (array.dtype() == DType::string && !strings)
    throw TypeError(std::string(job) + ": " + what + " holds strings. Turn them into numbers first.");
  if (array.shape().empty())
    throw ValueError(std::string(job) + ": " + what + " must have a batch axis. Received: an array of shape ()");
}

std::string sizes(const std::vector<Array>& arrays) {
  std::string text;
  for (const Array& array : arrays)
    if (array.valid()) text += (text.empty() ? "" : ", ") + std::to_string(array.shape()[0]);
  return text;
}

// By name where it is a map, else in order.
std::vector<Array> in_order(const char* what, const Arrays& given, const std::vector<std::string>& names) {
  if (!given.is_map()) return given.flat();
  std::vector<Array> arrays(names.size());
  for (size_t i = 0; i < given.size(); ++i) {
    auto at = std::find(names.begin(), names.end(), given.keys()[i]);
    if (at == names.end())
      throw ValueError(std::string(what) + " has an entry '" + given.keys()[i] + "', which the model does not know." +
                       registry::suggest(given.keys()[i], names));
    arrays[static_cast<size_t>(at - names.begin())] = given[i];
  }
  return arrays;
}

// Strings become what the compiled part takes, all of them at once; other arrays stay as they are.
void run_host_part(const Model& model, const char* job, Data& data) {
  bool strings = std::any_of(data.x.begin(), data.x.end(), [](const Array& x) { return x.dtype() == DType::string; });
  if (strings && !model.built()) {
    auto any_batch = [](const Array& array) {
      Shape shape = array.shape();
      shape[0] = kUnknown;
      return shape;
    };
    model.ensure_built(data.x.map(any_batch));
  }
  const HostSplit* split = host_split_of(model);
  if (!split) {
    if (!strings) return;
    throw TypeError(std::string(job) + ": x holds strings, and the model '" + model.name() +
                    "' has no layer for them. Begin it with a TextVectorization, StringLookup or Hashing layer.");
  }
  if (std::string_view(job) != "predict" && (!split->core || !split->epilogue.steps.empty()))
    throw ValueError(std::string(job) + ": the model '" + model.name() +
                     "' ends with a layer that runs on the host, so there is no loss of its outputs.");
  std::vector<Array> inputs = run_prologue(*split, data.x.flat());
  for (const Array& input : inputs)
    if (input.shape().empty() || input.shape()[0] != data.rows)
      throw ValueError(std::string(job) + ": the layers on strings of the model '" + model.name() +
                       "' do not keep the batch axis. Received: " + std::to_string(data.rows) +
                       " samples, which became an array of shape " + input.shape().to_string());
  data.x = inputs.size() == 1 ? Arrays(inputs[0]) : Arrays(std::move(inputs));
}

trace::Spec row_spec(const Array& array, int64_t batch_size) {
  Shape shape = array.shape();
  shape[0] = batch_size;
  return {array.dtype(), std::move(shape)};
}

}  // namespace

BatchSpec Data::spec(int64_t batch_size) const {
  BatchSpec spec;
  spec.size = batch_size;
  spec.x_structure = x.map([](const Array&) { return 0; });
  for (const Array& array : x) spec.x.push_back(row_spec(array, batch_size));
  for (const Array& array : y) spec.y.push_back(row_spec(array, batch_size));
  for (const Array& array : weights) {
    spec.has_weight.push_back(array.valid());
    if (array.valid()) spec.weights.push_back(row_spec(array, batch_size));
  }
  return spec;
}

std::vector<Array> Data::arrays() const {
  std::vector<Array> all = x.flat();
  all.insert(all.end(), y.begin(), y.end());
  for (const Array& weight : weights)
    if (weight.valid()) all.push_back(weight);
  return all;
}

Data Data::slice(int64_t begin, int64_t end) const {
  Data part = *this;
  part.rows = end - begin;
  auto rows_of = [&](const Array& array) { return array.valid() ? array.rows(begin, end) : array; };
  part.x = x.map(rows_of);
  for (Array& array : part.y) array = rows_of(array);
  for (Array& array : part.weights) array = rows_of(array);
  return part;
}

Data make_data(const Model& model, const char* job, const Arrays& x, const Arrays& y, const Arrays& sample_weight) {
  Data data;
  if (x.empty()) throw ValueError(std::string(job) + ": x holds no array.");
  std::vector<std::string> inputs = model.input_names();
  if (x.is_map() && !inputs.empty())
    data.x = Arrays(in_order("x", x, inputs));
  else
    data.x = x;
  if (!inputs.empty() && data.x.size() != inputs.size())
    throw ValueError(std::string(job) + ": the model '" + model.name() + "' expects " + std::to_string(inputs.size()) +
                     " inputs. Received: " + std::to_string(data.x.size()) + " arrays in x");
  data.y = in_order("y", y, model.output_names());
  data.weights = in_order("sample_weight", sample_weight, model.output_names());
  if (data.x.size() == 1 && data.x.kind() == Arrays::Kind::list) data.x = Arrays(data.x[0]);

  for (const Array& array : data.x) check_rows(job, "x", array, true);
  for (const Array& array : data.y) check_rows(job, "y", array);
  for (const Array& array : data.weights)
    if (array.valid()) check_rows(job, "sample_weight", array);
  data.rows = data.x[0].shape()[0];
  std::vector<Array> rest = data.arrays();
  for (const Array& array : rest)
    if (array.shape()[0] != data.rows)
      throw ValueError(
          "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x' sizes: " +
          sizes(data.x.flat()) + "; 'y' sizes: " + sizes(data.y) +
          (data.weights.empty() ? "" : "; 'sample_weight' sizes: " + sizes(data.weights)));
  if (data.rows == 0)
    throw ValueError(std::string(job) + ": the data have no samples. Received: x of shape " +
                     data.x[0].shape().to_string());
  run_host_part(model, job, data);
  return data;
}

void add_class_weight(Data& data, const std::map<int64_t, double>& class_weight) {
  if (class_weight.empty()) return;
  if (data.y.size() != 1) throw ValueError("`class_weight` is only supported for models with a single output.");
  for (const Array& weight : data.weights)
    if (weight.valid()) throw ValueError("You cannot `class_weight` and `sample_weight` at the same time.");
  const Array& y = data.y[0];
  int64_t width = data.rows ? y.num_elements() / data.rows : 1;
  Array weights(DType::float32, {data.rows});
  auto out = weights.mutable_as<float>();
  for (int64_t row = 0; row < data.rows; ++row) {
    int64_t label = 0;
    if (width == 1) {
      label = y.get_int(row);
    } else {
      for (int64_t i = 1; i < width; ++i)
        if (y.get(row * width + i) > y.get(row * width + label)) label = i;
    }
    auto at = class_weight.find(label);
    out[row] = at == class_weight.end() ? 1.0f : static_cast<float>(at->second);
  }
  data.weights = {weights};
}

void check_labels(const Data& data, const Training& training, const std::vector<trace::Spec>& y_pred) {
  for (size_t output = 0; output < data.y.size() && output < y_pred.size(); ++output) {
    const Loss& loss = training.loss(output);
    const Array& y = data.y[output];
    if (!loss || !is_integer(y.dtype())) continue;
    const losses::Loss& object = *loss;
    if (registry::class_name(typeid(object)) != "SparseCategoricalCrossentropy") continue;
    Config config = object.config();
    int64_t axis = -1;
    config.read("axis", axis);
    std::optional<int64_t> ignored;
    config.read("ignore_class", ignored);
    int64_t classes = y_pred[output].shape[axis];
    for (int64_t i = 0, n = y.num_elements(); i < n; ++i) {
      int64_t label = y.get_int(i);
      if ((label < 0 || label >= classes) && label != ignored)
        throw ValueError("Received a label value of " + std::to_string(label) +
                         " which is outside the valid range of [0, " + std::to_string(classes) + "), at position " +
                         std::to_string(i) + " of y. The output has " + std::to_string(classes) + " classes.");
    }
  }
}

}  // namespace hornbeam
