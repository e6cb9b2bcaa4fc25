"""Second derivatives against PyTorch's and JAX's, in float64."""

from __future__ import annotations

from importlib.util import find_spec

import fastnn
import numpy as np
import pytest
from fastnn import autograd, ops

if find_spec("torch") is None or find_spec("jax") is None:
    pytest.skip("parity of second derivatives needs PyTorch and JAX", allow_module_level=True)
import jax
import torch
from jax import numpy as jnp
from torch.nn import functional


def test_training_with_a_gradient_penalty_as_in_torch() -> None:
    """Ten steps on loss + 10 (|d mean(y) / dx| - 1)^2, as a WGAN-GP's critic takes them."""
    rng = np.random.default_rng(4)
    x, target = rng.standard_normal((8, 5)), rng.standard_normal((8, 3))
    arrays = [rng.standard_normal(shape) * 0.5 for shape in [(5, 6), (6,), (6, 3), (3,)]]

    ours = [fastnn.tensor(a.copy(), requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a.copy(), requires_grad=True) for a in arrays]
    for _ in range(10):
        inputs = fastnn.tensor(x, requires_grad=True)
        y = ops.dense(ops.silu(ops.dense(inputs, ours[0], ours[1])), ours[2], ours[3], "tanh")
        (dx,) = autograd.gradients(ops.mean(y), [inputs], create_graph=True)
        gap = ops.norm(dx, axis=1) - 1.0
        loss = ops.mean(ops.mean_squared_error(target, y)) + 10 * ops.mean(gap * gap)
        loss.backward()

        points = torch.tensor(x, requires_grad=True)
        z = torch.tanh(functional.silu(points @ theirs[0] + theirs[1]) @ theirs[2] + theirs[3])
        (dpoints,) = torch.autograd.grad(z.mean(), points, create_graph=True)
        want = functional.mse_loss(z, torch.tensor(target))
        want = want + 10 * ((dpoints.norm(dim=1) - 1) ** 2).mean()
        want.backward()

        np.testing.assert_allclose(loss.item(), want.item(), rtol=1e-10)
        for parameter, reference in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(parameter.grad, reference.grad.numpy(), rtol=1e-9, atol=1e-12)
            parameter.numpy()[...] -= 0.01 * parameter.grad.numpy()
            parameter.grad = None
            with torch.no_grad():
                reference -= 0.01 * reference.grad
            reference.grad = None


W = np.random.default_rng(1).standard_normal((6, 4))
LABELS = np.array([2, 0, 3, 3, 1, 0])


def _log_likelihood(x):
    logits = jnp.outer(jnp.arange(1.0, 7.0), x)
    return -jnp.sum(jax.nn.log_softmax(logits)[jnp.arange(6), LABELS])


HESSIANS = {
    "rosenbrock": (
        lambda x: ops.sum(
            100 * ops.square(ops.get_item(x, slice(1, None)) - ops.square(ops.get_item(x, slice(-1))))
            + ops.square(1 - ops.get_item(x, slice(-1)))
        ),
        lambda x: jnp.sum(100 * jnp.square(x[1:] - jnp.square(x[:-1])) + jnp.square(1 - x[:-1])),
    ),
    "logistic regression": (
        lambda x: ops.sum(
            ops.sparse_categorical_crossentropy(LABELS, ops.outer(np.arange(1.0, 7.0), x), from_logits=True)
        ),
        _log_likelihood,
    ),
    "layers": (
        lambda x: ops.sum(ops.tanh(ops.dense(ops.expand_dims(x, 0), W.T, activation="sigmoid"))),
        lambda x: jnp.sum(jnp.tanh(jax.nn.sigmoid(x[None] @ W.T))),
    ),
    "gelu of products": (
        lambda x: ops.sum(ops.gelu(ops.matmul(W, x)) * ops.gelu(ops.matmul(W, x), approximate=False)),
        lambda x: jnp.sum(jax.nn.gelu(W @ x) * jax.nn.gelu(W @ x, approximate=False)),
    ),
    "product": (ops.prod, jnp.prod),
    "logsumexp": (ops.logsumexp, jax.scipy.special.logsumexp),
    "deviation": (ops.std, jnp.std),
    "running sums": (
        lambda x: ops.sum(ops.exp(ops.cumsum(x)) * ops.sort(x)),
        lambda x: jnp.sum(jnp.exp(jnp.cumsum(x)) * jnp.sort(x)),
    ),
    "einsum": (
        lambda x: ops.sum(ops.einsum("ij,j,k->ik", W, x, x) * ops.einsum("ij,j,k->ik", W, x, x)),
        lambda x: jnp.sum(jnp.einsum("ij,j,k->ik", W, x, x) ** 2),
    ),
}


@pytest.mark.parametrize("name", HESSIANS)
def test_hessians_as_in_jax(name: str) -> None:
    ours, theirs = HESSIANS[name]
    x = np.random.default_rng(2).standard_normal(4)
    with jax.enable_x64(True):
        want = np.asarray(jax.hessian(theirs)(x))
    hessian = fastnn.jacobian(fastnn.grad(ours))(x)
    np.testing.assert_allclose(hessian, want, rtol=1e-9, atol=1e-9 * np.max(np.abs(want)))
