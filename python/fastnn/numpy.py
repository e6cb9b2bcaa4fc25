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
- they are callables with NumPy's docstrings, but no `numpy.ufunc` objects;
- where shapes do not fit, the ValueError says so in fastnn's words.

Functions that NumPy lacks, `rsqrt` and the activations among them, are here under fastnn's names.
"""

from __future__ import annotations

from typing import Any

import numpy as _numpy

from fastnn._core import native as _native

globals().update(_native.numpy_functions)


def native_functions() -> list[str]:
    """Return the names of the functions that are native.

    Examples
    --------
    >>> import fastnn.numpy as np
    >>> {"add", "matmul"}.issubset(np.native_functions())
    True
    """
    return sorted(_native.numpy_functions)


def __getattr__(name: str) -> Any:
    return getattr(_numpy, name)


def __dir__() -> list[str]:
    return sorted({*dir(_numpy), *_native.numpy_functions, "native_functions"})


__all__ = sorted({*_numpy.__all__, *_native.numpy_functions})
