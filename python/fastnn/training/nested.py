"""Models with several inputs or outputs: data in lists, or in dicts by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from fastnn import tree
from fastnn._core import native
from fastnn.registry import nearest
from fastnn.training import checks
from fastnn.training.data import Array, Batch, as_numbers


class NestedData:
    """Inputs, labels and weights of the same samples, cut into batches.

    Parameters
    ----------
    x : array, or list, tuple or dict of arrays
        Batches have the same structure.
    y, weight : array, list of arrays and None, or None
        Lists for a model with several outputs, in the order of these.
    dtype : numpy.dtype
    """

    def __init__(self, x: Any, y: Any, weight: Any, dtype: np.dtype[Any]) -> None:
        self.x, self.y, self.weight, self.dtype = x, y, weight, dtype
        self.inputs: list[Array] = tree.flatten(x)

    @classmethod
    def with_one_output(cls, model: Any, x: Any, y: Any, weight: Any, caller: str) -> NestedData:
        """Check the lengths of labels and weights for a model with several inputs."""
        y = None if y is None else as_numbers(y, "y", caller)
        weight = None if weight is None else as_numbers(weight, "sample_weight", caller)
        same_length({"x": tree.flatten(x)[0], "y": y, "sample_weight": weight}, caller)
        return cls(x, y, weight, model.dtype)

    def __len__(self) -> int:
        return len(self.inputs[0])

    def part(self, part: slice) -> NestedData:
        """Return some of the samples."""
        x, y, weight = (_map(lambda a: a[part], arrays) for arrays in (self.x, self.y, self.weight))
        return NestedData(x, y, weight, self.dtype)

    def whole(self) -> Batch:
        """Return all samples as one batch."""
        return Batch(
            _map(lambda a: a.astype(self.dtype, copy=False), self.x),
            _map(lambda a: a.astype(self.dtype, copy=False) if a.dtype.kind == "f" else a, self.y),
            self.weight,
        )

    def batches(self, batch_size: int, order: Array | None = None) -> Iterator[Batch]:
        """Give the batches of one epoch, in the order of the samples or in ``order`` (positions)."""
        for start in range(0, len(self), batch_size):
            if order is None:
                yield self.part(slice(start, start + batch_size)).whole()
                continue
            rows = order[start : start + batch_size]
            yield Batch(
                _map(lambda a, rows=rows: native.gather(a, rows, self.dtype), self.x),
                _map(
                    lambda a, rows=rows: native.gather(a, rows, self.dtype if a.dtype.kind == "f" else None),
                    self.y,
                ),
                _map(lambda a, rows=rows: a[rows], self.weight),
            )


def _map(function: Any, arrays: Any) -> Any:
    return tree.map_structure(lambda a: None if a is None else function(a), arrays)


def has_several_inputs(model: Any, x: Any) -> bool:
    """Return whether x is several arrays: by the model where it is built, else by x."""
    if model.built and model.input_shape is not None:
        return not tree.is_shape(model.input_shape) or isinstance(x, dict)
    if isinstance(x, dict):
        return True
    return isinstance(x, (list, tuple)) and bool(x) and all(getattr(part, "ndim", 0) > 1 for part in x)


def checked_inputs(model: Any, x: Any, caller: str) -> Any:
    """Return the inputs as arrays in their structure, checked against the model, which is built if need be.

    An array alone is checked later.
    """
    if isinstance(x, (list, tuple)) and len(x) == 1 and getattr(x[0], "ndim", 0) > 1:
        x = x[0]
    if isinstance(x, dict) and len(x) == 1 and model.built and tree.is_shape(model.input_shape):
        (x,) = by_name(x, model.input_names, "x", caller)
    if not has_several_inputs(model, x):
        if not model.built:
            checks.input_fits(model, as_numbers(x, "x", caller), caller)
        return as_numbers(x, "x", caller) if isinstance(x, (list, tuple)) else x
    if not model.built:
        model.ensure_built(_map(lambda a: (None, *np.shape(a)[1:]), x))
    expected = model.input_shape
    by_key = isinstance(expected, dict)
    names = sorted(expected) if by_key else model.input_names
    shapes = [expected[name] for name in names] if by_key else expected
    given = by_name(x, names, "x", caller) if isinstance(x, (list, tuple, dict)) else [x]
    if len(given) != len(names):
        raise ValueError(
            f"{caller}: the model has {len(names)} input{'s' * (len(names) > 1)} "
            f"({', '.join(map(repr, names))}); received {_shapes(x)}"
        )
    arrays = []
    for name, one, shape in zip(names, given, shapes, strict=True):
        array = as_numbers(one, f"x[{name!r}]", caller)
        if array.ndim == len(shape) - 1 and shape[-1] == 1:
            array = array[..., np.newaxis]  # one number for each sample
        checks.sample_fits(array, shape, f"{caller}: input {name!r}")
        arrays.append(array)
    if len({len(array) for array in arrays}) > 1:
        raise ValueError(f"{caller}: all inputs must have the same length; received {_shapes(x)}")
    return dict(zip(names, arrays, strict=True)) if by_key or isinstance(x, dict) else arrays


def one_output(model: Any, x: Any, y: Any, caller: str) -> Any:
    """Return the labels for a model with one output: alone, in a list, or in a dict by its name."""
    if isinstance(y, dict):
        (y,) = by_name(y, model.output_names, "y", caller)
    elif isinstance(y, (list, tuple)) and len(y) == 1 and np.ndim(y[0]) and len(tree.flatten(x)[0]) != 1:
        y = y[0]
    return y


def several_outputs(model: Any, x: Any, y: Any, sample_weight: Any, caller: str) -> NestedData:
    """Check labels and weights against a model with several outputs."""
    names, shape, compilation = model.output_names, model.output_shape, model._compilation
    shapes = by_name(shape, names, "output_shape", caller)
    heads = compilation.losses_of(names, isinstance(shape, dict))
    wanted = [head is not None or compilation.has_metric(names, i) for i, head in enumerate(heads)]
    if y is None and any(wanted):
        raise ValueError(f"{caller}: labels y are missing; give y, or batches (x, y)")
    found = [None] * len(names) if y is None else labels_by_output(y, names, wanted, "y", caller)
    labels: list[Any] = []
    for name, given, head, output in zip(names, found, heads, shapes, strict=True):
        array = None if given is None else as_numbers(given, f"y[{name!r}]", caller)
        if array is not None and head is not None:
            array = checks.labels_fit(array, output, head, f"{caller}: output {name!r}")
        labels.append(array)
    weights = None if sample_weight is None else weights_by_output(sample_weight, names, caller)
    arrays = {"x": tree.flatten(x)[0], **{f"y[{n!r}]": a for n, a in zip(names, labels, strict=True)}}
    arrays |= {f"sample_weight[{n!r}]": a for n, a in zip(names, weights or (), strict=False)}
    same_length(arrays, caller)
    if model._objective is None:
        forms = [() if array is None else array.shape for array in labels]
        model._objective = compilation.objectives(model, names, heads, forms, shapes)
    return NestedData(x, labels, weights, model.dtype)


def same_length(arrays: dict[str, Any], caller: str) -> None:
    """Refuse arrays of different lengths, or without any samples."""
    (first, x), *others = arrays.items()
    for name, array in others:
        if array is not None and len(array) != len(x):
            raise ValueError(
                f"{caller}: {first} and {name} must have the same length; received {first} {x.shape} and "
                f"{name} {array.shape}"
            )
    if len(x) == 0:
        raise ValueError(f"{caller}: there are no samples; received {first} of shape {x.shape}")


def by_name(given: Any, names: Sequence[str], argument: str, caller: str) -> list[Any]:
    """Return the entries of a list as they come, those of a dict in the order of ``names``."""
    if not isinstance(given, dict):
        return list(given)
    for name in given:
        if name not in names:
            raise ValueError(
                f"{caller}: {argument} names {name!r}, which the model does not have."
                f"{nearest(str(name), names)} Known: {', '.join(map(repr, names))}"
            )
    missing = [name for name in names if name not in given]
    if missing:
        raise ValueError(f"{caller}: {argument} lacks {missing[0]!r}; received {', '.join(map(repr, given))}")
    return [given[name] for name in names]


def labels_by_output(
    y: Any, names: Sequence[str], wanted: Sequence[bool], argument: str, caller: str
) -> list[Any]:
    """Return what is given for each output, None where nothing is; ``wanted`` says where something must be."""
    if isinstance(y, dict):
        by_name({**dict.fromkeys(names), **y}, names, argument, caller)
        found = [y.get(name) for name in names]
    elif isinstance(y, (list, tuple)) and len(y) == len(names):
        found = list(y)
    elif len(names) == 1 and not isinstance(y, (list, tuple)):
        found = [y]
    elif isinstance(y, (list, tuple)) and len(y) == sum(wanted):
        given = iter(y)
        found = [next(given) if want else None for want in wanted]
    else:
        raise ValueError(
            f"{caller}: the model has {len(names)} outputs ({', '.join(map(repr, names))}) and needs {argument} "
            f"as a list with one array each, or as a dict by their names; received {_shapes(y)}"
        )
    for name, array, want in zip(names, found, wanted, strict=True):
        if want and array is None:
            raise ValueError(f"{caller}: {argument} holds nothing for the output {name!r}")
    return found


def weights_by_output(weight: Any, names: Sequence[str], caller: str) -> list[Any]:
    """Return each output's weights of the samples: one array counts for all outputs."""
    if isinstance(weight, (list, tuple, dict)) and any(
        part is None or np.ndim(part) for part in tree.flatten(weight)
    ):
        found = labels_by_output(weight, names, [False] * len(names), "sample_weight", caller)
        return [None if w is None else as_numbers(w, "sample_weight", caller) for w in found]
    array = as_numbers(weight, "sample_weight", caller)
    if array.ndim > 1 and array.shape != (len(array), 1):
        raise ValueError(
            f"{caller}: one sample_weight for several outputs must have shape (n,); received {array.shape}. "
            "Give one array for each output"
        )
    return [array] * len(names)


def _shapes(structure: Any) -> str:
    """Return what came, in few words."""
    if isinstance(structure, dict):
        return "{" + ", ".join(f"{name!r}: {_shapes(part)}" for name, part in structure.items()) + "}"
    if isinstance(structure, (list, tuple)) and any(hasattr(part, "shape") for part in structure):
        return f"[{', '.join(map(_shapes, structure))}]"
    if structure is None:
        return "None"
    return f"an array of shape {np.shape(structure)}"
