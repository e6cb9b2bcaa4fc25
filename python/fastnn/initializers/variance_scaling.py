"""First values that keep the variance of what passes through a layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from fastnn import random
from fastnn.initializers.initializer import Array, RandomInitializer, _registry

Axes = Sequence[int] | None


def compute_fans(shape: Sequence[int], input_axes: Axes = None, output_axes: Axes = None) -> tuple[int, int]:
    """Return the numbers of inputs and outputs of one unit of a kernel ``(*window, in, out)``.

    With ``input_axes`` and ``output_axes``, the products of the sizes of these axes.
    """
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[a] for a in input_axes), math.prod(shape[a] for a in output_axes)
    if len(shape) < 2:
        size = shape[0] if shape else 1
        return size, size
    window = math.prod(shape[:-2])
    return shape[-2] * window, shape[-1] * window


@_registry.register("variance_scaling")
class VarianceScaling(RandomInitializer):
    """Draws with a variance of ``scale / n``, n being the fan of the kernel.

    Parameters
    ----------
    scale : float
        Positive.
    mode : {"fan_in", "fan_out", "fan_avg"}
        What n is: inputs, outputs, or their mean.
    distribution : {"truncated_normal", "untruncated_normal", "uniform"}
        The truncated normal is cut off at two deviations and widened to keep its variance.
    seed
        See `RandomInitializer`.
    input_axes, output_axes : sequence of int, optional
        The axes of the kernel whose sizes make up the fans, for kernels that are not ``(*window, in, out)``.

    Notes
    -----
    He et al., "Delving deep into rectifiers", 2015; Glorot and Bengio, "Understanding the difficulty of
    training deep feedforward neural networks", 2010.

    Examples
    --------
    >>> from fastnn import initializers
    >>> kernel = initializers.VarianceScaling(2.0, "fan_out", "uniform", seed=1)((3, 3, 8, 16))
    >>> bool(abs(kernel).max() <= (3 * 2.0 / (3 * 3 * 16)) ** 0.5)
    True
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Any = None,
        input_axes: Axes = None,
        output_axes: Axes = None,
    ) -> None:
        super().__init__(seed)
        if not scale > 0:
            raise ValueError(f"scale must be positive; received scale={scale}")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"mode must be 'fan_in', 'fan_out' or 'fan_avg'; received mode={mode!r}")
        if distribution not in ("normal", "truncated_normal", "untruncated_normal", "uniform"):
            raise ValueError(
                "distribution must be 'truncated_normal', 'untruncated_normal' or 'uniform'; "
                f"received distribution={distribution!r}"
            )
        if (input_axes is None) != (output_axes is None):
            raise ValueError(
                "input_axes and output_axes must be given together; "
                f"received input_axes={input_axes}, output_axes={output_axes}"
            )
        self.scale, self.mode, self.distribution = scale, mode, distribution
        self.input_axes, self.output_axes = input_axes, output_axes

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> Array:
        """Draw a kernel of this shape."""
        fan_in, fan_out = compute_fans(shape, self.input_axes, self.output_axes)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        deviation = math.sqrt(self.scale / max(1.0, fan))
        if self.distribution == "uniform":
            limit = math.sqrt(3) * deviation
            return random.uniform(shape, -limit, limit, dtype, self.seed)
        if self.distribution == "untruncated_normal":
            return random.normal(shape, 0.0, deviation, dtype, self.seed)
        # the standard deviation of a standard normal cut off at 2
        return random.truncated_normal(shape, 0.0, deviation / 0.87962566103423978, dtype, self.seed)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "input_axes": self.input_axes,
            "output_axes": self.output_axes,
        }


def _scaled(name: str, alias: str, scale: float, mode: str, distribution: str) -> type[VarianceScaling]:
    """Return the named special case of `VarianceScaling`."""

    def __init__(
        self: VarianceScaling, seed: Any = None, input_axes: Axes = None, output_axes: Axes = None
    ) -> None:
        VarianceScaling.__init__(self, scale, mode, distribution, seed, input_axes, output_axes)

    def get_config(self: VarianceScaling) -> dict[str, Any]:
        options = VarianceScaling.get_config(self)
        return {key: options[key] for key in ("seed", "input_axes", "output_axes")}

    made = type(
        name,
        (VarianceScaling,),
        {
            "__init__": __init__,
            "__doc__": f"`VarianceScaling` with scale {scale:g}, {mode}, {distribution}.",
            "__module__": __name__,
            "get_config": get_config,
        },
    )
    return _registry.register(alias)(made)


GlorotUniform = _scaled("GlorotUniform", "glorot_uniform", 1.0, "fan_avg", "uniform")
GlorotNormal = _scaled("GlorotNormal", "glorot_normal", 1.0, "fan_avg", "truncated_normal")
HeUniform = _scaled("HeUniform", "he_uniform", 2.0, "fan_in", "uniform")
HeNormal = _scaled("HeNormal", "he_normal", 2.0, "fan_in", "truncated_normal")
LecunUniform = _scaled("LecunUniform", "lecun_uniform", 1.0, "fan_in", "uniform")
LecunNormal = _scaled("LecunNormal", "lecun_normal", 1.0, "fan_in", "truncated_normal")
