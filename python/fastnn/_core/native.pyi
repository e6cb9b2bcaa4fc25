"""The native module as type checkers see it; tests/test_native_stub.py holds it against the module itself.

Inputs may have any layout; outputs are new arrays, float32 unless an input is float64. Errors name the op.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

Array = np.ndarray[Any, Any]

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
exp: Function
exp2: Function
expm1: Function
log: Function
log2: Function
log10: Function
log1p: Function
power: Function
sin: Function
cos: Function
tan: Function
erf: Function

# Activations; backward functions take y or x, then dy, then the options.
relu: Function
relu_backward: Function
relu6: Function
relu6_backward: Function
leaky_relu: Function
leaky_relu_backward: Function
elu: Function
elu_backward: Function
selu: Function
selu_backward: Function
sigmoid: Function
sigmoid_backward: Function
tanh: Function
tanh_backward: Function
hard_sigmoid: Function
hard_sigmoid_backward: Function
softsign: Function
softsign_backward: Function
softplus: Function
softplus_backward: Function
log_sigmoid: Function
log_sigmoid_backward: Function
silu: Function
silu_backward: Function
hard_silu: Function
hard_silu_backward: Function
mish: Function
mish_backward: Function
gelu: Function
gelu_backward: Function
gelu_tanh: Function
gelu_tanh_backward: Function

# Reductions, with the arguments of NumPy's functions.
sum: Function
mean: Function
prod: Function
max: Function
min: Function
any: Function
all: Function
argmax: Function
argmin: Function
var: Function
std: Function
cumsum: Function
# Those that NumPy has elsewhere: (x, axis=None, keepdims=False).
logsumexp: Function
norm_1: Function
norm_2: Function
norm_max: Function

def sum_to(x: ArrayLike, shape: tuple[int, ...], /) -> Array: ...
def sum_backward(dy: ArrayLike, shape: tuple[int, ...], axis: int | tuple[int, ...] | None, /) -> Array: ...

# Matrix products.
matmul: Function
dot: Function
inner: Function
vdot: Function
outer: Function

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

# Attention: the output, and of each row of scores the maximum and the inverse of the sum of exponentials.
def dot_product_attention_forward(
    query: ArrayLike,
    key: ArrayLike,
    value: ArrayLike,
    bias: ArrayLike | None,
    mask: Array | None,
    scale: float,
    is_causal: bool,
    /,
) -> tuple[Array, Array]: ...
def dot_product_attention_backward(
    query: ArrayLike,
    key: ArrayLike,
    value: ArrayLike,
    bias: ArrayLike | None,
    mask: Array | None,
    scale: float,
    is_causal: bool,
    y: ArrayLike,
    rows: ArrayLike,
    dy: ArrayLike,
    need_query: bool,
    need_key: bool,
    need_value: bool,
    need_scores: bool,
    /,
) -> tuple[Array | None, Array | None, Array | None, Array | None]: ...

# Convolutions; channels come last.
# Convolution. Padding is "valid", "same" or a pair of numbers for each spatial dimension.
def conv_forward(
    x: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike | None,
    activation: str,
    strides: int | tuple[int, ...],
    padding: Any,
    dilation: int | tuple[int, ...],
    channels_first: bool,
    /,
) -> Array: ...
def conv_backward(
    x: ArrayLike,
    kernel: ArrayLike,
    y: ArrayLike,
    dy: ArrayLike,
    activation: str,
    strides: int | tuple[int, ...],
    padding: Any,
    dilation: int | tuple[int, ...],
    channels_first: bool,
    need_dx: bool,
    need_dkernel: bool,
    need_dbias: bool,
    /,
) -> tuple[Array | None, Array | None, Array | None]: ...
def conv_input_gradient(
    dy: ArrayLike,
    kernel: ArrayLike,
    x_shape: tuple[int, ...],
    strides: int | tuple[int, ...],
    padding: Any,
    dilation: int | tuple[int, ...],
    channels_first: bool,
    /,
) -> Array: ...
def conv_kernel_gradient(
    x: ArrayLike,
    dy: ArrayLike,
    kernel_shape: tuple[int, ...],
    strides: int | tuple[int, ...],
    padding: Any,
    dilation: int | tuple[int, ...],
    channels_first: bool,
    /,
) -> Array: ...

# Of each channel by itself; channels come last.
def depthwise_conv_forward(
    inputs: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike | None,
    strides: int | tuple[int, ...],
    padding: str,
    dilation_rate: int | tuple[int, ...],
    activation: str,
    /,
) -> Array: ...
def depthwise_conv_backward(
    inputs: ArrayLike,
    kernel: ArrayLike,
    y: ArrayLike,
    dy: ArrayLike,
    strides: int | tuple[int, ...],
    padding: str,
    dilation_rate: int | tuple[int, ...],
    activation: str,
    need_dinputs: bool,
    need_dkernel: bool,
    need_dbias: bool,
    /,
) -> tuple[Array | None, Array | None, Array | None]: ...

# Dropout: the result, and a bit for each element that was kept.
def dropout_forward(x: ArrayLike, rate: float, seed: int, stream: int, /) -> tuple[Array, Array]: ...
def dropout_backward(dy: ArrayLike, rate: float, kept: Array, /) -> Array: ...

# Softmax.
def group_normalization_forward(
    op: str,
    x: ArrayLike,
    axis: int,
    groups: int,
    by_sample: bool,
    scale: ArrayLike | None,
    offset: ArrayLike | None,
    epsilon: float,
    /,
) -> tuple[Array, Array, Array]: ...
def group_normalization_apply(
    op: str,
    x: ArrayLike,
    axis: int,
    groups: int,
    by_sample: bool,
    mean: ArrayLike,
    variance: ArrayLike,
    scale: ArrayLike | None,
    offset: ArrayLike | None,
    epsilon: float,
    /,
) -> Array: ...
def group_normalization_backward(
    op: str,
    x: ArrayLike,
    dy: ArrayLike,
    axis: int,
    groups: int,
    by_sample: bool,
    mean: ArrayLike,
    variance: ArrayLike,
    scale: ArrayLike | None,
    epsilon: float,
    through: bool,
    need_dx: bool,
    /,
) -> tuple[Array | None, Array, Array]: ...
def layer_normalization_forward(
    op: str,
    x: ArrayLike,
    dimensions: int,
    scale: ArrayLike | None,
    offset: ArrayLike | None,
    epsilon: float,
    centred: bool,
    /,
) -> tuple[Array, Array | None, Array]: ...
def layer_normalization_backward(
    op: str,
    x: ArrayLike,
    dy: ArrayLike,
    dimensions: int,
    scale: ArrayLike | None,
    mean: Array | None,
    inverse: Array,
    need_dx: bool,
    need_dscale: bool,
    need_doffset: bool,
    /,
) -> tuple[Array | None, Array | None, Array | None]: ...
def max_pool_forward(
    x: ArrayLike,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None,
    padding: str,
    channels_first: bool,
    need_positions: bool,
    /,
) -> tuple[Array, Array | None]: ...
def max_pool_backward(
    dy: ArrayLike,
    positions: Array,
    x_shape: Sequence[int],
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None,
    padding: str,
    channels_first: bool,
    /,
) -> Array: ...
def average_pool_forward(
    x: ArrayLike,
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None,
    padding: str,
    channels_first: bool,
    /,
) -> Array: ...
def average_pool_backward(
    dy: ArrayLike,
    x_shape: Sequence[int],
    pool_size: int | Sequence[int],
    strides: int | Sequence[int] | None,
    padding: str,
    channels_first: bool,
    /,
) -> Array: ...
def softmax_forward(x: ArrayLike, axis: int, /) -> Array: ...
def softmax_backward(y: ArrayLike, dy: ArrayLike, axis: int, /) -> Array: ...
def log_softmax_forward(x: ArrayLike, axis: int, /) -> Array: ...
def log_softmax_backward(y: ArrayLike, dy: ArrayLike, axis: int, /) -> Array: ...

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
def set_tensor_class(tensor: type, /) -> None: ...
def set_tensor_functions(functions: dict[str, Any], /) -> None: ...
def tape_order() -> int: ...
def set_recording(value: Any, /) -> bool: ...
def is_recording() -> bool: ...
def new_tensor(array: Any, /) -> Any: ...
def flow(
    starts: list[Any],
    retain: bool,
    floor: int,
    latest_change: int,
    add: Any,
    on_tensors: Any,
    refuse: Any,
    changed: Any,
    own: Any,
    /,
) -> dict[Any, Any]: ...

class Node:
    """One recorded operation (cpp/bindings/node.h); rules see it as ``ctx``, with what was saved as attributes."""

    op: Any
    sources: Any  # for each argument a node, a leaf tensor or None; itself None once it is freed
    needs: tuple[bool, ...]  # whether each argument wants its gradient
    asked: bool  # whether somebody wants the gradient with respect to the output
    order: int  # the later recorded, the lower
    places: tuple[
        int, ...
    ]  # of each saved value: the argument that it is, their number for the output, or -1
    def save(self, **values: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...

class Op:
    """A differentiable function as users call it (cpp/bindings/op.cpp)."""

    rule: Any
    tensor_rule: Any
    def __init__(self, forward: Any, arrange: Any, explain: Any) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def vjp(self, rule: Any) -> Any: ...
    def tensor_vjp(self, rule: Any) -> Any: ...

def categorical_matches(y_true: ArrayLike, y_pred: ArrayLike, /) -> int: ...
def sparse_categorical_matches(labels: ArrayLike, y_pred: ArrayLike, /) -> int: ...
def binary_matches(y_true: ArrayLike, y_pred: ArrayLike, threshold: float, /) -> int: ...

# Recurrent layers over whole sequences. inputs: x, kernel, recurrent_kernel, bias, h, c, mask, go_backwards, whether
# all steps are wanted, whether the last carry is. The forward functions also give what the backward ones need.
def simple_rnn_forward(
    inputs: tuple[Any, ...], activation: str, keep: bool, /
) -> tuple[Array, tuple[Any, ...] | None]: ...
def simple_rnn_backward(
    inputs: tuple[Any, ...], activation: str, kept: tuple[Any, ...], dy: Array, needs: tuple[bool, ...], /
) -> tuple[Array | None, ...]: ...
def lstm_forward(
    inputs: tuple[Any, ...], option: None, keep: bool, /
) -> tuple[Array, tuple[Any, ...] | None]: ...
def lstm_backward(
    inputs: tuple[Any, ...], option: None, kept: tuple[Any, ...], dy: Array, needs: tuple[bool, ...], /
) -> tuple[Array | None, ...]: ...
def gru_forward(
    inputs: tuple[Any, ...], reset_after: bool, keep: bool, /
) -> tuple[Array, tuple[Any, ...] | None]: ...
def gru_backward(
    inputs: tuple[Any, ...], reset_after: bool, kept: tuple[Any, ...], dy: Array, needs: tuple[bool, ...], /
) -> tuple[Array | None, ...]: ...

# Rows of x, cast to dtype in the same pass.
def gather(x: ArrayLike, indices: ArrayLike, dtype: np.dtype[Any] | str | None = None) -> Array: ...

# Sums of the rows of x that carry the same number.
def segment_sum(x: ArrayLike, segment_ids: ArrayLike, num_segments: int, /) -> Array: ...

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
def adagrad_update(
    params: list[Array],
    grads: list[Array],
    accumulators: list[Array],
    lr: float,
    epsilon: float,
    weight_decay: float,
    /,
) -> None: ...
def adam_update(
    params: list[Array],
    grads: list[Array],
    m: list[Array],
    v: list[Array],
    largest: list[Array] | None,
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
