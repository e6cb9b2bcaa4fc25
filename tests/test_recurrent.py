"""What is special of recurrent layers: padding, states, dropout, cells of one's own, errors."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import layers, ops, utils
from fastnn._core import native
from fastnn.autograd import gradients
from fastnn.tensor import Tensor

LAYERS = [layers.SimpleRNN, layers.LSTM, layers.GRU]
every_layer = pytest.mark.parametrize("make", LAYERS, ids=lambda layer: layer.__name__)


def _x(*shape: int) -> Any:
    return np.random.default_rng(1).standard_normal(shape).astype("float32")


@every_layer
@pytest.mark.parametrize("pad", [0.0, np.nan], ids=["zeros", "nan"])
@pytest.mark.parametrize("where", ["behind", "before"])
def test_padding_changes_nothing(make: Any, pad: float, where: str) -> None:
    """Output, states and all gradients of padded sequences are those of the sequences alone."""
    x, room = _x(3, 4, 2), np.full((3, 3, 2), pad, "float32")
    padded = np.concatenate([x, room] if where == "behind" else [room, x], axis=1)
    mask = np.isin(np.arange(7), range(4) if where == "behind" else range(3, 7))[None].repeat(3, axis=0)
    layer = make(5, return_state=True)
    found = []
    for given, its_mask in ((x, None), (padded, mask)):
        tensor = Tensor(given, requires_grad=True)
        outputs = layer(tensor, mask=its_mask)
        total = sum(ops.sum(ops.square(y)) for y in outputs)
        dx, *slopes = gradients(total, [tensor, *layer.trainable_weights])
        if its_mask is not None:
            assert not dx[~its_mask].any()
            dx = dx[its_mask].reshape(x.shape)
        found.append([*map(np.asarray, outputs), dx, *slopes])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(b, a, rtol=0, atol=1e-6 * max(1, np.abs(a).max()))


def test_padded_sequences_train_as_unpadded_ones() -> None:
    """Sequences of two lengths: one batch with masks, or a batch for each length, give the same weights."""
    short, long = _x(4, 3, 2), _x(4, 6, 2)
    padded = np.concatenate([np.concatenate([short, np.zeros((4, 3, 2), "float32")], axis=1), long])
    y = _x(8, 1)

    def model() -> Any:
        utils.set_random_seed(5)
        net = fastnn.Sequential([layers.Masking(), layers.Bidirectional(layers.LSTM(4)), layers.Dense(1)])
        net.build((None, None, 2))
        return net

    masked, apart = model(), model()
    masked.compile(fastnn.optimizers.SGD(0.1), "mse")
    optimizer = fastnn.optimizers.SGD(0.1)
    for _ in range(5):
        masked.train_on_batch(padded, y)
        with fastnn.GradientTape() as tape:
            outputs = ops.concatenate([apart(short), apart(long)], axis=0)
            loss = ops.mean(ops.square(outputs - y))
        grads = tape.gradient(loss, apart.trainable_variables)
        optimizer.apply_gradients(zip(grads, apart.trainable_variables, strict=True))
    for a, b in zip(masked.get_weights(), apart.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6)


@every_layer
def test_native_walk_is_that_of_the_cell(make: Any) -> None:
    x, mask = _x(3, 5, 2), np.random.default_rng(2).random((3, 5)) < 0.6
    layer = make(4, return_sequences=True, return_state=True, dtype="float64")
    y, *states = layer(x, mask=mask)
    walked = layers.RNN(layer.cell, return_sequences=True, return_state=True, dtype="float64")
    for a, b in zip([y, *states], walked(x, mask=mask), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-14)


@every_layer
def test_states_of_one_batch_begin_the_next(make: Any) -> None:
    x = _x(2, 6, 3)
    layer = make(4, stateful=True)
    whole = np.asarray(make.from_config({**layer.get_config(), "stateful": False})(x))
    assert whole.shape == (2, 4)
    layer(x[:, :2])
    layer.reset_states()
    twin = make(4)
    twin(x)
    twin.set_weights(layer.get_weights())
    layer(x[:, :3])
    np.testing.assert_allclose(layer(x[:, 3:]), twin(x), rtol=0, atol=1e-6)
    with pytest.raises(ValueError, match=rf"'{layer.name}'.* a stateful layer needs batches of one size"):
        layer(x[:1])
    layer.reset_states()
    np.testing.assert_allclose(layer(x), twin(x), rtol=0, atol=1e-6)


@every_layer
def test_states_in_a_graph(make: Any) -> None:
    """As an argument, and in a list with the sequences."""
    x, count = fastnn.Input((4, 3)), 2 if make is layers.LSTM else 1
    states = [fastnn.Input((5,)) for _ in range(count)]
    layer = make(5)
    arrays = [_x(2, 4, 3), *(_x(2, 5) for _ in states)]
    want = np.asarray(layer(arrays[0], initial_state=arrays[1:]))
    for y in (layer(x, initial_state=states), layer([x, *states])):
        model = fastnn.Model([x, *states], y)
        np.testing.assert_array_equal(model(arrays), want)
    assert np.abs(want - np.asarray(layer(arrays[0]))).max() > 0.01


@every_layer
@pytest.mark.parametrize("kind", ["dropout", "recurrent_dropout"])
def test_dropout(make: Any, kind: str) -> None:
    x = np.ones((400, 1, 3), "float32") if kind == "dropout" else np.zeros((400, 2, 3), "float32")
    layer = make(4, seed=3, bias_initializer="ones", **{kind: 0.5})
    calm = np.asarray(layer(x))
    np.testing.assert_array_equal(calm, layer(x, training=False))
    first, second = (np.asarray(layer(x, training=True)) for _ in range(2))
    assert np.abs(first - second).max() > 0.01
    # Rows differ by what they drop alone: of three inputs there are few ways.
    if kind == "dropout":
        assert 4 <= len(np.unique(first.round(5), axis=0)) <= 8
    again = make(4, seed=3, bias_initializer="ones", **{kind: 0.5})
    again(x)
    again.set_weights(layer.get_weights())
    np.testing.assert_allclose(again(x, training=True), first, atol=1e-6)


def test_one_mask_drops_at_all_steps() -> None:
    layer = layers.SimpleRNN(
        1,
        "linear",
        kernel_initializer="ones",
        recurrent_initializer="zeros",
        dropout=0.5,
        return_sequences=True,
    )
    y = np.asarray(layer(np.ones((50, 6, 1)), training=True))[..., 0]
    assert set(np.unique(y)) == {0.0, 2.0}
    assert (y == y[:, :1]).all()


def test_a_cell_of_ones_own() -> None:
    class Minimal(layers.Layer):
        state_size = 3

        def build(self, input_shape: Any) -> None:
            self.kernel = self.add_weight((input_shape[-1], 3), name="kernel")

        def call(self, x: Any, states: Any) -> Any:
            y = ops.matmul(x, self.kernel) + 0.5 * states[0]
            return 2.0 * y, [y]

    x, mask = _x(2, 4, 5), np.array([[True] * 4, [True, True, False, False]])
    layer = layers.RNN(Minimal(), return_sequences=True, return_state=True)
    y, state = (np.asarray(part) for part in layer(x, mask=mask))
    assert y.shape == (2, 4, 3)
    np.testing.assert_array_equal(
        y[1, 2:], y[1, [1, 1]]
    )  # masked steps give the output before, not the state
    np.testing.assert_allclose(y[:, -1], 2 * state, rtol=1e-6)
    assert [w.shape for w in layer.weights] == [(5, 3)]


@every_layer
def test_bad_arguments(make: Any) -> None:
    name = make.__name__
    for units in (0, -2, 1.5):
        with pytest.raises(
            ValueError, match=rf"^{name}: units must be a positive integer; received units={units}"
        ):
            make(units)
    with pytest.raises(ValueError, match=rf"^{name}: dropout must lie in \[0, 1\]; received dropout=1.5"):
        make(2, dropout=1.5)
    layer = make(2)
    cases: list[tuple[Any, dict[str, Any], str]] = [
        (np.ones((2, 3)), {}, r"inputs must have shape \(batch, time, features\); received \(2, 3\)"),
        (np.ones((2, 0, 3)), {}, r"sequences must have at least one step; received shape \(2, 0, 3\)"),
        (
            np.ones((2, 4, 3)),
            {"mask": np.ones((2, 3), bool)},
            r"mask must have shape .* \(2, 4\); received \(2, 3\)",
        ),
        (
            np.ones((2, 4, 3)),
            {"initial_state": [np.ones((2, 3))]},
            r"states must have shapes .*; received \[\(2, 3\)\]",
        ),
        (np.ones((2, 4, 3)), {"initial_state": [np.ones((2, 2))] * 3}, r"states must have shapes"),
    ]
    for x, more, message in cases:
        with pytest.raises(ValueError, match=f"'{layer.name}'.*{message}"):
            layer(x, **more)
    with pytest.raises(
        ValueError, match=rf"'{layer.name}'.* must have shape \(batch, time, 3\); received \(2, 4, 5\)"
    ):
        layer(np.ones((2, 4, 5)))


def test_bad_wrappers() -> None:
    lstm = layers.LSTM(2)
    with pytest.raises(ValueError, match=r"Bidirectional: merge_mode must be one of 'concat', .*'add'"):
        layers.Bidirectional(lstm, "add")
    with pytest.raises(ValueError, match="Bidirectional: layer must be a recurrent layer"):
        layers.Bidirectional(layers.Dense(2))
    with pytest.raises(ValueError, match="must differ in go_backwards"):
        layers.Bidirectional(lstm, backward_layer=layers.LSTM(2))
    with pytest.raises(ValueError, match="the same return_sequences; received False and True"):
        layers.Bidirectional(lstm, backward_layer=layers.LSTM(2, go_backwards=True, return_sequences=True))
    with pytest.raises(ValueError, match="RNN: a cell must have a method call and a state_size"):
        layers.RNN("lstm")
    with pytest.raises(ValueError, match="TimeDistributed: layer must be a Layer"):
        layers.TimeDistributed(np.tanh)


def test_time_distributed_layers_with_statistics_see_one_step_at_a_time() -> None:
    class Last(layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.seen = self.add_weight(input_shape[1:], "zeros", trainable=False, name="seen")

        def call(self, x: Any) -> Any:
            self.seen.assign(x.mean(axis=0))
            return x

    x = _x(8, 3, 2)
    layer = layers.TimeDistributed(Last())
    np.testing.assert_array_equal(layer(x), x)
    np.testing.assert_allclose(layer.layer.seen.numpy(), x[:, -1].mean(0), rtol=1e-5)


def test_long_sequences_keep_little_in_inference() -> None:
    """Without a tape the walk has room for some steps, not for all of them: 20 MB here."""
    x, layer = np.ones((1, 20000, 4), "float32"), layers.LSTM(64)
    layer(x[:, :2])
    native.buffer_clear()
    with fastnn.no_grad():
        layer(x)
    assert native.buffer_cached_bytes() < 2e6  # what was used is kept for reuse
