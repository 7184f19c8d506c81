"""Words a second of Keras' TextVectorization on the texts of bench_text (text.cc).

    pip install keras==3.15.1 tensorflow-cpu==2.21 && python text_keras.py [TEXTS]
"""
import os
import sys
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import keras
import tensorflow as tf

WORDS = 100


def make_texts(count):
    state = 1
    texts = []
    for _ in range(count):
        words = []
        for _ in range(WORDS):
            state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
            u = (state >> 8) % 1000
            words.append(("Word" if u % 10 == 0 else "word") + str(u * u * u // 50000) + ("," if u % 7 == 0 else ""))
        texts.append(" ".join(words))
    return texts


def seconds(f):
    best = 1e9
    for _ in range(3):
        start = time.perf_counter()
        f()
        best = min(best, time.perf_counter() - start)
    return best


count = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
texts = tf.constant(make_texts(count))
layer = keras.layers.TextVectorization(max_tokens=10000, output_sequence_length=100)
adapt = seconds(lambda: layer.adapt(texts))
call = seconds(lambda: layer(texts).numpy())
print({"adapt_words_per_second": f"{count * WORDS / adapt:.3g}", "call_words_per_second": f"{count * WORDS / call:.3g}",
       "vocabulary": layer.vocabulary_size()})
