"""Makes the fuzzers' seeds in corpus/: small sound files of each format, from the standard library alone.

    python3 test/fuzz/make_seeds.py
"""
import gzip
import json
import os
import struct
import zipfile
import io

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
    for make in (make_npy, make_safetensors, make_csv, make_idx, make_json, make_package):
        make()
