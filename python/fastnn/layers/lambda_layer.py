"""A function as a layer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fastnn.layers.layer import Layer, _registry
from fastnn.registry import Registry

_functions: Registry[Callable[..., Any]] = Registry("function of a Lambda layer")


@_registry.register()
class Lambda(Layer):
    """Applies a function of one's own.

    The function must not hold weights: a layer that has some is a subclass of `Layer`.

    Parameters
    ----------
    function : callable
        Takes the input, and ``mask`` and ``training`` where it has arguments of these names. To be saved with a
        model it must be registered with `fastnn.utils.register_keras_serializable`: files hold its name, no code.
    output_shape : tuple or callable, optional
        Keras's; here it is not needed, since shapes are found by calling the function.
    mask : array_like or callable, optional
        The mask of the output, or a function of the input and its mask that gives it.
    arguments : dict, optional
        Further arguments of the function.
    name, dtype, input_shape
        See `Layer`.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> layers.Lambda(lambda x, power: x**power, arguments={"power": 2})(np.array([1.0, 3.0]))
    array([1., 9.], dtype=float32)
    """

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if not callable(function):
            raise ValueError(f"Lambda: function must be callable; received function={function!r}")
        self.function = function
        self._shape = output_shape
        self.mask = mask if mask is None or callable(mask) else np.asarray(mask)
        self.arguments = dict(arguments or {})
        self.supports_masking = mask is not None
        names = inspect.signature(function).parameters
        self._wants = [name for name in ("mask", "training") if name in names]

    def call(self, x: Any, mask: Any = None, training: bool = False) -> Any:
        """Compute the output."""
        given = {"mask": mask, "training": training}
        return self.function(x, **self.arguments, **{name: given[name] for name in self._wants})

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask that the constructor was given, or what its function gives."""
        return self.mask(inputs, previous_mask) if callable(self.mask) else self.mask

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments; refuse functions that no name leads back to."""
        config = {
            **super().get_config(),
            "function": _functions.serialize(self.function),
            "output_shape": self._shape,
            "mask": self.mask.tolist() if isinstance(self.mask, np.ndarray) else self.mask,
            "arguments": dict(self.arguments),
        }
        for key in ("output_shape", "mask"):
            if callable(config[key]):
                config[key] = _functions.serialize(config[key])
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Lambda:
        """Make a layer from what `get_config` gave."""
        functions = {
            key: _functions[config[key]]
            for key in ("function", "output_shape", "mask")
            if isinstance(config.get(key), str)
        }
        return cls(**{**config, **functions})
