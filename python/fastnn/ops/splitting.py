"""Arrays taken apart."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from fastnn.tensor import Tensor

from .selection import get_item


def _cut(op: str, x: Any, indices_or_sections: Any, axis: int, even: bool) -> list[Any]:
    if not isinstance(x, Tensor):
        x = np.asarray(x)
    if not -x.ndim <= axis < x.ndim:
        raise np.exceptions.AxisError(
            f"[{op}] axis must be a dimension of x; received x {x.shape}, axis {axis}"
        )
    axis %= x.ndim
    size = x.shape[axis]
    points: list[Any]
    if np.ndim(indices_or_sections) > 0:
        points = [0, *indices_or_sections, size]
    else:
        sections = int(indices_or_sections)
        if sections <= 0 or (even and size % sections):
            rule = "must cut x into parts of one size" if sections > 0 else "must be positive"
            raise ValueError(
                f"[{op}] indices_or_sections {rule}; received x {x.shape}, axis {axis}, sections {sections}"
            )
        each, longer = divmod(size, sections)
        points = [i * each + min(i, longer) for i in range(sections + 1)]
    before = (slice(None),) * axis
    keys = [(*before, slice(begin, end)) for begin, end in itertools.pairwise(points)]
    return [get_item(x, key) if isinstance(x, Tensor) else x[key] for key in keys]


def split(x: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """Cut an array into parts along a dimension.

    Parameters
    ----------
    x : array_like
        Values of at least one dimension.
    indices_or_sections : int or sequence of int
        How many parts of one size, or the indices at which to cut.
    axis : int
        The dimension.

    Returns
    -------
    list of ndarray
        Views of ``x``.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.
    ValueError
        If that many parts of one size cannot be had; see `array_split`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.split(np.array([1.0, 2.0, 3.0, 4.0]), 2)
    [array([1., 2.]), array([3., 4.])]
    >>> ops.split(np.array([1.0, 2.0, 3.0, 4.0]), [1])
    [array([1.]), array([2., 3., 4.])]
    """
    return _cut("split", x, indices_or_sections, axis, True)


def array_split(x: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """Cut an array into parts along a dimension, the first ones longer by one where that must be.

    Parameters
    ----------
    x : array_like
        Values of at least one dimension.
    indices_or_sections : int or sequence of int
        How many parts, or the indices at which to cut.
    axis : int
        The dimension.

    Returns
    -------
    list of ndarray
        Views of ``x``.

    Raises
    ------
    AxisError
        If ``x`` has no such dimension.
    ValueError
        If the number of parts is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.array_split(np.array([1.0, 2.0, 3.0]), 2)
    [array([1., 2.]), array([3.])]
    """
    return _cut("array_split", x, indices_or_sections, axis, False)
