"""Fits the polynomials of codegen/math and prints their coefficients with the error of each (needs numpy and mpmath).

Each is the minimax polynomial of Lawson's iteratively reweighted least squares, its coefficients rounded to float32 one
after another, lowest order first, and the rest fitted again.
"""
import mpmath as mp
import numpy as np

mp.mp.dps = 40


def lawson(x, y, w, powers, rounds=60):
    a = np.stack([x**p for p in powers], 1)
    scale = np.ones_like(x)
    best, best_error = None, np.inf
    for _ in range(rounds):
        s = np.sqrt(scale) * w
        c = np.linalg.lstsq(a * s[:, None], y * s, rcond=None)[0]
        error = np.abs((a @ c - y) * w)
        if error.max() < best_error:
            best, best_error = c, error.max()
        scale = scale * error / error.max() + 1e-12
        scale /= scale.max()
    return best


def fit(name, function, weight, low, high, powers):
    """Minimizes |weight(x) (p(x) - function(x))| over [low, high]."""
    x = (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (np.arange(600) + 0.5) / 600)
    x = x[np.abs(x) > 1e-6]
    y = np.array([float(function(mp.mpf(float(v)))) for v in x])
    w = np.array([float(weight(mp.mpf(float(v)))) for v in x])
    done = []
    for i in range(len(powers)):
        rest = y - sum(c * x**p for c, p in zip(done, powers))
        done.append(float(np.float32(lawson(x, rest, w, powers[i:])[0])))
    p = sum(c * x**p for c, p in zip(done, powers))
    print(f"{name}: max weighted error {np.abs((p - y) * w).max():.2e}")
    for c in done:
        print(f"  {float(c).hex()}  {np.float32(c)!r}")


half_ln2 = float(mp.log(2) / 2)
fit("exp: (e^r - 1 - r) / r^2", lambda r: (mp.expm1(r) - r) / r**2, lambda r: r**2, -half_ln2, half_ln2, [0, 1, 2, 3, 4])
fit("log: (log1p(f) - f + f^2/2) / f^3", lambda f: (mp.log1p(f) - f + f**2 / 2) / f**3, lambda f: f**2,
    float(mp.sqrt(0.5) - 1), float(mp.sqrt(2) - 1), [0, 1, 2, 3, 4, 5, 6, 7])
quarter = float(mp.pi / 4)
fit("sin: (sin(r) - r) / r^3, in r^2", lambda s: (mp.sin(mp.sqrt(s)) - mp.sqrt(s)) / mp.sqrt(s)**3, lambda s: s,
    1e-5, quarter**2, [0, 1, 2])
fit("cos: (cos(r) - 1 + r^2/2) / r^4, in r^2", lambda s: (mp.cos(mp.sqrt(s)) - 1 + s / 2) / s**2, lambda s: s**2,
    1e-5, quarter**2, [0, 1, 2])
fit("erf: erf(x) / x - 1, in x^2, below 1", lambda s: mp.erf(mp.sqrt(s)) / mp.sqrt(s) - 1, lambda s: 1, 1e-6, 1.0,
    [0, 1, 2, 3, 4, 5, 6])
fit("erf: -log(erfc(t)) / t, from 1 to 4", lambda t: -mp.log(mp.erfc(t)) / t, lambda t: t * mp.erfc(t) / mp.erf(t),
    1.0, 4.0, [0, 1, 2, 3, 4, 5, 6])
