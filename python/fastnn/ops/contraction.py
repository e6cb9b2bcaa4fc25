"""Sums of products of labelled arrays, planned once per shape: pairs of arrays as stacks of matrices.

The engine of `einsum`. Each array has one label per dimension, each label one size.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from fastnn._core import native
from fastnn.autograd import Array

from .arithmetic import multiply
from .reduction import sum as _sum

Labels = tuple[str, ...]
Shape = tuple[int, ...]
# A step replaces arrays i and j by one: run(x_i, x_j).
_Pair = Callable[[Array, Array], Array]


class Plan(NamedTuple):
    """How to multiply arrays two by two, and what remains to be done then."""

    steps: tuple[tuple[int, int, _Pair], ...]
    sum_over: Shape  # of the array that is left
    order: Shape | None  # then


def _pair(a: Labels, b: Labels, sizes: dict[str, int], keep: set[str], out: Labels) -> tuple[Labels, _Pair]:
    """Plan the product of two arrays, and the sum over all labels that are not to be kept."""
    sum_a = tuple(d for d, label in enumerate(a) if label not in b and label not in keep)
    sum_b = tuple(d for d, label in enumerate(b) if label not in a and label not in keep)
    a = tuple(label for d, label in enumerate(a) if d not in sum_a)
    b = tuple(label for d, label in enumerate(b) if d not in sum_b)
    both = [label for label in a if label in b]
    summed = [label for label in both if label not in keep]
    stack = [label for label in both if label in keep]
    only_a = [label for label in a if label not in b]
    only_b = [label for label in b if label not in a]
    wanted = [label for label in out if label in stack or label in only_a or label in only_b]
    product = _elementwise if not summed or (stack and not (only_a or only_b)) else _matrices
    y, run = product(a, b, sizes, summed, stack, only_a, only_b, wanted)
    if not sum_a and not sum_b:
        return y, run
    return y, lambda x1, x2: run(_sum(x1, sum_a) if sum_a else x1, _sum(x2, sum_b) if sum_b else x2)


def _elementwise(
    a: Labels,
    b: Labels,
    sizes: dict[str, int],
    summed: list[str],
    stack: list[str],
    only_a: list[str],
    only_b: list[str],
    wanted: list[str],
) -> tuple[Labels, _Pair]:
    """Multiply with broadcasting; then sum over the last dimensions, if over any."""
    y = wanted + [label for label in stack + only_a + only_b if label not in wanted]
    every = y + summed
    order_a, shape_a = [a.index(d) for d in every if d in a], [sizes[d] if d in a else 1 for d in every]
    order_b, shape_b = [b.index(d) for d in every if d in b], [sizes[d] if d in b else 1 for d in every]
    axes = tuple(range(len(y), len(every)))

    def run(x1: Array, x2: Array) -> Array:
        product = multiply(x1.transpose(order_a).reshape(shape_a), x2.transpose(order_b).reshape(shape_b))
        return _sum(product, axes) if axes else product

    return tuple(y), run


def _matrices(
    a: Labels,
    b: Labels,
    sizes: dict[str, int],
    summed: list[str],
    stack: list[str],
    only_a: list[str],
    only_b: list[str],
    wanted: list[str],
) -> tuple[Labels, _Pair]:
    """Multiply stacks of matrices: rows from one array, columns from the other, sums over what they share."""
    rows = [label for label in wanted if label not in stack][:1]
    if rows and rows[0] in only_b:  # the result then lies in the order that is wanted
        y, swapped = _matrices(b, a, sizes, summed, stack, only_b, only_a, [])
        return y, lambda x1, x2: swapped(x2, x1)
    if math.prod(sizes[d] for d in only_b) > math.prod(sizes[d] for d in only_a):
        summed = sorted(summed, key=b.index)  # the larger array is the one not to copy
    order_a, shape_a = _grouped(a, sizes, stack, only_a, summed)
    order_b, shape_b = _grouped(b, sizes, stack, summed, only_b)
    y = tuple(stack + only_a + only_b)
    fits = len(only_a) == 1 == len(only_b) or (not stack and max(len(only_a), len(only_b)) <= 1)
    shape = None if fits else tuple(sizes[label] for label in y)

    def run(x1: Array, x2: Array) -> Array:
        if order_a is not None:
            x1 = x1.transpose(order_a)
        if shape_a is not None:
            x1 = x1.reshape(shape_a)
        if order_b is not None:
            x2 = x2.transpose(order_b)
        if shape_b is not None:
            x2 = x2.reshape(shape_b)
        product = native.matmul_forward(x1, x2)
        return product if shape is None else product.reshape(shape)

    return y, run


def _grouped(
    labels: Labels, sizes: dict[str, int], stack: list[str], rows: list[str], columns: list[str]
) -> tuple[Shape | None, Shape | None]:
    """Return how to make an array a vector or a stack of matrices: order and shape, None where it is that already."""
    order = tuple(labels.index(label) for label in stack + rows + columns)
    groups = [group for group in (rows, columns) if group or stack]
    shape = (
        *(sizes[label] for label in stack),
        *(math.prod(map(sizes.__getitem__, group)) for group in groups),
    )
    return (
        None if order == tuple(range(len(order))) else order,
        None if all(len(group) == 1 for group in groups) else shape,
    )


@lru_cache(maxsize=512)
def plan_contraction(labels: tuple[Labels, ...], shapes: tuple[Shape, ...], out: Labels) -> Plan:
    """Plan the sum over all labels that are not in ``out``."""
    sizes = {
        d: n for names, shape in zip(labels, shapes, strict=True) for d, n in zip(names, shape, strict=True)
    }
    left = list(labels)
    steps = []
    for i, j in _path(left, sizes, out):
        others = {d for n, names in enumerate(left) if n not in (i, j) for d in names}
        names, run = _pair(left[i], left[j], sizes, others | set(out), out if len(left) == 2 else ())
        left = [n for at, n in enumerate(left) if at not in (i, j)] + [names]
        steps.append((i, j, run))
    (last,) = left
    sum_over = tuple(d for d, label in enumerate(last) if label not in out)
    kept = [label for label in last if label in out]
    order = tuple(kept.index(label) for label in out)
    return Plan(tuple(steps), sum_over, None if order == tuple(range(len(order))) else order)


def _path(labels: list[Labels], sizes: dict[str, int], out: Labels) -> list[tuple[int, int]]:
    """Return which two arrays to multiply, again and again; the product goes to the end of the list."""
    from_left = [(0, 1), *((0, n) for n in range(len(labels) - 2, 0, -1))][: len(labels) - 1]
    if len(labels) < 3 or len(sizes) > 52 or 0 in sizes.values():
        return from_left
    letters = dict(zip(sizes, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False))
    subscripts = ",".join("".join(map(letters.__getitem__, names)) for names in labels)
    subscripts += "->" + "".join(map(letters.__getitem__, out))
    dummies = [np.broadcast_to(0.0, [sizes[d] for d in names]) for names in labels]
    path = np.einsum_path(subscripts, *dummies, optimize=("greedy", 2**62))[0][1:]
    return path if all(len(pair) == 2 for pair in path) else from_left


def contract(arrays: list[Array], plan: Plan) -> Array:
    """Carry out a plan for arrays of float32 or float64."""
    steps, sum_over, order = plan
    if len(arrays) == 2:
        y = steps[0][2](*arrays)
    else:
        arrays = list(arrays)
        for i, j, run in steps:
            y = run(arrays[i], arrays[j])
            arrays = [x for at, x in enumerate(arrays) if at not in (i, j)]
            arrays.append(y)
        (y,) = arrays
    if sum_over:
        y = _sum(y, sum_over)
    return y if order is None else y.transpose(order)
