"""Cases of the stem conv_transpose."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _conv_transpose(
    x: Array,
    kernel: Array,
    strides: Any = 1,
    padding: str = "valid",
    output_padding: Any = None,
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Array:
    """Add the window of each place where it lies, then cut out what Keras keeps."""
    if data_format == "channels_first":
        x = np.moveaxis(x, 1, -1)
    spatial = x.ndim - 2
    steps, gaps = np.broadcast_to(strides, spatial), np.broadcast_to(dilation_rate, spatial)
    reach = (np.array(kernel.shape[:spatial]) - 1) * gaps + 1
    sizes = (np.array(x.shape[1:-1]) - 1) * steps + reach
    whole = np.zeros((len(x), *sizes, kernel.shape[-2]))
    for at in product(*map(range, x.shape[1:-1])):
        for tap in product(*map(range, kernel.shape[:spatial])):
            place = tuple(np.array(at) * steps + np.array(tap) * gaps)
            whole[(slice(None), *place)] += x[(slice(None), *at)] @ kernel[tap].T
    for axis, (n, step, r) in enumerate(zip(x.shape[1:-1], steps, reach, strict=True), 1):
        extra = None if output_padding is None else np.broadcast_to(output_padding, spatial)[axis - 1]
        if padding == "valid":
            before, size = 0, (n - 1) * step + r + (max(step - r, 0) if extra is None else extra)
        elif extra is None:
            size = n * step
            before = r - 1 - min((step + r - 1) // 2, r - 1)
        else:
            size = (n - 1) * step + r % 2 + extra
            before = r - 1 - min((r + r % 2 - 1 + extra) // 2, r - 1)
        beyond = np.zeros((*whole.shape[:axis], size, *whole.shape[axis + 1 :]))
        whole = np.concatenate([whole, beyond], axis).take(range(before, before + size), axis)
    return np.moveaxis(whole, -1, 1) if data_format == "channels_first" else whole


CASES += [
    Case(
        "conv_transpose",
        normal(inputs, kernel),
        _conv_transpose,
        options,
        (0, 1),
        terms=lambda x, k: int(np.prod(k.shape[:-2])) * k.shape[-1],
        name=name,
    )
    for name, inputs, kernel, options in [
        ("valid", (2, 3, 4, 2), (3, 2, 3, 2), {}),
        ("strides", (1, 3, 2, 2), (3, 2, 3, 2), {"strides": (2, 3)}),
        ("same", (1, 3, 4, 2), (3, 3, 3, 2), {"strides": 2, "padding": "same"}),
        ("same_even", (1, 3, 3, 2), (4, 2, 2, 2), {"strides": (2, 3), "padding": "same"}),
        ("same_narrow", (1, 3, 2, 1), (1, 2, 2, 1), {"strides": 3, "padding": "same"}),
        ("output_padding", (1, 3, 3, 2), (3, 4, 2, 2), {"strides": (3, 2), "output_padding": (2, 0)}),
        (
            "same_output_padding",
            (1, 3, 3, 2),
            (3, 4, 2, 2),
            {"strides": 2, "padding": "same", "output_padding": (1, 1)},
        ),
        ("dilation", (1, 4, 3, 2), (2, 3, 2, 2), {"dilation_rate": (3, 2), "padding": "same"}),
        ("first", (2, 3, 3, 2), (3, 2, 2, 3), {"data_format": "channels_first", "strides": 2}),
        ("1d", (2, 4, 3), (3, 2, 3), {"strides": 2, "padding": "same"}),
        ("3d", (1, 2, 2, 3, 2), (2, 1, 2, 3, 2), {"strides": (1, 2, 1)}),
        ("no_samples", (0, 3, 3, 2), (3, 3, 3, 2), {}),
    ]
]
CASES += [
    Case(
        "conv_transpose",
        normal((1, 5, 6, 4), (3, 3, 20, 4)),
        _conv_transpose,
        {"strides": 2, "padding": "same"},
        (),
        terms=lambda x, k: 36,
        errors=tuple(
            ((np.ones(inputs), np.ones(kernel), *rest), ValueError, r"\[conv_transpose\] " + message)
            for inputs, kernel, rest, message in [
                ((5, 5), (3, 3), (), "inputs must have 1 to 3 spatial dimensions"),
                ((1, 5, 5, 4), (3, 2, 4), (), "inputs must have 1 to 3 spatial dimensions"),
                ((1, 5, 5, 4), (3, 3, 4, 2), (), r"inputs must have as many channels .* received 4 channels"),
                ((1, 0, 5, 4), (3, 3, 2, 4), (), "inputs, kernel and result must have places"),
                ((1, 5, 5, 4), (3, 0, 2, 4), (), "inputs, kernel and result must have places"),
                ((1, 1, 5, 4), (2, 3, 2, 4), (1, "same", 0), "inputs, kernel and result must have places"),
                ((1, 5, 5, 4), (3, 3, 2, 4), (0,), "strides must be an integer, or 2, .* received 0"),
                ((1, 5, 5, 4), (3, 3, 2, 4), ((1, 1, 1),), "strides must be an integer, or 2"),
                ((1, 5, 5, 4), (3, 3, 2, 4), (1, "full"), "padding must be 'valid' or 'same'"),
                ((1, 5, 5, 4), (3, 3, 2, 4), (1, "valid", -1), "output_padding must be .* of at least 0"),
                ((1, 5, 5, 4), (3, 3, 2, 4), (1, "valid", None, "last"), "data_format must be"),
                ((1, 5, 5, 4), (3, 3, 2, 4), (1, "valid", None, None, 0), "dilation_rate must be"),
            ]
        ),
        name="wide",
    ),
]
