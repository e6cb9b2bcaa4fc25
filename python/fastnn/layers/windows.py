"""What layers that move windows over images share: their arguments, and the sizes that they give."""

from __future__ import annotations

import operator
from typing import Any

from fastnn.layers.layer import Shape

DIMENSIONS = {1: "steps", 2: "height, width", 3: "depth, height, width"}


def sizes(layer: Any, name: str, value: Any, rank: int, least: int = 1) -> tuple[int, ...]:
    """Return an integer, or a sequence of them, as one integer per spatial dimension."""
    kind = "positive" if least else "non-negative"
    try:
        found = tuple(map(operator.index, value)) if hasattr(value, "__iter__") else (operator.index(value),)
        found = found if hasattr(value, "__iter__") else found * rank
        if len(found) == rank and min(found) >= least:
            return found
    except TypeError:
        pass
    many = "" if rank == 1 else f" or {rank} of them"
    raise ValueError(
        f"{type(layer).__name__}: {name} must be a {kind} integer{many}; received {name}={value!r}"
    )


def borders(layer: Any, name: str, value: Any, rank: int) -> tuple[tuple[int, int], ...]:
    """Return how many places before and after each spatial dimension are meant."""
    if rank == 1:
        before, after = sizes(layer, name, value, 2, least=0)
        return ((before, after),)
    each = value if hasattr(value, "__len__") and len(value) == rank else (value,) * rank
    pairs = []
    for pair in each:
        before, after = sizes(layer, name, pair, 2, least=0)
        pairs.append((before, after))
    return tuple(pairs)


def one_of(layer: Any, name: str, value: Any, *known: str) -> str:
    """Return a word in lower case; None stands for the first."""
    word = known[0] if value is None else value.lower() if isinstance(value, str) else value
    if word not in known:
        words = ", ".join(map(repr, known[:-1])) + f" or {known[-1]!r}"
        raise ValueError(f"{type(layer).__name__}: {name} must be {words}; received {name}={value!r}")
    return str(word)


def data_format(layer: Any, value: Any) -> str:
    """Return where the channels are, by default last."""
    return one_of(layer, "data_format", value, "channels_last", "channels_first")


def spatial_axes(rank: int, where: str) -> range:
    """Return the axes that are no batch and no channels."""
    return range(1, rank + 1) if where == "channels_last" else range(2, rank + 2)


def checked_channels(layer: Any, input_shape: Shape, rank: int, where: str) -> int:
    """Return how many channels an input of ``rank`` spatial dimensions has; refuse one that has not as many
    dimensions, or other channels than the layer was built for.
    """
    names = DIMENSIONS[rank]
    wanted = f"(batch, {names}, channels)" if where == "channels_last" else f"(batch, channels, {names})"
    if len(input_shape) != rank + 2:
        raise ValueError(f"inputs must have {rank + 2} dimensions {wanted}; received shape {input_shape}")
    axis = -1 if where == "channels_last" else 1
    channels = input_shape[axis]
    if not channels:
        raise ValueError(
            f"inputs must have a known number of channels {wanted}, at least one; received shape {input_shape}"
        )
    if layer.built and layer.input_shape and channels != layer.input_shape[axis]:
        raise ValueError(
            f"inputs must have {layer.input_shape[axis]} channels {wanted}; received shape {input_shape}"
        )
    return channels


def with_sizes(input_shape: Shape, spatial: list[int | None], channels: int, where: str) -> Shape:
    """Return the shape of a batch with these spatial sizes and channels."""
    if where == "channels_last":
        return (input_shape[0], *spatial, channels)
    return (input_shape[0], channels, *spatial)


def window_counts(
    input_shape: Shape,
    axes: range,
    kernel_size: tuple[int, ...],
    strides: tuple[int, ...],
    padding: str,
    dilation_rate: tuple[int, ...],
) -> list[int | None]:
    """Return how many windows lie along each axis; refuse windows that are larger than what they lie in."""
    counts: list[int | None] = []
    for axis, kernel, stride, gap in zip(axes, kernel_size, strides, dilation_rate, strict=True):
        n = input_shape[axis]
        reach = (kernel - 1) * gap + 1
        if n is None or padding in ("same", "causal"):
            counts.append(None if n is None else -(-n // stride))
            continue
        if n < reach:
            spread = f" spread over {reach} places" if gap > 1 else ""
            raise ValueError(
                f"the kernel must not be larger than the input: kernel_size={kernel_size}{spread} does not fit "
                f"into axis {axis} of size {n} with padding='valid'; received shape {input_shape}"
            )
        counts.append((n - reach) // stride + 1)
    return counts
