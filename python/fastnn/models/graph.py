"""Graphs of calls: found from their outputs, put in order, and run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from fastnn import tree
from fastnn._core import native
from fastnn.errors import with_name
from fastnn.layers.input import Input
from fastnn.layers.layer import Layer
from fastnn.masks import masks_of
from fastnn.models.folding import folded
from fastnn.symbolic import KerasTensor, Node


class Graph:
    """What computes ``outputs`` from ``inputs``, both flat lists of symbolic tensors.

    Attributes
    ----------
    nodes : list of Node
        The calls, each behind those that it needs.
    operations : list of Layer or Operation
        In Keras's order: the further from the outputs, the earlier.
    """

    def __init__(self, inputs: list[KerasTensor], outputs: list[KerasTensor]) -> None:
        self.inputs = inputs
        self.outputs = outputs
        self.nodes, first_seen = _in_order(inputs, outputs)
        self.operations = _by_depth(self.nodes, inputs, first_seen)
        _names_differ(self.operations)
        self._plan()

    def _plan(self) -> None:
        """Prepare `run`: every tensor gets a slot, every call becomes a step.

        A step is the operation, what to call, where its input lies, whether it takes ``training``, where its
        output goes, and which slots nobody needs afterwards. Where masks may travel, layers are called as such.
        """
        slots = {id(tensor): i for i, tensor in enumerate(self.inputs)}
        calls = [node for node in self.nodes if node.inputs]
        for node in calls:
            for tensor in node.outputs:
                slots[id(tensor)] = len(slots)
        last_use: dict[int, int] = {}
        for i, node in enumerate(calls):
            for tensor in node.inputs + node.outputs:
                last_use[slots[id(tensor)]] = i
        self._results = [slots[id(tensor)] for tensor in self.outputs]
        for slot in self._results:
            last_use.pop(slot, None)
        drops: defaultdict[int, list[int]] = defaultdict(list)
        for slot, i in last_use.items():
            drops[i].append(slot)
        self._room: list[Any] = [None] * (len(slots) - len(self.inputs))
        self._masked_steps = [(*_step(node, slots, True), tuple(drops[i])) for i, node in enumerate(calls)]
        self._steps = self._masked_steps
        if not may_begin_masks(self.operations):
            self._steps = [(*_step(node, slots, False), tuple(drops[i])) for i, node in enumerate(calls)]
        self._folded = self._fold()

    def _fold(self) -> Any:
        """Return the steps of inference where normalizations ride on the layers before them, else None.

        That is where a step takes what the step before gives, and nobody else does.
        """
        steps, found = self._steps, []
        at = 0
        while at < len(steps):
            chain = [steps[at]]
            for later in steps[at + 1 : at + 3]:
                if later[2] != chain[-1][4] or chain[-1][4] not in later[5] or later[2].__class__ is not int:
                    break
                chain.append(later)
            together = folded([step[0] for step in chain])
            if together is None or together[0][1] is None:
                found.append(steps[at])
                at += 1
                continue
            _, how, count = together[0]
            drops = tuple(slot for step in chain[:count] for slot in step[5])
            first, last = chain[0], chain[count - 1]
            found.append((first[0], how, first[2], False, last[4], drops))
            at += count
        return found if len(found) < len(steps) else None

    def run(self, values: list[Any], training: bool) -> list[Any]:
        """Return the outputs for these inputs; what is used up is let go."""
        slots = values + self._room
        operation: Any = None
        steps = self._steps
        if steps is not self._masked_steps and masks_of(values) is not None:
            steps = self._masked_steps
        elif self._folded is not None and not training and not native.is_recording():
            steps = self._folded
        try:
            for operation, call, source, takes_training, target, drops in steps:  # noqa: B007
                if source.__class__ is int:
                    x = slots[source]
                    y = call(x, training=training) if takes_training else call(x)
                elif source.__class__ is list:
                    x = [slots[i] for i in source]
                    y = call(x, training=training) if takes_training else call(x)
                else:
                    y = source.call(call, slots, training if takes_training else None)
                if target.__class__ is int:
                    slots[target] = y
                else:
                    for i, part in zip(target, tree.flatten(y), strict=True):
                        slots[i] = part
                for i in drops:
                    slots[i] = None
        except (ValueError, TypeError) as error:
            raise with_name(operation, error) from error
        return [slots[i] for i in self._results]


class _Arguments:
    """Arguments of a call in any structure: symbolic tensors stand for slots."""

    def __init__(self, node: Node, slots: dict[int, int]) -> None:
        self.leaves = [
            (slots[id(leaf)], None) if isinstance(leaf, KerasTensor) else (-1, leaf)
            for leaf in tree.flatten((node.args, node.kwargs))
        ]
        self.structure = (node.args, node.kwargs)

    def call(self, function: Any, slots: list[Any], training: bool | None) -> Any:
        leaves = [slots[slot] if slot >= 0 else leaf for slot, leaf in self.leaves]
        args, kwargs = tree.pack(self.structure, leaves)
        if training is not None:
            kwargs.setdefault("training", training)
        return function(*args, **kwargs)


def how_to_call(operation: Any, dtypes: Iterable[Any], masked: bool) -> tuple[Any, bool]:
    """Return what to call for a layer or op on inputs of these types, and whether it takes ``training``.

    An op is called as such. So is a layer's `call`, where `__call__` had nothing to do but check again: not
    for several types, nor where masks may come, losses are added, or layers lie inside, which it tells whether
    they are trained.
    """
    if not isinstance(operation, Layer):
        return operation.op, False
    plain = type(operation).__call__ is Layer.__call__ and not (
        masked or operation._layers or operation._adds_losses or operation.activity_regularizer
    )
    if plain and all(dtype == operation.dtype for dtype in dtypes):
        return operation.call, operation._takes_training
    return operation, True


def may_begin_masks(operations: Iterable[Any]) -> bool:
    """Return whether there is a layer that may give a mask where it got none."""
    return any(isinstance(o, Layer) and (o._computes_mask or may_begin_masks(o._layers)) for o in operations)


def _step(node: Node, slots: dict[int, int], masked: bool) -> tuple[Any, Any, Any, bool, Any]:
    operation = node.operation
    call, takes_training = how_to_call(operation, [tensor.dtype for tensor in node.inputs], masked)
    target: Any = [slots[id(tensor)] for tensor in node.outputs]
    if isinstance(node.structure, KerasTensor):
        target = target[0]
    source: Any = _Arguments(node, slots)
    if len(node.args) == 1 and not node.kwargs:
        (x,) = node.args
        if isinstance(x, KerasTensor):
            source = slots[id(x)]
        elif type(x) is list and all(isinstance(part, KerasTensor) for part in x):
            source = [slots[id(part)] for part in x]
    return operation, call, source, takes_training, target


def _in_order(inputs: list[KerasTensor], outputs: list[KerasTensor]) -> tuple[list[Node], dict[int, int]]:
    """Return the calls between inputs and outputs, each behind those that it needs, and when each operation
    was first seen (by id).

    Walks back from the outputs, depth first as Keras does, but without recursion.
    """
    given = {id(tensor) for tensor in inputs}
    finished: set[int] = set()
    order: list[Node] = []
    first_seen: dict[int, int] = {}
    waiting: list[tuple[Node, Iterator[KerasTensor]]] = []
    begun: set[int] = set()

    def enter(tensor: KerasTensor, output: KerasTensor) -> None:
        node = tensor._keras_history.node
        if id(node) in finished or (node.inputs and id(tensor) in given):
            return
        if id(node) in begun:
            raise ValueError(f"the graph has a cycle: {tensor.name!r} is computed from itself")
        if not node.inputs and id(tensor) not in given:
            raise ValueError(
                f"output {output.name!r} needs more than the given inputs {[t.name for t in inputs]}: it is "
                f"computed from Input {tensor.name!r} of shape {tensor.shape} too, which is not among them"
            )
        first_seen.setdefault(id(node.operation), len(first_seen))
        begun.add(id(node))
        waiting.append((node, iter(node.inputs)))

    for output in outputs:
        enter(output, output)
        while waiting:
            node, rest = waiting[-1]
            tensor = next(rest, None)
            if tensor is not None:
                enter(tensor, output)
                continue
            waiting.pop()
            finished.add(id(node))
            order.append(node)
    return order, first_seen


def _by_depth(nodes: list[Node], inputs: list[KerasTensor], first_seen: dict[int, int]) -> list[Any]:
    """Return the operations, ordered as Keras orders a model's layers.

    The depth of a call is the longest way from it to an output, that of an operation the largest of its calls.
    """
    depths: dict[int, int] = {}  # of calls, by id
    deepest: dict[int, int] = {}  # of operations, by id
    operations: dict[int, Any] = {}
    for node in reversed(nodes):
        key = id(node.operation)
        operations[key] = node.operation
        depths[id(node)] = deepest[key] = max(depths.get(id(node), 0), deepest.get(key, 0))
        for tensor in node.inputs:
            above = id(tensor._keras_history.node)
            depths[above] = max(depths[id(node)] + 1, depths.get(above, 0))
    for tensor in inputs:  # those that no output needs
        key = id(tensor._keras_history.operation)
        if key not in operations:
            operations[key] = tensor._keras_history.operation
            deepest[key], first_seen[key] = 0, -1
    return sorted(operations.values(), key=lambda o: (-deepest[id(o)], first_seen[id(o)]))


def _names_differ(operations: list[Any]) -> None:
    seen = set()
    for operation in operations:
        if operation.name in seen:
            raise ValueError(
                f"names must differ within a model; there are two layers named {operation.name!r}"
            )
        seen.add(operation.name)


def cut_out(inputs: Any, outputs: Any) -> tuple[Any, Any]:
    """Return the part of a graph behind inner tensors as a graph of its own, with Inputs in their place."""
    replaced: dict[int, Any] = {}

    def enter(tensor: KerasTensor) -> KerasTensor:
        if not tensor._keras_history.node.inputs:
            fresh = tensor
        else:
            fresh = Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=f"{tensor.name}_input")
        replaced[id(tensor)] = fresh
        return fresh

    entries = tree.map_structure(enter, inputs)
    for node in _in_order(tree.flatten(inputs), tree.flatten(outputs))[0]:
        if not node.inputs or all(id(t) in replaced for t in node.outputs):
            continue
        args, kwargs = tree.map_structure(lambda t: replaced.get(id(t), t), (node.args, node.kwargs))
        again = node.operation(*args, **kwargs)
        for old, new in zip(node.outputs, tree.flatten(again), strict=True):
            replaced.setdefault(id(old), new)
    return entries, tree.map_structure(lambda t: replaced.get(id(t), t), outputs)
