"""What is done with each batch: the standard way, and the ways of models that override a part of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from fastnn.autograd import gradients
from fastnn.layers.penalties import expected_of
from fastnn.metrics import Metric
from fastnn.training.data import Batch
from fastnn.training.feeding import packed, unpacked
from fastnn.training.objective import Logs, Objective


class Steps:
    """The standard steps."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.objective: Objective = model._objective
        self.trainable = model.trainable_weights
        self.reset: Callable[[], None] = self.objective.reset
        self.results: Callable[[], Logs] = self.objective.results

    def train(self, batch: Batch) -> None:
        """Forward, backward, update."""
        model, trainable = self.model, self.trainable
        loss = self.objective.follow(batch, model(batch.x, training=True))
        model.optimizer.apply(gradients(loss, trainable), trainable)

    def test(self, batch: Batch) -> None:
        """Forward."""
        self.objective.follow(batch, self.model(batch.x, training=False))


class OwnSteps(Steps):
    """Steps through ``train_step`` and ``test_step`` of a model that overrides a part of them."""

    logs: Logs

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.reset, self.results = model.reset_metrics, self._results

    def train(self, batch: Batch) -> None:
        """Let the model do a training step."""
        self.logs = _checked(self.model.train_step(self._data(batch)), "train_step")

    def test(self, batch: Batch) -> None:
        """Let the model do an evaluation step."""
        self.logs = _checked(self.model.test_step(self._data(batch)), "test_step")

    def _data(self, batch: Batch) -> Any:
        shape = self.objective.in_structure
        return packed(Batch(batch.x, shape(batch.y), shape(batch.weight)))

    def _results(self) -> Logs:
        """Return the metrics over the epoch where the step returns them by name, else what it returned last."""
        found = self.model.get_metrics_result()
        if found.keys() == self.logs.keys() and not (self.objective.loss and not self.objective.total.count):
            return found
        return dict(sorted(self.logs.items()))  # other numbers, or the step leaves the compiled loss aside


def _checked(logs: Any, method: str) -> Logs:
    if not isinstance(logs, dict):
        raise TypeError(f"{method} must return a dict of numbers by name; received {logs!r}")
    return {name: float(value) for name, value in logs.items()}


class CustomSteps:
    """The parts of a step that a model may override, as in Keras."""

    _objective: Objective | None
    optimizer: Any

    def train_step(self, data: Any) -> Logs:
        """Do one training step. Override it for one of your own, `fit` does the rest.

        Parameters
        ----------
        data : (x, y), (x, y, sample_weight), or x alone
            One batch, as arrays.

        Returns
        -------
        logs : dict of str to float
            What `fit` shows. Where these are the metrics of `metrics`, their values over the epoch are shown.

        Examples
        --------
        >>> import numpy as np
        >>> import fastnn
        >>> from fastnn import layers
        >>> class Mine(fastnn.Sequential):
        ...     def train_step(self, data):
        ...         x, y = data
        ...         with fastnn.GradientTape() as tape:
        ...             loss = self.compute_loss(y=y, y_pred=self(x, training=True))
        ...         grads = tape.gradient(loss, self.trainable_variables)
        ...         self.optimizer.apply(grads, self.trainable_variables)
        ...         return {"loss": loss.item()}
        >>> model = Mine([layers.Dense(1, input_shape=(2,))])
        >>> model.compile("sgd", "mse")
        >>> history = model.fit(np.ones((8, 2)), np.ones(8), epochs=2, verbose=0)
        >>> list(history.history)
        ['loss']
        """
        x, y, sample_weight = unpacked(data, 0, "train_step")
        y_pred = self(x, training=True)  # type: ignore[operator]
        loss = _loss(self, x, y, y_pred, sample_weight, True)
        trainable = self.trainable_weights  # type: ignore[attr-defined]
        self.optimizer.apply(gradients(loss, trainable), trainable)
        return self._follow(loss, x, y, y_pred, sample_weight)

    def test_step(self, data: Any) -> Logs:
        """Do one evaluation step: as `train_step`, without learning."""
        x, y, sample_weight = unpacked(data, 0, "test_step")
        y_pred = self(x, training=False)  # type: ignore[operator]
        loss = _loss(self, x, y, y_pred, sample_weight, False)
        return self._follow(loss, x, y, y_pred, sample_weight)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Return the loss that `compile` was given, of one batch. Override it for one of your own."""
        if self._objective is None or (self._objective.loss is None and not self._objective.penalised):
            raise ValueError("compute_loss: compile was given no loss")
        return self._objective.loss_of(y, y_pred, sample_weight)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> Logs:
        """Take a batch into account in the compiled metrics; return all results so far."""
        if self._objective is not None:
            self._objective.follow_metrics(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def _follow(self, loss: Any, x: Any, y: Any, y_pred: Any, sample_weight: Any) -> Logs:
        assert self._objective is not None
        self._objective.follow_loss(loss, Batch(x, y, sample_weight))
        return self.compute_metrics(x, y, y_pred, sample_weight)

    @property
    def metrics(self) -> list[Metric]:
        """What is followed: the loss, compiled metrics, and metrics in attributes of the model.

        The results of these are what `fit` shows; they are reset at the beginning of each epoch.
        """
        own = [value for value in vars(self).values() if isinstance(value, Metric)]
        return own if self._objective is None else [*self._objective.metrics, *own]

    @property
    def metrics_names(self) -> list[str]:
        """Names of what `evaluate` returns, in its order."""
        return ["loss"] if self._objective is None else self._in_order(self.get_metrics_result())

    def _in_order(self, found: Logs) -> list[str]:
        """Return names in the order of the list that `evaluate` returns."""
        order = [] if self._objective is None else [n for n in self._objective.order if n in found]
        return [*order, *(name for name in found if name not in order)]

    def get_metrics_result(self) -> Logs:
        """Return the results of all metrics, by name in alphabetical order."""
        compiled = [] if self._objective is None else self._objective.metrics
        results = {} if self._objective is None else self._objective.results()
        followed = self.metrics
        if not all(any(m is metric for metric in followed) for m in compiled):
            results = {}  # the property is overridden
            compiled = []
        own = [m for m in followed if not any(m is metric for metric in compiled)]
        return dict(sorted({**results, **{m.name: m.result() for m in own}}.items()))

    def reset_metrics(self) -> None:
        """Forget loss and metrics of earlier batches."""
        for metric in self.metrics:
            metric.reset_state()


def _loss(model: Any, x: Any, y: Any, y_pred: Any, sample_weight: Any, training: bool) -> Any:
    """Call ``compute_loss``; one of older programs takes no ``training``."""
    options = {"training": training} if "training" in inspect.signature(model.compute_loss).parameters else {}
    return model.compute_loss(x, y, y_pred, sample_weight, **options)


_PARTS = ("train_step", "test_step", "compute_loss", "compute_metrics", "metrics")


def has_own_steps(model: Any) -> bool:
    """Return whether a model overrides a part of its steps, or has metrics of its own."""
    overridden = any(getattr(type(model), part) is not getattr(CustomSteps, part) for part in _PARTS)
    return overridden or any(isinstance(value, Metric) for value in vars(model).values())


def steps_of(model: Any) -> Steps:
    """Return how a model does its steps."""
    return OwnSteps(model) if has_own_steps(model) else Steps(model)


def require_compiled(model: Any, caller: str) -> None:
    """Refuse a model without optimizer, or without loss where it computes none of its own."""
    no_loss = model._compilation.loss is None and not (has_own_steps(model) or expected_of(model))
    if model.optimizer is None or no_loss:
        raise RuntimeError(
            f"{caller}: call compile first, for example "
            'model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])'
        )
