"""Training loops written for PyTorch give its numbers with the imports exchanged."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn.datasets import digits

if find_spec("torch") is None:
    pytest.skip("parity with PyTorch needs PyTorch", allow_module_level=True)
import torch

STEPS = 20
PROGRAM = """
weights = [tensor(w, requires_grad=True) for w in drawn]
w1, b1, w2, b2, w3, b3 = weights
optimizer = optim.MAKE
losses = []
for step in range(STEPS):
    x, y = tensor(images[step * 50 : step * 50 + 50]), tensor(targets[step * 50 : step * 50 + 50])
    optimizer.zero_grad()
    h = relu(x @ w1 + b1)
    h = relu(h @ w2 + b2)
    out = relu(h @ w3 + b3)
    loss = ((out - y) ** 2).sum() / len(x)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
with no_grad():
    w1 -= 0.5 * w1.grad
changed = w1.detach().numpy()
"""
MAKERS = {
    "sgd": "SGD(weights, lr=0.05)",
    "positional rate": "SGD(weights, 0.05)",
    "momentum": "SGD(weights, lr=0.01, momentum=0.9)",
    "nesterov": "SGD(weights, lr=0.01, momentum=0.9, nesterov=True)",
}


@pytest.mark.parametrize("name", MAKERS)
def test_losses_of_20_steps(name):
    (x, labels), _ = digits.load_data()
    rng = np.random.default_rng(3)
    shapes = [(64, 32), (32,), (32, 16), (16,), (16, 10), (10,)]
    data = {
        "drawn": [rng.uniform(-0.3, 0.3, s).astype("float32") for s in shapes],
        "images": x.reshape(-1, 64).astype("float32") / 16,
        "targets": np.eye(10, dtype="float32")[labels],
        "STEPS": STEPS,
    }
    ours: dict[str, Any] = {**data, "tensor": fastnn.tensor, "optim": fastnn.optimizers}
    ours |= {"relu": fastnn.ops.relu, "no_grad": fastnn.no_grad, "drawn": [w.copy() for w in data["drawn"]]}
    theirs: dict[str, Any] = {**data, "tensor": torch.tensor, "optim": torch.optim}
    theirs |= {"relu": torch.relu, "no_grad": torch.no_grad}
    for names in (ours, theirs):
        exec(PROGRAM.replace("MAKE", MAKERS[name]), names)
    np.testing.assert_allclose(ours["losses"], theirs["losses"], rtol=2e-5)
    np.testing.assert_allclose(ours["changed"], theirs["changed"], rtol=1e-4, atol=1e-5)
    assert ours["losses"][-1] < 0.97 * ours["losses"][0]
