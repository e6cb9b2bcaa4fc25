"""Convolution layers and their kin: what the layer table cannot say."""

from __future__ import annotations

from typing import Any

import fastnn
import numpy as np
import pytest
from fastnn import layers, models


def ramp(*shape: int) -> Any:
    return np.arange(np.prod(shape), dtype="float32").reshape(shape)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        (
            "Conv2D",
            {"filters": 0, "kernel_size": 3},
            "filters must be a positive integer; received filters=0",
        ),
        ("Conv2D", {"filters": 2.5, "kernel_size": 3}, "filters must be a positive integer; .*filters=2.5"),
        ("Conv2D", {"filters": 2, "kernel_size": 0}, "kernel_size must be a positive integer or 2 of them"),
        ("Conv2D", {"filters": 2, "kernel_size": (3, -1)}, r"received kernel_size=\(3, -1\)"),
        ("Conv1D", {"filters": 2, "kernel_size": (3, 3)}, "kernel_size must be a positive integer; received"),
        ("Conv3D", {"filters": 2, "kernel_size": (3, 3)}, "a positive integer or 3 of them"),
        ("Conv2D", {"filters": 2, "kernel_size": "three"}, "received kernel_size='three'"),
        ("Conv2D", {"filters": 2, "kernel_size": 3, "strides": 0}, "strides must be a positive integer"),
        (
            "Conv2D",
            {"filters": 2, "kernel_size": 3, "dilation_rate": (1, 0)},
            "dilation_rate must be a positive",
        ),
        (
            "Conv2D",
            {"filters": 2, "kernel_size": 3, "padding": "causal"},
            "padding must be 'valid' or 'same'",
        ),
        ("Conv1D", {"filters": 2, "kernel_size": 3, "padding": "full"}, "'valid', 'same' or 'causal'"),
        (
            "Conv2D",
            {"filters": 2, "kernel_size": 3, "data_format": "NCHW"},
            "data_format must be 'channels_last'",
        ),
        ("Conv2D", {"filters": 3, "kernel_size": 3, "groups": 2}, "filters must be divisible by groups"),
        ("Conv2D", {"filters": 3, "kernel_size": 3, "groups": 0}, "groups must be a positive integer"),
        (
            "Conv2D",
            {"filters": 3, "kernel_size": 3, "strides": 2, "dilation_rate": 2},
            "strides and dilation_rate cannot both be greater than 1",
        ),
        (
            "Conv2DTranspose",
            {"filters": 3, "kernel_size": 3, "strides": (2, 1), "output_padding": 1},
            "output_padding must be less than strides",
        ),
        ("Conv2DTranspose", {"filters": 3, "kernel_size": 3, "output_padding": -1}, "a non-negative integer"),
        ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 0}, "depth_multiplier must be a positive"),
        ("SeparableConv1D", {"filters": -1, "kernel_size": 3}, "filters must be a positive integer"),
        ("ZeroPadding2D", {"padding": (1, 2, 3)}, r"padding must be a non-negative integer.*\(1, 2, 3\)"),
        ("ZeroPadding1D", {"padding": -1}, "padding must be a non-negative integer"),
        ("Cropping2D", {"cropping": ((1, -1), (0, 0))}, "cropping must be a non-negative integer"),
        ("UpSampling2D", {"size": 0}, "size must be a positive integer or 2 of them"),
        ("UpSampling2D", {"interpolation": "cubic"}, "interpolation must be 'nearest' or 'bilinear'"),
    ],
)
def test_arguments_are_checked(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}: .*{message}"):
        getattr(layers, name)(**options)


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (("Conv2D", {"filters": 2, "kernel_size": 5}), (1, 4, 9, 3), "must not be larger than the input"),
        (
            ("Conv1D", {"filters": 2, "kernel_size": 3, "dilation_rate": 4}),
            (1, 8, 3),
            r"kernel_size=\(3,\) spread over 9 places does not fit into axis 1 of size 8",
        ),
        (
            ("Conv2D", {"filters": 2, "kernel_size": 3}),
            (60, 28, 28),
            r"inputs must have 4 dimensions \(batch, height, width, channels\); received shape \(60, 28, 28\)",
        ),
        (
            ("Conv2D", {"filters": 2, "kernel_size": 3, "data_format": "channels_first"}),
            (60, 28, 28),
            r"inputs must have 4 dimensions \(batch, channels, height, width\)",
        ),
        (("Conv2D", {"filters": 4, "kernel_size": 3, "groups": 4}), (1, 5, 5, 6), "divisible by groups=4"),
        (("Conv2D", {"filters": 4, "kernel_size": 1}), (1, 5, 5, 0), "a known number of channels"),
        (("DepthwiseConv2D", {"kernel_size": (1, 4)}), (1, 5, 3, 2), "must not be larger than the input"),
        (("SeparableConv2D", {"filters": 2, "kernel_size": 4}), (1, 3, 9, 2), "must not be larger"),
        (("Conv2DTranspose", {"filters": 2, "kernel_size": 4}), (1, 3, 9), "inputs must have 4 dimensions"),
        (
            ("Cropping1D", {"cropping": (1, 2)}),
            (1, 3, 2),
            r"cropping=\(\(1, 2\),\) must leave something of axis 1",
        ),
        (("UpSampling3D", {}), (1, 3, 2), "inputs must have 5 dimensions"),
        (("ZeroPadding2D", {}), (1, 3, 2), "inputs must have 4 dimensions"),
    ],
)
def test_inputs_that_do_not_fit(layer: Any, shape: tuple[int, ...], message: str) -> None:
    """An array and a symbolic tensor are refused in the same words, which name the layer."""
    name, options = layer
    made = getattr(layers, name)(**options, name="mine")
    with pytest.raises(ValueError, match=f"mine.*{message}"):
        made(np.ones(shape, "float32"))
    symbolic = getattr(layers, name)(**options, name="mine")
    with pytest.raises(ValueError, match="mine"):
        symbolic(fastnn.Input(shape[1:]))


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2D(4, 3, name="mine"),
        layers.Conv2DTranspose(4, 3, name="mine"),
        layers.DepthwiseConv2D(3, name="mine"),
        layers.SeparableConv2D(4, 3, name="mine"),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_channels_must_stay(layer: Any) -> None:
    layer(np.ones((1, 5, 5, 3), "float32"))
    for shape in [(1, 5, 5, 2), (1, 5, 5, 6), (1, 5, 3)]:
        with pytest.raises(ValueError, match="mine"):
            layer(np.ones(shape, "float32"))
    with pytest.raises(ValueError, match=r"mine.*inputs must have 3 channels"):
        layer(fastnn.Input((5, 5, 2)))


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2D(4, 3, activation="relu"),
        layers.Conv2DTranspose(4, 3, strides=2),
        layers.DepthwiseConv2D(3),
        layers.SeparableConv2D(4, 3),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_an_empty_batch(layer: Any) -> None:
    """Gives no outputs, and gradients of zero."""
    x = fastnn.Variable(np.ones((0, 6, 5, 3), "float32"))
    y = layer(x)
    assert y.shape == (0, *layer.compute_output_shape((None, 6, 5, 3))[1:])
    fastnn.ops.sum(y).backward()
    for weight in layer.trainable_weights:
        assert not np.asarray(weight.grad).any()


def test_same_puts_the_odd_cell_at_the_end() -> None:
    x = ramp(1, 4, 1)
    layer = layers.Conv1D(1, 2, padding="same", kernel_initializer="ones")
    np.testing.assert_array_equal(np.asarray(layer(x)).ravel(), [1, 3, 5, 3])
    strided = layers.Conv1D(1, 3, strides=2, padding="same", kernel_initializer="ones")
    np.testing.assert_array_equal(np.asarray(strided(x)).ravel(), [3, 5])  # (0 1 2) and (2 3 -)
    causal = layers.Conv1D(1, 2, padding="causal", kernel_initializer="ones")
    np.testing.assert_array_equal(np.asarray(causal(x)).ravel(), [0, 1, 3, 5])


def test_a_causal_output_knows_nothing_of_later_steps() -> None:
    layer = layers.Conv1D(3, 3, padding="causal", dilation_rate=2)
    x = np.random.default_rng(0).standard_normal((2, 9, 2)).astype("float32")
    before = np.array(layer(x))
    x[:, 5:] = 9.0
    after = np.array(layer(x))
    np.testing.assert_array_equal(before[:, :5], after[:, :5])
    assert (before[:, 5:] != after[:, 5:]).all()


def test_groups_do_not_meet() -> None:
    layer = layers.Conv2D(4, 3, groups=2, use_bias=False)
    x = np.random.default_rng(0).standard_normal((2, 5, 5, 6)).astype("float32")
    y = np.asarray(layer(x))
    (kernel,) = layer.get_weights()
    for group in range(2):
        alone = layers.Conv2D(2, 3, use_bias=False)
        alone.build((None, 5, 5, 3))
        alone.set_weights([kernel[..., 2 * group : 2 * group + 2]])
        part = np.asarray(alone(np.ascontiguousarray(x[..., 3 * group : 3 * group + 3])))
        np.testing.assert_allclose(y[..., 2 * group : 2 * group + 2], part, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda where: layers.Conv2D(4, 3, padding="same", activation="relu", data_format=where),
        lambda where: layers.Conv2D(4, 3, groups=2, strides=2, data_format=where),
        lambda where: layers.Conv2DTranspose(4, 3, strides=2, data_format=where),
        lambda where: layers.DepthwiseConv2D(3, depth_multiplier=2, data_format=where),
        lambda where: layers.SeparableConv2D(4, 3, data_format=where),
    ],
    ids=["conv", "groups", "transpose", "depthwise", "separable"],
)
def test_channels_first_gives_the_same(make: Any) -> None:
    x = np.random.default_rng(0).standard_normal((2, 6, 7, 4)).astype("float32")
    last, first = make("channels_last"), make("channels_first")
    y = np.asarray(last(x))
    first.build((None, 4, 6, 7))
    first.set_weights(last.get_weights())
    np.testing.assert_allclose(
        np.moveaxis(first(np.moveaxis(x, -1, 1)).numpy(), 1, -1), y, rtol=1e-5, atol=1e-6
    )


def test_transposed_convolution_undoes_the_shape() -> None:
    for padding, size, kernel, stride in [
        ("same", 8, 3, 2),
        ("valid", 9, 3, 2),
        ("valid", 8, 2, 2),
        ("same", 7, 4, 1),
    ]:
        down = layers.Conv2D(2, kernel, strides=stride, padding=padding)
        up = layers.Conv2DTranspose(1, kernel, strides=stride, padding=padding)
        shape = up.compute_output_shape(down.compute_output_shape((None, size, size, 1)))
        assert shape == (None, size, size, 1)


def test_borders_by_value() -> None:
    x = ramp(1, 2, 2, 1)
    padded = np.asarray(layers.ZeroPadding2D(((1, 0), (0, 2)))(x))[0, :, :, 0]
    np.testing.assert_array_equal(padded, [[0, 0, 0, 0], [0, 1, 0, 0], [2, 3, 0, 0]])
    np.testing.assert_array_equal(
        layers.Cropping2D(((1, 0), (0, 2)))(padded[None, ..., None])[0, :, :, 0], x[0, :, :, 0]
    )
    np.testing.assert_array_equal(layers.UpSampling2D((1, 2))(x)[0, :, :, 0], [[0, 0, 1, 1], [2, 2, 3, 3]])
    np.testing.assert_array_equal(
        layers.UpSampling2D((1, 2), interpolation="bilinear")(x)[0, 0, :, 0], [0, 0.25, 0.75, 1]
    )


def test_summary_of_the_first_layers_of_lenet() -> None:
    net = models.Sequential([layers.Conv2D(6, 5, input_shape=(32, 32, 3)), layers.MaxPooling2D(2)])
    lines: list[str] = []
    net.summary(print_fn=lines.append)
    text = "\n".join(lines)
    assert "456" in text
    assert "28, 28, 6" in text
    assert "14, 14, 6" in text


def test_other_names() -> None:
    for name in ("Conv1D", "Conv2D", "Conv3D", "SeparableConv1D", "SeparableConv2D"):
        assert getattr(layers, name.replace("Conv", "Convolution")) is getattr(layers, name)
    for rank in (1, 2, 3):
        assert getattr(layers, f"Convolution{rank}DTranspose") is getattr(layers, f"Conv{rank}DTranspose")


def test_a_subclass_with_a_constructor_of_its_own() -> None:
    class Small(layers.Conv2D):
        def __init__(self, filters: int, **options: Any) -> None:
            super().__init__(filters, 3, padding="same", **options)

    assert Small(4)(np.ones((1, 5, 5, 2), "float32")).shape == (1, 5, 5, 4)
