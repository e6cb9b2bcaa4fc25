"""The loops of ``fit``, ``evaluate`` and ``predict``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Protocol

import numpy as np

from fastnn import tree
from fastnn.autograd import no_grad
from fastnn.callbacks import Callback
from fastnn.training.data import Batch
from fastnn.training.feeding import SteppedFeed
from fastnn.training.objective import Logs
from fastnn.training.progress import Progress
from fastnn.training.steps import Steps, steps_of


class Feed(Protocol):
    """Where batches come from."""

    steps: int | None

    def epoch(self) -> Iterator[Batch]:
        """Give the batches of the next epoch."""


def train(
    model: Any,
    feed: Feed,
    epochs: range,
    callbacks: Sequence[Callback],
    verbose: Any,
    validation: Feed | None,
    validation_freq: int,
) -> None:
    """Train for some epochs."""
    for callback in callbacks:
        callback.set_model(model)
        callback.set_params({"epochs": epochs.stop, "steps": feed.steps, "verbose": verbose})
    before = [c.on_train_batch_begin for c in callbacks if _overrides(c, "on_train_batch_begin")]
    after = [c.on_train_batch_end for c in callbacks if _overrides(c, "on_train_batch_end")]
    model.stop_training = False
    logs: Logs = {}
    steps: Steps | None = None
    for callback in callbacks:
        callback.on_train_begin()
    for epoch in epochs:
        for callback in callbacks:
            callback.on_epoch_begin(epoch)
        progress = Progress(feed.steps, verbose, f"Epoch {epoch + 1}/{epochs.stop}")
        finished = False
        try:
            batches = feed.epoch()
            first = next(batches, None)  # where batches come as a stream, the first one builds the model
            if first is None:
                if isinstance(feed, SteppedFeed) and epoch > epochs.start:
                    break  # the feed has warned
                raise ValueError("fit: the data gave no batches")
            steps = steps or steps_of(model)
            steps.reset()
            for number, batch in enumerate(chain((first,), batches)):
                for call in before:
                    call(number)
                steps.train(batch)
                for call in after:
                    call(number, steps.results())
                progress.step(steps.results)
                if model.stop_training:
                    break
            logs = steps.results()
            if validation is not None and (epoch + 1) % validation_freq == 0:
                found = evaluate(model, validation, 0, "fit: validation_data")
                logs = logs | {f"val_{name}": value for name, value in found.items()}
            finished = True
        finally:
            progress.close(logs if finished else None)
        for callback in callbacks:
            callback.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    for callback in callbacks:
        callback.on_train_end(logs)


def evaluate(model: Any, feed: Feed, verbose: Any, caller: str) -> Logs:
    """Return loss and metrics over all batches."""
    progress = Progress(feed.steps, verbose)
    steps: Steps | None = None
    with no_grad():
        for batch in feed.epoch():
            if steps is None:
                steps = steps_of(model)
                steps.reset()
            steps.test(batch)
            progress.step(steps.results)
    if steps is None:
        raise ValueError(f"{caller}: the data gave no batches")
    found = steps.results()
    progress.close(found)
    return found


def predict(model: Any, feed: Feed, verbose: Any) -> Any:
    """Return the outputs for all batches, in the structure of the outputs."""
    progress = Progress(feed.steps, verbose)
    outputs: list[list[Any]] = []
    found: Any = None
    with no_grad():
        for batch in feed.epoch():
            found = model(batch.x, training=False)
            outputs.append([np.asarray(output) for output in tree.flatten(found)])
            progress.step(dict)
    if not outputs:
        raise ValueError("predict: the data gave no batches")
    progress.close({})
    return tree.pack(found, [np.concatenate(parts) for parts in zip(*outputs, strict=True)])


def _overrides(callback: Callback, hook: str) -> bool:
    return getattr(type(callback), hook) is not getattr(Callback, hook)
