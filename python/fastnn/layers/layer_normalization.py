"""Samples normalised by themselves."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.layer import Layer, Shape, _registry
from fastnn.layers.scaled import Scaled, checked_sizes


def _axes(layer: Layer, axis: Any) -> Any:
    """Return an axis, or a list of them."""
    if isinstance(axis, (list, tuple)) and axis and all(isinstance(a, int) for a in axis):
        return list(axis)
    if isinstance(axis, int):
        return axis
    raise TypeError(
        f"{type(layer).__name__}: axis must be an integer or a list of them; received axis={axis!r}"
    )


@_registry.register()
class LayerNormalization(Scaled):
    """Normalises each sample by its own mean and variance over some axes.

    Parameters
    ----------
    axis : int or list of int, default -1
        The axes that are normalised together.
    epsilon : float, default 0.001
        Is added to the variance.
    center, scale : bool
        Whether there is a beta that is added, and a gamma that is multiplied.
    beta_initializer, gamma_initializer : str or Initializer
    beta_regularizer, gamma_regularizer : str or Regularizer, optional
    beta_constraint, gamma_constraint : str or Constraint, optional
    rms_scaling : bool
        Divides by the deviation without taking the mean away, and has no beta; Keras keeps this for old models.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Weights: gamma and beta, of the sizes of the axes (Ba, Kiros and Hinton, "Layer Normalization", 2016).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.LayerNormalization(epsilon=0)(np.array([[1.0, 3.0], [10.0, 30.0]])).numpy()
    array([[-1.,  1.],
           [-1.,  1.]], dtype=float32)
    """

    def __init__(
        self,
        axis: int | list[int] = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        rms_scaling: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(
            epsilon,
            center and not rms_scaling,
            scale or rms_scaling,
            beta_initializer,
            gamma_initializer,
            beta_regularizer,
            gamma_regularizer,
            beta_constraint,
            gamma_constraint,
            **options,
        )
        self.axis = _axes(self, axis)
        self.rms_scaling = rms_scaling

    def build(self, input_shape: Shape) -> None:
        """Make gamma and beta."""
        self._add_scale(checked_sizes(input_shape, self.axis))

    def call(self, x: Any) -> Any:
        """Compute the output."""
        if not self.rms_scaling:
            return ops.layer_normalization(x, self.gamma, self.beta, self.axis, self.epsilon)
        axes = self.axis if isinstance(self.axis, list) else [self.axis]
        axes = sorted(a % x.ndim for a in axes)
        line = tuple(n if d in axes else 1 for d, n in enumerate(x.shape))
        deviation = ops.sqrt(ops.var(x, tuple(axes), keepdims=True) + self.epsilon)
        return x / deviation * ops.reshape(self.gamma, line)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "axis": self.axis, "rms_scaling": self.rms_scaling}


@_registry.register()
class RMSNormalization(Layer):
    """Divides each sample by the root of its mean square over some axes.

    Parameters
    ----------
    axis : int or list of int, default -1
        The axes that are normalised together.
    epsilon : float, default 1e-6
        Is added to the mean square.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Weights: scale, of the sizes of the axes (Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.RMSNormalization()(np.array([[1.0, 7.0]])).numpy().round(3)
    array([[0.2, 1.4]], dtype=float32)
    """

    def __init__(self, axis: int | list[int] = -1, epsilon: float = 1e-6, **options: Any) -> None:
        super().__init__(**options)
        self.axis = _axes(self, axis)
        self.epsilon = epsilon

    def build(self, input_shape: Shape) -> None:
        """Make the scale."""
        self.scale = self.add_weight(checked_sizes(input_shape, self.axis), "ones", name="scale")

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.rms_normalization(x, self.scale, self.axis, self.epsilon)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the input's shape."""
        checked_sizes(input_shape, self.axis)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "axis": self.axis, "epsilon": self.epsilon}


@_registry.register()
class UnitNormalization(Layer):
    """Divides each sample by its Euclidean length over some axes.

    Parameters
    ----------
    axis : int or list of int, default -1
        The axes whose squares are added up.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.UnitNormalization()(np.array([[3.0, 4.0]]))
    array([[0.6, 0.8]], dtype=float32)
    """

    def __init__(self, axis: int | list[int] = -1, **options: Any) -> None:
        super().__init__(**options)
        self.axis = _axes(self, axis)
        self.supports_masking = True

    def call(self, x: Any) -> Any:
        """Compute the output."""
        axes = tuple(self.axis) if isinstance(self.axis, list) else self.axis
        squares = ops.sum(ops.square(x), axes, keepdims=True)
        return x * ops.rsqrt(ops.maximum(squares, 1e-24))  # no length is below 1e-12

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the input's shape."""
        ndim = len(input_shape)
        axes = self.axis if isinstance(self.axis, list) else [self.axis]
        if any(not -ndim <= a < ndim for a in axes):
            raise ValueError(
                f"axis must lie in [{-ndim}, {ndim}) for inputs of shape {input_shape}; received {self.axis}"
            )
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "axis": self.axis}
