"""``compile``, ``fit``, ``evaluate`` and ``predict``, on the same ops and the same tape as a loop of one's own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from fastnn import losses, metrics, optimizers, random
from fastnn.autograd import gradients, no_grad
from fastnn.callbacks import Callback, History
from fastnn.tensor import Tensor
from fastnn.training import checks
from fastnn.training.data import ArrayData, Batch, positive_int
from fastnn.training.progress import Progress

Logs = dict[str, float]
# Rows per call where nothing is learnt: results do not depend on it, and larger calls are faster.
_INFERENCE_BATCH = 256


class Trainer:
    """What makes a layer a model: it can be compiled, trained and evaluated."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.optimizer: Any = None
        self.stop_training = False
        self._loss: losses.Loss | None = None
        self._metric_names: list[tuple[Any, bool]] = []  # and whether weights count
        self._metrics: list[tuple[metrics.Metric, bool]] | None = None

    def compile(
        self, optimizer: Any = "rmsprop", loss: Any = None, metrics: Any = None, weighted_metrics: Any = None
    ) -> None:
        """Say how to train.

        Parameters
        ----------
        optimizer : str or Optimizer
        loss : str, function or Loss
            A function takes ``(y_true, y_pred)`` and returns one value per sample.
        metrics : list of str, function or Metric, optional
            ``"accuracy"`` is binary, categorical or sparse by the shapes of labels and output. Weights of
            samples and classes do not count in them.
        weighted_metrics : list of str, function or Metric, optional
            The same, with weights.

        Raises
        ------
        ValueError
            A name is not known; the nearest known one is named.
        """
        self.optimizer = optimizers.get(optimizer)
        self._loss = None if loss is None else losses.get(loss)
        self._metric_names = [(metric, False) for metric in _as_list(metrics)]
        self._metric_names += [(metric, True) for metric in _as_list(weighted_metrics)]
        for metric, _ in self._metric_names:
            checks.known_metric(metric)
        self._metrics = None

    def get_compile_config(self) -> dict[str, Any]:
        """Return what `compile` was given, as names and configurations."""
        if self._loss is not None and type(self._loss) is losses._FunctionLoss:
            raise ValueError(f"the loss {self._loss.name!r} is a function of your own and cannot be saved")
        return {
            "optimizer": optimizers.serialize(self.optimizer),
            "loss": None if self._loss is None else losses.serialize(self._loss),
            "metrics": [_saved_metric(m) for m, weighted in self._metric_names if not weighted],
            "weighted_metrics": [_saved_metric(m) for m, weighted in self._metric_names if weighted],
        }

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile as `get_compile_config` says."""
        self.compile(config["optimizer"], config["loss"], config["metrics"], config["weighted_metrics"])

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Sequence[Callback] | Callback | None = None,
        validation_split: float = 0.0,
        validation_data: tuple[Any, ...] | None = None,
        shuffle: bool = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        validation_batch_size: int | None = None,
        validation_freq: int = 1,
    ) -> History:
        """Train for some epochs.

        Parameters
        ----------
        x, y : array_like
            Samples and labels, one entry each along the first axis. Integer samples (such as uint8
            images) are cast batch by batch.
        batch_size : int, default 32
        epochs : int, default 1
            The epoch to train to; it starts at ``initial_epoch``.
        verbose : {"auto", 0, 1, 2}
            Nothing, a progress bar (``"auto"``), or one line per epoch. Without a terminal a bar becomes lines.
        callbacks : list of Callback, optional
        validation_split : float in [0, 1)
            The last part of the samples is held out.
        validation_data : (x, y) or (x, y, sample_weight), optional
        shuffle : bool
            Take the samples in a new order in each epoch, drawn from `fastnn.random`.
        class_weight : dict of class number to float, optional
        sample_weight : array_like, shape (n,), optional

        Returns
        -------
        history : History
            ``history.history`` holds loss and metrics per epoch.

        Raises
        ------
        RuntimeError
            The model is not compiled.
        ValueError
            Shapes, lengths or labels do not fit, or the loss became NaN; the weights are as before that step.

        Notes
        -----
        Ctrl-C raises KeyboardInterrupt between two steps: the model stays usable.
        """
        checks.compiled(self, "fit")
        batch_size = positive_int(32 if batch_size is None else batch_size, "batch_size", "fit")
        epochs = positive_int(epochs, "epochs", "fit")
        if class_weight is not None:
            if sample_weight is not None:
                raise ValueError("fit: class_weight and sample_weight exclude each other")
            sample_weight = checks.weights_of_classes(y, class_weight)
        if not 0 <= validation_split < 1:
            raise ValueError(f"fit: validation_split must lie in [0, 1); received {validation_split}")
        data = self._prepare(x, y, sample_weight, "fit")
        validation: ArrayData | None = None
        if validation_data is not None:
            if not isinstance(validation_data, (tuple, list)) or len(validation_data) not in (2, 3):
                raise ValueError("fit: validation_data must be (x, y) or (x, y, sample_weight)")
            xv, yv, *weight = validation_data
            validation = self._prepare(xv, yv, weight[0] if weight else None, "fit: validation_data")
        elif validation_split:
            data, validation = data.split(validation_split)

        trainable = self.trainable_weights  # type: ignore[attr-defined]
        history = History()
        steps = math.ceil(len(data) / batch_size)
        verbose = 1 if verbose == "auto" else verbose
        everyone = [*([callbacks] if isinstance(callbacks, Callback) else callbacks or []), history]
        for callback in everyone:
            callback.set_model(self)
            callback.set_params({"epochs": epochs, "steps": steps, "verbose": verbose})
        before = [c.on_train_batch_begin for c in everyone if _overrides(c, "on_train_batch_begin")]
        after = [c.on_train_batch_end for c in everyone if _overrides(c, "on_train_batch_end")]

        self.stop_training = False
        logs: Logs = {}
        for callback in everyone:
            callback.on_train_begin()
        for epoch in range(initial_epoch, epochs):
            for callback in everyone:
                callback.on_epoch_begin(epoch)
            self.reset_metrics()
            order = random.permutation(len(data)) if shuffle else None
            progress = Progress(steps, verbose, f"Epoch {epoch + 1}/{epochs}")
            finished = False
            try:
                for step, batch in enumerate(data.batches(batch_size, order)):
                    for call in before:
                        call(step)
                    self._train_step(batch, trainable)
                    for call in after:
                        call(step, self._results())
                    progress.step(self._results)
                    if self.stop_training:
                        break
                logs = self._results()
                if validation is not None and (epoch + 1) % validation_freq == 0:
                    found = self._evaluate(validation, validation_batch_size or _INFERENCE_BATCH, 0)
                    logs |= {f"val_{name}": value for name, value in found.items()}
                finished = True
            finally:
                progress.close(logs if finished else None)
            for callback in everyone:
                callback.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        for callback in everyone:
            callback.on_train_end(logs)
        return history

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """Return the loss, or a list of loss and metrics, or with ``return_dict`` a dict of them."""
        checks.compiled(self, "evaluate")
        size = _INFERENCE_BATCH if batch_size is None else positive_int(batch_size, "batch_size", "evaluate")
        found = self._evaluate(
            self._prepare(x, y, sample_weight, "evaluate"), size, 1 if verbose == "auto" else verbose
        )
        return self._as_returned(found, return_dict)

    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = "auto") -> np.ndarray[Any, Any]:
        """Return the model's output for all samples, computed batch by batch."""
        size = _INFERENCE_BATCH if batch_size is None else positive_int(batch_size, "batch_size", "predict")
        data = ArrayData(x, None, None, self.dtype, "predict")  # type: ignore[attr-defined]
        checks.input_fits(self, data.x, "predict")
        progress = Progress(math.ceil(len(data) / size), 1 if verbose == "auto" else verbose)
        outputs = []
        with no_grad():
            for batch in data.batches(size):
                outputs.append(np.asarray(self(batch.x)))  # type: ignore[operator]
                progress.step(dict)
        progress.close({})
        return np.concatenate(outputs)

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """Do one training step; return loss and metrics of this batch as `evaluate` does."""
        checks.compiled(self, "train_on_batch")
        data = self._prepare(x, y, sample_weight, "train_on_batch")
        self.reset_metrics()
        self._train_step(data.whole(), self.trainable_weights)  # type: ignore[attr-defined]
        return self._as_returned(self._results(), return_dict)

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """Return loss and metrics of one batch, without learning from it."""
        checks.compiled(self, "test_on_batch")
        data = self._prepare(x, y, sample_weight, "test_on_batch")
        return self._as_returned(self._evaluate(data, len(data), 0), return_dict)

    def predict_on_batch(self, x: Any) -> np.ndarray[Any, Any]:
        """Return the model's output for one batch."""
        return self.predict(x, batch_size=max(1, len(x)), verbose=0)

    def reset_metrics(self) -> None:
        """Forget loss and metrics of earlier batches."""
        self._loss_total = self._loss_count = 0.0
        for metric, _ in self._metrics or ():
            metric.reset_state()

    @property
    def metrics_names(self) -> list[str]:
        """Names of what `evaluate` returns."""
        return ["loss", *(m.name for m, _ in self._metrics or ())]

    def _prepare(self, x: Any, y: Any, sample_weight: Any, caller: str) -> ArrayData:
        """Check data against the model, building the model where it has not been yet."""
        data = ArrayData(x, y, sample_weight, self.dtype, caller)  # type: ignore[attr-defined]
        if data.y is None:
            raise ValueError(f"{caller}: labels y are missing")
        checks.input_fits(self, data.x, caller)
        output_shape = self.output_shape  # type: ignore[attr-defined]
        assert self._loss is not None
        data.y = checks.labels_fit(data.y, output_shape, self._loss, caller)
        if self._metrics is None:
            self._metrics = [
                (metrics.get(m, data.y.shape, output_shape), weighted) for m, weighted in self._metric_names
            ]
        return data

    def _train_step(self, batch: Batch, trainable: list[Any]) -> None:
        """Forward, backward, update: one step."""
        y_pred = self(batch.x, training=True)  # type: ignore[operator]
        loss = self._follow(batch, y_pred)
        self.optimizer.apply(gradients(loss, trainable), trainable)

    def _follow(self, batch: Batch, y_pred: Any) -> Any:
        """Return the loss of a batch; take it and the metrics into account."""
        loss = self._loss(batch.y, y_pred, batch.weight)  # type: ignore[misc]
        value = loss.item()
        if value != value:
            raise checks.not_a_number(batch, self)
        count = len(batch.x)
        self._loss_total += value * count
        self._loss_count += count
        if self._metrics:
            values = y_pred.numpy() if isinstance(y_pred, Tensor) else y_pred
            for metric, weighted in self._metrics:
                metric.update_state(batch.y, values, batch.weight if weighted else None)
        return loss

    def _results(self) -> Logs:
        """Return loss and metrics since the last reset, by name in alphabetical order, as Keras shows them."""
        loss = self._loss_total / self._loss_count if self._loss_count else 0.0
        if not self._metrics:
            return {"loss": loss}
        found = {m.name: m.result() for m, _ in self._metrics}
        found["loss"] = loss
        return dict(sorted(found.items()))

    def _as_returned(self, found: Logs, return_dict: bool) -> Any:
        if return_dict:
            return found
        return [found[name] for name in self.metrics_names] if self._metrics else found["loss"]

    def _evaluate(self, data: ArrayData, batch_size: int, verbose: Any) -> Logs:
        self.reset_metrics()
        progress = Progress(math.ceil(len(data) / batch_size), verbose)
        with no_grad():
            for batch in data.batches(batch_size):
                self._follow(batch, self(batch.x))  # type: ignore[operator]
                progress.step(self._results)
        found = self._results()
        progress.close(found)
        return found


def _as_list(given: Any) -> list[Any]:
    return [] if given is None else list(given) if isinstance(given, (list, tuple)) else [given]


def _saved_metric(metric: Any) -> Any:
    return metric if isinstance(metric, str) else metrics.serialize(metrics.get(metric))


def _overrides(callback: Callback, hook: str) -> bool:
    return getattr(type(callback), hook) is not getattr(Callback, hook)
