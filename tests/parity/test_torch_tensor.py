"""Tensors beside PyTorch's: memory shared by DLPack, and methods of the same names."""

from __future__ import annotations

from importlib.util import find_spec

import fastnn
import numpy as np
import pytest

if find_spec("torch") is None:
    pytest.skip("parity with PyTorch needs PyTorch", allow_module_level=True)
import torch


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "int32", "uint8", "bool"])
@pytest.mark.parametrize("shape", [(2, 3), (), (0, 3)])
def test_dlpack_both_ways(dtype, shape):
    x = fastnn.tensor(np.zeros(shape, dtype))
    theirs = torch.from_dlpack(x)
    assert tuple(theirs.shape) == shape
    theirs.fill_(1)
    assert (x == 1).all()
    x.zero_()
    assert not theirs.any()
    back = fastnn.from_dlpack(torch.zeros(shape, dtype=theirs.dtype))
    assert (back.shape, back.dtype) == (shape, dtype)
    source = torch.ones(shape, dtype=theirs.dtype)
    shared = fastnn.from_dlpack(source)
    source.zero_()
    assert not shared.any()


def test_dlpack_of_strided_memory():
    array = np.arange(12.0).reshape(3, 4)
    theirs = torch.from_dlpack(fastnn.tensor(array[::2, 1:].T))
    np.testing.assert_array_equal(theirs.numpy(), array[::2, 1:].T)
    ours = fastnn.from_dlpack(torch.from_numpy(array).t()[1:])
    assert np.shares_memory(ours.numpy(), array)
    np.testing.assert_array_equal(ours, array.T[1:])


def test_gradients_are_not_given_away():
    with pytest.raises(BufferError, match="requires a gradient"):
        torch.from_dlpack(fastnn.tensor([1.0], requires_grad=True))
    with pytest.raises(BufferError):
        fastnn.from_dlpack(torch.ones(1, requires_grad=True))


PROGRAMS = [
    lambda x: (x @ x.T).mean(),
    lambda x: x[1:, [0, 2]].sum() * x[x > 0].sum(),
    lambda x: x[..., None, 0].pow(3).sum(dim=0),
    lambda x: (2.0 - x) / (x * x + 1.0) ** 0.5,
    lambda x: x.softmax(dim=1) * x.log_softmax(dim=0),
    lambda x: x.mm(x.t()).clamp(min=0).sum(dim=1, keepdim=True),
    lambda x: x.view(-1, 2).permute(1, 0).flatten(),
    lambda x: x.unsqueeze(1).squeeze(1).reshape(6).cumsum(dim=0),
    lambda x: x.abs().sqrt() + x.exp().log() + x.sigmoid() + x.tanh() + x.relu() + x.sin() * x.cos(),
    lambda x: x % 0.7 - (x.detach() // 0.7),  # PyTorch has no rule for //
    lambda x: x.clone().prod(dim=1) + x.mean(dim=1),
    lambda x: x.float().double() + x.detach(),
    lambda x: x.max() - x.min() + x.norm(),
    lambda x: (x + 0.0)[0] * x[-1],
]


@pytest.mark.parametrize("program", PROGRAMS, ids=range(len(PROGRAMS)))
def test_one_program_for_both(program):
    array = np.random.default_rng(1).standard_normal((3, 2)).repeat(1, 0)
    array = np.concatenate([array, array[:, :1] * 0.3], 1)[:2]
    ours = fastnn.tensor(array.copy(), requires_grad=True)
    theirs = torch.tensor(array, requires_grad=True)
    y, expected = program(ours), program(theirs)
    assert y.shape == tuple(expected.shape)
    np.testing.assert_allclose(y, expected.detach().numpy(), 1e-6, 1e-6 if program is PROGRAMS[11] else 1e-12)
    weights = np.random.default_rng(2).standard_normal(y.shape)
    (y * weights).sum().backward()
    (expected * torch.tensor(weights)).sum().backward()
    np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), 1e-10, 1e-12)


IN_PLACE = [
    lambda x: x.add_(x * 2, alpha=0.5),
    lambda x: x.sub_(1.0).mul_(3.0).div_(2.0),
    lambda x: x.zero_().fill_(2.0),
    lambda x: x[0].copy_(x[1]),
    lambda x: x.__setitem__((slice(None), 1), 7.0),
    lambda x: x.__setitem__(x > 0, 0.0),
    lambda x: x.__iadd__(x[:1].clone()).__imul__(2.0).__isub__(1).__itruediv__(4.0),
]


@pytest.mark.parametrize("change", IN_PLACE, ids=range(len(IN_PLACE)))
def test_changes_in_place(change):
    array = np.random.default_rng(1).standard_normal((2, 3))
    ours, theirs = fastnn.tensor(array.copy()), torch.tensor(array)
    change(ours)
    change(theirs)
    np.testing.assert_array_equal(ours, theirs.numpy())


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.__iadd__(1.0),
        lambda x: x.__setitem__(0, 1.0),
        lambda x: x.zero_(),
        lambda x: x.mul_(2.0),
    ],
)
def test_both_refuse_changes_of_recorded_leaves(change):
    for x in (fastnn.tensor([1.0, 2.0], requires_grad=True), torch.ones(2, requires_grad=True)):
        with pytest.raises(RuntimeError, match="require"):
            change(x)
