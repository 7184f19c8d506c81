"""Writes the .npy and .npz files of this folder with NumPy: `python3 make_numpy_files.py`."""
import pathlib

import numpy as np

folder = pathlib.Path(__file__).parent
grid = np.arange(24).reshape(2, 3, 4)
np.save(folder / "float32.npy", grid.astype(np.float32) / 8)
np.save(folder / "fortran.npy", np.asfortranarray(grid.astype(np.int32)))
np.save(folder / "big_endian.npy", grid.astype(">i8"))
np.save(folder / "scalar.npy", np.float64(2.5))
np.save(folder / "empty.npy", np.zeros((0, 5), np.uint8))
np.save(folder / "bool.npy", np.array([True, False, True]))
np.save(folder / "half.npy", np.array([0.5, -2.0], np.float16))
np.save(folder / "object.npy", np.array([{}, None], dtype=object), allow_pickle=True)
np.save(folder / "text.npy", np.array(["ab", "c"]))
np.save(folder / "records.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
np.save(folder / "complex.npy", np.zeros(2, np.complex64))
np.savez(folder / "stored.npz", x=grid.astype(np.float32), y=np.array([1, 2], np.int64))
np.savez_compressed(folder / "deflated.npz", x=np.zeros((50, 40), np.float32), y=np.arange(100, dtype=np.uint16))
np.savez(folder / "none.npz")
