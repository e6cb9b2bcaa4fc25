"""Small helpers with Keras's names."""

from __future__ import annotations

import random as _python_random
from typing import TYPE_CHECKING, Any

import numpy as np

from fastnn import random
from fastnn.naming import clear_session
from fastnn.registry import custom_object_scope, register_keras_serializable

if TYPE_CHECKING:
    from fastnn.models.plotting import plot_model

__all__ = [
    "clear_session",
    "custom_object_scope",
    "plot_model",
    "register_keras_serializable",
    "set_random_seed",
    "to_categorical",
]


def __getattr__(name: str) -> Any:
    if name == "plot_model":  # brings the models with it, which most users of this module do not need
        from fastnn.models.plotting import plot_model

        return plot_model
    raise AttributeError(f"module 'fastnn.utils' has no attribute {name!r}")


def to_categorical(x: Any, num_classes: int | None = None) -> np.ndarray[Any, Any]:
    """Turn class numbers into one-hot vectors.

    Parameters
    ----------
    x : array_like of int, shape (...) or (..., 1)
        Class numbers from 0 to ``num_classes - 1``.
    num_classes : int, optional
        By default the largest number plus one.

    Returns
    -------
    one_hot : float64 array, shape (..., num_classes)

    Raises
    ------
    ValueError
        A class number is negative or too large.

    Examples
    --------
    >>> from fastnn.utils import to_categorical
    >>> to_categorical([0, 2, 1])
    array([[1., 0., 0.],
           [0., 0., 1.],
           [0., 1., 0.]])
    """
    labels = np.asarray(x)
    if labels.dtype.kind not in "iub" and not (np.isfinite(labels) & (labels == np.floor(labels))).all():
        raise ValueError("to_categorical takes whole numbers; received fractions, NaN or infinities")
    labels = labels.astype(np.int64)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    classes = int(num_classes) if num_classes else int(labels.max(initial=-1)) + 1
    if labels.size and not (labels.min() >= 0 and labels.max() < classes):
        raise ValueError(
            f"class numbers must lie in [0, {classes}); received {labels.min()} to {labels.max()}"
        )
    one_hot = np.zeros((labels.size, classes))
    one_hot[np.arange(labels.size), labels.ravel()] = 1
    return one_hot.reshape(*labels.shape, classes)


def set_random_seed(seed: int) -> None:
    """Seed fastnn's, NumPy's and Python's random numbers, so that a program repeats bit for bit.

    Parameters
    ----------
    seed : int in [0, 2**32)

    Examples
    --------
    >>> from fastnn import random, utils
    >>> utils.set_random_seed(1)
    >>> a = random.normal((2,))
    >>> utils.set_random_seed(1)
    >>> bool((a == random.normal((2,))).all())
    True
    """
    if not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**32:
        raise ValueError(f"the seed must be an integer in [0, 2**32); received {seed!r}")
    random.set_seed(int(seed))
    np.random.seed(seed)
    _python_random.seed(int(seed))
