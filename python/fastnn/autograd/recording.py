"""How operations are recorded on the tape.

An op is a pair of functions. ``forward(ctx, *arrays)`` computes with arrays and saves what its rule
needs; ``vjp(ctx, dy)`` returns the gradient for each array argument in order (None where there is
none; one value instead of a tuple where there is one argument)::

    @differentiable
    def sigmoid(ctx, x):
        y = native.sigmoid(x)
        ctx.save(y=y)
        return y

    @sigmoid.vjp
    def sigmoid_vjp(ctx, dy):
        return native.sigmoid_backward(ctx.y, dy)

Called with arrays, ``sigmoid`` gives an array and touches no tape. Called with a `Tensor`, it gives a
`Tensor` and records one node. ``ctx.needs[i]`` tells the rule whether argument i wants its gradient.

Gradients of gradients run rules on tensors: ``dy``, and what was saved of inputs and outputs, are then
Tensors, and what the rule does with them is recorded. ``@sigmoid.tensor_vjp`` registers the rule for that;
one made of ops and of native functions that are ops too serves for both::

    @square.tensor_vjp
    @square.vjp
    def square_vjp(ctx, dy):
        return native.multiply(dy, native.multiply(ctx.x, 2.0))
"""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Callable, Sequence
from functools import update_wrapper
from types import TracebackType
from typing import Any, Protocol, overload

import numpy as np

from fastnn._core import native
from fastnn.tensor import Tensor

Array = np.ndarray[Any, Any]


Node = native.Node  # one recorded operation: what rules get as ctx


native.set_tensor_class(Tensor)


class Op(Protocol):
    """A differentiable function as users call it: an object of the native type Op (cpp/bindings/op.cpp)."""

    __name__: str
    __signature__: inspect.Signature

    @overload
    def __call__(self, x: Tensor, /, *args: Any, **kwargs: Any) -> Tensor: ...
    @overload
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    rule: Callable[..., Any] | None
    tensor_rule: Callable[..., Any] | None

    def vjp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Register the backward rule."""

    def tensor_vjp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Register the backward rule that runs on tensors, so that gradients have gradients."""


# Every op by its name. One with a leading underscore serves the public function of the name without.
registry: dict[str, Op] = {}
native.set_tensor_functions(registry)  # native functions hand tensors to the op of their name
_NUMPYS = (ValueError, IndexError, TypeError, np.exceptions.AxisError)


def _in_our_form(
    op: str, names: Sequence[str], args: Sequence[Any], kwargs: dict[str, Any], error: Exception
) -> Exception | None:
    """Return what NumPy says in the form of our own errors: op, rule, what came; None for other errors."""
    if type(error) not in _NUMPYS or str(error).startswith(("[", f"{op}()")):
        return None
    given = list(zip(names, args, strict=False))
    given += kwargs.items()
    words = [f"{name} {getattr(arg, 'shape', None) or reprlib.repr(arg)}" for name, arg in given[:6]]
    received = ", ".join(words) + (", ..." if len(given) > 6 else "")
    return type(error)(f"[{op.lstrip('_')}] {str(error).rstrip('.')}; received {received}")


def differentiable(forward: Callable[..., Any]) -> Op:
    """Make ``forward(ctx, *arrays, **options)`` an op; see the module's text for the form."""
    parameters = list(inspect.signature(forward).parameters.values())[1:]
    op: Any = native.Op(forward, _positional, _explain)
    update_wrapper(op, forward)
    del op.__wrapped__
    op.__signature__ = inspect.Signature(parameters)
    registry[forward.__name__] = op
    return op


def _explain(op: Op, args: tuple[Any, ...], kwargs: dict[str, Any], error: Exception) -> Any:
    """Return what to do where an op was called and failed: another error to raise, None for the same, or what
    the call gives after all, which is symbolic.
    """
    recorded = _in_graph(op, args, kwargs)
    if recorded is not None:
        return recorded
    names = list(op.__signature__.parameters)
    if any(p.kind is p.VAR_POSITIONAL for p in op.__signature__.parameters.values()):
        names[-1:] = [f"{names[-1]}[{i}]" for i in range(len(args) - len(names) + 1)]
    elif len(args) > len(names):  # Python's message would count ctx
        return TypeError(f"{op.__name__}() takes at most {len(names)} arguments but {len(args)} were given")
    return _in_our_form(op.__name__, names, args, kwargs, error)


def constant(forward: Callable[..., Any]) -> Op:
    """Make ``forward(*arrays, **options)`` an op whose result has no gradient: comparisons, positions."""
    names = list(inspect.signature(forward).parameters)

    def op(*args: Any, **kwargs: Any) -> Any:
        given = [*args, *kwargs.values()]
        try:
            if not any(isinstance(arg, Tensor) for arg in given):
                return forward(*args, **kwargs)
            arrays = [arg._array if isinstance(arg, Tensor) else arg for arg in given]
            named = dict(zip(kwargs, arrays[len(args) :], strict=True))
            return Tensor(forward(*arrays[: len(args)], **named))
        except (AttributeError, IndexError, TypeError, ValueError) as error:
            recorded = _in_graph(op, args, kwargs)
            if recorded is not None:
                return recorded
            told = _in_our_form(forward.__name__, names, args, kwargs, error)
            if told is None:
                raise
            raise told from None

    update_wrapper(op, forward)
    op.rule = _no_gradient  # type: ignore[attr-defined]
    registry[forward.__name__] = op  # type: ignore[assignment]
    return op  # type: ignore[return-value]


def _in_graph(op: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return symbolic outputs where arguments are symbolic, else None.

    Such arguments have no arrays, so the usual path fails; asking only then costs it nothing.
    """
    from fastnn import symbolic

    try:
        return symbolic.call_op(op, args, kwargs)
    except Exception as error:
        raise error from None  # not from the failure of the usual path


def _no_gradient(ctx: Node, dy: Array) -> None:
    """Stand for the rule of a constant op, which is never recorded."""


def _positional(op: Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Return all arguments in order, so that recorded inputs have a place."""
    parameters = op.__signature__.parameters
    rest = list(args)
    given = dict(kwargs)
    for name, parameter in list(parameters.items())[len(args) :]:
        if name in given:
            rest.append(given.pop(name))
        elif parameter.default is not inspect.Parameter.empty:
            rest.append(parameter.default)
        else:
            raise TypeError(f"{op.__name__}() missing required argument: {name!r}")
    if given:
        name = next(iter(given))
        problem = "got multiple values for" if name in parameters else "got an unexpected keyword"
        raise TypeError(f"{op.__name__}() {problem} argument {name!r}")
    return tuple(rest)


class no_grad:
    """Record nothing inside the ``with`` block of this thread.

    Examples
    --------
    >>> import fastnn
    >>> x = fastnn.tensor([1.0], requires_grad=True)
    >>> with fastnn.no_grad():
    ...     y = x * 2.0
    >>> y.requires_grad
    False
    """

    def __enter__(self) -> None:
        self._before = native.set_recording(False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        native.set_recording(self._before)
