"""DLPack in and out, with NumPy; tests/parity has PyTorch."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from layouts import LAYOUTS

SHARED = [
    f for name, f in LAYOUTS.items() if name not in ("byte_swapped", "misaligned", "repeated", "read_only")
]


@pytest.mark.parametrize("layout", SHARED)
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "uint8", "complex128"])
@pytest.mark.parametrize("shape", [(2, 3), (), (0, 3)])
def test_memory_is_shared(layout: Any, dtype: str, shape: tuple[int, ...]) -> None:
    array = layout(np.ones(shape, dtype))
    out = np.from_dlpack(fastnn.tensor(array))
    back = fastnn.from_dlpack(array)
    assert type(back) is fastnn.Tensor
    for view in (out, back.numpy()):
        assert (view.shape, view.dtype) == (array.shape, array.dtype)
        assert view.size == 0 or (np.shares_memory(view, array) and view.strides == array.strides)
    array[...] = 5
    np.testing.assert_array_equal(back, array)
    np.testing.assert_array_equal(out, array)


def test_between_tensors() -> None:
    x = fastnn.tensor([1.0, 2.0])
    y = fastnn.from_dlpack(x)
    assert np.shares_memory(x.numpy(), y.numpy())
    assert not y.requires_grad
    assert x.__dlpack_device__() == (1, 0)  # the CPU


def test_tensors_that_require_a_gradient_are_not_given_away() -> None:
    x = fastnn.tensor([1.0, 2.0], requires_grad=True)
    for y in (x, x * 2):
        with pytest.raises(BufferError, match=r"requires a gradient cannot be shared: share x.detach\(\)"):
            np.from_dlpack(y)
    assert np.shares_memory(np.from_dlpack(x.detach()), x.numpy())


def test_foreign_byte_order_has_no_dlpack() -> None:
    with pytest.raises(BufferError):
        np.from_dlpack(fastnn.tensor(np.ones(2, ">f8")))


def test_what_has_no_dlpack() -> None:
    with pytest.raises((TypeError, AttributeError), match="__dlpack__"):
        fastnn.from_dlpack([1.0])
