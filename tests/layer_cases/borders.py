"""Padding, cropping and enlarging."""

from __future__ import annotations

from layer_cases.case import Case

FIRST = {"data_format": "channels_first"}

CASES = [
    Case("ZeroPadding1D", {"padding": (1, 2)}, (2, 3, 2)),
    Case("ZeroPadding1D", {"padding": 1, **FIRST}, (2, 3, 2), name="first"),
    Case("ZeroPadding2D", {}, (2, 3, 4, 2)),
    Case("ZeroPadding2D", {"padding": (2, 1)}, (2, 3, 4, 2), name="symmetric"),
    Case("ZeroPadding2D", {"padding": ((1, 0), (0, 2)), **FIRST}, (2, 3, 4, 2), name="first"),
    Case("ZeroPadding3D", {"padding": ((1, 0), (0, 2), (1, 1))}, (1, 2, 3, 2, 2)),
    Case("Cropping1D", {"cropping": (1, 0)}, (2, 3, 2)),
    Case("Cropping2D", {"cropping": (1, 2)}, (2, 3, 5, 2)),
    Case("Cropping2D", {}, (2, 3, 5, 2), name="nothing"),
    Case("Cropping2D", {"cropping": ((1, 0), (0, 2)), **FIRST}, (2, 3, 4, 5), name="first"),
    Case("Cropping3D", {"cropping": ((1, 0), (0, 2), (1, 1))}, (1, 2, 3, 4, 2)),
    Case("UpSampling1D", {"size": 3}, (2, 3, 2)),
    Case("UpSampling2D", {}, (2, 3, 2, 2)),
    Case("UpSampling2D", {"size": (3, 2), "interpolation": "bilinear"}, (2, 3, 4, 2), name="bilinear"),
    Case("UpSampling2D", {"size": (2, 1), "interpolation": "bilinear", **FIRST}, (2, 2, 3, 4), name="first"),
    Case("UpSampling3D", {"size": (1, 2, 3), **FIRST}, (1, 2, 2, 2, 1)),
]
