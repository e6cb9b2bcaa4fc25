"""Dataset beside tf.data: the same chains give the same elements, lengths and structures."""

from __future__ import annotations

import inspect
from importlib.util import find_spec

import numpy as np
import pytest
from fastnn import data

if find_spec("tensorflow") is None:
    pytest.skip("parity with tf.data needs TensorFlow", allow_module_level=True)
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

X = np.arange(42, dtype="float32").reshape(7, 3, 2)
Y = np.arange(7)
CHAINS = {
    "slices": lambda d: d.from_tensor_slices((X, Y)),
    "dict": lambda d: d.from_tensor_slices({"x": X, "y": (Y, Y)}).batch(3),
    "batch": lambda d: d.from_tensor_slices((X, Y)).batch(3),
    "drop": lambda d: d.from_tensor_slices((X, Y)).batch(3, drop_remainder=True),
    "batch of batches": lambda d: d.from_tensor_slices(X).batch(7).batch(1),
    "unbatch": lambda d: d.from_tensor_slices((X, Y)).batch(3).unbatch(),
    "repeat": lambda d: d.range(3).repeat(2).batch(4),
    "repeat nothing": lambda d: d.range(3).repeat(0),
    "take": lambda d: d.range(5).take(2),
    "take all": lambda d: d.range(5).take(-1),
    "take more": lambda d: d.range(5).take(9),
    "skip": lambda d: d.range(5).skip(2),
    "skip all": lambda d: d.range(5).skip(-1),
    "skip more": lambda d: d.range(5).skip(9),
    "filter": lambda d: d.range(10).filter(lambda i: i % 3 == 0),
    "map pair": lambda d: d.from_tensor_slices((X, Y)).map(lambda x, y: (y, x + 1)),
    "map dict": lambda d: d.from_tensor_slices({"x": X}).map(lambda e: e["x"] * 2),
    "map of nested": lambda d: d.from_tensor_slices(((X, Y), Y)).map(lambda a, b: {"a": a[0], "b": b}),
    "parallel": lambda d: d.range(20).map(lambda i: i * i, num_parallel_calls=3).prefetch(2),
    "enumerate": lambda d: d.from_tensor_slices((X, Y)).enumerate(start=5),
    "zip": lambda d: d.zip(d.range(3), d.range(5)),
    "zip nested": lambda d: d.zip((d.range(3), (d.range(5), d.range(7)))),
    "zip one": lambda d: d.zip((d.range(3),)),
    "range": lambda d: d.range(10, 2, -3),
    "cache": lambda d: d.range(4).cache().batch(3).prefetch(-1),
    "shuffle by one": lambda d: d.range(6).shuffle(1),
}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_chains(chain):
    ours, theirs = chain(data.Dataset), chain(tf.data.Dataset)
    found, expected = list(ours), list(theirs.as_numpy_iterator())
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        tf.nest.assert_same_structure(one, other)
        for a, b in zip(tf.nest.flatten(one), tf.nest.flatten(other), strict=True):
            np.testing.assert_array_equal(a, b, strict=True)
    known = ours.cardinality()
    assert known in (int(theirs.cardinality()), len(expected))  # we may know where TensorFlow does not


def test_endless():
    for chain in (lambda d: d.range(3).repeat(), lambda d: d.range(3).repeat().batch(2)):
        assert chain(data.Dataset).cardinality() == int(chain(tf.data.Dataset).cardinality())
    filtered = data.Dataset.range(3).filter(lambda i: True)
    assert filtered.cardinality() == int(tf.data.UNKNOWN_CARDINALITY) == data.UNKNOWN_CARDINALITY
    assert int(tf.data.INFINITE_CARDINALITY) == data.INFINITE_CARDINALITY
    assert int(tf.data.AUTOTUNE) == data.AUTOTUNE


def test_a_shuffle_that_is_not_repeated_keeps_its_order():
    for library in (data, tf.data):
        kept = library.Dataset.range(50).shuffle(50, reshuffle_each_iteration=False)
        new = library.Dataset.range(50).shuffle(50, seed=3)
        assert list(kept.as_numpy_iterator()) == list(kept.as_numpy_iterator())
        assert list(new.as_numpy_iterator()) != list(new.as_numpy_iterator())


@pytest.mark.parametrize(
    "name",
    [
        "from_tensor_slices",
        "from_generator",
        "shuffle",
        "map",
        "batch",
        "unbatch",
        "repeat",
        "take",
        "skip",
        "prefetch",
        "filter",
        "enumerate",
    ],
)
def test_arguments(name):
    """Every argument that we have, TensorFlow has, with the same default."""
    ours, theirs = (
        inspect.signature(getattr(library.Dataset, name)).parameters for library in (data, tf.data)
    )
    assert list(ours) == [n for n in theirs if n in ours]
    for argument in ours.keys() - {"args"}:
        assert ours[argument].default == theirs[argument].default
