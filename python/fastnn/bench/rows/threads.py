"""fastnn on all threads against fastnn on one, at sizes around those where a second thread begins to help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import Row

SIZES = (1_000, 10_000, 33_000, 66_000, 100_000, 300_000, 1_000_000, 10_000_000)
SQUARES = (16, 32, 48, 64, 96, 128, 192, 256, 512)


def fastnn(function: str, *shape: int) -> Callable[[], Any]:
    """The function on as many threads as fastnn takes by itself."""
    import fastnn.numpy as np_native

    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape, dtype=np.float32) for _ in range(2)]
    call = getattr(np_native, function)
    if function in ("add", "matmul"):
        return lambda: call(*arrays)
    return lambda: call(arrays[0])


def one(function: str, *shape: int) -> Callable[[], Any]:
    """The same on one thread."""
    from fastnn import set_num_threads

    set_num_threads(1)
    return fastnn(function, *shape)


CONTENDERS = {"fastnn": fastnn, "fastnn-one": one}
ROWS = [Row(f"{f} {n:,}", CONTENDERS, (f, n), rtol=0, atol=0) for f in ("add", "tanh", "sum") for n in SIZES]
ROWS += [Row(f"matmul {n}x{n}x{n}", CONTENDERS, ("matmul", n, n), rtol=0, atol=0) for n in SQUARES]
