"""Layers that move or repeat values, and functions as layers."""

from __future__ import annotations

from typing import Any

from fastnn.utils import register_keras_serializable

from layer_cases.case import Case


@register_keras_serializable("tests")
def doubled(x: Any) -> Any:
    return x * 2.0


@register_keras_serializable("tests")
def scaled_sum(x: Any, factor: float) -> Any:
    return x[..., :1] * factor + x[..., 1:]


CASES = [
    Case("Permute", {"dims": (2, 1)}, (2, 3, 4)),
    Case("Permute", {"dims": (3, 1, 2)}, (2, 3, 4, 5), name="three"),
    Case("RepeatVector", {"n": 3}, (2, 4)),
    Case("Identity", {}, (2, 4)),
    Case("Flatten", {"data_format": "channels_first"}, (2, 3, 4, 5), name="first"),
    Case("Lambda", {"function": doubled}, (2, 3)),
    Case("Lambda", {"function": scaled_sum, "arguments": {"factor": 3.0}}, (2, 4), name="arguments"),
]
