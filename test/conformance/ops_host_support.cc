// keras.ops that have no place in a compiled program: results whose shape depends on the elements, and plain values.
#include <hornbeam/ops/create.h>
#include <hornbeam/ops/sort.h>

#include "test/conformance/ops_arguments_support.h"

namespace hornbeam::conformance {

using nlohmann::json;

const FunctionTable& host_functions() {
  static const FunctionTable table = {
      {"keras.ops.nonzero", [](A a, T t) -> Tensors { return ops::nonzero(x(a, t)); }},
      {"keras.ops.where",
       [](A a, T t) -> Tensors { return a.num_positional() == 1 ? Tensors(ops::where(x(a, t))) : Tensors(); }},
      {"keras.ops.unique",
       [](A a, T t) -> Tensors {
         ops::Unique u = ops::unique(x(a, t), flag(a, "return_index", false), flag(a, "return_inverse", false),
                                     flag(a, "return_counts", false), one_axis(a, 99));
         std::vector<Tensor> all;
         for (const Tensor& y : {u.values, u.indices, u.inverse, u.counts})
           if (y) all.push_back(y);
         return all;
       }},
      {"keras.ops.bincount",
       [](A a, T t) -> Tensors {
         return ops::bincount(x(a, t), a.keyword("weights", t), integer(a, "minlength", 99, 0));
       }},
      {"keras.ops.repeat",
       [](A a, T t) -> Tensors {
         return a.plain(1).is_object() ? Tensors(ops::repeat(x(a, t), x(a, t, 1), one_axis(a, 2))) : Tensors();
       }},
      {"keras.ops.convert_to_numpy", [](A a, T t) -> Tensors { return Tensor(ops::convert_to_numpy(x(a, t))); }},
  };
  return table;
}

const std::map<std::string, ValueFunction>& value_functions() {
  static const std::map<std::string, ValueFunction> table = {
      {"keras.ops.dtype", [](A a, T t) { return json::array({std::string(name_of(x(a, t).dtype()))}); }},
      {"keras.ops.ndim", [](A a, T t) { return json::array({x(a, t).rank()}); }},
      {"keras.ops.shape", [](A a, T t) { return json(x(a, t).shape().dims()); }},
  };
  return table;
}

}  // namespace hornbeam::conformance
