"""Symbolic tensors: places in a graph that get values when its model is called.

`fastnn.Input` makes the first one. Layers and ops that are called on symbolic tensors compute nothing:
they find the shapes and types of what they would give, record the call as a `Node`, and give symbolic
tensors. `fastnn.Model` follows the nodes back from its outputs to its inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

import numpy as np

from fastnn import tree
from fastnn.autograd import no_grad, registry
from fastnn.errors import retold
from fastnn.naming import auto_name
from fastnn.tensor import Tensor

Shape = tuple[int | None, ...]
# What stands for None, as batch size and as other sizes, in two runs: a size on which they agree is fixed.
_TRIALS = ((2, 16), (3, 17))


class History(NamedTuple):
    """Where a symbolic tensor comes from: which call of which layer, and which of its outputs."""

    operation: Any
    node_index: int
    tensor_index: int

    @property
    def node(self) -> Node:
        """The call."""
        node: Node = self.operation._inbound_nodes[self.node_index]
        return node


class NoValuesError(TypeError, AttributeError):
    """A symbolic tensor was asked for its values; ``hasattr`` and copying take it for a missing attribute."""


class KerasTensor(Tensor):
    """A tensor without values: a shape, a type, and how it will be computed.

    `fastnn.Input` and calls of layers and ops make them. It is a Tensor whose slots stay empty: where
    something asks for values there are none, and that is said in a sentence.

    Parameters
    ----------
    shape : tuple of int or None
        With the batch size, which is None where any will do.
    dtype : str or numpy.dtype
    name : str, optional

    Examples
    --------
    >>> import fastnn
    >>> x = fastnn.Input((4,))
    >>> y = fastnn.ops.relu(x[:, :2] * 2.0)
    >>> y.shape, y.dtype
    ((None, 2), dtype('float32'))
    """

    __slots__ = ("_dtype", "_keras_history", "_shape", "name")
    __hash__ = object.__hash__
    __eq__ = object.__eq__  # as in Keras; elementwise comparison is ops.equal
    __ne__ = object.__ne__

    _keras_history: History

    def __init__(self, shape: Any, dtype: Any = "float32", name: str | None = None) -> None:
        self._shape: Shape = tuple(shape)
        self._dtype: np.dtype[Any] = np.dtype(dtype)
        self.name = name or auto_name("keras_tensor")

    @property
    def shape(self) -> Shape:  # type: ignore[override]
        """Sizes of the dimensions, None where any will do."""
        return self._shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy type of the elements."""
        return self._dtype

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self._shape)

    def __getattr__(self, name: str) -> Any:
        if name in ("_array", "_node", "grad", "requires_grad"):
            raise NoValuesError(f"{self!r} is symbolic: it has no values before its model is called on data")
        if name == "_keras_history":
            raise AttributeError(f"{self!r} belongs to no graph: it was made by hand, not by fastnn.Input")
        raise AttributeError(f"a symbolic tensor has no attribute {name!r}")

    def __bool__(self) -> bool:
        raise TypeError(
            f"{self!r} is symbolic and has no truth value: write conditions with fastnn.ops.where, or put "
            "the `if` into the call method of a layer"
        )

    def __iter__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} is symbolic and cannot be iterated over: index it, or use fastnn.ops.split"
        )

    def __len__(self) -> NoReturn:
        raise TypeError(f"{self!r} is symbolic and has no length: its shape is {self.shape}")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        raise NoValuesError(
            f"{self!r} is symbolic and cannot become an array: NumPy's functions do not take it, "
            "those of fastnn.ops and layers do"
        )

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Record the op of this name, as tensors do; of other functions say which to use."""
        try:
            return super().__array_ufunc__(ufunc, method, *inputs, **options)
        except NoValuesError:
            raise self._no_values_for(ufunc) from None

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        try:
            return super().__array_function__(function, types, args, kwargs)
        except NoValuesError:
            raise self._no_values_for(function) from None

    def _no_values_for(self, function: Any) -> NoValuesError:
        return NoValuesError(
            f"numpy.{function.__name__} does not take {self!r}, which is symbolic: "
            "use the functions of fastnn.ops, or a layer"
        )

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in KerasTensor.__slots__}

    def __copy__(self) -> KerasTensor:
        return self

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self._shape}, dtype={self._dtype}, name={self.name}>"


for _name in ("add", "and", "floordiv", "matmul", "mod", "mul", "or", "pow", "sub", "truediv", "xor"):
    # There is nothing to change in place: `x += y` names the sum.
    setattr(KerasTensor, f"__i{_name}__", getattr(KerasTensor, f"__{_name}__"))


class Operation:
    """An op as a step of a graph, as a layer is one."""

    def __init__(self, op: str, name: str | None = None) -> None:
        if op not in registry:
            raise ValueError(f"there is no op {op!r}")
        self.op = registry[op]
        self.name = name or auto_name(op.lstrip("_"))
        self._inbound_nodes: list[Node] = []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Record a call on symbolic tensors."""
        return record(self, args, kwargs, infer(self.op, args, kwargs))

    def __repr__(self) -> str:
        return f"<Operation name={self.name}>"


class Node:
    """A call of a layer or op: what with, and what it gives.

    ``args`` and ``kwargs`` are as they were given, ``inputs`` and ``outputs`` the symbolic tensors in them
    and in ``structure``, the result.
    """

    __slots__ = ("args", "inputs", "kwargs", "operation", "outputs", "structure")

    def __init__(self, operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any], structure: Any) -> None:
        self.operation = operation
        self.args = args
        self.kwargs = kwargs
        self.structure = structure
        self.inputs: list[KerasTensor] = [
            leaf for leaf in tree.flatten((args, kwargs)) if isinstance(leaf, KerasTensor)
        ]
        self.outputs: list[KerasTensor] = tree.flatten(structure)


def is_symbolic(structure: Any) -> bool:
    """Tell whether there is a symbolic tensor in a structure."""
    return any(isinstance(leaf, KerasTensor) for leaf in tree.flatten(structure))


def record(operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any], structure: Any) -> Any:
    """Remember a call, and in its outputs where they come from; return them."""
    node = Node(operation, args, kwargs, structure)
    nodes = operation._inbound_nodes
    for i, tensor in enumerate(node.outputs):
        tensor._keras_history = History(operation, len(nodes), i)
        tensor.name = operation.name if i == 0 else f"{operation.name}_{i}"
    nodes.append(node)
    return structure


def call_op(op: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Record a call of an op; None where no argument is symbolic. What `fastnn.autograd` asks at errors."""
    if not is_symbolic((args, kwargs)):
        return None
    # Structures are copied: the caller may go on to change a list.
    args, kwargs = tree.map_structure(lambda leaf: leaf, (args, kwargs))
    return Operation(op.__name__)(*args, **kwargs)


def infer(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return symbolic outputs of a function, found by calling it on arrays of ones of two batch sizes."""
    first, second = (run_on_ones(function, args, kwargs, sizes) for sizes in _TRIALS)
    outputs = []
    for a, b in zip(tree.flatten(first), tree.flatten(second), strict=True):
        if not (hasattr(a, "shape") and hasattr(a, "dtype") and len(a.shape) == len(b.shape)):
            raise TypeError(f"a call on symbolic tensors must give tensors; received {type(a).__name__}")
        shape = [m if m == n else None for m, n in zip(a.shape, b.shape, strict=True)]
        outputs.append(KerasTensor(shape, a.dtype))
    return tree.pack(first, outputs)


def run_on_ones(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    sizes: tuple[int, int] = _TRIALS[0],
) -> Any:
    """Call a function on ones, with ``sizes`` for None as batch size and elsewhere in the shapes."""

    def ones(leaf: Any) -> Any:
        if not isinstance(leaf, KerasTensor):
            return leaf
        value = np.ones((), leaf.dtype) if leaf.dtype.kind == "f" else np.zeros((), leaf.dtype)  # an index
        shape = [sizes[i > 0] if s is None else s for i, s in enumerate(leaf.shape)]
        return Tensor(np.broadcast_to(value, shape))

    tried = tree.map_structure(ones, (args, kwargs))
    try:
        with no_grad(), np.errstate(all="ignore"):
            return function(*tried[0], **tried[1])
    except (IndexError, TypeError, ValueError) as error:
        shapes = [t.shape for t in tree.flatten((args, kwargs)) if isinstance(t, KerasTensor)]
        told = " and ".join(map(str, shapes))
        text = f"{error} (symbolic shapes {told}, tried on a batch of {sizes[0]})"
        raise retold(error, text) from error
