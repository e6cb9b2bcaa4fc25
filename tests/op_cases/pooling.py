"""Cases of the stem pooling."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _pool(reduce: Callable[[Array], Any]) -> Callable[..., Array]:
    """Pool by definition: every window cut out by itself."""

    def pool(
        x: Array, pool_size: Any, strides: Any = None, padding: str = "valid", data_format: str | None = None
    ) -> Array:
        if data_format == "channels_first":
            return np.moveaxis(pool(np.moveaxis(x, 1, -1), pool_size, strides, padding), -1, 1)
        n = x.shape[1:-1]
        sizes = np.broadcast_to(pool_size, len(n))
        steps = sizes if strides is None else np.broadcast_to(strides, len(n))
        if padding == "same":
            out = [-(-m // s) for m, s in zip(n, steps, strict=True)]
            pads = [max((o - 1) * s + k - m, 0) for o, s, k, m in zip(out, steps, sizes, n, strict=True)]
        else:
            out = [(m - k) // s + 1 for m, s, k in zip(n, steps, sizes, strict=True)]
            pads = [0] * len(n)
        y = np.empty((x.shape[0], *out, x.shape[-1]))
        for at in itertools.product(*map(range, out)):
            starts = [o * s - p // 2 for o, s, p in zip(at, steps, pads, strict=True)]
            window = tuple(slice(max(i, 0), i + k) for i, k in zip(starts, sizes, strict=True))
            cut = x[(slice(None), *window)]
            y[(slice(None), *at)] = reduce(cut.reshape(len(x), math.prod(cut.shape[1:-1]), x.shape[-1]))
        return y

    return pool


_REFERENCES = {
    "max_pool": _pool(lambda window: window.max(1)),
    "average_pool": _pool(lambda window: window.mean(1)),
}

# Channels: one and two, fewer than a vector has lanes, more, and with a rest.
_SHAPES: list[tuple[str, tuple[int, ...], dict[str, Any]]] = [
    ("1d", (2, 5, 3), {"pool_size": 2}),
    ("1d_same", (2, 5, 1), {"pool_size": 3, "strides": 2, "padding": "same"}),
    ("2d", (2, 4, 4, 6), {"pool_size": 2}),
    ("2d_same_odd", (1, 5, 3, 2), {"pool_size": 2, "padding": "same"}),
    ("2d_overlap", (2, 5, 4, 3), {"pool_size": (3, 2), "strides": (2, 1)}),
    ("2d_overlap_same", (1, 4, 5, 3), {"pool_size": 3, "strides": 1, "padding": "same"}),
    ("2d_gaps", (1, 7, 5, 3), {"pool_size": (2, 1), "strides": (3, 2)}),
    ("2d_gaps_same", (1, 7, 5, 3), {"pool_size": 1, "strides": 3, "padding": "same"}),
    ("2d_lanes", (1, 3, 2, 35), {"pool_size": (2, 1), "strides": 1}),
    ("2d_channels_first", (2, 3, 5, 4), {"pool_size": 2, "padding": "same", "data_format": "channels_first"}),
    ("2d_wide", (1, 17, 17, 1), {"pool_size": (17, 16), "strides": 1}),  # positions beyond a byte
    ("3d", (1, 3, 4, 2, 3), {"pool_size": (2, 2, 1), "strides": (1, 2, 1)}),
    ("3d_same", (1, 3, 2, 3, 2), {"pool_size": 2, "padding": "same"}),
    ("no_images", (0, 4, 4, 3), {"pool_size": 2}),
    ("no_channels", (2, 4, 4, 0), {"pool_size": 2}),
    ("no_width", (2, 4, 0, 3), {"pool_size": 2, "padding": "same"}),
]

CASES += [
    Case(op, normal(shape), _REFERENCES[op], options=options, terms=lambda x, **_: 4, name=name)
    for op in _REFERENCES
    for name, shape, options in _SHAPES
]

_IMAGE = np.ones((2, 4, 5, 3))


def _errors(op: str) -> tuple[tuple[tuple[Any, ...], type[Exception], str], ...]:
    return (
        (
            (np.ones((2, 3)), 2),
            ValueError,
            rf"\[{op}\] x must have 3, 4 or 5 dimensions.*received shape \(2, 3\)",
        ),
        ((np.ones((1,) * 6), 1), ValueError, "x must have 3, 4 or 5 dimensions"),
        (
            (_IMAGE, (5, 2)),
            ValueError,
            r"pool_size must not be larger than the image.*received pool_size \(5, 2\), x \(2, 4, 5, 3\)",
        ),
        ((_IMAGE, 0), ValueError, r"pool_size must be positive; received \(0,\)"),
        ((_IMAGE, 2, 0), ValueError, r"strides must be positive; received \(0,\)"),
        ((_IMAGE, 2, (1, -1)), ValueError, r"strides must be positive; received \(1, -1\)"),
        ((_IMAGE, (2, 2, 2)), ValueError, r"one for each of 2; received \(2, 2, 2\)"),
        ((_IMAGE, 2**31), ValueError, r"pool_size must be below 2\^31"),
        ((_IMAGE, 2**30, 1, "same"), ValueError, r"pool_size must hold fewer than 2\^31 elements"),
        ((_IMAGE, 2, None, "full"), ValueError, "padding must be 'valid' or 'same'; received 'full'"),
        (
            (_IMAGE, 2, None, "valid", "last"),
            ValueError,
            rf"\[{op}\] data_format must be 'channels_last' or 'channels_first'; received 'last'",
        ),
    )


CASES += [
    Case(
        op,
        normal((40, 9, 8, 33)),
        reference,
        options={"pool_size": 3, "strides": 2, "padding": "same"},
        terms=lambda x, **_: 9,
        differentiate=(),
        errors=_errors(op),
        name="blocks",
    )
    for op, reference in _REFERENCES.items()
]
