// Layers that work on strings. They run on the host: a model runs them before its compiled part, or after it, and a saved
// Program carries them as data.
#pragma once

#include <string>
#include <vector>

#include <hornbeam/base/strings.h>
#include <hornbeam/runtime/host_graph.h>
#include <hornbeam/tensor.h>

namespace hornbeam::layers {

class HostLayer {
 public:
  struct Type {
    DType dtype = DType::invalid;
    Shape shape;
  };

  virtual ~HostLayer() = default;
  // The layer's work as data. Numbers that stand for a whole vocabulary come out as float32 `in_model`, where they go on
  // to other layers, and as int64 from a layer called by itself, as Keras has it. Throws ValueError without a vocabulary.
  virtual runtime::HostOp host_op(bool in_model) const = 0;
  // The same made ready to run, and kept.
  virtual runtime::HostOperation host_operation(bool in_model) const { return runtime::HostOperation(host_op(in_model)); }
  // What comes out for inputs of these types. Throws TypeError or ValueError if they do not suit.
  virtual Type host_type(const std::vector<Type>& inputs) const = 0;
  // What the layer takes where no Input says it.
  virtual DType input_dtype() const { return DType::string; }
};

// Layers whose vocabulary stands in a model file as a text of its own, if it is not part of the layer's config.
class VocabularyLayer {
 public:
  virtual ~VocabularyLayer() = default;
  // One token a line, special ones first; nothing if the config has the vocabulary.
  virtual std::optional<std::string> vocabulary_text() const = 0;
  // Throws ValueError if it is no vocabulary for this layer.
  virtual void set_vocabulary_text(const std::string& text) = 0;
  // The weights of "tf_idf", by number; empty for other modes.
  virtual std::vector<float> vocabulary_weights() const = 0;
  virtual void set_vocabulary_weights(std::vector<float> weights) = 0;
  // The name that Keras' files give to a copy of the vocabulary inside the layer ("_lookup_layer"), or "".
  virtual std::string inner_vocabulary_name() const { return ""; }
};

}  // namespace hornbeam::layers
