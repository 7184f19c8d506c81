"""Records what Keras' own train steps do, for own_steps_keras_test.cc: the same weights, the same rows, six steps.

Run with Keras 3.15.1 on TensorFlow: python make_own_steps.py own_steps.npz
"""
import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

ROWS, BATCH = 24, 4
random = np.random.default_rng(7)
saved = {}


def keep(prefix, model):
    for i, weight in enumerate(model.get_weights()):
        saved[f"{prefix}/{i}"] = weight


def give(model):
    model.set_weights([random.normal(0, 0.5, w.shape).astype("float32") for w in model.get_weights()])


class WGAN(keras.Model):
    """A critic with a gradient penalty and a generator, each with its optimizer."""

    def __init__(self):
        super().__init__()
        self.generator = keras.Sequential([keras.Input((4,)), layers.Dense(6, "tanh"), layers.Dense(3)])
        self.critic = keras.Sequential([keras.Input((3,)), layers.Dense(8, "tanh"), layers.Dense(1)])

    def compile(self):
        super().compile()
        self.critic_optimizer = keras.optimizers.Adam(0.02, beta_1=0.5)
        self.generator_optimizer = keras.optimizers.RMSprop(0.01)

    def train_step(self, data):
        real, noise, share = data[0]
        fake = self.generator(noise, training=True)
        with tf.GradientTape() as tape:
            mixed = share * real + (1.0 - share) * fake
            with tf.GradientTape() as inner:
                inner.watch(mixed)
                score = self.critic(mixed, training=True)
            slope = inner.gradient(score, mixed)
            norm = ops.sqrt(ops.sum(ops.square(slope), axis=1))
            penalty = ops.mean(ops.square(norm - 1.0))
            critic_loss = (ops.mean(self.critic(fake, training=True)) - ops.mean(self.critic(real, training=True))
                           + 10.0 * penalty)
        weights = self.critic.trainable_weights
        self.critic_optimizer.apply_gradients(zip(tape.gradient(critic_loss, weights), weights))
        with tf.GradientTape() as tape:
            generator_loss = -ops.mean(self.critic(self.generator(noise, training=True), training=True))
        weights = self.generator.trainable_weights
        self.generator_optimizer.apply_gradients(zip(tape.gradient(generator_loss, weights), weights))
        return {"critic_loss": critic_loss, "generator_loss": generator_loss, "penalty": penalty}


def record_wgan():
    model = WGAN()
    give(model.generator), give(model.critic)
    keep("wgan/generator", model.generator), keep("wgan/critic", model.critic)
    data = (random.normal(size=(ROWS, 3)).astype("float32"), random.normal(size=(ROWS, 4)).astype("float32"),
            random.uniform(size=(ROWS, 1)).astype("float32"))
    for name, array in zip(("real", "noise", "share"), data):
        saved["wgan/" + name] = array
    model.compile()
    history = model.fit(data, batch_size=BATCH, shuffle=False, verbose=0).history
    for name, values in history.items():
        saved["wgan/" + name] = np.float32(values[0])
    keep("wgan/generator_after", model.generator), keep("wgan/critic_after", model.critic)


@ops.custom_gradient
def rounded(x):
    """Rounds; the gradient is that of a clipped line (straight-through)."""

    def gradient(*args, upstream=None):
        if upstream is None:
            (upstream,) = args
        return ops.where(ops.abs(x) < 1.0, upstream, ops.zeros_like(upstream))

    return ops.round(x), gradient


class Rounding(keras.layers.Layer):
    def call(self, x):
        return rounded(x)


def record_custom_gradient():
    model = keras.Sequential([keras.Input((5,)), layers.Dense(7, "tanh"), Rounding(), layers.Dense(2)])
    give(model)
    keep("rounding/weights", model)
    x = random.normal(size=(ROWS, 5)).astype("float32")
    y = random.normal(size=(ROWS, 2)).astype("float32")
    saved["rounding/x"], saved["rounding/y"] = x, y
    model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="mse")
    history = model.fit(x, y, batch_size=BATCH, shuffle=False, verbose=0).history
    saved["rounding/loss"] = np.float32(history["loss"][0])
    keep("rounding/after", model)


class Distiller(keras.Model):
    """Keras' knowledge distillation by an own compute_loss."""

    def __init__(self, teacher, student):
        super().__init__()
        self.teacher, self.student = teacher, student

    def call(self, x):
        return self.student(x)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        teacher_pred = self.teacher(x, training=False)
        hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, y_pred)
        soft = keras.losses.KLDivergence()(ops.softmax(teacher_pred / 3.0, axis=1), ops.softmax(y_pred / 3.0, axis=1)) * 9.0
        return 0.1 * hard + 0.9 * soft


def record_distiller():
    teacher = keras.Sequential([keras.Input((5,)), layers.Dense(9, "relu"), layers.Dense(3)])
    student = keras.Sequential([keras.Input((5,)), layers.Dense(3)])
    give(teacher), give(student)
    teacher.trainable = False
    keep("distiller/teacher", teacher), keep("distiller/student", student)
    x = random.normal(size=(ROWS, 5)).astype("float32")
    y = random.integers(0, 3, (ROWS,)).astype("int32")
    saved["distiller/x"], saved["distiller/y"] = x, y
    model = Distiller(teacher, student)
    model.compile(optimizer=keras.optimizers.Adam(0.05), metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")])
    history = model.fit(x, y, batch_size=BATCH, shuffle=False, verbose=0).history
    for name, values in history.items():
        saved["distiller/" + name] = np.float32(values[0])
    keep("distiller/student_after", student)
    keep("distiller/teacher_after", teacher)


record_wgan()
record_custom_gradient()
record_distiller()
np.savez(sys.argv[1], **saved)
print({name: value.shape for name, value in saved.items() if value.ndim == 0 or "loss" in name})
