"""Functions that take small values for none; made of other ops."""

from __future__ import annotations

from typing import Any

from .arithmetic import absolute, subtract
from .comparison import greater
from .extrema import clip
from .sigmoid import tanh
from .where import where


def soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    r"""Bring values nearer to 0 by ``threshold``; those that would pass it become 0.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    threshold : float
        Not negative.

    Returns
    -------
    ndarray
        Array of the shape of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.soft_shrink(np.array([-2.0, 0.25, 1.0]))
    array([-1.5,  0. ,  0.5])
    """
    return subtract(x, clip(x, -threshold, threshold))


def hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    r"""Compute :math:`x` where :math:`|x|` is greater than ``threshold``, otherwise 0.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    threshold : float
        Not negative.

    Returns
    -------
    ndarray
        Array of the shape of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.hard_shrink(np.array([-2.0, 0.25, 1.0]))
    array([-2.,  0.,  1.])
    """
    return where(greater(absolute(x), threshold), x, 0.0)


def tanh_shrink(x: Any) -> Any:
    r"""Compute :math:`x - \tanh(x)`.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        Array of the shape of ``x``; of small ``x`` precise to some units in the last place of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.tanh_shrink(np.array([-1.0, 0.0, 1.0]))
    array([-0.23840584,  0.        ,  0.23840584])
    """
    return subtract(x, tanh(x))


def threshold(x: Any, threshold: float, default_value: float) -> Any:
    r"""Compute :math:`x` where it is greater than ``threshold``, otherwise ``default_value``.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    threshold, default_value : float

    Returns
    -------
    ndarray
        Array of the shape of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.threshold(np.array([-1.0, 0.5, 2.0]), 1.0, 0.25)
    array([0.25, 0.25, 2.  ])
    """
    return where(greater(x, threshold), x, default_value)
