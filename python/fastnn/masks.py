"""Masks: which steps of a sequence count. They travel on tensors, from layer to layer.

A mask is an array of booleans, False where a step is padding. It stands in ``tensor._keras_mask``. A layer
that takes a mask has an argument for it: ``mask`` for that of its first input, ``NAME_mask`` for that of its
input ``NAME``. A layer with ``supports_masking`` passes on what its `compute_mask` gives.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from fastnn import tree
from fastnn.tensor import Tensor


def mask_of(x: Any) -> Any:
    """Return the mask that a tensor carries, or None."""
    return getattr(x, "_keras_mask", None)


def masks_of(structure: Any) -> Any:
    """Return the masks of several tensors in their structure, or None where there are none at all."""
    if isinstance(structure, (list, tuple, dict)):
        found = tree.map_structure(mask_of, structure)
        return found if any(mask is not None for mask in tree.flatten(found)) else None
    return mask_of(structure)


def with_mask(x: Any, mask: Any) -> Any:
    """Return a tensor on the same values that carries a mask."""
    if mask is None:
        return x
    if not isinstance(x, Tensor):
        x = Tensor(x)
    x._keras_mask = mask
    return x


def given_to(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments of a call with the masks that its inputs carry."""
    if not layer._takes_masks:
        return kwargs
    named = dict(zip(layer._call_names, args, strict=False)) | kwargs
    found = {}
    for parameter, source in layer._takes_masks:
        mask = masks_of(named.get(source))
        if mask is not None and named.get(parameter) is None and len(args) <= layer._place(parameter):
            found[parameter] = mask
    return {**kwargs, **found} if found else kwargs


def pass_on(layer: Any, x: Any, y: Any, mask: Any) -> Any:
    """Return the outputs of a call with the masks that they carry on."""
    if not layer.supports_masking:
        if mask is not None:
            warnings.warn(
                f"layer {layer.name!r} ({type(layer).__name__}) does not pass masks on: the layers behind it will "
                "not know which steps are padding. A layer of your own passes them on with "
                "self.supports_masking = True",
                stacklevel=4,
            )
        return y
    outputs = tree.flatten(y)
    if all(mask_of(output) is not None for output in outputs):
        return y
    found = layer.compute_mask(x, mask)
    if found is None:
        return y
    marked = [
        output if one is None or mask_of(output) is not None else with_mask(output, one)
        for output, one in zip(outputs, tree.flatten(found), strict=False)
    ]
    return tree.pack(y, [*marked, *outputs[len(marked) :]])


def as_weights(mask: Any, weight: Any, dtype: Any, spread: bool) -> Any:
    """Return the weights of samples, those that a mask leaves out 0.

    With ``spread`` the others grow, so that a mean over all is the mean over those that count.
    """
    mask = np.asarray(mask, dtype=bool)
    count = np.count_nonzero(mask)
    factors = mask.astype(dtype)
    if spread and count:
        factors *= np.dtype(dtype).type(mask.size / count)
    if weight is None:
        return factors
    weight = np.asarray(weight, dtype=dtype)
    if weight.ndim == factors.ndim + 1 and weight.shape[-1] == 1:
        weight = weight[..., 0]
    if weight.ndim == 1 and factors.ndim > 1:  # one weight for each sample
        weight = weight.reshape(-1, *(1,) * (factors.ndim - 1))
    return factors * weight
