"""Layers of activation functions, and those that move values or hold functions: what the layer table cannot say."""

import fastnn
import numpy as np
import pytest
from fastnn import activations, layers, ops
from fastnn.utils import register_keras_serializable


def test_relu_with_options_is_keras_s_piecewise_function():
    x = np.array([-10.0, -1.0, 0.0, 0.5, 1.0, 1.5, 6.0, 9.0])
    got = activations.relu(x, negative_slope=0.1, max_value=6.0, threshold=1.0)
    np.testing.assert_allclose(got, [-1.1, -0.2, -0.1, -0.05, 0, 1.5, 6, 6])
    np.testing.assert_array_equal(activations.relu(x), np.maximum(x, 0))


def test_relu_by_either_name_is_the_function_that_layers_fuse():
    assert activations.get("relu") is activations.get(activations.relu) is ops.relu
    assert layers.Dense(2, activation=activations.relu).get_config()["activation"] == "relu"


def test_prelu_learns_one_slope_for_each_channel():
    layer = layers.PReLU(alpha_initializer="ones", shared_axes=[1, 2])
    x = fastnn.tensor(-np.ones((2, 3, 3, 4), "float32"))
    layer(x).sum().backward()
    assert layer.alpha.shape == (1, 1, 4)
    np.testing.assert_array_equal(layer.alpha.grad.numpy(), np.full((1, 1, 4), -18))


def test_softmax_with_a_mask_is_the_softmax_of_the_rest():
    x = np.random.default_rng(0).normal(size=(2, 5))
    mask = np.array([[True, True, False, True, False]])
    got = layers.Softmax(dtype="float64")(x, mask=mask)
    np.testing.assert_allclose(got[:, mask[0]], ops.softmax(x[:, mask[0]]), rtol=1e-14)
    assert (got[:, ~mask[0]] == 0).all()
    np.testing.assert_array_equal(layers.Softmax(dtype="float64")(x, mask=mask.astype("float32")), got)


def test_lambda_gets_what_it_asks_for():
    layer = layers.Lambda(
        lambda x, training, scale=1.0: x * (scale if training else 0.0), arguments={"scale": 3}
    )
    assert layer(np.ones(2), training=True).tolist() == [3, 3]
    assert layer(np.ones(2)).tolist() == [0, 0]
    masked = layers.Lambda(lambda x, mask: x * mask[..., np.newaxis], mask=lambda x, mask: ~mask)
    x = fastnn.tensor(np.ones((1, 2, 2), "float32"))
    x._keras_mask = np.array([[True, False]])
    y = masked(x)
    assert y.numpy().tolist() == [[[1, 1], [0, 0]]]
    assert y._keras_mask.tolist() == [[False, True]]


def test_lambda_is_saved_by_the_name_of_its_function(tmp_path):
    model = fastnn.Sequential([layers.Lambda(lambda x: x + 1, input_shape=(2,))])
    with pytest.raises(
        ValueError, match=r"'<lambda>' cannot be saved by name: register it with fastnn\.utils\."
    ):
        model.save(tmp_path / "model")

    @register_keras_serializable("tests")
    def shifted(x, by):
        return x + by

    model = fastnn.Sequential([layers.Lambda(shifted, arguments={"by": 2.0}, input_shape=(2,))])
    model.save(tmp_path / "model")
    loaded = fastnn.models.load_model(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict(np.ones((1, 2)), verbose=0), [[3, 3]])
    config = layers.serialize(model.layers[0])
    config["config"]["function"] = "os>system"
    with pytest.raises(ValueError, match="unknown function of a Lambda layer 'os>system'"):
        layers.deserialize(config)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: layers.ReLU(max_value=-1), "ReLU: max_value must not be negative; received max_value=-1"),
        (lambda: layers.ReLU(negative_slope=None), "ReLU: negative_slope must not be negative"),
        (lambda: layers.LeakyReLU(-0.1), "LeakyReLU: negative_slope must not be negative"),
        (lambda: layers.PReLU(shared_axes=[0]), "PReLU: shared_axes must be axes of a sample"),
        (lambda: layers.PReLU(shared_axes=3)(np.ones((2, 3))), "shared_axes must be axes of the inputs"),
        (lambda: layers.Softmax()(np.ones((2, 3)), mask=np.ones((2, 2), bool)), "the mask must broadcast"),
        (lambda: layers.Permute((0, 1)), "Permute: dims must hold each axis of a sample"),
        (lambda: layers.Permute((1, 1)), "Permute: dims must hold"),
        (lambda: layers.Permute((2, 1))(np.ones((2, 3))), "inputs must have a batch and 2 more axes"),
        (lambda: layers.RepeatVector(0), "RepeatVector: n must be a positive integer; received n=0"),
        (lambda: layers.RepeatVector(2.0), "RepeatVector: n must be"),
        (lambda: layers.RepeatVector(2)(np.ones((2, 3, 4))), r"inputs must have shape \(batch, features\)"),
        (lambda: layers.Lambda(3), "Lambda: function must be callable; received function=3"),
    ],
)
def test_errors(call, words):
    with pytest.raises(ValueError, match=words):
        call()
