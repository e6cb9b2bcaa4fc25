"""Inference in fewer passes: a normalization, and an activation behind it, ride on the layer before them.

At inference batch normalization multiplies and shifts each channel by numbers that stay, which a convolution or
dense layer may as well have in its kernel and bias: its results are written once, instead of twice or three times.
Gradients are not taken through this: it is done where nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastnn.layers.activation import Activation
from fastnn.layers.batch_normalization import BatchNormalization
from fastnn.layers.dense import _FUSED
from fastnn.layers.rectifiers import ReLU


def absorbs(layer: Any, norm: Any) -> bool:
    """Return whether a layer can take a batch normalization of its outputs over."""
    if not isinstance(norm, BatchNormalization) or getattr(layer, "_fused", None) != "linear":
        return False
    if any(one.activity_regularizer is not None or one._adds_losses for one in (layer, norm)):
        return False
    if layer.dtype != norm.dtype or not hasattr(layer, "call_normalized") or not norm.built:
        return False
    ndim = len(norm.input_shape)
    channels_first = getattr(layer, "data_format", None) == "channels_first"
    return norm.axis % ndim == (1 if channels_first else ndim - 1)


def activation_of(layer: Any) -> str | None:
    """Return the name of the activation that a layer applies, where it can be applied with the results."""
    if type(layer) is Activation:
        return _FUSED.get(layer.activation)
    plain = (
        type(layer) is ReLU and layer.max_value is None and not layer.negative_slope and not layer.threshold
    )
    return "relu" if plain else None


def together(layer: Any, norm: Any, activation: str) -> Callable[[Any], Any]:
    """Return what computes a layer, the normalization of its outputs, and an activation of these."""
    return lambda x: layer.call_normalized(x, norm, activation)


def folded(layers: list[Any]) -> list[tuple[Any, Callable[[Any], Any], int]] | None:
    """Return which of consecutive layers to compute together: the first, how, and how many; None where none are.

    The entry of a layer that is computed as such has None for how, and 1.
    """
    found: list[Any] = []
    at = 0
    while at < len(layers):
        count, how = 1, None
        if at + 1 < len(layers) and absorbs(layers[at], layers[at + 1]):
            count, activation = 2, "linear"
            if at + 2 < len(layers) and activation_of(layers[at + 2]) is not None:
                count, activation = 3, str(activation_of(layers[at + 2]))
            how = together(layers[at], layers[at + 1], activation)
        found.append((layers[at], how, count))
        at += count
    return found if len(found) < len(layers) else None
