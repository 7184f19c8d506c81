"""Writes hdf5/*.h5, the inputs of hdf5_test.cc, and hdf5/expected.json, what h5py reads from the readable ones.

    pip install h5py numpy && python make_hdf5.py

Made with h5py 3.16 on HDF5 2.0; every feature of the reader and every refusal has one small file or object.
"""
import json
import os
import sys

import h5py
import numpy as np

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hdf5")


def open_new(name, **options):
    return h5py.File(os.path.join(HERE, name), "w", **options)


def counting(shape, dtype, start=0):
    return (np.arange(int(np.prod(shape))) + start).reshape(shape).astype(dtype)


def write_types(f):
    for name in ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"]:
        f[f"types/{name}"] = counting((3, 4), name, -2 if name[0] != "u" else 200)
    f["types/bool"] = np.array([True, False, True])
    f["types/scalar"] = np.float32(2.5)
    f["types/empty"] = np.zeros((0, 3), "float32")
    f["types/big_float"] = counting((5,), ">f4")
    f["types/big_int"] = counting((5,), ">i8", -3)
    bfloat16 = (counting((4,), "float32") + 0.5).view("uint32") >> 16
    dataset = f.create_dataset("types/bfloat16", data=bfloat16.astype("uint16").view("V2"))
    dataset.attrs["dtype"] = "bfloat16"


def write_strings(f):
    f["strings/variable"] = np.array(["alpha", "", "gamma delta", "\u00e4\u00f6\u00fc"], dtype=h5py.string_dtype())
    f["strings/fixed"] = np.array([b"one", b"three", b""], dtype="S5")
    g = f.create_group("attributes")
    g.attrs["one"] = "a text"
    g.attrs["list"] = ["x", "yy", "zzz"]
    g.attrs["fixed"] = np.array([b"kernel:0", b"bias:0"], dtype="S8")
    g.attrs["space_padded"] = np.bytes_(b"ends here")
    g.attrs["number"] = np.int64(3)
    g.attrs["empty"] = np.array([], dtype=h5py.string_dtype())


def write_many(f):
    """More members than one symbol table node, and than one B-tree node, holds."""
    f["a_target"] = np.float32(7)
    many = f.create_group("many")
    for i in range(700):
        many[f"member_{i}"] = f["a_target"]


def write_compact(f):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    data = counting((2, 3), "float32", 1)
    space = h5py.h5s.create_simple(data.shape)
    dataset = h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F32LE, space, plist)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, data)


def write_chunked(f):
    data = counting((13, 7), "float32")
    f.create_dataset("plain", data=data, chunks=(5, 3))
    f.create_dataset("gzip", data=data, chunks=(5, 3), compression="gzip")
    f.create_dataset("shuffled", data=data, chunks=(5, 3), compression="gzip", shuffle=True)
    f.create_dataset("checked", data=data, chunks=(5, 3), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("sum_only", data=counting((9,), "uint8"), chunks=(5,), fletcher32=True)
    f.create_dataset("deep", data=counting((400,), "int16"), chunks=(1,), shuffle=True)
    f.create_dataset("cube", data=counting((5, 6, 7), "int32"), chunks=(2, 4, 3))
    f.create_dataset("larger_than_data", data=counting((3,), "float64"), chunks=(8,), maxshape=(None,))
    f.create_dataset("texts", data=np.array(["a", "bb", "ccc"], dtype=h5py.string_dtype()), chunks=(2,))


def write_latest(f):
    f["group/a"] = counting((3, 2), "float32")
    f["group/b"] = counting((4,), "int64")
    f["group"].attrs["name"] = "latest"
    f["group"].attrs["list"] = ["p", "q"]
    f.create_dataset("one_chunk", data=counting((3, 4), "float32"), chunks=(3, 4), compression="gzip")
    f.create_dataset("one_plain_chunk", data=counting((3, 4), "float32"), chunks=(3, 4))


def write_refused():
    """One file a refusal; hdf5_test.cc says what each is answered with."""
    with open_new("soft_link.h5") as f:
        f["data"] = counting((2,), "float32")
        f["soft"] = h5py.SoftLink("/data")
        f["outside"] = h5py.ExternalLink("other.h5", "/data")
    with open_new("latest_links.h5", libver="latest") as f:
        f["data"] = counting((2,), "float32")
        f["soft"] = h5py.SoftLink("/data")
        f["outside"] = h5py.ExternalLink("other.h5", "/data")
    with open_new("external_data.h5") as f:
        f.create_dataset("x", (4,), "float32", external=[("/etc/passwd", 0, 16)])
    with open_new("virtual.h5", libver="latest") as f:
        layout = h5py.VirtualLayout((4,), "float32")
        layout[:] = h5py.VirtualSource("other.h5", "x", (4,))
        f.create_virtual_dataset("x", layout)
    with open_new("lzf.h5") as f:
        f.create_dataset("x", data=np.zeros(64, "float32"), chunks=(32,), compression="lzf")
    with open_new("unwritten.h5") as f:
        f.create_dataset("x", (1 << 40,), "float32")
        f.create_dataset("chunked", (1 << 40,), "float32", chunks=(1024,))
        part = f.create_dataset("partly", (100,), "float32", chunks=(10,))
        part[:10] = 1
    with open_new("dense_links.h5", libver="latest") as f:
        for i in range(20):
            f[f"g/{i}"] = np.float32(i)
    with open_new("fixed_array.h5", libver=("v110", "v110")) as f:
        f.create_dataset("x", data=counting((64,), "float32"), chunks=(8,), compression="gzip")
    with open_new("user_block.h5", userblock_size=512) as f:
        f["x"] = np.float32(1)
    with open_new("named_type.h5") as f:
        f["type"] = np.dtype("float32")
        f.create_dataset("x", data=counting((2,), "float32"), dtype=f["type"])
    with open_new("compound.h5") as f:
        f["x"] = np.zeros(2, dtype=[("a", "f4"), ("b", "i4")])
        f["opaque"] = np.zeros(2, dtype="V2")
        f["null"] = h5py.Empty("f4")


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def describe(f):
    found = {}

    def visit(name, node):
        if not isinstance(node, h5py.Dataset) or name.startswith("many/"):
            return
        entry = {"shape": list(node.shape)}
        if h5py.check_string_dtype(node.dtype):
            entry["strings"] = [s.decode() for s in node[...].ravel()]
        else:
            data = node[...]
            bfloat16 = node.attrs.get("dtype") == "bfloat16"
            entry["dtype"] = "bfloat16" if bfloat16 else data.dtype.name
            entry["fnv1a"] = fnv1a(data.astype(data.dtype.newbyteorder("<")).tobytes())
        found["/" + name] = entry

    f.visititems(visit)
    return found


def main():
    os.makedirs(HERE, exist_ok=True)
    writers = {"types.h5": write_types, "strings.h5": write_strings, "many.h5": write_many, "compact.h5": write_compact,
               "chunked.h5": write_chunked}
    for name, write in writers.items():
        with open_new(name) as f:
            write(f)
    with open_new("v110.h5", libver=("v110", "v110")) as f:
        write_latest(f)
    with open_new("v108.h5", libver=("v108", "v108"), track_order=True) as f:
        write_latest(f)
    write_refused()
    expected = {}
    for name in [*writers, "v110.h5", "v108.h5"]:
        with h5py.File(os.path.join(HERE, name)) as f:
            expected[name] = describe(f)
    with open(os.path.join(HERE, "expected.json"), "w") as out:
        json.dump(expected, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    sys.exit(main())
