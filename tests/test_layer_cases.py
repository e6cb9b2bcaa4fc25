"""From each row of the layer table: shapes, types, gradients, modes, graphs and files."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import tree
from fastnn.autograd import gradients, no_grad
from fastnn.layers.layer import _registry
from fastnn.tensor import Tensor
from layer_cases import CASES, Case

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
plain_cases = pytest.mark.parametrize(
    "case",
    [c for c in CASES if not c.call and not c.spread and c.mask is None and c.layer != "InputLayer"],
    ids=lambda case: case.id,
)


def _outputs(y: Any) -> list[Any]:
    return [np.asarray(part) for part in tree.flatten(y)]


def _in_structure(case: Case, parts: list[Any]) -> Any:
    return parts if isinstance(case.inputs, list) else parts[0]


def _made(case: Case, dtype: str = "float64") -> Any:
    fastnn.utils.set_random_seed(3)
    layer = case.make(fastnn, dtype=dtype)
    case.apply(layer, case.arrays(dtype))
    rng = np.random.default_rng(5)
    if not getattr(layer, "fixed_weights", False):
        layer.set_weights([w + 0.1 * rng.uniform(0.5, 1, w.shape) for w in layer.get_weights()])
    return layer


def test_every_layer_has_a_row() -> None:
    registered = {
        made.__name__ for made in _registry._known.values() if made.__module__.startswith("fastnn.layers")
    }
    assert registered - {case.layer for case in CASES} == set()


def test_names_of_rows_differ() -> None:
    ids = [case.id for case in CASES]
    assert len(set(ids)) == len(ids)


@every_case
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_shapes_and_types(case: Case, dtype: str) -> None:
    layer = _made(case, dtype)
    found = _outputs(case.apply(layer, case.arrays(dtype)))
    symbols = [
        fastnn.Input(shape[1:], dtype=dtype if a.dtype.kind == "f" else a.dtype.name)
        for shape, a in zip(case.shapes(), case.arrays(dtype), strict=True)
    ]
    unmasked = replace(case, mask=None)  # an array of a batch size, which symbols have not
    symbolic = tree.flatten(unmasked.apply(case.make(fastnn, dtype=dtype), symbols))
    assert len(symbolic) == len(found)
    for y, symbol in zip(found, symbolic, strict=True):
        assert y.dtype == symbol.dtype
        assert y.dtype.kind != "f" or y.dtype == dtype
        assert len(symbol.shape) == y.ndim
        assert all(s in (None, n) for s, n in zip(symbol.shape, y.shape, strict=True)), symbol.shape
        assert np.isfinite(y).all()


def _projected(case: Case, layer: Any, arrays: list[Any], training: bool) -> Any:
    """Return one number: the outputs along a fixed direction."""
    y = case.apply(layer, arrays, training=training)
    rng = np.random.default_rng(13)
    total: Any = 0.0
    for part in tree.flatten(y):
        if part.dtype.kind == "f":
            total = total + fastnn.ops.sum(part * rng.standard_normal(part.shape))
    return total


@pytest.mark.parametrize("case", [c for c in CASES if c.smooth], ids=lambda case: case.id)
@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
def test_gradients(case: Case, training: bool) -> None:
    """Of inputs and weights, along a direction, against central differences."""
    if training and case.random:
        pytest.skip("training draws random numbers")
    layer = _made(case)
    arrays = case.arrays()
    tensors = [Tensor(a, requires_grad=True) if a.dtype.kind == "f" else a for a in arrays]
    state = [w.numpy().copy() for w in layer.weights]
    moving = [not w.trainable for w in layer.weights]
    sources = [t for t in tensors if isinstance(t, Tensor)] + layer.trainable_weights
    if not sources:
        return
    found = gradients(_projected(case, layer, tensors, training), sources)

    def at(source: Any, values: Any) -> float:
        for weight, before, moves in zip(layer.weights, state, moving, strict=True):
            if moves:
                weight.assign(before)
        kept = source.numpy().copy()
        source.numpy()[...] = values
        with no_grad():
            result = float(np.asarray(_projected(case, layer, tensors, training)))
        source.numpy()[...] = kept
        return result

    rng = np.random.default_rng(17)
    for source, slope in zip(sources, found, strict=True):
        values = source.numpy().copy()
        direction = rng.standard_normal(values.shape)
        h = 1e-5
        want = (at(source, values + h * direction) - at(source, values - h * direction)) / (2 * h)
        got = 0.0 if slope is None else float(np.sum(np.asarray(slope) * direction))
        scale = max(abs(want), 1e-2 * math.sqrt(values.size))
        name = getattr(source, "name", "input")
        assert abs(got - want) <= case.rtol * scale * 10, f"{name}: {got} where {want} is expected"


@every_case
def test_training_mode(case: Case) -> None:
    layer = _made(case, "float32")
    arrays = case.arrays("float32")
    total = _projected(case, layer, arrays, True)
    for slope in gradients(total, layer.trainable_weights) if layer.trainable_weights else ():
        assert slope is None or np.isfinite(np.asarray(slope)).all()


@every_case
def test_same_bits_on_any_number_of_threads(case: Case) -> None:
    found = []
    for threads in (1, 2, 4):
        fastnn.set_num_threads(threads)
        layer = _made(case, "float32")
        tensors = [Tensor(a, requires_grad=a.dtype.kind == "f") for a in case.arrays("float32")]
        total = _projected(case, layer, tensors, True)
        sources = [t for t in tensors if t.requires_grad] + layer.trainable_weights
        slopes = gradients(total, sources) if sources and isinstance(total, Tensor) else []
        parts = [part for part in [total, *slopes, *layer.get_weights()] if part is not None]
        found.append([np.asarray(part).tobytes() for part in parts])
    assert found[0] == found[1] == found[2]


@plain_cases
def test_graph_saved_and_loaded(case: Case, tmp_path: Path) -> None:
    layer = _made(case, "float32")
    arrays = case.arrays("float32")
    inputs = [
        fastnn.Input(a.shape[1:], dtype=a.dtype.name if a.dtype.kind == "f" else "int32") for a in arrays
    ]
    model = fastnn.Model(_in_structure(case, inputs), layer(_in_structure(case, inputs)))
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    assert layer.name[:8] in lines[0]
    want = _outputs(layer(_in_structure(case, arrays), training=False))
    model.save(tmp_path / "model.safetensors")
    loaded = fastnn.models.load_model(tmp_path / "model.safetensors")
    assert loaded.get_config() == model.get_config()
    for found in (
        model(_in_structure(case, arrays), training=False),
        loaded(_in_structure(case, arrays), training=False),
    ):
        for y, expected in zip(_outputs(found), want, strict=True):
            assert y.tobytes() == expected.tobytes()


@plain_cases
def test_sequential(case: Case) -> None:
    if isinstance(case.inputs, list):
        pytest.skip("several inputs")
    layer = _made(case, "float32")
    if len(_outputs(case.apply(layer, case.arrays("float32")))) > 1:
        pytest.skip("several outputs")
    (x,) = case.arrays("float32")
    model = fastnn.Sequential([layer])
    np.testing.assert_array_equal(model.predict(x, verbose=0), _outputs(layer(x, training=False))[0])


@plain_cases
def test_an_empty_batch_is_empty_or_refused(case: Case) -> None:
    layer = _made(case, "float32")
    arrays = [a[:0] for a in case.arrays("float32")]
    found, message = _tried(layer, _in_structure(case, arrays))
    assert layer.name in message if found is None else all(len(y) == 0 for y in found)


@plain_cases
@pytest.mark.parametrize("change", [-1, 1], ids=["fewer", "more"])
def test_other_ranks_are_refused_or_work(case: Case, change: int) -> None:
    layer = _made(case, "float32")
    arrays = [a[0] if change < 0 else a[np.newaxis] for a in case.arrays("float32")]
    found, message = _tried(layer, _in_structure(case, arrays))
    assert found is not None or layer.name in message


def _tried(layer: Any, x: Any) -> tuple[Any, str]:
    """Return the outputs, or None and what the error says."""
    try:
        return _outputs(layer(x, training=False)), ""
    except ValueError as error:
        return None, str(error)
