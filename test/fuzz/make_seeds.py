"""Makes the fuzzers' seeds in corpus/: small sound files of each format, from the standard library alone. Those of whole
models, and the dictionary with them, are made from Keras' files in test/saving/data.

    python3 test/fuzz/make_seeds.py
"""
import gzip
import json
import os
import struct
import zipfile
import io
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))


def put(parser, name, data):
    folder = os.path.join(HERE, "corpus", parser)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


def npy(descr, shape, data, fortran=False, version=1):
    header = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11 + 2 * (version > 1)) % 64) + b"\n"
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + data


def make_npy():
    floats = struct.pack("<6f", *range(6))
    put("npy", "f4", npy("<f4", (2, 3), floats))
    put("npy", "f4_fortran", npy("<f4", (2, 3), floats, fortran=True))
    put("npy", "big_endian", npy(">i2", (3,), struct.pack(">3h", 1, -2, 3)))
    put("npy", "scalar", npy("<f8", (), struct.pack("<d", 2.5)))
    put("npy", "empty", npy("<i8", (0, 4), b""))
    put("npy", "bool", npy("|b1", (2,), b"\1\0"))
    put("npy", "half", npy("<f2", (2,), b"\0\x3c\0\xbc"))
    put("npy", "text", npy("<U2", (1,), "ab".encode("utf-32-le")))
    put("npy", "version2", npy("<f4", (1,), floats[:4], version=2))
    put("npy", "objects", npy("|O", (1,), b"\x80\x04N."))
    for method, name in ((zipfile.ZIP_STORED, "npz_stored"), (zipfile.ZIP_DEFLATED, "npz_deflated")):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", method) as z:
            z.writestr(zipfile.ZipInfo("x0.npy"), npy("<f4", (2, 3), floats), method)
            z.writestr(zipfile.ZipInfo("y0.npy"), npy("<i4", (2,), struct.pack("<2i", 7, 8)), method)
        put("npy", name, archive.getvalue())


def make_compiled_npz():
    # An archive as an executable reads it, arrays that a fuzz target packs itself, and deflated streams.
    def archive(method, arrays):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as z:
            for name, array in arrays.items():
                z.writestr(zipfile.ZipInfo(name + ".npy"), array, method)
        return file.getvalue()

    images = npy("<f4", (4, 2, 3), struct.pack("<24f", *range(24)))
    labels = npy("<i8", (4,), struct.pack("<4q", 3, 0, 2, 1))
    mask = npy("|b1", (4, 1), b"\1\0\1\1")
    pair = npy("<f8", (4, 2), struct.pack("<8d", *range(8)))
    put("compiled_npz", "stored", archive(zipfile.ZIP_STORED, {"x": images, "label": labels, "mask": mask}))
    put("compiled_npz", "deflated", archive(zipfile.ZIP_DEFLATED, {"x0": images, "x1": labels, "pair": pair}))
    for name, array in (("images", images), ("labels", labels), ("mask", mask), ("pair", pair)):
        put("compiled_npz", name, array)
    put("compiled_npz", "version2", npy("<u2", (4,), bytes(8), version=2))
    text = b"Every read and write is checked against the ends; every read and write. " * 3
    for name, strategy in (("dynamic", zlib.Z_DEFAULT_STRATEGY), ("fixed", zlib.Z_FIXED), ("runs", zlib.Z_RLE)):
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy)
        put("compiled_npz", name, deflate.compress(text) + deflate.flush())
    put("compiled_npz", "raw", zlib.compress(text, 0)[2:-4])


def make_compiled_weights():
    weights = {"dense/kernel": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
               "dense/bias": {"dtype": "BF16", "shape": [3], "data_offsets": [24, 30]}}
    values = struct.pack("<6f", *range(6)) + b"\x80\x3f" * 3
    put("compiled_weights", "weights", safetensors(weights, values))
    slots = {**weights, "iterations": {"dtype": "I64", "shape": [], "data_offsets": [30, 38]}}
    put("compiled_weights", "slots", safetensors(slots, values + b"\7" + bytes(7)))
    others = {"__metadata__": {"format": "keras", "by": "x"}, "other": {"dtype": "I8", "shape": [0], "data_offsets": [0, 0]}}
    put("compiled_weights", "others", safetensors({**others, **weights}, values))
    put("compiled_weights", "missing", safetensors({"dense/kernel": weights["dense/kernel"]}, values[:24]))


def make_command_line():
    lines = {
        "predict": "predict m.keras --input x.npz --output y.npz --batch-size 64 --json",
        "program": "predict --program m.hbp --weights w.safetensors --input x.npy",
        "evaluate": "evaluate m.keras --data d.csv --target a,b --threads 2 --color never",
        "fit": "fit m.keras --data d.npz --output o.keras --epochs 5 --validation-split 0.1 --steps-per-execution auto "
               "--seed 7 --metrics accuracy,mae -q",
        "watching": "fit m.h5 --data d --output o.h5 --early-stopping monitor=val_loss,patience=3 "
                    "--checkpoint {\"filepath\":\"a.keras\",\"save_freq\":\"epoch\"} --class-weight 0=1,1=2.5",
        "optimizer": "fit m.keras --data d --output o.keras --optimizer {\"class_name\":\"Adam\",\"config\":{}} --loss mse",
        "compile": "compile m.keras --emit static-lib --output libm.a --batch-size 32 --cpu all --prefix m --weights external",
        "bench": "bench fit m.keras --batch-size 32 --steps 10 --peak-memory",
        "convert": "convert a.h5 b.keras", "plot": "plot m.keras --output m.svg", "help": "fit --help",
        "unknown": "fitt --epochz=3", "completion": "completion bash", "version": "--version", "stop": "summary -- --m.keras",
    }
    for name, line in lines.items():
        put("command_line", name, line.replace(" ", "\n").encode())


KERAS_FILES = {  # with their weights, and by their config alone
    True: ["models/operation", "models/sequential_without_input", "models/bfloat16_variables", "models/schedule",
           "keras/models/learning_rate_schedule/model"],
    False: ["keras/models/" + name + "/model" for name in (
        "causal_decoder", "cnn_batchnorm", "gru_bidirectional", "lstm_text", "mixed_float16", "multi_output_dict",
        "nested_model", "ops_reductions", "preprocessing_numbers", "preprocessing_string_lookup",
        "regularized_constrained", "shared_layer")] + ["models/refused_lambda"],
}


def words_of(value, words):
    """Keys, and the names of classes and functions: what a config is made of."""
    if isinstance(value, dict):
        for key, inner in value.items():
            words.add(key)
            if key in ("class_name", "registered_name", "module", "activation", "dtype") and isinstance(inner, str):
                words.add(inner)
            words_of(inner, words)
    elif isinstance(value, list):
        for inner in value:
            words_of(inner, words)


def make_keras_file():
    words = set()
    for with_weights, names in KERAS_FILES.items():
        for name in names:
            with zipfile.ZipFile(os.path.join(HERE, "..", "saving", "data", name + ".keras")) as z:
                config = z.read("config.json")
                words_of(json.loads(config), words)
                weights = b"\0" + z.read("model.weights.h5") if with_weights else b""
            short = name.replace("/model", "").split("/")[-1]
            put("keras_file", short, json.dumps(json.loads(config), separators=(",", ":")).encode() + weights)
    words = sorted(word for word in words if word and all(31 < ord(c) < 127 and c not in '"\\' for c in word))
    with open(os.path.join(HERE, "keras_file.dict"), "w") as f:
        f.write("# Keys and names in Keras' configs. Made by make_seeds.py.\n")
        f.writelines(f'"\\"{word}\\""\n' for word in words)


def safetensors(header, data):
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def make_safetensors():
    put("safetensors", "two", safetensors({
        "__metadata__": {"format": "keras"},
        "layers/dense/vars/0": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
        "b": {"dtype": "BOOL", "shape": [3], "data_offsets": [16, 19]}}, struct.pack("<4f", 1, 2, 3, 4) + b"\1\0\1"))
    put("safetensors", "empty", safetensors({}, b""))
    put("safetensors", "no_elements", safetensors({"a": {"dtype": "BF16", "shape": [0, 7], "data_offsets": [0, 0]}}, b""))
    put("safetensors", "scalar", safetensors({"a": {"dtype": "I64", "shape": [], "data_offsets": [0, 8]}}, b"\1" + bytes(7)))


def make_csv():
    # The first byte chooses delimiter, dtype and header.
    put("csv", "plain", b"\0" + b"1,2,3\n4,5,6\n")
    put("csv", "header", b"\x30" + b"a,b\n1,2\n")
    put("csv", "quoted", b"\0" + b'"a ""b""",c\r\n"1", 2\r\n,nan\r\n')
    put("csv", "semicolons", b"\1" + b"1;-2.5e3\n;inf\n")
    put("csv", "integers", b"\x0c" + b"9223372036854775807,-1\n")


def make_idx():
    images = b"\0\0\x08\x03" + struct.pack(">3I", 2, 2, 3) + bytes(range(12))
    put("idx", "images", images)
    put("idx", "labels", b"\0\0\x08\x01" + struct.pack(">I", 4) + b"\1\2\3\4")
    put("idx", "floats", b"\0\0\x0d\x01" + struct.pack(">I2f", 2, 0.5, -1))
    put("idx", "gzip", gzip.compress(images, mtime=0))


def make_json():
    put("json", "layer", json.dumps({"class_name": "Dense", "config": {"name": "d", "units": 3, "activation": None}}).encode())
    put("json", "numbers", b'[1, -2.5, 1e400, NaN, -Infinity, 9223372036854775808, true, "\\u00e9\\u0000x"]')
    put("json", "deep", b"[" * 50 + b"]" * 50)
    put("json", "history", b'{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}}')


def png(width, height, depth, color, rows, extra=b""):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
            + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b""))


def make_image():
    # The first byte says how many channels are asked for.
    put("image", "gray.png", b"\0" + png(3, 2, 8, 0, [bytes(3), bytes([1, 2, 3])]))
    put("image", "rgb.png", b"\1" + png(2, 2, 8, 2, [bytes(range(6)), bytes(range(6))]))
    put("image", "rgba.png", b"\2" + png(1, 2, 8, 6, [bytes(4), bytes(range(4))]))
    put("image", "bits16.png", b"\3" + png(2, 1, 16, 2, [bytes(range(12))]))
    put("image", "bits1.png", b"\0" + png(9, 1, 1, 0, [b"\xaa\x80"]))
    palette = b"PLTE" + bytes(range(6))
    palette = struct.pack(">I", 6) + palette + struct.pack(">I", zlib.crc32(palette))
    put("image", "palette.png", b"\2" + png(2, 1, 8, 3, [b"\0\1"], palette))
    for bits, name, colors, row in ((24, "rgb", b"", bytes(range(8))), (8, "palette", bytes(1024), bytes([0, 1, 0, 0])),
                                    (32, "rgba", b"", bytes(range(8)))):
        offset = 54 + len(colors)
        put("image", name + ".bmp", b"\2BM" + struct.pack("<IHHI", offset + 2 * len(row), 0, 0, offset)
            + struct.pack("<IiiHHIIiiII", 40, 2, 2, 1, bits, 0, 0, 0, 0, 0, 0) + colors + row * 2)
    put("image", "two.gif", b"\0GIF89a\x02\0\x01\0\x80\0\0\0\0\0\xff\xff\xff"
        + b",\0\0\0\0\x02\0\x01\0\0\x02\x02\x44\x0a\0;")
    with open(os.path.join(HERE, "../frontend/data/recorded/pictures/cats/d.jpg"), "rb") as f:
        put("image", "picture.jpg", b"\0" + f.read())


def wav(kind, channels, bits, data, rate=8000):
    body = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, kind, channels, rate, 0, 0, bits)
    body += b"LIST" + struct.pack("<I", 3) + b"odd\0" + b"data" + struct.pack("<I", len(data)) + data
    return b"\x63RIFF" + struct.pack("<I", len(body)) + body


def make_wav():
    # The first byte is a rate to resample to.
    put("wav", "bits8", wav(1, 1, 8, bytes(range(16)), 90))
    put("wav", "bits16_stereo", wav(1, 2, 16, bytes(range(16)), 200))
    put("wav", "bits24", wav(1, 1, 24, bytes(range(15))))
    put("wav", "bits32", wav(1, 3, 32, bytes(range(24))))
    put("wav", "float", wav(3, 1, 32, struct.pack("<3f", 0.5, -1, 2), 99))
    put("wav", "double", wav(3, 1, 64, struct.pack("<2d", 0.5, -1)))


def make_tfrecord():
    folder = os.path.join(HERE, "../frontend/data/recorded")
    for name in ("examples.tfrecord", "examples.tfrecord.gz", "examples.tfrecord.zlib"):
        with open(os.path.join(folder, name), "rb") as f:
            data = f.read()
        put("tfrecord", name.replace("examples.", ""), data)
    with open(os.path.join(folder, "examples.tfrecord"), "rb") as f:
        data = f.read()
    put("tfrecord", "example", data[12 : 12 + struct.unpack("<Q", data[:8])[0]])


def varint(value):
    out = b""
    while True:
        out += bytes([value & 127 | (128 if value > 127 else 0)])
        value >>= 7
        if not value:
            return out


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def make_package():
    # Field numbers are those of runtime/package/program.proto.
    variable = field(1, "w") + field(2, "float32") + field(3, b"\2\3") + field(4, 0) + field(5, 0)
    port = field(1, "x") + field(2, "float32") + field(3, b"\4\3") + field(4, 1)
    entry = (field(1, "predict") + field(2, "predict_4") + field(3, 4) + field(4, port) + field(5, port) + field(6, 64)
             + field(7, 1))
    put("package", "program", field(1, "x86-64") + field(2, variable) + field(3, entry) + field(4, b"\x7fELF"))
    put("package", "empty", b"")


if __name__ == "__main__":
    for make in (make_npy, make_safetensors, make_csv, make_idx, make_image, make_wav, make_tfrecord, make_json,
                 make_package, make_compiled_npz,
                 make_compiled_weights, make_command_line, make_keras_file):
        make()
