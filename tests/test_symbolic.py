"""Symbolic tensors: every op knows what comes out, and nothing pretends that there are values."""

import functools
import json
import operator

import fastnn
import numpy as np
import pytest
from fastnn import layers, ops, tree
from fastnn.models import graph_config
from fastnn.symbolic import infer
from op_cases import CASES


def graph_and_array(function, *shapes, dtype="float64"):
    """Return what a function gives through a graph, and of arrays."""
    inputs = [fastnn.Input(shape[1:], dtype=dtype) for shape in shapes]
    arrays = [np.random.default_rng(0).uniform(0.5, 2, size=shape).astype(dtype) for shape in shapes]
    outputs = function(*inputs)
    model = fastnn.Model(inputs, outputs)
    found = model(arrays)
    for symbolic, value in zip(tree.flatten(outputs), tree.flatten(found), strict=True):
        assert len(symbolic.shape) == len(value.shape)
        assert all(s in (None, v) for s, v in zip(symbolic.shape, value.shape, strict=True))
        assert symbolic.dtype == value.dtype
    return [np.asarray(y) for y in tree.flatten(found)], tree.flatten(function(*arrays))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x + 1,
        lambda x: 1 - x,
        lambda x: x * np.arange(4.0),
        lambda x: np.arange(4.0) - x,
        lambda x: np.float64(3) / x,
        lambda x: x / 2,
        lambda x: -x,
        lambda x: x @ np.ones((4, 3)),
        lambda x: ops.power(x, 2.0),
        lambda x: ops.greater(x, 1.0),
        lambda x: np.add(np.ones(4), x),
        lambda x: ops.get_item(x, (slice(None), slice(1, 3))),
        lambda x: ops.where(ops.greater(x, 1.0), x, 0.0),
        lambda x: ops.concatenate([x, x * 2.0], axis=-1),
        lambda x: ops.stack([x, x], axis=1),
        lambda x: ops.hstack([x, x]),
        lambda x: ops.split(x, 2, axis=1),
        lambda x: ops.top_k(x, 2),
        lambda x: ops.einsum("ij,kj->ik", x, np.ones((3, 4))),
        lambda x: ops.argmax(x, axis=-1),
        lambda x: ops.softmax(x, axis=-1),
        lambda x: ops.mean(x, axis=1, keepdims=True),
        lambda x: ops.sum(x),
        lambda x: ops.reshape(x, (-1, 2, 2)),
        lambda x: x.reshape(-1, 2, 2),
        lambda x: x.mean(axis=1),
        lambda x: x**2 + 2**x,
        lambda x: x // 0.3 + x % 0.3,
        lambda x: abs(-x),
        lambda x: x > 1,
        lambda x: x[:, 1:3],
        lambda x: x[:, None, -1],
        lambda x: x[:, [3, 0]],
        lambda x: x[..., np.array([True, False, True, False])],
        lambda x: np.exp(x) + np.sum(x, axis=1, keepdims=True),
        lambda x: np.concatenate([x, x], 1),
        lambda x: x.astype("float32").T.clip(0.5, 1),
        lambda x: ops.cast(x, "int64"),
    ],
)
def test_ops_in_graphs(function):
    found, expected = graph_and_array(function, (5, 4))
    for y, value in zip(found, expected, strict=True):
        np.testing.assert_allclose(y, value, rtol=1e-12)


@pytest.mark.parametrize("symbol", ["add", "sub", "mul", "truediv", "matmul"])
def test_operators_of_two(symbol):
    function = getattr(operator, symbol)
    shapes = ((2, 3, 4), (2, 4, 3)) if symbol == "matmul" else ((2, 3), (2, 3))
    found, expected = graph_and_array(function, *shapes)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-12)


def test_in_place_operators_name_the_result():
    x = fastnn.Input((3,))
    y = x
    y += 1
    y *= 2
    y -= 3
    y /= 4
    assert y is not x
    np.testing.assert_allclose(fastnn.Model(x, y)(np.ones((1, 3))), [[0.25] * 3])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_op_knows_its_output_and_is_saved(case):
    """Shape and type as of arrays; and what a file holds of the recorded calls repeats them."""
    arrays = case.inputs(np.random.default_rng(0))
    if not any(isinstance(a, np.ndarray) for a in arrays):
        return  # it makes arrays from nothing
    kinds = {a.dtype.kind for a in arrays if isinstance(a, np.ndarray)}
    wanted = "f" if "f" in kinds else "iub"  # positions stay as they are where there are values
    symbolic = [
        fastnn.KerasTensor(a.shape, a.dtype, f"x{i}")
        if isinstance(a, np.ndarray) and a.dtype.kind in wanted
        else a
        for i, a in enumerate(arrays)
    ]
    op = functools.partial(case.call, getattr(ops, case.op), **case.options)
    expected = tree.flatten(op(*arrays))
    found = tree.flatten(op(*symbolic))
    assert [(y.shape, y.dtype) for y in found] == [(np.shape(y), y.dtype) for y in expected]
    known = dict(zip(map(id, symbolic), arrays, strict=True))
    for y, value in zip(found, expected, strict=True):
        np.testing.assert_array_equal(np.asarray(_value(y, known)), value)


def _value(tensor, known):
    """Compute a symbolic tensor from the JSON of the calls behind it."""
    if id(tensor) in known:
        return known[id(tensor)]
    history = tensor._keras_history
    tensors = history.node.inputs

    def reference(t):
        return {"tensor": next(i for i, other in enumerate(tensors) if other is t)}

    text = json.dumps(
        [graph_config._encoded(part, reference) for part in (history.node.args, history.node.kwargs)]
    )
    values = [_value(t, known) for t in tensors]
    args, kwargs = (graph_config._decoded(part, lambda i: values[i]) for part in json.loads(text))
    return tree.flatten(history.operation.op(*args, **kwargs))[history.tensor_index]


def test_sizes_that_change_with_the_batch_are_unknown():
    x = fastnn.Input((4,))
    assert ops.ravel(x).shape == (None,)
    assert ops.transpose(x).shape == (4, None)
    assert ops.sum(x).shape == ()
    assert ops.matmul(x, ops.transpose(x)).shape == (None, None)


def test_unknown_sizes_are_taken_for_large_enough():
    x = fastnn.Input((None, 4))
    assert x[:, 5].shape == (None, 4)
    assert x[:, :5].shape[0] is None
    assert ops.matmul(x, ops.swapaxes(x, 1, 2)).shape == (None, None, None)


def test_nothing_is_recorded_for_arrays():
    before = len(layers.Dense(2)._inbound_nodes)
    x = fastnn.tensor(np.ones((2, 3)))
    assert type(ops.add(x, 1.0)) is fastnn.Tensor
    assert type(ops.add(np.ones(3), 1.0)) is np.ndarray
    assert before == 0


def test_infer_refuses_what_is_no_tensor():
    x = fastnn.Input((4,))
    with pytest.raises(TypeError, match="must give tensors; received str"):
        infer(lambda x: "words", (x,), {})


X = fastnn.Input((4,), name="x")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: bool(X), "name=x> is symbolic and has no truth value.*fastnn.ops.where"),
        (lambda: iter(X), "symbolic and cannot be iterated over.*ops.split"),
        (lambda: len(X), "symbolic and has no length"),
        (lambda: float(X), "symbolic: it has no values before its model is called"),
        (lambda: X.numpy(), "symbolic: it has no values before its model is called"),
        (lambda: X.backward(), "symbolic: it has no values"),
        (lambda: np.asarray(X), "symbolic and cannot become an array.*fastnn.ops"),
        (lambda: np.spacing(X), "numpy.spacing does not take .* symbolic: use the functions of fastnn.ops"),
        (lambda: np.histogram(X), "numpy.histogram does not take"),
        (lambda: np.add.reduce(X), "numpy.add does not take"),
        (lambda: np.add(X, X, out=np.ones(4)), "numpy.add does not take"),
    ],
)
def test_there_are_no_values(wrong, words):
    with pytest.raises(TypeError, match=words):
        wrong()


def test_errors_tell_the_symbolic_shapes():
    with pytest.raises(
        ValueError, match=r"\[add\] shapes must broadcast.*symbolic shapes \(None, 4\) and \(None, 3\)"
    ):
        X + fastnn.Input((3,))
    with pytest.raises(ValueError, match=r"\[reshape\]"):
        ops.reshape(X, (-1, 3))


def test_equality_is_identity():
    other = fastnn.Input((4,))
    assert X == X
    assert other != X
    assert X in [other, X]
    assert len({X, other}) == 2


def test_a_failing_call_does_not_mention_the_usual_path():
    with pytest.raises(ValueError, match="broadcast") as caught:
        X + fastnn.Input((3,))
    assert caught.value.__suppress_context__
