"""Gradients against PyTorch's autograd, in float64."""

from __future__ import annotations

from importlib.util import find_spec

import fastnn
import numpy as np
import pytest
from fastnn import ops

if find_spec("torch") is None:
    pytest.skip("parity with PyTorch needs PyTorch", allow_module_level=True)
import torch
from torch.nn import functional

RTOL, ATOL = 1e-10, 1e-12


def compare(ours, theirs, *inputs, seed=7):
    """Compare values, and gradients for all inputs with a random upstream gradient."""
    tensors = [fastnn.tensor(a, requires_grad=True) for a in inputs]
    references = [torch.tensor(a, requires_grad=True) for a in inputs]
    y, expected = ours(*tensors), theirs(*references)
    np.testing.assert_allclose(y.numpy(), expected.detach().numpy(), RTOL, ATOL)
    dy = np.random.default_rng(seed).standard_normal(y.shape)
    y.backward(dy)
    expected.backward(torch.tensor(dy))
    for tensor, reference in zip(tensors, references, strict=True):
        np.testing.assert_allclose(tensor.grad, reference.grad.numpy(), RTOL, ATOL)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def probabilities(rng, *shape):
    x = rng.random(shape) + 0.05
    return x / x.sum(-1, keepdims=True)


@pytest.mark.parametrize("activation", ["linear", "relu", "sigmoid", "tanh"])
@pytest.mark.parametrize("shape", [(5, 7), (2, 3, 7)])
def test_dense(rng, activation, shape):
    function = {"linear": lambda x: x, "relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}
    compare(
        lambda x, k, b: ops.dense(x, k, b, activation),
        lambda x, k, b: function[activation](x @ k + b),
        rng.standard_normal(shape),
        rng.standard_normal((7, 4)),
        rng.standard_normal(4),
    )


def test_matmul(rng):
    compare(ops.matmul, torch.matmul, rng.standard_normal((6, 5)), rng.standard_normal((5, 3)))


@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_softmax(rng, axis):
    compare(
        lambda x: ops.softmax(x, axis), lambda x: torch.softmax(x, axis), 4 * rng.standard_normal((3, 5, 4))
    )


def log_of_normalised(y_pred):
    """Return the log that Keras takes of probabilities: normalised and clipped before."""
    return (y_pred / y_pred.sum(-1, keepdim=True)).clamp(1e-7, 1 - 1e-7).log()


@pytest.mark.parametrize("normalised", [True, False])
def test_categorical_crossentropy_of_probabilities(rng, normalised):
    target, output = probabilities(rng, 6, 5), probabilities(rng, 6, 5)
    compare(
        lambda p: ops.categorical_crossentropy(target, p),
        lambda p: -(torch.tensor(target) * log_of_normalised(p)).sum(-1),
        output if normalised else 3 * output,
    )


def test_sparse_categorical_crossentropy_of_probabilities(rng):
    labels = rng.integers(0, 5, 6)
    compare(
        lambda p: ops.sparse_categorical_crossentropy(labels, p),
        lambda p: -log_of_normalised(p)[torch.arange(6), torch.tensor(labels)],
        probabilities(rng, 6, 5),
    )


@pytest.mark.parametrize("scale", [1.0, 50.0])
def test_crossentropies_of_logits(rng, scale):
    logits, labels, target = (
        scale * rng.standard_normal((6, 5)),
        rng.integers(0, 5, 6),
        probabilities(rng, 6, 5),
    )
    compare(
        lambda z: ops.sparse_categorical_crossentropy(labels, z, from_logits=True),
        lambda z: functional.cross_entropy(z, torch.tensor(labels), reduction="none"),
        logits,
    )
    compare(
        lambda z: ops.categorical_crossentropy(target, z, from_logits=True),
        lambda z: functional.cross_entropy(z, torch.tensor(target), reduction="none"),
        logits,
    )


@pytest.mark.parametrize("sparse", [True, False])
def test_softmax_with_crossentropy(rng, sparse):
    """The two are recognised on the tape and computed from the logits, as PyTorch's one function is."""
    logits, labels, target = rng.standard_normal((6, 5)), rng.integers(0, 5, 6), probabilities(rng, 6, 5)
    loss = ops.sparse_categorical_crossentropy if sparse else ops.categorical_crossentropy
    truth = labels if sparse else target
    compare(
        lambda z: loss(truth, ops.softmax(z)),
        lambda z: functional.cross_entropy(z, torch.tensor(truth), reduction="none"),
        logits,
    )


def test_binary_crossentropy(rng):
    target = rng.integers(0, 2, (6, 3)).astype(float)
    compare(
        lambda p: ops.binary_crossentropy(target, p),
        lambda p: functional.binary_cross_entropy(p, torch.tensor(target), reduction="none").mean(-1),
        0.05 + 0.9 * rng.random((6, 3)),
    )
    with_logits = functional.binary_cross_entropy_with_logits
    compare(
        lambda z: ops.binary_crossentropy(target, z, from_logits=True),
        lambda z: with_logits(z, torch.tensor(target), reduction="none").mean(-1),
        20 * rng.standard_normal((6, 3)),
    )


def test_mean_squared_error(rng):
    target = rng.standard_normal((6, 3))
    compare(
        lambda y: ops.mean_squared_error(target, y),
        lambda y: ((torch.tensor(target) - y) ** 2).mean(-1),
        rng.standard_normal((6, 3)),
    )


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide"])
def test_arithmetic_with_broadcasting(rng, name):
    a, b = rng.standard_normal((4, 1, 3)), rng.standard_normal((5, 1)) + 3
    compare(getattr(ops, name), getattr(torch, name), a, b)


def test_two_layer_net(rng):
    """Gradients of all weights of a net, from the mean loss."""
    x, labels = rng.standard_normal((8, 6)), rng.integers(0, 3, 8)

    def ours(k1, b1, k2, b2):
        y = ops.softmax(ops.dense(ops.dense(x, k1, b1, "relu"), k2, b2))
        return ops.mean(ops.sparse_categorical_crossentropy(labels, y))

    def theirs(k1, b1, k2, b2):
        logits = torch.relu(torch.tensor(x) @ k1 + b1) @ k2 + b2
        return functional.cross_entropy(logits, torch.tensor(labels))

    shapes = (6, 9), (9,), (9, 3), (3,)
    compare(ours, theirs, *(0.3 * rng.standard_normal(shape) for shape in shapes))


def test_a_data_loader_gives_its_batches_to_fit():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((50, 4), dtype=np.float32), rng.integers(0, 3, 50)
    pairs = torch.utils.data.TensorDataset(torch.from_numpy(x), torch.from_numpy(y))
    found = []
    for data in ((torch.utils.data.DataLoader(pairs, batch_size=16),), (x, y, 16)):
        fastnn.utils.set_random_seed(0)
        model = fastnn.Sequential([fastnn.layers.Dense(3, activation="softmax", input_shape=(4,))])
        model.compile("adam", "sparse_categorical_crossentropy")
        found.append(model.fit(*data, epochs=2, shuffle=False, verbose=0).history)
    assert found[0] == found[1]
