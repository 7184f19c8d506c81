"""Seeded random shapes and data. One R per case: same seed + case name -> same data."""
import zlib

import numpy as np


class R:
    def __init__(self, seed, name, drawn=False):
        self.g = np.random.default_rng([seed, zlib.crc32(name.encode())])
        self.drawn = drawn
        self.used = set()

    def d(self, lo=2, hi=8):
        """A dimension, different from the others of this case where possible."""
        free = [v for v in range(lo, hi + 1) if v not in self.used] or list(range(lo, hi + 1))
        v = int(self.g.choice(free))
        self.used.add(v)
        return v

    def dims(self, n, lo=2, hi=7):
        return tuple(self.d(lo, hi) for _ in range(n))

    def choice(self, options):
        return options[int(self.g.integers(len(options)))]

    def f(self, *shape, scale=1.0):
        return (self.g.standard_normal(shape) * scale).astype("float32")

    def u(self, *shape, lo=0.0, hi=1.0):
        return self.g.uniform(lo, hi, shape).astype("float32")

    def i(self, *shape, lo=0, hi=10, dtype="int32"):
        return self.g.integers(lo, hi, shape).astype(dtype)

    def b(self, *shape, p=0.5):
        return self.g.uniform(size=shape) < p

    def one_hot(self, *shape_classes):
        *s, c = shape_classes
        return np.eye(c, dtype="float32")[self.g.integers(0, c, s)]

    def probs(self, *shape):
        e = np.exp(self.g.standard_normal(shape))
        return (e / e.sum(-1, keepdims=True)).astype("float32")

    def lengths_mask(self, b, t):
        """Right-padded sequence mask (every row keeps at least one step)."""
        n = self.g.integers(1, t + 1, (b, 1))
        n[0, 0] = t
        return np.arange(t)[None] < n

    def holes_mask(self, b, t):
        m = self.b(b, t, p=0.65)
        m[:, int(self.g.integers(t))] = True
        return m

    def spread(self, *shape, lo=-3.0, hi=3.0):
        """Distinct values (no ties): for sort, max, median and so on."""
        n = int(np.prod(shape))
        v = np.linspace(lo, hi, n) + self.g.uniform(-0.2, 0.2, n) * (hi - lo) / max(n, 1)
        self.g.shuffle(v)
        return v.reshape(shape).astype("float32")
