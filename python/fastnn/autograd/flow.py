"""How gradients flow back over the tape, from tensors to what they were computed from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from fastnn._core import native
from fastnn.autograd.changes import changed_since, latest
from fastnn.autograd.recording import Array, Node, registry
from fastnn.autograd.second import rule_on_tensors
from fastnn.tensor import Tensor

_ALL = 1  # a floor that no node lies under: the tape counts downwards from -1


def _name(node: Node) -> str:
    return node.op.__name__.lstrip("_")


def _refuse(node: Node) -> None:
    """Say what keeps a gradient from flowing through ``node``."""
    if node.sources is None:
        raise RuntimeError(
            f"[{_name(node)}] this graph has been walked and its memory freed: pass retain_graph=True to the "
            "first backward(), make the GradientTape persistent, or compute the result again"
        )
    raise NotImplementedError(
        f"[{_name(node)}] has no backward rule: register one with @{node.op.__name__}.vjp"
    )


def _changed(node: Node) -> None:
    """Refuse to read what was changed since it was saved."""
    if changed_since(node.order, node.__dict__.values()):
        raise RuntimeError(
            f"[{_name(node)}] a value that its gradient needs was changed in place after it was used: change "
            "a copy, or take the gradient first"
        )


def _own(source: Node | Tensor, grad: Array) -> Array:
    """Return a gradient as an array of its own, of the type of the leaf that it belongs to."""
    dtype = source._array.dtype if isinstance(source, Tensor) else grad.dtype
    return np.array(grad, dtype=dtype.newbyteorder("="), order="C")


def _own_on_tape(found: dict[Node | Tensor, Any], given: Iterable[Tensor]) -> dict[Node | Tensor, Tensor]:
    """Return gradients as tensors that share no memory, of the types of the leaves that they belong to."""
    taken = {id(tensor._array) for tensor in given}
    for source, grad in found.items():
        tensor = grad if isinstance(grad, Tensor) else Tensor(grad)
        if isinstance(source, Tensor) and tensor.dtype != source.dtype:
            tensor = registry["_cast"](tensor, source.dtype.newbyteorder("="))
        if id(tensor._array) in taken or isinstance(tensor._array.base, np.ndarray):
            tensor = registry["copy"](tensor)
        taken.add(id(tensor._array))
        found[source] = tensor
    return found


def _one(dtype: Any) -> Array:
    one = np.ones((), dtype)
    one.flags.writeable = False
    return one


# Where most backward passes begin.
_ONES = {np.dtype(dtype): _one(dtype) for dtype in ("float32", "float64")}


def _upstream(target: Tensor, gradient: Any) -> Any:
    """Return the gradient to start from, checked."""
    if gradient is None and target._array.ndim == 0:
        one = _ONES.get(target._array.dtype)
        if one is not None:
            return one
    dtype = target.dtype.newbyteorder("=")
    if dtype.kind != "f":
        raise TypeError(f"only floating-point tensors have gradients; received dtype {dtype}")
    if gradient is None:
        if target.size != 1:
            raise ValueError(
                f"only a tensor of one element has a gradient by itself; received shape {target.shape}: "
                "reduce it first (for example with .sum()) or pass gradient="
            )
        return np.array(1.0, dtype, ndmin=target.ndim)
    upstream: Any = gradient if isinstance(gradient, Tensor) else np.asarray(gradient, dtype=dtype)
    if upstream.shape != target.shape:
        raise ValueError(
            f"gradient must have the shape of the tensor, {target.shape}; received {upstream.shape}"
        )
    return upstream


def _flow(
    starts: list[tuple[Tensor, Any]], retain: bool, create: bool, floor: int = _ALL
) -> dict[Node | Tensor, Any]:
    """Return the gradients of all leaves, and of all nodes that are asked for, behind the tensors of ``starts``.

    What was recorded before ``floor`` is not walked. With ``create`` the gradients are tensors on the tape, else
    arrays of their own. Unless ``retain``, nodes lose what they hold as they are passed. The walk itself is
    native (cpp/bindings/flow.cpp).
    """
    if create:
        starts = [(t, g if isinstance(g, Tensor) else Tensor(g)) for t, g in starts]
        found = native.flow(
            starts, True, floor, latest.order, registry["add"], rule_on_tensors, _refuse, _changed, None
        )
        return _own_on_tape(found, (g for _, g in starts))
    starts = [(t, g._array if isinstance(g, Tensor) else g) for t, g in starts]
    return native.flow(starts, retain, floor, latest.order, native.add, None, _refuse, _changed, _own)


def backward(
    target: Tensor, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False
) -> None:
    """Add the gradients of ``target`` to ``grad`` of every leaf; see `Tensor.backward`."""
    if not target.requires_grad:
        raise ValueError("this tensor was not computed from any tensor that requires a gradient")
    retain = create_graph if retain_graph is None else retain_graph
    found = _flow([(target, _upstream(target, gradient))], retain, create_graph)
    for leaf, grad in found.items():
        assert isinstance(leaf, Tensor)  # nobody asked for a node's
        before: Any = leaf.grad
        if create_graph:
            leaf.grad = grad if before is None else registry["add"](before, grad)
        elif before is None:
            leaf.grad = native.new_tensor(grad)
        else:
            leaf.grad = native.new_tensor(native.add(np.asarray(before), grad))


def gradients(
    target: Tensor | Sequence[Tensor],
    sources: Iterable[Tensor],
    gradient: Any = None,
    retain_graph: bool = False,
    create_graph: bool = False,
) -> list[Any]:
    """Return the gradients with respect to ``sources``, leaves or not; None where they are not connected.

    Of several targets, the sum of the gradients; ``gradient`` is then a sequence as well. They are arrays, with
    ``create_graph`` tensors that can be differentiated again. ``grad`` of the leaves is left alone.
    """
    if isinstance(target, Tensor):
        starts = [(target, _upstream(target, gradient))] if target.requires_grad else []
    else:
        given = [None] * len(target) if gradient is None else gradient
        starts = [(t, _upstream(t, g)) for t, g in zip(target, given, strict=True) if t.requires_grad]
    if not starts:
        return [None for _ in sources]
    sources = list(sources)
    inner = [source._node for source in sources if source._node is not None]
    if not inner:
        found = _flow(starts, retain_graph, create_graph)
        return [found.get(source) for source in sources]
    before = [node.asked for node in inner]
    for node in inner:
        node.asked = True
    # What was recorded before all sources cannot depend on any.
    floor = max(node.order for node in inner) if len(inner) == len(sources) else _ALL
    try:
        found = _flow(starts, retain_graph, create_graph, floor)
    finally:
        for node, asked in zip(inner, before, strict=True):
            node.asked = asked
    return [found.get(source if source._node is None else source._node) for source in sources]
