"""Layers: shapes, weights, configurations, errors."""

import fastnn
import numpy as np
import pytest
from fastnn import layers, models, tree

CASES = [  # one way to make each layer, and the shape of its input, or shapes of its inputs
    (layers.Activation, {"activation": "tanh"}, (3, 4)),
    (layers.Add, {}, [(3, 4), (3, 4), (3, 1)]),
    (layers.Add, {}, [(3, 4), (3, 5, 4)]),
    (layers.Average, {"dtype": "float64"}, [(3, 4), (3, 4), (3, 4)]),
    (layers.Concatenate, {}, [(3, 4), (3, 2), (3, 1)]),
    (layers.Concatenate, {"axis": 1}, [(3, 4, 2), (3, 1, 2)]),
    (layers.Concatenate, {"axis": -2}, [(3, 4, 2)]),
    (layers.Dense, {"units": 5, "activation": "sigmoid", "kernel_initializer": "he_normal"}, (3, 4)),
    (layers.Dense, {"units": 2, "use_bias": False}, (3, 6, 4)),
    (layers.Dense, {"units": 2, "activation": "softmax", "dtype": "float64"}, (3, 4)),
    (layers.Dot, {"axes": 1}, [(3, 4), (3, 4)]),
    (layers.Dot, {"axes": -1, "normalize": True}, [(3, 4), (3, 4)]),
    (layers.Dot, {"axes": (1, 2)}, [(3, 4, 2), (3, 5, 4)]),
    (layers.Dot, {"axes": (2, 1), "normalize": True}, [(3, 2, 4), (3, 4)]),
    (layers.Flatten, {}, (3, 4, 5)),
    (layers.Flatten, {"data_format": "channels_first"}, (3, 4, 5, 2)),
    (layers.InputLayer, {"shape": (4,)}, (3, 4)),
    (layers.Maximum, {}, [(3, 4), (3, 4), (3, 4)]),
    (layers.Minimum, {}, [(3, 4), (3, 1, 4)]),
    (layers.Multiply, {}, [(3, 4), (3, 4), (3, 4)]),
    (layers.Rescaling, {"scale": 0.5, "offset": -1}, (3, 4)),
    (layers.Reshape, {"target_shape": (2, -1)}, (3, 4, 5)),
    (layers.Subtract, {}, [(3, 4), (3, 4)]),
]


def inputs_of(shape):
    rng = np.random.default_rng(0)
    return rng.normal(size=shape) if isinstance(shape, tuple) else [rng.normal(size=s) for s in shape]


def shapes_of(shape):
    return tree.map_shapes(lambda s: (None, *s[1:]), shape)


@pytest.mark.parametrize(("cls", "options", "shape"), CASES)
def test_every_layer(cls, options, shape):
    """Shape as promised, configuration that makes an equal layer, weights in and out."""
    layer = cls(**options)
    x = inputs_of(shape)
    y = np.asarray(layer(x))
    assert y.dtype == layer.dtype
    assert y.shape == (3, *layer.compute_output_shape(shapes_of(shape))[1:])
    twin = layers.deserialize(layers.serialize(layer))
    assert twin.get_config() == layer.get_config()
    twin(x)
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(np.asarray(twin(x)), y)


@pytest.mark.parametrize(("cls", "options", "shape"), CASES)
def test_every_layer_in_a_graph(cls, options, shape, tmp_path):
    """On symbolic tensors the same shape and values, also from a file, and one set of weights."""
    layer = cls(**options)
    x = inputs_of(shape)
    symbolic = tree.map_shapes(lambda s: layers.Input(batch_shape=s, dtype=layer.dtype), shapes_of(shape))
    y = layer(symbolic)
    assert (y.shape, y.dtype) == (layer.compute_output_shape(shapes_of(shape)), layer.dtype)
    model = fastnn.Model(symbolic, layers.Activation("linear", dtype=layer.dtype)(y))
    np.testing.assert_array_equal(np.asarray(model(x)), np.asarray(layer(x)))
    model.save(tmp_path / "model")
    twin = models.load_model(tmp_path / "model")
    np.testing.assert_array_equal(np.asarray(twin(x)), np.asarray(model(x)))


@pytest.mark.parametrize(("cls", "options", "shape"), CASES)
def test_gradients_of_every_layer(cls, options, shape):
    layer = cls(**{**options, "dtype": "float64"})
    x = inputs_of(shape)
    layer(x)
    given = x if isinstance(x, list) else [x]

    def loss(*arguments):
        parts, weights = arguments[: len(given)], arguments[len(given) :]
        for weight, value in zip(layer.weights, weights, strict=True):
            vars(layer)[weight.name] = value  # what `call` reads
        y = layer(list(parts) if isinstance(x, list) else parts[0])
        return fastnn.ops.sum(fastnn.ops.sin(y))

    fastnn.check_gradients(loss, *given, *layer.get_weights())


def test_dense_is_the_formula():
    layer = layers.Dense(3, activation="relu")
    x = np.random.default_rng(1).normal(size=(5, 4)).astype("float32")
    y = layer(x)
    kernel, bias = layer.get_weights()
    np.testing.assert_allclose(y.numpy(), np.maximum(x @ kernel + bias, 0), rtol=1e-5, atol=1e-6)
    assert [w.name for w in layer.weights] == ["kernel", "bias"]
    assert layer.count_params() == 15


def test_frozen_layers_keep_their_weights_out_of_training():
    layer = layers.Dense(3, input_shape=(4,))
    layer.ensure_built((None, 4))
    layer.trainable = False
    assert layer.trainable_weights == []
    assert len(layer.non_trainable_weights) == 2
    assert not layer(np.ones((1, 4))).requires_grad


def test_names_are_numbered():
    class Fresh(layers.Layer):
        pass

    assert [Fresh().name for _ in range(3)] == ["fresh", "fresh_1", "fresh_2"]


def test_layers_of_ones_own_get_the_training_flag():
    class Noise(layers.Layer):
        def call(self, x, training=False):
            return x + 1.0 if training else x

    x = np.zeros((1, 2), "float32")
    assert Noise()(x, training=True).sum() == 2
    assert Noise()(x).sum() == 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: layers.Dense(0), "units must be a positive integer; received units=0"),
        (lambda: layers.Dense("8"), "units must be a positive integer"),
        (lambda: layers.Dense(2, activation="rellu"), "unknown activation 'rellu'. Did you mean 'relu'?"),
        (lambda: layers.Dense(2, kernel_initializer="golrot_uniform"), "Did you mean 'glorot_uniform'?"),
        (lambda: layers.Dense(2, dtype="int32"), "dtype must be 'float32' or 'float64'"),
        (lambda: layers.Input((-1,)), "positive integers"),
        (lambda: layers.Input(), "give either shape or batch_shape"),
        (lambda: layers.Flatten("first"), "data_format must be"),
        (lambda: layers.deserialize({"class_name": "os.system", "config": {}}), "unknown layer 'os.system'"),
        (lambda: layers.deserialize({"class_name": "Dense", "config": {"unit": 1}}), "does not fit"),
    ],
)
def test_constructor_errors(make, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(").replace("?", r"\?")):
        make()


def test_errors_below_carry_the_layers_name():
    layer = layers.Dense(3, name="hidden")
    layer(np.ones((2, 4)))
    with pytest.raises(ValueError, match=r"layer 'hidden' \(Dense\): \[dense\].*\(2, 5\).*\(4, 3\)"):
        layer(np.ones((2, 5)))
    with pytest.raises(ValueError, match=r"\(4, 3\), \(3,\).*received \[\(2, 2\)\]"):
        layer.set_weights([np.ones((2, 2))])
    with pytest.raises(ValueError, match="Build it first"):
        layers.Dense(3).set_weights([np.ones((2, 3)), np.ones(3)])


def test_errors_of_any_class_are_told():
    class Odd(layers.Layer):
        def call(self, x):
            raise UnicodeDecodeError("utf-8", b"", 0, 1, "odd")

    with pytest.raises(ValueError, match=r"layer 'odd' \(Odd\): 'utf-8' codec"):
        Odd(name="odd")(np.ones((1, 2)))


def test_weights_are_copies():
    layer = layers.Dense(3, input_shape=(4,))
    layer.ensure_built((None, 4))
    layer.get_weights()[0][:] = 7
    assert not (layer.get_weights()[0] == 7).any()
    assert isinstance(layer.kernel, fastnn.Variable)


def test_flatten_orders_values_as_if_channels_were_last():
    x = np.arange(24.0).reshape(1, 2, 3, 4)
    first = layers.Flatten("channels_first", dtype="float64")(x)
    np.testing.assert_array_equal(first, np.moveaxis(x, 1, -1).reshape(1, -1))
    assert layers.Input(batch_shape=(None, 5)).shape == (None, 5)
