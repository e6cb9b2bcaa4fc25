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


def pad_sequences(
    sequences: Any,
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> np.ndarray[Any, Any]:
    """Make one array of sequences of different lengths: the shorter are padded, the longer cut.

    Parameters
    ----------
    sequences : list of sequences
        Each of steps of one shape: numbers, or arrays.
    maxlen : int, optional
        Steps of the result; by default those of the longest sequence.
    dtype : str or numpy.dtype
    padding, truncating : {"pre", "post"}
        Whether to pad, and to cut, at the beginning or at the end.
    value : float or str
        What the padding holds.

    Returns
    -------
    ndarray
        ``(len(sequences), maxlen, ...)``.

    Raises
    ------
    ValueError
        If there is something else than sequences, their steps differ in shape, or an option is unknown.

    Examples
    --------
    >>> from fastnn.utils import pad_sequences
    >>> pad_sequences([[1], [2, 3], [4, 5, 6]], maxlen=2)
    array([[0, 1],
           [2, 3],
           [5, 6]], dtype=int32)
    >>> pad_sequences([[1], [2, 3]], padding="post", value=-1)
    array([[ 1, -1],
           [ 2,  3]], dtype=int32)
    """
    for name, option in (("padding", padding), ("truncating", truncating)):
        if option not in ("pre", "post"):
            raise ValueError(f"pad_sequences: {name} must be 'pre' or 'post'; received {option!r}")
    if not hasattr(sequences, "__len__") or not all(hasattr(s, "__len__") for s in sequences):
        raise ValueError(f"pad_sequences takes a list of sequences; received {sequences!r:.200}")
    if maxlen is None:
        maxlen = max(map(len, sequences), default=0)
    elif not isinstance(maxlen, (int, np.integer)) or maxlen < 0:
        raise ValueError(f"pad_sequences: maxlen must be an integer of at least 0; received {maxlen!r}")
    step_shape = next((np.asarray(s).shape[1:] for s in sequences if len(s)), ())
    if isinstance(value, str) and dtype is not object and np.dtype(dtype).kind not in "SU":
        raise ValueError(f"pad_sequences: value {value!r} is no {dtype}; texts take dtype=object")
    padded = np.full((len(sequences), maxlen, *step_shape), value, dtype)
    for row, sequence in zip(padded, sequences, strict=True):
        cut = len(sequence) - maxlen if truncating == "pre" and len(sequence) > maxlen else 0
        steps = np.asarray(sequence[cut : cut + maxlen], dtype)
        if len(steps) == 0:
            continue
        if steps.shape[1:] != step_shape:
            raise ValueError(
                f"pad_sequences: all steps must have one shape; received {step_shape} and {steps.shape[1:]}"
            )
        row[slice(-len(steps), None) if padding == "pre" else slice(len(steps))] = steps
    return padded
