"""What can be wrong with a model's data, said before the first batch in a sentence that helps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn import losses, metrics, tree
from fastnn._core import native
from fastnn.training.feeding import is_stream

Array = np.ndarray[Any, Any]


def known_metric(metric: Any) -> None:
    """Refuse an unknown metric at ``compile``, where no named one is made yet: it would take its name twice."""
    if not isinstance(metric, str):
        metrics.get(metric)
    elif metric.lower() not in metrics.BY_SHAPE:
        metrics.metric._registry[metric]


def input_fits(model: Any, x: Array, caller: str) -> None:
    """Build the model where it is not built yet; refuse samples of another shape than it expects."""
    if not model.built:
        model.ensure_built((None, *x.shape[1:]))
    if x.shape[1:] != model.input_shape[1:]:
        sample_fits(x, model.input_shape, caller)


def sample_fits(x: Array, shape: tuple[Any, ...], caller: str) -> None:
    """Refuse samples of another shape than a model's input has."""
    expected = shape[1:]
    received = x.shape[1:]
    if expected == received:
        return
    if len(expected) == len(received) and all(
        e in (None, r) for e, r in zip(expected, received, strict=True)
    ):
        return
    hint = ""
    if x.shape == expected:
        hint = " A single sample needs a batch axis: x[np.newaxis]."
    elif None not in expected and math.prod(expected) == math.prod(received):
        new_shape = ", ".join(map(str, (len(x), *expected)))
        hint = f" Reshape it first: x.reshape({new_shape})" + (
            ", or begin the model with layers.Flatten()." if len(expected) == 1 else "."
        )
    raise ValueError(
        f"{caller}: each sample must have shape {tuple(expected)} for this model; "
        f"received x of shape {x.shape}.{hint}"
    )


def labels_fit(y: Array, output_shape: tuple[int | None, ...], loss: losses.Loss, caller: str) -> Array:
    """Return the labels in the form that the loss takes; refuse labels that do not fit the output."""
    if isinstance(loss, losses.SparseCategoricalCrossentropy):
        return _class_numbers(y, output_shape, caller)
    if y.dtype.kind != "f":
        y = y.astype(np.float32)
    if not isinstance(loss, losses.FunctionLoss) or type(loss) is losses.FunctionLoss:
        return y  # the user's own loss: only the user knows
    if y.shape[1:] == output_shape[1:]:
        return y
    # (n,) labels for one output per sample: without the axis they would broadcast to (n, n)
    if y.ndim == len(output_shape) - 1 and output_shape[-1] == 1:
        y = y[..., np.newaxis]
    expected = (len(y), *output_shape[1:])
    if y.ndim != len(expected) or any(e not in (None, r) for e, r in zip(expected, y.shape, strict=True)):
        hint = ""
        if isinstance(loss, losses.CategoricalCrossentropy) and y.ndim == len(output_shape) - 1:
            hint = (
                ' For class numbers use loss="sparse_categorical_crossentropy", '
                "or make them one-hot with fastnn.utils.to_categorical(y)."
            )
        raise ValueError(
            f"{caller}: y must have the shape of the model's output, {output_shape}, for the loss "
            f"{loss.name!r}; received y of shape {y.shape}.{hint}"
        )
    return y


def _class_numbers(y: Array, output_shape: tuple[int | None, ...], caller: str) -> Array:
    classes = output_shape[-1]
    if y.ndim == len(output_shape) and y.shape[-1] == classes and classes != 1:
        raise ValueError(
            f"{caller}: the loss 'sparse_categorical_crossentropy' takes class numbers of shape (n,); received y of "
            f'shape {y.shape}. For one-hot labels use loss="categorical_crossentropy".'
        )
    try:
        labels: Array = losses.crossentropy.class_labels(y, len(output_shape))
    except ValueError as error:
        raise ValueError(f"{caller}: {error}") from error
    if labels.ndim != len(output_shape) - 1:
        raise ValueError(
            f"{caller}: class numbers must have shape {output_shape[:-1]} for this model; received y of shape {y.shape}"
        )
    assert classes is not None
    if not native.labels_fit(labels, classes):
        at = tuple(int(i) for i in np.argwhere((labels < 0) | (labels >= classes))[0])
        raise ValueError(
            f"{caller}: labels must lie in [0, {classes}), one for each output of the model; "
            f"received {labels[at]} at position {at[0] if len(at) == 1 else at}"
        )
    return labels


def epochs_fit(x: Any, epochs: int, steps: Any, name: str, steps_name: str) -> None:
    """Refuse an iterator, which gives its batches once, for several epochs."""
    if steps is None and epochs > 1 and hasattr(x, "__next__"):
        raise ValueError(
            f"fit: {name} is a generator, which gives its batches only once, but there are {epochs} epochs: pass "
            f"{steps_name}, or a Dataset (Dataset.from_generator takes the function that makes the generator)"
        )


def validation_data(given: Any) -> tuple[Any, Any, Any]:
    """Return x, y and the weights of ``validation_data``."""
    if is_stream(given):
        return given, None, None
    if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
        raise ValueError(
            "fit: validation_data must be (x, y) or (x, y, sample_weight), or give batches of these"
        )
    x, y, weight = (*given, None)[:3]
    return x, y, weight


def stream_fits(
    x: Any, y: Any, sample_weight: Any, batch_size: Any, steps: Any, steps_name: str, caller: str
) -> None:
    """Refuse what does not go with data that come in batches."""
    kind = type(x).__name__
    for name, given in (("y", y), ("sample_weight", sample_weight)):
        if given is not None:
            raise ValueError(
                f"{caller}: {name} cannot be given beside a {kind}, whose batches hold all: (x, y) or "
                "(x, y, sample_weight)"
            )
    if batch_size is not None:
        raise ValueError(
            f"{caller}: batch_size cannot be given beside a {kind}, which has batches already; "
            "a Dataset is batched by .batch(n)"
        )
    if steps is None and hasattr(x, "cardinality") and int(x.cardinality()) == -1:
        raise ValueError(f"{caller}: the {kind} is infinite: pass {steps_name}")


def weights_of_classes(y: Any, class_weight: dict[int, float], caller: str) -> Array:
    """Return the weight of each sample from that of its class."""
    if isinstance(y, (list, tuple, dict)):
        arrays = [part for part in tree.flatten(y) if getattr(part, "ndim", 0)]
        if len(arrays) > 1:
            raise ValueError(f"{caller}: class_weight is for one output; give sample_weight for each instead")
        y = arrays[0] if arrays else y
    labels = np.asarray(y)
    if labels.ndim > 1:
        labels = labels[..., 0] if labels.shape[-1] == 1 else labels.argmax(-1)
    weights = np.ones(labels.shape, np.float32)
    for number, weight in class_weight.items():
        weights[labels == number] = weight
    return weights


def not_a_number(batch: Any, model: Any) -> ValueError:
    """Return the error for a loss of NaN, saying where the NaN came from."""
    for name, arrays in (("x", batch.x), ("y", batch.y)):
        for array in tree.flatten(arrays):
            bad = ~np.isfinite([] if array is None else array)
            if bad.any():
                row = int(np.argwhere(bad)[0][0])
                return ValueError(
                    f"the loss is NaN because {name} holds NaN or infinity (sample {row} of this batch): "
                    "clean the data first, for example with numpy.nan_to_num"
                )
    if not all(np.isfinite(w.numpy()).all() for w in model.weights):
        return ValueError(
            "the loss is NaN because weights of the model have become NaN or infinite: "
            "begin again with new weights and a lower learning rate"
        )
    return ValueError(
        "the loss became NaN although data and weights are finite: the outputs have grown too large; "
        "lower the learning rate, or scale the inputs to about [0, 1]. The weights are those before this step."
    )
