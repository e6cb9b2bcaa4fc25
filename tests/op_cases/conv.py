"""Cases of the stem conv."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal
from op_cases.dense import ACTIVATIONS

CASES: list[Case] = []


def _each(value: Any, spatial: int) -> tuple[int, ...]:
    return (value,) * spatial if isinstance(value, int) else tuple(value)


def _conv(
    x: Array,
    kernel: Array,
    bias: Array | None = None,
    strides: Any = 1,
    padding: Any = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
    activation: str = "linear",
) -> Array:
    """Tap by tap, on padded inputs."""
    if data_format == "channels_first":
        x = np.moveaxis(x, 1, -1)
    spatial = x.ndim - 2
    strides, dilation = _each(strides, spatial), _each(dilation_rate, spatial)
    reach = [(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation, strict=False)]
    if padding == "same":
        outs = [-(-n // s) for n, s in zip(x.shape[1:-1], strides, strict=True)]
        zeros = [
            max((o - 1) * s + r - n, 0)
            for o, s, r, n in zip(outs, strides, reach, x.shape[1:-1], strict=True)
        ]
        padding = [(z // 2, z - z // 2) for z in zeros]
    elif padding == "valid":
        padding = [(0, 0)] * spatial
    x = np.pad(x, [(0, 0), *padding, (0, 0)])
    outs = [(n - r) // s + 1 for n, r, s in zip(x.shape[1:-1], reach, strides, strict=True)]
    groups = x.shape[-1] // kernel.shape[-2]
    filters = kernel.shape[-1] // groups
    y = np.zeros((len(x), *outs, kernel.shape[-1]))
    for tap in itertools.product(*map(range, kernel.shape[:spatial])):
        places = tuple(
            slice(t * d, t * d + (o - 1) * s + 1, s)
            for t, d, o, s in zip(tap, dilation, outs, strides, strict=True)
        )
        for g in range(groups):
            channels = slice(g * kernel.shape[-2], (g + 1) * kernel.shape[-2])
            of_group = slice(g * filters, (g + 1) * filters)
            y[..., of_group] += x[(slice(None), *places, channels)] @ kernel[tap][:, of_group]
    y = ACTIVATIONS[activation](y if bias is None else y + bias)
    return np.moveaxis(y, -1, 1) if data_format == "channels_first" else y


def _case(name: str, x: Any, kernel: Any, bias: bool = False, **options: Any) -> Case:
    shapes = (x, kernel, kernel[-1:]) if bias else (x, kernel)
    return Case(
        "conv",
        normal(*shapes),
        _conv,
        options=options,
        call=lambda op, x, kernel, bias=None, **options: op(x, kernel, bias=bias, **options),
        differentiate=tuple(range(len(shapes))),
        terms=lambda x, kernel, *bias: kernel.size // kernel.shape[-1],
        ulps=16,
        name=name,
    )


CASES += [
    _case("1d", (2, 5, 2), (3, 2, 2)),
    _case("2d", (2, 4, 5, 2), (2, 3, 2, 3), bias=True),
    _case("3d", (1, 3, 4, 3, 2), (2, 2, 2, 2, 2), bias=True, padding="same"),
    _case("relu", (1, 4, 4, 1), (2, 2, 1, 3), bias=True, activation="relu"),
    _case("sigmoid", (1, 3, 4, 2), (2, 2, 2, 3), bias=True, activation="sigmoid"),
    _case("tanh", (1, 2, 3, 4), (2, 2, 2, 3), bias=True, activation="tanh", data_format="channels_first"),
    _case("same", (1, 4, 5, 2), (3, 4, 2, 2), padding="same"),
    _case("same_strides", (1, 6, 5, 1), (3, 2, 1, 2), padding="same", strides=(3, 2)),
    _case("strides_over_kernel", (1, 7, 5, 1), (2, 1, 1, 2), strides=(3, 2)),
    _case("dilation", (1, 6, 7, 1), (2, 3, 1, 2), dilation_rate=(3, 2)),
    _case("dilation_same", (1, 5, 4, 2), (3, 2, 2, 1), dilation_rate=(1, 3), padding="same"),
    _case("dilation_strides", (1, 7, 8, 1), (2, 2, 1, 2), dilation_rate=2, strides=3),
    _case("groups", (1, 3, 4, 4), (2, 2, 2, 6), bias=True, padding="same"),
    _case("every_channel", (2, 4, 3), (2, 1, 6), strides=2, data_format=None),
    _case("channels_first", (2, 3, 4, 3), (2, 2, 3, 2), bias=True, data_format="channels_first"),
    _case("pairs", (1, 3, 2, 1), (2, 2, 1, 1), padding=((0, 3), (2, 1))),
    _case("far_padding", (1, 2, 2, 1), (1, 2, 1, 2), bias=True, padding=((2, 0), (0, 3)), strides=(1, 2)),
    _case("no_images", (0, 3, 3, 2), (2, 2, 2, 2), bias=True),
]


def _wrong(x: Any, kernel: Any, *rest: Any) -> tuple[Any, ...]:
    return np.ones(x), np.ones(kernel), *rest


CASES += [
    Case(
        "conv",
        normal((2, 9, 19, 5), (3, 3, 5, 35)),
        _conv,
        options={"padding": "same", "activation": "relu"},
        differentiate=(),
        terms=lambda x, kernel: 45,
        errors=tuple(
            (arguments, ValueError, message)
            for arguments, message in [
                (
                    _wrong((1, 2, 4, 1), (3, 2, 1, 1)),
                    r"larger than the padded inputs; received inputs \(1, 2, 4, 1\), padded to \(2, 4\), kernel \(3,",
                ),
                (_wrong((1, 5, 1), (3, 1, 1), 1, "valid", None, 3), r"reaches over \(7,\)"),
                (_wrong((1, 4, 5), (2, 3, 1)), "channels, 5, must be those of the kernel, or a multiple"),
                (_wrong((1, 4, 0), (2, 3, 1)), "channels, 0, must be"),
                (_wrong((1, 4, 4), (2, 2, 3)), "filters, 3, must be a multiple of the groups, 2"),
                (_wrong((1, 4, 4), (2, 0, 3)), "no dimension of the kernel may be 0"),
                (_wrong((1, 4, 4), (2, 4, 3), 0), r"strides must be at least 1; received \(0,\)"),
                (
                    _wrong((1, 4, 4, 1), (2, 2, 1, 3), (1, 2, 3)),
                    r"strides must have one value per .* 2; received",
                ),
                (_wrong((1, 4, 4), (2, 4, 3), 1, "valid", None, 0), "dilation_rate must be at least 1"),
                (_wrong((1, 4, 4), (2, 4, 3), 1, "valid", None, 1 << 62), "dilation_rate is too large"),
                (
                    _wrong((1, 4, 4), (2, 4, 3), 1, "full"),
                    "padding must be 'valid' or 'same'; received 'full'",
                ),
                (
                    _wrong((1, 4, 4), (2, 4, 3), 1, ((1, 1), (1, 1))),
                    "one pair of values per spatial dimension, 1",
                ),
                (_wrong((1, 4, 4), (2, 4, 3), 1, ((1, 2, 3),)), "one pair of values per spatial dimension"),
                (_wrong((1, 4, 4), (2, 4, 3), 1, ((1 << 62, 0),)), "padding is too large"),
                (
                    _wrong((1, 4, 4), (2, 4, 3), 1, "same", "NHWC"),
                    "'channels_last' or 'channels_first'; received 'NHWC'",
                ),
                (
                    _wrong((4, 4), (2, 4, 3)),
                    r"a batch, 1 to 3 spatial dimensions and channels; received shape \(4, 4\)",
                ),
                (_wrong((1, 4, 4), (2, 2, 4, 3)), "kernel must have the spatial dimensions of the inputs"),
                (_wrong((1, 4, 4), (2, 4, 3), 1, "same", None, 1, np.ones(2)), r"bias.shape must be \(3,\)"),
                (_wrong((1, 4, 4), (2, 4, 3), 1, "same", None, 1, None, "relo"), "activation must be one of"),
            ]
        ),
        name="tiles",
    )
]
