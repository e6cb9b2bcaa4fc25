"""Pictures for the examples of convolutions: digits with one channel, values from 0 to 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import datasets

Array = np.ndarray[Any, Any]


def load(data: str = "mnist", size: int | None = None) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Return pictures (n, height, width, 1) and their labels, to learn from and held out.

    Parameters
    ----------
    data : {"mnist", "digits"}
        28x28 pixels, or the 8x8 of the digits that are bundled with fastnn.
    size : int, optional
        Height and width that are wanted: each pixel is repeated as often as it fits, then a border is added.
    """
    found = []
    for x, y in getattr(datasets, data).load_data():
        pictures = x.astype("float32")[..., np.newaxis] / (16 if data == "digits" else 255)
        if size is not None:
            pictures = enlarged(pictures, size)
        found.append((pictures, y.astype("int64")))
    return found[0], found[1]


def enlarged(pictures: Array, size: int) -> Array:
    """Return square pictures of ``size`` pixels with the given ones in the middle."""
    times = size // pictures.shape[1]
    pictures = pictures.repeat(times, axis=1).repeat(times, axis=2)
    border = size - pictures.shape[1]
    around = (border // 2, border - border // 2)
    return np.pad(pictures, ((0, 0), around, around, (0, 0)))
