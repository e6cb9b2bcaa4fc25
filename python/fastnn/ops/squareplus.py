"""Likenesses of tanh, sigmoid and softplus without exponentials; made of other ops."""

from __future__ import annotations

from typing import Any

from .arithmetic import add, multiply, sqrt, square, subtract
from .extrema import clip
from .relu import relu


def squareplus(x: Any, b: float = 4) -> Any:
    r"""Compute :math:`(x + \sqrt{x^2 + b}) / 2`, a likeness of softplus.

    Parameters
    ----------
    x : array_like
        Values of any shape.
    b : float
        The greater, the smoother; not negative.

    Returns
    -------
    ndarray
        Array of the shape of ``x``.

    Notes
    -----
    Barron, "Squareplus: A Softplus-Like Algebraic Rectifier", 2021.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.squareplus(np.array([-1.5, 0.0, 1.5]))
    array([0.5, 1. , 2. ])
    """
    return multiply(add(x, sqrt(add(square(x), b))), 0.5)


def hard_tanh(x: Any) -> Any:
    r"""Compute :math:`\min(\max(x, -1), 1)`.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        Array of the shape of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.hard_tanh(np.array([-2.0, 0.5, 3.0]))
    array([-1. ,  0.5,  1. ])
    """
    return clip(x, -1.0, 1.0)


def sparse_sigmoid(x: Any) -> Any:
    r"""Compute :math:`(x + 1) / 2`, between 0 and 1.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        Array of the shape of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sparse_sigmoid(np.array([-2.0, 0.0, 0.5, 3.0]))
    array([0.  , 0.5 , 0.75, 1.  ])
    """
    return clip(multiply(add(x, 1.0), 0.5), 0.0, 1.0)


def sparse_plus(x: Any) -> Any:
    r"""Compute :math:`((x + 1) / 2)^2` between -1 and 1, left of it 0, right of it :math:`x`.

    Parameters
    ----------
    x : array_like
        Values of any shape.

    Returns
    -------
    ndarray
        Array of the shape of ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> ops.sparse_plus(np.array([-2.0, 0.0, 1.0, 3.0]))
    array([0.  , 0.25, 1.  , 3.  ])
    """
    return add(square(sparse_sigmoid(x)), relu(subtract(x, 1.0)))
