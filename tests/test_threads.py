"""Every row of the op table gives the same bits on 1, 2 and 4 threads, forward and backward."""

from __future__ import annotations

import itertools
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn._core import native
from op_cases import CASES, Case

Array = np.ndarray[Any, Any]
ELEMENTS = 200_000  # of what the inputs broadcast to: several blocks for every kernel
# Stems, and other ops, in which no kernel runs, or none but those that other ops test.
STEMS = {"shape", "axes", "tiling", "pad", "joining", "splitting", "triangle", "sort"}
# Windows and sequences, whose sizes do not grow together: their larger inputs are chosen below.
CHOSEN: list[tuple[str, list[tuple[int, ...]], dict[str, Any]]] = [
    ("conv", [(9, 20, 21, 16), (3, 3, 16, 24)], {"padding": "same"}),
    ("conv", [(33, 28, 28, 1), (5, 5, 1, 6)], {}),
    ("conv", [(5, 16, 30, 31), (3, 3, 8, 32)], {"data_format": "channels_first", "strides": 2}),
    ("conv_transpose", [(9, 20, 21, 16), (3, 3, 24, 16)], {"strides": 2}),
    ("depthwise_conv", [(9, 20, 21, 48), (3, 3, 48, 1)], {"padding": "same"}),
    ("separable_conv", [(9, 20, 21, 16), (3, 3, 16, 1), (1, 1, 16, 24)], {}),
    ("max_pool", [(9, 40, 41, 16)], {"pool_size": 3, "strides": 2}),
    ("average_pool", [(9, 40, 41, 16)], {"pool_size": 3, "strides": 2, "padding": "same"}),
    ("simple_rnn", [(70, 20, 40), (40, 96), (96, 96), (96,)], {"return_sequences": True}),
    ("lstm", [(70, 20, 40), (40, 4 * 96), (96, 4 * 96), (4 * 96,)], {}),
    ("gru", [(70, 20, 40), (40, 3 * 96), (96, 3 * 96), (2, 3 * 96)], {"return_sequences": True}),
]
STEMS |= {getattr(fastnn.ops, op).__module__.rpartition(".")[2] for op, _, _ in CHOSEN} | {"dropout"}
VIEWS = {
    *(case.op for case in CASES if getattr(fastnn.ops, case.op).__module__.rpartition(".")[2] in STEMS),
    *("get_item", "take_along_axis", "one_hot", "outer"),
}
# Shapes that do not grow together, or results that grow much faster.
SMALL = {"einsum-outer", "take-columns", "tensordot-no_pairs", "tensordot-none", "vdot-other_shape"}


def _scaled(case: Case) -> list[Any]:
    """The inputs of a case with every size above 1 multiplied by one factor, so that shapes still fit.

    Values are repeated and shrunk at random, which keeps their signs, and labels within the classes.
    """
    rng = np.random.default_rng(3)
    inputs = [x.astype(np.float32) if x.dtype.kind == "f" else x for x in case.inputs(rng)]
    ndim = max(x.ndim for x in inputs)
    largest = np.max([(1,) * (ndim - x.ndim) + x.shape for x in inputs], axis=0)  # what they broadcast to
    factor = int(np.ceil((ELEMENTS / largest.prod()) ** (1 / np.sum(largest > 1))))
    scaled = []
    for x in inputs:
        x = np.tile(x, [factor if n > 1 else 1 for n in x.shape])
        scaled.append(x * rng.uniform(0.5, 1, x.shape).astype(np.float32) if x.dtype.kind == "f" else x)
    return scaled


def _can_grow(case: Case) -> bool:
    inputs = case.inputs(np.random.default_rng(3))
    wanted = case.op not in VIEWS and case.id not in SMALL
    return wanted and any(x.size > 1 for x in inputs) and all(x.size > 0 for x in inputs)


def _run(case: Case, inputs: list[Any], threads: int) -> list[bytes]:
    native.set_num_threads(threads)
    tensors = [fastnn.Tensor(x, requires_grad=i in case.differentiate) for i, x in enumerate(inputs)]
    y = case.call(getattr(fastnn.ops, case.op), *tensors, **case.options)
    if y.requires_grad:
        y.backward(np.random.default_rng(4).standard_normal(y.shape).astype(np.float32))
    arrays = [y.numpy(), *(tensors[i].grad.numpy() for i in case.differentiate)]
    assert all(a.dtype != np.float64 for a in arrays)
    return [a.tobytes() for a in arrays]


@pytest.mark.parametrize("case", [c for c in CASES if _can_grow(c)], ids=lambda c: c.id)
def test_same_bits_at_any_number_of_threads(case: Case) -> None:
    inputs = _scaled(case)
    alone = _run(case, inputs, 1)
    for threads in (2, 4, 4):
        assert _run(case, inputs, threads) == alone


@pytest.mark.parametrize(("op", "shapes", "options"), CHOSEN)
def test_windows_and_sequences(op: str, shapes: list[tuple[int, ...]], options: dict[str, Any]) -> None:
    rng = np.random.default_rng(3)
    inputs = [0.3 * rng.standard_normal(shape).astype(np.float32) for shape in shapes]
    case = Case(op, lambda rng: (), np.asarray, options, differentiate=tuple(range(len(inputs))))
    alone = _run(case, inputs, 1)
    for threads in (2, 4, 4):
        assert _run(case, inputs, threads) == alone


def test_all_ops_of_arrays_are_covered() -> None:
    ops = {case.op for case in CASES if case.inputs(np.random.default_rng(3))} - VIEWS
    assert ops == {case.op for case in CASES if _can_grow(case)}


LARGE = [(300_001,), (70, 3001), (3001, 70), (5, 40_000), (40_000, 5), (30, 70, 110), (200_000, 2)]


@pytest.mark.parametrize(
    ("shape", "axis"),
    [
        (shape, axis)
        for shape in LARGE
        for n in range(len(shape) + 1)
        for axis in itertools.combinations(range(len(shape)), n)
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sums_of_every_shape(shape: tuple[int, ...], axis: tuple[int, ...], dtype: Any) -> None:
    """Each way in which a sum is cut into blocks."""
    x = np.random.default_rng(5).standard_normal(shape).astype(dtype)
    native.set_num_threads(1)
    alone = fastnn.ops.sum(x, axis)
    for threads in (2, 4):
        native.set_num_threads(threads)
        assert fastnn.ops.sum(x, axis).tobytes() == alone.tobytes()
    terms = int(np.prod([shape[a] for a in axis]))
    scale = np.abs(x.astype(np.float64)).sum(axis)
    error = np.abs(alone.astype(np.float64) - x.astype(np.longdouble).sum(axis).astype(np.float64))
    eps = float(np.finfo(dtype).eps)
    half_ulp = 0.5 * eps * np.abs(alone) if dtype == np.float32 else 0
    assert np.all(error <= half_ulp + np.log2(terms + 1) * np.finfo(np.float64).eps * scale)
