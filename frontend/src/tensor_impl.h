// What a Tensor points to.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <hornbeam/tensor.h>
#include <hornbeam/variable.h>

namespace hornbeam {

namespace graph {
struct Node;  // frontend/src/graph.h
}

struct TensorImpl {
  enum class Kind : uint8_t { concrete, variable, symbolic, traced };

  Kind kind = Kind::concrete;
  DType dtype = DType::invalid;
  Shape shape;
  bool weak = false;  // a scalar of Python's kind, that gives way to other dtypes

  Array array;                        // concrete
  std::optional<Variable> var;        // variable: read when used
  std::shared_ptr<graph::Node> node;  // symbolic: what makes it, and as which of its results
  size_t index = 0;
  std::string name;
  const void* value = nullptr;  // traced: an ir::Value's pointer; null while only types are inferred

  // What a softmax or sigmoid was applied to, so that a cross-entropy can start from the logits.
  std::shared_ptr<const TensorImpl> logits;
  bool logits_of_sigmoid = false;

  std::shared_ptr<const TensorImpl> mask;  // frontend/src/mask.h
};

inline Tensor make_tensor(TensorImpl impl) { return Tensor(std::make_shared<const TensorImpl>(std::move(impl))); }

inline Tensor symbolic_tensor(DType dtype, Shape shape, std::shared_ptr<graph::Node> node, size_t index,
                              std::string name) {
  TensorImpl impl;
  impl.kind = TensorImpl::Kind::symbolic;
  impl.dtype = dtype;
  impl.shape = std::move(shape);
  impl.node = std::move(node);
  impl.index = index;
  impl.name = std::move(name);
  return make_tensor(std::move(impl));
}

}  // namespace hornbeam
