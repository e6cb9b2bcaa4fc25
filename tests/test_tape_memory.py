"""What the tape keeps: nothing longer than it must, and no recursion however deep it is."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import GradientTape, Variable, ops
from fastnn._core import native

DEEP = 100_000


def resident() -> int:
    """Return the resident memory of this process in pages."""
    return int(Path("/proc/self/statm").read_text().split()[1])


def chain(x: Any, n: int) -> Any:
    for _ in range(n):
        x = x + 1.0
    return x


def test_deep_graphs_are_walked_and_forgotten_without_recursion() -> None:
    x = Variable(1.0)
    y = chain(x, DEEP)
    y.backward()
    assert x.grad is not None
    assert x.grad.item() == 1.0
    del y
    y = chain(x, DEEP)  # and one that nobody walks
    del y
    gc.collect()


def test_deep_graphs_on_a_tape() -> None:
    x = Variable(1.0)
    with GradientTape(persistent=True) as tape:
        y = chain(x * x, DEEP)
    assert tape.gradient(y, x).item() == 2.0
    assert tape.gradient(y, x).item() == 2.0
    del tape, y
    gc.collect()


def test_backward_frees_as_it_goes() -> None:
    """When the gradient reaches the first op, what the later ones saved is gone."""
    seen: list[bool] = []

    @fastnn.autograd.differentiable
    def _watched(ctx: Any, x: Any) -> Any:
        return x + 0.0

    @_watched.vjp
    def _(ctx: Any, dy: Any) -> Any:
        seen.append(saved() is None)
        return dy

    try:
        x = Variable(np.ones(1000))
        h = _watched(x)
        big = ops.exp(h)
        y = ops.sum(big)
        saved = weakref.ref(big.numpy())
        del big
        assert saved() is not None
        y.backward()
    finally:
        del fastnn.autograd.registry["_watched"]
    assert seen == [True]


def test_retained_graphs_keep_what_they_need() -> None:
    x = Variable(np.ones(3))
    y = ops.sum(ops.exp(x))
    for n in (1, 2, 3):
        y.backward(retain_graph=True)
        np.testing.assert_allclose(np.asarray(x.grad), n * np.e * np.ones(3))


def forgotten_tape(w: Variable, x: Any) -> None:
    with GradientTape():
        ops.sum(ops.square(x @ w))


def forgotten_graph(w: Variable, x: Any) -> None:
    ops.sum(ops.square(x @ w))


def training_step(w: Variable, x: Any) -> None:
    with GradientTape() as tape:
        loss = ops.sum(ops.square(x @ w))
    w.assign_sub(0.001 * tape.gradient(loss, w))


def backward_step(w: Variable, x: Any) -> None:
    ops.sum(ops.square(x @ w)).backward()
    with fastnn.no_grad():
        w.assign_sub(0.001 * w.grad)
    w.grad = None


def second_order(w: Variable, x: Any) -> None:
    with GradientTape() as outer:
        with GradientTape() as inner:
            loss = ops.sum(ops.square(ops.square(w)))
        gradient = inner.gradient(loss, w)
    outer.gradient(gradient, w)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's count of resident pages")
@pytest.mark.skipif(native.build_info()["sanitized"], reason="the sanitizer keeps freed memory for a while")
@pytest.mark.parametrize(
    ("step", "steps"),
    [
        (forgotten_tape, 100_000),
        (forgotten_graph, 100_000),
        (training_step, 100_000),
        (backward_step, 20_000),
        (second_order, 10_000),
    ],
)
def test_nothing_is_left_behind(step: Callable[[Variable, Any], None], steps: int) -> None:
    w, x = Variable(np.ones((8, 4), np.float32)), np.ones((16, 8), np.float32) / 16
    for _ in range(2_000):
        step(w, x)
    gc.collect()
    before = resident()
    for _ in range(steps):
        step(w, x)
    gc.collect()
    assert resident() < 1.01 * before


def test_no_cycles_wait_for_the_collector() -> None:
    """Reference counts alone free a step's graph."""
    w, x = Variable(np.ones((8, 4))), np.ones((16, 8)) / 16
    gc.collect()
    gc.disable()
    try:
        with GradientTape() as tape:
            h = x @ w
            loss = ops.sum(ops.square(h))
        array = weakref.ref(h.numpy())
        tape.gradient(loss, w)
        del h, loss, tape
        assert array() is None
    finally:
        gc.enable()
