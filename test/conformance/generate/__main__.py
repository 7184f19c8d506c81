"""python -m generate --seed S --out DIR [--variant fixed|drawn] [--only REGEX]

Runs itself twice: under TensorFlow (values, gradients, float64 spread), then under JAX
(spread between the backends, final tolerances). Writes DIR/data/<family>/<name>.safetensors.
"""
import argparse
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
import time


def tables():
    from . import layers_attention, layers_conv, layers_core, layers_rnn  # noqa: F401
    for extra in ("layers_preprocessing", "functions_tables", "ops_table"):
        try:
            __import__(f"{__package__}.{extra}")
        except ModuleNotFoundError as e:
            if extra not in str(e):
                raise
    from .build import FILES
    return FILES


def stage(name, args):
    from . import build, store
    ctx = build.Ctx(args.seed, args.variant == "drawn")
    stage_dir = os.path.join(args.out, ".stage")
    total = 0
    for path, produce in sorted(tables().items()):
        if not re.search(args.only, path):
            continue
        start, mid = time.time(), os.path.join(stage_dir, path.replace("/", "__") + ".pkl")
        if name == "tensorflow":
            done = []
            for case, T in produce(ctx):
                try:
                    build.stage_tf(case, T, ctx)
                    done.append((case, T))
                except Exception as e:  # a mistake in a table must not stop the rest
                    print("  FAILED", path, case["name"])
                    build.show(e)
            os.makedirs(stage_dir, exist_ok=True)
            with open(mid, "wb") as f:
                pickle.dump(done, f)
            bad = [(c["name"], c.get("_tf_error"), c.get("_tf_grad_error"), c.get("_f64_error")) for c, _ in done]
        else:
            if not os.path.exists(mid):
                continue
            with open(mid, "rb") as f:
                loaded = pickle.load(f)
            if args.failed_only:
                loaded = [(c, T) for c, T in loaded if "_tf_error" in c]
            done, bad, tensors = [], [], {}
            loaded = [(c, T) for c, T in loaded if re.search(args.cases, c["name"])]
            for case, T in loaded:
                try:
                    keep = build.stage_jax(case, T, ctx)
                except Exception as e:
                    print("  FAILED", path, case["name"])
                    build.show(e)
                    continue
                bad.append((case["name"], case.get("_jax_error"), case.get("_jax_grad_error"),
                            "DISAGREE" if case.get("backends_disagree") else None))
                if keep:
                    done.append(build.public_fields(case))
                    tensors.update(T)
                else:
                    print("  DROPPED", path, case["name"], "tf:", case.get("_tf_error"), "jax:", case.get("_jax_error"))
            if done:
                store.write(os.path.join(args.out, "data", path + ".safetensors"), tensors, done)
        total += len(done)
        print(f"{name[:4]} {path}: {len(done)} cases, {time.time() - start:.1f}s", flush=True)
        for b in bad:
            if any(b[1:]):
                print("   ", *[str(v)[:170] for v in b], flush=True)
    print(name, "total", total)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--variant", choices=["fixed", "drawn"], default="fixed")
    p.add_argument("--only", default="")
    p.add_argument("--cases", default="", help="second stage: only the cases whose name matches")
    p.add_argument("--failed-only", action="store_true", help="JAX stage: only the cases that TensorFlow cannot run")
    p.add_argument("--stage", choices=["tensorflow", "jax", "numpy", "models", "keras3_h5", "keras2_h5", "legacy_check", "random", "models_jax"])
    args = p.parse_args()
    if args.stage in ("tensorflow", "jax", "numpy"):
        return stage(args.stage, args)
    if args.stage:
        from . import models, random_layers
        if args.stage == "models_jax":
            from .check import check_models
            return check_models(os.path.join(args.out, "data"), args.only, record=True)
        return {"random": lambda: random_layers.make(args), "models": lambda: models.make_models(args), "keras3_h5": lambda: models.make_legacy(args, "keras3"),
                "keras2_h5": lambda: models.make_legacy(args, "keras2"), "legacy_check": lambda: models.check_legacy(args.out)}[args.stage]()
    for s in ("tensorflow", "jax", "random", "models", "keras3_h5", "keras2_h5", "legacy_check", "models_jax"):
        env = dict(os.environ, KERAS_BACKEND="jax" if "jax" in s else "tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", JAX_PLATFORMS="cpu",
                   TF_ENABLE_ONEDNN_OPTS="0",
                   XLA_FLAGS="--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true",
                   JAX_COMPILATION_CACHE_DIR=os.path.join(tempfile.gettempdir(), "hornbeam-oracle-jax"),
                   JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS="0", JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES="-1")
        subprocess.run([sys.executable, "-m", __package__, *sys.argv[1:], "--stage", s], env=env, check=True)
    shutil.rmtree(os.path.join(args.out, ".stage"), ignore_errors=True)


if __name__ == "__main__":
    main()
