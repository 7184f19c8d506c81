"""Writes models/*.keras with real Keras, and beside each models/*.npz: inputs, predictions, weights, optimizer state.

    pip install keras==3.15.1 jax numpy && KERAS_BACKEND=jax python make_models.py

In an .npz: x0, x1, … inputs, y0, y1, … what predict gives, w0, w1, … model.weights in Keras' order, o0, o1, …
optimizer.variables in Keras' order. Of a model that was trained before it was saved also t0, t1, … targets, e0 the loss
that evaluate gives for them, h0 the loss of one more epoch of fit (batches of 4, not shuffled), and a0, a1, … model.weights after it. refused_*.keras have no
.npz: keras_file_test.cc says what each is answered with.
"""
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras import layers as L

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")
RNG = np.random.default_rng(20261124)


def floats(*shape):
    return RNG.standard_normal(shape).astype("float32")


def shake(model):
    """Random weights everywhere, so that a bias or a scale in the wrong place shows."""
    for w in model.weights:
        value = RNG.uniform(0.1, 0.9, w.shape) if "variance" in w.name else RNG.normal(0, 0.4, w.shape)
        w.assign(value.astype("float32"))


def untrained_functional():
    i = keras.Input((16,))
    x = L.Dense(12, activation="relu")(i)
    x = L.Dropout(0.2)(x)
    m = keras.Model(i, L.Dense(3)(x))
    m.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return m, [floats(5, 16)], None


def trained_adam():
    m = keras.Sequential([L.Input((9,)), L.Dense(7, "tanh"), L.Dense(4, "softmax")])
    m.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=2)
    return m, [floats(12, 9)], [RNG.integers(0, 4, 12)]


def sequential_without_input():
    m = keras.Sequential([L.Dense(6, "sigmoid", name="first"), L.Dense(2, use_bias=False)])
    m.build((None, 5))
    return m, [floats(4, 5)], None


def shared_and_merged():
    a, b = keras.Input((6,), name="a"), keras.Input((6,), name="b")
    shared = L.Dense(5, activation="relu", name="twice_used")
    x, y = shared(a), shared(b)
    z = L.Concatenate()([L.Add()([x, y]), x, b])
    return keras.Model([a, b], L.Dense(2)(z)), [floats(4, 6), floats(4, 6)], None


def nested():
    i = keras.Input((7,))
    inner = keras.Model(i, L.Dense(4)(L.Dense(6, activation="relu")(i)), name="inner")
    block = keras.Sequential([L.Input((4,)), L.Dense(5, "relu"), L.Dense(4)], name="block")
    x = keras.Input((7,), name="features")
    y = inner(x)
    z = L.Dense(3)(L.Add()([block(y), y]))
    return keras.Model(x, z), [floats(4, 7)], None


def cnn():
    m = keras.Sequential([L.Input((9, 8, 3)), L.Rescaling(1 / 3.0), L.Conv2D(4, 3, use_bias=False), L.BatchNormalization(momentum=0.8),
                          L.ReLU(), L.MaxPooling2D(2), L.Conv2D(5, (2, 3), padding="same", activation="relu"),
                          L.AveragePooling2D((2, 1)), L.Flatten(), L.Dense(4)])
    m.compile(keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
              keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return m, [floats(8, 9, 8, 3)], [RNG.integers(0, 4, 8)]


def residual():
    """Branches: the order of layers in the file is not the order in which they were made."""
    def block(x, filters, stride):
        y = L.Activation("relu")(L.BatchNormalization()(L.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)))
        y = L.BatchNormalization()(L.Conv2D(filters, 3, padding="same", use_bias=False)(y))
        if stride == 2:
            x = L.BatchNormalization()(L.Conv2D(filters, 1, strides=2, padding="same", use_bias=False)(x))
        return L.Activation("relu")(L.Add()([x, y]))
    i = keras.Input((8, 8, 3))
    x = block(block(L.Conv2D(4, 3, padding="same")(i), 4, 1), 6, 2)
    m = keras.Model(i, L.Dense(10)(L.GlobalAveragePooling2D()(x)))
    m.compile(keras.optimizers.SGD(0.1, momentum=0.9), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return m, [floats(4, 8, 8, 3)], [RNG.integers(0, 10, 4)]


def two_outputs():
    a, b = keras.Input((6,), name="numbers"), keras.Input((5, 4), name="series")
    x = L.Concatenate()([L.Dense(7, activation="relu")(a), L.Flatten()(b)])
    m = keras.Model([a, b], [L.Dense(3, activation="softmax", name="category")(x), L.Dense(1, name="value")(x)])
    m.compile(keras.optimizers.Adam(0.01), ["sparse_categorical_crossentropy", "mse"], loss_weights=[1.0, 0.5],
              metrics=[["accuracy"], ["mae"]])
    return m, [floats(10, 6), floats(10, 5, 4)], [RNG.integers(0, 3, 10), floats(10, 1)]


def dict_outputs():
    i = keras.Input((6,), name="features")
    x = L.Dense(5, activation="relu")(i)
    m = keras.Model(i, {"cls": L.Dense(3)(x), "reg": L.Dense(1)(x)})
    m.compile(keras.optimizers.Adam(0.01),
              {"cls": keras.losses.SparseCategoricalCrossentropy(from_logits=True), "reg": "mse"},
              loss_weights={"cls": 0.5, "reg": 2.0}, metrics={"cls": ["accuracy"], "reg": ["mae"]})
    return m, [floats(6, 6)], None


def schedule():
    m = keras.Sequential([L.Input((6,)), L.Dense(8, "relu"), L.Dense(3, "softmax")])
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 4, 0.5, staircase=True)
    m.compile(keras.optimizers.SGD(rate, momentum=0.9), keras.losses.CategoricalCrossentropy(label_smoothing=0.1))
    return m, [floats(8, 6)], [np.eye(3, dtype="float32")[RNG.integers(0, 3, 8)]]


def frozen():
    m = keras.Sequential([L.Input((9,)), L.Dense(8, "relu", trainable=False, name="frozen"),
                          L.BatchNormalization(trainable=False, name="frozen_bn"), L.Dense(1, "sigmoid")])
    m.compile(keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy(), metrics=["accuracy"])
    return m, [floats(8, 9)], [RNG.integers(0, 2, (8, 1)).astype("float32")]


def bfloat16_variables():
    m = keras.Sequential([L.Input((4,)), L.Dense(3, dtype="bfloat16")])
    return m, [floats(2, 4)], None


def layers_as_activations():
    m = keras.Sequential([L.Input((6, 6, 2)), L.Conv2D(3, 3, activation=L.PReLU(shared_axes=[1, 2])), L.Flatten(),
                          L.Dense(5, activation=L.LeakyReLU(negative_slope=0.1)), L.Dense(2)])
    m.compile(keras.optimizers.Adam(0.01), "mse")
    return m, [floats(8, 6, 6, 2)], [floats(8, 2)]


def stacked_cells():
    x = keras.Input((5, 4))
    y = L.RNN(L.StackedRNNCells([L.LSTMCell(3), L.GRUCell(2), L.GRUCell(2)]))(L.TimeDistributed(L.Dense(4))(x))
    m = keras.Model(x, L.Dense(2)(y))
    m.compile(keras.optimizers.SGD(0.05, momentum=0.5), "mse")
    return m, [floats(8, 5, 4)], [floats(8, 2)]


def scaled_loss():
    """Compiled under mixed_float16: the optimizer is in a LossScaleOptimizer, of which the config tells nothing."""
    keras.mixed_precision.set_global_policy("mixed_float16")
    x = keras.Input((6,))
    m = keras.Model(x, L.Dense(2, dtype="float32")(L.Dense(5, "tanh")(x)))
    m.compile(keras.optimizers.Adam(0.01), "mse")
    keras.mixed_precision.set_global_policy("float32")
    return m, [floats(8, 6)], [floats(8, 2)]


def adapted():
    """Low-rank adaptation: files hold the sum."""
    table, dense = L.Embedding(9, 4), L.Dense(3)
    m = keras.Sequential([L.Input((5,), dtype="int32"), table, L.Flatten(), dense])
    table.enable_lora(2)
    dense.enable_lora(2, lora_alpha=3)
    return m, [RNG.integers(0, 9, (6, 5)).astype("int32")], None


def accepted(name, made):
    model, x, y = made
    shake(model)
    if y:
        arg = lambda values: values if len(values) > 1 else values[0]
        model.fit(arg(x), arg(y), epochs=2, batch_size=4, verbose=0, shuffle=False)
    model.save(os.path.join(HERE, name + ".keras"))
    out = model.predict(x if len(x) > 1 else x[0], verbose=0)
    out = [out[k] for k in sorted(out)] if isinstance(out, dict) else out if isinstance(out, list) else [out]
    data = {f"x{i}": v for i, v in enumerate(x)}
    data |= {f"y{i}": np.asarray(v, "float32") for i, v in enumerate(out)}
    data |= {f"w{i}": np.asarray(keras.ops.convert_to_numpy(v), "float32") for i, v in enumerate(model.weights)}
    if model.compiled and y:
        data |= {f"o{i}": np.asarray(v.numpy(), "float32") for i, v in enumerate(model.optimizer.variables)}
        data |= {f"t{i}": np.asarray(v, "int32" if v.dtype == "int64" else v.dtype) for i, v in enumerate(y)}
        data["e0"] = np.asarray(model.evaluate(arg(x), arg(y), verbose=0, return_dict=True)["loss"], "float32")
        history = model.fit(arg(x), arg(y), epochs=1, batch_size=4, verbose=0, shuffle=False).history
        data["h0"] = np.asarray(history["loss"], "float32")
        data |= {f"a{i}": np.asarray(v.numpy(), "float32") for i, v in enumerate(model.weights)}
    np.savez(os.path.join(HERE, name + ".npz"), **data)
    if name == "trained_adam":
        np.savez(os.path.join(HERE, name + "_weights.npz"), *[data[f"w{i}"] for i in range(4)])


def refused():
    save = lambda name, *layers: keras.Sequential([L.Input((4,)), *layers]).save(os.path.join(HERE, f"refused_{name}.keras"))
    save("lambda", L.Dense(3), L.Lambda(lambda x: x * 2, name="double"))
    save("unknown_layer", L.SpectralNormalization(L.Dense(3), name="spectral"))
    i = keras.Input((4,))
    x = L.Dense(4)(i)
    keras.Model(i, L.Add()([x + i, x])).save(os.path.join(HERE, "operation.keras"))


def main():
    os.makedirs(HERE, exist_ok=True)
    for make in [untrained_functional, trained_adam, sequential_without_input, shared_and_merged, nested, cnn, residual, two_outputs,
                 dict_outputs, schedule, frozen, bfloat16_variables, layers_as_activations, stacked_cells, scaled_loss, adapted]:
        keras.utils.clear_session()
        accepted(make.__name__, make())
    refused()


if __name__ == "__main__":
    main()
