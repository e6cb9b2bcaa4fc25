"""Einstein summation through matmul.

What the subscripts say is kept for the next call with the same shapes; `contraction` then does the work. Wrong
subscripts, and types other than float32 and float64, are left to NumPy.
"""

from __future__ import annotations

import string
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from fastnn.autograd import Array, Node, differentiable

from ._scatter import put_back
from .contraction import Labels, Plan, Shape, contract, plan_contraction
from .shape import broadcast_to
from .tensordot import FLOATS


class _Parsed(NamedTuple):
    """What subscripts say about arrays of certain shapes."""

    given: tuple[Labels, ...]  # per array, one label per dimension
    labels: tuple[Labels, ...]  # the same without repetitions, and without sizes of 1 that are broadcast
    drops: tuple[tuple[Any, ...] | None, ...]  # the index that takes such sizes away
    out: Labels
    plan: Plan
    views: bool  # whether there are repetitions or sizes to drop


@lru_cache(maxsize=512)
def _parse(subscripts: str, shapes: tuple[Shape, ...]) -> _Parsed | None:
    """Parse subscripts; None for what is wrong, or too odd."""
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        return None
    known = [_labels(term, len(shape)) for term, shape in zip(terms, shapes, strict=True)]
    given = [labels for labels in known if labels is not None]
    if len(given) < len(terms):
        return None
    dots = max((sum(label[0] == "." for label in labels) for labels in given), default=0)
    ellipsis = tuple(f".{dots - i}" for i in range(dots))
    if arrow:
        if right.count("...") > 1 or (dots and "..." not in right):
            return None
        before, _, after = right.partition("...")
        out: Labels = (*before, *(ellipsis if "..." in right else ()), *after)
    else:
        letters = left.replace(",", "").replace(".", "")
        out = (*ellipsis, *sorted(c for c in set(letters) if letters.count(c) == 1))
    sizes: dict[str, int] = {}
    for labels, shape in zip(given, shapes, strict=True):
        if len(set(zip(labels, shape, strict=True))) != len(set(labels)):
            return None  # a diagonal of what is not square
        for label, size in zip(labels, shape, strict=True):
            so_far = sizes.setdefault(label, size)
            if so_far == 1:
                sizes[label] = size
            elif size not in (1, so_far):
                return None
    if len(set(out)) != len(out) or not sizes.keys() >= set(out):
        return None
    unique, drops = [], []
    for labels, shape in zip(given, shapes, strict=True):
        mine = dict(zip(labels, shape, strict=True))
        kept = tuple(label for label, size in mine.items() if size == sizes[label])
        unique.append(kept)
        drops.append(
            None if len(kept) == len(mine) else tuple(0 if d not in kept else slice(None) for d in mine)
        )
    shapes = tuple(tuple(sizes[label] for label in labels) for labels in unique)
    views = unique != given
    return _Parsed(
        tuple(given), tuple(unique), tuple(drops), out, plan_contraction(tuple(unique), shapes, out), views
    )


def _labels(term: str, ndim: int) -> Labels | None:
    """Return one label per dimension; those under an ellipsis are numbered from the last."""
    before, dots, after = term.partition("...")
    letters = before + after
    count = ndim - len(letters)
    if not (letters.isascii() and (letters.isalpha() or not letters)) or count < 0 or (count and not dots):
        return None
    return (*before, *(f".{count - i}" for i in range(count)), *after)


def _distinct(x: Array, parsed: _Parsed, i: int) -> Array:
    """Return a view of array ``i`` with its distinct labels: of repeated ones the diagonal."""
    given, drop = parsed.given[i], parsed.drops[i]
    x = _diagonal(x, given)
    return x if drop is None else x[drop]


def _diagonal(x: Array, labels: Labels) -> Array:
    if len(set(labels)) == len(labels):
        return x
    numbers = {label: n for n, label in enumerate(dict.fromkeys(labels))}
    y: Array = np.einsum(x, [numbers[label] for label in labels], list(numbers.values()))
    return y


@differentiable
def _einsum(ctx: Node, subscripts: str, *operands: Any) -> Array:
    arrays = [np.asarray(x) for x in operands]
    parsed = _parse(subscripts, tuple([x.shape for x in arrays]))
    if ctx.needs:
        # Each under a name of its own, as the tape finds arrays that were changed, and tensors.
        ctx.save(parsed=parsed, **{f"x{i}": x for i, x in enumerate(arrays)})
    types = {x.dtype.num for x in arrays}
    if parsed is None or not types <= FLOATS:
        return np.asarray(np.einsum(subscripts, *arrays))
    if len(types) == 2:
        arrays = [x.astype(np.float64, copy=False) for x in arrays]
    if parsed.views:
        arrays = [_distinct(x, parsed, i) for i, x in enumerate(arrays)]
    return contract(arrays, parsed.plan)


@_einsum.vjp
def _einsum_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    if ctx.parsed is None:
        raise NotImplementedError("einsum has no backward rule for these subscripts")
    # The gradient for one array is an einsum of dy and the others.
    given = [getattr(ctx, f"x{i}") for i in range(len(ctx.parsed.given))]
    arrays = [_distinct(x, ctx.parsed, i).astype(dy.dtype, copy=False) for i, x in enumerate(given)]
    grads = [
        _gradient(dy, arrays, ctx.parsed, i, x.shape) if needed else None
        for i, (x, needed) in enumerate(zip(given, ctx.needs[1:], strict=True))
    ]
    return (None, *grads)


def _gradient(dy: Array, arrays: list[Array], parsed: _Parsed, i: int, shape: Shape) -> Array:
    given, labels = parsed.given[i], parsed.labels
    others = [n for n in range(len(arrays)) if n != i]
    known = set(parsed.out).union(*(labels[n] for n in others))
    target = tuple(label for label in labels[i] if label in known)
    factors = [dy, *(arrays[n] for n in others)]
    shapes = tuple([x.shape for x in factors])
    grad = contract(factors, plan_contraction((parsed.out, *(labels[n] for n in others)), shapes, target))
    if target != labels[i]:  # what only this array has was summed over: the same for each
        grad = grad[tuple(slice(None) if label in known else None for label in labels[i])]
        grad = np.broadcast_to(grad, arrays[i].shape)
    drop = parsed.drops[i]
    if drop is not None:
        grad = grad[tuple(None if at == 0 else at for at in drop)]
    if len(set(given)) == len(given):
        return grad
    whole = np.zeros(shape, grad.dtype)
    _diagonal(whole, given)[...] = grad
    return whole


@_einsum.tensor_vjp
def _einsum_tensor_vjp(ctx: Node, dy: Array) -> tuple[Array | None, ...]:
    parsed = ctx.parsed
    if parsed is None:
        raise NotImplementedError("einsum has no backward rule for these subscripts")
    letters = dict(
        zip(dict.fromkeys(d for given in parsed.given for d in given), string.ascii_letters, strict=False)
    )

    def name(labels: Labels) -> str:
        return "".join(map(letters.__getitem__, labels))

    def gradient(i: int) -> Array:
        x = getattr(ctx, f"x{i}")
        others = [n for n in range(len(parsed.given)) if n != i]
        mine = tuple(dict.fromkeys(parsed.given[i]))
        sizes = dict(zip(parsed.given[i], x.shape, strict=True))
        factors = [parsed.out, *(parsed.given[n] for n in others)]
        known = {d for names in factors for d in names}
        target = tuple(d for d in mine if d in known and d in parsed.labels[i])
        subscripts = ",".join(map(name, factors)) + "->" + name(target)
        grad = einsum(subscripts, dy, *(getattr(ctx, f"x{n}") for n in others))
        # What was summed over x alone is repeated; of repeated labels the diagonal is filled.
        found = dict(zip(target, grad.shape, strict=True))
        grad = grad.reshape([found.get(d, 1) for d in sizes])
        grad = broadcast_to(grad, tuple(sizes.values()))
        if len(mine) == x.ndim:
            return grad
        positions = np.arange(x.size).reshape(x.shape)
        return put_back(grad, _diagonal(positions, parsed.given[i]), x.shape)

    return (None, *(gradient(i) if needed else None for i, needed in enumerate(ctx.needs[1:])))


def einsum(subscripts: Any, *operands: Any) -> Any:
    """Sum of products by Einstein's convention.

    Parameters
    ----------
    subscripts : str
        One letter per dimension of each array, and after ``->`` those of the result: a sum is taken over the
        letters that are missing there. Without ``->``, over those that occur more than once, and the rest is sorted.
        ``...`` stands for dimensions that broadcast; a letter twice in one array for its diagonal.
    *operands : array_like
        The arrays. NumPy's other form, arrays and lists of numbers in turn, is taken too.

    Returns
    -------
    ndarray
        The sums of products, in memory in any order; for one array and no sum, a view.

    Raises
    ------
    ValueError
        If the subscripts do not fit the arrays, or sizes of one letter differ.

    Notes
    -----
    Several arrays are multiplied two by two, in the order of `numpy.einsum_path`; their gradients are einsums as well.
    Types other than float32 and float64 are left to NumPy.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import ops
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> ops.einsum("ij,kj->ik", x, x)
    array([[ 5., 11.],
           [11., 25.]])
    >>> float(ops.einsum("ii", x))
    5.0
    """
    if not isinstance(subscripts, str):
        subscripts, operands = _from_lists((subscripts, *operands))
    return _einsum(subscripts, *operands)


def _from_lists(arguments: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """Turn ``x1, [0, 1], x2, [1, 2], [0, 2]`` into subscripts and arrays, with NumPy's letters."""

    def term(numbers: Any) -> str:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        if not all(n is ... or 0 <= n < 52 for n in numbers):
            raise ValueError("[einsum] subscripts must lie in [0, 52)")
        return "".join("..." if n is ... else letters[n] for n in numbers)

    pairs = len(arguments) // 2
    subscripts = ",".join(term(numbers) for numbers in arguments[1 : 2 * pairs : 2])
    if len(arguments) % 2:
        subscripts += "->" + term(arguments[-1])
    return subscripts, arguments[: 2 * pairs : 2]
