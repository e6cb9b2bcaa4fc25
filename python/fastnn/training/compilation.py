"""What ``compile`` was given, sorted out to the outputs of the model once these are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fastnn import losses, metrics, tree
from fastnn.registry import nearest
from fastnn.training import checks
from fastnn.training.objective import Followed, Head, Objective, Objectives


class Compilation:
    """Losses, their weights and metrics as the user gave them: one for all, or lists or dicts by output."""

    def __init__(self, loss: Any, loss_weights: Any, metrics: Any, weighted_metrics: Any) -> None:
        self.loss = _each(losses.get, loss)
        self.loss_weights = _each(_weight, loss_weights)
        self.metrics = metrics
        self.weighted_metrics = weighted_metrics
        if isinstance(self.loss, (list, dict)) and not any(tree.flatten(self.loss)):
            raise ValueError(f"compile: at least one output needs a loss; received loss={loss!r}")
        for given in (metrics, weighted_metrics):
            _each(checks.known_metric, given)

    def config(self) -> dict[str, Any]:
        """Return all of it as names and configurations."""
        return {
            "loss": _each(_saved_loss, self.loss),
            "loss_weights": self.loss_weights,
            "metrics": _each(_saved_metric, self.metrics),
            "weighted_metrics": _each(_saved_metric, self.weighted_metrics),
        }

    def check(self, model: Any) -> None:
        """Refuse what does not fit a model's outputs."""
        names, one = model.output_names, tree.is_shape(model.output_shape)
        self.losses_of(names, isinstance(model.output_shape, dict))
        self._by_output("loss_weights", self.loss_weights, names, one)
        for argument, given in (("metrics", self.metrics), ("weighted_metrics", self.weighted_metrics)):
            if not one or isinstance(given, dict):
                self._by_output(argument, given, names, one)

    def losses_of(self, names: Sequence[str], partly: bool) -> list[losses.Loss | None]:
        """Return the loss of each output; ``partly`` says whether a dict may leave some out."""
        if isinstance(self.loss, dict) and not partly:
            missing = [name for name in names if name not in self.loss]
            if missing and self.loss.keys() <= set(names):
                raise ValueError(
                    f"compile: loss must name every output of the model, {list(names)}; there is none for "
                    f"{missing[0]!r}. An output that is not to be trained has the loss None"
                )
        return self._by_output("loss", self.loss, names, True)

    def objective(
        self,
        model: Any,
        names: Sequence[str],
        loss: Callable[..., Any] | None,
        y_shape: Any,
        output_shape: Any,
    ) -> Objective:
        """Return what training a model with one output follows."""
        (share,) = self._by_output("loss_weights", self.loss_weights, names, True)
        if loss is not None and share not in (None, 1):
            loss = _scaled(loss, share)
        followed: list[Followed] = []
        for argument, given, weighted in (
            ("metrics", self.metrics, False),
            ("weighted_metrics", self.weighted_metrics, True),
        ):
            if isinstance(given, dict):
                (given,) = self._by_output(argument, given, names, True)
            every = [metric for entry in _as_list(given) for metric in _as_list(entry)]
            followed += [(metrics.get(metric, y_shape, output_shape), weighted) for metric in every]
        return Objective(model, loss, followed)

    def objectives(
        self,
        model: Any,
        names: Sequence[str],
        heads: Sequence[losses.Loss | None],
        y_shapes: Sequence[Any],
        output_shapes: Sequence[Any],
    ) -> Objectives:
        """Return what training a model with several outputs follows."""
        shares = self._by_output("loss_weights", self.loss_weights, names, False)
        plain = self._by_output("metrics", self.metrics, names, False)
        weighted = self._by_output("weighted_metrics", self.weighted_metrics, names, False)
        made = []
        for i, name in enumerate(names):
            found: list[Followed] = []
            for given, counts in ((plain[i], False), (weighted[i], True)):
                found += [(metrics.get(m, y_shapes[i], output_shapes[i]), counts) for m in _as_list(given)]
            made.append(Head(name, heads[i], 1.0 if shares[i] is None else shares[i], found))
        # Keras's order: that of the outputs, or of the dict of losses where the outputs are a dict themselves.
        by_dict = isinstance(self.loss, dict) and isinstance(model.output_shape, dict)
        return Objectives(model, made, list(self.loss) if by_dict else names)

    def has_metric(self, names: Sequence[str], index: int) -> bool:
        """Return whether any metric is followed on an output."""
        return any(
            self._by_output(argument, given, names, False)[index]
            for argument, given in (("metrics", self.metrics), ("weighted_metrics", self.weighted_metrics))
        )

    def _by_output(self, argument: str, given: Any, names: Sequence[str], for_all: bool) -> list[Any]:
        """Return an argument's entry for each output."""
        if given is None:
            return [None] * len(names)
        if isinstance(given, dict):
            for name in given:
                if name not in names:
                    raise ValueError(
                        f"compile: {argument} names the output {name!r}, which the model does not have."
                        f"{nearest(str(name), names)} Outputs: {', '.join(map(repr, names))}"
                    )
            return [given.get(name) for name in names]
        if isinstance(given, (list, tuple)):
            if len(given) != len(names):
                raise ValueError(
                    f"compile: {argument} must have one entry for each of the model's {len(names)} outputs "
                    f"({', '.join(map(repr, names))}), or be a dict by their names; received {given!r}"
                )
            return list(given)
        if for_all:
            return [given] * len(names)
        raise ValueError(
            f"compile: {argument} of a model with several outputs must be a list with one entry each, or a dict "
            f"by their names {list(names)}; received {given!r}"
        )


def _each(function: Any, given: Any) -> Any:
    """Return ``function`` of each entry in lists and dicts, None left alone.

    A dict with a class name is itself an entry: the configuration of one.
    """
    if isinstance(given, (list, tuple)):
        return [_each(function, part) for part in given]
    if isinstance(given, dict) and "class_name" not in given:
        return {name: _each(function, part) for name, part in given.items()}
    return None if given is None else function(given)


def _weight(weight: Any) -> float:
    if isinstance(weight, bool) or not isinstance(weight, (int, float, np.integer, np.floating)):
        raise ValueError(
            f"compile: loss_weights must be numbers; received {weight!r}. Metrics are the argument after it: "
            "metrics=[...]"
        )
    return float(weight)


def _scaled(loss: Callable[..., Any], share: float) -> Callable[..., Any]:
    return lambda y_true, y_pred, weight=None: loss(y_true, y_pred, weight) * share


def _as_list(given: Any) -> list[Any]:
    return [] if given is None else list(given) if isinstance(given, (list, tuple)) else [given]


def _saved_metric(metric: Any) -> Any:
    return metric if isinstance(metric, str) else metrics.serialize(metrics.get(metric))


def _saved_loss(loss: losses.Loss) -> Any:
    if type(loss) is losses.FunctionLoss:
        raise ValueError(f"the loss {loss.name!r} is a function of your own and cannot be saved")
    return losses.serialize(loss)
