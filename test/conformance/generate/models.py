"""Whole models: saved, predicted, trained. Builders take K (keras or tf_keras) and a seeded R.

Run by __main__ under TensorFlow: data/models/<name>/, data/legacy_h5/<name>/.
"""
import json
import os

import numpy as np

from .rng import R

BUILDERS, LEGACY = {}, []
N, NV = 37, 11  # training and validation samples: the last batch is never full


def model(legacy=False):
    def wrap(fn):
        BUILDERS[fn.__name__] = fn
        if legacy:
            LEGACY.append(fn.__name__)
        return fn
    return wrap


def spec(m, x, y=None, compile=None, **fit):
    return {"model": m, "x": x, "y": y, "compile": compile, "fit": fit}


def rows(r, make, n=N + NV):
    return make(n)


@model(legacy=True)
def mlp_classifier(K, r):
    L = K.layers
    c, d = r.d(3, 5), r.d(6, 9)
    m = K.Sequential([L.Input((d,)), L.Dense(r.d(10, 16), activation="relu"), L.Dense(r.d(6, 10), activation="tanh"), L.Dense(c, activation="softmax")])
    return spec(m, [r.f(N + NV, d)], [r.i(N + NV, lo=0, hi=c)], dict(optimizer=K.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"]), epochs=3)


@model(legacy=True)
def cnn_batchnorm(K, r):
    L = K.layers
    m = K.Sequential([L.Input((10, 9, 3)), L.Conv2D(r.d(4, 6), 3, use_bias=False), L.BatchNormalization(momentum=0.8), L.ReLU(), L.MaxPooling2D(2),
                      L.Conv2D(r.d(5, 7), (2, 3), padding="same", activation="relu"), L.AveragePooling2D((2, 1)), L.Flatten(), L.Dense(4)])
    loss = K.losses.SparseCategoricalCrossentropy(from_logits=True)
    return spec(m, [r.f(N + NV, 10, 9, 3)], [r.i(N + NV, lo=0, hi=4)], dict(optimizer=K.optimizers.SGD(0.05, momentum=0.9), loss=loss, metrics=["accuracy"]), epochs=2)


@model(legacy=True)
def residual_functional(K, r):
    L = K.layers
    f = r.d(4, 6)
    i = K.Input((8, 7, 3), name="image")
    x = L.Conv2D(f, 3, padding="same", activation="relu", name="stem")(i)
    for k in range(r.d(1, 2)):
        s = x
        x = L.Conv2D(f, 3, padding="same", name=f"block{k}_a")(x)
        x = L.BatchNormalization(name=f"block{k}_bn")(x)
        x = L.Activation("relu", name=f"block{k}_relu")(x)
        x = L.Conv2D(f, 1, name=f"block{k}_b")(x)
        x = L.Add(name=f"block{k}_add")([x, s])
    x = L.GlobalAveragePooling2D(name="pool")(x)
    m = K.Model(i, L.Dense(3, activation="softmax", name="head")(x))
    return spec(m, [r.f(N + NV, 8, 7, 3)], [r.one_hot(N + NV, 3)], dict(optimizer=K.optimizers.RMSprop(0.005), loss="categorical_crossentropy", metrics=["accuracy"]), epochs=2)


@model(legacy=True)
def shared_layer(K, r):
    L = K.layers
    d = r.d(5, 8)
    a, b = K.Input((d,), name="left"), K.Input((d,), name="right")
    tower = L.Dense(r.d(9, 12), activation="relu", name="tower")
    head = L.Dense(1, activation="sigmoid", name="head")
    m = K.Model([a, b], head(L.Multiply(name="times")([tower(a), tower(b)])))
    return spec(m, [r.f(N + NV, d), r.f(N + NV, d)], [r.b(N + NV, 1).astype("float32")],
                dict(optimizer=K.optimizers.Adam(0.02), loss="binary_crossentropy", metrics=["accuracy", K.metrics.AUC(num_thresholds=21, name="auc")]), epochs=3)


@model(legacy=True)
def multi_input_output(K, r):
    L = K.layers
    a, b = K.Input((6,), name="numbers"), K.Input((5, 4), name="series")
    x = L.Concatenate(name="join")([L.Dense(7, activation="relu", name="d1")(a), L.Flatten(name="flat")(b)])
    x = L.Dense(r.d(8, 11), activation="elu", name="trunk")(x)
    cls, reg = L.Dense(3, activation="softmax", name="category")(x), L.Dense(2, name="value")(x)
    m = K.Model([a, b], [cls, reg])
    return spec(m, [r.f(N + NV, 6), r.f(N + NV, 5, 4)], [r.i(N + NV, lo=0, hi=3), r.f(N + NV, 2)],
                dict(optimizer=K.optimizers.Adam(0.01), loss=["sparse_categorical_crossentropy", "mse"], loss_weights=[1.0, round(float(r.u(1, lo=0.2, hi=0.8)[0]), 2)],
                     metrics=[["accuracy"], ["mae"]]), epochs=3)


@model()
def multi_output_dict(K, r):
    L = K.layers
    a = K.Input((6,), name="features")
    x = L.Dense(r.d(8, 11), activation="relu", name="trunk")(a)
    m = K.Model({"features": a}, {"cls": L.Dense(3, name="cls")(x), "reg": L.Dense(1, name="reg")(x)})
    s = spec(m, [r.f(N + NV, 6)], [r.i(N + NV, lo=0, hi=3), r.f(N + NV, 1)],
             dict(optimizer=K.optimizers.Adam(0.01), loss={"cls": K.losses.SparseCategoricalCrossentropy(from_logits=True), "reg": "mae"}, loss_weights={"cls": 0.5, "reg": 2.0},
                  metrics={"cls": ["accuracy"], "reg": ["mse"]}), epochs=2)
    s["x_names"], s["y_names"] = ["features"], ["cls", "reg"]
    return s


@model(legacy=True)
def nested_model(K, r):
    L = K.layers
    i = K.Input((7,), name="inner_in")
    inner = K.Model(i, L.Dense(5, activation="tanh", name="inner_b")(L.Dense(6, activation="relu", name="inner_a")(i)), name="encoder")
    o = K.Input((7,), name="outer_in")
    x = inner(o)
    x = L.Add(name="plus")([x, L.Dense(5, name="skip")(o)])
    m = K.Model(o, L.Dense(2, name="head")(x), name="outer")
    return spec(m, [r.f(N + NV, 7)], [r.f(N + NV, 2)], dict(optimizer=K.optimizers.Adam(0.01), loss="mse", metrics=["mae"]), epochs=3)


@model(legacy=True)
def sequential_in_functional(K, r):
    L = K.layers
    block = K.Sequential([L.Input((8, 3)), L.Conv1D(4, 3, activation="relu"), L.MaxPooling1D(2)], name="block")
    i = K.Input((8, 3), name="series")
    x = L.Flatten(name="flat")(block(i))
    m = K.Model(i, L.Dense(r.d(2, 4), name="head")(x))
    return spec(m, [r.f(N + NV, 8, 3)], [r.f(N + NV, m.output_shape[-1])], dict(optimizer=K.optimizers.SGD(0.05), loss="mse"), epochs=2)


def tokens(r, n, t, vocab):
    x = r.i(n, t, lo=1, hi=vocab)
    x[~r.lengths_mask(n, t)] = 0
    return x


@model(legacy=True)
def lstm_text(K, r):
    L = K.layers
    t = r.d(6, 9)
    m = K.Sequential([L.Input((t,), dtype="int32"), L.Embedding(20, 6, mask_zero=True), L.LSTM(r.d(5, 8)), L.Dense(1, activation="sigmoid")])
    return spec(m, [tokens(r, N + NV, t, 20)], [r.b(N + NV, 1).astype("float32")], dict(optimizer=K.optimizers.Adam(0.02), loss="binary_crossentropy", metrics=["accuracy"]), epochs=3)


@model(legacy=True)
def gru_bidirectional(K, r):
    L = K.layers
    t = r.d(6, 9)
    i = K.Input((t,), dtype="int32", name="tokens")
    x = L.Embedding(15, 5, mask_zero=True, name="embed")(i)
    x = L.Bidirectional(L.GRU(4, return_sequences=True), name="both")(x)
    x = L.GRU(r.d(5, 7), name="top")(x)
    m = K.Model(i, L.Dense(3, activation="softmax", name="head")(x))
    return spec(m, [tokens(r, N + NV, t, 15)], [r.i(N + NV, lo=0, hi=3)], dict(optimizer=K.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy", metrics=["accuracy"]), epochs=2)


@model()
def sequence_tagger(K, r):
    """A mask that reaches the loss: padded steps do not count."""
    L = K.layers
    t = r.d(5, 8)
    i = K.Input((t,), dtype="int32", name="tokens")
    x = L.Embedding(12, 5, mask_zero=True, name="embed")(i)
    x = L.SimpleRNN(6, return_sequences=True, name="rnn")(x)
    m = K.Model(i, L.TimeDistributed(L.Dense(4, activation="softmax"), name="tags")(x))
    return spec(m, [tokens(r, N + NV, t, 12)], [r.i(N + NV, t, lo=0, hi=4)], dict(optimizer=K.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy", metrics=["accuracy"]), epochs=2)


@model(legacy=True)
def conv1d_dilated(K, r):
    L = K.layers
    m = K.Sequential([L.Input((16, 3)), L.Conv1D(5, 3, padding="causal", activation="relu"), L.Conv1D(r.d(4, 7), 2, dilation_rate=2, padding="causal", activation="relu"),
                      L.GlobalMaxPooling1D(), L.Dense(1)])
    return spec(m, [r.f(N + NV, 16, 3)], [r.f(N + NV, 1)], dict(optimizer=K.optimizers.Adam(0.01), loss="mae", metrics=["mse"]), epochs=3)


@model()
def transformer_encoder(K, r):
    L, t, d = K.layers, r.d(5, 8), 8
    i = K.Input((t,), dtype="int32", name="tokens")
    x = L.Embedding(18, d, name="embed")(i)
    for k in range(r.d(1, 2)):
        a = L.MultiHeadAttention(2, 4, name=f"attention{k}")(x, x)
        x = L.LayerNormalization(epsilon=1e-6, name=f"norm{k}a")(L.Add(name=f"add{k}a")([x, a]))
        f = L.Dense(d, name=f"down{k}")(L.Dense(12, activation="gelu", name=f"up{k}")(x))
        x = L.LayerNormalization(epsilon=1e-6, name=f"norm{k}b")(L.Add(name=f"add{k}b")([x, f]))
    x = L.GlobalAveragePooling1D(name="pool")(x)
    m = K.Model(i, L.Dense(3, activation="softmax", name="head")(x))
    return spec(m, [r.i(N + NV, t, lo=0, hi=18)], [r.i(N + NV, lo=0, hi=3)], dict(optimizer=K.optimizers.AdamW(0.005, weight_decay=0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"]), epochs=2)


@model()
def causal_decoder(K, r):
    L, t, d = K.layers, r.d(5, 8), 8
    i = K.Input((t,), dtype="int32", name="tokens")
    x = L.Embedding(11, d, mask_zero=True, name="embed")(i)
    h = L.RMSNormalization(name="norm_a")(x)
    x = L.Add(name="add_a")([x, L.GroupQueryAttention(4, 4, 2, name="attention")(h, h, use_causal_mask=True)])
    h = L.RMSNormalization(name="norm_b")(x)
    x = L.Add(name="add_b")([x, L.Dense(d, name="down")(L.Multiply(name="gate")([L.Dense(10, activation="silu", name="up")(h), L.Dense(10, name="lin")(h)]))])
    m = K.Model(i, L.Dense(11, name="logits")(x))
    return spec(m, [tokens(r, N + NV, t, 11)], [r.i(N + NV, t, lo=0, hi=11)],
                dict(optimizer=K.optimizers.Adam(0.01), loss=K.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["sparse_categorical_accuracy"]), epochs=2)


@model(legacy=True)
def autoencoder(K, r):
    L = K.layers
    m = K.Sequential([L.Input((8, 12, 2)), L.Conv2D(r.d(4, 6), 3, strides=2, padding="same", activation="relu"), L.Conv2D(3, 3, padding="same", activation="relu"),
                      L.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu"), L.Conv2D(2, 3, padding="same", activation="sigmoid")])
    x = r.u(N + NV, 8, 12, 2)
    return spec(m, [x], [x], dict(optimizer=K.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["mse"]), epochs=2)


@model(legacy=True)
def mobilenet_like(K, r):
    L = K.layers
    i = K.Input((11, 10, 3), name="image")
    x = L.ZeroPadding2D(((0, 1), (0, 1)), name="pad")(i)
    x = L.Conv2D(6, 3, strides=2, use_bias=False, name="conv")(x)
    for k, f in enumerate((r.d(6, 8), r.d(9, 11))):
        x = L.BatchNormalization(name=f"bn{k}a")(x)
        x = L.ReLU(6.0, name=f"relu{k}a")(x)
        x = L.DepthwiseConv2D(3, padding="same", strides=1 + k, use_bias=False, name=f"dw{k}")(x)
        x = L.BatchNormalization(name=f"bn{k}b")(x)
        x = L.ReLU(6.0, name=f"relu{k}b")(x)
        x = L.Conv2D(f, 1, use_bias=False, name=f"pw{k}")(x)
    x = L.GlobalAveragePooling2D(keepdims=True, name="pool")(x)
    x = L.Reshape((-1,), name="reshape")(x)
    m = K.Model(i, L.Dense(4, activation="softmax", name="head")(x))
    return spec(m, [r.f(N + NV, 11, 10, 3)], [r.i(N + NV, lo=0, hi=4)], dict(optimizer=K.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"]), epochs=2)


@model()
def separable_unet(K, r):
    L = K.layers
    f = r.d(4, 6)
    i = K.Input((8, 12, 2), name="image")
    a = L.SeparableConv2D(f, 3, padding="same", activation="relu", name="down1")(i)
    b = L.Conv2D(f + 2, 3, padding="same", activation="relu", name="down2")(L.MaxPooling2D(2, name="pool")(a))
    u = L.UpSampling2D(2, interpolation="bilinear", name="up")(b)
    x = L.Concatenate(name="skip")([a, u])
    x = L.GroupNormalization(2 if (2 * f + 2) % 2 == 0 else 1, name="gn")(x)
    m = K.Model(i, L.Conv2D(1, 1, activation="sigmoid", name="mask")(x))
    return spec(m, [r.f(N + NV, 8, 12, 2)], [r.b(N + NV, 8, 12, 1).astype("float32")], dict(optimizer=K.optimizers.Adam(0.01), loss=K.losses.Dice(), metrics=[K.metrics.BinaryIoU(name="iou")]), epochs=2)


@model()
def ops_nodes(K, r):
    """Operators and keras.ops calls as graph nodes."""
    L, o = K.layers, K.ops
    i = K.Input((6, 4), name="x")
    a = i * 2.0 + 1.0
    b = o.concatenate([a[:, :3], i[:, 3:]], axis=1)
    c = o.relu(b) - o.mean(b, axis=-1, keepdims=True)
    d = o.matmul(c, o.transpose(c, (0, 2, 1)))
    e = o.reshape(d, (-1, 36)) / 10.0
    x = L.Dense(r.d(5, 8), activation="relu", name="dense")(e)
    x = o.where(x > 0.5, x, -x * 0.5) ** 2
    m = K.Model(i, L.Dense(2, name="head")(o.stack([x, o.abs(x)], axis=1)[:, 0]))
    return spec(m, [r.f(N + NV, 6, 4)], [r.f(N + NV, 2)], dict(optimizer=K.optimizers.Adam(0.01), loss="mse"), epochs=2)


@model()
def ops_reductions(K, r):
    L, o = K.layers, K.ops
    i = K.Input((5, 6), name="x")
    s = o.softmax(i @ o.ones((6, 3)), axis=1)
    t = o.einsum("btc,btd->bcd", s, i)
    u = o.concatenate([o.sum(t, axis=1), o.max(t, axis=1), o.sqrt(o.var(t, axis=1) + 0.1)], axis=-1)
    v = o.expand_dims(u, 1)
    x = L.LayerNormalization(name="norm")(o.squeeze(v, 1))
    m = K.Model(i, L.Dense(r.d(2, 4), name="head")(o.tanh(x)))
    return spec(m, [r.f(N + NV, 5, 6)], [r.f(N + NV, m.output_shape[-1])], dict(optimizer=K.optimizers.Nadam(0.01), loss="log_cosh"), epochs=2)


@model(legacy=True)
def partly_frozen(K, r):
    L = K.layers
    m = K.Sequential([L.Input((9,)), L.Dense(8, activation="relu", name="frozen"), L.BatchNormalization(name="frozen_bn", momentum=0.5), L.Dense(r.d(5, 7), activation="relu", name="live"), L.BatchNormalization(name="live_bn", momentum=0.5), L.Dense(2, name="head")])
    m.get_layer("frozen").trainable = False
    m.get_layer("frozen_bn").trainable = False
    return spec(m, [r.f(N + NV, 9)], [r.f(N + NV, 2)], dict(optimizer=K.optimizers.Adam(0.01), loss="mse"), epochs=2)


def _mixed(K, r, policy):
    K.config.set_dtype_policy(policy)
    try:
        L = K.layers
        i = K.Input((8, 9, 3), name="image")
        x = L.Conv2D(5, 3, activation="relu", name="conv")(i)
        x = L.BatchNormalization(name="bn")(x)
        x = L.GlobalAveragePooling2D(name="pool")(x)
        x = L.LayerNormalization(name="ln")(L.Dense(r.d(6, 9), activation="gelu", name="dense")(x))
        m = K.Model(i, L.Dense(3, activation="softmax", dtype="float32", name="head")(x))
    finally:
        K.config.set_dtype_policy("float32")
    return spec(m, [r.f(N, 8, 9, 3)])


@model()
def mixed_float16(K, r):
    return _mixed(K, r, "mixed_float16")


@model()
def mixed_bfloat16(K, r):
    return _mixed(K, r, "mixed_bfloat16")


@model()
def preprocessing_numbers(K, r):
    L = K.layers
    a, c = K.Input((4,), name="numbers"), K.Input((1,), dtype="int32", name="code")
    norm = L.Normalization(name="norm")
    x0, x1 = r.f(N + NV, 4, scale=3) + 2, r.i(N + NV, 1, lo=0, hi=5)
    norm.adapt(x0)
    x = L.Concatenate(name="join")([norm(a), L.CategoryEncoding(5, output_mode="one_hot", name="onehot")(c)])
    x = L.Rescaling(0.5, offset=0.1, name="rescale")(x)
    m = K.Model([a, c], L.Dense(2, name="head")(L.Dense(r.d(6, 9), activation="relu", name="hidden")(x)))
    return spec(m, [x0, x1], [r.f(N + NV, 2)], dict(optimizer=K.optimizers.Adam(0.01), loss="mse"), epochs=2)


WORDS = ["cat", "dog", "bird", "fish", "cow", "hen", "emu", "yak", "unknown"]


@model()
def preprocessing_string_lookup(K, r):
    L = K.layers
    i = K.Input((3,), dtype="string", name="words")
    x = L.StringLookup(vocabulary=WORDS[:r.d(5, 7)], name="lookup")(i)
    x = L.Flatten(name="flat")(L.Embedding(10, 4, name="embed")(x))
    m = K.Model(i, L.Dense(2, name="head")(x))
    return spec(m, [np.array(WORDS, object)[r.g.integers(0, len(WORDS), (N, 3))]])


@model()
def preprocessing_text(K, r):
    L = K.layers
    i = K.Input((1,), dtype="string", name="text")
    tv = L.TextVectorization(max_tokens=15, output_sequence_length=r.d(5, 7), name="vectorize")
    text = [[" ".join(np.array(WORDS)[r.g.integers(0, len(WORDS), int(r.g.integers(1, 8)))]) + ("!" if k % 3 else ".")] for k in range(N)]
    tv.adapt([t[0] for t in text[:20]])
    x = L.GlobalAveragePooling1D(name="pool")(L.Embedding(15, 4, mask_zero=True, name="embed")(tv(i)))
    m = K.Model(i, L.Dense(2, activation="softmax", name="head")(x))
    return spec(m, [np.array(text, object)])


@model()
def class_weighted_binary(K, r):
    L = K.layers
    m = K.Sequential([L.Input((6,)), L.Dense(r.d(7, 10), activation="relu"), L.Dense(1)])
    return spec(m, [r.f(N + NV, 6)], [r.b(N + NV, p=0.3).astype("float32")[:, None]],
                dict(optimizer=K.optimizers.Adam(0.02), loss=K.losses.BinaryCrossentropy(from_logits=True), metrics=[K.metrics.BinaryAccuracy(threshold=0.0), K.metrics.Precision(thresholds=0.0, name="precision")],
                     weighted_metrics=["mse"]), epochs=3, class_weight={0: 0.7, 1: round(float(r.u(1, lo=1.5, hi=3)[0]), 2)})


@model()
def regressor_huber_weighted(K, r):
    L = K.layers
    m = K.Sequential([L.Input((5,)), L.Dense(r.d(6, 9), activation="softplus"), L.Dense(2)])
    s = spec(m, [r.f(N + NV, 5)], [r.f(N + NV, 2, scale=3)], dict(optimizer=K.optimizers.RMSprop(0.01, momentum=0.5, centered=True), loss=K.losses.Huber(0.7), metrics=["mae"], weighted_metrics=["mape"]), epochs=3)
    s["sample_weight"] = r.u(N + NV, lo=0.1, hi=2)
    return s


@model()
def regressor_poisson(K, r):
    L = K.layers
    m = K.Sequential([L.Input((5,)), L.Dense(r.d(6, 9), activation="selu"), L.Dense(1, activation="exponential")])
    return spec(m, [r.f(N + NV, 5, scale=0.5)], [r.i(N + NV, 1, lo=0, hi=5).astype("float32")], dict(optimizer=K.optimizers.Adagrad(0.05), loss="poisson", metrics=[K.metrics.RootMeanSquaredError(name="rmse"), K.metrics.R2Score(name="r2")]), epochs=3)


@model()
def learning_rate_schedule(K, r):
    L = K.layers
    m = K.Sequential([L.Input((6,)), L.Dense(8, activation="relu"), L.Dense(3, activation="softmax")])
    lr = K.optimizers.schedules.CosineDecay(0.1, decay_steps=12, alpha=0.05) if not r.drawn else K.optimizers.schedules.PolynomialDecay(0.1, 9, 0.01, power=2.0)
    return spec(m, [r.f(N + NV, 6)], [r.one_hot(N + NV, 3)], dict(optimizer=K.optimizers.SGD(lr, momentum=0.9, nesterov=True), loss=K.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy", K.metrics.TopKCategoricalAccuracy(k=2, name="top2")]), epochs=3)


@model()
def regularized_constrained(K, r):
    L = K.layers
    m = K.Sequential([L.Input((6,)), L.Dense(8, activation="relu", kernel_regularizer=K.regularizers.L2(0.01), kernel_constraint=K.constraints.MaxNorm(1.0)),
                      L.Dense(r.d(5, 7), activation="relu", kernel_regularizer=K.regularizers.L1L2(0.002, 0.003), activity_regularizer=K.regularizers.L2(0.01), kernel_constraint="non_neg"), L.Dense(1, bias_regularizer="l1")])
    return spec(m, [r.f(N + NV, 6)], [r.f(N + NV, 1)], dict(optimizer=K.optimizers.Adam(0.02), loss="mse", metrics=["mae"]), epochs=3)


@model()
def optimizer_ema_clip(K, r):
    L = K.layers
    m = K.Sequential([L.Input((6,)), L.Dense(8, activation="tanh"), L.Dense(1)])
    return spec(m, [r.f(N + NV, 6)], [r.f(N + NV, 1, scale=5)], dict(optimizer=K.optimizers.Adam(0.02, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=3, global_clipnorm=0.5), loss="mse"), epochs=3)


@model()
def gradient_accumulation(K, r):
    L = K.layers
    m = K.Sequential([L.Input((6,)), L.Dense(8, activation="relu"), L.Dense(1)])
    return spec(m, [r.f(N + NV, 6)], [r.f(N + NV, 1)], dict(optimizer=K.optimizers.AdamW(0.02, weight_decay=0.05, gradient_accumulation_steps=2), loss="mse"), epochs=3)


@model()
def video_conv_lstm(K, r):
    L = K.layers
    i = K.Input((3, 6, 7, 2), name="video")
    x = L.TimeDistributed(L.Conv2D(3, 3, activation="relu"), name="frames")(i)
    x = L.ConvLSTM2D(r.d(3, 4), 2, name="convlstm")(x)
    m = K.Model(i, L.Dense(2, name="head")(L.GlobalAveragePooling2D(name="pool")(x)))
    return spec(m, [r.f(N, 3, 6, 7, 2)], None)


@model()
def conv3d_volume(K, r):
    L = K.layers
    m = K.Sequential([L.Input((5, 6, 7, 2)), L.Conv3D(r.d(3, 4), 2, activation="relu"), L.MaxPooling3D(2), L.Flatten(), L.Dense(2)])
    return spec(m, [r.f(N + NV, 5, 6, 7, 2)], [r.f(N + NV, 2)], dict(optimizer=K.optimizers.Adam(0.01), loss="mse"), epochs=2)


@model()
def encoder_decoder_rnn(K, r):
    """Initial states passed between layers, several outputs of one layer."""
    L = K.layers
    a, b = K.Input((6, 3), name="source"), K.Input((5, 3), name="target")
    u = r.d(4, 6)
    _, h, c = L.LSTM(u, return_state=True, name="encoder")(a)
    x = L.LSTM(u, return_sequences=True, name="decoder")(b, initial_state=[h, c])
    m = K.Model([a, b], L.Dense(2, name="out")(x))
    return spec(m, [r.f(N + NV, 6, 3), r.f(N + NV, 5, 3)], [r.f(N + NV, 5, 2)], dict(optimizer=K.optimizers.Adam(0.01), loss="mse"), epochs=2)


DRAWN_SKIP = {"mixed_float16", "regressor_poisson", "conv3d_volume", "ops_reductions", "sequential_in_functional", "optimizer_ema_clip", "conv1d_dilated", "autoencoder",
               "preprocessing_string_lookup", "multi_output_dict", "partly_frozen", "cnn_batchnorm"}


# ---- running -------------------------------------------------------------------
def named(s, key, arrays, names):
    return dict(zip(names, arrays)) if names else (arrays if len(arrays) > 1 else arrays[0])


def split(s):
    cut = lambda arrays, a, b: [v[a:b] for v in arrays]
    t = {"x": cut(s["x"], 0, N), "y": cut(s["y"], 0, N), "vx": cut(s["x"], N, N + NV), "vy": cut(s["y"], N, N + NV)}
    if s.get("sample_weight") is not None:
        t["sample_weight"] = s["sample_weight"][:N]
    return t


def fit(m, train, info):
    xn, yn = info.get("x_names"), info.get("y_names")
    kw = {}
    if "sample_weight" in train:
        kw["sample_weight"] = train["sample_weight"]
    if info.get("class_weight"):
        kw["class_weight"] = {int(k): v for k, v in info["class_weight"].items()}
    h = m.fit(named(None, "x", train["x"], xn), named(None, "y", train["y"], yn), batch_size=info["batch_size"], epochs=info["epochs"], shuffle=False, verbose=0,
              validation_data=(named(None, "x", train["vx"], xn), named(None, "y", train["vy"], yn)), validation_batch_size=info["batch_size"], **kw)
    e = m.evaluate(named(None, "x", train["vx"], xn), named(None, "y", train["vy"], yn), batch_size=info["batch_size"], verbose=0, return_dict=True)
    return {k: [float(np.asarray(v)) if np.ndim(v) == 0 else np.asarray(v).tolist() for v in vs] for k, vs in h.history.items()}, {k: np.asarray(v).tolist() for k, v in e.items()}


def predict(m, xs, info):
    import keras
    x = named(None, "x", xs, info.get("x_names"))
    if info.get("strings"):
        import tensorflow as tf
        y = m.predict(tf.constant(xs[0].tolist()), verbose=0)
    else:
        y = m.predict(x, batch_size=info["batch_size"], verbose=0)
    return [np.asarray(v) for v in keras.tree.flatten(y)]


def npz(path, **arrays):
    np.savez(path, **{k: np.ascontiguousarray(v) for k, v in arrays.items()})


def numbered(prefix, arrays):
    return {f"{prefix}{i}": a for i, a in enumerate(arrays)}


def dump(path, value):
    with open(path, "w") as f:
        json.dump(value, f, indent=1)


def make_models(args):
    import keras
    drawn = args.variant == "drawn"
    import re
    for index, (name, build) in enumerate(BUILDERS.items()):
        if os.path.exists(os.path.join(args.out, "data", "models", name, "info.json")):
            continue  # done by an earlier, interrupted run
        if drawn and name in DRAWN_SKIP or not re.search(args.only, "models/" + name):
            continue
        print("model", name, flush=True)
        try:
            one_model(keras, name, build, index, args, drawn)
        except Exception as e:
            import traceback
            traceback.print_exc()


def one_model(keras, name, build, index, args, drawn):
    r = R(args.seed, "model/" + name, drawn)
    keras.utils.clear_session()
    keras.utils.set_random_seed(args.seed % 100000 + index)
    s = build(keras, r)
    m, d = s["model"], os.path.join(args.out, "data", "models", name)
    os.makedirs(d, exist_ok=True)
    randomize(m, r)
    info = {"name": name, "batch_size": 8, "strings": bool(s["x"][0].dtype == object), "inputs": [i.name for i in m.inputs], "outputs": [o.name for o in m.outputs], "note": (build.__doc__ or "").strip(),
            "predict_rtol": 3e-2 if "mixed" in name else 1e-4, "train_rtol": 1e-3}  # tightened by the JAX stage
    for k in ("x_names", "y_names"):
        if k in s:
            info[k] = s[k]
    if s["compile"]:
        m.compile(**s["compile"])
    path = os.path.join(d, "model.keras")
    m.save(path)
    few = [x[:13] for x in s["x"]]
    if info["strings"]:
        dump(os.path.join(d, "inputs.json"), {"x0": few[0].tolist()})
    else:
        npz(os.path.join(d, "inputs.npz"), **numbered("x", few))
    outs = predict(keras.models.load_model(path), few, info)
    npz(os.path.join(d, "outputs.npz"), **numbered("y", outs))
    info["output_dtypes"] = [o.dtype.name for o in outs]
    if s["compile"]:
        info.update(epochs=s["fit"]["epochs"], class_weight=s["fit"].get("class_weight"))
        t = split(s)
        arrays = {**numbered("x", t["x"]), **numbered("y", t["y"]), **numbered("vx", t["vx"]), **numbered("vy", t["vy"])}
        if "sample_weight" in t:
            arrays["sample_weight"] = t["sample_weight"]
        npz(os.path.join(d, "train.npz"), **arrays)
        m = keras.models.load_model(path)
        history, ev = fit(m, t, info)
        dump(os.path.join(d, "history.json"), history)
        dump(os.path.join(d, "evaluate.json"), ev)
        m.save_weights(os.path.join(d, "after.weights.h5"))
        npz(os.path.join(d, "outputs_after.npz"), **numbered("y", predict(m, few, info)))
        m3 = keras.models.load_model(path)
        m3.steps_per_execution = 3
        h3, e3 = fit(m3, t, info)
        dump(os.path.join(d, "history_steps_per_execution_3.json"), h3)
        worst = max((abs(a - b) / (abs(b) + 1e-8) for k in history for a, b in zip(np.ravel(h3[k]), np.ravel(history[k]))), default=0)
        info["steps_per_execution_3_max_relative_difference"] = float(worst)
    dump(os.path.join(d, "info.json"), info)


def randomize(m, r):
    """Zero biases and unit scales hide mistakes: give every float weight a random part."""
    for w in m.weights:
        a = np.asarray(w)
        path = getattr(w, "path", None) or w.name
        if a.dtype.kind != "f" or "norm/" in path and "mean" in path or "norm/variance" in path or "count" in path:
            continue
        if a.ndim <= 1 and a.size > 0 and "moving_variance" not in path and "variance" not in path:
            w.assign(a + r.f(*a.shape, scale=0.1).astype(a.dtype))
        elif "moving_variance" in path:
            w.assign(r.u(*a.shape, lo=0.6, hi=1.6))


# ---- legacy HDF5 ------------------------------------------------------------------
def make_legacy(args, flavour):
    """flavour: keras3 (legacy .h5 and .weights.h5) or keras2 (tf_keras: its own configuration dialect)."""
    import re
    if flavour == "keras2":
        import tf_keras as K
    else:
        import keras as K
    drawn = args.variant == "drawn"
    for index, name in enumerate(LEGACY):
        if drawn and index % 2 or not re.search(args.only, "legacy_h5/" + name):
            continue
        print("legacy", flavour, name, flush=True)
        r = R(args.seed, f"legacy/{flavour}/{name}", drawn)
        K.backend.clear_session()
        K.utils.set_random_seed(args.seed % 100000 + 100 + index)
        try:
            s = BUILDERS[name](K, r)
        except Exception as e:
            print("  cannot build", name, repr(e)[:200])
            continue
        m, d = s["model"], os.path.join(args.out, "data", "legacy_h5", f"{name}_{flavour}")
        os.makedirs(d, exist_ok=True)
        randomize(m, r)
        if s["compile"]:
            m.compile(**s["compile"])
        few = [x[:9] for x in s["x"]]
        npz(os.path.join(d, "inputs.npz"), **numbered("x", few))
        y = m.predict(few if len(few) > 1 else few[0], batch_size=8, verbose=0)
        npz(os.path.join(d, "outputs.npz"), **numbered("y", y if isinstance(y, (list, tuple)) else [y]))
        m.save(os.path.join(d, "model.h5"))
        m.save_weights(os.path.join(d, "model.weights.h5"))
        if flavour == "keras2":  # the old weights-only layout: one group a layer, weight_names attributes
            m.save_weights(os.path.join(d, "weights_old_layout.h5"), save_format="h5")
        with open(os.path.join(d, "model.json"), "w") as f:
            f.write(m.to_json())
        dump(os.path.join(d, "info.json"), {"name": name, "flavour": flavour, "compiled": bool(s["compile"]), "inputs": [i.name for i in m.inputs], "outputs": [o.name for o in m.outputs]})


def check_legacy(out):
    """Does real Keras 3 read each legacy file and predict the same? Recorded in info.json."""
    import keras
    base = os.path.join(out, "data", "legacy_h5")
    for name in sorted(os.listdir(base)) if os.path.isdir(base) else []:
        d = os.path.join(base, name)
        with open(os.path.join(d, "info.json")) as f:
            info = json.load(f)
        x, want = np.load(os.path.join(d, "inputs.npz")), np.load(os.path.join(d, "outputs.npz"))
        xs = [x[f"x{i}"] for i in range(len(x.files))]
        try:
            keras.utils.clear_session()
            m = keras.models.load_model(os.path.join(d, "model.h5"), compile=False)
            got = keras.tree.flatten(m.predict(xs if len(xs) > 1 else xs[0], verbose=0, batch_size=8))
            info["keras3_reads_h5"] = True
            info["keras3_max_difference"] = max(float(np.abs(np.asarray(g) - want[f"y{i}"]).max()) for i, g in enumerate(got))
        except Exception as e:
            info["keras3_reads_h5"], info["keras3_error"] = False, f"{type(e).__name__}: {str(e)[:200]}"
        dump(os.path.join(d, "info.json"), info)
        print("legacy check", name, info["keras3_reads_h5"], info.get("keras3_max_difference", info.get("keras3_error")))
