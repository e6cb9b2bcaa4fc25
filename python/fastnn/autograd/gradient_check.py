"""Gradients held against differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fastnn import ops
from fastnn.autograd.flow import gradients
from fastnn.tensor import Tensor

Array = np.ndarray[Any, Any]


def check_gradients(
    f: Callable[..., Any], *inputs: Any, eps: float = 1e-6, rtol: float = 1e-6, atol: float = 1e-8
) -> float:
    """Compare all gradients of a function with central differences, in float64.

    Parameters
    ----------
    f : callable
        Takes the inputs as tensors and returns a tensor of any shape. Or takes one flat array of parameters
        and returns ``(cost, gradient)``, both numbers and arrays, with a gradient written by hand.
    *inputs : array_like
        Where to check: arrays of any shape; floats and integers become float64.
    eps : float
        Half the distance between the two points of a difference, for values around 1; wider in proportion
        for larger ones.
    rtol, atol : float
        The largest allowed difference is ``atol + rtol * max(|gradient|, |difference|)``. Allow more where
        f is not smooth, or large.

    Returns
    -------
    float
        The largest difference found, as a fraction of what was allowed: at most 1.

    Raises
    ------
    AssertionError
        A gradient is wrong: names the input and the index that are worst, and both values.
    TypeError
        ``f`` returns no tensor.
    ValueError
        The gradient that ``f`` returns has another shape than its parameters.

    Notes
    -----
    ``(f(x + eps) - f(x - eps)) / (2 eps)`` in each element of each input, of the elements of f in a fixed,
    uneven weighting, so that errors do not cancel (Goodfellow et al., "Deep Learning", 2016, section 11.5).

    Examples
    --------
    >>> import fastnn
    >>> import numpy as np
    >>> fastnn.check_gradients(lambda x: fastnn.ops.tanh(x), np.array([0.5, -1.0])) < 1
    True
    >>> def cost_and_gradient(theta):
    ...     return np.sum(theta**2), theta  # the factor 2 is missing
    >>> fastnn.check_gradients(cost_and_gradient, np.array([3.0]))
    Traceback (most recent call last):
        ...
    AssertionError: check_gradients: wrong gradient of input 0 at index (0,): 3 by the function, 6 by differences
    """
    points = [np.array(x, dtype=np.float64) for x in inputs]  # copies: they are moved about below
    value, found = _by_hand(f, points) if _gives_gradient(f, points) else _by_tape(f, points)
    worst, message = 0.0, ""
    for number, (x, gradient) in enumerate(zip(points, found, strict=True)):
        difference = _differences(value, x, eps)
        allowed = atol + rtol * np.maximum(np.abs(gradient), np.abs(difference))
        excess = np.array(np.abs(gradient - difference) / allowed)
        excess[np.isnan(excess)] = np.inf
        if excess.size and excess.max() > worst:
            worst = float(excess.max())
            at = tuple(int(i) for i in np.unravel_index(excess.argmax(), x.shape))
            message = (
                f"check_gradients: wrong gradient of input {number} at index {at}: "
                f"{gradient[at]:.10g} by the function, {difference[at]:.10g} by differences"
            )
    if worst > 1:
        raise AssertionError(message)
    return worst


def _gives_gradient(f: Callable[..., Any], points: list[Array]) -> bool:
    """Tell whether ``f`` is of the classic kind: parameters in, cost and gradient out."""
    if len(points) != 1:
        return False
    try:
        result = f(points[0].copy())
    except Exception:  # it may need tensors: if it fails with them as well, that error is the one to see
        return False
    return isinstance(result, tuple) and len(result) == 2


def _by_hand(f: Callable[..., Any], points: list[Array]) -> tuple[Callable[[], float], list[Array]]:
    """Return the cost, as a function of the points as they are, and the gradient that ``f`` gives."""
    gradient = np.asarray(f(points[0].copy())[1], dtype=np.float64)
    if gradient.shape != points[0].shape:
        raise ValueError(
            f"check_gradients: the gradient must have the shape of the parameters, {points[0].shape}; "
            f"received {gradient.shape}"
        )
    return lambda: float(f(points[0].copy())[0]), [gradient]


def _by_tape(f: Callable[..., Any], points: list[Array]) -> tuple[Callable[[], float], list[Array]]:
    """Return a weighted sum of what ``f`` gives, as a function of the points, and its gradients on the tape."""
    tensors = [Tensor(x.copy(), requires_grad=True) for x in points]
    y = f(*tensors)
    if not isinstance(y, Tensor):
        raise TypeError(
            "check_gradients: the function must return a tensor computed from its inputs, or a tuple of a cost "
            f"and its gradient; received {type(y).__name__}"
        )
    weights = np.cos(np.arange(1.0, y.size + 1.0)).reshape(y.shape)
    found = gradients(ops.sum(y * weights), tensors)
    return (
        lambda: float(np.sum(np.asarray(f(*[Tensor(x.copy()) for x in points])) * weights)),
        [np.zeros_like(x) if g is None else g for x, g in zip(points, found, strict=True)],
    )


def _differences(value: Callable[[], float], x: Array, eps: float) -> Array:
    """Return the derivatives of ``value()`` by each element of ``x``, which is moved and put back."""
    found = np.empty_like(x)
    for at in np.ndindex(x.shape):
        before = x[at]
        step = eps * max(1.0, float(np.abs(before)))
        x[at] = before + step
        above = value()
        x[at] = before - step
        below = value()
        x[at] = before
        found[at] = (above - below) / (2.0 * step)
    return found
