// Layers come back from their configs, infer shapes with unknown axes, and tell bad options and inputs by name. Numbers
// are checked by the conformance cases.
#include <gtest/gtest.h>
#include <hornbeam/input.h>
#include <hornbeam/layers/activity_regularization.h>
#include <hornbeam/layers/adaptive_pooling.h>
#include <hornbeam/layers/additive_attention.h>
#include <hornbeam/layers/alpha_dropout.h>
#include <hornbeam/layers/attention.h>
#include <hornbeam/layers/batch_normalization.h>
#include <hornbeam/layers/category_encoding.h>
#include <hornbeam/layers/center_crop.h>
#include <hornbeam/layers/conv.h>
#include <hornbeam/layers/conv_transpose.h>
#include <hornbeam/layers/cropping.h>
#include <hornbeam/layers/dense.h>
#include <hornbeam/layers/depthwise_conv.h>
#include <hornbeam/layers/discretization.h>
#include <hornbeam/layers/dot.h>
#include <hornbeam/layers/einsum_dense.h>
#include <hornbeam/layers/elu.h>
#include <hornbeam/layers/embedding.h>
#include <hornbeam/layers/flatten.h>
#include <hornbeam/layers/gaussian_dropout.h>
#include <hornbeam/layers/gaussian_noise.h>
#include <hornbeam/layers/global_pooling.h>
#include <hornbeam/layers/group_normalization.h>
#include <hornbeam/layers/group_query_attention.h>
#include <hornbeam/layers/identity.h>
#include <hornbeam/layers/integer_lookup.h>
#include <hornbeam/layers/layer_normalization.h>
#include <hornbeam/layers/leaky_relu.h>
#include <hornbeam/layers/merging.h>
#include <hornbeam/layers/multi_head_attention.h>
#include <hornbeam/layers/normalization.h>
#include <hornbeam/layers/permute.h>
#include <hornbeam/layers/pooling.h>
#include <hornbeam/layers/prelu.h>
#include <hornbeam/layers/repeat_vector.h>
#include <hornbeam/layers/resizing.h>
#include <hornbeam/layers/reversible_embedding.h>
#include <hornbeam/layers/rms_normalization.h>
#include <hornbeam/layers/separable_conv.h>
#include <hornbeam/layers/spatial_dropout.h>
#include <hornbeam/layers/spectral_normalization.h>
#include <hornbeam/layers/unit_normalization.h>
#include <hornbeam/layers/up_sampling.h>
#include <hornbeam/layers/zero_padding.h>

#include "test/frontend/evaluated_support.h"

namespace hornbeam::layers {
namespace {

using testing::expect_error;

// None of the options has its default.
std::vector<LayerPtr> all_layers() {
  std::vector<LayerPtr> all;
  auto add = [&](const auto& layer) { all.push_back(layer.shared()); };
  add(Conv1D({.filters = 4, .kernel_size = 3, .strides = 2, .padding = "causal", .groups = 2, .name = "n"}));
  add(Conv3D(
      {.filters = 4, .kernel_size = {3, 2, 1}, .data_format = "channels_first", .dilation_rate = 2, .name = "n"}));
  add(Conv2D({.filters = 4, .kernel_size = 3, .lora_rank = 2, .lora_alpha = 3, .name = "n"}));
  add(Conv1DTranspose({.filters = 4, .kernel_size = 3, .strides = 2, .output_padding = 1, .name = "n"}));
  add(Conv2DTranspose({.filters = 4, .kernel_size = {3, 2}, .strides = {2, 1}, .padding = "same", .name = "n"}));
  add(Conv3DTranspose({.filters = 4, .kernel_size = 2, .use_bias = false, .name = "n"}));
  add(DepthwiseConv1D({.kernel_size = 3, .padding = "same", .depth_multiplier = 2, .name = "n"}));
  add(DepthwiseConv2D({.kernel_size = {3, 2}, .depthwise_regularizer = "l2", .name = "n"}));
  add(SeparableConv1D({.filters = 4, .kernel_size = 3, .depth_multiplier = 2, .name = "n"}));
  add(SeparableConv2D({.filters = 4, .kernel_size = 3, .pointwise_initializer = "he_normal", .name = "n"}));
  add(MaxPooling1D({.pool_size = 3, .strides = 1, .name = "n"}));
  add(MaxPooling3D({.pool_size = {1, 2, 3}, .data_format = "channels_first", .name = "n"}));
  add(AveragePooling1D({.padding = "same", .name = "n"}));
  add(AveragePooling3D({.pool_size = 3, .name = "n"}));
  add(GlobalMaxPooling1D({.keepdims = true, .name = "n"}));
  add(GlobalAveragePooling3D({.data_format = "channels_first", .name = "n"}));
  add(AdaptiveMaxPooling1D({.output_size = 3, .name = "n"}));
  add(AdaptiveAveragePooling2D({.output_size = {2, 3}, .data_format = "channels_first", .name = "n"}));
  add(ZeroPadding1D({.padding = {1, 2}, .name = "n"}));
  add(ZeroPadding2D({.padding = {{1, 0}, {2, 3}}, .name = "n"}));
  add(ZeroPadding3D({.padding = {1, 2, 3}, .data_format = "channels_first", .name = "n"}));
  add(Cropping1D({.cropping = {1, 0}, .name = "n"}));
  add(Cropping2D({.cropping = {1, 2}, .name = "n"}));
  add(Cropping3D({.cropping = 2, .name = "n"}));
  add(UpSampling1D({.size = 3, .name = "n"}));
  add(UpSampling2D({.size = {2, 3}, .interpolation = "bicubic", .name = "n"}));
  add(UpSampling3D({.size = 3, .data_format = "channels_first", .name = "n"}));
  add(SpatialDropout1D({.rate = 0.25, .seed = 3, .name = "n"}));
  add(SpatialDropout3D({.rate = 0.25, .data_format = "channels_first", .name = "n"}));
  add(GaussianDropout({.rate = 0.25, .seed = 3, .name = "n"}));
  add(GaussianNoise({.stddev = 0.25, .seed = 3, .name = "n"}));
  add(AlphaDropout({.rate = 0.25, .seed = 3, .noise_shape = Shape{kUnknown, 1}, .name = "n"}));
  add(ActivityRegularization({.l1 = 0.1, .l2 = 0.2, .name = "n"}));
  add(Permute({.dims = {2, 1}, .name = "n"}));
  add(RepeatVector({.n = 3, .name = "n"}));
  add(Identity({.name = "n", .dtype = "float16"}));
  add(LeakyReLU({.negative_slope = 0.1, .name = "n"}));
  add(ELU({.alpha = 0.5, .name = "n"}));
  add(PReLU({.alpha_regularizer = "l2", .shared_axes = {{1, 2}}, .name = "n"}));
  add(Subtract({.name = "n", .trainable = false}));
  add(Dot({.axes = {1, 2}, .normalize = true, .name = "n"}));
  add(BatchNormalization({.synchronized = true, .renorm = true, .renorm_momentum = 0.9, .name = "n"}));
  add(LayerNormalization({.axis = {1, 2}, .epsilon = 0.1, .center = false, .name = "n"}));
  add(RMSNormalization({.axis = {1, 2}, .epsilon = 0.1, .name = "n"}));
  add(GroupNormalization({.groups = 2, .axis = 1, .scale = false, .name = "n"}));
  add(UnitNormalization({.axis = {1, 2}, .name = "n"}));
  add(SpectralNormalization({.layer = Dense({.units = 3}), .power_iterations = 2, .name = "n"}));
  add(Embedding({.input_dim = 9, .output_dim = 4, .mask_zero = true, .lora_rank = 2, .name = "n"}));
  add(ReversibleEmbedding({.input_dim = 9, .output_dim = 4, .tie_weights = false, .logit_soft_cap = 2.5, .name = "n"}));
  add(EinsumDense({.equation = "abc,cd->abd", .output_shape = {kUnknown, 6}, .bias_axes = "d", .name = "n"}));
  add(Attention({.use_scale = true, .score_mode = "concat", .dropout = 0.25, .seed = 3, .name = "n"}));
  add(AdditiveAttention({.use_scale = false, .name = "n"}));
  add(MultiHeadAttention({.num_heads = 2, .key_dim = 3, .value_dim = 4, .output_shape = Shape{5}, .name = "n"}));
  add(GroupQueryAttention(
      {.head_dim = 3, .num_query_heads = 4, .num_key_value_heads = 2, .use_gate = true, .name = "n"}));
  add(Normalization({.axis = 1, .mean = Numbers{1, 2}, .variance = Numbers{3, 4}, .invert = true, .name = "n"}));
  add(Discretization({.bin_boundaries = {{0.5, 1.5}}, .output_mode = "one_hot", .name = "n"}));
  add(CategoryEncoding({.num_tokens = 4, .output_mode = "count", .name = "n"}));
  add(Resizing({.height = 4, .width = 5, .interpolation = "area", .crop_to_aspect_ratio = true, .name = "n"}));
  add(CenterCrop({.height = 4, .width = 5, .data_format = "channels_first", .name = "n"}));
  add(IntegerLookup({.max_tokens = 9, .num_oov_indices = 2, .mask_token = 0, .vocabulary = {{4, 5}}, .name = "n"}));
  return all;
}

TEST(MoreLayers, ComeBackFromTheirConfigs) {
  for (const LayerPtr& layer : all_layers()) {
    Config serialized = layer->serialize();
    EXPECT_EQ(serialized.at("module").as_string(), "keras.layers") << layer->class_name();
    LayerPtr again = layer_from_config(Config::parse(serialized.to_json()));
    EXPECT_EQ(again->class_name(), layer->class_name());
    EXPECT_EQ(again->config(), layer->config()) << layer->class_name() << ": " << layer->config().to_json();
    EXPECT_EQ(again->name(), "n");
  }
}

TEST(MoreLayers, InferShapes) {
  auto shape = [](const Tensor& x) { return x.shape(); };
  Tensor steps = Input({9, 4}), image = Input({9, 7, 4}), volume = Input({9, 7, 5, 4}), any = Input({kUnknown, 4});
  EXPECT_EQ(shape(Conv1D({.filters = 5, .kernel_size = 3, .padding = "causal"})(any)), (Shape{kUnknown, kUnknown, 5}));
  EXPECT_EQ(shape(Conv1D({.filters = 5, .kernel_size = 3})(steps)), (Shape{kUnknown, 7, 5}));
  EXPECT_EQ(shape(Conv3D({.filters = 5, .kernel_size = 3, .strides = 2})(volume)), (Shape{kUnknown, 4, 3, 2, 5}));
  EXPECT_EQ(shape(Conv2DTranspose({.filters = 5, .kernel_size = 3, .strides = 2})(image)),
            (Shape{kUnknown, 19, 15, 5}));
  EXPECT_EQ(shape(Conv2DTranspose({.filters = 5, .kernel_size = 3, .strides = 2, .padding = "same"})(image)),
            (Shape{kUnknown, 18, 14, 5}));
  EXPECT_EQ(shape(DepthwiseConv2D({.kernel_size = 3, .depth_multiplier = 2})(image)), (Shape{kUnknown, 7, 5, 8}));
  EXPECT_EQ(shape(SeparableConv1D({.filters = 6, .kernel_size = 2, .padding = "same"})(any)),
            (Shape{kUnknown, kUnknown, 6}));
  EXPECT_EQ(shape(MaxPooling1D()(any)), (Shape{kUnknown, kUnknown, 4}));
  EXPECT_EQ(shape(GlobalMaxPooling1D({.keepdims = true})(any)), (Shape{kUnknown, 1, 4}));
  EXPECT_EQ(shape(AdaptiveAveragePooling1D({.output_size = 3})(any)), (Shape{kUnknown, 3, 4}));
  EXPECT_EQ(shape(ZeroPadding1D({.padding = {1, 2}})(any)), (Shape{kUnknown, kUnknown, 4}));
  EXPECT_EQ(shape(ZeroPadding2D({.padding = {{1, 0}, {2, 3}}})(image)), (Shape{kUnknown, 10, 12, 4}));
  EXPECT_EQ(shape(Cropping2D({.cropping = {{1, 0}, {2, 3}}})(image)), (Shape{kUnknown, 8, 2, 4}));
  EXPECT_EQ(shape(UpSampling2D({.size = {2, 3}})(image)), (Shape{kUnknown, 18, 21, 4}));
  EXPECT_EQ(shape(Embedding({.input_dim = 9, .output_dim = 6})(Input({kUnknown}))), (Shape{kUnknown, kUnknown, 6}));
  EXPECT_EQ(shape(MultiHeadAttention({.num_heads = 2, .key_dim = 3})({any, steps})), (Shape{kUnknown, kUnknown, 4}));
  EXPECT_EQ(shape(Dot({.axes = {2}})({steps, Input({3, 4})})), (Shape{kUnknown, 9, 3}));
  EXPECT_EQ(shape(Permute({.dims = {2, 1}})(any)), (Shape{kUnknown, 4, kUnknown}));
  EXPECT_EQ(shape(Resizing({.height = 3, .width = 2})(Input({kUnknown, kUnknown, 3}))), (Shape{kUnknown, 3, 2, 3}));
}

TEST(MoreLayers, RejectBadOptions) {
  expect_error([] { Conv1D({.filters = 4, .padding = "left"}); }, "\"causal\". Received: padding=left");
  expect_error([] { Conv2D({.filters = 4, .padding = "causal"}); }, "[Conv2D] The `padding` argument");
  expect_error([] { Conv1D({.filters = 4, .kernel_size = 0}); },
               "[Conv1D] kernel_size must be positive. Received: kernel_size=(0,)");
  expect_error([] { Conv2DTranspose({.filters = 4, .strides = 2, .output_padding = 2}); },
               "[Conv2DTranspose] `output_padding` must be strictly less than `strides`");
  expect_error([] { DepthwiseConv2D({.depth_multiplier = 0}); }, "[DepthwiseConv2D] depth_multiplier must be positive");
  expect_error([] { SeparableConv1D({.filters = 0}); }, "[SeparableConv1D] filters must be positive");
  expect_error(
      [] {
        MaxPooling3D({.pool_size = {1, 0, 1}});
      },
      "[MaxPooling3D] pool_size must be positive. Received: pool_size=(1, 0, 1)");
  expect_error([] { AdaptiveMaxPooling2D({.output_size = 0}); }, "[AdaptiveMaxPooling2D] output_size must be positive");
  expect_error([] { ZeroPadding2D({.padding = -1}); }, "[ZeroPadding2D] padding must not be negative");
  expect_error([] { UpSampling2D({.interpolation = "cubic"}); }, "interpolation=cubic");
  expect_error([] { UpSampling1D({.interpolation = "bilinear"}); },
               "[UpSampling1D] `interpolation` argument must be \"nearest\"");
  expect_error([] { Permute({.dims = {1, 3}}); }, "[Permute] Invalid permutation argument `dims`");
  expect_error([] { LeakyReLU({.negative_slope = -1}); }, "[LeakyReLU] negative_slope must not be negative");
  expect_error([] { GaussianDropout({.rate = 1}); }, "[GaussianDropout] rate must be less than 1");
  expect_error([] { GaussianNoise({.stddev = -1}); }, "[GaussianNoise] stddev must not be negative");
  expect_error([] { Dot({.axes = {0}}); }, "[Dot] Cannot take the dot product over axis 0");
  expect_error([] { Embedding({.output_dim = 4}); }, "[Embedding] input_dim must be positive");
  expect_error([] { EinsumDense({.equation = "ab,bc", .output_shape = {4}}); }, "Invalid einsum equation 'ab,bc'");
  expect_error([] { Attention({.score_mode = "sum"}); }, "score_mode=sum");
  expect_error([] { MultiHeadAttention({.key_dim = 4}); }, "[MultiHeadAttention] num_heads must be positive");
  expect_error([] { GroupQueryAttention({.head_dim = 4, .num_query_heads = 4, .num_key_value_heads = 3}); },
               "must be divisible by `num_key_value_heads`");
  expect_error([] { GroupNormalization({.groups = 0}); }, "[GroupNormalization] groups must be positive");
  expect_error([] { SpectralNormalization({}); }, "[SpectralNormalization] No layer is given to wrap");
  expect_error([] { Normalization({.mean = 1}); }, "both `mean` and `variance` must be set");
  expect_error([] { Discretization({}); }, "You need to set either `num_bins` or `bin_boundaries`");
  expect_error([] { CategoryEncoding({.num_tokens = 2, .output_mode = "int"}); }, "output_mode=int");
  expect_error([] { IntegerLookup({.vocabulary = {{3, 3}}}); }, "at least one repeated term");
  expect_error<NotImplementedError>(
      [] {
        layer_from_config(Config::object({{"class_name", "Lambda"}, {"config", Config::object({{"name", "l"}})}}));
      },
      "Layer 'l' is a Python function");
}

TEST(MoreLayers, RejectInputsThatDoNotFit) {
  Tensor steps = Input({9, 4}), image = Input({9, 7, 4});
  expect_error([&] { Conv1D({.filters = 2, .kernel_size = 11, .name = "c"})(steps); },
               "output size would be negative for layer 'c'");
  expect_error([&] { Conv3D({.filters = 2})(image); }, "expected ndim=5, found ndim=4");
  expect_error([&] { Conv1D({.filters = 2})(Input({9, kUnknown})); }, "must be known before it is built");
  expect_error([&] { GlobalAveragePooling3D()(image); }, "expected ndim=5, found ndim=4");
  expect_error([&] { Cropping2D({.cropping = 4, .name = "c"})(image); },
               "`cropping` parameter of layer 'c' is too large");
  expect_error([&] { RepeatVector({.n = 2})(steps); }, "expected ndim=2, found ndim=3");
  expect_error([&] { PReLU()(Input({kUnknown, 4})); }, "must be known before it is built");
  expect_error([&] { LayerNormalization({.axis = 5, .name = "l"})(steps); }, "axis=5 is out of range");
  expect_error([&] { GroupNormalization({.groups = 3})(image); }, "must divide the number of channels (4)");
  expect_error([&] { Attention()(Tensors({steps})); }, "Attention layer must be called on two or three tensors");
  expect_error(
      [&] {
        MultiHeadAttention({.num_heads = 2, .key_dim = 3})({steps, steps, Input({5, 4})});
      },
      "All dimensions of `value` and `key`, except the last one, must be equal");
  expect_error(
      [&] {
        Dot({.axes = {1, 2}})({steps, steps});
      },
      "Incompatible input shapes: axis values 9 (at axis 1) != 4");
  expect_error([&] { Subtract()({steps, steps, steps}); }, "should be called on exactly 2 inputs");
  expect_error([&] { EinsumDense({.equation = "ab,bc->ac", .output_shape = {4}})(steps); },
               "does not name the axes of the input");
  expect_error([&] { SpectralNormalization({.layer = Flatten({.name = "f"})})(image); },
               "Layer 'f' of class Flatten has no 'kernel'");
}

}  // namespace
}  // namespace hornbeam::layers
