"""Case construction, option spaces, and the two generation stages (TensorFlow, then JAX)."""
import json
import math
import re
import traceback

import numpy as np

from . import store
from .rng import R

FILES = {}  # "layers/dense" -> function(ctx) that yields (case, tensors)


def file(path):
    def wrap(fn):
        FILES[path] = fn
        return fn
    return wrap


class Ctx:
    def __init__(self, seed, drawn):
        self.seed, self.drawn = seed, drawn

    def r(self, name):
        return R(self.seed, name, self.drawn)

    def n(self, public):
        return public if not self.drawn else math.ceil(public / 2)


def new(name, kind, **fields):
    return {"name": name, "kind": kind, **fields, "inputs": [], "_n": {}}, {}


def snake(s):
    """The rule by which Keras names layers: Conv1DTranspose -> conv1d_transpose."""
    s = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", s)
    return re.sub("([a-z])([A-Z])", r"\1_\2", s).lower()


def slug(v):
    return re.sub(r"[^A-Za-z0-9]+", "_", str(v)).strip("_")[:28]


def option_cases(ctx, key, base, opts, combos=1, fix=None):
    """Public: the base, every other value once, then random combinations.
    Hidden: random combinations only. Yields (case name, configuration)."""
    base, opts = base or {}, opts or {}
    out = []

    def add(name, cfg):
        cfg = fix(cfg) if fix else cfg
        if cfg is not None and all(str(cfg) != str(c) for _, c in out):
            out.append((name, cfg))
    singles = [(o, v) for o, vs in opts.items() for v in vs]
    if not ctx.drawn:
        add("default", dict(base))
        for o, v in singles:
            label = f"{o.strip('_')}_{slug(v() if callable(v) else v)}" if not callable(v) else f"{o.strip('_')}_variant"
            names = {n for n, _ in out}
            add(label if label not in names else f"{label}_{len(out)}", {**base, o: v})
        for i in range(combos if len(singles) > 1 else 0):
            r = ctx.r(f"{key}/combo{i}")
            add(f"combo{i}", {**base, **{o: r.choice(vs) for o, vs in opts.items() if o != "dtype" and r.g.uniform() < 0.5}})
    else:
        want = math.ceil((1 + len(singles) + combos) / 2)
        for i in range(3 * want):
            r = ctx.r(f"{key}/h{i}")
            add(f"h{i}", {**base, **{o: r.choice(vs) for o, vs in opts.items() 
                                      if r.g.uniform() < (0.1 if o == "dtype" else 0.5)}})
            if len(out) >= max(want, 2):
                break
    return out


# ---- layers ------------------------------------------------------------------
def layer(cls_name, inp, base=None, opts=None, combos=1, fix=None, grad=True, path=None, prep=None, scale=0.5,
          weight_fill=None, note=None, exact=None):
    """Registers a layer file. inp(r, cfg) -> dict(args, kwargs, input_masks, calls, adapt, note)."""
    path = path or "layers/" + snake(cls_name)
    older = FILES.get(path)

    def produce(ctx):
        import keras
        if older:
            yield from older(ctx)
        for label, cfg in option_cases(ctx, f"{path}/{cls_name}", base, opts, combos, fix):
            name = f"{snake(cls_name)}_{label}"
            r = ctx.r(f"{path}/{name}")
            given = inp(r, cfg)
            from .runners import reset_names
            reset_names()
            ctor = {k: (v() if callable(v) else v) for k, v in cfg.items() if not k.startswith("_")}
            case, T = new(name, "layer", class_name=cls_name)
            try:
                obj = getattr(keras.layers, cls_name)(**ctor)
            except Exception as e:
                print("  skip", name, type(e).__name__, str(e)[:150])
                continue
            build_layer_case(case, T, obj, given, r, scale, weight_fill)
            case["_grad"] = grad and given.get("grad", True)
            case["note"] = given.get("note") or note or ""
            yield case, T
    FILES[path] = produce


def build_layer_case(case, T, obj, given, r, scale=0.5, weight_fill=None):
    import keras
    from . import runners
    calls = given.get("calls") or [given]
    case["calls"] = []
    for c in calls:
        a = store.encode(c.get("args", []), case, T)
        k = {n: store.encode(v, case, T, "mask" if "mask" in n else "k") for n, v in c.get("kwargs", {}).items()}
        m = store.encode(c.get("input_masks") or [], case, T, "mask")
        case["calls"].append({"args": a, "kwargs": k, **({"input_masks": m} if m else {})})
    if "adapt" in given:
        case["adapt"] = store.encode(given["adapt"], case, T, "adapt")
        obj.adapt(store.decode(case["adapt"], runners.look(T)))
    a, k = runners.call_args(case["calls"][0], T)
    try:
        obj(*a, **k)
    except Exception as e:
        case["_tf_error"] = f"{type(e).__name__}: {str(e)[:200]}"
        if not obj.built:
            try:
                obj.build(keras.tree.map_structure(lambda x: tuple(x.shape), a[0]))
            except Exception as e2:
                case["_build_error"] = str(e2)[:200]
    case["registered_name"] = keras.saving.get_registered_name(type(obj))
    case["weights"] = []
    train = {id(v) for v in obj.trainable_variables}
    values = []
    for key, v in runners.wkeys(obj):
        old = np.asarray(v.value)
        val = old
        fill = weight_fill(r, key, old) if weight_fill else None
        if fill is not None:
            val = fill.astype(old.dtype)
        elif "adapt" in given:
            pass
        elif old.dtype.kind == "f" or old.dtype.name == "bfloat16":
            if "variance" in key:
                val = r.u(*old.shape, lo=0.5, hi=1.5)
            else:
                val = r.f(*old.shape, scale=scale)
            val = val.astype(old.dtype)
        wk = f"{case['name']}/w/{key}"
        T[wk] = val
        case["weights"].append({"path": v.path, "name": key, "key": wk, "trainable": id(v) in train,
                                "shape": list(val.shape), "dtype": val.dtype.name})
        values.append((v, val))
    for v, val in values:
        v.assign(val)
    # Serialize a freshly assigned layer: the config is what a .keras file would hold.
    case["config"] = json.loads(json.dumps(keras.saving.serialize_keras_object(obj), default=str))


# ---- stage 1: TensorFlow --------------------------------------------------------
EXACT_KINDS = "iub"


def record_outputs(case, T, outs, r):
    case["outputs"], case["results"] = [], {}
    for key, a in outs.items():
        if not isinstance(a, np.ndarray):
            case["results"][key] = a
            continue
        if key.startswith("after/"):
            w = next((w for w in case["weights"] if w["name"] == key[6:]), None)
            if w is not None and np.array_equal(T[w["key"]], a):
                continue
        full = f"{case['name']}/{key}"
        T[full] = a
        case["outputs"].append({"key": full, "shape": list(a.shape), "dtype": a.dtype.name})
    if case["_grad"] and "dy" not in case:
        case["dy"] = []
        for o in case["outputs"]:
            n = o["key"].rsplit("/", 1)[1]
            if re.fullmatch(r"y\d+", n) and ("float" in o["dtype"]):
                k = f"{case['name']}/d{n}"
                T[k] = r.f(*o["shape"]).astype(T[o["key"]].dtype if "16" not in o["dtype"] else "float32")
                case["dy"].append(k)
        if not case["dy"]:
            case["_grad"] = False


def record_grads(case, T, grads):
    case["grads"] = []
    for key, a in grads.items():
        full = f"{case['name']}/{key}"
        T[full] = a
        case["grads"].append({"key": full, "shape": list(a.shape), "dtype": a.dtype.name})


RTOL, ATOL = 1e-5, 1e-6  # the floor of every tolerance


def error_units(got, ref, low=0):
    """max |got-ref| / (atol + rtol |ref|) for the floor tolerances (or atol = rtol = low, for
    16-bit cases); inf on a shape, NaN or exact-type mismatch."""
    rtol, atol = (low, low) if low else (RTOL, ATOL)
    got, ref = np.asarray(got), np.asarray(ref)
    if got.shape != ref.shape:
        return math.inf
    if ref.dtype.kind in EXACT_KINDS or got.dtype.kind in EXACT_KINDS:
        if ref.dtype.kind in EXACT_KINDS and got.dtype.kind in EXACT_KINDS:
            return 0.0 if np.array_equal(got.astype("int64"), ref.astype("int64")) else math.inf
    a, b = got.astype("float64"), ref.astype("float64")
    if not np.array_equal(np.isnan(a), np.isnan(b)):
        return math.inf
    same = (a == b) | np.isnan(b)
    if np.any(~same & ~(np.isfinite(a) & np.isfinite(b))):
        return math.inf
    e = np.where(same, 0.0, np.abs(np.where(same, 0, a - b)) / (atol + rtol * np.abs(np.where(same, 0, b))))
    return float(e.max()) if e.size else 0.0


def spread(outs, T, case, listed):
    worst, low = 0.0, low_precision(case)
    for o in listed:
        k = o["key"][len(case["name"]) + 1:]
        worst = max(worst, error_units(outs[k], T[o["key"]], low) if k in outs else math.inf)
    return worst


def err(e):
    return f"{type(e).__name__}: {str(e)[:200]}"


def stage_tf(case, T, ctx):
    from . import runners
    r = ctx.r("dy/" + case["kind"] + case["name"])
    case.setdefault("_grad", case["kind"] in runners.GRAD)
    if case["kind"] not in runners.GRAD:
        case["_grad"] = False
    try:
        record_outputs(case, T, runners.FORWARD[case["kind"]](case, T), r)
        case.pop("_tf_error", None)
    except Exception as e:
        case["_tf_error"] = err(e)
        return
    if case["_grad"]:
        try:
            record_grads(case, T, runners.GRAD[case["kind"]](case, T))
        except Exception as e:
            case["_tf_grad_error"] = err(e)
    try:
        with runners.precision("float64"):
            c64, t64 = runners.as_float64(case, T)
            case["_k64"] = spread(runners.FORWARD[case["kind"]](c64, t64), T, case, case["outputs"])
            if case.get("grads"):
                case["_g64"] = spread(runners.GRAD[case["kind"]](c64, t64), T, case, case["grads"])
    except Exception as e:
        case["_f64_error"] = err(e)


# ---- stage 2: JAX, tolerances ------------------------------------------------------
LIMIT = 250.0
PEER = {"jax": "JAX", "numpy": "NumPy"}


def BACKEND():
    from . import runners
    return runners.BACKEND


def up(x):
    """Rounded up to two significant digits."""
    if x == 0:
        return 0.0
    e = math.floor(math.log10(x)) - 1
    return float(f"{math.ceil(x / 10 ** e - 1e-9) * 10 ** e:.6g}")


def tolerance(case, field, ks, low_precision):
    m = max([1.0] + [(2.0 if low_precision else 4.0) * k for k in ks])
    rt, at = (low_precision or RTOL) * m, (low_precision or ATOL) * m
    case[field + "rtol"], case[field + "atol"] = up(rt), up(at)


def low_precision(case):
    text = json.dumps([case.get("config"), case.get("function"), case["inputs"], case.get("outputs", []), case.get("kwargs"), case.get("args")])
    return 1.6e-2 if "bfloat16" in text else 2e-3 if "float16" in text else 0


def compare(case, T, outs, listed, notes, what):
    k = spread(outs, T, case, listed)
    lp = low_precision(case)
    limit = 8.0 if lp else LIMIT
    if k > limit:
        for o in listed:
            n = o["key"][len(case["name"]) + 1:]
            if n in outs and error_units(outs[n], T[o["key"]], lp) > 0.25:
                T[o["key"] + "@jax"] = outs[n]
                o["jax_key"] = o["key"] + "@jax"
        case["backends_disagree"] = True
        notes.append(f"{what}: TensorFlow and {PEER[BACKEND()]} disagree; the other value is stored beside it as <key>@jax (accept either)")
        return 0.0
    return k


def stage_jax(case, T, ctx):
    """Fills the tolerances. Returns False to drop the case."""
    from . import runners
    kind, notes = case["kind"], [case.get("note", "")]
    r = ctx.r("dy/" + kind + case["name"])
    ks, gs = [], []
    try:
        outs = runners.FORWARD[kind](case, T)
        if len(outs.get("json", [])) == 1 and not case.get("results", {"json": 1}).get("json"):
            outs.setdefault("y0", np.asarray(outs["json"][0]))  # a Python scalar where TensorFlow gives a tensor
    except Exception as e:
        outs, case["_jax_error"] = None, err(e)
    if "_tf_error" in case:
        if outs is None:
            return False
        record_outputs(case, T, outs, r)
        case["reference"] = "jax"
        notes.append("values from the JAX backend (TensorFlow on CPU cannot run it)")
        if runners.BACKEND == "numpy":
            return False
        ks.append(1.0)
    else:
        case["reference"] = "tensorflow"
        if outs is None:
            notes.append(f"{PEER[runners.BACKEND]} backend cannot run it")
            ks.append(1.0)
        else:
            ks.append(compare(case, T, outs, case["outputs"], notes, "values"))
            for k, v in case["results"].items():
                if k != "json" or kind == "initializer_random":
                    continue
                got = outs.get(k)
                if json.dumps(got) != json.dumps(v) and not close_json(got, v):
                    notes.append(f"results differ between the backends (JAX: {json.dumps(got)[:80]})")
                    case["backends_disagree"] = True
    if low_precision(case):
        pass
    elif case.get("_k64", 0) <= LIMIT:
        ks.append(case.get("_k64", 0.0))
    else:
        notes.append("the float64 run differs from the float32 run by more than rounding")
    if case["_grad"] and runners.BACKEND == "numpy":
        if case.get("grads") is None:
            case.pop("dy", None)
            notes.append("no gradient")
        else:
            case["grad_reference"] = "tensorflow"
            gs.append(case["_g64"] if case.get("_g64", math.inf) <= LIMIT and not low_precision(case) else 1.0)
    elif case["_grad"]:
        try:
            grads = runners.GRAD[kind](case, T)
        except Exception as e:
            grads, case["_jax_grad_error"] = None, err(e)
        if case.get("grads") is None:
            if grads is not None:
                record_grads(case, T, grads)
                case["grad_reference"] = "jax"
                gs.append(1.0)
            else:
                notes.append("no gradient: neither backend gives one")
                for k in case.pop("dy", []):
                    T.pop(k, None)
        else:
            case["grad_reference"] = "tensorflow"
            if grads is not None:
                gs.append(compare(case, T, grads, case["grads"], notes, "gradients"))
            else:
                notes.append("JAX gives no gradient")
            if case.get("_g64", 0) <= LIMIT and not low_precision(case):
                gs.append(case.get("_g64", 0.0))
    lp = low_precision(case)
    tolerance(case, "", ks, lp)
    if case.get("grads"):
        tolerance(case, "grad_", gs, lp)
    case["compared_with"] = [PEER[runners.BACKEND]] + (["float64"] if "_k64" in case else [])
    case["spread"] = {k: (v if math.isfinite(v) else "inf") for k, v in
                      {"values": max(ks, default=0), "gradients": max(gs, default=0)}.items()}
    case["note"] = "; ".join(n for n in notes if n)
    return True


def close_json(a, b):
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(close_json(x, y) for x, y in zip(a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b or abs(a - b) <= 1e-5 * abs(b) + 1e-6
    if isinstance(a, str) and isinstance(b, str):
        return a.split(".")[-1] == b.split(".")[-1]
    return a == b


def public_fields(case):
    return {k: v for k, v in case.items() if not k.startswith("_")}


def show(e):
    traceback.print_exception(e)
