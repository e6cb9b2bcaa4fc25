"""Masks: they travel through layers and models, and what they leave out counts in no loss."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import layers, losses
from fastnn.masks import as_weights, mask_of, with_mask


class Mark(layers.Layer):
    """Leaves out steps that are all 0."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.supports_masking = True

    def call(self, x: Any) -> Any:
        return x

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        return np.any(np.asarray(inputs) != 0, -1)


class Seen(layers.Layer):
    """Remembers the mask that it is given."""

    def call(self, x: Any, mask: Any = None) -> Any:
        self.seen = mask
        return x


class TwoSeen(layers.Layer):
    def call(self, query: Any, value: Any, query_mask: Any = None, value_mask: Any = None) -> Any:
        self.seen = query_mask, value_mask
        return query


X = np.array([[[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]], [[5.0, 6.0], [0.0, 0.0], [0.0, 0.0]]], "float32")
MASK = np.array([[True, True, False], [True, False, False]])


def _stacked(seen: Any) -> Any:
    return fastnn.Sequential([Mark(), layers.Dense(2), layers.Activation("tanh"), seen])


def _nested(seen: Any) -> Any:
    return fastnn.Sequential([fastnn.Sequential([Mark()]), fastnn.Sequential([layers.Dense(2), seen])])


def _graph(seen: Any) -> Any:
    inputs = fastnn.Input((3, 2))
    x = Mark()(inputs)
    return fastnn.Model(inputs, seen(layers.Add()([layers.Dense(2)(x), x])))


class _Own(fastnn.Model):
    def __init__(self, seen: Any) -> None:
        super().__init__()
        self.mark, self.dense, self.seen = Mark(), layers.Dense(2), seen

    def call(self, x: Any) -> Any:
        return self.seen(self.dense(self.mark(x)))


@pytest.mark.filterwarnings("ignore:layer .* does not pass masks on:UserWarning")
@pytest.mark.parametrize("make", [_stacked, _nested, _graph, _Own])
@pytest.mark.parametrize("way", ["call", "predict", "tensor"])
def test_masks_reach_later_layers(make: Any, way: str) -> None:
    seen = Seen()
    model = make(seen)
    model.predict(X, verbose=0) if way == "predict" else model(X if way == "call" else fastnn.tensor(X))
    np.testing.assert_array_equal(seen.seen, MASK)


@pytest.mark.filterwarnings("ignore:layer .* does not pass masks on:UserWarning")
@pytest.mark.parametrize("kind", ["stack", "graph"])
def test_models_take_masks(kind: str) -> None:
    seen = Seen()
    inputs = fastnn.Input((3, 2))
    stack = fastnn.Sequential([layers.Dense(2), seen])
    model = stack if kind == "stack" else fastnn.Model(inputs, seen(layers.Dense(2)(inputs)))
    model(X, mask=MASK)
    assert seen.seen is MASK
    model(X)
    assert seen.seen is None


@pytest.mark.filterwarnings("ignore:layer .* does not pass masks on:UserWarning")
def test_masks_by_name_and_by_hand() -> None:
    layer, x, other = TwoSeen(), with_mask(fastnn.tensor(X), MASK), ~MASK
    layer(x, with_mask(fastnn.tensor(X), other))
    assert layer.seen[0] is MASK
    assert layer.seen[1] is other
    layer(x, X, query_mask=other)
    assert layer.seen == (other, None)
    layer(x, X, other)
    assert layer.seen == (other, None)


def test_a_layer_without_support_says_that_it_drops_the_mask() -> None:
    with pytest.warns(UserWarning, match="layer 'flat' .* does not pass masks on"):
        y = layers.Flatten(name="flat")(with_mask(fastnn.tensor(X), MASK))
    assert mask_of(y) is None


def test_merging() -> None:
    a, b = with_mask(fastnn.tensor(X), MASK), with_mask(fastnn.tensor(X), MASK[::-1])
    np.testing.assert_array_equal(mask_of(layers.Add()([a, b])), MASK | MASK[::-1])
    assert mask_of(layers.Add()([a, fastnn.tensor(X)])) is None
    both = mask_of(layers.Concatenate(axis=1)([a, fastnn.tensor(X)]))
    np.testing.assert_array_equal(both, np.concatenate([MASK, np.ones_like(MASK)], 1))


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", "mean_with_sample_weight"])
def test_losses_leave_out_what_is_masked(reduction: str) -> None:
    y = np.random.default_rng(1).standard_normal(X.shape).astype("float32")
    loss = losses.MeanSquaredError(reduction=reduction)
    np.testing.assert_allclose(
        loss(y, with_mask(fastnn.tensor(X), MASK)).item(), float(loss(y[MASK], X[MASK])), rtol=1e-6
    )


def test_weights_and_masks_multiply() -> None:
    np.testing.assert_array_equal(
        as_weights(MASK, [2.0, 3.0], np.float32, spread=False), [[2, 2, 0], [3, 0, 0]]
    )
    np.testing.assert_array_equal(as_weights(MASK, None, np.float32, spread=True), MASK * 2.0)
    assert not as_weights(np.zeros((2, 3), bool), None, np.float32, spread=True).any()


def test_training_is_that_of_the_steps_that_count() -> None:
    """Padding changes neither loss, nor accuracy, nor weights."""

    def trained(x: Any, y: Any) -> Any:
        fastnn.utils.set_random_seed(1)
        model = fastnn.Sequential(
            [fastnn.Input((None, 2)), Mark(), layers.Dense(4, "tanh"), layers.Dense(3, "softmax")]
        )
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, epochs=3, shuffle=False, verbose=0).history
        return history, model.get_weights()

    y = np.array([[0, 2, 1], [1, 0, 0]])
    padded, weights = trained(X, y)
    alone, expected = trained(X[MASK][:, None], y[MASK][:, None])
    np.testing.assert_allclose(padded["loss"], alone["loss"], rtol=1e-5)
    np.testing.assert_allclose(padded["accuracy"], alone["accuracy"], rtol=1e-6)
    for got, want in zip(weights, expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-7)
