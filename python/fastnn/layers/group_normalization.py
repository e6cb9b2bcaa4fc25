"""Groups of channels normalised by themselves."""

from __future__ import annotations

from typing import Any

from fastnn import ops
from fastnn.layers.layer import Shape, _registry
from fastnn.layers.scaled import Scaled, checked_sizes


@_registry.register()
class GroupNormalization(Scaled):
    """Normalises groups of channels of each sample by their own mean and variance.

    Parameters
    ----------
    groups : int, default 32
        Into how many groups the channels are divided; -1: every channel is one (instance normalisation).
    axis : int, default -1
        The axis of the channels.
    epsilon : float, default 0.001
        Is added to the variance.
    center, scale : bool
        Whether there is a beta that is added, and a gamma that is multiplied.
    beta_initializer, gamma_initializer : str or Initializer
    beta_regularizer, gamma_regularizer : str or Regularizer, optional
    beta_constraint, gamma_constraint : str or Constraint, optional
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Weights: gamma and beta, (channels,) (Wu and He, "Group Normalization", 2018).

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.GroupNormalization(2, epsilon=0)(np.array([[1.0, 3.0, 10.0, 20.0]])).numpy()
    array([[-1.,  1., -1.,  1.]], dtype=float32)
    """

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
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
        if not isinstance(groups, int) or isinstance(groups, bool) or (groups <= 0 and groups != -1):
            raise ValueError(
                f"GroupNormalization: groups must be positive, or -1; received groups={groups!r}"
            )
        self.groups = groups
        self.axis = axis

    def build(self, input_shape: Shape) -> None:
        """Make gamma and beta."""
        (channels,) = checked_sizes(input_shape, self.axis)
        if self.groups == -1:
            self.groups = channels
        if channels % self.groups:
            raise ValueError(
                f"groups must divide the number of channels; received groups={self.groups}, "
                f"inputs of shape {input_shape}"
            )
        self._add_scale((channels,))

    def call(self, x: Any) -> Any:
        """Compute the output."""
        return ops.group_normalization(x, self.groups, self.axis, self.gamma, self.beta, self.epsilon)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {**super().get_config(), "groups": self.groups, "axis": self.axis}
