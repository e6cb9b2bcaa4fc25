"""TensorFlow's GradientTape: a thin context over the tape."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import numpy as np

from fastnn import ops, tree
from fastnn._core import native
from fastnn.autograd.flow import gradients
from fastnn.autograd.recording import no_grad
from fastnn.tensor import Tensor
from fastnn.variable import Variable


class _Active(threading.local):
    """The tapes, and the functions made by `grad`, that are at work in this thread."""

    def __init__(self) -> None:
        self.tapes: list[Any] = []


active = _Active()


def all_derivatives(target: Tensor, sources: Sequence[Tensor], pull: Callable[[Any], list[Any]]) -> list[Any]:
    """Return ``target.shape + source.shape`` derivatives for each source; ``pull`` takes a gradient back once."""
    ones = np.eye(target.size, dtype=target.dtype).reshape(target.size, *target.shape)
    rows = [pull(one) for one in ones]
    columns = zip(*rows, strict=True) if rows else [[] for _ in sources]
    return [
        None
        if any(g is None for g in column)
        else ops.reshape(ops.stack(column), (*target.shape, *source.shape))
        if rows
        else Tensor(np.zeros((*target.shape, *source.shape), source.dtype))
        for column, source in zip(columns, sources, strict=True)
    ]


def _tensors(target: Any, sources: Any) -> tuple[list[Tensor], list[Tensor]]:
    """Return what a tape is asked for as lists of tensors, checked."""
    targets, wanted = tree.flatten(target), tree.flatten(sources)
    for t in targets:
        if not isinstance(t, Tensor):
            raise TypeError(
                f"GradientTape: target must be tensors; received {type(t).__name__}: "
                "was it computed from arrays alone?"
            )
    for t in wanted:
        if not isinstance(t, Tensor):
            raise TypeError(f"GradientTape: sources must be tensors; received {type(t).__name__}")
        if t._array.dtype.kind != "f":
            raise TypeError(f"only floating-point tensors have gradients; received dtype {t.dtype}")
    return targets, wanted


class GradientTape:
    """Gradients of what was computed inside a ``with`` block, in TensorFlow's way.

    Trainable variables, and tensors that require a gradient, are watched by themselves.

    Parameters
    ----------
    persistent : bool
        Whether `gradient` and `jacobian` can be called more than once; the memory is freed with the tensors.
    watch_accessed_variables : bool
        With False, only what `watch` named has gradients.

    Notes
    -----
    There is one tape, on which fastnn records whatever tensors that require a gradient go into; this context
    chooses what to watch. A gradient that is taken inside the block of another tape is recorded
    there, which gives second derivatives.

    Examples
    --------
    >>> import fastnn
    >>> x = fastnn.Variable(3.0)
    >>> with fastnn.GradientTape() as tape:
    ...     y = x * x
    >>> tape.gradient(y, x).item()
    6.0
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._watches_all = watch_accessed_variables
        self.reset()

    def reset(self) -> None:
        """Forget what was watched, and that gradients were taken."""
        self._watched: list[Tensor] = []
        self._set: list[Tensor] = []  # those that required no gradient before
        self._used = False
        self._alone = True

    def __enter__(self) -> GradientTape:
        tapes = active.tapes
        self._alone = not tapes
        for tape in tapes:
            if isinstance(tape, GradientTape):
                tape._alone = False
        tapes.append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        active.tapes.remove(self)
        for t in self._set:
            t.requires_grad = False
        self._set = []

    def watch(self, tensor: Any) -> None:
        """Take gradients with respect to a tensor, or each of a nested structure, from here on.

        Raises
        ------
        TypeError
            It is no tensor, or holds integers.
        """
        for t in tree.flatten(tensor):
            if not isinstance(t, Tensor):
                raise TypeError(
                    f"GradientTape.watch takes tensors; received {type(t).__name__}: make it one with fastnn.tensor"
                )
            if t.dtype.kind != "f":
                raise TypeError(f"only floating-point tensors have gradients; received dtype {t.dtype}")
            if not t.requires_grad:
                t.requires_grad = True
                self._set.append(t)
            self._watched.append(t)

    def watched_variables(self) -> tuple[Variable, ...]:
        """Return the variables that `watch` named."""
        return tuple(t for t in self._watched if isinstance(t, Variable))

    def stop_recording(self) -> no_grad:
        """Return a context inside which nothing is recorded.

        Examples
        --------
        >>> import fastnn
        >>> x = fastnn.Variable(3.0)
        >>> with fastnn.GradientTape() as tape:
        ...     y = x * x
        ...     with tape.stop_recording():
        ...         print((y + 1.0).requires_grad)
        False
        """
        return no_grad()

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: str = "none",
    ) -> Any:
        """Return the gradients of ``target`` with respect to ``sources``.

        Parameters
        ----------
        target : Tensor or nested structure of them
            Of several, and of several elements, the sum is differentiated.
        sources : Tensor or nested structure of them
            Variables, watched tensors, or anything computed from them.
        output_gradients : array_like or structure like ``target``, optional
            Weights of the target's elements in that sum.
        unconnected_gradients : {"none", "zero"}
            What stands for sources that the target does not depend on.

        Returns
        -------
        Tensor or None, in the structure of ``sources``

        Raises
        ------
        RuntimeError
            Gradients were taken before and the tape is not persistent.
        TypeError
            A target or source is no tensor, or holds integers.
        """
        targets, wanted = _tensors(target, sources)
        if unconnected_gradients not in ("none", "zero"):
            raise ValueError(
                f'unconnected_gradients must be "none" or "zero"; received {unconnected_gradients!r}'
            )
        self._use()
        if output_gradients is None:
            weights = [np.ones(t.shape, t.dtype) if t.ndim else None for t in targets]
        else:
            weights = [output_gradients] if isinstance(target, Tensor) else tree.flatten(output_gradients)
        found = self._gradients(targets, wanted, weights, not self._persistent and self._alone)
        if unconnected_gradients == "zero":
            found = [
                Tensor(np.zeros_like(t.numpy())) if g is None else g
                for g, t in zip(found, wanted, strict=True)
            ]
        return tree.pack(sources, found)

    def jacobian(self, target: Tensor, sources: Any) -> Any:
        """Return all derivatives of ``target``, of shape ``target.shape + source.shape`` for each source.

        See `gradient` for parameters and errors.

        Examples
        --------
        >>> import fastnn
        >>> x = fastnn.Variable([1.0, 2.0])
        >>> with fastnn.GradientTape() as tape:
        ...     y = x * x
        >>> tape.jacobian(y, x).numpy()
        array([[2., 0.],
               [0., 4.]])
        """
        (target,), wanted = _tensors(target, sources)
        self._use()
        found = all_derivatives(target, wanted, lambda one: self._gradients([target], wanted, [one], False))
        return tree.pack(sources, found)

    def _use(self) -> None:
        if self._used and not self._persistent:
            raise RuntimeError(
                "this GradientTape has given its gradients: make it with persistent=True to ask more than once"
            )
        self._used = True

    def _gradients(
        self, target: list[Tensor], sources: list[Tensor], weights: list[Any], free: bool
    ) -> list[Any]:
        again = any(tape is not self or self._persistent for tape in active.tapes)
        found = gradients(target, sources, weights, retain_graph=not free, create_graph=again)
        if not self._watches_all:
            watched = {id(t) for t in self._watched}
            found = [
                g if t._node is not None or id(t) in watched else None
                for g, t in zip(found, sources, strict=True)
            ]
        return [native.new_tensor(g) if isinstance(g, np.ndarray) else g for g in found]
