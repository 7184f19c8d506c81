"""Trains a compiled model from Python, with nothing but ctypes.

  hornbeam compile model.keras --emit shared-lib --function train --batch-size 32 --output libtrained.so
  python3 train.py libtrained.so
"""
import ctypes
import random
import sys

FEATURES, CLASSES, ROWS, EPOCHS = 9, 4, 512, 40
library = ctypes.CDLL(sys.argv[1])
library.trained_create.restype = ctypes.c_void_p
library.trained_instance_bytes.restype = ctypes.c_size_t
library.trained_last_error.restype = ctypes.c_char_p


class Samples(ctypes.Structure):
    _fields_ = [("features", ctypes.POINTER(ctypes.c_float)), ("labels", ctypes.POINTER(ctypes.c_int32))]


class Arrays(ctypes.Structure):
    _fields_ = [("values", ctypes.POINTER(ctypes.c_float))]


size = ctypes.c_size_t(library.trained_instance_bytes())
memory = ctypes.create_string_buffer(size.value)  # keep it as long as the model is used
model = ctypes.c_void_p(library.trained_create(memory, size))
if not model:
    sys.exit("error: " + library.trained_last_error(None).decode())


def check(status):
    if status != 0:
        sys.exit("error: " + library.trained_last_error(model).decode())


# Samples around one point for each class.
random.seed(1)
centers = [[random.uniform(-2, 2) for _ in range(FEATURES)] for _ in range(CLASSES)]
labels = [random.randrange(CLASSES) for _ in range(ROWS)]
features = [value + random.gauss(0, 1) for label in labels for value in centers[label]]
x = (ctypes.c_float * len(features))(*features)
y = (ctypes.c_int32 * ROWS)(*labels)
data = Samples(x, y)
rows = (ctypes.c_int64 * ROWS)()
metrics = (ctypes.c_float * 2)()
for epoch in range(EPOCHS):
    library.trained_shuffle(ctypes.c_uint64(7), ctypes.c_int64(epoch), rows, ctypes.c_size_t(ROWS))
    library.trained_reset_metrics(model)
    check(library.trained_train_steps(model, ctypes.byref(data), ctypes.c_size_t(ROWS), rows, ctypes.c_size_t(ROWS // 32)))
    check(library.trained_metrics(model, metrics))
    if epoch in (0, EPOCHS - 1):
        print(f"epoch {epoch + 1}: accuracy {metrics[0]:.3f}, loss {metrics[1]:.3f}")

probabilities = (ctypes.c_float * (ROWS * CLASSES))()
check(library.trained_predict(model, ctypes.byref(Arrays(x)), ctypes.c_size_t(ROWS), ctypes.byref(Arrays(probabilities))))
right = sum(max(range(CLASSES), key=lambda i: probabilities[row * CLASSES + i]) == labels[row] for row in range(ROWS))
print(f"{right} of {ROWS} right")
