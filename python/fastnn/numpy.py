"""NumPy's namespace, native where fastnn has a kernel: exchange the import of a NumPy program.

>>> import fastnn.numpy as np
>>> x = np.linspace(0, 1, 5)
>>> np.maximum(x - 0.5, 0)
array([0.  , 0.  , 0.  , 0.25, 0.5 ])

Every name of NumPy's is here. Those of `native_functions` run on fastnn's kernels, on all cores, for plain
arrays of float32 and float64; any other argument (another dtype, a subclass, ``where=``, a list) goes on to
NumPy's function as it came, and so do attributes such as ``np.add.reduce``. Results have NumPy's values,
types and memory order (products are always in C order). What differs:

- operators (``a + b``, ``a @ b``) belong to the array, and stay NumPy's: write ``np.add(a, b, out=a)`` where
  it counts;
- results may differ from NumPy's in the last places, as those of any two libraries do; they are the same on
  any number of threads;
- native functions give no floating-point warnings: 1/0 is inf, 0/0 is nan, and `numpy.errstate` does not
  reach them;
- sums, products and variances of float32 are worked out in float64: partial results do not overflow;
- they are callables with NumPy's docstrings, but no `numpy.ufunc` objects;
- where shapes do not fit, the ValueError says so in fastnn's words.

Functions that NumPy lacks, `rsqrt` and the activations among them, are here under fastnn's names.
"""

from __future__ import annotations

from typing import Any

import numpy as _numpy

from fastnn._core import native as _native

# The rules of backward passes are no business of NumPy programs.
_functions = {
    name: function for name, function in _native.numpy_functions.items() if not name.endswith("_backward")
}
_same = {
    id(getattr(_numpy, name)): function for name, function in _functions.items() if hasattr(_numpy, name)
}
_functions |= {
    name: _same[id(f)] for name, f in vars(_numpy).items() if id(f) in _same
}  # abs, true_divide, ...
globals().update(_functions)


def _are_plain(arrays: tuple[Any, ...]) -> bool:
    """Tell whether all are arrays that our products are made for, and of one type."""
    first = arrays[0]
    for a in arrays:  # no all(): that name is NumPy's here
        if type(a) is not _numpy.ndarray or a.dtype not in (_numpy.float32, _numpy.float64):
            return False
        if a.dtype != first.dtype:
            return False
    return True


def einsum(subscripts: Any, *operands: Any, **options: Any) -> Any:
    """See `numpy.einsum`; products of two arrays and more run on native matrix products.

    Examples
    --------
    >>> import fastnn.numpy as np
    >>> np.einsum("ij,j->i", np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 10.0]))
    array([21., 43.])
    """
    if options or type(subscripts) is not str or len(operands) < 2 or not _are_plain(operands):
        return _numpy.einsum(subscripts, *operands, **options)
    return _ops().einsum(subscripts, *operands)[()]


def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """See `numpy.tensordot`; runs on the native matrix product.

    Examples
    --------
    >>> import fastnn.numpy as np
    >>> np.tensordot(np.ones((2, 3, 4)), np.ones((3, 4)))
    array([12., 12.])
    """
    return _ops().tensordot(a, b, axes) if _are_plain((a, b)) else _numpy.tensordot(a, b, axes)


def _ops() -> Any:
    """Return `fastnn.ops`, which takes longer to import than NumPy programs want to wait."""
    from fastnn import ops

    return ops


def native_functions() -> list[str]:
    """Return the names of the functions that are native.

    Examples
    --------
    >>> import fastnn.numpy as np
    >>> {"exp", "matmul", "einsum"}.issubset(np.native_functions())
    True
    """
    return sorted({*_functions, "einsum", "tensordot"})


def __getattr__(name: str) -> Any:
    return getattr(_numpy, name)


def __dir__() -> list[str]:
    return sorted({*dir(_numpy), *_functions, "native_functions"})


__all__ = sorted({*_numpy.__all__, *_functions})
