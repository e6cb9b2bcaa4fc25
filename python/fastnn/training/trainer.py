"""``compile``, ``fit``, ``evaluate`` and ``predict``, on the same ops and the same tape as a loop of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fastnn import optimizers
from fastnn.callbacks import Callback, History
from fastnn.tensor import Tensor
from fastnn.training import checks, loop
from fastnn.training.compilation import Compilation
from fastnn.training.data import positive_int
from fastnn.training.feeding import StreamFeed, is_stream
from fastnn.training.objective import Logs
from fastnn.training.on_batch import OnBatch
from fastnn.training.steps import CustomSteps, require_compiled

# Rows per call where nothing is learnt: results do not depend on it, and larger calls are faster.
_INFERENCE_BATCH = 256


class Trainer(OnBatch, CustomSteps):
    """What makes a layer a model: it can be compiled, trained and evaluated."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.optimizer: Any = None
        self.stop_training = False
        self._forget_compilation()

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
    ) -> None:
        """Say how to train.

        A model with several outputs takes a loss for all of them, or each argument but the optimizer as a list
        with one entry per output, or as a dict by the names of the outputs.

        Parameters
        ----------
        optimizer : str or Optimizer
        loss : str, function or Loss, or list or dict of these
            A function takes ``(y_true, y_pred)`` and returns one value per sample. An output whose loss is None
            is not trained.
        loss_weights : float, or list or dict of these, optional
            What the losses are multiplied by before they are added.
        metrics : list of str, function or Metric, or list or dict of such lists, optional
            ``"accuracy"`` is binary, categorical or sparse by the shapes of labels and output. Weights of
            samples and classes do not count in them.
        weighted_metrics : list of str, function or Metric, or list or dict of such lists, optional
            The same, with weights.

        Raises
        ------
        ValueError
            A name is not known; the nearest known one is named.
        """
        optimizer = optimizers.get(optimizer)
        compilation = Compilation(loss, loss_weights, metrics, weighted_metrics)
        if self.built and self.input_shape is not None:  # type: ignore[attr-defined]
            compilation.check(self)
        self.optimizer = optimizer
        self.loss = loss
        self._forget_compilation()
        self._compilation = compilation

    def get_compile_config(self) -> dict[str, Any]:
        """Return what `compile` was given, as names and configurations."""
        return {"optimizer": optimizers.serialize(self.optimizer), **self._compilation.config()}

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile as `get_compile_config` says."""
        self.compile(**config)

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Sequence[Callback] | Callback | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int = 1,
    ) -> History:
        """Train for some epochs.

        Parameters
        ----------
        x : array_like, list or dict of arrays, Dataset, generator, or iterable or sequence of batches
            Samples, along the first axis. Integer samples (such as uint8 images) are cast batch by batch. A
            model with several inputs takes a list of arrays, or a dict by the names of the inputs. All but
            arrays gives batches: (x,), (x, y) or (x, y, sample_weight).
        y : array_like, or list or dict of arrays by output, optional
            Labels; not with batches, which hold their own.
        batch_size : int, default 32
        epochs : int, default 1
            The epoch to train to; it starts at ``initial_epoch``.
        verbose : {"auto", 0, 1, 2}
            Nothing, a progress bar (``"auto"``), or one line per epoch. Without a terminal a bar becomes lines.
        callbacks : list of Callback, optional
        validation_split : float in [0, 1)
            The last part of the samples is held out.
        validation_data : (x, y), (x, y, sample_weight), or batches as for ``x``, optional
        shuffle : bool
            Take the samples in a new order in each epoch, drawn from `fastnn.random`. Of batches only those of
            an object with ``__getitem__`` can be; a Dataset shuffles itself.
        class_weight : dict of class number to float, optional
        sample_weight : array_like, shape (n,), or list or dict of arrays by output, optional
        steps_per_epoch, validation_steps : int, optional
            Batches per epoch; an epoch goes on where the last ended, a validation begins anew.

        Returns
        -------
        history : History
            ``history.history`` holds loss and metrics per epoch, those of one output among several with its
            name before them.

        Raises
        ------
        RuntimeError
            The model is not compiled.
        ValueError
            Shapes, lengths or labels do not fit, or the loss became NaN; the weights are as before that step.

        Warns
        -----
        UserWarning
            The data ran out before ``steps_per_epoch``: the epoch is shorter, and the last where a generator
            is exhausted.

        Notes
        -----
        Ctrl-C raises KeyboardInterrupt between two steps: the model stays usable.
        """
        require_compiled(self, "fit")
        epochs = positive_int(epochs, "epochs", "fit")
        checks.epochs_fit(x, epochs - initial_epoch, steps_per_epoch, "x", "steps_per_epoch")
        checks.epochs_fit(
            validation_data, epochs - initial_epoch, validation_steps, "validation_data", "validation_steps"
        )
        if not 0 <= validation_split < 1:
            raise ValueError(f"fit: validation_split must lie in [0, 1); received {validation_split}")
        if validation_split and is_stream(x):
            raise ValueError(
                "fit: validation_split takes the end of arrays; of a Dataset pass a part as validation_data: "
                "dataset.take(n), and train on dataset.skip(n)"
            )
        feed = self._feed(
            x,
            y,
            sample_weight,
            batch_size,
            32,
            "fit",
            steps_per_epoch,
            "steps_per_epoch",
            shuffle,
            class_weight,
        )
        validation: loop.Feed | None = None
        size = validation_batch_size
        if validation_data is not None:
            xv, yv, weight = checks.validation_data(validation_data)
            validation = self._feed(
                xv,
                yv,
                weight,
                size,
                _INFERENCE_BATCH,
                "fit: validation_data",
                validation_steps,
                "validation_steps",
            )
        elif validation_split:
            assert not isinstance(feed, StreamFeed)
            feed, validation = feed.split(validation_split, size or _INFERENCE_BATCH)
        history = History()
        everyone = [*([callbacks] if isinstance(callbacks, Callback) else callbacks or []), history]
        verbose = 1 if verbose == "auto" else verbose
        loop.train(self, feed, range(initial_epoch, epochs), everyone, verbose, validation, validation_freq)
        return history

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Return the loss, or a list of loss and metrics, or with ``return_dict`` a dict of them.

        Takes what `fit` takes. `metrics_names` tells the order of the list: the loss, those of the outputs
        where there are several, the metrics.
        """
        require_compiled(self, "evaluate")
        feed = self._feed(x, y, sample_weight, batch_size, _INFERENCE_BATCH, "evaluate", steps, "steps")
        found = loop.evaluate(self, feed, 1 if verbose == "auto" else verbose, "evaluate")
        return self._as_returned(found, return_dict)

    def predict(
        self, x: Any, batch_size: int | None = None, verbose: Any = "auto", steps: int | None = None
    ) -> Any:
        """Return the model's output for all samples, computed batch by batch.

        Takes the inputs as `fit` does; of batches (x, y) the labels are left out. A model with several outputs
        gives a list or dict of arrays, as it was made.
        """
        feed = self._feed(
            x, None, None, batch_size, _INFERENCE_BATCH, "predict", steps, "steps", labels=False
        )
        return loop.predict(self, feed, 1 if verbose == "auto" else verbose)

    def train(self, mode: bool = True) -> Trainer:
        """Let calls of the model count as training unless they say otherwise, as in PyTorch; return the model.

        `fit`, `evaluate` and `predict` always say. A new model is in the other mode, that of `eval`, as in Keras.
        """
        self._training_mode = bool(mode)
        return self

    def eval(self) -> Trainer:
        """Let calls of the model count as inference again; return the model."""
        return self.train(False)

    def parameters(self) -> Iterator[Tensor]:
        """Give the trainable variables, as PyTorch's method of the name."""
        return iter(self.trainable_weights)  # type: ignore[attr-defined]

    def _as_returned(self, found: Logs, return_dict: bool) -> Any:
        if return_dict:
            return found
        if len(found) == 1:
            (alone,) = found.values()
            return alone
        return [found[name] for name in self._in_order(found)]
