"""Models in files: configuration, weights, and how training stands. Nothing that a file holds is run."""

from __future__ import annotations

import os
from typing import Any

from fastnn import naming, saving
from fastnn.layers.layer import _registry
from fastnn.registry import custom_object_scope, sharing

Path = str | os.PathLike[str]


def weight_arrays(model: Any) -> dict[str, Any]:
    """Return the weights by name."""
    return {f"weights/{key}": w.numpy() for key, w in model._named_weights()}


def save_model(model: Any, path: Path) -> None:
    """Write a model; see `Model.save`."""
    if not model.built:
        raise ValueError(
            f"model {model.name!r} has no weights to save yet: "
            "give the first layer an input_shape, or call or fit the model first"
        )
    tensors = weight_arrays(model)
    with sharing():
        config: dict[str, Any] = {"model": _registry.serialize(model), "input_shape": model.input_shape}
    if model.optimizer is not None:
        config["compile"] = model.get_compile_config()
        tensors.update((f"optimizer/{key}", array) for key, array in model.optimizer.state.items())
    saving.save(path, tensors, config)


def load_model(path: Path, custom_objects: dict[str, Any] | None = None, compile: bool = True) -> Any:
    """Read a model that `Model.save` wrote. Runs no code from the file.

    Parameters
    ----------
    path : str or path-like
    custom_objects : dict of str to class or function, optional
        Classes of one's own in the model, by name, where they are not registered with
        `fastnn.utils.register_keras_serializable`.
    compile : bool
        Whether to compile the model as it was, with the optimizer's state, so that training goes on.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    ValueError
        The file is damaged, no model of fastnn's, or holds a class that is not known.
    """
    tensors, config = saving.load(path)
    try:
        with custom_object_scope(custom_objects or {}), sharing():
            model: Any = _registry.deserialize(config["model"])
            if not hasattr(model, "_named_weights"):
                raise ValueError(f"expected a model, found a {type(model).__name__}")
            if not model.built and config.get("input_shape") is not None:
                model.ensure_built(config["input_shape"])
            take_weights(model, tensors, path)
            if compile and "compile" in config:
                model.compile_from_config(config["compile"])
                state = {
                    k.removeprefix("optimizer/"): v for k, v in tensors.items() if k.startswith("optimizer/")
                }
                model.optimizer.load_state(state, model.trainable_weights)
            naming.reserve(config["model"])
    except (LookupError, TypeError, AttributeError, ValueError, AssertionError, RecursionError) as error:
        raise ValueError(f"{os.fspath(path)!r} holds no model that can be loaded: {error}") from error
    return model


def clone_model(model: Any) -> Any:
    """Make a model of the same architecture, with new weights.

    Parameters
    ----------
    model : Model
        Of layers of fastnn's, and classes of one's own that are registered; see
        `fastnn.utils.register_keras_serializable`.

    Examples
    --------
    >>> from fastnn import layers, models
    >>> model = models.Sequential([layers.Dense(2, input_shape=(4,))])
    >>> twin = models.clone_model(model)
    >>> twin.set_weights(model.get_weights())
    """
    with sharing():
        config = _registry.serialize(model)
    with sharing():
        twin = _registry.deserialize(config)
    if model.built and not twin.built:
        twin.ensure_built(model.input_shape)
    return twin


def take_weights(model: Any, tensors: dict[str, Any], path: Path) -> None:
    """Check all weights first, then replace them, by place: layer names may differ."""
    saved = [(key, tensors[key]) for key in sorted(tensors, key=_by_place) if key.startswith("weights/")]
    own = model._named_weights()
    if [t.shape for _, t in saved] != [w.shape for _, w in own]:
        raise ValueError(
            f"the weights in {os.fspath(path)!r} do not fit model {model.name!r}: "
            f"it needs shapes {[w.shape for _, w in own]}, the file holds {[t.shape for _, t in saved]}"
        )
    for (_, weight), (_, tensor) in zip(own, saved, strict=True):
        weight.assign(tensor)


def _by_place(key: str) -> list[tuple[int, str]]:
    """Sort "weights/10/..." behind "weights/9/..."."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in key.split("/")]
