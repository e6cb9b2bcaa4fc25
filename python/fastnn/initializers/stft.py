"""Kernels that take sounds apart into frequencies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn.initializers.initializer import Array, Initializer, _registry

_WINDOWS = {"bartlett": np.bartlett, "blackman": np.blackman, "hamming": np.hamming, "hann": np.hanning}


@_registry.register("stft", "STFTInitializer")
class STFT(Initializer):
    """Kernels of a `Conv1D` that computes a short-time Fourier transform, its real or its imaginary part.

    Called with a shape (frame, 1, frequencies).

    Parameters
    ----------
    side : {"real", "imag"}
    window : {"hann", "hamming", "blackman", "bartlett"} or array_like or None
        What the samples of a frame are weighted by.
    scaling : {"density", "spectrum"} or None
        What the window is divided by: the root of its sum of squares, its sum, or nothing.
    periodic : bool
        Whether a window that is given by name is one period of a periodic function, instead of symmetric.

    Examples
    --------
    >>> from fastnn import initializers
    >>> initializers.STFT("real", None, None)((4, 1, 3))[:, 0].round(3) + 0.0
    array([[ 1.,  1.,  1.],
           [ 1.,  0., -1.],
           [ 1., -1.,  1.],
           [ 1.,  0., -1.]], dtype=float32)
    """

    def __init__(
        self,
        side: str = "real",
        window: Any = "hann",
        scaling: str | None = "density",
        periodic: bool = False,
    ) -> None:
        if side not in ("real", "imag"):
            raise ValueError(f"STFT: side must be 'real' or 'imag'; received side={side!r}")
        if isinstance(window, str) and window not in _WINDOWS:
            raise ValueError(
                f"STFT: window must be an array, None, or one of {', '.join(_WINDOWS)}; received window={window!r}"
            )
        if scaling not in ("density", "spectrum", None):
            raise ValueError(
                f"STFT: scaling must be 'density', 'spectrum' or None; received scaling={scaling!r}"
            )
        self.side, self.scaling, self.periodic = side, scaling, periodic
        self.window: Any = (
            window if window is None or isinstance(window, str) else np.asarray(window, np.float64)
        )

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Return the kernels."""
        if len(shape) != 3:
            raise ValueError(
                f"STFT: a weight must have shape (frame, 1, frequencies); received {tuple(shape)}"
            )
        frame, _, frequencies = shape
        period = max(1, 2 * (frequencies - 1))
        angles = -2 * math.pi / period * np.outer(np.arange(frame), np.arange(frequencies))
        kernel = np.cos(angles) if self.side == "real" else np.sin(angles)
        if self.window is not None:
            kernel *= self._weights(frame)[:, np.newaxis]
        return np.broadcast_to(kernel[:, np.newaxis], shape).astype(dtype)

    def _weights(self, frame: int) -> Array:
        """Return the window, scaled."""
        window: Array
        if isinstance(self.window, str):
            window = _WINDOWS[self.window](frame + 1)[:-1] if self.periodic else _WINDOWS[self.window](frame)
        else:
            window = self.window
        if window.shape != (frame,):
            raise ValueError(f"STFT: window must have {frame} values; received shape {window.shape}")
        if self.scaling == "density":
            return window / np.sqrt(np.square(window).sum())
        return window / np.abs(window).sum() if self.scaling == "spectrum" else window

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            "side": self.side,
            "window": self.window.tolist() if isinstance(self.window, np.ndarray) else self.window,
            "scaling": self.scaling,
            "periodic": self.periodic,
        }
