"""Convolutions of all kinds."""

from __future__ import annotations

from layer_cases.case import Case

FIRST = {"data_format": "channels_first"}

CASES = [
    Case("Conv1D", {"filters": 3, "kernel_size": 2, "padding": "causal", "dilation_rate": 2}, (2, 5, 2)),
    Case(
        "Conv1D",
        {"filters": 2, "kernel_size": 3, "padding": "causal", "activation": "elu", **FIRST},
        (2, 3, 5),
        name="first",
    ),
    Case(
        "Conv2D",
        {"filters": 3, "kernel_size": (3, 2), "strides": (2, 1), "padding": "same", "activation": "tanh"},
        (2, 5, 6, 2),
    ),
    Case(
        "Conv2D",
        {
            "filters": 4,
            "kernel_size": 2,
            "groups": 2,
            "dilation_rate": 2,
            "kernel_regularizer": "l2",
            "bias_regularizer": "l1",
            "activity_regularizer": "l2",
            "kernel_constraint": "max_norm",
            "bias_constraint": "non_neg",
        },
        (2, 4, 5, 4),
        name="groups",
    ),
    Case(
        "Conv2D",
        {"filters": 2, "kernel_size": 3, "padding": "same", "use_bias": False, "activation": "relu", **FIRST},
        (2, 3, 4, 5),
        name="first",
        smooth=False,
    ),
    Case("Conv3D", {"filters": 2, "kernel_size": (1, 2, 3), "padding": "same"}, (1, 2, 3, 4, 2)),
    Case(
        "Conv3D",
        {"filters": 2, "kernel_size": 2, "strides": (1, 2, 1), **FIRST},
        (1, 2, 3, 4, 3),
        name="first",
    ),
    Case("Conv1DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2}, (2, 4, 2)),
    Case(
        "Conv1DTranspose",
        {"filters": 3, "kernel_size": 2, "strides": 3, "padding": "same", "activation": "sigmoid"},
        (2, 3, 2),
        name="gaps",
    ),
    Case(
        "Conv2DTranspose",
        {"filters": 3, "kernel_size": (3, 4), "strides": 2, "padding": "same"},
        (2, 3, 4, 2),
    ),
    Case(
        "Conv2DTranspose",
        {"filters": 2, "kernel_size": 3, "strides": (2, 3), "padding": "same", "output_padding": 1},
        (1, 3, 3, 2),
        name="output_padding",
    ),
    Case(
        "Conv2DTranspose",
        {"filters": 2, "kernel_size": 2, "dilation_rate": 2, "use_bias": False, "output_padding": 0, **FIRST},
        (2, 3, 4, 3),
        name="first",
    ),
    Case(
        "Conv2DTranspose",
        {"filters": 2, "kernel_size": 3, "activation": "tanh", **FIRST},
        (2, 3, 2, 3),
        name="first_bias",
    ),
    Case(
        "Conv3DTranspose",
        {"filters": 2, "kernel_size": 2, "strides": (1, 2, 1), "padding": "same"},
        (1, 2, 3, 2, 2),
    ),
    Case("DepthwiseConv1D", {"kernel_size": 3, "strides": 2, "depth_multiplier": 2}, (2, 6, 2)),
    Case(
        "DepthwiseConv2D",
        {"kernel_size": (3, 2), "padding": "same", "activation": "tanh", "depthwise_constraint": "unit_norm"},
        (2, 4, 5, 3),
    ),
    Case(
        "DepthwiseConv2D",
        {"kernel_size": 2, "dilation_rate": 2, "depth_multiplier": 2, "activation": "softplus", **FIRST},
        (2, 3, 4, 5),
        name="first",
    ),
    Case("SeparableConv1D", {"filters": 3, "kernel_size": 3, "padding": "same", "strides": 2}, (2, 5, 2)),
    Case(
        "SeparableConv2D",
        {
            "filters": 3,
            "kernel_size": 3,
            "depth_multiplier": 2,
            "activation": "sigmoid",
            "depthwise_regularizer": "l2",
            "pointwise_regularizer": "l1",
        },
        (2, 4, 5, 2),
    ),
    Case(
        "SeparableConv2D",
        {"filters": 2, "kernel_size": 2, "use_bias": False, **FIRST},
        (2, 3, 3, 4),
        name="first",
    ),
]
