"""compile, fit, evaluate, predict: that they learn, repeat, and say what is wrong."""

import os
import re
import signal
import subprocess
import sys
import threading

import fastnn
import numpy as np
import pytest
from fastnn import callbacks, layers, losses, metrics, models, optimizers
from fastnn.utils import set_random_seed, to_categorical

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 6)).astype("float32")
LABELS = (X[:, 0] + X[:, 1] > 0).astype("int64") + (X[:, 2] > 0.5)
ONE_HOT = to_categorical(LABELS, 3)


def classifier(loss="categorical_crossentropy", optimizer="adam", dtype=None, **options):
    model = models.Sequential(
        [
            layers.Dense(16, activation="relu", input_shape=(6,), dtype=dtype),
            layers.Dense(3, activation="softmax", dtype=dtype),
        ],
        dtype=dtype,
    )
    model.compile(optimizer, loss, metrics=["accuracy"], **options)
    return model


@pytest.mark.parametrize(
    "optimizer",
    [
        optimizers.SGD(0.2),
        optimizers.SGD(0.05, 0.9),
        optimizers.SGD(0.05, 0.9, nesterov=True),
        optimizers.RMSprop(0.01),
        optimizers.Adam(0.01),
        optimizers.AdamW(0.01),
    ],
)
def test_every_optimizer_learns(optimizer):
    set_random_seed(0)
    model = classifier(optimizer=optimizer)
    history = model.fit(X, ONE_HOT, epochs=30, batch_size=16, verbose=0)
    assert history.history["loss"][-1] < 0.3 * history.history["loss"][0]
    assert history.history["accuracy"][-1] > 0.9
    assert history.epoch == list(range(30))


def test_sparse_labels_give_the_same_training_as_one_hot():
    results = []
    for loss, y in (("categorical_crossentropy", ONE_HOT), ("sparse_categorical_crossentropy", LABELS)):
        set_random_seed(3)
        results.append(classifier(loss).fit(X, y, epochs=3, verbose=0).history)
    assert results[0]["accuracy"] == results[1]["accuracy"]
    np.testing.assert_allclose(results[0]["loss"], results[1]["loss"], rtol=1e-6)


def test_a_step_is_the_same_as_one_by_hand():
    """fit rides on the tape that a loop of one's own rides on."""
    from fastnn.autograd import gradients

    set_random_seed(0)
    model = classifier(optimizer=optimizers.SGD(0.5), dtype="float64")
    k1, b1, k2, b2 = model.get_weights()
    loss = model.train_on_batch(X, ONE_HOT)[0]
    h = np.maximum(X.astype("float64") @ k1 + b1, 0)
    z = h @ k2 + b2
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    assert loss == pytest.approx(-np.log(p[np.arange(200), LABELS]).mean(), rel=1e-12)
    dz = (p - ONE_HOT) / 200
    dh = dz @ k2.T * (h > 0)
    for new, old, grad in zip(
        model.get_weights(), (k1, b1, k2, b2), (X.T @ dh, dh.sum(0), h.T @ dz, dz.sum(0)), strict=True
    ):
        np.testing.assert_allclose(new, old - 0.5 * grad, rtol=1e-9, atol=1e-12)
    assert all(g is not None for g in gradients(model(X).sum(), model.trainable_weights))


def test_metrics_and_losses_of_fit_and_evaluate_agree():
    set_random_seed(1)
    model = classifier(
        optimizer=optimizers.SGD(0.0)
    )  # nothing changes: training metrics must equal evaluation
    history = model.fit(X, ONE_HOT, batch_size=7, verbose=0).history
    loss, accuracy = model.evaluate(X, ONE_HOT, batch_size=13, verbose=0)
    assert history["loss"][0] == pytest.approx(loss, rel=1e-5)
    assert history["accuracy"][0] == accuracy
    prediction = model.predict(X, verbose=0)
    assert accuracy == np.mean(prediction.argmax(1) == LABELS)
    again = model.evaluate(X, ONE_HOT, batch_size=13, verbose=0, return_dict=True)
    assert again == {"accuracy": accuracy, "loss": loss}
    assert model.metrics_names == ["loss", "accuracy"]
    assert model.test_on_batch(X, ONE_HOT) == [pytest.approx(loss, rel=1e-5), accuracy]


def test_uint8_images_train_like_floats():
    images = RNG.integers(0, 255, size=(64, 6), dtype="uint8")
    weights = []
    for x in (images, images.astype("float32")):
        set_random_seed(5)
        model = classifier()
        model.fit(x, ONE_HOT[:64], epochs=2, verbose=0)
        weights.append(model.get_weights())
    for a, b in zip(*weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_validation_split_takes_the_end_and_never_trains_on_it():
    x = X.copy()
    x[150:] = np.nan  # would make the loss NaN
    with pytest.raises(ValueError, match="x holds NaN"):
        classifier().fit(x, ONE_HOT, verbose=0)
    set_random_seed(2)
    model = classifier()
    history = model.fit(X, ONE_HOT, epochs=2, validation_split=0.25, verbose=0).history
    assert list(history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    set_random_seed(2)
    twin = classifier()
    other = twin.fit(
        X[:150], ONE_HOT[:150], epochs=2, validation_data=(X[150:], ONE_HOT[150:]), verbose=0
    ).history
    assert history == other
    assert history["val_loss"][-1] == pytest.approx(model.evaluate(X[150:], ONE_HOT[150:], verbose=0)[0])


def test_binary_and_regression_labels_may_lack_the_last_axis():
    """(n,) labels against (n, 1) outputs must not broadcast to (n, n)."""
    y = X[:, 0] * 2 + 1
    model = models.Sequential([layers.Dense(1, input_shape=(6,))])
    model.compile(optimizers.SGD(0.1), "mse")
    model.fit(X, y, epochs=60, verbose=0)
    assert model.evaluate(X, y, verbose=0) < 1e-3
    model = models.Sequential([layers.Dense(1, activation="sigmoid", input_shape=(6,))])
    model.compile(optimizers.Adam(0.05), "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(X, (y > 1), epochs=40, verbose=0)
    assert history.history["accuracy"][-1] > 0.95


def test_weights_of_samples_and_classes():
    weight = RNG.uniform(size=200).astype("float32")
    model = classifier(optimizer=optimizers.SGD(0.0))
    losses_each = losses.categorical_crossentropy(ONE_HOT, model.predict(X, verbose=0))
    expected = float((losses_each * weight).mean())
    assert model.evaluate(X, ONE_HOT, sample_weight=weight, verbose=0)[0] == pytest.approx(expected, rel=1e-5)
    model.compile(
        "sgd",
        "categorical_crossentropy",
        metrics=["accuracy"],
        weighted_metrics=[metrics.CategoricalAccuracy("weighted")],
    )
    hits = model.predict(X, verbose=0).argmax(1) == LABELS
    found = model.evaluate(X, ONE_HOT, sample_weight=weight, verbose=0, return_dict=True)
    assert found["accuracy"] == hits.mean()
    assert found["weighted"] == pytest.approx((hits * weight).sum() / weight.sum())
    model.compile(optimizers.SGD(0.0), "categorical_crossentropy")
    history = model.fit(X, ONE_HOT, class_weight={0: 2.0, 1: 0.0, 2: 1.0}, verbose=0).history
    by_class = np.array([2.0, 0.0, 1.0])[LABELS]
    assert history["loss"][0] == pytest.approx(float((losses_each * by_class).mean()), rel=1e-4)
    with pytest.raises(ValueError, match="exclude each other"):
        model.fit(X, ONE_HOT, class_weight={0: 1.0}, sample_weight=weight)


PROGRAM = """
import hashlib, numpy as np
from fastnn import layers, models
from fastnn.utils import set_random_seed
set_random_seed(7)
rng = np.random.default_rng(0)
x, y = rng.normal(size=(700, 300)), rng.integers(0, 10, 700)
model = models.Sequential([layers.Dense(257, activation="relu", input_shape=(300,)),
                           layers.Dense(10, activation="softmax")])
model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=2, batch_size=128, verbose=0)
print(hashlib.sha256(b"".join(w.tobytes() for w in model.get_weights())).hexdigest())
"""


def test_training_repeats_bit_for_bit_at_any_thread_count():
    found = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "OMP_NUM_THREADS": str(threads)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in (1, 2, 4, 2)
    ]
    assert len(set(found)) == 1
    assert len(found[0].strip()) == 64


def test_shuffle_is_new_each_epoch_and_can_be_switched_off():
    seen = []

    class Watch(layers.Layer):
        def call(self, x, training=False):
            if training:
                seen.append(np.asarray(x)[:, 0].copy())
            return x

    numbers = np.arange(40, dtype="float32").reshape(40, 1)
    for shuffle in (True, False):
        model = models.Sequential([Watch(), layers.Dense(1)])
        model.compile("sgd", "mse")
        seen.clear()
        model.fit(numbers / 40, numbers, epochs=2, batch_size=16, shuffle=shuffle, verbose=0)
        assert [len(s) for s in seen] == [16, 16, 8] * 2
        first, second = np.concatenate(seen[:3]), np.concatenate(seen[3:])
        assert sorted(first) == sorted(second) == sorted(numbers[:, 0] / 40)
        assert (first == second).all() == (not shuffle)


def test_callbacks_are_called_in_order_and_can_stop():
    calls = []

    class Record(callbacks.Callback):
        def __getattribute__(self, name):
            if name.startswith("on_"):
                calls.append(name)
            return super().__getattribute__(name)

        def on_train_batch_end(self, batch, logs=None):
            assert logs.keys() == {"loss", "accuracy"}

        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    record = Record()
    classifier().fit(X, ONE_HOT, epochs=9, batch_size=100, callbacks=[record], verbose=0)
    epoch = ["on_epoch_begin", "on_epoch_end"]
    assert calls == ["on_train_batch_end", "on_train_begin", *epoch, *epoch, "on_train_end"]
    assert record.params == {"epochs": 9, "steps": 2, "verbose": 0}


def test_early_stopping_restores_the_best_weights():
    model = classifier(optimizer=optimizers.SGD(0.0))
    stop = callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    history = model.fit(X, ONE_HOT, epochs=50, validation_split=0.5, callbacks=stop, verbose=0)
    assert len(history.epoch) == 3
    with pytest.raises(ValueError, match="pass validation data"):
        model.fit(X, ONE_HOT, callbacks=[callbacks.EarlyStopping()], verbose=0)


def test_metrics_by_object_function_and_name():
    model = classifier()
    model.compile(
        "sgd",
        "categorical_crossentropy",
        metrics=["accuracy", "mse", metrics.CategoricalAccuracy("again"), losses.categorical_crossentropy],
    )
    found = model.evaluate(X, ONE_HOT, verbose=0, return_dict=True)
    assert found["accuracy"] == found["again"]
    assert found["categorical_crossentropy"] == pytest.approx(found["loss"], rel=1e-5)
    assert found["mse"] == pytest.approx(
        float(((model.predict(X, verbose=0) - ONE_HOT) ** 2).mean()), rel=1e-5
    )


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda m: m.fit(np.zeros((9, 2, 3)), ONE_HOT[:9]), ValueError, "each sample must have shape (6,)"),
        (lambda m: m.fit(np.zeros((9, 2, 3)), ONE_HOT[:9]), ValueError, "x.reshape(9, 6)"),
        (lambda m: m.fit(np.zeros((9, 5)), ONE_HOT[:9]), ValueError, "received x of shape (9, 5)"),
        (lambda m: m.fit(X, ONE_HOT[:9]), ValueError, "same length; received x (200, 6) and y (9, 3)"),
        (lambda m: m.fit(X[:0], ONE_HOT[:0]), ValueError, "there are no samples"),
        (lambda m: m.fit(X, LABELS), ValueError, 'use loss="sparse_categorical_crossentropy"'),
        (lambda m: m.fit(X, ONE_HOT[:, :2]), ValueError, "received y of shape (200, 2)"),
        (lambda m: m.fit(X), ValueError, "labels y are missing"),
        (lambda m: m.fit(X, ONE_HOT, batch_size=0), ValueError, "batch_size=0"),
        (lambda m: m.fit(X, ONE_HOT, batch_size=2.5), ValueError, "batch_size=2.5"),
        (lambda m: m.fit(X, ONE_HOT, epochs=-1), ValueError, "epochs=-1"),
        (lambda m: m.fit(X, ONE_HOT, validation_split=1.0), ValueError, "validation_split must lie in"),
        (lambda m: m.fit(X, ONE_HOT, validation_data=X), ValueError, "validation_data must be (x, y)"),
        (lambda m: m.fit(X.astype(object), ONE_HOT), ValueError, "received dtype object"),
        (lambda m: m.fit(X.astype(complex), ONE_HOT), ValueError, "received dtype complex128"),
        (lambda m: m.fit(["a"] * 200, ONE_HOT), ValueError, "must hold real numbers"),
        (lambda m: m.fit([[1, 2], [3]], ONE_HOT), ValueError, "x could not be turned into an array"),
        (lambda m: m.fit(3.0, ONE_HOT), ValueError, "received a single number"),
        (lambda m: m.predict(X[:, :4]), ValueError, "predict: each sample must have shape (6,)"),
        (lambda m: m.predict(X[0]), ValueError, "A single sample needs a batch axis"),
        (lambda m: m.evaluate(X, LABELS), ValueError, "evaluate: y must have the shape"),
        (lambda m: m.compile("adm", "mse"), ValueError, "Did you mean 'adam'?"),
        (
            lambda m: m.compile("sgd", "categorical_crosentropy"),
            ValueError,
            "Did you mean 'categorical_crossentropy'?",
        ),
        (lambda m: m.compile("sgd", "mse", metrics=["acuracy"]), ValueError, "unknown metric 'acuracy'"),
        (lambda m: models.Sequential([layers.Dense(1)]).fit(X, X), RuntimeError, "call compile first"),
    ],
)
def test_bad_input_says_what_and_changes_nothing(call, error, words):
    model = classifier()
    before = model.get_weights()
    with pytest.raises(error, match=re.escape(words)):
        call(model)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (
            np.where(np.arange(200) == 17, 3, LABELS),
            "labels must lie in [0, 3), one for each output of the model; received 3 at position 17",
        ),
        (np.where(np.arange(200) == 5, -1, LABELS), "received -1 at position 5"),
        (LABELS + 0.5, "whole numbers"),
        (np.full(200, np.nan), "whole numbers"),
        (ONE_HOT, 'For one-hot labels use loss="categorical_crossentropy"'),
        (np.zeros((200, 2), int), "class numbers must have shape"),
    ],
)
def test_wrong_class_numbers(labels, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        classifier("sparse_categorical_crossentropy").fit(X, labels)


def test_a_loss_of_nan_stops_before_the_weights_are_lost():
    x = X.copy()
    x[3, 2] = np.nan
    model = classifier()
    before = model.get_weights()
    with pytest.raises(ValueError, match=r"x holds NaN or infinity \(sample 3 of this batch\)"):
        model.fit(x, ONE_HOT, shuffle=False, verbose=0)
    np.testing.assert_array_equal(before[0], model.get_weights()[0])
    model = models.Sequential([layers.Dense(1, input_shape=(6,))])
    model.compile(optimizers.SGD(1e6), "mse")
    with (
        pytest.raises(ValueError, match=r"lower (the )?learning rate"),
        np.errstate(all="ignore"),
    ):
        model.fit(X, X[:, :1], epochs=100, verbose=0)


@pytest.mark.skipif(
    not hasattr(signal, "raise_signal") or sys.platform == "win32", reason="needs POSIX signals"
)
def test_ctrl_c_leaves_a_usable_model():
    set_random_seed(0)
    model = classifier()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # shells may start us with it ignored
    try:
        threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            model.fit(np.tile(X, (50, 1)), np.tile(ONE_HOT, (50, 1)), epochs=100_000, verbose=0)
    finally:
        signal.signal(signal.SIGINT, before)
    assert np.isfinite(model.predict(X, verbose=0)).all()
    model.fit(X, ONE_HOT, verbose=0)


def test_lines_where_there_is_no_terminal(capsys):
    classifier().fit(X, ONE_HOT, epochs=2, validation_split=0.5)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Epoch 2/2 - 4/4 - ")
    for name in ("accuracy: ", "loss: ", "val_accuracy: ", "val_loss: "):
        assert name in lines[1]


def test_float64_models_compute_in_float64():
    model = classifier(dtype="float64")
    assert model.predict(X, verbose=0).dtype == np.float64
    model.fit(X, ONE_HOT, verbose=0)
    assert {w.dtype for w in model.weights} == {np.dtype("float64")}


def test_predict_shapes_and_batches():
    model = classifier()
    whole = model.predict(X, verbose=0)
    assert whole.shape == (200, 3)
    np.testing.assert_allclose(model.predict(X, batch_size=7, verbose=0), whole, rtol=1e-5)
    np.testing.assert_allclose(model.predict_on_batch(X[:1]), whole[:1], rtol=1e-5)
    assert isinstance(model(X), fastnn.Tensor)
