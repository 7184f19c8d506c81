#!/usr/bin/env python3
"""Records what Keras and TensorFlow make of small pictures and series: recorded/. Run it with Keras 3 on TensorFlow.

Pictures are made from a formula, written by TensorFlow, and read again by keras.utils' loaders.
"""

import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorded")
FOLDER = os.path.join(HERE, "pictures")


def picture(height, width, channels, seed):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    values = 127 + 80 * np.sin(0.5 * x + seed + c) + 47 * np.cos(0.9 * y - c)
    return np.clip(values, 0, 255).astype("uint8")


def make_folder():
    for name in ("cats", "dogs"):
        os.makedirs(os.path.join(FOLDER, name), exist_ok=True)
    for i in range(7):
        height, width = 9 + i, 14 - i
        kind = "cats" if i % 2 else "dogs"
        stem = os.path.join(FOLDER, kind, f"{'abcdefg'[6 - i]}")
        if i == 3:
            bytes_ = tf.io.encode_jpeg(picture(16, 16, 3, i), quality=95).numpy()
            stem += ".jpg"
        elif i == 5:
            bytes_ = tf.io.encode_png(picture(height, width, 1, i)).numpy()
            stem += ".png"
        elif i == 6:
            bytes_ = tf.io.encode_png(picture(height, width, 4, i)).numpy()
            stem += ".PNG"
        else:
            bytes_ = tf.io.encode_png(picture(height, width, 3, i)).numpy()
            stem += ".png"
        with open(stem, "wb") as f:
            f.write(bytes_)
    with open(os.path.join(FOLDER, "dogs", "notes.txt"), "w") as f:
        f.write("no picture\n")


def pictures(out):
    make = keras.utils.image_dataset_from_directory
    common = dict(directory=FOLDER, batch_size=None, shuffle=False, image_size=(8, 11), verbose=False)
    for name in ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic"):
        out[f"image_{name}"] = np.stack([x.numpy() for x, _ in make(interpolation=name, **common)])
    out["image_labels"] = np.array([y.numpy() for _, y in make(**common)])
    out["image_crop"] = np.stack([x.numpy() for x, _ in make(crop_to_aspect_ratio=True, **common)])
    out["image_pad"] = np.stack([x.numpy() for x, _ in make(pad_to_aspect_ratio=True, **common)])
    out["image_grayscale"] = np.stack([x.numpy() for x, _ in make(color_mode="grayscale", **common)])
    # TensorFlow reads no JPEG with 4 channels.
    out["image_rgba"] = np.stack([x.numpy() for x, _ in make(color_mode="rgba", class_names=["dogs"], **common)])
    out["image_categorical"] = np.stack([y.numpy() for _, y in make(label_mode="categorical", **common)])
    out["image_binary"] = next(iter(make(label_mode="binary", **(common | {"batch_size": 3}))))[1].numpy()
    for seed in (0, 7, 123456):
        for subset in ("training", "validation"):
            ds = make(FOLDER, shuffle=True, seed=seed, validation_split=0.3, subset=subset, verbose=False)
            paths = [os.path.relpath(p, FOLDER) for p in ds.file_paths]
            out[f"image_order_{subset}_{seed}"] = np.frombuffer("\n".join(paths).encode(), dtype="uint8")


def series(out):
    data = np.arange(60, dtype="float32").reshape(30, 2)
    targets = np.arange(100, 130, dtype="int32")
    cases = [
        dict(sequence_length=5),
        dict(sequence_length=4, sequence_stride=3, sampling_rate=2),
        dict(sequence_length=3, start_index=4, end_index=19),
        dict(sequence_length=3, sampling_rate=2, shuffle=True, seed=5, batch_size=8),
    ]
    for i, case in enumerate(cases):
        case = {"batch_size": 7} | case
        for with_targets in (True, False):
            ds = keras.utils.timeseries_dataset_from_array(data, targets if with_targets else None, **case)
            x, y = [], []
            for batch in ds:
                x.append((batch[0] if with_targets else batch).numpy())
                if with_targets:
                    y.append(batch[1].numpy())
            key = f"series_{i}_{'xy' if with_targets else 'x'}"
            order = np.argsort(np.concatenate(x)[:, 0, 0]) if case.get("shuffle") else slice(None)
            out[key] = np.concatenate(x)[order]
            if with_targets:
                out[key + "_targets"] = np.concatenate(y)[order]
            out[key + "_first_batch"] = np.array([len(x[0]), len(x)])


def records(out):
    path = os.path.join(HERE, "examples.tfrecord")
    with tf.io.TFRecordWriter(path) as writer:
        for i in range(5):
            feature = {
                "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[i - 2])),
                "values": tf.train.Feature(float_list=tf.train.FloatList(value=[i, i + 0.5, i + 0.25])),
                "name": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"example %d" % i])),
            }
            writer.write(tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString())
    for ending, compression in ((".gz", "GZIP"), (".zlib", "ZLIB")):
        with tf.io.TFRecordWriter(path + ending, tf.io.TFRecordOptions(compression_type=compression)) as writer:
            writer.write(b"one record")
            writer.write(bytes(range(256)) * 20)


def sounds():
    folder = os.path.join(HERE, "sounds")
    for i, kind in enumerate(("high", "low")):
        os.makedirs(os.path.join(folder, kind), exist_ok=True)
        for j in range(2):
            wave = np.sin(np.arange(40 + 20 * j)[:, None] * (0.9 if i == 0 else 0.1) + np.arange(1 + j)).astype("float32")
            with open(os.path.join(folder, kind, f"{j}.wav"), "wb") as f:
                f.write(tf.audio.encode_wav(wave * 0.7, 8000).numpy())
    return folder


def audio(out, folder):
    make = keras.utils.audio_dataset_from_directory
    common = dict(directory=folder, shuffle=False, verbose=False)
    batches = list(make(batch_size=3, **common))
    for i, (x, y) in enumerate(batches):
        out[f"audio_padded_{i}"], out[f"audio_labels_{i}"] = x.numpy(), y.numpy()
    single = make(batch_size=None, output_sequence_length=50, label_mode="categorical", **common)
    for i, (x, y) in enumerate(single):
        out[f"audio_cut_{i}"], out[f"audio_one_hot_{i}"] = x.numpy(), y.numpy()
    for subset in ("training", "validation"):
        ds = keras.utils.audio_dataset_from_directory(
            folder, seed=3, validation_split=0.25, subset=subset, batch_size=None, verbose=False
        )
        out[f"audio_{subset}_sums"] = np.sort([x.numpy().sum() for x, _ in ds])


def main():
    make_folder()
    out = {}
    pictures(out)
    series(out)
    records(out)
    folder = sounds()
    first = sorted(os.listdir(os.path.join(folder, "low")))[0]
    wave, rate = tf.audio.decode_wav(tf.io.read_file(os.path.join(folder, "low", first)))
    out["sound_low_0"] = wave.numpy()
    audio(out, folder)
    np.savez_compressed(os.path.join(HERE, "recorded.npz"), **out)


if __name__ == "__main__":
    main()
