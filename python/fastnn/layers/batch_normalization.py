"""Channels normalised over the batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn import initializers, ops
from fastnn.layers.layer import Shape, _registry
from fastnn.layers.scaled import Scaled, checked_sizes
from fastnn.ops.conv import fold_normalization
from fastnn.ops.group_normalization import _group_normalization

_FUZZ = 1e-7  # what Keras adds to the number of values that a mask leaves


@_registry.register()
class BatchNormalization(Scaled):
    """Normalises each channel: by the batch's mean and variance in training, by moving ones in inference.

    Parameters
    ----------
    axis : int, default -1
        The axis of the channels.
    momentum : float, default 0.99
        How much of the moving statistics stays in each step of training.
    epsilon : float, default 0.001
        Is added to the variance.
    center, scale : bool
        Whether there is a beta that is added, and a gamma that is multiplied.
    beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer : str or Initializer
    beta_regularizer, gamma_regularizer : str or Regularizer, optional
    beta_constraint, gamma_constraint : str or Constraint, optional
    synchronized : bool
        Must be False: there is one device.
    name, trainable, dtype, input_shape
        See `Layer`. With ``trainable=False`` the layer works as in inference, also in training.

    Notes
    -----
    Weights: gamma, beta, moving_mean, moving_variance, all (channels,). The variance is that of the batch, divided
    by the number of values. Of inputs with a mask only what it leaves is counted (Ioffe and Szegedy, "Batch
    Normalization", 2015).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layer = layers.BatchNormalization(momentum=0.5)
    >>> layer(np.array([[1.0], [3.0]]), training=True).numpy().round(2)
    array([[-1.],
           [ 1.]], dtype=float32)
    >>> layer.moving_mean.numpy()
    array([1.], dtype=float32)
    """

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        synchronized: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(
            epsilon,
            center,
            scale,
            beta_initializer,
            gamma_initializer,
            beta_regularizer,
            gamma_regularizer,
            beta_constraint,
            gamma_constraint,
            **options,
        )
        if synchronized:
            raise ValueError("BatchNormalization: synchronized must be False; received synchronized=True")
        self.axis = int(axis)
        self.momentum = float(momentum)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)

    def build(self, input_shape: Shape) -> None:
        """Make gamma, beta and the moving statistics."""
        shape = checked_sizes(input_shape, self.axis)
        self._add_scale(shape)
        self.moving_mean = self.add_weight(
            shape, self.moving_mean_initializer, trainable=False, name="moving_mean"
        )
        self.moving_variance = self.add_weight(
            shape, self.moving_variance_initializer, trainable=False, name="moving_variance"
        )

    def call(self, x: Any, training: bool = False, mask: Any = None) -> Any:
        """Compute the output; in training, move the moving statistics."""
        if mask is not None and mask.ndim != x.ndim - 1:
            raise ValueError(
                f"the mask must have one dimension less than the inputs; received mask {mask.shape}, "
                f"inputs {x.shape}"
            )
        if not (training and self.trainable):
            return self._normalized(x, self.moving_mean, self.moving_variance)
        statistics: list[Any] = []
        if mask is None:
            y = _group_normalization(x, self.gamma, self.beta, self.axis, 0, False, self.epsilon, statistics)
        else:
            statistics = self._masked_moments(x, mask)
            y = self._normalized(x, *statistics)
        if x.size:
            moving = (self.moving_mean, self.moving_variance)
            for weight, now in zip(moving, statistics, strict=True):
                weight.assign(weight.numpy() * self.momentum + np.asarray(now) * (1.0 - self.momentum))
        return y

    def folded_into(self, kernel: Any, bias: Any) -> tuple[Any, Any]:
        """Return kernel and bias with which a layer gives what this one makes of its outputs at inference."""
        statistics = (self.moving_mean, self.moving_variance)
        return fold_normalization(kernel, bias, *statistics, self.gamma, self.beta, self.epsilon)

    def _normalized(self, x: Any, mean: Any, variance: Any) -> Any:
        return ops.batch_normalization(x, mean, variance, self.axis, self.beta, self.gamma, self.epsilon)

    def _masked_moments(self, x: Any, mask: Any) -> list[Any]:
        """Return mean and variance of what the mask leaves, as Keras computes them."""
        axis = self.axis % x.ndim
        others = tuple(d for d in range(x.ndim) if d != axis)
        counted = ops.broadcast_to(ops.expand_dims(mask, -1), x.shape)
        number = ops.sum(ops.cast(counted, x.dtype), others, keepdims=True) + _FUZZ
        mean = ops.sum(ops.where(counted, x, 0.0), others, keepdims=True) / number
        squares = ops.square(ops.where(counted, x - mean, 0.0))
        variance = ops.sum(squares, others, keepdims=True) / number
        return [ops.reshape(mean, (-1,)), ops.reshape(variance, (-1,))]

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "axis": self.axis,
            "momentum": self.momentum,
            "moving_mean_initializer": initializers.serialize(self.moving_mean_initializer),
            "moving_variance_initializer": initializers.serialize(self.moving_variance_initializer),
        }
