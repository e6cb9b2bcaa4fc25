"""Functions made of functions: gradients, Jacobians and Hessian-vector products, as JAX has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from fastnn import tree
from fastnn.autograd.flow import gradients
from fastnn.autograd.gradient_tape import active, all_derivatives
from fastnn.tensor import Tensor


class _Call:
    """One call of a function on tensors, from which gradients are taken."""

    def __init__(
        self, f: Callable[..., Any], name: str, argnums: int | Sequence[int], args: Any, kwargs: Any
    ) -> None:
        numbers = (argnums,) if isinstance(argnums, int) else tuple(argnums)
        if not all(-len(args) <= i < len(args) for i in numbers):
            raise TypeError(
                f"{name}: argnums={argnums} names no argument; received {len(args)} positional arguments"
            )
        args = list(args)
        wanted = [args[i] for i in numbers]
        self.form = wanted[0] if isinstance(argnums, int) else wanted
        given = tree.flatten(wanted)
        # Gradients stay on the tape where something outside may ask for theirs.
        self.again = bool(active.tapes) or any(isinstance(x, Tensor) and x.requires_grad for x in given)
        self.arrays = not any(isinstance(x, Tensor) for x in given) and not active.tapes
        self.sources = [_source(x, name) for x in given]
        for i, structure in zip(numbers, tree.pack(wanted, self.sources), strict=True):
            args[i] = structure
        active.tapes.append(self)
        try:
            self.result = f(*args, **kwargs)
        finally:
            active.tapes.remove(self)

    def pull(self, target: Tensor, weights: Any = None, retain: bool = False) -> list[Any]:
        """Return the gradients with respect to the sources, zeros where they are not connected."""
        found = gradients(target, self.sources, weights, retain_graph=retain, create_graph=self.again)
        return [
            np.zeros_like(s.numpy()) if g is None else g for g, s in zip(found, self.sources, strict=True)
        ]

    def give(self, found: Sequence[Any]) -> Any:
        """Return gradients in the form of the arguments: arrays for arrays, tensors for tensors."""
        return tree.pack(self.form, [self.outward(g) for g in found])

    def outward(self, x: Any) -> Any:
        """Return an array where the caller works with arrays, else a tensor."""
        if self.arrays:
            return x.numpy() if isinstance(x, Tensor) else x
        return x if isinstance(x, Tensor) else Tensor(x)


def _source(x: Any, name: str) -> Tensor:
    """Return a tensor of its own for an argument, connected with it where it is a tensor that requires a gradient."""
    from fastnn.ops import reshape

    if isinstance(x, Tensor) and x.requires_grad:
        return reshape(x, x.shape)
    array = np.asarray(x)
    if array.dtype.kind != "f":
        raise TypeError(f"{name}: only floating-point arrays have gradients; received dtype {array.dtype}")
    return Tensor(array, requires_grad=True)


def _scalar(result: Any, name: str) -> Tensor:
    if not isinstance(result, Tensor):
        raise TypeError(
            f"{name}: the function must return a tensor computed from its arguments; received {type(result).__name__}"
        )
    if result.size != 1:
        raise ValueError(f"{name}: the function must return one number; received shape {result.shape}")
    return result


def _differentiate(
    name: str, f: Callable[..., Any], argnums: int | Sequence[int], has_aux: bool, args: Any, kwargs: Any
) -> tuple[Any, Any]:
    """Return the value, or value and aux, and the gradients; ``name`` is for errors."""
    call = _Call(f, name, argnums, args, kwargs)
    value, aux = call.result if has_aux else (call.result, None)
    target = _scalar(value, name)
    found = call.give(call.pull(target))
    value = call.outward(target)
    return ((value, aux) if has_aux else value), found


def value_and_grad(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """Return a function that gives the value of ``f`` and its gradient.

    Parameters
    ----------
    f : callable
        Takes arrays (as tensors) and returns one number.
    argnums : int or sequence of int
        Which positional arguments to differentiate with respect to; each an array, or a nested list, tuple
        or dict of arrays.
    has_aux : bool
        Whether ``f`` returns ``(number, anything else)``.

    Returns
    -------
    callable
        Gives ``(value, gradient)``, with ``has_aux`` ``((value, aux), gradient)``. Arrays in give arrays out,
        tensors in give tensors out. Zeros stand where ``f`` does not depend on an argument.

    Raises
    ------
    TypeError
        An argument holds integers, or ``f`` returns no tensor.
    ValueError
        ``f`` returns more than one number.

    Examples
    --------
    >>> import fastnn
    >>> import numpy as np
    >>> fastnn.value_and_grad(lambda x: (x * x).sum())(np.array([1.0, 2.0]))
    (array(5.), array([2., 4.]))
    """

    @wraps(f)
    def value_and_gradient(*args: Any, **kwargs: Any) -> Any:
        return _differentiate("value_and_grad", f, argnums, has_aux, args, kwargs)

    return value_and_gradient


def grad(
    f: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """Return a function that gives the gradient of ``f``, which returns one number.

    See `value_and_grad` for parameters and errors. With ``has_aux`` it gives ``(gradient, aux)``.

    Examples
    --------
    >>> import fastnn
    >>> cube = lambda x: x * x * x
    >>> fastnn.grad(cube)(2.0), fastnn.grad(fastnn.grad(cube))(2.0)
    (array(12.), array(12.))
    """

    @wraps(f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, found = _differentiate("grad", f, argnums, has_aux, args, kwargs)
        return (found, value[1]) if has_aux else found

    return gradient


def jacobian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Return a function that gives all derivatives of ``f``, of shape ``f(x).shape + x.shape``.

    One backward pass per element of the result. See `value_and_grad` for parameters and errors.

    Examples
    --------
    >>> import fastnn
    >>> import numpy as np
    >>> fastnn.jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @wraps(f)
    def derivatives(*args: Any, **kwargs: Any) -> Any:
        call = _Call(f, "jacobian", argnums, args, kwargs)
        target = call.result
        if not isinstance(target, Tensor):
            raise TypeError(f"jacobian: the function must return a tensor; received {type(target).__name__}")
        return call.give(all_derivatives(target, call.sources, lambda one: call.pull(target, one, True)))

    return derivatives


def hvp(f: Callable[..., Any], x: Any, v: Any) -> Any:
    """Return the Hessian of ``f`` at ``x`` times ``v``, without making the Hessian.

    Parameters
    ----------
    f : callable
        Takes one array (as a tensor) and returns one number.
    x, v : array_like
        Of the same shape.

    Notes
    -----
    The gradient of ``sum(grad f(x) * v)``: Pearlmutter, "Fast exact multiplication by the Hessian", 1994.

    Examples
    --------
    >>> import fastnn
    >>> import numpy as np
    >>> fastnn.hvp(lambda x: (x * x * x).sum(), np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([  6., 120.])
    """
    v = v if isinstance(v, Tensor) else np.asarray(v)
    if np.shape(x) != v.shape:
        raise ValueError(f"hvp: v must have the shape of x, {np.shape(x)}; received {v.shape}")
    return grad(lambda x: (grad(f)(x) * v).sum())(x)
