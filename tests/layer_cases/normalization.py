"""Cases of normalisation. Keras takes means in float32, whatever the inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from layer_cases.case import Case

STEPS = np.array([[True, True, False], [True, False, False]])


def _case(layer: str, options: dict[str, Any], shape: tuple[int, ...], name: str = "", **more: Any) -> Case:
    return Case(layer, options, shape, name=name, keras_rtol=1e-5, **more)


CASES = [
    _case("BatchNormalization", {}, (4, 3)),
    _case("BatchNormalization", {"momentum": 0.7, "epsilon": 0.1}, (3, 2, 2, 3), "image"),
    _case("BatchNormalization", {"axis": 1, "scale": False}, (3, 2, 4, 3), "channels_first"),
    _case("BatchNormalization", {"center": False, "beta_initializer": "ones"}, (4, 2, 3), "uncentred"),
    _case("BatchNormalization", {"trainable": False}, (4, 3), "frozen"),
    _case("BatchNormalization", {}, (2, 3, 4), "mask", mask=STEPS),
    _case("LayerNormalization", {}, (3, 5)),
    _case("LayerNormalization", {"axis": [1, 2], "epsilon": 0.1}, (2, 3, 4), "two_axes"),
    _case("LayerNormalization", {"axis": 1, "center": False}, (2, 3, 4), "middle"),
    _case("LayerNormalization", {"scale": False}, (2, 3, 4), "unscaled"),
    _case("RMSNormalization", {}, (3, 5)),
    _case("RMSNormalization", {"axis": [1, 2], "epsilon": 0.1}, (2, 3, 4), "two_axes"),
    _case("UnitNormalization", {}, (3, 5)),
    _case("UnitNormalization", {"axis": [1, 2]}, (2, 3, 4), "two_axes"),
    # Keras reads these weights once, when it builds: parity/test_keras_normalization.py adapts both.
    _case("Normalization", {}, (3, 4), keras=False),
    _case("Normalization", {"axis": None, "mean": 1.5, "variance": 4.0, "invert": True}, (3, 4), "inverse"),
    _case("Normalization", {"axis": (1, 2)}, (3, 2, 4), "two_axes", keras=False),
    _case("Normalization", {"mean": [1.0, 2.0], "variance": [0.25, 4.0]}, (3, 5, 2), "given"),
    _case("GroupNormalization", {"groups": 2}, (3, 4)),
    _case("GroupNormalization", {"groups": 2, "scale": False}, (2, 3, 2, 4), "image"),
    _case("GroupNormalization", {"groups": -1, "axis": 1}, (2, 3, 4, 2), "instance"),
]
