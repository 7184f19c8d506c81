"""Prints what TensorBoard's own reader finds in the event files of a folder: scalars by tag, and histograms.

    python read_events.py FOLDER      (needs the package tensorboard)
"""
import os
import sys

from tensorboard.backend.event_processing import event_accumulator
from tensorboard.util import tensor_util

folder = sys.argv[1]
for run in sorted(os.listdir(folder)):
    reader = event_accumulator.EventAccumulator(os.path.join(folder, run), size_guidance={event_accumulator.TENSORS: 0})
    reader.Reload()
    for tag in sorted(reader.Tags()["tensors"]):
        plugin = reader.SummaryMetadata(tag).plugin_data.plugin_name
        values = [(event.step, tensor_util.make_ndarray(event.tensor_proto)) for event in reader.Tensors(tag)]
        if plugin == "scalars":
            print(run, tag, "[" + ", ".join(f"({step}, {value.item():.6f})" for step, value in values) + "]")
        else:
            buckets = values[0][1]
            print(f"{run} {tag}: {len(buckets)} buckets, {int(buckets[:, 2].sum())} values")
