"""Writes zip/*.zip, the inputs of zip_reader_test.cc: one sound archive and one archive a refusal.

    python make_zip.py        (the standard library is enough)
"""
import os
import struct
import warnings
import zipfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "zip")
ZERO_TIME = (1980, 1, 1, 0, 0, 0)


def write(name, entries):
    """entries: (name, bytes, method)"""
    path = os.path.join(HERE, name)
    with zipfile.ZipFile(path, "w") as archive:
        for entry, data, method in entries:
            info = zipfile.ZipInfo(entry, ZERO_TIME)
            info.compress_type = method
            archive.writestr(info, data)
    return path


def patch(path, change):
    with open(path, "rb") as f:
        data = bytearray(f.read())
    change(data)
    with open(path, "wb") as f:
        f.write(data)


def set_sizes(data, size):
    """Says another uncompressed size of the only entry, in both of its headers."""
    struct.pack_into("<I", data, 22, size)
    struct.pack_into("<I", data, data.index(b"PK\1\2") + 24, size)


def main():
    warnings.simplefilter("ignore")
    os.makedirs(HERE, exist_ok=True)
    stored, deflated = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
    text = b"some text, " * 50
    write("sound.zip", [("metadata.json", b"{}", stored), ("config.json", text, deflated), ("folder/empty", b"", stored)])
    write("twice.zip", [("a", b"1", stored), ("a", b"2", stored)])
    write("parent.zip", [("x/../../a", b"1", stored)])
    write("absolute.zip", [("/etc/passwd", b"1", stored)])
    write("backslash.zip", [("..\\a", b"1", stored)])
    write("bzip2.zip", [("a", text, zipfile.ZIP_BZIP2)])
    write("zeros.zip", [("a", bytes(4 << 20), deflated)])
    patch(write("claims_more.zip", [("a", text, deflated)]), lambda d: set_sizes(d, 0xF0000000))
    patch(write("longer.zip", [("a", text, deflated)]), lambda d: set_sizes(d, 100))
    patch(write("shorter.zip", [("a", text, deflated)]), lambda d: set_sizes(d, 600))
    patch(write("stored_size.zip", [("a", text, stored)]), lambda d: set_sizes(d, 5000))
    patch(write("checksum.zip", [("a", text, stored)]), lambda d: d.__setitem__(60, d[60] ^ 1))


if __name__ == "__main__":
    main()
