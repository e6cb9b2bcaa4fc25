"""The native module as type checkers see it; tests/test_native_stub.py holds it against the module itself.

Inputs may have any layout; outputs are new arrays, float32 unless an input is float64. Errors name the op.
"""

from types import NotImplementedType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

Array = np.ndarray[Any, Any]
# What an op gives that leaves all but float32 and float64 to NumPy.
ArrayOrNot = Array | NotImplementedType

# Threads, CPU level and build options.
def get_num_threads() -> int: ...
def set_num_threads(n: int) -> None: ...
def buffer_cached_bytes() -> int: ...
def buffer_clear() -> None: ...
def build_info() -> dict[str, Any]: ...

class Function:
    """A function of arrays (cpp/bindings/function.h): native for plain float32 and float64, NumPy's for all else."""

    __name__: str
    def __call__(self, *args: Any, **kwargs: Any) -> Array: ...
    def __getattr__(self, name: str) -> Any: ...

# Those that answer with NumPy's scalars instead of arrays of no dimensions, by NumPy's names.
numpy_functions: dict[str, Function]

# Functions of each element. All take `out`.
add: Function
subtract: Function
multiply: Function
divide: Function
negative: Function
absolute: Function
sign: Function
square: Function
sqrt: Function
rsqrt: Function
reciprocal: Function
floor: Function
ceil: Function
trunc: Function
round: Function
equal: Function
not_equal: Function
less: Function
less_equal: Function
greater: Function
greater_equal: Function
isnan: Function
isinf: Function
isfinite: Function
maximum: Function
minimum: Function
fmax: Function
fmin: Function
clip: Function
where: Function

# Reductions.
def sum(x: Any, axis: int | tuple[int, ...] | None, keepdims: bool, /) -> ArrayOrNot: ...
def mean(x: Any, axis: int | tuple[int, ...] | None, keepdims: bool, /) -> ArrayOrNot: ...
def sum_to(x: ArrayLike, shape: tuple[int, ...], /) -> Array: ...
def sum_backward(dy: ArrayLike, shape: tuple[int, ...], axis: int | tuple[int, ...] | None, /) -> Array: ...

# Matrix products.
matmul: Function
dot: Function

def matmul_forward(a: ArrayLike, b: ArrayLike, /) -> Array: ...
def dense_forward(x: ArrayLike, kernel: ArrayLike, bias: ArrayLike | None, activation: str, /) -> Array: ...
def dense_backward(
    x: ArrayLike,
    kernel: ArrayLike,
    y: ArrayLike,
    dy: ArrayLike,
    activation: str,
    need_dx: bool,
    need_dkernel: bool,
    need_dbias: bool,
    /,
) -> tuple[Array | None, Array | None, Array | None]: ...

# Activations.
def relu_forward(x: ArrayLike, /) -> Array: ...
def relu_backward(y: ArrayLike, dy: ArrayLike, /) -> Array: ...
def sigmoid_forward(x: ArrayLike, /) -> Array: ...
def sigmoid_backward(y: ArrayLike, dy: ArrayLike, /) -> Array: ...
def tanh_forward(x: ArrayLike, /) -> Array: ...
def tanh_backward(y: ArrayLike, dy: ArrayLike, /) -> Array: ...
def softmax_forward(x: ArrayLike, axis: int, /) -> Array: ...
def softmax_backward(y: ArrayLike, dy: ArrayLike, axis: int, /) -> Array: ...

# Losses, one per sample, and their gradients with respect to the prediction.
def categorical_crossentropy_forward(target: ArrayLike, output: ArrayLike, from_logits: bool, /) -> Array: ...
def categorical_crossentropy_backward(
    target: ArrayLike, output: ArrayLike, dy: ArrayLike, from_logits: bool, /
) -> Array: ...
def softmax_categorical_crossentropy_backward(target: ArrayLike, y: ArrayLike, dy: ArrayLike, /) -> Array: ...
def sparse_categorical_crossentropy_forward(
    labels: ArrayLike, output: ArrayLike, from_logits: bool, /
) -> Array: ...
def sparse_categorical_crossentropy_backward(
    labels: ArrayLike, output: ArrayLike, dy: ArrayLike, from_logits: bool, /
) -> Array: ...
def softmax_sparse_categorical_crossentropy_backward(
    labels: ArrayLike, y: ArrayLike, dy: ArrayLike, /
) -> Array: ...
def binary_crossentropy_forward(target: ArrayLike, output: ArrayLike, from_logits: bool, /) -> Array: ...
def binary_crossentropy_backward(
    target: ArrayLike, output: ArrayLike, dy: ArrayLike, from_logits: bool, /
) -> Array: ...
def mean_squared_error_forward(y_true: ArrayLike, y_pred: ArrayLike, /) -> Array: ...
def mean_squared_error_backward(y_true: ArrayLike, y_pred: ArrayLike, dy: ArrayLike, /) -> Array: ...

# How many predictions are right.
def labels_fit(labels: ArrayLike, classes: int, /) -> bool: ...
def set_tape_classes(tensor: type, node: type, no_tape: Any, /) -> None: ...
def set_recording(value: bool, /) -> bool: ...
def call_op(op: Any, forward: Any, args: tuple[Any, ...], /) -> Any: ...
def categorical_matches(y_true: ArrayLike, y_pred: ArrayLike, /) -> int: ...
def sparse_categorical_matches(labels: ArrayLike, y_pred: ArrayLike, /) -> int: ...
def binary_matches(y_true: ArrayLike, y_pred: ArrayLike, threshold: float, /) -> int: ...

# Rows of x, cast to dtype in the same pass.
def gather(x: ArrayLike, indices: ArrayLike, dtype: np.dtype[Any] | str | None = None) -> Array: ...

# One step of an optimizer: every array in params and of the state is changed in place.
def sgd_update(
    params: list[Array],
    grads: list[Array],
    momentums: list[Array] | None,
    lr: float,
    momentum: float,
    nesterov: bool,
    weight_decay: float,
    /,
) -> None: ...
def rmsprop_update(
    params: list[Array],
    grads: list[Array],
    velocities: list[Array],
    momentums: list[Array] | None,
    averages: list[Array] | None,
    lr: float,
    rho: float,
    momentum: float,
    epsilon: float,
    weight_decay: float,
    /,
) -> None: ...
def adam_update(
    params: list[Array],
    grads: list[Array],
    m: list[Array],
    v: list[Array],
    lr: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
    step: int,
    weight_decay: float,
    /,
) -> None: ...

# Counter-based random numbers.
def philox(seed: int, stream: int, counter: int, /) -> list[int]: ...
def random_uniform(seed: int, stream: int, shape: int | tuple[int, ...], dtype: str, /) -> Array: ...
def random_normal(seed: int, stream: int, shape: int | tuple[int, ...], dtype: str, /) -> Array: ...
def random_truncated_normal(seed: int, stream: int, shape: int | tuple[int, ...], dtype: str, /) -> Array: ...
def random_permutation(seed: int, stream: int, n: int, /) -> Array: ...
