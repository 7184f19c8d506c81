"""Activations, losses, metrics, optimizers, schedules, initializers, regularizers, constraints."""
import json

import numpy as np

from . import store
from .build import Ctx, file, new, option_cases, snake


def ser(o):
    import keras
    return json.loads(json.dumps(keras.saving.serialize_keras_object(o), default=str))


def fn_case(name, function, args, kwargs, grad=True, note="", kind="op", **extra):
    case, T = new(name, kind, class_name=function.rsplit(".", 1)[1], function=function, note=note, **extra)
    case["args"] = store.encode(args, case, T)
    case["kwargs"] = {k: store.encode(v, case, T, "k") for k, v in kwargs.items()}
    case["_grad"] = grad
    return case, T


# ---- activations
ACT = {"relu": [{}, {"negative_slope": 0.1, "max_value": 1.5, "threshold": 0.2}, {"max_value": 1.0}], "leaky_relu": [{}, {"negative_slope": 0.4}], "elu": [{}, {"alpha": 0.5}],
       "celu": [{}, {"alpha": 0.5}], "gelu": [{}, {"approximate": True}], "softmax": [{}, {"axis": 1}], "log_softmax": [{}, {"axis": 0}], "glu": [{}, {"axis": 1}],
       "soft_shrink": [{}, {"threshold": 0.8}], "hard_shrink": [{}, {"threshold": 0.8}], "threshold": [{"threshold": 0.3, "default_value": -0.5}], "squareplus": [{}, {"b": 2}],
       "sparsemax": [{}, {"axis": 1}]}
for n in ["celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish",
          "relu", "relu6", "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "swish", "tanh",
          "tanh_shrink", "threshold"]:
    @file("activations/" + n)
    def act(ctx, n=n):
        for i, kw in enumerate(ACT.get(n, [{}])):
            for j, (rank, scale) in enumerate([(2, 1.0), (3, 3.0), (3, 12.0)][:ctx.n(3)]):
                name = f"{n}_{i}_{j}"
                r = ctx.r("act/" + name)
                if ctx.drawn and kw:
                    kw = {k: (round(v * float(r.u(1, lo=0.6, hi=1.4)[0]), 3) if isinstance(v, float) else v) for k, v in kw.items()}
                shape = [2 * v if n == "glu" else v for v in r.dims(max(rank, 2 if not kw.get("axis") else 2), 3, 7)]
                x = r.f(*shape, scale=scale)
                if rank == 2:
                    x.flat[0] = 0.0 if n not in ("relu", "relu6", "leaky_relu", "hard_tanh") else x.flat[0]
                yield fn_case(name, f"keras.activations.{n}", [x], kw)


# ---- losses
def onehot(r, s):
    return [r.one_hot(*s), r.probs(*s)]


def logits(r, s):
    return [r.one_hot(*s), r.f(*s, scale=2)]


def binary(r, s):
    return [r.b(*s).astype("float32"), r.u(*s, lo=0.05, hi=0.95)]


def pm1(r, s):
    return [np.where(r.b(*s), 1.0, -1.0).astype("float32"), r.f(*s)]


def real(r, s):
    return [r.f(*s), r.f(*s)]


def positive(r, s):
    return [r.u(*s, lo=0.1, hi=3), r.u(*s, lo=0.1, hi=3)]


def simplex(r, s):
    return [r.probs(*s), r.probs(*s)]


def sparse(r, s):
    return [r.i(*s[:-1], lo=0, hi=s[-1]), r.probs(*s)]


LOSSES = {
    "MeanSquaredError": (real, {}), "MeanAbsoluteError": (real, {}), "MeanAbsolutePercentageError": (positive, {}), "MeanSquaredLogarithmicError": (positive, {}),
    "Huber": (real, {"delta": [0.5, 2.0]}), "LogCosh": (real, {}), "CosineSimilarity": (real, {"axis": [1]}), "KLDivergence": (simplex, {}), "Poisson": (positive, {}),
    "Hinge": (pm1, {"_labels01": [True]}), "SquaredHinge": (pm1, {"_labels01": [True]}), "CategoricalHinge": (onehot, {}),
    "BinaryCrossentropy": (binary, {"from_logits": [True], "label_smoothing": [0.2], "axis": [1]}),
    "BinaryFocalCrossentropy": (binary, {"from_logits": [True], "label_smoothing": [0.1], "apply_class_balancing": [True], "alpha": [0.4], "gamma": [3.0]}),
    "CategoricalCrossentropy": (onehot, {"from_logits": [True], "label_smoothing": [0.2], "axis": [1], "_unnormalized": [True]}),
    "CategoricalFocalCrossentropy": (onehot, {"from_logits": [True], "label_smoothing": [0.1], "alpha": [0.4, [0.1, 0.2, 0.3, 0.4, 0.5]], "gamma": [3.0]}),
    "SparseCategoricalCrossentropy": (sparse, {"from_logits": [True], "ignore_class": [1, -1], "_float_labels": [True], "_column": [True]}),
    "CategoricalGeneralizedCrossEntropy": (sparse, {"q": [0.2, 0.9]}), "Dice": (binary, {"axis": [(1, 2), -1]}), "Tversky": (binary, {"alpha": [0.3], "beta": [0.8], "axis": [(1, 2)]}),
    "Circle": (None, {"gamma": [32.0], "margin": [0.25], "remove_diagonal": [False]}), "CTC": (None, {}),
}
COMMON = {"reduction": ["sum", "mean", "none", "mean_with_sample_weight"], "_sw": ["vector", "full", "column"], "_rank": [3], "_mask": [True]}


def loss_case(ctx, cls, label, cfg, make):
    import keras
    name = f"{snake(cls)}_{label}"
    r = ctx.r("loss/" + name)
    s = list(r.dims(cfg.get("_rank", 2), 3, 6))
    if cls == "CategoricalFocalCrossentropy" and isinstance(cfg.get("alpha"), list):
        s[-1] = len(cfg["alpha"])
    if isinstance(cfg.get("axis"), tuple) or cfg.get("axis") == 1 and len(s) < 3:
        s = list(r.dims(3, 3, 6)) if len(s) < 3 else s
    if cls == "Circle":
        y, p = r.i(7, lo=0, hi=3), r.f(7, 4)
        p = (p / np.linalg.norm(p, axis=-1, keepdims=True)).astype("float32")
        s = [7]
    elif cls == "CTC":
        y, p = r.i(s[0], 3, lo=1, hi=6), r.f(s[0], 9, 6)
        y[0, 2] = 0
        s = [s[0]]
    else:
        y, p = make(r, s)
    if cfg.get("from_logits"):
        p = r.f(*p.shape, scale=2)
    if cfg.get("axis") == 1 and cls == "CategoricalCrossentropy":
        y, p = np.moveaxis(y, -1, 1).copy(), np.moveaxis(p, -1, 1).copy()
    if cfg.get("_unnormalized"):
        p = r.u(*p.shape, lo=0.1, hi=2)
    if cfg.get("_labels01"):
        y = (y > 0).astype("float32")
    if cfg.get("_float_labels"):
        y = y.astype("float32")
    if cfg.get("_column") and y.ndim < p.ndim:
        y = y[..., None]
    if cfg.get("ignore_class") == -1:
        y.flat[::3] = -1
    loss = getattr(keras.losses, cls)(**{k: v for k, v in cfg.items() if k[0] != "_"})
    case, T = new(name, "loss", class_name=cls, registered_name=keras.saving.get_registered_name(type(loss)), config=ser(loss), note="")
    case["args"] = store.encode([y, p], case, T)
    case["kwargs"] = {}
    # the shape of the unreduced loss decides which weights are legal
    out = [s[0]] if cls in ("Circle", "CTC") else list(p.shape[:-1])
    if cls == "CategoricalCrossentropy" and cfg.get("axis") == 1 or cls == "BinaryCrossentropy" and cfg.get("axis") == 1 or cls == "CosineSimilarity" and cfg.get("axis") == 1:
        out = [p.shape[0], p.shape[2]] if p.ndim == 3 else [p.shape[0]]
    sw = cfg.get("_sw")
    if sw:
        shape = {"vector": out[:1], "full": out, "column": out[:1] + [1]}[sw]
        case["kwargs"] = {"sample_weight": store.encode(r.u(*shape, lo=0.0, hi=2), case, T, "sw")}
    if cfg.get("_mask") and cls not in ("Circle", "CTC", "Dice", "Tversky"):
        m = r.b(*out, p=0.7)
        m.flat[0] = True
        case["pred_mask"] = store.encode(m, case, T, "mask")["$tensor"]
        case["note"] = "pred_mask: the Keras mask attached to y_pred (as a Masking layer would)"
    case["_grad"] = True
    return case, T


for cls, (make, opts) in LOSSES.items():
    @file("losses/" + snake(cls))
    def loss(ctx, cls=cls, make=make, opts=opts):
        import keras
        common = dict(COMMON)
        if cls in ("Circle", "CTC", "Dice", "Tversky"):
            common = {"reduction": COMMON["reduction"]} if cls in ("Dice", "Tversky") else {"reduction": COMMON["reduction"], "_sw": ["vector"]}
            if cls in ("Dice", "Tversky"):
                common["_rank"] = [3]
        for label, cfg in option_cases(ctx, "loss/" + cls, {}, {**opts, **common}, combos=4):
            yield loss_case(ctx, cls, label, cfg, make)
        # the plain function, without reduction
        fname = {"MeanSquaredError": "mean_squared_error", "KLDivergence": "kl_divergence", "CTC": "ctc", "LogCosh": "log_cosh"}.get(cls, snake(cls))
        if hasattr(keras.losses, fname) and make and cls != "CategoricalGeneralizedCrossEntropy":
            for i in range(ctx.n(2)):
                r = ctx.r(f"lossfn/{cls}{i}")
                y, p = make(r, r.dims(2 + i, 3, 6))
                case, T = fn_case(f"function_{fname}_{i}", f"keras.losses.{fname}", [y, p], {}, note="the plain function: no reduction over the batch",
                                  grad_inputs=[f"function_{fname}_{i}/x1"])
                yield case, T


# ---- metrics
def m_thr(r):
    return [r.b(6, 4).astype("float32"), r.u(6, 4)]


METRICS = {
    "Mean": (lambda r: [r.f(5, 3)], {}), "Sum": (lambda r: [r.f(5, 3)], {}),
    "Accuracy": (lambda r: [r.i(7, lo=0, hi=3), r.i(7, lo=0, hi=3)], {}),
    "BinaryAccuracy": (lambda r: binary(r, (5, 3)), {"threshold": [0.3]}), "CategoricalAccuracy": (lambda r: onehot(r, (6, 4)), {}),
    "SparseCategoricalAccuracy": (lambda r: sparse(r, (6, 4)), {}), "TopKCategoricalAccuracy": (lambda r: onehot(r, (7, 8)), {"k": [2, 3]}),
    "SparseTopKCategoricalAccuracy": (lambda r: sparse(r, (7, 8)), {"k": [2, 3]}),
    "BinaryCrossentropy": (lambda r: binary(r, (5, 3)), {"from_logits": [True], "label_smoothing": [0.2]}),
    "CategoricalCrossentropy": (lambda r: onehot(r, (5, 3)), {"from_logits": [True], "label_smoothing": [0.2]}),
    "SparseCategoricalCrossentropy": (lambda r: sparse(r, (5, 3)), {"from_logits": [True], "ignore_class": [1]}),
    "CategoricalHinge": (lambda r: onehot(r, (5, 3)), {}), "Hinge": (lambda r: pm1(r, (5, 3)), {}), "SquaredHinge": (lambda r: pm1(r, (5, 3)), {}),
    "KLDivergence": (lambda r: simplex(r, (5, 3)), {}), "Poisson": (lambda r: positive(r, (5, 3)), {}), "LogCoshError": (lambda r: real(r, (5, 3)), {}),
    "CosineSimilarity": (lambda r: real(r, (5, 3)), {"axis": [0]}), "MeanAbsoluteError": (lambda r: real(r, (5, 3)), {}), "MeanSquaredError": (lambda r: real(r, (5, 3)), {}),
    "MeanAbsolutePercentageError": (lambda r: positive(r, (5, 3)), {}), "MeanSquaredLogarithmicError": (lambda r: positive(r, (5, 3)), {}),
    "RootMeanSquaredError": (lambda r: real(r, (5, 3)), {}), "R2Score": (lambda r: real(r, (6, 3)), {"class_aggregation": [None, "variance_weighted_average"], "num_regressors": [2]}),
    "PearsonCorrelation": (lambda r: real(r, (5, 4)), {"axis": [0]}), "ConcordanceCorrelation": (lambda r: real(r, (5, 4)), {"axis": [0]}),
    "TruePositives": (m_thr, {"thresholds": [0.3, [0.2, 0.5, 0.9]]}), "TrueNegatives": (m_thr, {"thresholds": [0.3, [0.2, 0.5, 0.9]]}),
    "FalsePositives": (m_thr, {"thresholds": [0.3, [0.2, 0.5, 0.9]]}), "FalseNegatives": (m_thr, {"thresholds": [0.3, [0.2, 0.5, 0.9]]}),
    "Precision": (m_thr, {"thresholds": [0.3, [0.2, 0.7]], "top_k": [2], "class_id": [1]}), "Recall": (m_thr, {"thresholds": [0.3, [0.2, 0.7]], "top_k": [2], "class_id": [1]}),
    "AUC": (lambda r: [r.b(9).astype("float32"), r.u(9)], {"curve": ["PR", "PRGAIN"], "summation_method": ["minoring", "majoring"], "num_thresholds": [5, 50],
                                                        "thresholds": [[0.2, 0.5, 0.8]], "from_logits": [True], "multi_label": [True],}),
    "PrecisionAtRecall": (lambda r: [r.b(9).astype("float32"), r.u(9)], {"recall": [0.3], "num_thresholds": [11]}),
    "RecallAtPrecision": (lambda r: [r.b(9).astype("float32"), r.u(9)], {"precision": [0.3], "num_thresholds": [11]}),
    "SensitivityAtSpecificity": (lambda r: [r.b(9).astype("float32"), r.u(9)], {"specificity": [0.3], "num_thresholds": [11]}),
    "SpecificityAtSensitivity": (lambda r: [r.b(9).astype("float32"), r.u(9)], {"sensitivity": [0.3], "num_thresholds": [11]}),
    "F1Score": (lambda r: onehot(r, (7, 4)), {"average": ["micro", "macro", "weighted"], "threshold": [0.4]}),
    "FBetaScore": (lambda r: onehot(r, (7, 4)), {"average": ["micro", "macro", "weighted"], "beta": [2.0], "threshold": [0.4]}),
    "IoU": (lambda r: [r.i(8, lo=0, hi=4), r.i(8, lo=0, hi=4)], {"target_class_ids": [[1, 3]], "ignore_class": [2]}),
    "MeanIoU": (lambda r: [r.i(8, lo=0, hi=4), r.i(8, lo=0, hi=4)], {"ignore_class": [2], "sparse_y_pred": [False]}),
    "BinaryIoU": (lambda r: [r.b(8).astype("float32"), r.u(8)], {"threshold": [0.3], "target_class_ids": [[1]]}),
    "OneHotIoU": (lambda r: onehot(r, (8, 4)), {"target_class_ids": [[1, 3]], "ignore_class": [2]}),
    "OneHotMeanIoU": (lambda r: onehot(r, (8, 4)), {"ignore_class": [2]}),
}
NEED = {"PrecisionAtRecall": {"recall": 0.6}, "RecallAtPrecision": {"precision": 0.6}, "SensitivityAtSpecificity": {"specificity": 0.6}, "SpecificityAtSensitivity": {"sensitivity": 0.6},
        "IoU": {"num_classes": 4, "target_class_ids": [0]}, "MeanIoU": {"num_classes": 4}, "OneHotIoU": {"num_classes": 4, "target_class_ids": [0]}, "OneHotMeanIoU": {"num_classes": 4}}
NO_WEIGHTS = set()

for cls, (make, opts) in METRICS.items():
    @file("metrics/" + snake(cls))
    def metric(ctx, cls=cls, make=make, opts=opts):
        import keras
        for label, cfg in option_cases(ctx, "metric/" + cls, NEED.get(cls, {}), {**opts, "_sw": [True]}, combos=2):
            name = f"{snake(cls)}_{label}"
            r = ctx.r("metric/" + name)
            if cfg.get("label_weights"):
                cfg = dict(cfg, multi_label=True)
            try:
                m = getattr(keras.metrics, cls)(**{k: v for k, v in cfg.items() if k[0] != "_"})
            except Exception as e:
                print("  skip", name, str(e)[:120])
                continue
            case, T = new(name, "metric", class_name=cls, registered_name=keras.saving.get_registered_name(type(m)), config=ser(m), note="")
            case["calls"] = []
            for _ in range(3):
                a = make(r)
                if cfg.get("multi_label"):
                    a = m_thr(r)
                    a = [v[:, :3].copy() for v in a]
                if cfg.get("from_logits"):
                    a[-1] = r.f(*a[-1].shape, scale=2)
                if cls == "MeanIoU" and cfg.get("sparse_y_pred") is False:
                    a[1] = r.probs(8, 4)
                kw = {"sample_weight": r.u(a[0].shape[0], lo=0, hi=2)} if cfg.get("_sw") else {}
                if kw and a[0].ndim > 1 and cls in ("Mean", "Sum") and r.g.uniform() < 0.5:
                    kw["sample_weight"] = r.u(*a[0].shape)
                case["calls"].append({"args": store.encode(a, case, T), "kwargs": {k: store.encode(v, case, T, "sw") for k, v in kw.items()}})
            case["note"] = "y<i>: result() after call i; yreset: result() after reset_state(); state/*: the variables after the last call"
            yield case, T


@file("metrics/functions")
def metric_functions(ctx):
    for n, make, kw in [("binary_accuracy", binary, {"threshold": 0.4}), ("categorical_accuracy", onehot, {}), ("sparse_categorical_accuracy", sparse, {}),
                        ("top_k_categorical_accuracy", onehot, {"k": 2}), ("sparse_top_k_categorical_accuracy", sparse, {"k": 2}),
                        ("pearson_correlation", real, {}), ("concordance_correlation", real, {"axis": -1})]:
        for i in range(ctx.n(2)):
            r = ctx.r(f"metricfn/{n}{i}")
            y, p = make(r, (r.d(4, 6), r.d(5, 7)))
            yield fn_case(f"{n}_{i}", f"keras.metrics.{n}", [y, p], kw, grad=False)


# ---- optimizers
OPT = {
    "SGD": ({"learning_rate": 0.1}, {"momentum": [0.9], "nesterov": [True]}),
    "Adam": ({"learning_rate": 0.05}, {"amsgrad": [True], "beta_1": [0.5], "beta_2": [0.9], "epsilon": [1e-3]}), "AdamW": ({"learning_rate": 0.05}, {"amsgrad": [True], "weight_decay": [0.1]}),
    "Adamax": ({"learning_rate": 0.05}, {"beta_1": [0.5], "epsilon": [1e-3]}), "Nadam": ({"learning_rate": 0.05}, {"beta_1": [0.5], "epsilon": [1e-3]}),
    "RMSprop": ({"learning_rate": 0.05}, {"rho": [0.5], "momentum": [0.9], "centered": [True], "epsilon": [1e-3]}), "Adagrad": ({"learning_rate": 0.1}, {"initial_accumulator_value": [0.5], "epsilon": [1e-2]}),
    "Adadelta": ({"learning_rate": 1.0}, {"rho": [0.5], "epsilon": [1e-2]}), "Adafactor": ({"learning_rate": 0.05}, {"relative_step": [False], "beta_2_decay": [-0.5], "clip_threshold": [0.5], "epsilon_2": [0.1]}),
    "Ftrl": ({"learning_rate": 0.1}, {"learning_rate_power": [-0.3], "l1_regularization_strength": [0.05], "l2_regularization_strength": [0.1], "l2_shrinkage_regularization_strength": [0.1], "beta": [0.5]}),
    "Lion": ({"learning_rate": 0.05}, {"beta_1": [0.5], "beta_2": [0.9]}), "Lamb": ({"learning_rate": 0.05}, {"beta_1": [0.5], "epsilon": [1e-3]}),
    "Muon": ({"learning_rate": 0.05}, {"nesterov": [False], "ns_steps": [3], "momentum": [0.5], "exclude_layers": [["bias"]], "adam_lr_ratio": [0.5], "rms_rate": [0.4]}),
    "ScheduleFreeAdamW": ({"learning_rate": 0.05}, {"warmup_steps": [3], "beta_1": [0.5]}),
}
OCOMMON = {"weight_decay": [0.05], "clipnorm": [0.5], "clipvalue": [0.3], "global_clipnorm": [0.7], "use_ema": [True], "ema_overwrite_frequency": [2], "gradient_accumulation_steps": [2, 3],
           "loss_scale_factor": [4.0], "_schedule": [True], "_exclude": [True]}


def opt_fix(c):
    c = dict(c)
    if c.get("nesterov") and not c.get("momentum"):
        c["momentum"] = 0.9
    if c.get("ema_overwrite_frequency"):
        c["use_ema"] = True
    if c.get("use_ema"):
        c["ema_momentum"] = 0.8
    clips = [k for k in ("clipnorm", "clipvalue", "global_clipnorm") if k in c]
    for k in clips[1:]:
        c.pop(k)
    if c.get("_exclude"):
        c["weight_decay"] = 0.05
    return c


def opt_case(ctx, key, name, opt, r, cls, note="", shapes=None, exclude=None, finalize=False, paths=("dense/kernel", "dense/bias")):
    import keras
    shapes = shapes or [(r.d(3, 6), r.d(3, 6)), (r.d(3, 6),)]
    case, T = new(name, "optimizer", class_name=cls, registered_name=keras.saving.get_registered_name(type(opt)), config=ser(opt), note=note)
    case["weights"], case["steps"] = [], []
    for i, s in enumerate(shapes):
        T[f"{name}/v{i}/init"] = r.f(*s)
        case["weights"].append({"path": paths[i], "name": paths[i].split("/")[-1], "key": f"{name}/v{i}/init", "trainable": True, "shape": list(s), "dtype": "float32"})
    for step in range(6):
        row = []
        for i, s in enumerate(shapes):
            T[f"{name}/g{i}/step{step}"] = r.f(*s)
            row.append(f"{name}/g{i}/step{step}")
        case["steps"].append(row)
    if exclude:
        case["exclude_from_weight_decay"] = exclude
    if finalize:
        case["finalize"] = True
    return case, T


for cls, (base, opts) in OPT.items():
    @file("optimizers/" + snake(cls))
    def optimizer(ctx, cls=cls, base=base, opts=opts):
        import keras
        for label, cfg in option_cases(ctx, "opt/" + cls, base, {**OCOMMON, **opts}, combos=3, fix=opt_fix):
            name = f"{snake(cls)}_{label}"
            r = ctx.r("opt/" + name)
            ctor = {k: v for k, v in cfg.items() if k[0] != "_"}
            if cfg.get("_schedule"):
                ctor["learning_rate"] = keras.optimizers.schedules.ExponentialDecay(base["learning_rate"], 2, 0.7)
            if ctx.drawn and not cfg.get("_schedule"):
                ctor["learning_rate"] = round(base["learning_rate"] * float(r.u(1, lo=0.5, hi=1.5)[0]), 4)
            try:
                opt = getattr(keras.optimizers, cls)(**ctor)
            except Exception as e:
                print("  skip", name, str(e)[:120])
                continue
            yield opt_case(ctx, cls, name, opt, r, cls, exclude=["bias"] if cfg.get("_exclude") else None, finalize=bool(cfg.get("use_ema")) or cls == "ScheduleFreeAdamW",
                           note="v<i>/step<s>: the variable after step s; slot/*: the optimizer's variables after the last step; v<i>/final: after finalize_variable_values")


@file("optimizers/loss_scale_optimizer")
def loss_scale(ctx):
    import keras
    for i, kw in enumerate([{"initial_scale": 8.0, "dynamic_growth_steps": 2}, {"initial_scale": 4.0, "dynamic_growth_steps": 3}][:ctx.n(2)]):
        for bad in (False, True):
            name = f"loss_scale_{i}_{'overflow' if bad else 'finite'}"
            r = ctx.r("opt/" + name)
            opt = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1, momentum=0.9), **kw)
            case, T = opt_case(ctx, name, name, opt, r, "LossScaleOptimizer", note="the gradients given are of the scaled loss; step 2 overflows in *_overflow: it is skipped and the scale halved")
            for k in list(T):
                if "/g" in k:
                    T[k] = (T[k] * kw["initial_scale"]).astype("float32")
            if bad:
                T[f"{name}/g0/step2"][0, 0] = np.inf
            yield case, T


# ---- schedules
@file("optimizers/schedules")
def schedules(ctx):
    import keras
    S = keras.optimizers.schedules
    j = (lambda r, v: v if not ctx.drawn else round(v * float(r.u(1, lo=0.6, hi=1.6)[0]), 4))
    table = [("ExponentialDecay", dict(initial_learning_rate=0.1, decay_steps=10, decay_rate=0.8)), ("ExponentialDecay", dict(initial_learning_rate=0.1, decay_steps=10, decay_rate=0.8, staircase=True)),
             ("InverseTimeDecay", dict(initial_learning_rate=0.1, decay_steps=7, decay_rate=0.5)), ("InverseTimeDecay", dict(initial_learning_rate=0.1, decay_steps=7, decay_rate=0.5, staircase=True)),
             ("PolynomialDecay", dict(initial_learning_rate=0.1, decay_steps=15, end_learning_rate=0.01)), ("PolynomialDecay", dict(initial_learning_rate=0.1, decay_steps=15, end_learning_rate=0.01, power=2.0)),
             ("PolynomialDecay", dict(initial_learning_rate=0.1, decay_steps=15, end_learning_rate=0.01, power=0.5, cycle=True)), ("CosineDecay", dict(initial_learning_rate=0.1, decay_steps=20)),
             ("CosineDecay", dict(initial_learning_rate=0.1, decay_steps=20, alpha=0.1)), ("CosineDecay", dict(initial_learning_rate=0.01, decay_steps=20, warmup_target=0.1, warmup_steps=5, alpha=0.05)),
             ("CosineDecayRestarts", dict(initial_learning_rate=0.1, first_decay_steps=8)), ("CosineDecayRestarts", dict(initial_learning_rate=0.1, first_decay_steps=8, t_mul=1.0, m_mul=0.5, alpha=0.1)),
             ("CosineDecayRestarts", dict(initial_learning_rate=0.1, first_decay_steps=5, t_mul=1.5, m_mul=0.8)),
             ("PiecewiseConstantDecay", dict(boundaries=[3, 10, 25], values=[1.0, 0.5, 0.1, 0.05])), ("PiecewiseConstantDecay", dict(boundaries=[5], values=[0.3, 0.2]))]
    for i, (cls, kw) in enumerate(table):
        if ctx.drawn and i % 2:
            continue
        name = f"{snake(cls)}_{i}"
        r = ctx.r("sched/" + name)
        kw = {k: (j(r, v) if isinstance(v, float) and k not in ("power", "alpha", "t_mul", "m_mul") else v + int(r.g.integers(0, 4)) if ctx.drawn and isinstance(v, int) and not isinstance(v, bool) else v)
              for k, v in kw.items()}
        s = getattr(S, cls)(**kw)
        case, T = new(name, "schedule", class_name=cls, registered_name=keras.saving.get_registered_name(type(s)), config=ser(s), note="y0[i] = schedule(x0[i])")
        case["args"] = store.encode([np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 19, 20, 21, 24, 25, 26, 30, 31, 40, 57, 100, 1000], "int64")], case, T)
        case["kwargs"] = {}
        yield case, T


# ---- initializers
@file("initializers/deterministic")
def initializers(ctx):
    import keras
    I = keras.initializers
    for i, (o, shape) in enumerate([(I.Zeros(), (3, 4)), (I.Ones(), (2, 5)), (I.Constant(0.75), (4, 3)), (I.Constant(-2.0), (5,)), (I.Identity(), (4, 4)), (I.Identity(gain=2.5), (3, 5)),
                                    (I.STFT("real"), (16, 1, 9)), (I.STFT("imag", window="hamming"), (16, 1, 9)), (I.STFT("real", window=None, scaling=None), (12, 1, 7)),
                                    (I.STFT("real", scaling="spectrum", periodic=True), (16, 1, 9))]):
        if ctx.drawn:
            shape = tuple(v + 1 for v in shape) if len(shape) < 3 else (shape[0] + 2, 1, shape[2] + 1)
        cls = type(o).__name__
        case, T = new(f"{snake(cls)}_{i}", "initializer", class_name=cls, registered_name=keras.saving.get_registered_name(type(o)), config=ser(o), note="", shape=list(shape))
        case["args"], case["kwargs"] = list(shape), {"dtype": "float32"}
        case["args"] = [list(shape)]
        yield case, T


@file("initializers/random")
def random_initializers(ctx):
    import keras
    from keras.src.initializers.random_initializers import compute_fans
    I = keras.initializers
    k = 1.0 if not ctx.drawn else 1.3
    table = [(I.RandomNormal(0.3 * k, 0.2, seed=1), (200, 300)), (I.RandomUniform(-0.2 * k, 0.6, seed=1), (200, 300)), (I.TruncatedNormal(0.1, 0.5 * k, seed=1), (200, 300)),
             (I.GlorotUniform(seed=1), (150, 400)), (I.GlorotNormal(seed=1), (400, 150)), (I.HeNormal(seed=1), (150, 400)), (I.HeUniform(seed=1), (150, 400)),
             (I.LecunNormal(seed=1), (150, 400)), (I.LecunUniform(seed=1), (150, 400)), (I.GlorotUniform(seed=1), (3, 5, 40, 60)), (I.HeNormal(seed=1), (3, 3, 50, 70)),
             (I.VarianceScaling(2.0 * k, "fan_avg", "uniform", seed=1), (200, 300)), (I.VarianceScaling(0.5, "fan_out", "untruncated_normal", seed=1), (200, 300)),
             (I.VarianceScaling(1.5, "fan_in", "truncated_normal", seed=1), (5, 60, 90)), (I.Orthogonal(gain=1.5 * k, seed=1), (40, 60)), (I.Orthogonal(seed=1), (3, 3, 8, 20))]
    for i, (o, shape) in enumerate(table):
        if ctx.drawn:
            shape = tuple(v + 7 for v in shape)
        cls = type(o).__name__
        case, T = new(f"{snake(cls)}_{i}", "initializer_random", class_name=cls, registered_name=keras.saving.get_registered_name(type(o)), config=ser(o), shape=list(shape))
        fi, fo = compute_fans(shape)
        c, n = o.get_config(), float(np.prod(shape))
        expect = {"fan_in": float(fi), "fan_out": float(fo)}
        t = 0.87962566103423978  # std of a normal truncated at two sigma
        if cls == "RandomNormal":
            expect.update(mean=c["mean"], std=c["stddev"])
        elif cls == "RandomUniform":
            lo, hi = c["minval"], c["maxval"]
            expect.update(mean=(lo + hi) / 2, std=(hi - lo) / 12 ** 0.5, min=lo, max=hi)
        elif cls == "TruncatedNormal":
            expect.update(mean=c["mean"], std=c["stddev"] * t, min=c["mean"] - 2 * c["stddev"], max=c["mean"] + 2 * c["stddev"])
        elif cls == "Orthogonal":
            rows, cols = int(np.prod(shape[:-1])), shape[-1]
            expect = {"gain": c["gain"], "rows": rows, "columns": cols, "property": "reshaped to (rows, columns): W W^T = gain^2 I if rows <= columns else W^T W = gain^2 I"}
        else:
            scale = {"He": 2.0}.get(cls[:2], c.get("scale", 1.0) if cls == "VarianceScaling" else 1.0)
            mode = c.get("mode") if cls == "VarianceScaling" else "fan_avg" if "Glorot" in cls else "fan_in"
            dist = c.get("distribution") if cls == "VarianceScaling" else "uniform" if "Uniform" in cls else "truncated_normal"
            var = scale / {"fan_in": fi, "fan_out": fo, "fan_avg": (fi + fo) / 2}[mode]
            expect.update(mean=0.0, std=var ** 0.5, mode=mode, distribution=dist)
            if dist == "uniform":
                expect.update(min=-(3 * var) ** 0.5, max=(3 * var) ** 0.5)
            elif dist == "truncated_normal":
                expect.update(min=-2 * var ** 0.5 / t, max=2 * var ** 0.5 / t)
        case["expect"] = expect
        case["tolerance"] = {"mean": 6 * expect.get("std", 1) / n ** 0.5, "std": 6 * expect.get("std", 1) / n ** 0.5, "bounds": "every value lies in [min, max]"} if "std" in expect else {"property": 1e-4}
        case["note"] = "results.json: what one draw of Keras gave; expect: what a draw must satisfy within tolerance (6 sigma)"
        yield case, T


# ---- regularizers and constraints
@file("regularizers/regularizers")
def regularizers(ctx):
    import keras
    Rg = keras.regularizers
    k = 1.0 if not ctx.drawn else 1.7
    for i, o in enumerate([Rg.L1(0.03 * k), Rg.L2(0.02 * k), Rg.L1L2(0.01, 0.05 * k), Rg.OrthogonalRegularizer(0.1 * k), Rg.OrthogonalRegularizer(0.1, mode="columns"), Rg.L1(), Rg.L2()]):
        for rank in ([2] if "Orth" in type(o).__name__ else [2, 4]):
            name = f"{snake(type(o).__name__)}_{i}_rank{rank}"
            r = ctx.r("reg/" + name)
            case, T = new(name, "regularizer", class_name=type(o).__name__, registered_name=keras.saving.get_registered_name(type(o)), config=ser(o), note="")
            case["args"], case["kwargs"] = store.encode([r.f(*r.dims(rank, 2, 5))], case, T), {}
            yield case, T


@file("constraints/constraints")
def constraints(ctx):
    import keras
    C = keras.constraints
    k = 1.0 if not ctx.drawn else 1.2
    for i, (o, rank) in enumerate([(C.MaxNorm(1.2 * k), 2), (C.MaxNorm(1.0 * k, axis=1), 2), (C.MaxNorm(2.0, axis=[0, 1, 2]), 4), (C.NonNeg(), 2), (C.UnitNorm(), 2), (C.UnitNorm(axis=[0, 1]), 3),
                                   (C.MinMaxNorm(0.5, 1.2 * k), 2), (C.MinMaxNorm(0.8, 1.1, rate=0.5 * k, axis=1), 2), (C.MinMaxNorm(0.5, 1.0, rate=0.3, axis=[0, 1]), 3)]):
        name = f"{snake(type(o).__name__)}_{i}"
        r = ctx.r("con/" + name)
        case, T = new(name, "constraint", class_name=type(o).__name__, registered_name=keras.saving.get_registered_name(type(o)), config=ser(o), note="")
        case["args"], case["kwargs"] = store.encode([r.f(*r.dims(rank, 3, 5))], case, T), {}
        yield case, T
