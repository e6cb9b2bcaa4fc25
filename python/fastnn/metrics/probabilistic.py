"""Losses of probabilities followed as metrics."""

from __future__ import annotations

from fastnn import losses
from fastnn.metrics.metric import MeanMetricWrapper, _registry


@_registry.register("categorical_crossentropy")
class CategoricalCrossentropy(MeanMetricWrapper):
    """The mean of `fastnn.losses.categorical_crossentropy`."""

    def __init__(
        self, name: str = "categorical_crossentropy", from_logits: bool = False, label_smoothing: float = 0.0
    ) -> None:
        super().__init__(
            losses.categorical_crossentropy, name, from_logits=from_logits, label_smoothing=label_smoothing
        )


@_registry.register("sparse_categorical_crossentropy")
class SparseCategoricalCrossentropy(MeanMetricWrapper):
    """The mean of `fastnn.losses.sparse_categorical_crossentropy`."""

    def __init__(self, name: str = "sparse_categorical_crossentropy", from_logits: bool = False) -> None:
        super().__init__(losses.sparse_categorical_crossentropy, name, from_logits=from_logits)


@_registry.register("binary_crossentropy", "bce", "BCE")
class BinaryCrossentropy(MeanMetricWrapper):
    """The mean of `fastnn.losses.binary_crossentropy`."""

    def __init__(
        self, name: str = "binary_crossentropy", from_logits: bool = False, label_smoothing: float = 0.0
    ) -> None:
        super().__init__(
            losses.binary_crossentropy, name, from_logits=from_logits, label_smoothing=label_smoothing
        )


@_registry.register("kl_divergence", "kld", "KLD")
class KLDivergence(MeanMetricWrapper):
    """The mean of `fastnn.losses.kl_divergence`."""

    def __init__(self, name: str = "kl_divergence") -> None:
        super().__init__(losses.kl_divergence, name)


@_registry.register("poisson")
class Poisson(MeanMetricWrapper):
    """The mean of `fastnn.losses.poisson`."""

    def __init__(self, name: str = "poisson") -> None:
        super().__init__(losses.poisson, name)
