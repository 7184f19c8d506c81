"""keras.ops: one table row per function, several cases per row."""
import numpy as np

from . import store
from .build import FILES, new
from .functions_tables import fn_case
from .store import Complex, Fn

OPS = {}


def op(name, make, n=2, grad=True, note="", prefix="keras.ops."):
    """make(r, i) -> (args, kwargs); i runs over range(n) for the fixed set and is drawn for the drawn one."""
    OPS.setdefault(name, []).append((make, n, grad, note, prefix + name))


def register():
    for name, rows in OPS.items():
        def produce(ctx, name=name, rows=rows):
            for k, (make, n, grad, note, full) in enumerate(rows):
                for i in range(ctx.n(n)):
                    label = name.replace(".", "_") + f"_{k}{chr(97 + i)}"
                    r = ctx.r("ops/" + label)
                    r.option = (lambda vs, i=i, r=r: vs[i % len(vs)]) if not ctx.drawn else r.choice
                    try:
                        args, kwargs = make(r, i)
                    except Exception as e:
                        print("  table error", label, repr(e)[:200])
                        continue
                    yield fn_case(label, full, args, kwargs, grad=grad, note=note)
        FILES["ops/" + name.replace(".", "_")] = produce


# ---- elementwise, one argument: name -> domain
ANY, POS, UNIT, GT1 = (-3, 3), (0.1, 4), (-0.95, 0.95), (1.05, 4)
UNARY = {n: ANY for n in "abs absolute arcsinh arctan cos cosh deg2rad rad2deg erf erfc exp exp2 expm1 fabs negative sin sinh sinc square tan tanh cbrt sigmoid silu swish softplus softsign relu relu6 "
         "selu celu elu gelu hard_sigmoid hard_silu hard_swish hard_tanh hard_shrink soft_shrink leaky_relu log_sigmoid log_softmax softmax sparse_plus sparse_sigmoid sparsemax squareplus "
         "tanh_shrink i0 copy nan_to_num real conj conjugate stop_gradient zeros_like ones_like".split()}
UNARY.update({n: POS for n in "log log10 log1p log2 sqrt rsqrt reciprocal".split()})
UNARY.update({"arccos": UNIT, "arcsin": UNIT, "arctanh": UNIT, "erfinv": UNIT, "arccosh": GT1})
for n, (lo, hi) in UNARY.items():
    op(n, lambda r, i, lo=lo, hi=hi: ([r.u(*r.dims(2 + i, 3, 6), lo=lo, hi=hi)], {}), 2)
for n in "ceil floor trunc sign isfinite isinf isnan isneginf isposinf isreal signbit imag angle".split():
    def special(r, i, n=n):
        x = r.f(4, 5, scale=2) if i == 0 else r.f(3, 2, 4)
        if n.startswith("is"):
            x.flat[0], x.flat[3], x.flat[5] = np.nan, np.inf, -np.inf
        return [x], {}
    op(n, special, 2, grad=False)
op("round", lambda r, i: ([np.array([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 3.6], "float32")] if i == 0 else [r.f(4, 3, scale=20)], {"decimals": r.option([0, 1, 2, -1])}), 4, grad=False)
op("nan_to_num", lambda r, i: ([np.array([1, np.nan, np.inf, -np.inf, 2], "float32")], {"nan": 0.5, "posinf": 9.0, "neginf": -9.0} if i else {}), 2, grad=False)
for n, kw in [("elu", {"alpha": 0.4}), ("celu", {"alpha": 0.4}), ("gelu", {"approximate": False}), ("leaky_relu", {"negative_slope": 0.35}), ("softmax", {"axis": 1}), ("softmax", {"axis": (1, 2)}),
              ("log_softmax", {"axis": 0}), ("hard_shrink", {"threshold": 0.9}), ("soft_shrink", {"threshold": 0.9}), ("squareplus", {"b": 1.5}), ("sparsemax", {"axis": 1})]:
    op(n, lambda r, i, kw=kw: ([r.f(3, 4, 5, scale=2)], kw), 1)
op("threshold", lambda r, i: ([r.f(4, 5), 0.3, -1.0], {}), 2)
op("glu", lambda r, i: ([r.f(3, 4, 6)], {"axis": r.option([-1, 1])}), 2)
for n in "logical_not bitwise_not bitwise_invert".split():
    op(n, lambda r, i, n=n: ([r.b(4, 5) if n == "logical_not" else r.i(4, 5, lo=-50, hi=50)], {}), 1, grad=False)

# ---- elementwise, two arguments
for n in "add subtract multiply maximum minimum fmax fmin arctan2 hypot logaddexp logaddexp2".split():
    op(n, lambda r, i: pair(r, i), 3)
for n in "divide true_divide divide_no_nan".split():
    op(n, lambda r, i: pair(r, i, lo=0.3, hi=3), 2)


def pair(r, i, lo=-2.0, hi=2.0):
    a, b, c = r.dims(3, 3, 6)
    s = [((a, b), (a, b)), ((a, b, c), (c,)), ((a, 1, c), (b, 1))][i % 3]
    return [r.u(*s[0], lo=lo, hi=hi), r.u(*s[1], lo=lo, hi=hi)], {}


op("divide_no_nan", lambda r, i: ([np.array([1, -2, 0, 3], "float32"), np.array([0, 2, 0, -4], "float32")], {}), 1, grad=False)
op("add", lambda r, i: ([r.i(3, 4), 2.5] if i == 0 else [r.i(3, 4), r.f(4)], {}), 2, grad=False, note="dtype promotion")
op("multiply", lambda r, i: ([r.b(3, 4), r.i(4)] if i == 0 else [r.i(3, 4, dtype="int8"), r.i(4, dtype="uint8")], {}), 2, grad=False, note="dtype promotion")
op("divide", lambda r, i: ([r.i(3, 4, lo=1), r.i(4, lo=1)], {}), 1, grad=False, note="integers divide to floatx")
op("power", lambda r, i: (pair(r, i, 0.3, 2)[0], {}), 2)
op("power", lambda r, i: ([r.i(3, 4, lo=-3, hi=4), r.i(4, lo=0, hi=4)], {}), 1, grad=False)
for n in "mod fmod floor_divide".split():
    op(n, lambda r, i: ([r.f(4, 5, scale=5), np.where(r.b(5), 1, -1).astype("float32") * r.u(5, lo=0.7, hi=3)] if i == 0 else [r.i(4, 5, lo=-20, hi=20), np.where(r.b(5), 3, -4).astype("int32")], {}), 2, grad=False)
for n in "equal not_equal greater greater_equal less less_equal".split():
    op(n, lambda r, i: ([r.i(4, 5, lo=0, hi=3), r.i(5, lo=0, hi=3)] if i == 0 else [r.f(3, 4), r.f(3, 1)], {}), 2, grad=False)
for n in "logical_and logical_or logical_xor".split():
    op(n, lambda r, i: ([r.b(4, 5), r.b(5)] if i == 0 else [r.i(3, 4, lo=0, hi=2), r.b(3, 1)], {}), 2, grad=False)
for n in "bitwise_and bitwise_or bitwise_xor gcd lcm".split():
    op(n, lambda r, i: ([r.i(4, 5, lo=1, hi=60), r.i(5, lo=1, hi=60)], {}), 1, grad=False)
for n in "left_shift right_shift bitwise_left_shift bitwise_right_shift".split():
    op(n, lambda r, i: ([r.i(4, 5, lo=-60, hi=60), r.i(5, lo=0, hi=5)], {}), 1, grad=False)
op("heaviside", lambda r, i: ([np.array([-1.0, 0.0, 2.0, 0.0], "float32"), np.array([0.5, 0.25, 0.5, 1.0], "float32")], {}), 1, grad=False)
op("ldexp", lambda r, i: ([r.f(4, 3), r.i(3, lo=-3, hi=4)], {}), 1, grad=False)
op("nextafter", lambda r, i: ([r.f(4), r.f(4)], {}), 1, grad=False)
op("isclose", lambda r, i: ([np.array([1.0, 2.0, np.nan, np.inf], "float32"), np.array([1.0 + 1e-6, 2.1, np.nan, np.inf], "float32")], {"equal_nan": True} if i else {}), 2, grad=False)
op("allclose", lambda r, i: ([np.array([1.0, 2.0], "float32"), np.array([1.0 + 1e-6, 2.0 + i], "float32")], {}), 2, grad=False)
op("clip", lambda r, i: ([r.f(4, 5, scale=2), -0.7, 1.1], {}), 1)
op("where", lambda r, i: ([r.b(4, 5), r.f(4, 5), r.f(5)] if i == 0 else [r.b(3, 4), r.f(3, 4), r.i(4)], {}), 2)
op("where", lambda r, i: ([r.b(4, 3)], {}), 1, grad=False)
op("select", lambda r, i: ([[r.b(4, 5), r.b(4, 5)], [r.f(4, 5), r.f(4, 5)]], {"default": 1.5}), 1, grad=False)
op("polar", lambda r, i: ([r.u(3, 4, lo=0.2, hi=2), r.f(3, 4)], {}), 1, grad=False)
op("view_as_complex", lambda r, i: ([r.f(3, 4, 2)], {}), 1, grad=False)
op("view_as_real", lambda r, i: ([Complex(r.f(3, 4), r.f(3, 4))], {}), 1, grad=False)
for n in "angle abs conj conjugate real imag isreal".split():
    op(n, lambda r, i: ([Complex(r.f(3, 4), r.f(3, 4))], {}), 1, grad=False, note="complex input")

# ---- reductions
AX = [None, 0, 1, -1, (0, 2)]


def red(r, i, data="f"):
    x = r.spread(*r.dims(3, 3, 5)) if data == "f" else r.b(3, 4, 5, p=0.8)
    return [x], {"axis": r.option(AX), "keepdims": bool(i % 2) if not r.drawn else bool(r.b(1)[0])}


for n in "sum mean max min amax amin prod std var logsumexp".split():
    op(n, lambda r, i: red(r, i), 5)
op("ptp", lambda r, i: red(r, i), 3)
op("max", lambda r, i: ([r.spread(3, 4)], {"axis": 1, "initial": 1.0}), 1, grad=False)
op("min", lambda r, i: ([r.spread(3, 4)], {"axis": 1, "initial": -1.0}), 1, grad=False)
for n in ("sum", "mean", "prod", "max"):
    op(n, lambda r, i, n=n: ([r.i(3, 4, lo=-3, hi=4, dtype="int8" if i else "int32") if i < 2 else r.b(3, 4)], {"axis": 1}), 3 if n in ("sum", "mean") else 2, grad=False, note="result dtype of integer input")
for n in "all any".split():
    op(n, lambda r, i: red(r, i, "b"), 4, grad=False)
op("count_nonzero", lambda r, i: ([r.i(3, 4, 5, lo=0, hi=3)], {"axis": r.option(AX)}), 4, grad=False)
for n in "argmax argmin".split():
    op(n, lambda r, i: ([r.spread(3, 4, 5)], {"axis": r.option([None, 0, 1, -1]), "keepdims": bool(i % 2)}), 4, grad=False)
    op(n, lambda r, i: ([r.i(4, 6, lo=0, hi=2)], {"axis": 1}), 1, grad=False, note="ties: the first index wins")
op("average", lambda r, i: ([r.f(3, 4, 5)], {"axis": r.option([None, 1, (0, 2)])}), 3)
op("average", lambda r, i: ([r.f(3, 4)], {"axis": 1, "weights": r.u(4, lo=0.1, hi=1)}), 1)
op("median", lambda r, i: ([r.spread(3, 4, 5)], {"axis": r.option([None, 1, 2, (0, 1)]), "keepdims": bool(i % 2)}), 4, grad=False)
op("quantile", lambda r, i: ([r.spread(4, 7), np.array([0.1, 0.5, 0.9], "float32")], {"axis": r.option([None, 0, 1]), "method": r.option(["linear", "lower", "higher", "nearest", "midpoint"])}), 5, grad=False)
op("percentile", lambda r, i: ([r.spread(4, 7), np.array([10.0, 62.0], "float32")], {"axis": r.option([None, 0, 1])}), 3, grad=False)
op("moments", lambda r, i: ([r.f(3, 4, 5)], {"axes": r.option([[0], [1, 2], [0, 1, 2]]), "keepdims": bool(i % 2)}), 3)


def nan_data(r):
    x = r.spread(4, 5)
    x.flat[2] = x.flat[9] = np.nan
    return x


for n in "nansum nanmean nanmax nanmin nanprod nanstd nanvar nanmedian".split():
    op(n, lambda r, i: ([nan_data(r)], {"axis": r.option([None, 0, 1]), "keepdims": bool(i % 2)}), 3, grad=False)
for n in "nancumsum nancumprod nanargmax nanargmin".split():
    op(n, lambda r, i: ([nan_data(r)], {"axis": r.option([0, 1])}), 2, grad=False)
op("nanquantile", lambda r, i: ([nan_data(r), np.array([0.2, 0.6], "float32")], {"axis": r.option([None, 1])}), 2, grad=False)
op("nanpercentile", lambda r, i: ([nan_data(r), np.array([20.0, 60.0], "float32")], {"axis": r.option([None, 1])}), 2, grad=False)
op("norm", lambda r, i: ([r.f(3, 4)], {"ord": r.option([None, "fro", 1, 2, np.inf, "nuc", -1]), "axis": None, "keepdims": False}), 7, grad=False)
op("norm", lambda r, i: ([r.f(3, 4, 5)], {"ord": r.option([None, 1, 2, 3, np.inf, 0]), "axis": r.option([-1, 1]), "keepdims": bool(i % 2)}), 6, grad=False)
op("norm", lambda r, i: ([r.f(3, 4)], {}), 1)
op("cumsum", lambda r, i: ([r.f(3, 4, 5)], {"axis": r.option([None, 0, 1, -1])}), 4)
op("cumprod", lambda r, i: ([r.u(3, 4, 5, lo=0.4, hi=1.6)], {"axis": r.option([None, 0, 1, -1])}), 4)
op("diff", lambda r, i: ([r.f(4, 6)], {"n": r.option([1, 2]), "axis": r.option([-1, 0])}), 3)
op("trapezoid", lambda r, i: ([r.f(4, 6)], {"dx": 0.5} if i == 0 else {"x": np.cumsum(r.u(6, lo=0.1, hi=1)).astype("float32")} if i == 1 else {"axis": 0}), 3, grad=False)
op("corrcoef", lambda r, i: ([r.f(4, 7)], {}), 1, grad=False)
op("correlate", lambda r, i: ([r.f(9), r.f(4)], {"mode": r.option(["valid", "same", "full"])}), 3, grad=False)

# ---- shape
op("reshape", lambda r, i: ([r.f(3, 4, 5), r.option([(12, 5), (-1, 10), (60,)])], {}), 3)
op("transpose", lambda r, i: ([r.f(3, 4, 5)], {"axes": r.option([None, (1, 2, 0), (2, 0, 1)])}), 3)
op("moveaxis", lambda r, i: ([r.f(3, 4, 5), r.option([0, (0, 1), -1]), r.option([2, (1, 2), 0])], {}), 1)
op("swapaxes", lambda r, i: ([r.f(3, 4, 5), r.option([0, 1]), 2], {}), 2)
op("expand_dims", lambda r, i: ([r.f(3, 4), r.option([0, 1, -1, (0, 2)])], {}), 4)
op("squeeze", lambda r, i: ([r.f(1, 3, 1, 4)], {"axis": r.option([None, 0, 2, (0, 2)])}), 4)
op("ravel", lambda r, i: ([r.f(3, 4)], {}), 1)
op("flip", lambda r, i: ([r.f(3, 4, 5)], {"axis": r.option([None, 0, 1, (1, 2)])}), 4)
op("fliplr", lambda r, i: ([r.f(3, 4)], {}), 1)
op("flipud", lambda r, i: ([r.f(3, 4)], {}), 1)
op("rot90", lambda r, i: ([r.f(3, 4, 5)], {"k": r.option([1, 2, -1]), "axes": r.option([(0, 1), (1, 2), (2, 0)])}), 3)
op("roll", lambda r, i: ([r.f(3, 4, 5), r.option([2, -1, (1, 2)])], {"axis": r.option([None, 1, (0, 2)])}), 3)
op("tile", lambda r, i: ([r.f(3, 4), r.option([(2, 1), (1, 3), (2, 3, 1)])], {}), 3)
op("repeat", lambda r, i: ([r.f(3, 4), 2], {"axis": r.option([None, 0, 1])}), 3)
op("repeat", lambda r, i: ([r.f(3, 4), np.array([1, 0, 3], "int32")], {"axis": 0}), 1, grad=False)
op("broadcast_to", lambda r, i: ([r.f(3, 1), (2, 3, 4)], {}), 1)
op("pad", lambda r, i: ([r.f(3, 4), ((1, 2), (0, 3))], {"mode": "constant", "constant_values": 1.5} if i == 0 else {"mode": ["reflect", "symmetric", "constant"][i % 3]} if i < 3 else {}), 3)
op("pad", lambda r, i: ([r.f(4, 5), 2], {"mode": ["constant", "reflect", "symmetric"][i]}), 3)
op("concatenate", lambda r, i: ([[r.f(3, 4), r.f(3, 4), r.f(3, 4)]], {"axis": r.option([0, 1, -1])}), 2)
op("stack", lambda r, i: ([[r.f(3, 4), r.f(3, 4)]], {"axis": r.option([0, 1, -1])}), 3)
for n in "hstack vstack dstack".split():
    op(n, lambda r, i: ([[r.f(3, 4), r.f(3, 4)] if i == 0 else [r.f(4), r.f(4)]], {}), 2)
op("append", lambda r, i: ([r.f(3, 4), r.f(2, 4) if i == 0 else r.f(5)], {"axis": 0} if i == 0 else {}), 2)
op("split", lambda r, i: ([r.f(6, 8), r.option([2, (1, 4)])], {"axis": r.option([0, 1])}), 3)
op("array_split", lambda r, i: ([r.f(7, 5), r.option([3, 2])], {"axis": r.option([0, 1])}), 2)
op("hsplit", lambda r, i: ([r.f(3, 4), 2], {}), 1)
op("vsplit", lambda r, i: ([r.f(4, 3), 2], {}), 1)
op("dsplit", lambda r, i: ([r.f(2, 3, 4), 2], {}), 1)
op("unstack", lambda r, i: ([r.f(3, 4)], {"axis": r.option([0, 1])}), 2)
op("meshgrid", lambda r, i: ([r.f(3), r.f(4)], {"indexing": r.option(["xy", "ij"])}), 2)
op("diag", lambda r, i: ([r.f(4) if i == 0 else r.f(4, 5)], {"k": r.option([0, 1, -1])}), 3)
op("diagflat", lambda r, i: ([r.f(2, 3)], {"k": r.option([0, 1])}), 2)
op("diagonal", lambda r, i: ([r.f(4, 5, 3)], {"offset": r.option([0, 1, -1]), "axis1": 0, "axis2": r.option([1, 2])}), 3)
op("trace", lambda r, i: ([r.f(4, 5, 3)], {"offset": r.option([0, 1]), "axis1": 0, "axis2": 1}), 2)
op("tril", lambda r, i: ([r.f(4, 5)], {"k": r.option([0, 1, -1])}), 3)
op("triu", lambda r, i: ([r.f(4, 5)], {"k": r.option([0, 1, -1])}), 3)
op("vander", lambda r, i: ([r.f(5)], {"N": r.option([None, 3]), "increasing": bool(i % 2)}), 2, grad=False)
op("rearrange", lambda r, i: ([r.f(2, 12, 3), r.option(["b (h w) c -> b h w c", "b t c -> b c t", "b t c -> (b t) c"])], {"h": 3} if i == 0 and not r.drawn else {}), 3)
op("slice", lambda r, i: ([r.f(5, 6), (1, 2), (3, 2)], {}), 1)
op("slice_update", lambda r, i: ([r.f(5, 6), (1, 2), r.f(3, 2)], {}), 1)
op("get_item", lambda r, i: ([r.f(5, 6, 4), r.option([1, slice(1, 4), (slice(None), slice(None, None, 2)), (Ellipsis, 1), (slice(None), None, 2), (slice(None, None, -1),)])], {}), 6)
op("shape", lambda r, i: ([r.f(5, 6, 4)], {}), 1, grad=False)
op("size", lambda r, i: ([r.f(5, 6, 4)], {}), 1, grad=False)
op("ndim", lambda r, i: ([r.f(5, 6, 4)], {}), 1, grad=False)
op("dtype", lambda r, i: ([r.f(5) if i == 0 else r.i(5)], {}), 2, grad=False)
op("is_tensor", lambda r, i: ([r.f(5) if i == 0 else 3.0], {}), 2, grad=False)

# ---- creation and dtype
op("arange", lambda r, i: (r.option([(5,), (2, 9), (1.0, 4.0, 0.5), (9, 1, -2)]), {"dtype": "float32"} if i == 1 else {}), 4, grad=False)
op("linspace", lambda r, i: (r.option([(0.0, 3.0), (1.0, 5.0), (-2.0, 2.0)]), {"num": r.option([5, 8, 11]), "endpoint": bool(i % 2)}), 3, grad=False)
op("linspace", lambda r, i: ([r.f(3), r.f(3)], {"num": 4, "axis": r.option([0, -1])}), 2, grad=False)
op("logspace", lambda r, i: ((0.0, 2.0), {"num": 5, "base": r.option([10, 2]), "endpoint": bool(i % 2)}), 2, grad=False)
op("geomspace", lambda r, i: ((1.0, 64.0), {"num": 6, "endpoint": bool(i % 2)}), 2, grad=False)
op("eye", lambda r, i: (r.option([(3,), (3, 5), (4, 3)]), {"k": r.option([0, 1, -1])}), 3, grad=False)
op("identity", lambda r, i: ((4,), {}), 1, grad=False)
op("tri", lambda r, i: ((4, 5), {"k": r.option([0, 1, -1])}), 3, grad=False)
for n in "zeros ones".split():
    op(n, lambda r, i: (((2, 3),), {"dtype": r.option(["float32", "int32"])}), 2, grad=False)
op("full", lambda r, i: (((2, 3), 2.5), {}), 1, grad=False)
op("full_like", lambda r, i: ([r.f(2, 3), 2.5], {}), 1, grad=False)
for n in "bartlett blackman hamming hanning".split():
    op(n, lambda r, i: ([r.option([np.int32(7), np.int32(8), np.int32(1)]).item()], {}), 3, grad=False)
op("kaiser", lambda r, i: ((r.option([7, 8]), 14.0), {}), 2, grad=False)
op("cast", lambda r, i: ([r.option([r.f(4, 3, scale=5), r.i(4, 3), r.b(4, 3), r.f(4, 3)]), r.option(["int32", "float32", "float32", "bfloat16", "float16", "bool"])], {}), 6, grad=False)
op("saturate_cast", lambda r, i: ([r.f(4, 3, scale=200), r.option(["uint8", "int8"])], {}), 2, grad=False)
op("convert_to_tensor", lambda r, i: ([r.f(3, 4)], {"dtype": r.option([None, "int32"])}), 2, grad=False)
op("convert_to_numpy", lambda r, i: ([r.f(3, 4)], {}), 1, grad=False)
op("array", lambda r, i: ([r.f(3, 4)], {"dtype": r.option([None, "int32"])}), 2, grad=False)
op("view", lambda r, i: ([r.f(3, 4)], {"dtype": "int32"}), 1, grad=False)

# ---- indexing, sorting, sets
op("take", lambda r, i: ([r.f(5, 6), r.i(2, 3, lo=-3, hi=5)], {"axis": r.option([0, 1, None])}), 3)
op("take_along_axis", lambda r, i: ([r.f(4, 5), r.i(4, 3, lo=0, hi=4)], {"axis": 1}), 1)
op("argsort", lambda r, i: ([r.spread(4, 6)], {"axis": r.option([-1, 0, None])}), 3, grad=False)
op("sort", lambda r, i: ([r.spread(4, 6)], {"axis": r.option([-1, 0])}), 2)
op("argpartition", lambda r, i: ([r.spread(8), 0], {}), 1, grad=False, note="kth=0: only element 0 of the result is meaningful in general")
op("top_k", lambda r, i: ([r.spread(4, 7), r.option([3, 1])], {"sorted": True}), 2)
op("in_top_k", lambda r, i: ([r.i(5, lo=0, hi=6), r.spread(5, 6), r.option([2, 3])], {}), 2, grad=False)
op("searchsorted", lambda r, i: ([np.array([0, 1, 1, 2.5, 4], "float32"), np.array([-1, 0, 1, 1.5, 4, 5], "float32")], {"side": r.option(["left", "right"])}), 2, grad=False)
op("digitize", lambda r, i: ([r.f(4, 3, scale=2), np.array([-1, 0, 0.5, 2], "float32")], {}), 1, grad=False)
op("bincount", lambda r, i: ([r.i(12, lo=0, hi=5)], {"minlength": r.option([0, 8])} if i < 2 else {"weights": r.f(12)}), 3, grad=False)
op("histogram", lambda r, i: ([r.f(50)], {"bins": r.option([5, 10]), **({"range": (-2.0, 2.0)} if i else {})}), 2, grad=False)
op("nonzero", lambda r, i: ([r.i(4, 5, lo=0, hi=2)], {}), 1, grad=False)
op("unique", lambda r, i: ([r.i(12, lo=0, hi=5)], {"return_counts": bool(i > 0), "return_inverse": i > 1, "return_index": i > 2}), 4, grad=False)
op("isin", lambda r, i: ([r.i(4, 5, lo=0, hi=9), np.array([1, 3, 5], "int32")], {"invert": bool(i)}), 2, grad=False)
op("one_hot", lambda r, i: ([np.array([[0, 2, 5], [-1, 1, 9]], "int32") if i == 0 else r.i(3, 4, lo=0, hi=6), 6], {"axis": r.option([-1, 0, 1])}), 3, grad=False)
op("multi_hot", lambda r, i: ([r.i(3, 4, lo=0, hi=6), 6], {"axis": r.option([-1, 0])}), 1, grad=False)
op("scatter", lambda r, i: ([np.array([[0, 1], [2, 3], [0, 1]], "int32"), r.f(3), (3, 4)], {}), 1, note="repeated indices add")
op("scatter_update", lambda r, i: ([r.f(4, 5), np.array([[0, 1], [2, 3], [3, 0]], "int32"), r.f(3)], {}), 1)
op("scatter_update", lambda r, i: ([r.f(4, 5), np.array([[0, 1], [2, 3], [0, 1]], "int32"), r.f(3)], {"reduction": r.option(["add", "max", "min", "mul"])}), 4, grad=False)
for n in "segment_sum segment_max segment_min segment_prod".split():
    op(n, lambda r, i: ([r.spread(7, 3), np.array([0, 0, 1, 3, 3, 1, 0], "int32") if i == 0 else np.array([0, 0, 1, 1, 2, 3, 3], "int32")], {"num_segments": 4, "sorted": bool(i)}), 2, grad=n == "segment_sum")
op("unravel_index", lambda r, i: ([r.i(5, lo=0, hi=23), (4, 6)], {}), 1, grad=False)

# ---- linear algebra
op("matmul", lambda r, i: r.option([lambda: ([r.f(3, 4), r.f(4, 5)], {}), lambda: ([r.f(2, 3, 4), r.f(4, 5)], {}), lambda: ([r.f(2, 1, 3, 4), r.f(3, 4, 5)], {}), lambda: ([r.f(4), r.f(4, 5)], {}),
                                    lambda: ([r.f(3, 4), r.f(4)], {}), lambda: ([r.f(4), r.f(4)], {})])(), 6)
op("matmul", lambda r, i: ([r.i(3, 4, dtype="int8"), r.i(4, 5, dtype="int8")], {}), 1, grad=False, note="int8 by int8 accumulates in int32")
op("dot", lambda r, i: r.option([lambda: ([r.f(3, 4), r.f(4, 5)], {}), lambda: ([r.f(4), r.f(4)], {}), lambda: ([r.f(2, 3, 4), r.f(5, 4, 6)], {})])(), 3)
op("vdot", lambda r, i: ([r.f(3, 4), r.f(3, 4)], {}), 1)
op("inner", lambda r, i: ([r.f(3, 4), r.f(5, 4)], {}), 1)
op("outer", lambda r, i: ([r.f(3), r.f(4)] if i == 0 else [r.f(2, 3), r.f(4)], {}), 2)
op("kron", lambda r, i: ([r.f(2, 3), r.f(4, 2)], {}), 1)
op("tensordot", lambda r, i: ([r.f(3, 4, 5), r.f(4, 5, 6)], {"axes": 2} if i == 0 else {"axes": ((1,), (0,))}), 2)
op("cross", lambda r, i: ([r.f(4, 3), r.f(4, 3)], {}), 1)
op("einsum", lambda r, i: r.option([lambda: (["ij,jk->ik", r.f(3, 4), r.f(4, 5)], {}), lambda: (["bij,bjk->bik", r.f(2, 3, 4), r.f(2, 4, 5)], {}), lambda: (["ii->i", r.f(4, 4)], {}),
                                    lambda: (["ijk->kji", r.f(3, 4, 5)], {}), lambda: (["bqhd,bkhd->bhqk", r.f(2, 3, 4, 5), r.f(2, 6, 4, 5)], {}), lambda: (["ij,j,k->ik", r.f(3, 4), r.f(4), r.f(5)], {}),
                                    lambda: (["...ij,...jk->...ik", r.f(2, 3, 4), r.f(2, 4, 5)], {}), lambda: (["ij->", r.f(3, 4)], {})])(), 8)


def spd(r, n, b=()):
    a = r.f(*b, n, n)
    return (a @ np.swapaxes(a, -1, -2) + n * np.eye(n)).astype("float32")


def well(r, n, b=()):
    return (r.f(*b, n, n) * 0.3 + 2 * np.eye(n)).astype("float32")


op("cholesky", lambda r, i: ([spd(r, 4, (2,) * i)], {"upper": bool(i)}), 2)
op("cholesky_inverse", lambda r, i: ([np.linalg.cholesky(spd(r, 4)).astype("float32")], {}), 1, grad=False)
op("det", lambda r, i: ([well(r, 4, (3,) * i)], {}), 2)
op("slogdet", lambda r, i: ([well(r, 4, (3,) * i)], {}), 2, grad=False)
op("logdet", lambda r, i: ([spd(r, 4, (3,) * i)], {}), 2)
op("inv", lambda r, i: ([well(r, 4, (3,) * i)], {}), 2)
op("pinv", lambda r, i: ([r.f(5, 3)], {}), 1, grad=False)
op("solve", lambda r, i: ([well(r, 4), r.f(4, 3)] if i == 0 else [well(r, 4, (2,)), r.f(2, 4, 3)], {}), 2)
op("solve_triangular", lambda r, i: ([np.tril(well(r, 4)) if i else np.triu(well(r, 4)), r.f(4, 3)], {"lower": bool(i)}), 2)
op("lstsq", lambda r, i: ([r.f(6, 3), r.f(6)], {}), 1, grad=False)
op("lu_factor", lambda r, i: ([well(r, 4)], {}), 1, grad=False)
op("matrix_rank", lambda r, i: ([r.f(4, 3)] if i == 0 else [np.outer(r.f(4), r.f(5)).astype("float32")], {}), 2, grad=False)
op("svd", lambda r, i: ([r.f(5, 3)], {"compute_uv": False}), 1, grad=False)
op("svd", lambda r, i: ([r.f(5, 3)], {"full_matrices": False}), 1, grad=False, note="columns of u and v are unique up to a common sign")
op("qr", lambda r, i: ([r.f(5, 3)], {"mode": r.option(["reduced", "complete"])}), 2, grad=False, note="columns of q and rows of r are unique up to a common sign")
op("eigh", lambda r, i: ([spd(r, 4)], {}), 1, grad=False, note="eigenvectors are unique up to sign")
op("eig", lambda r, i: ([spd(r, 4)], {}), 1, grad=False, note="eigenvectors are unique up to sign and order")
op("cdist", lambda r, i: ([r.f(4, 3), r.f(5, 3)], {}), 1, grad=False)
op("jvp", lambda r, i: ([Fn("sin_times_x"), [r.f(3, 4)], [r.f(3, 4)]], {}), 1, grad=False, note="fn: sin(x) * x; returns (value, tangent)")

# ---- signal
op("fft", lambda r, i: ([[r.f(3, 8), r.f(3, 8)]], {}), 1, grad=False, note="argument and result are a (real, imaginary) pair")
op("fft2", lambda r, i: ([[r.f(2, 4, 8), r.f(2, 4, 8)]], {}), 1, grad=False)
op("ifft2", lambda r, i: ([[r.f(2, 4, 8), r.f(2, 4, 8)]], {}), 1, grad=False)
op("rfft", lambda r, i: ([r.f(3, 10)], {"fft_length": r.option([None, 8, 16])}), 3)
op("irfft", lambda r, i: ([[r.f(3, 5), r.f(3, 5)]], {"fft_length": r.option([None, 8])}), 2, grad=False)
op("stft", lambda r, i: ([r.f(2, 40), 8, 4, r.option([8, 16])], {"window": r.option(["hann", "hamming", None]), "center": bool(i % 2)}), 3)
op("istft", lambda r, i: ([[r.f(2, 9, 5), r.f(2, 9, 5)], 8, 4, 8], {"center": not i % 2}), 2, grad=False)
op("extract_sequences", lambda r, i: ([r.f(2, 20), r.option([6, 5]), r.option([3, 4])], {}), 2)

# ---- neural network
for n in "max_pool average_pool".split():
    op(n, lambda r, i: ([r.spread(2, 7, 9, 3), 2], {"strides": r.option([None, 1, (2, 3)]), "padding": r.option(["valid", "same"])}), 3)
    op(n, lambda r, i: ([r.spread(2, 9, 3), r.option([2, 3])], {"padding": "same"}), 1)
for n in "adaptive_average_pool adaptive_max_pool".split():
    op(n, lambda r, i: ([r.spread(2, 7, 9, 3), r.option([3, (2, 4)])], {}), 2)
op("conv", lambda r, i: ([r.f(2, 7, 9, 3), r.f(3, 2, 3, 4)], [{}, {"strides": 2, "padding": "same"}, {"dilation_rate": 2}, {"strides": (2, 1)}][i % 4]), 4)
op("conv", lambda r, i: ([r.f(2, 9, 3) if i == 0 else r.f(2, 5, 6, 7, 2), r.f(3, 3, 4) if i == 0 else r.f(2, 3, 2, 2, 3)], {"padding": "same"}), 2)
op("conv", lambda r, i: ([r.f(2, 7, 8, 4), r.f(3, 3, 2, 6)], {}), 1, note="grouped: 4 input channels, kernel takes 2, so 2 groups")
op("depthwise_conv", lambda r, i: ([r.f(2, 7, 9, 3), r.f(3, 2, 3, 2)], [{}, {"strides": 2, "padding": "same"}][i % 2]), 2)
op("separable_conv", lambda r, i: ([r.f(2, 7, 9, 3), r.f(3, 2, 3, 2), r.f(1, 1, 6, 5)], [{}, {"strides": 2, "padding": "same"}][i % 2]), 2)
op("conv_transpose", lambda r, i: ([r.f(2, 4, 5, 3), r.f(3, 2, 4, 3)], [{}, {"strides": 2, "padding": "same"}, {"strides": 2}, {"strides": 3, "output_padding": 1}][i % 4]), 4)
op("batch_normalization", lambda r, i: ([r.f(3, 4, 5), r.f(5), r.u(5, lo=0.5, hi=2)], {"axis": -1, **({"offset": r.f(5), "scale": r.f(5)} if i else {})}), 2)
op("layer_normalization", lambda r, i: ([r.f(3, 4, 5)], {} if i == 0 else {"gamma": r.f(5), "beta": r.f(5)}), 2)
op("rms_normalization", lambda r, i: ([r.f(3, 4, 5)], {} if i == 0 else {"scale": r.f(5)}), 2)
op("normalize", lambda r, i: ([r.f(3, 4, 5)], {"axis": r.option([-1, 1]), "order": r.option([2, 1, 3])}), 3)
op("binary_crossentropy", lambda r, i: ([r.b(4, 5).astype("float32"), r.u(4, 5, lo=0.05, hi=0.95)] if i == 0 else [r.b(4, 5).astype("float32"), r.f(4, 5)], {"from_logits": bool(i)}), 2, grad=False)
op("categorical_crossentropy", lambda r, i: ([r.one_hot(4, 5), r.probs(4, 5) if i == 0 else r.f(4, 5)], {"from_logits": bool(i)}), 2, grad=False)
op("sparse_categorical_crossentropy", lambda r, i: ([r.i(4, lo=0, hi=5), r.probs(4, 5) if i == 0 else r.f(4, 5)], {"from_logits": bool(i)}), 2)
op("dot_product_attention", lambda r, i: ([r.f(2, 5, 4, 3), r.f(2, 6, 4, 3), r.f(2, 6, 4, 3)] if i != 1 else [r.f(2, 5, 4, 3), r.f(2, 5, 4, 3), r.f(2, 5, 4, 3)],
                                          [{}, {"is_causal": True}, {"scale": 0.3}, {"bias": r.f(2, 4, 5, 6)}, {"mask": np.concatenate([r.b(2, 4, 5, 5), np.ones((2, 4, 5, 1), bool)], -1)}][i % 5]), 5)
op("depth_to_space", lambda r, i: ([r.f(2, 3, 4, 8), 2], {}), 1)
op("space_to_depth", lambda r, i: ([r.f(2, 4, 6, 3), 2], {}), 1)
op("unfold", lambda r, i: ([r.f(2, 3, 6, 7), r.option([2, (2, 3)])], {"stride": r.option([1, 2]), "padding": r.option([0, 1]), "dilation": 1}), 2)
op("fold", lambda r, i: ([r.f(2, 3 * 4, 9), (6, 6), 2], {"stride": 2}), 1, grad=False)
op("ctc_loss", lambda r, i: ([r.i(3, 4, lo=1, hi=6), r.f(3, 9, 6), np.array([4, 2, 3], "int32"), np.array([9, 8, 7], "int32")], {"mask_index": 0}), 1)
op("ctc_decode", lambda r, i: ([r.f(3, 9, 6), np.array([9, 8, 7], "int32")], {"strategy": "greedy", "mask_index": r.option([0, 5])}), 2, grad=False)
op("ctc_decode", lambda r, i: ([2 * r.f(3, 9, 6), np.array([9, 8, 7], "int32")], {"strategy": "beam_search", "beam_width": r.option([100, 6, 3]), "top_paths": r.option([3, 1, 2]), "mask_index": r.option([0, 5, 2])}), 3, grad=False)
op("psnr", lambda r, i: ([r.u(4, 5), r.u(4, 5), 1.0], {}), 1, grad=False)

# ---- control flow with named functions (functions.py)
op("map", lambda r, i: ([Fn(r.option(["square_plus_one", "row_mean_times_two"])), r.f(4, 5)], {}), 2)
op("vectorized_map", lambda r, i: ([Fn(r.option(["square_plus_one", "row_mean_times_two"])), r.f(4, 5)], {}), 2)
op("scan", lambda r, i: ([Fn(r.option(["scan_cumulate", "scan_decay"])), r.f(3), r.f(5, 3)], {"reverse": bool(i % 2)}), 2)
op("associative_scan", lambda r, i: ([Fn(r.option(["add", "mul"])), r.u(6, 3, lo=0.5, hi=1.5)], {"reverse": bool(i % 2), "axis": 0}), 2)
op("cond", lambda r, i: ([np.array(bool(i)), Fn("double"), Fn("minus_three")], {}), 2, grad=False)
op("switch", lambda r, i: ([np.array(r.option([0, 1, 2, 9]), "int32"), [Fn("double"), Fn("minus_three"), Fn("negate")], r.f(3, 4)], {}), 3, grad=False)
op("fori_loop", lambda r, i: ([0, r.option([3, 5]), Fn("halve_and_add_index"), r.f(3, 4)], {}), 2, grad=False)
op("while_loop", lambda r, i: ([Fn("sum_below_20"), Fn("count_and_double"), [np.array(0, "int32"), r.u(3, lo=0.1, hi=1)]], {}), 1, grad=False)
op("vectorize", lambda r, i: ([Fn("square_plus_one")], {}), 0, grad=False)


# ---- image
def img(r, lo=0.0, hi=1.0):
    return r.u(2, r.d(6, 8), r.d(9, 11), 3, lo=lo, hi=hi)


def im(name, make, n=1, grad=False, note=""):
    op("image." + name, make, n, grad, note)


im("resize", lambda r, i: ([img(r), r.option([(4, 5), (13, 17), (5, 20)])], {"interpolation": r.option(["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"])}), 5, grad=True)
im("resize", lambda r, i: ([img(r), (5, 7)], [{"antialias": True}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True, "fill_value": 0.5}][i % 4]), 4)
im("rgb_to_grayscale", lambda r, i: ([img(r)], {}), 1)
im("rgb_to_hsv", lambda r, i: ([img(r)], {}), 1)
im("hsv_to_rgb", lambda r, i: ([img(r)], {}), 1)
im("affine_transform", lambda r, i: ([img(r), np.array([[1.1, 0.1, -0.5, -0.1, 0.9, 0.7, 0.0, 0.0]] * 2, "float32")], {"interpolation": r.option(["bilinear", "nearest"]),
                                                                                                                     "fill_mode": r.option(["constant", "nearest", "wrap", "mirror", "reflect"])}), 5)
im("perspective_transform", lambda r, i: ([img(r), np.array([[[0, 0], [0, 5], [5, 0], [5, 5]]] * 2, "float32"), np.array([[[1, 0], [0, 5], [5, 1], [4, 5]]] * 2, "float32")], {}), 1)
im("map_coordinates", lambda r, i: ([r.f(6, 7), [r.u(4, 3, lo=-1, hi=6), r.u(4, 3, lo=-1, hi=7)]], {"order": r.option([0, 1]), "fill_mode": r.option(["constant", "nearest", "wrap", "mirror", "reflect"])}), 5)
im("crop_images", lambda r, i: ([img(r)], {"top_cropping": 1, "left_cropping": 2, "target_height": 4, "target_width": 5}), 1)
im("pad_images", lambda r, i: ([img(r)], {"top_padding": 1, "left_padding": 2, "target_height": 12, "target_width": 15}), 1)
im("extract_patches", lambda r, i: ([img(r), r.option([3, (2, 3)])], {"strides": r.option([None, 2]), "padding": r.option(["valid", "same"])}), 2)
im("extract_patches_3d", lambda r, i: ([r.f(2, 5, 6, 7, 2), 2], {"padding": r.option(["valid", "same"])}), 2)
im("gaussian_blur", lambda r, i: ([img(r)], {"kernel_size": (3, 3), "sigma": r.option([(1.0, 1.0), (0.5, 2.0)])}), 2)
im("sobel_edges", lambda r, i: ([img(r)], {}), 1)
im("ssim", lambda r, i: ([r.u(2, 16, 17, 3), r.u(2, 16, 17, 3)], {"filter_size": r.option([11, 7])}), 2)
im("scale_and_translate", lambda r, i: ([img(r), (2, 5, 8, 3), np.array([0.7, 0.8], "float32"), np.array([0.1, -0.2], "float32"), (1, 2), r.option(["linear", "cubic", "lanczos3"])], {"antialias": bool(i % 2)}), 3)

register()
