"""The tape: how operations are recorded, and how gradients flow back.

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
"""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Callable, Iterable, Sequence
from functools import update_wrapper
from heapq import heappop, heappush
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, overload

import numpy as np
from numpy import ndarray

from fastnn._core import native
from fastnn.tensor import Tensor

Array = np.ndarray[Any, Any]


class Node:
    """One recorded operation: its rule, where its inputs came from, and what the forward pass saved.

    Nodes are made by ``native.call_op``, which calls the ops (cpp/bindings/tape.cpp).
    """

    __slots__ = ("__dict__", "needs", "op", "order", "sources")

    op: Op
    sources: list[Node | Tensor | None]  # a node, a leaf tensor, or None for what wants no gradient
    needs: list[bool]  # whether each argument wants its gradient
    order: int  # the later recorded, the lower

    def save(self, **values: Any) -> None:
        """Keep values for the backward rule, as attributes."""
        self.__dict__ = values

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class _NoTape:
    """The context of a call that is not recorded: keeps nothing."""

    __slots__ = ()
    needs = ()

    def save(self, **values: Any) -> None:
        pass


_NO_TAPE = _NoTape()
native.set_tape_classes(Tensor, Node, _NO_TAPE)


class Op(Protocol):
    """A differentiable function as users call it."""

    __name__: str

    @overload
    def __call__(self, x: Tensor, /, *args: Any, **kwargs: Any) -> Tensor: ...
    @overload
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    rule: Callable[..., Any] | None

    def vjp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Register the backward rule."""


# Every op by its name. One with a leading underscore serves the public function of the name without.
registry: dict[str, Op] = {}
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
    names = [p.name for p in parameters]
    variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)

    def op(*args: Any, **kwargs: Any) -> Any:
        try:
            if kwargs:
                if not any(isinstance(arg, Tensor) for arg in (*args, *kwargs.values())):
                    return forward(_NO_TAPE, *args, **kwargs)
                args = _positional(op, names, parameters, args, kwargs)
            return native.call_op(op, forward, args)
        except (AttributeError, IndexError, TypeError, ValueError) as error:
            recorded = _in_graph(op, args, kwargs)
            if recorded is not None:
                return recorded
            if len(args) > len(names) and not variadic:  # Python's message would count ctx
                raise TypeError(
                    f"{op.__name__}() takes at most {len(names)} arguments but {len(args)} were given"
                ) from None
            rest = [f"{names[-1]}[{i}]" for i in range(len(args) - len(names) + 1)]
            told = _in_our_form(op.__name__, [*names[:-1], *rest] if variadic else names, args, kwargs, error)
            if told is None:
                raise
            raise told from None

    def vjp(rule: Callable[..., Any]) -> Callable[..., Any]:
        op.rule = rule  # type: ignore[attr-defined]
        return rule

    update_wrapper(op, forward)
    del op.__wrapped__  # type: ignore[attr-defined]
    op.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    op.rule = None  # type: ignore[attr-defined]
    op.vjp = vjp  # type: ignore[attr-defined]
    registry[forward.__name__] = op  # type: ignore[assignment]
    return op  # type: ignore[return-value]


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


def _positional(
    op: Callable[..., Any],
    names: Sequence[str],
    parameters: Sequence[inspect.Parameter],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> tuple[Any, ...]:
    """Return all arguments in order, so that recorded inputs have a place."""
    rest = list(args)
    given = dict(kwargs)
    for name, parameter in zip(names[len(args) :], parameters[len(args) :], strict=True):
        if name in given:
            rest.append(given.pop(name))
        elif parameter.default is not inspect.Parameter.empty:
            rest.append(parameter.default)
        else:
            raise TypeError(f"{op.__name__}() missing required argument: {name!r}")
    if given:
        name = next(iter(given))
        problem = "got multiple values for" if name in names else "got an unexpected keyword"
        raise TypeError(f"{op.__name__}() {problem} argument {name!r}")
    return tuple(rest)


def _flow(target: Tensor, gradient: Array) -> dict[Tensor, Array]:
    """Return the gradients of all leaf tensors that ``target`` was computed from."""
    if target._node is None:
        return {target: gradient}
    pending: dict[Node | Tensor, Array] = {target._node: gradient}
    # The latest node that waits has its whole gradient: whatever it goes into was recorded after it.
    waiting = [(target._node.order, target._node)]
    while waiting:
        node = heappop(waiting)[1]
        dy = pending.pop(node)
        rule = node.op.rule
        if rule is None:
            raise NotImplementedError(f"{node.op.__name__} has no backward rule")
        grads = rule(node, dy)
        for source, grad in zip(node.sources, grads if type(grads) is tuple else (grads,)):  # noqa: B905
            if source is None or grad is None:
                continue
            if source in pending:
                pending[source] = native.add(pending[source], grad)
                continue
            pending[source] = grad
            if type(source) is Node:
                heappush(waiting, (source.order, source))
    return pending  # type: ignore[return-value]  # every node has been popped: only leaves are left


def _one(dtype: Any) -> Array:
    one = np.ones((), dtype)
    one.flags.writeable = False
    return one


# Where most backward passes begin.
_ONES = {np.dtype(dtype): _one(dtype) for dtype in ("float32", "float64")}


def _upstream(target: Tensor, gradient: Any) -> Array:
    """Return the gradient to start from, checked."""
    dtype = target.dtype.newbyteorder("=")
    if dtype.kind != "f":
        raise TypeError(f"only floating-point tensors have gradients; received dtype {dtype}")
    if gradient is None:
        if dtype in _ONES and not target.ndim:
            return _ONES[dtype]
        if target.size != 1:
            raise ValueError(
                f"only a tensor of one element has a gradient by itself; received shape {target.shape}: "
                "reduce it first (for example with .sum()) or pass gradient="
            )
        return np.array(1.0, dtype, ndmin=target.ndim)
    upstream: Array = np.asarray(gradient, dtype=dtype)
    if upstream.shape != target.shape:
        raise ValueError(
            f"gradient must have the shape of the tensor, {target.shape}; received {upstream.shape}"
        )
    return upstream


def _leaf_gradients(target: Tensor, gradient: Any) -> dict[Tensor, Array]:
    """Return the gradients of all leaves, each an array of its own and of its leaf's type.

    Rules may return views, one array for two arguments, or the very array that they were given.
    """
    upstream = _upstream(target, gradient)
    found = _flow(target, upstream)
    taken = {id(upstream)}
    for leaf, grad in found.items():
        view = grad.base is not None and isinstance(grad.base, ndarray)
        other = grad.dtype is not leaf._array.dtype and grad.dtype != leaf._array.dtype
        if view or other or id(grad) in taken:
            found[leaf] = grad = np.array(grad, dtype=leaf._array.dtype.newbyteorder("="), order="C")
        taken.add(id(grad))
    return found


def backward(target: Tensor, gradient: Any = None) -> None:
    """Add the gradients of ``target`` to ``grad`` of every leaf; see `Tensor.backward`."""
    if not target.requires_grad:
        raise ValueError("this tensor was not computed from any tensor that requires a gradient")
    for leaf, grad in _leaf_gradients(target, gradient).items():
        leaf.grad = grad if leaf.grad is None else native.add(leaf.grad, grad)


def gradients(target: Tensor, sources: Iterable[Tensor], gradient: Any = None) -> list[Array | None]:
    """Return the gradient of ``target`` for each leaf in ``sources``, None where they are not connected.

    ``grad`` of the leaves is left alone.
    """
    found = _leaf_gradients(target, gradient) if target.requires_grad else {}
    return [found.get(source) for source in sources]


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
