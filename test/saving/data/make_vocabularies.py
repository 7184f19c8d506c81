"""Writes vocabularies/*.keras with real Keras: models whose layers learned their vocabularies, which then stand in assets/.
Beside each an .npz: x0, x1, … inputs and y0, y1, … what predict gives.

    pip install keras==3.15.1 tensorflow-cpu==2.21 && python make_vocabularies.py
"""
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vocabularies")
TEXTS = ["the quick fox", "The dog; the FOX!", "lazy dog \u00e9t\u00e9", ""]
RNG = np.random.default_rng(20261124)


def words_by_weight():
    i = keras.Input((1,), dtype="string", name="text")
    v = L.TextVectorization(output_mode="tf_idf", name="words")
    v.adapt(TEXTS)
    return keras.Model(i, L.Dense(2, name="head")(v(i))), [np.array(TEXTS)[:, None]]


def lookups():
    i = keras.Input((2,), dtype="string", name="pets")
    s = L.StringLookup(output_mode="tf_idf", num_oov_indices=2, name="pets_lookup")
    s.adapt([["cat", "dog"], ["dog", "cow"]])
    j = keras.Input((1,), dtype="int64", name="number")
    n = L.IntegerLookup(name="number_lookup")
    n.adapt([[3], [3], [5]])
    m = keras.Model([i, j], [L.Dense(2, name="head")(s(i)), L.Embedding(9, 2, name="embed")(n(j))])
    return m, [np.array([["cat", "emu"], ["dog", "dog"], ["cow", "yak"]]), np.array([[3], [4], [5]])]


def nested():
    i = keras.Input((1,), dtype="string")
    v = L.TextVectorization(output_sequence_length=4, name="words")
    v.adapt(TEXTS)
    prepare = keras.Model(i, v(i), name="prepare")
    m = keras.Sequential([keras.Input((1,), dtype="string"), prepare, L.Embedding(20, 3), L.GlobalAveragePooling1D(),
                          L.Dense(1, activation="sigmoid")])
    m.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return m, [np.array(TEXTS)[:, None]]


for make in (words_by_weight, lookups, nested):
    model, inputs = make()
    for w in model.weights:
        w.assign(RNG.normal(0, 0.4, w.shape).astype("float32"))
    tensors = [tf.constant(x.tolist(), dtype=None if x.dtype.kind == "U" else "int64") for x in inputs]
    y = model.predict(tensors[0] if len(tensors) == 1 else tensors, verbose=0)
    model.save(os.path.join(HERE, make.__name__ + ".keras"))
    y = y if isinstance(y, list) else [y]
    np.savez(os.path.join(HERE, make.__name__ + ".npz"), **{f"x{i}": x for i, x in enumerate(inputs)},
             **{f"y{i}": a for i, a in enumerate(y)})
