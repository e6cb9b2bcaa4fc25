"""Losses of margins followed as metrics."""

from __future__ import annotations

from fastnn import losses
from fastnn.metrics.metric import MeanMetricWrapper, _registry


@_registry.register("hinge")
class Hinge(MeanMetricWrapper):
    """The mean of `fastnn.losses.hinge`."""

    def __init__(self, name: str = "hinge") -> None:
        super().__init__(losses.hinge, name)


@_registry.register("squared_hinge")
class SquaredHinge(MeanMetricWrapper):
    """The mean of `fastnn.losses.squared_hinge`."""

    def __init__(self, name: str = "squared_hinge") -> None:
        super().__init__(losses.squared_hinge, name)


@_registry.register("categorical_hinge")
class CategoricalHinge(MeanMetricWrapper):
    """The mean of `fastnn.losses.categorical_hinge`."""

    def __init__(self, name: str = "categorical_hinge") -> None:
        super().__init__(losses.categorical_hinge, name)
