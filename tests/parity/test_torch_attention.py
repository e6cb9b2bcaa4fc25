"""MultiHeadAttention against PyTorch's in float64, where Keras computes in float32."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import layers

if find_spec("torch") is None:
    pytest.skip("parity with PyTorch needs it", allow_module_level=True)
import torch

FEATURES, HEADS = 6, 2


@pytest.mark.parametrize("call", ["plain", "padded", "causal", "scores"])
def test_multi_head_attention(call: str) -> None:
    rng = np.random.default_rng(0)
    query, value = rng.standard_normal((3, 5, FEATURES)), rng.standard_normal((3, 5, FEATURES))
    dy, kernels = rng.standard_normal(query.shape), rng.standard_normal((4, FEATURES, FEATURES))
    biases = rng.standard_normal((4, FEATURES))
    counts = np.arange(5) < np.array([[5], [2], [3]])

    theirs = torch.nn.MultiheadAttention(FEATURES, HEADS, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.from_numpy(np.concatenate(kernels[:3].transpose(0, 2, 1))))
        theirs.in_proj_bias.copy_(torch.from_numpy(biases[:3].ravel()))
        theirs.out_proj.weight.copy_(torch.from_numpy(kernels[3].T))
        theirs.out_proj.bias.copy_(torch.from_numpy(biases[3]))
    options: dict[str, Any] = {"need_weights": call == "scores", "average_attn_weights": False}
    if call == "padded":
        options["key_padding_mask"] = torch.from_numpy(~counts)
    if call == "causal":
        options["attn_mask"] = torch.from_numpy(np.triu(np.ones((5, 5), bool), 1))
    inputs = [torch.from_numpy(x).requires_grad_() for x in (query, value)]
    want, want_scores = theirs(inputs[0], inputs[1], inputs[1], **options)
    want.backward(torch.from_numpy(dy))

    ours = layers.MultiHeadAttention(HEADS, FEATURES // HEADS, dtype="float64")
    ours.build(query.shape, value.shape)
    heads = (HEADS, FEATURES // HEADS)
    projections = [
        (k.reshape(FEATURES, *heads), b.reshape(heads)) for k, b in zip(kernels, biases, strict=True)
    ]
    output = (kernels[3].reshape(*heads, FEATURES), biases[3])
    ours.set_weights([w for pair in (*projections[:3], output) for w in pair])
    tensors = [fastnn.tensor(x, requires_grad=True) for x in (query, value)]
    y = ours(
        *tensors,
        value_mask=counts if call == "padded" else None,
        use_causal_mask=call == "causal",
        return_attention_scores=call == "scores",
    )
    if call == "scores":
        y, scores = y
        np.testing.assert_allclose(scores.numpy(), want_scores.detach(), rtol=0, atol=1e-14)
    y.backward(dy)
    np.testing.assert_allclose(y.numpy(), want.detach(), rtol=0, atol=1e-12)
    for got, expected in zip(tensors, inputs, strict=True):
        np.testing.assert_allclose(got.grad.numpy(), expected.grad, rtol=0, atol=1e-11)
    of_query = theirs.in_proj_weight.grad[:FEATURES].T
    np.testing.assert_allclose(
        ours.weights[0].grad.numpy().reshape(FEATURES, FEATURES), of_query, rtol=0, atol=1e-11
    )
