"""Rectified linear units and their kin as layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastnn import activations, constraints, initializers, ops, regularizers
from fastnn.layers.layer import Layer, Shape, _registry


class _Activation(Layer):
    """A function of each element, or along an axis, that keeps shapes and masks."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.supports_masking = True

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the input's shape."""
        return input_shape

    def _not_negative(self, **given: Any) -> None:
        for name, value in given.items():
            if not (isinstance(value, (int, float)) and value >= 0):
                raise ValueError(
                    f"{type(self).__name__}: {name} must not be negative; received {name}={value!r}"
                )


@_registry.register()
class ReLU(_Activation):
    """Rectified linear unit: ``max(x, 0)`` by default.

    Parameters
    ----------
    max_value : float, optional
        The largest output.
    negative_slope : float
        Below the threshold the output is ``negative_slope * (x - threshold)``.
    threshold : float
        From there on the output is x.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.ReLU(max_value=6)(np.array([-1.0, 2.0, 8.0]))
    array([0., 2., 6.], dtype=float32)
    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._not_negative(negative_slope=negative_slope, threshold=threshold)
        if max_value is not None:
            self._not_negative(max_value=max_value)
        self.max_value, self.negative_slope, self.threshold = max_value, negative_slope, threshold

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return activations.relu(x, self.negative_slope, self.max_value, self.threshold)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }


@_registry.register()
class LeakyReLU(_Activation):
    """Leaky rectified linear unit: x where it is not negative, otherwise a small part of it.

    Parameters
    ----------
    negative_slope : float
        What negative values are multiplied by.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.LeakyReLU()(np.array([-1.0, 2.0]))
    array([-0.3,  2. ], dtype=float32)
    """

    def __init__(self, negative_slope: float = 0.3, **options: Any) -> None:
        super().__init__(**options)
        self._not_negative(negative_slope=negative_slope)
        self.negative_slope = negative_slope

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.leaky_relu(x, self.negative_slope)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "negative_slope": self.negative_slope}


@_registry.register()
class ELU(_Activation):
    """Exponential linear unit: x where it is positive, otherwise ``alpha * (exp(x) - 1)``.

    Parameters
    ----------
    alpha : float
        Minus the limit for large negative values.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.ELU(alpha=2.0)(np.array([-np.inf, 2.0]))
    array([-2.,  2.], dtype=float32)
    """

    def __init__(self, alpha: float = 1.0, **options: Any) -> None:
        super().__init__(**options)
        self.alpha = alpha

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.elu(x, self.alpha)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "alpha": self.alpha}


@_registry.register()
class PReLU(_Activation):
    """Leaky rectified linear unit whose slopes are learned: x where it is positive, otherwise ``alpha * x``.

    Parameters
    ----------
    alpha_initializer : str or Initializer
    alpha_regularizer : str or Regularizer, optional
    alpha_constraint : str or Constraint, optional
    shared_axes : int or sequence of int, optional
        Axes along which all elements have the same slope: [1, 2] gives (batch, height, width, channels) one for
        each channel.
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    He et al., "Delving Deep into Rectifiers", 2015. Weights: alpha, of the shape of a sample, 1 along shared axes.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.PReLU(alpha_initializer="ones")(np.array([[-1.0, 2.0]])).numpy()
    array([[-1.,  2.]], dtype=float32)
    """

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: int | Sequence[int] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        axes = [shared_axes] if isinstance(shared_axes, int) else shared_axes
        if axes is not None and not all(isinstance(axis, int) and axis > 0 for axis in axes):
            raise ValueError(
                "PReLU: shared_axes must be axes of a sample, the first of which is 1; "
                f"received shared_axes={shared_axes!r}"
            )
        self.shared_axes = None if axes is None else tuple(axes)

    def build(self, input_shape: Shape) -> None:
        """Make the slopes."""
        shared = self.shared_axes or ()
        if shared and max(shared) >= len(input_shape):
            raise ValueError(
                f"shared_axes must be axes of the inputs; received {shared} and inputs of shape {input_shape}"
            )
        self.alpha = self.add_weight(
            [1 if axis in shared else n for axis, n in enumerate(input_shape) if axis > 0],
            self.alpha_initializer,
            name="alpha",
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
        )

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.where(ops.greater(x, 0.0), x, ops.multiply(x, self.alpha))

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "alpha_initializer": initializers.serialize(self.alpha_initializer),
            "alpha_regularizer": regularizers.serialize(self.alpha_regularizer),
            "alpha_constraint": constraints.serialize(self.alpha_constraint),
            "shared_axes": self.shared_axes,
        }
