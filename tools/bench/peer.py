"""A peer: one process that trains a workload and says how long its steps take. `compare` starts it, tells it "go SECONDS"
on standard input, and reads one JSON line for each.

    python peer.py keras-tf|keras-jax|jax-scan WORKLOAD --steps-per-execution N --threads T

keras-tf, keras-jax   model.fit on arrays in memory, shuffled, as a user calls it; the loss is read once an epoch
jax-scan              plain JAX without Keras: the step is a function of the weights, lax.scan runs N of them in one call,
                      and the state is donated. It takes the samples in order.
"""
import argparse
import json
import os
import sys
import time


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=["keras-tf", "keras-jax", "jax-scan"])
    parser.add_argument("workload")
    parser.add_argument("--steps-per-execution", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def limit_threads(threads):
    """Before any framework is imported: the process may use so many processors, and its libraries as many threads."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ[name] = str(threads)
    os.environ.update(JAX_PLATFORMS="cpu", CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3")
    flags = ["--xla_cpu_prefer_vector_width=512"]
    if threads == 1:
        flags.append("--xla_cpu_multi_thread_eigen=false")
    os.environ["XLA_FLAGS"] = " ".join([os.environ.get("XLA_FLAGS", ""), *flags]).strip()


class Keras:
    """Steps of model.fit. Its first call in an epoch sets up the data pipeline and is not counted."""

    def __init__(self, workload, group):
        import keras

        self.group = group
        self.batch_size = workload.batch_size
        model = workload.build()
        # XLA is off under TensorFlow: for these models it is slower.
        jit = keras.backend.backend() == "jax"
        model.compile(model.optimizer, model.loss, jit_compile=jit, steps_per_execution=group)
        self.model = model
        self.x, self.y = workload.data(1 << 30)
        self.calls_per_epoch = len(self.x) // (self.batch_size * group)
        times = self.times = []

        class Clock(keras.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                times.append(time.perf_counter())

            def on_epoch_end(self, epoch, logs=None):
                float(logs["loss"])  # waits for what is still queued
                times.append(time.perf_counter())

        self.clock = Clock()

    def run(self, calls):
        """Seconds of one step, over so many calls."""
        calls = max(1, min(calls, self.calls_per_epoch - 1))
        rows = (calls + 1) * self.group * self.batch_size
        self.times.clear()
        self.model.fit(self.x[:rows], self.y[:rows], batch_size=self.batch_size, verbose=0, callbacks=[self.clock])
        return (self.times[-1] - self.times[0]) / (calls * self.group)


class JaxScan:
    """The same models by hand: dense and convolution layers, dropout, the loss, and SGD or Adam on a dictionary of weights."""

    def __init__(self, workload, group):
        import jax
        import jax.numpy as np
        from jax import lax

        self.group = group
        # Forward passes are written for the workloads' three bodies.
        convolutions = [32, 64] if workload.has_convolutions else []
        hidden = {"mlp_tiny": [32], "mlp_mnist": [128]}.get(workload.name, [])
        dropout = {"mlp_mnist": 0.2, "cnn_fashion": 0.5}.get(workload.name, 0)
        key = jax.random.key(0)

        def uniform(index, shape, fan_in, fan_out):
            limit = (6 / (fan_in + fan_out)) ** 0.5
            return jax.random.uniform(jax.random.fold_in(key, index), shape, minval=-limit, maxval=limit)

        weights, shape = [], workload.input_shape
        for filters in convolutions:
            kernel = uniform(len(weights), (3, 3, shape[-1], filters), 9 * shape[-1], 9 * filters)
            weights.append((kernel, np.zeros(filters)))
            shape = ((shape[0] - 2) // 2, (shape[1] - 2) // 2, filters)
        width = 1
        for size in shape:
            width *= size
        for units in [*hidden, workload.classes or 1]:
            weights.append((uniform(len(weights), (width, units), width, units), np.zeros(units)))
            width = units

        def drop(x, key):
            if not dropout:
                return x
            return np.where(jax.random.bernoulli(key, 1 - dropout, x.shape), x / (1 - dropout), 0)

        def forward(weights, x, key):
            for kernel, bias in weights[: len(convolutions)]:
                x = lax.conv_general_dilated(x, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
                x = jax.nn.relu(x + bias)
                n, h, w, c = x.shape
                x = x[:, : h // 2 * 2, : w // 2 * 2].reshape(n, h // 2, 2, w // 2, 2, c).max((2, 4))
            x = x.reshape(len(x), -1)
            dense = weights[len(convolutions) :]
            for kernel, bias in dense[:-1]:
                x = jax.nn.relu(x @ kernel + bias)
            x = drop(x, key)
            return x @ dense[-1][0] + dense[-1][1]

        def loss_of(weights, x, y, key):
            predicted = forward(weights, x, key)
            if not workload.classes:
                return np.mean((predicted - y) ** 2)
            return -np.mean(np.take_along_axis(jax.nn.log_softmax(predicted), y[:, None], 1))

        def adam(weights, slots, gradients, count):
            first, second = slots
            first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
            second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
            rate = 0.001 * np.sqrt(1 - 0.999**count) / (1 - 0.9**count)
            weights = jax.tree.map(lambda w, m, v: w - rate * m / (np.sqrt(v) + 1e-7), weights, first, second)
            return weights, (first, second)

        def sgd(weights, slots, gradients, count):
            return jax.tree.map(lambda w, g: w - 0.01 * g, weights, gradients), slots

        update = {"adam": adam, "sgd": sgd}[workload.optimizer]

        def step(state, batch):
            weights, slots, count, total = state
            x, y = batch
            loss, gradients = jax.value_and_grad(loss_of)(weights, x, y, jax.random.fold_in(key, count))
            count = count + 1
            weights, slots = update(weights, slots, gradients, count.astype("float32"))
            return (weights, slots, count, total + loss), None

        def zeros():
            return jax.tree.map(np.zeros_like, weights)

        slots = (zeros(), zeros()) if workload.optimizer == "adam" else ()
        self.state = (weights, slots, np.zeros((), "int32"), np.zeros(()))
        self.steps = jax.jit(lambda state, batches: lax.scan(step, state, batches)[0], donate_argnums=0)
        x, y = workload.data(1 << 30)
        calls = len(x) // (workload.batch_size * group)
        rows = calls * workload.batch_size * group
        self.x = x[:rows].reshape(calls, group, workload.batch_size, *x.shape[1:])
        self.y = y[:rows].reshape(calls, group, workload.batch_size, *y.shape[1:])
        self.next = 0

    def run(self, calls):
        start = time.perf_counter()
        for _ in range(calls):
            self.state = self.steps(self.state, (self.x[self.next], self.y[self.next]))
            self.next = (self.next + 1) % len(self.x)
        float(self.state[3])
        return (time.perf_counter() - start) / (calls * self.group)


def main():
    arguments = parse()
    limit_threads(arguments.threads)
    if arguments.peer == "keras-tf":
        os.environ["KERAS_BACKEND"] = "tensorflow"
        import tensorflow

        tensorflow.config.threading.set_intra_op_parallelism_threads(arguments.threads)
        tensorflow.config.threading.set_inter_op_parallelism_threads(arguments.threads)
    else:
        os.environ["KERAS_BACKEND"] = "jax"
    from workloads import WORKLOADS

    peer = JaxScan if arguments.peer == "jax-scan" else Keras
    runner = peer(WORKLOADS[arguments.workload], arguments.steps_per_execution)
    begun = time.perf_counter()
    runner.run(1)
    compile_seconds = time.perf_counter() - begun
    estimate = runner.run(2)
    print(json.dumps({"compile_seconds": compile_seconds}), flush=True)
    for line in sys.stdin:
        seconds = float(line.split()[1])
        calls = max(1, min(100_000, round(seconds / max(1e-7, estimate * runner.group))))
        estimate = runner.run(calls)
        print(json.dumps({"step_seconds": estimate}), flush=True)


main()
