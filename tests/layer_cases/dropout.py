"""Layers that act at random in training; test_dropout.py has what they do then."""

from __future__ import annotations

from layer_cases.case import Case

CASES = [
    Case("Dropout", {"rate": 0.4, "seed": 3}, (3, 4), random=True),
    Case("Dropout", {"rate": 0.4, "noise_shape": (None, 1, 4)}, (3, 2, 4), name="noise_shape", random=True),
    Case("Dropout", {"rate": 0.0}, (3, 4), name="off"),
    Case("SpatialDropout1D", {"rate": 0.4}, (2, 3, 4), random=True),
    Case("SpatialDropout2D", {"rate": 0.4}, (2, 3, 3, 4), random=True),
    Case(
        "SpatialDropout2D",
        {"rate": 0.4, "data_format": "channels_first"},
        (2, 4, 3, 3),
        name="first",
        random=True,
    ),
    Case("SpatialDropout3D", {"rate": 0.4}, (2, 2, 3, 3, 4), random=True),
    Case("GaussianNoise", {"stddev": 0.4}, (3, 4), random=True),
    Case("GaussianDropout", {"rate": 0.4}, (3, 4), random=True),
    Case("AlphaDropout", {"rate": 0.4}, (3, 4), random=True),
    Case("ActivityRegularization", {"l1": 0.1, "l2": 0.2}, (3, 4)),
]
