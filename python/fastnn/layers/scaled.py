"""What normalisations that end in ``gamma`` and ``beta`` share."""

from __future__ import annotations

from typing import Any

from fastnn import constraints, initializers, regularizers
from fastnn.layers.layer import Layer, Shape


class Scaled(Layer):
    """Holds gamma and beta, where they are wanted."""

    axis: Any
    gamma: Any
    beta: Any

    def __init__(
        self,
        epsilon: float,
        center: bool,
        scale: bool,
        beta_initializer: Any,
        gamma_initializer: Any,
        beta_regularizer: Any,
        gamma_regularizer: Any,
        beta_constraint: Any,
        gamma_constraint: Any,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.epsilon = float(epsilon)
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.supports_masking = True
        self.gamma = self.beta = None

    def _add_scale(self, shape: Shape) -> None:
        if self.scale:
            self.gamma = self.add_weight(
                shape,
                self.gamma_initializer,
                name="gamma",
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
            )
        if self.center:
            self.beta = self.add_weight(
                shape,
                self.beta_initializer,
                name="beta",
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
            )

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the input's shape."""
        checked_sizes(input_shape, self.axis)
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            "beta_initializer": initializers.serialize(self.beta_initializer),
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "beta_regularizer": _told(regularizers, self.beta_regularizer),
            "gamma_regularizer": _told(regularizers, self.gamma_regularizer),
            "beta_constraint": _told(constraints, self.beta_constraint),
            "gamma_constraint": _told(constraints, self.gamma_constraint),
        }


def _told(kind: Any, thing: Any) -> Any:
    return None if thing is None else kind.serialize(thing)


def checked_sizes(input_shape: Shape, axis: Any) -> tuple[int, ...]:
    """Return the sizes of axes, in their order; refuse those that do not exist, or of unknown size."""
    ndim = len(input_shape)
    axes = axis if isinstance(axis, (list, tuple)) else [axis]
    if any(not -ndim <= a < ndim for a in axes):
        raise ValueError(
            f"axis must lie in [{-ndim}, {ndim}) for inputs of shape {input_shape}; received {axis}"
        )
    sizes = [input_shape[a] for a in sorted(a % ndim for a in axes)]
    if None in sizes:
        raise ValueError(f"inputs must have a known size in axis {axis}; received shape {input_shape}")
    return tuple(n for n in sizes if n is not None)
