// Thirty-odd mistakes that users make: each is told as Keras 3.15.1 tells it, with the layer's name where it has one.
// What stands here are the parts of Keras' texts that say what is wrong.
#include <functional>

#include <gtest/gtest.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/bidirectional.h>
#include <hornbeam/layers/concatenate.h>
#include <hornbeam/layers/conv.h>
#include <hornbeam/layers/cropping.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/dot.h>
#include <hornbeam/layers/dropout.h>
#include <hornbeam/layers/embedding.h>
#include <hornbeam/layers/group_normalization.h>
#include <hornbeam/layers/gru.h>
#include <hornbeam/layers/layer_normalization.h>
#include <hornbeam/layers/lstm.h>
#include <hornbeam/layers/merging.h>
#include <hornbeam/layers/multi_head_attention.h>
#include <hornbeam/layers/permute.h>
#include <hornbeam/layers/pooling.h>
#include <hornbeam/layers/repeat_vector.h>
#include <hornbeam/layers/reshape.h>
#include <hornbeam/layers/time_distributed.h>
#include <hornbeam/loss.h>
#include <hornbeam/metric.h>
#include <hornbeam/optimizer.h>
#include <hornbeam/sequential.h>

namespace hornbeam {
namespace {

using namespace layers;

struct Mistake {
  const char* name;
  std::function<void()> make;
  std::vector<std::string> parts;
};

Tensor x(const Shape& shape) { return Tensor(Array(DType::float32, shape)); }

std::vector<Mistake> mistakes() {
  return {
      {"DenseUnits", [] { Dense({.units = -1}); }, {"Dense", "units", "positive", "units=-1"}},
      {"DenseOtherWidth",
       [] {
         Dense d({.units = 3, .name = "d"});
         d(x({2, 4}));
         d(x({2, 5}));
       },
       {"layer \"d\" is incompatible with the layer: expected axis -1 of input shape to have value 4", "(2, 5)"}},
      {"DenseOfAVector", [] { Dense({.units = 3, .name = "d"})(x({4})); },
       {"layer \"d\" is incompatible with the layer: expected min_ndim=2, found ndim=1", "(4,)"}},
      {"ConvRank", [] { Conv2D({.filters = 3, .kernel_size = 2, .name = "c"})(x({2, 4, 4})); },
       {"layer \"c\" is incompatible with the layer: expected", "ndim=4, found ndim=3", "(2, 4, 4)"}},
      {"ConvChannels",
       [] {
         Conv2D c({.filters = 3, .kernel_size = 2, .name = "c"});
         c(x({2, 8, 8, 3}));
         c(x({2, 8, 8, 4}));
       },
       {"layer \"c\" is incompatible with the layer: expected axis -1 of input shape to have value 3", "(2, 8, 8, 4)"}},
      {"ConvKernelTooLarge", [] { Conv2D({.filters = 3, .kernel_size = 7, .name = "c"})(x({1, 4, 4, 1})); },
       {"Computed output size would be", "negative", "'c'", "(1, 4, 4, 1)", "kernel_size=(7, 7)"}},
      {"ConvFilters", [] { Conv2D({.filters = 0, .kernel_size = 2}); }, {"Conv2D", "filters", "positive", "filters=0"}},
      {"ConvGroups", [] { Conv2D({.filters = 4, .kernel_size = 2, .groups = 3}); },
       {"filters must be evenly divisible by the number of groups", "groups=3, filters=4"}},
      {"ConvStridesAndDilation",
       [] { Conv2D({.filters = 4, .kernel_size = 2, .strides = 2, .dilation_rate = 2}); },
       {"`strides > 1` not supported in conjunction with `dilation_rate > 1`", "(2, 2)"}},
      {"ConvPadding", [] { Conv2D({.filters = 4, .kernel_size = 2, .padding = "half"}); },
       {"`padding` argument must be", "valid", "same", "Received: padding=half"}},
      {"PoolRank", [] { MaxPooling2D({.name = "p"})(x({2, 4, 4})); },
       {"layer \"p\" is incompatible with the layer: expected ndim=4, found ndim=3"}},
      {"LstmRank", [] { LSTM({.units = 3, .name = "l"})(x({2, 4})); },
       {"layer \"l\" is incompatible with the layer: expected ndim=3, found ndim=2", "(2, 4)"}},
      {"LstmUnits", [] { LSTM({.units = 0}); }, {"LSTM", "units", "positive", "0"}},
      {"EmbeddingSize", [] { Embedding({.input_dim = 0, .output_dim = 4}); },
       {"input_dim", "positive", "input_dim=0"}},
      {"ConcatenateShapes", [] { Concatenate()(Tensors({x({2, 3}), x({3, 3})})); },
       {"`Concatenate` layer requires inputs with matching shapes except for the concatenation axis", "(2, 3)",
        "(3, 3)"}},
      {"AddShapes", [] { Add()(Tensors({x({2, 3}), x({2, 4})})); }, {"Inputs have incompatible shapes", "3", "4"}},
      {"DotAxes", [] { Dot({.axes = {1, 1}})(Tensors({x({2, 3}), x({2, 4})})); },
       {"Incompatible input shapes: axis values 3 (at axis 1) != 4 (at axis 1)", "(2, 3), (2, 4)"}},
      {"ReshapeSize", [] { Reshape({.target_shape = {5}})(x({2, 4})); },
       {"total size of the tensor must be unchanged", "(4,)", "target_shape=(5,)"}},
      {"PermuteDims", [] { Permute({.dims = {1, 3}}); },
       {"`dims` must be consecutive and start from 1", "dims=[1, 3]"}},
      {"DropoutRate", [] { Dropout({.rate = 1.5}); }, {"[Dropout]", "between 0 and 1", "rate=1.5"}},
      {"BatchNormalizationAxis", [] { BatchNormalization({.axis = 5, .name = "b"})(x({2, 4})); },
       {"layer \"b\" is incompatible with the layer: axis=5", "(2, 4)"}},
      {"LayerNormalizationAxis", [] { LayerNormalization({.axis = 5, .name = "n"})(x({2, 4})); },
       {"layer \"n\" is incompatible with the layer: axis=5", "(2, 4)"}},
      {"AttentionAlone",
       [] { MultiHeadAttention({.num_heads = 2, .key_dim = 3, .name = "m"})(Tensors({x({2, 3, 4})})); },
       {"'m'", "value"}},
      {"Activation", [] { Dense({.units = 3, .activation = "rellu"}); },
       {"Could not interpret activation function identifier: 'rellu'", "Did you mean 'relu'"}},
      {"Initializer", [] { Dense({.units = 3, .kernel_initializer = "glorot"}); },
       {"initializer", "'glorot'", "glorot_uniform"}},
      {"LossName", [] { Loss("msee"); }, {"loss", "'msee'", "Did you mean"}},
      {"OptimizerName", [] { Optimizer("adamm"); }, {"optimizer", "'adamm'", "Did you mean 'Adam'"}},
      {"MetricName", [] { Metric("acuracy"); }, {"metric", "'acuracy'", "Did you mean 'Accuracy'"}},
      {"Groups", [] { GroupNormalization({.groups = 3, .name = "g"})(x({2, 4})); }, {"groups", "3", "channels", "4"}},
      {"RepeatVectorRank", [] { RepeatVector({.n = 2, .name = "r"})(x({2, 3, 4})); },
       {"layer \"r\" is incompatible with the layer: expected ndim=2, found ndim=3", "(2, 3, 4)"}},
      {"CroppingAll", [] { Cropping1D({.cropping = 3, .name = "k"})(x({1, 4, 2})); },
       {"`cropping` parameter of layer 'k'", "must be smaller than", "(1, 4, 2)", "cropping=[3, 3]"}},
      {"BidirectionalMode",
       [] { Bidirectional({.layer = LSTM({.units = 2}), .merge_mode = "x"}); },
       {"Invalid merge mode. Received: x", "concat"}},
      {"TimeDistributedRank", [] { TimeDistributed({.layer = Dense({.units = 2}), .name = "t"})(x({4})); },
       {"3 dimensions", "(4,)"}},
      {"GruState",
       [] { GRU({.units = 2, .name = "g"})(x({2, 3, 4}), {.tensors = {{"initial_state", x({2, 3})}}}); },
       {"'g'", "(2, 3)"}},
      {"DataOfAnotherWidth",
       [] {
         Sequential model({Input({3}), Dense({.units = 2})}, "s");
         model.predict(Array(DType::float32, {2, 4}), {.verbose = 0});
       },
       {"\"s\"", "3", "(2, 4)"}},
      {"SetWeights",
       [] {
         Dense d({.units = 2, .name = "d"});
         d.ensure_built(Shape{kUnknown, 3});
         d.set_weights({Array(DType::float32, {2, 2})});
       },
       {"You called `set_weights(weights)` on layer 'd' with a weight list of length 1",
        "but the layer was expecting 2"}},
  };
}

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class Mistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreToldAsKerasTellsThem) {
  try {
    GetParam().make();
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_TRUE(dynamic_cast<const ValueError*>(&error)) << "not a ValueError";
    for (const std::string& part : GetParam().parts)
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << part << " is not in: " << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Users, Mistakes, ::testing::ValuesIn(mistakes()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace hornbeam
