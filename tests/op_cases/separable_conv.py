"""Cases of the stem separable_conv."""

from __future__ import annotations

from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal
from op_cases.depthwise_conv import depthwise

CASES: list[Case] = []


def _separable(inputs: Array, each: Array, mixing: Array, bias: Array | None = None, **options: Any) -> Array:
    y = depthwise(inputs, each, **options)
    last = options.get("data_format") != "channels_first"
    y = (y if last else np.moveaxis(y, 1, -1)) @ mixing.reshape(mixing.shape[-2:])
    y = y + (0 if bias is None else bias)
    return y if last else np.moveaxis(y, -1, 1)


def _call(op: Any, inputs: Any, each: Any, mixing: Any, bias: Any = None, **options: Any) -> Any:
    return (
        op(inputs, each, mixing, **options)
        if bias is None
        else op(inputs, each, mixing, bias=bias, **options)
    )


CASES += [
    Case(
        "separable_conv",
        normal(*shapes),
        _separable,
        options,
        tuple(range(len(shapes))),
        terms=lambda x, each, mixing, *rest: int(np.prod(each.shape[:-2])) * mixing.shape[-2],
        call=_call,
        errors=(
            (
                (np.ones((1, 4, 2)), np.ones((2, 2, 1)), np.ones((2, 2, 3))),
                ValueError,
                r"\[separable_conv\] pointwise_kernel must have shape .* pointwise_kernel \(2, 2, 3\)",
            ),
            (
                (np.ones((1, 4, 2)), np.ones((2, 2, 1)), np.ones((2, 3))),
                ValueError,
                r"\[separable_conv\] pointwise_kernel must have shape",
            ),
            (
                (np.ones((1, 4, 2)), np.ones((2, 2, 1)), np.ones((1, 3, 3))),
                ValueError,
                r"\[dense\] x.shape\[-1\] must equal kernel.shape\[0\]",
            ),
        ),
        name=name,
    )
    for name, shapes, options in [
        ("1d", ((2, 5, 2), (3, 2, 2), (1, 4, 3), (3,)), {"strides": 2}),
        ("2d", ((1, 4, 4, 2), (3, 2, 2, 1), (1, 1, 2, 3)), {"padding": "same"}),
        ("first", ((1, 2, 4, 3), (2, 2, 2, 1), (1, 1, 2, 3), (3,)), {"data_format": "channels_first"}),
    ]
]
