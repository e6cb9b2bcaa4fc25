"""Embedding and Masking: what numbers they take, and what they say of others; pad_sequences."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import layers
from fastnn.utils import pad_sequences

TABLE = np.arange(6.0).reshape(3, 2)


def _layer(**options: Any) -> layers.Embedding:
    return layers.Embedding(3, 2, weights=TABLE, name="words", **options)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "uint16", ">i4", "uint64", "bool", "float32", "float64"])
def test_numbers_of_any_type(dtype: str) -> None:
    ids = np.array([[1, 0]], dtype)
    for x in (ids, fastnn.tensor(ids), ids.tolist()):
        np.testing.assert_array_equal(np.asarray(_layer()(x)), TABLE[[[1, 0]]])


@pytest.mark.parametrize(
    ("ids", "kind", "message"),
    [
        ([[0, 3]], ValueError, r"'words'.*numbers must lie in \[0, 3\); received 3"),
        ([[-1, 0]], ValueError, r"'words'.*\[0, 3\); received -1"),
        ([[2.0**40]], ValueError, r"\[0, 3\); received 1099511627776"),
        (np.array([[2**64 - 1]], np.uint64), ValueError, r"\[0, 3\); received 18446744073709551"),
        ([[0.5]], ValueError, r"'words'.*whole numbers; received 0.5"),
        ([[np.nan]], ValueError, "whole numbers; received nan"),
        (np.array([["a"]]), TypeError, "'words'.*whole numbers; received dtype <U1"),
    ],
)
def test_numbers_without_a_row(ids: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        _layer()(np.asarray(ids))


def test_numbers_too_large_for_float32() -> None:
    layer = layers.Embedding(2**24 + 2, 1, embeddings_initializer="zeros")
    assert layer(np.array([[2**24 + 1]])).shape == (1, 1, 1)
    assert layer(np.array([[2**24 - 1]], np.float32)).shape == (1, 1, 1)
    with pytest.raises(
        ValueError, match="float32 rounds numbers as large as 16777216: call the layer on integers"
    ):
        layer(np.array([[2**24]], np.float32))


def test_rows_that_came_twice_learn_twice() -> None:
    model = fastnn.Sequential([_layer(), layers.Flatten()])
    model.compile("sgd", loss=lambda y, p: fastnn.ops.sum(p, 1))
    model.optimizer.learning_rate = 1.0
    model.train_on_batch(np.array([[1, 1], [1, 0]]), np.zeros((2, 4)))
    np.testing.assert_array_equal(model.layers[0].embeddings, TABLE - [[0.5], [1.5], [0]])


def test_sizes_are_checked() -> None:
    for sizes in ((0, 2), (3, -1), (2.5, 2), (True, 2)):
        with pytest.raises(ValueError, match=r"Embedding: (input|output)_dim must be a positive integer"):
            layers.Embedding(*sizes)


def test_masks() -> None:
    ids = np.array([[1, 0, 2], [0, 0, 0]])
    np.testing.assert_array_equal(_layer(mask_zero=True)(ids)._keras_mask, ids != 0)
    assert getattr(_layer()(ids), "_keras_mask", None) is None
    x = np.array([[[7.0, 7.0], [7.0, 1.0]]])
    y = layers.Masking(7.0)(x)
    np.testing.assert_array_equal(y._keras_mask, [[False, True]])
    np.testing.assert_array_equal(y.numpy(), [[[0, 0], [7, 1]]])


@pytest.mark.parametrize(
    ("options", "want"),
    [
        ({}, [[0, 0, 1], [0, 0, 0], [2, 3, 4]]),
        ({"padding": "post", "value": 9}, [[1, 9, 9], [9, 9, 9], [2, 3, 4]]),
        ({"maxlen": 2}, [[0, 1], [0, 0], [3, 4]]),
        ({"maxlen": 2, "truncating": "post"}, [[0, 1], [0, 0], [2, 3]]),
        ({"maxlen": 4, "padding": "post"}, [[1, 0, 0, 0], [0] * 4, [2, 3, 4, 0]]),
        ({"maxlen": 0}, [[], [], []]),
    ],
)
def test_pad_sequences(options: dict[str, Any], want: Any) -> None:
    padded = pad_sequences([[1], [], [2, 3, 4]], **options)
    assert padded.dtype == np.int32
    np.testing.assert_array_equal(padded, want)


def test_pad_sequences_of_steps_and_texts() -> None:
    steps = pad_sequences([np.ones((1, 2)), np.ones((2, 2))], dtype="float32", value=-1.0)
    np.testing.assert_array_equal(steps, [[[-1, -1], [1, 1]], [[1, 1], [1, 1]]])
    texts = pad_sequences([["a"], ["b", "cd"]], dtype=object, value="")
    assert texts.tolist() == [["", "a"], ["b", "cd"]]
    assert pad_sequences([]).shape == (0, 0)


@pytest.mark.parametrize(
    ("sequences", "options", "message"),
    [
        ([[1]], {"padding": "left"}, "padding must be 'pre' or 'post'; received 'left'"),
        ([[1]], {"truncating": "both"}, "truncating must be"),
        ([[1], 2], {}, "takes a list of sequences; received"),
        ([[1]], {"maxlen": -1}, "maxlen must be an integer of at least 0; received -1"),
        ([[1]], {"value": "x"}, "value 'x' is no int32; texts take dtype=object"),
        ([np.ones((1, 2)), np.ones((1, 3))], {}, r"one shape; received \(2,\) and \(3,\)"),
    ],
)
def test_pad_sequences_refuses(sequences: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pad_sequences(sequences, **options)
