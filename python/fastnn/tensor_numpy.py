"""NumPy's functions called with tensors: ``np.exp(x)`` is ``fastnn.ops.exp(x)``, gradient included.

A function that fastnn.ops does not have runs on the arrays, and what it gives becomes tensors. Where that would
lose a gradient (the result holds floats, and an argument is on the tape), it is refused instead.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import fastnn
from fastnn._core import native
from fastnn.tensor_inplace import InPlace, changeable, values_of

# What these change is their first argument.
_WRITERS = (np.copyto, np.put, np.place, np.putmask, np.put_along_axis, np.fill_diagonal)
_LINALG = (np.linalg.norm,)
_OTHERS = ("linspace",)  # those of fastnn.ops that leave tensors to NumPy's
_NAMES = {"invert": "bitwise_not", "remainder": "mod"}  # where fastnn.ops has another name


class NumpyProtocols:
    """How NumPy hands its functions' calls to tensors."""

    __slots__ = ()

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "__call__" and not options and (op := _op_of(ufunc)) is not None:
            return op(*inputs)
        name = f"numpy.{ufunc.__name__}" + ("" if method == "__call__" else f".{method}")
        if method == "at":
            return _write(getattr(ufunc, method), name, inputs, options)
        outs = options.get("out", ())
        for out in outs:
            if isinstance(out, InPlace):
                changeable(out, f"{name}(out=)")
            _refuse_lost_gradient(name, inputs)
        result = _run(getattr(ufunc, method), name, inputs, options)
        for out in outs:
            if out is not None:
                fastnn.autograd.note_change(_arrays(out))
        return outs[0] if len(outs) == 1 else result

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        name = f"{function.__module__}.{function.__name__}"
        op = _op_of(function)
        arguments = None if op is None else _arguments(function, op, args, kwargs)
        if op is not None and arguments is not None:
            return op(*arguments[0], **arguments[1])
        if function in _WRITERS:
            return _write(function, name, args, kwargs)
        out = _out(function, args, kwargs)
        if out is None:
            return _run(function, name, args, kwargs)
        array = changeable(out, f"{name}(out=)") if isinstance(out, InPlace) else out
        _refuse_lost_gradient(name, [*args, *kwargs.values()])
        _run(function, name, args, kwargs)
        fastnn.autograd.note_change(array)
        return out


@functools.cache
def _op_of(function: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return the function of fastnn.ops that bears the name of one of NumPy's."""
    name = function.__name__
    if name in _OTHERS or (getattr(np, name, None) is not function and function not in _LINALG):
        return None
    op: Callable[..., Any] | None = getattr(fastnn.ops, _NAMES.get(name, name), None)
    return op if callable(op) else None  # fastnn.ops.shape is a module


@functools.cache
def _signature(function: Callable[..., Any]) -> inspect.Signature | None:
    """Return the signature of a function; NumPy 1 tells none of some that are written in C."""
    try:
        return inspect.signature(function)
    except ValueError:
        return None


@functools.cache
def _parameters(op: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(op).parameters.values())


@functools.cache
def _required(op: Callable[..., Any]) -> int:
    """Return how many arguments an op needs."""
    return sum(p.default is p.empty for p in _parameters(op))


def _arguments(
    function: Callable[..., Any], op: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]] | None:
    """Return the arguments of a NumPy function as its op takes them, None where it cannot.

    Options have the same names in both. The arrays in front do not, and go by their places.
    """
    ours, names = _parameters(op), [p.name for p in _parameters(op)]
    signature = _signature(function)
    if len(args) == 1 == _required(op) and kwargs.keys() <= set(names):
        return list(args), kwargs  # np.sum(x, axis=0): as it is
    if signature is None or ours[-1].kind is inspect.Parameter.VAR_POSITIONAL:  # einsum
        fits = signature is not None or _required(op) <= len(args) <= len(ours)
        return (list(args), {}) if fits and not kwargs else None
    theirs, bound = signature.parameters, signature.bind(*args, **kwargs).arguments
    given: dict[str, Any] = dict(bound.pop("kwargs", {}))
    for place, name in enumerate(theirs):
        if name not in bound or bound[name] is theirs[name].default:
            continue
        unnamed = name not in names and place < len(names) and names[place] not in theirs
        given[names[place] if unnamed else name] = bound[name]
    if any(name not in names for name in given):
        return None
    if any(p.default is p.empty and p.name not in given for p in ours):
        return None
    leading = []
    for p in ours:
        if p.name not in given:
            break
        leading.append(given.pop(p.name))
    return leading, given


def _out(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return what the result of a NumPy function is to be written to, None for a new array."""
    signature = _signature(function)
    if "out" in kwargs or len(args) < 3 or signature is None:
        return kwargs.get("out")
    return signature.bind(*args, **kwargs).arguments.get("out")


def _tensors(values: Iterable[Any]) -> list[InPlace]:
    """Return all tensors among values, and in lists and tuples of them."""
    found: list[InPlace] = []
    for value in values:
        if isinstance(value, InPlace):
            found.append(value)
        elif isinstance(value, (list, tuple)):
            found += _tensors(value)
    return found


def _arrays(value: Any) -> Any:
    """Return a value with arrays in place of tensors."""
    if isinstance(value, InPlace):
        return value._array
    return type(value)(map(_arrays, value)) if type(value) in (list, tuple) else value


def _are_recorded(values: Iterable[Any]) -> bool:
    return any(x.requires_grad for x in _tensors(values)) and native.is_recording()


def _refuse_lost_gradient(name: str, values: Iterable[Any]) -> None:
    if _are_recorded(values):
        raise TypeError(
            f"{name} as called here has no gradient in fastnn: use functions of fastnn.ops, "
            "or give it x.detach()"
        )


def _run(function: Callable[..., Any], name: str, args: Iterable[Any], kwargs: dict[str, Any]) -> Any:
    """Call a function of NumPy's with arrays; it gives tensors, which must not need a gradient."""
    args = tuple(args)
    result = function(*map(_arrays, args), **{k: _arrays(v) for k, v in kwargs.items()})
    if _has_floats(result):
        _refuse_lost_gradient(name, [*args, *kwargs.values()])
    return _wrapped(result)


def _write(function: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Call a function of NumPy's that changes its first argument."""
    target, *rest = [*args, *kwargs.values()]
    for value in _tensors(rest):
        values_of(value, name)
    if isinstance(target, InPlace):
        changeable(target, name)
    function(*map(_arrays, args), **{k: _arrays(v) for k, v in kwargs.items()})
    fastnn.autograd.note_change(_arrays(target))


def _has_floats(result: Any) -> bool:
    if isinstance(result, (list, tuple)):
        return any(map(_has_floats, result))
    return isinstance(result, (np.ndarray, np.generic, float)) and np.asarray(result).dtype.kind in "fc"


def _wrapped(result: Any) -> Any:
    """Return a result with tensors in place of arrays and NumPy's numbers."""
    if isinstance(result, (list, tuple)):
        wrapped = [_wrapped(r) for r in result]
        return type(result)(*wrapped) if hasattr(result, "_fields") else type(result)(wrapped)
    if isinstance(result, (np.ndarray, np.generic)) and result.dtype.kind in "fiubc":
        return fastnn.Tensor(result)
    return result
