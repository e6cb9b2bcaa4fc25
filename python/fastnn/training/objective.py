"""What training makes small and follows: the losses and metrics of a model's outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from fastnn import tree
from fastnn.layers import penalties
from fastnn.losses import Loss
from fastnn.masks import as_weights, mask_of
from fastnn.metrics import Mean, Metric
from fastnn.tensor import Tensor
from fastnn.training import checks
from fastnn.training.data import Batch

Logs = dict[str, float]
Followed = tuple[Metric, bool]  # and whether the weights of samples count in it


class Objective:
    """Loss and metrics of a model with one output."""

    def __init__(self, model: Any, loss: Callable[..., Any] | None, metrics: Sequence[Followed]) -> None:
        self.model = model
        self.loss = loss
        self.followed = metrics
        self.total = Mean("loss")
        self.loss_alone = loss is not None and not metrics
        self.penalised = penalties.expected_of(model)

    def follow(self, batch: Batch, y_pred: Any) -> Any:
        """Return the loss of a batch; take it and the metrics into account."""
        loss = self.loss_of(batch.y, y_pred, batch.weight)
        value = loss.item()
        if value != value:
            raise checks.not_a_number(batch, self.model)
        total, count = self.total, len(tree.flatten(batch.x)[0] if batch.y is None else batch.y)
        total.total += value * count
        total.count += count
        if self.followed:
            self.follow_metrics(batch.y, y_pred, batch.weight)
        return loss

    def loss_of(self, y: Any, y_pred: Any, weight: Any) -> Any:
        """Return the loss of a batch, with what layers add to it."""
        loss = None if self.loss is None else self.loss(y, y_pred, weight)
        return self.with_penalties(loss) if self.penalised or penalties.state.active else loss

    def with_penalties(self, loss: Any) -> Any:
        """Return a loss with what layers add to it."""
        for penalty in self.model.losses:
            loss = penalty if loss is None else loss + penalty
        if loss is None:
            raise ValueError("compile was given no loss, and no layer adds one")
        return loss if isinstance(loss, Tensor) else Tensor(loss)

    def follow_loss(self, loss: Any, batch: Batch) -> None:
        """Take a batch's loss into account; refuse NaN."""
        value = float(loss.item())
        if value != value:
            raise checks.not_a_number(batch, self.model)
        self.total.update_state(value, len(tree.flatten(batch.x)[0]))

    def follow_metrics(self, y: Any, y_pred: Any, weight: Any) -> None:
        """Take a batch into account in the metrics alone."""
        _update(self.followed, y, y_pred, weight)

    @property
    def _has_loss(self) -> bool:
        # the model may compute a loss of its own
        return self.loss is not None or self.penalised or self.total.count > 0

    @property
    def metrics(self) -> list[Metric]:
        """All that is followed, the loss first."""
        return [*([self.total] if self._has_loss else []), *(metric for metric, _ in self.followed)]

    @property
    def names(self) -> list[str]:
        """What `metrics` are called in the results."""
        return [*(["loss"] if self._has_loss else []), *_distinct((m.name, w, "") for m, w in self.followed)]

    @property
    def order(self) -> list[str]:
        """The names in the order of ``evaluate``'s list."""
        return self.names

    def in_structure(self, labels: Any) -> Any:
        """Return labels, or weights, in the structure of the model's outputs."""
        return labels

    def reset(self) -> None:
        """Forget earlier batches."""
        self.total.total = self.total.count = 0.0
        for metric, _ in self.followed:
            metric.reset_state()

    def results(self) -> Logs:
        """Return loss and metrics since the last reset, by name in alphabetical order, as Keras shows them."""
        if self.loss_alone:
            total = self.total
            return {"loss": total.total / total.count if total.count else 0.0}
        found = {
            name: _number(metric.result()) for name, metric in zip(self.names, self.metrics, strict=True)
        }
        return dict(sorted(found.items()))


class Head:
    """Loss and metrics of one output among several."""

    __slots__ = ("followed", "loss", "name", "share", "total")

    def __init__(self, name: str, loss: Loss | None, share: float, metrics: Sequence[Followed]) -> None:
        self.name = name
        self.loss = loss
        self.share = share  # what the loss is multiplied by before it is added to those of the other outputs
        self.followed = metrics
        self.total = Mean(f"{name}_loss")


class Objectives(Objective):
    """Losses and metrics of a model with several outputs; the loss is the weighted sum of theirs.

    Labels and weights come as lists in the order of the outputs, predictions in the model's own structure.
    """

    def __init__(self, model: Any, heads: Sequence[Head], order: Sequence[str]) -> None:
        self.learnt = [head for name in order for head in heads if head.name == name and head.loss]
        followed = [pair for head in heads for pair in head.followed]
        super().__init__(model, self.learnt[0].loss if self.learnt else None, followed)
        self.loss_alone = False
        self.heads = heads
        self.names_of_outputs = [head.name for head in heads]

    def follow(self, batch: Batch, y_pred: Any) -> Any:
        """Return the loss of a batch; take it and the metrics into account."""
        loss = self.loss_of(batch.y, y_pred, batch.weight)
        self.follow_loss(loss, batch)
        self.follow_metrics(batch.y, y_pred, batch.weight)
        return loss

    def loss_of(self, y: Any, y_pred: Any, weight: Any) -> Any:
        """Return the weighted sum of all losses; take each into account."""
        total: Any = None
        for head, labels, output, weights in self._aligned(y, y_pred, weight):
            if head.loss is not None:
                loss = head.loss(labels, output, weights)
                head.total.update_state(loss.item(), len(labels))
                share = loss if head.share == 1 else loss * head.share
                total = share if total is None else total + share
        return self.with_penalties(total) if self.penalised or penalties.state.active else total

    def follow_metrics(self, y: Any, y_pred: Any, weight: Any) -> None:
        """Take a batch into account in the metrics alone."""
        for head, labels, output, weights in self._aligned(y, y_pred, weight):
            _update(head.followed, labels, output, weights)

    def reset(self) -> None:
        """Forget earlier batches."""
        for metric in [self.total, *self.metrics]:
            metric.reset_state()

    def in_structure(self, labels: Any) -> Any:
        """Return a list of labels, or weights, in the structure of the model's outputs."""
        if labels is None or not isinstance(self.model.output_shape, dict):
            return labels
        return dict(zip(self.names_of_outputs, labels, strict=True))

    def _aligned(self, y: Any, y_pred: Any, weight: Any) -> Iterable[tuple[Head, Any, Any, Any]]:
        outputs = aligned(y_pred, self.names_of_outputs)
        if len(outputs) != len(self.heads):
            raise ValueError(
                f"the model gave {len(outputs)} outputs; it was compiled for {self.names_of_outputs}"
            )
        weights = [None] * len(outputs) if weight is None else aligned(weight, self.names_of_outputs)
        return zip(self.heads, aligned(y, self.names_of_outputs), outputs, weights, strict=True)

    @property
    def metrics(self) -> list[Metric]:
        """All that is followed: the loss, those of the outputs if there are several, and their metrics."""
        losses = [head.total for head in self.learnt] if len(self.learnt) > 1 else []
        first = [self.total, *losses] if self._has_loss else []
        return [*first, *(metric for head in self.heads for metric, _ in head.followed)]

    @property
    def names(self) -> list[str]:
        """What `metrics` are called in the results: ``NAME_loss``, ``NAME_accuracy``."""
        losses = [head.total.name for head in self.learnt] if len(self.learnt) > 1 else []
        first = ["loss", *losses] if self._has_loss else []
        return [
            *first,
            *_distinct((m.name, w, f"{head.name}_") for head in self.heads for m, w in head.followed),
        ]

    @property
    def order(self) -> list[str]:
        """The names in the order of ``evaluate``'s list: losses by output, then metrics by name, as Keras."""
        names = self.names
        first = len(self.metrics) - sum(len(head.followed) for head in self.heads)
        return [*names[:first], *sorted(names[first:])]


def _update(followed: Sequence[Followed], y: Any, y_pred: Any, weight: Any) -> None:
    """Take a batch into account in metrics; steps that the output's mask leaves out do not count in means."""
    mask = mask_of(y_pred)
    values = y_pred.numpy() if isinstance(y_pred, Tensor) else y_pred
    for metric, weighted in followed:
        own = weight if weighted else None
        if mask is not None and metric.takes_masks:
            own = as_weights(mask, own, values.dtype, spread=False)
        metric.update_state(y, values, own)


def aligned(structure: Any, names: Sequence[str]) -> list[Any]:
    """Return what is given for the outputs, or inputs, in the order of their names; None for what is not."""
    if isinstance(structure, dict):
        return [structure.get(name) for name in names]
    return list(structure) if isinstance(structure, (list, tuple)) else [structure]


def _number(result: Any) -> Any:
    """Return a metric's result as it is now: a variable would go on changing."""
    if not isinstance(result, (Tensor, np.ndarray)):
        return result
    return result.item() if result.size == 1 else np.array(result)


def _distinct(followed: Iterable[tuple[str, bool, str]]) -> list[str]:
    """Return the metrics' names, an output's before them; of two the same, the weighted one says so."""
    found: list[str] = []
    for name, weighted, output in followed:
        full = output + name
        if weighted and full in found:
            full = f"{output}weighted_{name}"
        base, number = full, 0
        while full in found:
            number += 1
            full = f"{base}_{number}"
        found.append(full)
    return found
