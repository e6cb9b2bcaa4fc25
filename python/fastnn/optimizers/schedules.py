"""Learning rates that change from step to step: Keras 3's names, arguments, defaults and formulas."""

from __future__ import annotations

import inspect
import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from fastnn.registry import Registry

__all__ = [
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "deserialize",
    "serialize",
]

_registry: Registry[Any] = Registry("learning rate schedule")
serialize = _registry.serialize
deserialize = _registry.deserialize
known = _registry.names


class LearningRateSchedule:
    """A learning rate as a function of the number of steps done; subclasses define ``__call__(step)``.

    Given to an optimizer as its ``learning_rate``. One whose class keeps its constructor's arguments as attributes
    of the same names can be saved with the optimizer once it is registered.

    Examples
    --------
    >>> from fastnn import optimizers
    >>> class Halving(optimizers.schedules.LearningRateSchedule):
    ...     def __call__(self, step):
    ...         return 0.5**step
    >>> optimizers.SGD(Halving()).learning_rate
    1.0
    """

    def __call__(self, step: int) -> float:
        """Return the rate of the step behind ``step`` others."""
        raise NotImplementedError(f"{type(self).__name__} must define __call__(self, step)")

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> LearningRateSchedule:
        """Make a schedule from what `get_config` gave."""
        return cls(**config)


def _check_steps(decay_steps: float) -> None:
    if not decay_steps > 0:
        raise ValueError(f"decay_steps must be positive; received decay_steps={decay_steps}")


@_registry.register()
class ExponentialDecay(LearningRateSchedule):
    """``initial_learning_rate * decay_rate ** (step / decay_steps)``.

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
        In so many steps the rate is multiplied by ``decay_rate``.
    decay_rate : float
    staircase : bool
        Change the rate at every ``decay_steps``-th step only.
    name : str

    Examples
    --------
    >>> from fastnn.optimizers import schedules
    >>> rate = schedules.ExponentialDecay(0.1, decay_steps=100, decay_rate=0.5)
    >>> rate(0), rate(100), rate(200)
    (0.1, 0.05, 0.025)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None:
        _check_steps(decay_steps)
        self.initial_learning_rate, self.decay_steps, self.decay_rate = (
            initial_learning_rate,
            decay_steps,
            decay_rate,
        )
        self.staircase, self.name = staircase, name

    def __call__(self, step: int) -> float:
        """Return the rate of the step behind ``step`` others."""
        part = step / self.decay_steps
        return self.initial_learning_rate * self.decay_rate ** (math.floor(part) if self.staircase else part)


@_registry.register()
class InverseTimeDecay(LearningRateSchedule):
    """``initial_learning_rate / (1 + decay_rate * step / decay_steps)``.

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
    decay_rate : float
    staircase : bool
        Change the rate at every ``decay_steps``-th step only.
    name : str

    Examples
    --------
    >>> from fastnn.optimizers import schedules
    >>> rate = schedules.InverseTimeDecay(0.1, decay_steps=100, decay_rate=1.0)
    >>> rate(0), rate(100), rate(300)
    (0.1, 0.05, 0.025)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ) -> None:
        _check_steps(decay_steps)
        self.initial_learning_rate, self.decay_steps, self.decay_rate = (
            initial_learning_rate,
            decay_steps,
            decay_rate,
        )
        self.staircase, self.name = staircase, name

    def __call__(self, step: int) -> float:
        """Return the rate of the step behind ``step`` others."""
        part = step / self.decay_steps
        return self.initial_learning_rate / (
            1 + self.decay_rate * (math.floor(part) if self.staircase else part)
        )


@_registry.register()
class PiecewiseConstantDecay(LearningRateSchedule):
    """One rate after the other.

    Parameters
    ----------
    boundaries : sequence of int
        The last step of each rate but the last one's; increasing.
    values : sequence of float
        The rates, one more than boundaries.
    name : str

    Examples
    --------
    >>> from fastnn.optimizers import schedules
    >>> rate = schedules.PiecewiseConstantDecay([100, 200], [0.1, 0.01, 0.001])
    >>> rate(100), rate(101), rate(201)
    (0.1, 0.01, 0.001)
    """

    def __init__(
        self, boundaries: Sequence[float], values: Sequence[float], name: str = "PiecewiseConstant"
    ) -> None:
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                f"there must be one value more than boundaries; received {len(boundaries)} boundaries and "
                f"{len(values)} values"
            )
        self.boundaries, self.values, self.name = list(boundaries), list(values), name
        if self.boundaries != sorted(self.boundaries):
            raise ValueError(f"boundaries must increase; received boundaries={self.boundaries}")

    def __call__(self, step: int) -> float:
        """Return the rate of the step behind ``step`` others."""
        return self.values[bisect_left(self.boundaries, step)]


@_registry.register()
class PolynomialDecay(LearningRateSchedule):
    """From one rate to another along ``(1 - step / decay_steps) ** power``, and no further.

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
    end_learning_rate : float
    power : float
        1 is a straight line.
    cycle : bool
        Instead of staying at the end, stretch ``decay_steps`` to the next multiple: the rate jumps up and falls.
    name : str

    Examples
    --------
    >>> from fastnn.optimizers import schedules
    >>> rate = schedules.PolynomialDecay(0.5, decay_steps=100, end_learning_rate=0.1)
    >>> rate(0), rate(25), rate(1000)
    (0.5, 0.4, 0.1)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        _check_steps(decay_steps)
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, decay_steps
        self.end_learning_rate, self.power, self.cycle, self.name = end_learning_rate, power, cycle, name

    def __call__(self, step: int) -> float:
        """Return the rate of the step behind ``step`` others."""
        steps = self.decay_steps * (max(1, math.ceil(step / self.decay_steps)) if self.cycle else 1)
        left = 1 - min(step, steps) / steps
        return (
            self.initial_learning_rate - self.end_learning_rate
        ) * left**self.power + self.end_learning_rate


@_registry.register()
class CosineDecay(LearningRateSchedule):
    """Half a cosine from the initial rate down to ``alpha`` times it, after a linear warm-up if asked for.

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
        Without those of the warm-up.
    alpha : float
        The last rate as a share of the one that the cosine starts from.
    name : str
    warmup_target : float, optional
        Where the warm-up leads to from the initial rate, and the cosine starts.
    warmup_steps : int

    Notes
    -----
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2016.

    Examples
    --------
    >>> from fastnn.optimizers import schedules
    >>> rate = schedules.CosineDecay(0.0, decay_steps=100, warmup_target=0.5, warmup_steps=10)
    >>> rate(0), rate(5), rate(10), rate(60), rate(110)
    (0.0, 0.25, 0.5, 0.25, 0.0)
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ) -> None:
        _check_steps(decay_steps)
        self.initial_learning_rate, self.decay_steps, self.alpha = initial_learning_rate, decay_steps, alpha
        self.name, self.warmup_target, self.warmup_steps = name, warmup_target, warmup_steps

    def __call__(self, step: int) -> float:
        """Return the rate of the step behind ``step`` others."""
        start = self.initial_learning_rate
        if self.warmup_target is not None:
            if step < self.warmup_steps:
                return start + (self.warmup_target - start) * step / self.warmup_steps
            start, step = self.warmup_target, step - self.warmup_steps
        cosine = 0.5 * (1 + math.cos(math.pi * min(step / self.decay_steps, 1.0)))
        return start * ((1 - self.alpha) * cosine + self.alpha)
