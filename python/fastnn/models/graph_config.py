"""Graphs as plain lists and dicts: what a saved model tells about the calls between its layers.

Each layer stands with its configuration and its calls. A symbolic tensor in the arguments of a call is
``{"tensor": [layer, call, output]}``; what JSON does not tell apart or cannot hold is tagged likewise.
"""

from __future__ import annotations

import base64
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import numpy as np

from fastnn import tree
from fastnn.layers.input import InputLayer
from fastnn.layers.layer import Layer, _registry
from fastnn.models.graph import Graph
from fastnn.symbolic import KerasTensor, Node, Operation
from fastnn.tensor import Tensor

Place = tuple[str, int]  # a call: the layer's name and which of its calls


def encode(graph: Graph, inputs: Any, outputs: Any) -> dict[str, Any]:
    """Return layers, calls, inputs and outputs."""
    inside = {id(node) for node in graph.nodes}
    inside |= {id(tensor._keras_history.node) for tensor in graph.inputs}
    places: dict[int, Place] = {}
    calls: dict[str, list[Node]] = {}
    for operation in graph.operations:
        own = calls[operation.name] = [n for n in operation._inbound_nodes if id(n) in inside]
        places.update((id(node), (operation.name, i)) for i, node in enumerate(own))

    def reference(tensor: KerasTensor) -> dict[str, Any]:
        history = tensor._keras_history
        return {"tensor": [*places[id(history.node)], history.tensor_index]}

    return {
        "layers": [
            {
                "name": operation.name,
                **_entry(operation),
                "calls": [
                    {"args": _encoded(node.args, reference), "kwargs": _encoded(node.kwargs, reference)}
                    for node in calls[operation.name]
                    if node.inputs
                ],
            }
            for operation in graph.operations
        ],
        "inputs": _encoded(inputs, reference),
        "outputs": _encoded(outputs, reference),
    }


def decode(config: dict[str, Any]) -> tuple[Any, Any]:
    """Make the layers and repeat the calls; return the symbolic inputs and outputs."""
    made: dict[str, Any] = {}
    calls: dict[Place, Any] = {}
    results: dict[Place, list[KerasTensor]] = {}  # what calls gave
    for entry in config["layers"]:
        name = entry["name"]
        if name in made:
            raise ValueError(f"two layers are named {name!r}")
        made[name] = operation = _made(entry)
        if isinstance(operation, InputLayer):
            results[name, 0] = [operation.output]
        calls.update(((name, i), call) for i, call in enumerate(entry["calls"]))

    # Each call waits for those whose outputs it takes, and for the one before of its layer.
    missing: dict[Place, int] = {}
    followers: defaultdict[Place, list[Place]] = defaultdict(list)
    for (name, i), call in calls.items():
        needed = {(r[0], r[1]) for r in _references([call["args"], call["kwargs"]])}
        needed |= {(name, i - 1)} if i else set()
        missing[name, i] = len(needed - results.keys())
        for place in needed - results.keys():
            followers[place].append((name, i))

    def tensor(reference: Any) -> KerasTensor:
        name, call, output = reference
        return results[name, call][output]

    ready = deque(place for place, count in missing.items() if not count)
    while ready:
        place = ready.popleft()
        call = calls.pop(place)
        args, kwargs = _decoded(call["args"], tensor), _decoded(call["kwargs"], tensor)
        results[place] = tree.flatten(made[place[0]](*args, **kwargs))
        for follower in followers[place]:
            missing[follower] -= 1
            if not missing[follower]:
                ready.append(follower)
    if calls:
        raise ValueError(
            f"the graph has a cycle or a call of what is not in it, at the layers {sorted({n for n, _ in calls})}"
        )
    return _decoded(config["inputs"], tensor), _decoded(config["outputs"], tensor)


def _entry(operation: Any) -> dict[str, Any]:
    if isinstance(operation, Layer):
        return _registry.serialize(operation)
    return {"op": operation.op.__name__}


def _made(entry: dict[str, Any]) -> Any:
    if "op" in entry:
        return Operation(entry["op"], entry["name"])
    layer = _registry.deserialize(entry)
    if not isinstance(layer, Layer):
        raise ValueError(f"a graph consists of layers; received {entry.get('class_name')!r}")
    return layer


def _encoded(value: Any, reference: Callable[[KerasTensor], Any]) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, KerasTensor):
        return reference(value)
    if isinstance(value, Tensor):
        raise ValueError(
            "a model with a tensor or Variable among the arguments of a call cannot be saved: "
            "make it a weight of a layer, or pass an array"
        )
    if isinstance(value, dict):
        return {"dict": {_key(key): _encoded(part, reference) for key, part in value.items()}}
    if isinstance(value, (list, tuple)):
        parts = [_encoded(part, reference) for part in value]
        return parts if isinstance(value, list) else {"tuple": parts}
    if isinstance(value, slice):
        return {"slice": [_encoded(part, reference) for part in (value.start, value.stop, value.step)]}
    if value is Ellipsis:
        return {"ellipsis": True}
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        if array.dtype.kind not in "fiub":
            raise ValueError(f"an array of dtype {array.dtype} in a graph cannot be saved")
        plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        data = base64.b64encode(plain.tobytes()).decode()
        return {"array": [array.dtype.name, list(array.shape), data]}
    if isinstance(value, np.dtype) or (isinstance(value, type) and issubclass(value, np.generic)):
        return {"dtype": np.dtype(value).name}
    if isinstance(value, float) and not np.isfinite(value):
        return {"float": repr(value)}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise ValueError(f"a graph with {value!r} among the arguments of a call cannot be saved")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise ValueError(f"a dict in a graph must have strings for keys to be saved; received {key!r}")
    return key


def _decoded(value: Any, tensor: Callable[[Any], Any]) -> Any:
    """Return what `_encoded` was given."""
    if isinstance(value, list):
        return [_decoded(part, tensor) for part in value]
    if not isinstance(value, dict):
        return value
    ((tag, held),) = value.items()
    if tag == "tensor":
        return tensor(held)
    if tag == "dict":
        return {key: _decoded(part, tensor) for key, part in held.items()}
    if tag == "tuple":
        return tuple(_decoded(part, tensor) for part in held)
    if tag == "slice":
        return slice(*(_decoded(part, tensor) for part in held))
    if tag == "ellipsis":
        return Ellipsis
    if tag == "array":
        dtype, shape, data = held
        array = np.frombuffer(base64.b64decode(data), np.dtype(dtype).newbyteorder("<"))
        return array.reshape(shape).astype(dtype)
    if tag == "dtype":
        return np.dtype(held)
    if tag == "float":
        return float(held)
    raise ValueError(f"unknown value {tag!r} in a graph")


def _references(value: Any) -> list[Any]:
    """Return all references to tensors in an encoded value."""
    if isinstance(value, list):
        return [r for part in value for r in _references(part)]
    if not isinstance(value, dict):
        return []
    ((tag, held),) = value.items()
    if tag == "tensor":
        return [held]
    return _references(list(held.values()) if tag == "dict" else held)
