"""Cases of the stem depthwise_conv."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal
from op_cases.dense import ACTIVATIONS

CASES: list[Case] = []


def depthwise(
    inputs: Array,
    kernel: Array,
    bias: Array | None = None,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
    activation: str = "linear",
) -> Array:
    if data_format == "channels_first":
        inputs = np.moveaxis(inputs, 1, -1)
    spatial = inputs.ndim - 2
    strides, gaps = np.broadcast_to(strides, spatial), np.broadcast_to(dilation_rate, spatial)
    sizes, reach = np.array(inputs.shape[1:-1]), (np.array(kernel.shape[:spatial]) - 1) * gaps + 1
    out = (sizes - reach) // strides + 1
    if padding == "same":
        out = -(-sizes // strides)
        total = np.maximum((out - 1) * strides + reach - sizes, 0)
        inputs = np.pad(inputs, [(0, 0), *((t // 2, t - t // 2) for t in total), (0, 0)])
    z = np.zeros((inputs.shape[0], *out, *kernel.shape[-2:]))
    for at in product(*map(range, out)):
        for tap in product(*map(range, kernel.shape[:spatial])):
            place = tuple(np.array(at) * strides + np.array(tap) * gaps)
            z[(slice(None), *at)] += inputs[(slice(None), *place)][..., None] * kernel[tap]
    z = z.reshape((*z.shape[:-2], -1) if z.size else (*z.shape[:-2], kernel.shape[-1] * kernel.shape[-2]))
    z = ACTIVATIONS[activation](z + (0 if bias is None else bias))
    return np.moveaxis(z, -1, 1) if data_format == "channels_first" else z


def _call(op: Any, inputs: Any, kernel: Any, bias: Any = None, **options: Any) -> Any:
    return op(inputs, kernel, bias=bias, **options) if bias is not None else op(inputs, kernel, **options)


def _case(name: str, inputs: tuple[int, ...], kernel: tuple[int, ...], **options: Any) -> Case:
    with_bias = options.pop("with_bias", False)
    shapes = (inputs, kernel, (kernel[-1] * kernel[-2],)) if with_bias else (inputs, kernel)
    return Case(
        "depthwise_conv",
        normal(*shapes),
        depthwise,
        options=options,
        differentiate=options.pop("differentiate", tuple(range(len(shapes)))),
        terms=lambda x, k, *rest: int(np.prod(k.shape[:-2])),
        call=_call,
        ulps=16,
        name=name,
    )


CASES += [
    _case("same_bias_relu", (2, 4, 5, 3), (3, 3, 3, 1), padding="same", with_bias=True, activation="relu"),
    _case("tanh", (1, 4, 3, 2), (2, 3, 2, 1), with_bias=True, activation="tanh"),
    _case("sigmoid", (1, 3, 3, 2), (2, 1, 2, 2), activation="sigmoid"),
    _case("multiplier", (2, 4, 4, 3), (3, 2, 3, 2), with_bias=True),
    _case("strides", (1, 6, 7, 2), (3, 2, 2, 1), strides=(2, 3)),
    _case("same_strides", (1, 5, 6, 2), (3, 3, 2, 2), strides=2, padding="same"),
    _case("long_strides", (1, 5, 3, 2), (2, 2, 2, 1), strides=(3, 4), padding="same"),
    _case("dilation", (1, 7, 5, 2), (3, 2, 2, 1), dilation_rate=(2, 3), padding="same"),
    _case("strides_and_dilation", (1, 8, 9, 1), (2, 3, 1, 1), strides=(2, 3), dilation_rate=(3, 2)),
    _case("channels_first", (2, 2, 4, 5), (3, 3, 2, 2), data_format="channels_first", with_bias=True),
    _case("1d", (2, 9, 3), (4, 3, 1), strides=2, padding="same", with_bias=True),
    _case("3d", (1, 3, 4, 3, 2), (2, 3, 2, 2, 1), padding="same"),
    _case("no_samples", (0, 4, 5, 3), (3, 3, 3, 1), with_bias=True),
    _case("no_places", (2, 0, 5, 2), (3, 3, 2, 1), padding="same"),
    _case("wide", (2, 9, 14, 37), (3, 5, 37, 1), padding="same", differentiate=(), with_bias=True),
    _case("taps", (1, 6, 6, 2), (5, 5, 2, 1), padding="same"),
]
CASES += [
    Case(
        "depthwise_conv",
        normal((1, 5, 5, 4), (3, 3, 4, 1)),
        depthwise,
        terms=lambda x, k: 9,
        differentiate=(),
        errors=tuple(
            ((np.ones(inputs), np.ones(kernel), *rest), ValueError, r"\[depthwise_conv\] " + message)
            for inputs, kernel, rest, message in [
                ((5, 5), (3, 3), (), r"inputs must have 3, 4 or 5 dimensions .* \(5, 5\)"),
                ((1, 5, 5, 4), (3, 4, 1), (), "kernel must have 4 dimensions"),
                (
                    (1, 5, 5, 4),
                    (3, 3, 3, 1),
                    (),
                    r"inputs must have as many channels as the kernel, .* received 4 channels",
                ),
                (
                    (1, 2, 5, 4),
                    (3, 3, 4, 1),
                    (),
                    r"the kernel must not reach further than the inputs: its 3 positions",
                ),
                ((1, 5, 5, 4), (3, 3, 4, 1), (0,), r"strides must be 2 positive integer.*received \(0, 0\)"),
                ((1, 5, 5, 4), (3, 3, 4, 1), ((1, -1),), r"strides must be 2 positive .* \(1, -1\)"),
                ((1, 5, 5, 4), (3, 3, 4, 1), ((1, 1, 1),), "strides must be 2 positive"),
                ((1, 5, 5, 4), (3, 3, 4, 1), (1.5,), "strides must be an integer or a sequence .* 1.5"),
                ((1, 5, 5, 4), (3, 3, 4, 1), (10**30,), "strides must be 2 positive"),
                ((1, 5, 5, 4), (3, 3, 4, 1), (1, "full"), "padding must be 'valid' or 'same'"),
                ((1, 5, 5, 4), (3, 3, 4, 1), (1, "valid", "last"), "data_format must be 'channels_last'"),
                ((1, 5, 5, 4), (3, 3, 4, 1), (1, "valid", None, 0), "dilation_rate must be 2 positive"),
                ((1, 5, 5, 4), (3, 3, 4, 1), (1, "valid", None, 1, np.ones(3)), "bias.shape must be"),
                ((1, 5, 5, 4), (3, 3, 4, 1), (1, "valid", None, 1, None, "relo"), "activation must be one"),
                ((1, 5, 5, 4), (0, 3, 4, 1), (), "the kernel.s spatial dimensions must not be empty"),
            ]
        ),
        name="errors",
    ),
]
