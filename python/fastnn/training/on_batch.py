"""Data checked against the model and made into batches; steps on single batches."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastnn import tree
from fastnn.autograd import no_grad
from fastnn.layers.layer import Layer
from fastnn.losses import Loss
from fastnn.training import checks, nested
from fastnn.training.compilation import Compilation
from fastnn.training.data import ArrayData, as_numbers, positive_int
from fastnn.training.feeding import ArrayFeed, SteppedFeed, StreamFeed, is_stream
from fastnn.training.objective import Objective
from fastnn.training.steps import Steps, require_compiled, steps_of


class OnBatch:
    """Prepares data for a model, and does single steps."""

    _objective: Objective | None

    def _forget_compilation(self) -> None:
        self._compilation = Compilation(None, None, None, None)
        self._objective = None  # made when the first labels show which accuracy is meant
        self._loss: Loss | None = None  # where there is one output
        self._batch_steps: Steps | None = None
        self._plain = False  # whether the data have been one array of samples, and one of labels

    def train_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """Do one training step; return loss and metrics of this batch as `evaluate` does."""
        require_compiled(self, "train_on_batch")
        batch = self._prepare(x, y, sample_weight, "train_on_batch").whole()
        steps = self._batch_steps or self._make_steps()
        steps.reset()
        steps.trainable = self.trainable_weights  # type: ignore[attr-defined]
        steps.train(batch)
        return self._as_returned(steps.results(), return_dict)  # type: ignore[attr-defined]

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """Return loss and metrics of one batch, without learning from it."""
        require_compiled(self, "test_on_batch")
        batch = self._prepare(x, y, sample_weight, "test_on_batch").whole()
        steps = self._batch_steps or self._make_steps()
        steps.reset()
        with no_grad():
            steps.test(batch)
        return self._as_returned(steps.results(), return_dict)  # type: ignore[attr-defined]

    def predict_on_batch(self, x: Any) -> Any:
        """Return the model's output for one batch."""
        batch = self._prepare(x, None, None, "predict", False).whole()
        with no_grad():
            return tree.map_structure(np.asarray, self(batch.x, training=False))  # type: ignore[operator]

    def _make_steps(self) -> Steps:
        self._batch_steps = steps_of(self)
        return self._batch_steps

    def _feed(
        self,
        x: Any,
        y: Any,
        sample_weight: Any,
        batch_size: int | None,
        default_size: int,
        caller: str,
        steps: int | None,
        steps_name: str,
        shuffle: bool = False,
        class_weight: dict[int, float] | None = None,
        labels: bool = True,
    ) -> ArrayFeed | StreamFeed | SteppedFeed:
        """Return where the batches of ``fit``, ``evaluate`` or ``predict`` come from."""
        if steps is not None:
            steps = positive_int(steps, steps_name, caller)
        if batch_size is not None:
            batch_size = positive_int(batch_size, "batch_size", caller)
        if class_weight is not None and sample_weight is not None:
            raise ValueError(f"{caller}: class_weight and sample_weight exclude each other")

        def prepare(x: Any, y: Any, weight: Any, caller: str) -> Any:
            if not labels:
                return self._prepare(x, None, None, caller, labels=False)
            if class_weight is not None and y is not None:
                if weight is not None:
                    raise ValueError(f"{caller}: class_weight and sample_weight exclude each other")
                weight = checks.weights_of_classes(y, class_weight, caller)
            return self._prepare(x, y, weight, caller)

        feed: ArrayFeed | StreamFeed
        if is_stream(x):
            checks.stream_fits(x, y, sample_weight, batch_size, steps, steps_name, caller)
            feed = StreamFeed(x, prepare, shuffle, caller)
        else:
            data = prepare(x, y, sample_weight, caller)
            if batch_size is None:
                batch_size = math.ceil(len(data) / steps) if steps else default_size
            feed = ArrayFeed(data, batch_size, shuffle)
        if steps is None:
            return feed
        return SteppedFeed(feed, steps, caller, goes_on=caller == "fit" or hasattr(x, "__next__"))

    def _prepare(self, x: Any, y: Any, sample_weight: Any, caller: str, labels: bool = True) -> Any:
        """Check data against the model, building the model where it has not been yet."""
        if not self._plain or isinstance(x, (list, tuple, dict)) or isinstance(y, dict):
            if type(self).call is Layer.call:  # type: ignore[attr-defined]
                return self._unchecked(x, y, sample_weight, caller)
            x = nested.checked_inputs(self, x, caller)
            if labels and not tree.is_shape(self.output_shape):  # type: ignore[attr-defined]
                return nested.several_outputs(self, x, y, sample_weight, caller)
            y = nested.one_output(self, x, y, caller)
            if isinstance(x, (list, tuple, dict)):
                data: Any = nested.NestedData.with_one_output(self, x, y, sample_weight, caller)
                return self._with_labels(data, caller) if labels else data
            self._plain = labels
        data = ArrayData(x, y, sample_weight, self.dtype, caller)  # type: ignore[attr-defined]
        checks.input_fits(self, data.x, caller)
        return self._with_labels(data, caller) if labels else data

    def _unchecked(self, x: Any, y: Any, sample_weight: Any, caller: str) -> nested.NestedData:
        """Return data for a model that has no ``call``: its ``train_step`` knows alone what it does."""
        if isinstance(x, (tuple, list, dict)):
            x = tree.map_structure(lambda array: as_numbers(array, "x", caller), x)
        else:
            x = as_numbers(x, "x", caller)
        if self._objective is None:
            names = ["output_1"]
            (self._loss,) = self._compilation.losses_of(names, False)
            self._objective = self._compilation.objective(self, names, self._loss, np.shape(y), ())
        return nested.NestedData.with_one_output(self, x, y, sample_weight, caller)

    def _with_labels(self, data: Any, caller: str) -> Any:
        """Check the labels for the one output that there is."""
        output_shape = self.output_shape  # type: ignore[attr-defined]
        first = self._objective is None
        if first:
            names = self.output_names  # type: ignore[attr-defined]
            (self._loss,) = self._compilation.losses_of(names, False)
        if self._loss is not None:
            if data.y is None:
                raise ValueError(f"{caller}: labels y are missing; give y, or batches (x, y)")
            data.y = checks.labels_fit(data.y, output_shape, self._loss, caller)
        if first:
            y_shape = () if data.y is None else data.y.shape
            self._objective = self._compilation.objective(self, names, self._loss, y_shape, output_shape)
        return data
