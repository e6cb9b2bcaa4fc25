"""Attention layers: masks that inputs carry, steps that do not count, modes, and what they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import layers
from fastnn.masks import mask_of, with_mask

Array = np.ndarray[Any, Any]
X = np.random.default_rng(3).standard_normal((2, 4, 6))
MASK = np.array([[True, True, False, False], [True, True, True, False]])


def _heads(**options: Any) -> Any:
    return layers.MultiHeadAttention(2, 3, dtype="float64", name="heads", **options)


@pytest.mark.parametrize("layer", [_heads(), layers.GroupQueryAttention(3, 4, 2, dtype="float64")])
def test_padding_changes_nothing(layer: Any) -> None:
    """What counts is as if the padding were not there, whatever the padding holds."""
    y = layer(with_mask(fastnn.tensor(X), MASK), X)
    np.testing.assert_array_equal(mask_of(y), MASK)
    query = with_mask(fastnn.tensor(X), MASK)
    for i, count in enumerate(MASK.sum(1)):
        full = layer(query, query).numpy()[i, :count]
        short = np.asarray(layer(X[i : i + 1, :count], X[i : i + 1, :count]))[0]
        np.testing.assert_allclose(full, short, rtol=0, atol=1e-14)


def test_masks_as_arguments_are_those_that_inputs_carry() -> None:
    layer = _heads()
    carried = with_mask(fastnn.tensor(X), MASK)
    want = np.asarray(layer(X, X, value_mask=MASK))
    np.testing.assert_array_equal(np.asarray(layer(X, carried)), want)
    np.testing.assert_array_equal(np.asarray(layer(X, X, carried)), want)
    for of_all in (MASK[:, np.newaxis], MASK[:, np.newaxis, np.newaxis]):
        np.testing.assert_array_equal(np.asarray(layer(X, X, attention_mask=of_all)), want)
        np.testing.assert_array_equal(np.asarray(layer(X, carried, attention_mask=of_all)), want)


def test_scores_and_output_go_together() -> None:
    """Asking for the probabilities changes nothing, though they are computed in another way."""
    layer = _heads()
    for call in ({}, {"use_causal_mask": True}, {"value_mask": MASK, "use_causal_mask": True}):
        y, p = layer(X, X, return_attention_scores=True, **call)
        np.testing.assert_allclose(np.asarray(layer(X, X, **call)), np.asarray(y), rtol=0, atol=1e-14)
        np.testing.assert_allclose(np.asarray(p).sum(-1), 1, rtol=1e-14)
        if call:
            assert np.all(np.triu(np.asarray(p), 1) == 0)


@pytest.mark.parametrize("kind", ["Attention", "AdditiveAttention"])
def test_masks_of_attention(kind: str) -> None:
    layer = getattr(layers, kind)(dtype="float64")
    query, value = with_mask(fastnn.tensor(X), MASK), with_mask(fastnn.tensor(X[::-1].copy()), MASK[::-1])
    y = layer([query, value])
    np.testing.assert_array_equal(mask_of(y), MASK)
    assert np.all(y.numpy()[~MASK] == 0)
    for i, (queries, keys) in enumerate(zip(MASK.sum(1), MASK[::-1].sum(1), strict=True)):
        short = layer([X[i : i + 1, :queries], X[1 - i : 2 - i, :keys]])
        np.testing.assert_allclose(y.numpy()[i, :queries], np.asarray(short)[0], rtol=0, atol=1e-14)


def test_masks_travel_through_a_model() -> None:
    """Sentences of different lengths, padded with 0, give what each gives by itself."""
    sentences = [[3, 1], [2, 2, 4, 1, 3], [4]]
    ids = fastnn.Input((None,), dtype="int32")
    x = layers.Embedding(5, 4, mask_zero=True)(ids)
    x = layers.Add()([x, layers.MultiHeadAttention(2, 3)(x, x)])
    model = fastnn.Model(ids, layers.Dense(2)(layers.GlobalAveragePooling1D()(x)))
    found = model.predict(fastnn.utils.pad_sequences(sentences, padding="post"), verbose=0)
    for y, sentence in zip(found, sentences, strict=True):
        np.testing.assert_allclose(y, model.predict(np.array([sentence]), verbose=0)[0], rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda: (_heads(dropout=0.5, seed=1), lambda layer, **mode: layer(X, X, **mode)),
        lambda: (layers.Attention(dropout=0.5, seed=1), lambda layer, **mode: layer([X, X], **mode)),
    ],
)
def test_dropout_is_for_training(make: Any) -> None:
    layer, call = make()
    plain = np.asarray(call(layer))
    np.testing.assert_array_equal(np.asarray(call(layer)), plain)
    first, second = (np.asarray(call(layer, training=True)) for _ in range(2))
    assert np.any(first != plain)
    assert np.any(first != second)
    again, call = make()
    if again.built or again.weights or layer.weights:
        again.build(X.shape, X.shape)
        again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(np.asarray(call(again, training=True)), first)


@pytest.mark.parametrize("kind", ["MultiHeadAttention", "GroupQueryAttention"])
def test_saved_and_loaded(kind: str, tmp_path: Path) -> None:
    options: dict[str, Any] = {
        "kernel_regularizer": "l2",
        "bias_constraint": "non_neg",
        "activity_regularizer": "l1",
    }
    sizes = (2, 3) if kind == "MultiHeadAttention" else (3, 4, 2)
    query, value = fastnn.Input((None, 6)), fastnn.Input((None, 6))
    layer = getattr(layers, kind)(*sizes, use_gate=True, sliding_window=3, seed=1, dropout=0.1, **options)
    model = fastnn.Model([query, value], layer(query, value, use_causal_mask=True))
    y = np.asarray(model([X, X[:, :3]]))
    assert len(model.losses) == 10  # what five projections give, and their kernels
    model.save(tmp_path / "model.safetensors")
    loaded = fastnn.models.load_model(tmp_path / "model.safetensors")
    assert loaded.get_config() == model.get_config()
    np.testing.assert_array_equal(np.asarray(loaded([X, X[:, :3]])), y)


def test_it_learns_which_step_to_look_at() -> None:
    """The answer is the value of the step whose key is the query."""
    fastnn.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    keys = np.eye(4)[np.stack([rng.permutation(4) for _ in range(256)])]
    values = rng.standard_normal((256, 4, 1))
    asked = rng.integers(0, 4, 256)
    y = np.take_along_axis(values[..., 0], np.argmax(keys[..., :], 1)[np.arange(256), asked][:, None], 1)
    query, key, value = (fastnn.Input(shape) for shape in ((1, 4), (4, 4), (4, 1)))
    seen = layers.MultiHeadAttention(1, 8, output_shape=1)(query, value, key)
    model = fastnn.Model([query, key, value], layers.Flatten()(seen))
    model.compile(fastnn.optimizers.Adam(0.02), "mse")
    model.fit([np.eye(4)[asked][:, None], keys, values], y, epochs=30, batch_size=32, verbose=0)
    assert model.evaluate([np.eye(4)[asked][:, None], keys, values], y, verbose=0) < 0.02


BAD: list[tuple[Any, str]] = [
    (lambda: _heads()(X), r"'heads'.*it takes a query and a value, as two arguments"),
    (lambda: _heads()(X, X, X[:, :3]), r"'heads'.*key and value the same steps; received query \(2, 4, 6\)"),
    (
        lambda: _heads()(X, X, value_mask=MASK[:, :3]),
        r"value_mask must have the shape \(2, 4\); received \(2, 3\)",
    ),
    (
        lambda: _heads()(X, X, query_mask=MASK[:1, :, None]),
        r"'heads'.*query_mask must have the shape \(2, 4\)",
    ),
    (
        lambda: _heads()(X, X, attention_mask=np.ones((2, 3, 4))),
        r"'heads'.*mask must broadcast to .*; received \(2, 1, 3, 4\)",
    ),
    (
        lambda: _heads()(X, X, attention_mask=np.ones((2, 4, 5)), value_mask=MASK),
        r"'heads'.*attention_mask must broadcast to \(batch, queries, keys\).*received \(2, 4, 5\)",
    ),
    (
        lambda: _heads()(X[:, None], X[:, None], use_causal_mask=True),
        "masks by position need a query of shape",
    ),
    (lambda: layers.Attention(name="luong")([X, X], mask=MASK), "'luong'.*mask must be a list"),
    (
        lambda: layers.Attention()([X, X], mask=[None, MASK[:, 1:]]),
        r"value_mask must have the shape \(2, 4\)",
    ),
    (lambda: layers.Attention(name="luong")(X), "'luong'.*it takes a list of inputs"),
    (lambda: layers.Attention()([X, X[..., :5]]), r"query must have shape .* received query \(2, 4, 6\)"),
    (lambda: layers.Attention()([X, X, X[:, :2]]), "key \\(batch, keys, features\\); received"),
    (
        lambda: layers.Attention(score_mode="sum"),
        "Attention: score_mode must be 'dot' or 'concat'; received 'sum'",
    ),
    (lambda: layers.AdditiveAttention(dropout=1.0), r"AdditiveAttention: dropout must lie in \[0, 1\)"),
    (
        lambda: layers.MultiHeadAttention(0, 3),
        "MultiHeadAttention: num_heads must be a positive integer; received",
    ),
    (lambda: layers.MultiHeadAttention(2, 3, value_dim=-1), "value_dim must be a positive integer"),
    (
        lambda: _heads(sliding_window=0),
        "sliding_window must be a positive integer; received sliding_window=0",
    ),
    (lambda: layers.GroupQueryAttention(3, 4, 3), "num_key_value_heads must divide num_query_heads"),
    (lambda: layers.EinsumDense("ab,bc", 3)(X[0]), "an equation has the form"),
    (lambda: layers.EinsumDense("ab,bc->ac", 3)(X), r"for inputs of 2 axes; received shape \(2, 4, 6\)"),
    (lambda: layers.EinsumDense("abc,cd->abd", 3)(X), "output_shape .* has not the axes"),
    (
        lambda: layers.EinsumDense("abc,cd->abd", (5, 3))(X),
        "axis 'b' has size 4 in the input and 5 in the output",
    ),
    (lambda: layers.EinsumDense("abc,cd->abe", (None, 3))(X), "axis 'e' of the output stands neither"),
    (
        lambda: layers.EinsumDense("abc,cd->abd", (None, 3), bias_axes="c")(X),
        "bias_axes must be axes of the output",
    ),
]


@pytest.mark.parametrize(("call", "message"), BAD)
def test_errors(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
