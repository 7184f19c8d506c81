"""data/random.json: what layers with random masks must satisfy in training, with what Keras gave."""
import json
import os

import numpy as np


def make(args):
    import keras
    L, drawn = keras.layers, args.variant == "drawn"
    rate = 0.3 if not drawn else 0.45
    x = np.ones((40, 30, 50), "float32")
    rows = []

    def row(layer, x, rule, stats):
        y = np.asarray(layer(x, training=True)).astype("float64")
        rows.append({"class_name": type(layer).__name__, "config": json.loads(json.dumps(keras.saving.serialize_keras_object(layer), default=str)),
                     "input": {"shape": list(x.shape), "value": float(x.flat[0])}, "training": True, "rule": rule,
                     "expect": stats, "keras_gave": {"zero_fraction": float((y == 0).mean()), "mean": float(y.mean()), "std": float(y.std()), "distinct_values": int(min(len(np.unique(y)), 999))}})
    keep = 1 - rate
    n = x.size
    tol = lambda p, n: 6 * (p * (1 - p) / n) ** 0.5
    row(L.Dropout(rate, seed=3), x, "each element is 0 with probability rate, else x / (1 - rate)", {"zero_fraction": rate, "tolerance": tol(rate, n), "kept_value": 1 / keep})
    row(L.Dropout(rate, noise_shape=(40, 1, 50), seed=3), x, "one decision along each axis of size 1 in noise_shape", {"zero_fraction": rate, "tolerance": tol(rate, 2000), "kept_value": 1 / keep, "constant_along_axis": 1})
    for d, shape in ((1, (40, 9, 50)), (2, (40, 5, 6, 50)), (3, (40, 3, 4, 5, 50))):
        row(getattr(L, f"SpatialDropout{d}D")(rate, seed=3), np.ones(shape, "float32"), "whole channels: noise_shape is (batch, 1..., channels)", {"zero_fraction": rate, "tolerance": tol(rate, 2000), "kept_value": 1 / keep})
    row(L.GaussianDropout(rate, seed=3), x, "x * normal(1, sqrt(rate / (1 - rate)))", {"mean": 1.0, "std": (rate / keep) ** 0.5, "tolerance": 6 * (rate / keep) ** 0.5 / n ** 0.5})
    row(L.GaussianNoise(0.2, seed=3), x, "x + normal(0, stddev)", {"mean": 1.0, "std": 0.2, "tolerance": 6 * 0.2 / n ** 0.5})
    a = -1.0507009873554805 * 1.6732632423543772
    s = ((1 - rate) * (1 + rate * a ** 2)) ** -0.5
    b = -s * a * rate
    row(L.AlphaDropout(rate, seed=3), x, "kept: s * x + b, dropped: s * alpha' + b; alpha' = -1.7580993, s = ((1-rate)(1+rate alpha'^2))^-1/2, b = -s alpha' rate",
        {"kept_value": s + b, "dropped_value": s * a + b, "dropped_fraction": rate, "tolerance": tol(rate, n)})
    os.makedirs(os.path.join(args.out, "data"), exist_ok=True)
    with open(os.path.join(args.out, "data", "random.json"), "w") as f:
        json.dump(rows, f, indent=1)
    for r in rows:
        print(r["class_name"], r["expect"], r["keras_gave"])
