"""From each row of the layer table: outputs and gradients equal to Keras's, from the same weights."""

from __future__ import annotations

import os
import warnings
from importlib.util import find_spec
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import tree
from fastnn.autograd import gradients
from fastnn.tensor import Tensor
from layer_cases import CASES, Case

if find_spec("keras") is None or find_spec("jax") is None:
    pytest.skip("parity with Keras's layers needs Keras and JAX", allow_module_level=True)
os.environ.setdefault("KERAS_BACKEND", "jax")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jax
    import keras
if keras.backend.backend() != "jax":
    pytest.skip("Keras runs on another backend than JAX", allow_module_level=True)

# Keras's tanh gives float32 whatever it is given, and recurrent layers do not run on states of two types.
keras.src.backend.numpy.tanh = jax.numpy.tanh

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def _floats(structure: Any) -> list[Any]:
    return [y for y in tree.flatten(structure) if np.dtype(y.dtype).kind == "f"]


def _directions(outputs: list[Any]) -> list[Any]:
    rng = np.random.default_rng(23)
    return [rng.standard_normal(y.shape).astype(np.float32) for y in outputs]


@pytest.mark.parametrize("case", [c for c in CASES if c.keras], ids=lambda case: case.id)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("training", [False, True], ids=["inference", "training"])
def test_outputs_and_gradients(case: Case, dtype: str, training: bool) -> None:
    if training and case.random:
        pytest.skip("training draws random numbers")
    rtol = {"float32": 1e-5, "float64": case.keras_rtol}[dtype]
    arrays = case.arrays(dtype)
    with jax.enable_x64(dtype == "float64"):
        theirs = case.make(keras, dtype=dtype)
        inputs = [jax.numpy.asarray(a) for a in arrays]
        case.apply(theirs, inputs)
        rng = np.random.default_rng(19)
        theirs.set_weights(
            [w + 0.1 * rng.uniform(0.5, 1, w.shape).astype(dtype) for w in theirs.get_weights()]
        )
        weights = theirs.get_weights()
        trained = [v.value for v in theirs.trainable_variables]
        fixed = [v.value for v in theirs.non_trainable_variables]
        differentiated = [i for i, a in enumerate(inputs) if a.dtype.kind == "f"]

        def run(trained: Any, floats: Any) -> Any:
            given = list(inputs)
            for i, value in zip(differentiated, floats, strict=True):
                given[i] = value

            def stateless(*args: Any, **kwargs: Any) -> Any:
                return theirs.stateless_call(trained, fixed, *args, **kwargs)

            outputs, moved = case.apply(stateless, given, **_training(theirs, training))
            return _floats(outputs), moved

        (want, moved), pull = jax.vjp(run, trained, [inputs[i] for i in differentiated])
        if any(y.dtype != dtype for y in want):
            rtol = 1e-5  # some of Keras's functions compute in float32 whatever they are given
        directions = _directions(want)
        along = [jax.numpy.asarray(d, y.dtype) for d, y in zip(directions, want, strict=True)]
        slopes = pull((along, [jax.numpy.zeros_like(m) for m in moved]))
        want, moved = [np.asarray(y) for y in want], [np.asarray(m) for m in moved]
        slopes = [np.asarray(s) for s in [*slopes[0], *slopes[1]]]

    ours = case.make(fastnn, dtype=dtype)
    tensors = [Tensor(a, requires_grad=a.dtype.kind == "f") for a in arrays]
    case.apply(ours, tensors)
    assert [w.shape for w in ours.weights] == [w.shape for w in weights]
    ours.set_weights(weights)
    found = _floats(case.apply(ours, tensors, training=training))
    for y, expected in zip(found, want, strict=True):
        _close(np.asarray(y), expected, rtol)
    total: Any = 0.0
    for y, direction in zip(found, directions, strict=True):
        total = total + fastnn.ops.sum(y * direction)
    sources = [*ours.trainable_weights, *(tensors[i] for i in differentiated)]
    if isinstance(total, Tensor) and sources:
        for slope, expected in zip(gradients(total, sources), slopes, strict=True):
            _close(np.zeros_like(expected) if slope is None else np.asarray(slope), expected, rtol)
    fixed_weights = [np.asarray(w) for w in ours.weights if not w.trainable]
    for weight, expected in zip(fixed_weights, moved, strict=False):
        if expected.dtype.kind == "f":
            _close(weight, expected, rtol)


def _training(layer: Any, training: bool) -> dict[str, Any]:
    return {"training": training} if layer._call_has_training_arg else {}


def _close(found: Any, expected: Any, rtol: float) -> None:
    """Compare to ``rtol`` of the largest value: sums of terms that cancel have no small relative error."""
    assert found.shape == expected.shape
    scale = np.abs(expected).max(initial=0.0)
    assert np.abs(found - expected).max(initial=0.0) <= rtol * max(scale, 1.0)
