"""Class probabilities of 784-512-10, softmax at the end, for a batch already in memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row
from ._data import jax_logits, torch_net, weights

SIZES = (784, 512, 10)


def _images(batch: int) -> Any:
    return np.random.default_rng(0).random((batch, 784), dtype=np.float32)


def fastnn(batch: int) -> Callable[[], Any]:
    """The model, called."""
    from fastnn import layers, models

    x = _images(batch)
    net = models.Sequential(
        [
            layers.Input((784,)),
            layers.Dense(512, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    net.set_weights(weights(*SIZES))
    return lambda: net(x)


def numpy(batch: int) -> Callable[[], Any]:
    """The same by hand, with few temporaries."""
    x = _images(batch)
    kernel_1, bias_1, kernel_2, bias_2 = weights(*SIZES)

    def predict() -> Any:
        hidden = x @ kernel_1
        hidden += bias_1
        np.maximum(hidden, 0, out=hidden)
        y = hidden @ kernel_2
        y += bias_2
        y -= y.max(axis=1, keepdims=True)
        np.exp(y, out=y)
        y /= y.sum(axis=1, keepdims=True)
        return y

    return predict


def torch(batch: int) -> Callable[[], Any]:
    """The net under ``inference_mode``."""
    import torch

    x = torch.from_numpy(_images(batch))
    net = torch.nn.Sequential(torch_net(*SIZES), torch.nn.Softmax(1)).eval()

    def predict() -> Any:
        with torch.inference_mode():
            return net(x)

    return predict


def jax(batch: int) -> Callable[[], Any]:
    """A jitted function of parameters and batch."""
    import jax

    x = jax.device_put(_images(batch))
    params = [jax.device_put(w) for w in weights(*SIZES)]
    call = jax.jit(lambda params, x: jax.nn.softmax(jax_logits(params, x)))
    return lambda: call(params, x).block_until_ready()


def onnxruntime(batch: int) -> Callable[[], Any]:
    """A session of the same graph; building it takes the package onnx."""
    import onnxruntime
    from onnx import helper, numpy_helper

    names = ("kernel_1", "bias_1", "kernel_2", "bias_2")
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["x", "kernel_1", "bias_1"], ["h"]),
            helper.make_node("Relu", ["h"], ["r"]),
            helper.make_node("Gemm", ["r", "kernel_2", "bias_2"], ["z"]),
            helper.make_node("Softmax", ["z"], ["y"], axis=1),
        ],
        "net",
        [helper.make_tensor_value_info("x", 1, ["batch", 784])],
        [helper.make_tensor_value_info("y", 1, ["batch", 10])],
        [numpy_helper.from_array(w, name) for w, name in zip(weights(*SIZES), names, strict=True)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    options = onnxruntime.SessionOptions()
    if "OMP_NUM_THREADS" in os.environ:  # it does not look at this itself
        options.intra_op_num_threads = int(os.environ["OMP_NUM_THREADS"])
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    feed = {"x": _images(batch)}
    return lambda: session.run(None, feed)[0]


CONTENDERS = {"numpy": numpy, "fastnn": fastnn, "onnxruntime": onnxruntime, "torch": torch, "jax": jax}
ROWS = [Row(f"784-512-10 batch {batch}", CONTENDERS, (batch,)) for batch in (1, 32, 1024)]
