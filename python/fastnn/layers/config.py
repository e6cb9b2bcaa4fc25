"""The configuration of layers that do not tell it themselves."""

from __future__ import annotations

import inspect
from typing import Any


def constructor_arguments(layer: Any, common: dict[str, Any]) -> dict[str, Any]:
    """Return what to call the class with for an equal layer; of ``common`` what the class takes."""
    made_by = type(layer).__init__
    signature = inspect.signature(made_by)
    args, kwargs = layer._arguments
    bound = signature.bind(layer, *args, **kwargs)
    bound.apply_defaults()
    config: dict[str, Any] = {}
    takes_more = False
    for parameter in list(signature.parameters.values())[1:]:
        value = bound.arguments[parameter.name]
        if parameter.kind is parameter.VAR_KEYWORD:
            takes_more = True
            config.update(value)
        elif parameter.kind is parameter.VAR_POSITIONAL:
            if value:
                raise _unknown(layer, "*" + parameter.name, value)
        else:
            config[parameter.name] = value
    for name, value in common.items():
        if takes_more or name in config:
            config[name] = value
    for name, value in config.items():
        if not _plain(value):
            raise _unknown(layer, name, value)
    return config


def _plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _plain(part) for key, part in value.items())
    return value is None or isinstance(value, (bool, int, float, str))


def _unknown(layer: Any, name: str, value: Any) -> ValueError:
    return ValueError(
        f"{type(layer).__name__} must define get_config to be saved: its argument {name}={value!r} is more "
        "than numbers, strings, lists and dicts"
    )
