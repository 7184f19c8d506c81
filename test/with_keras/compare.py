"""Loads files that Hornbeam wrote in real Keras: same predictions, and training goes on as Hornbeam's does.

    write_models FOLDER; python compare.py FOLDER [--table FILE]
"""
import argparse
import datetime
import glob
import os
import sys
import zipfile

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../saving/data/keras/models")


def arrays(path, prefix):
    stored = np.load(path)
    found = []
    while f"{prefix}{len(found)}" in stored:
        found.append(stored[f"{prefix}{len(found)}"])
    return found if len(found) > 1 else found[0]


def flat(outputs):
    if isinstance(outputs, dict):
        return [outputs[key] for key in sorted(outputs)]
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]


def difference(found, path):
    """The largest |a - b| / (1e-3 + |b|) of all outputs."""
    expected = arrays(path, "y")
    worst = 0.0
    for a, b in zip(flat(found), flat(expected), strict=True):
        assert a.shape == b.shape, (a.shape, b.shape)
        worst = max(worst, float(np.max(np.abs(np.asarray(a, "f8") - b) / (1e-3 + np.abs(b)), initial=0)))
    return worst


def targets(model, y):
    """A model with named outputs takes its targets by name."""
    try:
        output = model.output
    except AttributeError:  # a Sequential model that was not called since it was loaded
        return y
    return dict(zip(sorted(output), y)) if isinstance(output, dict) else y


def has_operations(path):
    return b'"module": "keras.src.ops.' in zipfile.ZipFile(path).read("config.json")


def compare_vocabularies(name, folder):
    """A model with strings, which Keras runs on TensorFlow alone."""
    import tensorflow as tf

    path = os.path.join(folder, name)
    stored = np.load(os.path.join(DATA, "../../vocabularies", name[len("vocabulary_"):] + ".npz"))
    x = [tf.constant(stored[key].tolist(), dtype=tf.string if stored[key].dtype.kind == "U" else stored[key].dtype)
         for key in sorted(stored) if key[0] == "x"]
    model = keras.models.load_model(path + ".keras")
    found = model.predict(x[0] if len(x) == 1 else x, verbose=0, batch_size=8)
    return [(".keras", "predicts", difference(found, path + "_predicted.npz"), 1e-4)]


def compare(name, folder):
    """(format, what, difference, allowed) of one model."""
    path = os.path.join(folder, name)
    x = arrays(os.path.join(DATA, name, "inputs.npz"), "x")
    train = os.path.join(DATA, name, "train.npz")
    rows = []
    for ending in (".keras", ".h5", ".weights.h5"):
        if ending == ".h5" and has_operations(path + ".keras"):
            continue  # Keras cannot read operations in its older format, its own files neither
        model = keras.models.load_model(path + (".keras" if ending == ".weights.h5" else ending))
        if ending == ".weights.h5":
            for variable in model.variables:
                variable.assign(np.zeros(variable.shape, variable.dtype))
            model.load_weights(path + ending)
        rows.append((ending, "predicts", difference(model.predict(x, verbose=0, batch_size=8), path + "_predicted.npz"), 1e-4))
        if ending != ".keras":
            continue
        history = model.fit(arrays(train, "x"), targets(model, arrays(train, "y")), batch_size=8, verbose=0, shuffle=False)
        expected = float(open(path + "_history.txt").read())
        loss = history.history["loss"][0]
        rows.append((ending, "goes on training: loss", abs(loss - expected) / (1e-3 + abs(expected)), 2e-3))
        rows.append((ending, "goes on training: predictions",
                     difference(model.predict(x, verbose=0, batch_size=8), path + "_after.npz"), 2e-2))
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--table", help="a Markdown table for docs/conformance.md")
    arguments = parser.parse_args()
    names = sorted(os.path.basename(p)[: -len(".keras")] for p in glob.glob(os.path.join(arguments.folder, "*.keras")))
    lines, failed = [], 0
    with_strings = [name for name in names if name.startswith("vocabulary_")]
    if keras.backend.backend() != "tensorflow":
        print(f"{len(with_strings)} models with strings are left out: Keras runs them on TensorFlow alone")
        names = [name for name in names if name not in with_strings]
    for name in names:
        try:
            rows = (compare_vocabularies if name in with_strings else compare)(name, arguments.folder)
        except Exception as error:  # whatever Keras says of a file is the result
            rows = [("", f"{type(error).__name__}: {str(error).splitlines()[0][:200]}", float("inf"), 0)]
        for ending, what, worst, allowed in rows:
            good = worst <= allowed
            failed += not good
            print(f"{'ok  ' if good else 'FAIL'} {name}{ending} {what}: {worst:.2g}")
        lines.append(f"| {name} | {', '.join(f'{what} ({ending}) {worst:.1g}' for ending, what, worst, _ in rows)} |")
    print(f"{len(names)} models, {failed} failed; Keras {keras.__version__}, {keras.backend.backend()}")
    if arguments.table:
        with open(arguments.table, "w") as table:
            print(f"{datetime.date.today()}, Keras {keras.__version__} ({keras.backend.backend()}): {len(names)} models that "
                  f"Hornbeam trained and saved, {failed} failed.\n\n| model | largest difference |\n|---|---|", file=table)
            print("\n".join(lines), file=table)
    sys.exit(failed > 0 or not names)


if __name__ == "__main__":
    main()
