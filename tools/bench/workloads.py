"""The workloads: what is trained, on what shapes, with which loss and optimizer. Models are made by Keras from a fixed
seed, so every side trains the same architecture; the data are random.

    python workloads.py FOLDER      writes FOLDER/<name>.keras for each workload
"""
import dataclasses
import os
import sys

SEED = 7


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str
    input_shape: tuple
    classes: int  # of the labels; 0: a regression on one value
    batch_size: int
    optimizer: str  # a Keras name; default learning rate but for sgd's 0.01
    has_convolutions: bool = False

    def build(self):
        """The compiled Keras model."""
        import keras

        keras.utils.set_random_seed(SEED)
        inputs = keras.Input(self.input_shape)
        model = keras.Model(inputs, BODIES[self.name](keras.layers, inputs), name=self.name)
        if self.classes:
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        else:
            loss = "mean_squared_error"
        model.compile(optimizer=self.optimizer, loss=loss)
        return model

    def data(self, steps):
        """Inputs and targets of so many steps, but within 60,000 samples and 200 MB, in whole steps."""
        import numpy

        values = int(numpy.prod(self.input_shape)) + 1
        samples = min(60_000, 200_000_000 // (4 * values), steps * self.batch_size)
        samples = max(1, samples // self.batch_size) * self.batch_size
        random = numpy.random.default_rng(SEED)
        x = random.random((samples, *self.input_shape), dtype="float32")
        if self.classes:
            return x, random.integers(0, self.classes, samples, dtype="int32")
        return x, random.random((samples, 1), dtype="float32")


def mlp_tiny(layers, x):
    return layers.Dense(1)(layers.Dense(32, activation="relu")(x))


def mlp_mnist(layers, x):
    x = layers.Dense(128, activation="relu")(x)
    return layers.Dense(10)(layers.Dropout(0.2)(x))


def cnn_fashion(layers, x):
    for filters in (32, 64):
        x = layers.Conv2D(filters, 3, activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Dropout(0.5)(layers.Flatten()(x))
    return layers.Dense(10)(x)


BODIES = {"mlp_tiny": mlp_tiny, "mlp_mnist": mlp_mnist, "cnn_fashion": cnn_fashion}
WORKLOADS = {
    w.name: w
    for w in (
        Workload("mlp_tiny", (16,), 0, 32, "sgd"),
        Workload("mlp_mnist", (784,), 10, 32, "adam"),
        Workload("cnn_fashion", (28, 28, 1), 10, 128, "adam", has_convolutions=True),
    )
}

if __name__ == "__main__":
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for workload in WORKLOADS.values():
        path = os.path.join(folder, workload.name + ".keras")
        workload.build().save(path)
        print(path)
