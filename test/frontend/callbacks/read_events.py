"""Prints what TensorBoard's own reader finds in the event files of a folder: scalars by tag, histograms, pictures, texts,
and the graph as TensorBoard's graph page gets it, of the run and of the Keras model.

    python read_events.py FOLDER      (needs the package tensorboard)
"""
import io
import json
import os
import sys

from PIL import Image
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.plugins.graph import keras_util
from tensorboard.util import tensor_util


def print_graph(run, kind, graph):
    for node in graph.node:
        shapes = node.attr["_output_shapes"].list.shape if "_output_shapes" in node.attr else []
        dims = [[dim.size for dim in shape.dim] for shape in shapes]
        print(f"{run} {kind}: {node.name} ({node.op}) from {list(node.input)} {dims}")


folder = sys.argv[1]
for run in sorted(os.listdir(folder)):
    reader = event_accumulator.EventAccumulator(os.path.join(folder, run), size_guidance={event_accumulator.TENSORS: 0})
    reader.Reload()
    if reader.Tags()["graph"]:
        print_graph(run, "graph", reader.Graph())
    for tag in sorted(reader.Tags()["tensors"]):
        plugin = reader.SummaryMetadata(tag).plugin_data.plugin_name
        values = [(event.step, tensor_util.make_ndarray(event.tensor_proto)) for event in reader.Tensors(tag)]
        if plugin == "scalars":
            print(run, tag, "[" + ", ".join(f"({step}, {value.item():.6f})" for step, value in values) + "]")
        elif plugin == "images":
            width, height, *pictures = values[0][1].tolist()
            sizes = [Image.open(io.BytesIO(picture)).size for picture in pictures]
            print(f"{run} {tag}: {int(width)} x {int(height)}, pictures {sizes}")
        elif plugin == "text":
            print(f"{run} {tag} at {values[0][0]}:\n{values[0][1].item().decode()}")
        elif plugin == "graph_keras_model":
            print_graph(run, "model", keras_util.keras_model_to_graph_def(json.loads(values[0][1].item())))
        else:
            buckets = values[0][1]
            print(f"{run} {tag}: {len(buckets)} buckets, {int(buckets[:, 2].sum())} values")
