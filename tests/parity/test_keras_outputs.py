"""Models with several inputs and outputs beside Keras: names, order, losses of 20 steps, epochs."""

from __future__ import annotations

import os
import warnings
from importlib.util import find_spec

import fastnn
import numpy as np
import pytest

if find_spec("keras") is None:
    pytest.skip("parity with Keras needs Keras and a backend", allow_module_level=True)
os.environ.setdefault("KERAS_BACKEND", "jax" if find_spec("jax") else "tensorflow")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

RNG = np.random.default_rng(3)
N = 640
A = RNG.normal(size=(N, 4)).astype("float32")
B = RNG.normal(size=(N, 3)).astype("float32")
PRICE = (A[:, :1] * 2 - B[:, 1:2]).astype("float32")
KIND = (A[:, 1] > 0).astype("int64") + (B[:, 0] > 0.3)
WEIGHT = np.linspace(0.2, 2, N).astype("float32")
LISTS = ([A, B], [PRICE, KIND])
DICTS = ({"a": A, "b": B}, {"price": PRICE, "kind": KIND})
LOSSES = ["mse", "sparse_categorical_crossentropy"]
BY_NAME = {"price": "mse", "kind": "sparse_categorical_crossentropy"}


def model(library, dict_outputs=False, dict_inputs=False):
    layers = library.layers
    a, b = library.Input((4,), name="a"), library.Input((3,), name="b")
    hidden = layers.Dense(8, activation="tanh")(layers.Concatenate()([a, b]))
    price = layers.Dense(1, name="price")(hidden)
    kind = layers.Dense(3, activation="softmax", name="kind")(layers.Concatenate()([hidden, a]))
    return library.Model(
        {"a": a, "b": b} if dict_inputs else [a, b],
        {"price": price, "kind": kind} if dict_outputs else [price, kind],
    )


def pair(compilation, **structure):
    """Return both libraries' models, compiled, with the same weights."""
    keras.utils.set_random_seed(2)
    theirs, ours = model(keras, **structure), model(fastnn, **structure)
    ours.set_weights(theirs.get_weights())
    for one, library in ((theirs, keras), (ours, fastnn)):
        one.compile(library.optimizers.Adam(0.01), **compilation)
    return theirs, ours


COMPILATIONS = {
    "losses": {"loss": LOSSES},
    "by name": {"loss": BY_NAME, "metrics": {"kind": ["accuracy"], "price": "mse"}},
    "weights": {"loss": LOSSES, "loss_weights": [0.25, 2.0], "metrics": [["mse"], ["accuracy"]]},
    "weights by name": {
        "loss": BY_NAME,
        "loss_weights": {"price": 0.25, "kind": 2.0},
        "weighted_metrics": {"kind": ["accuracy"]},
    },
    "both kinds of metrics": {
        "loss": LOSSES,
        "metrics": {"kind": ["accuracy"]},
        "weighted_metrics": {"kind": ["accuracy"], "price": ["mse"]},
    },
    "one loss": {"loss": ["mse", None], "metrics": {"price": ["mse"]}},
}


STRUCTURES = [
    *((name, {}) for name in COMPILATIONS),
    *(
        (name, {"dict_outputs": True})
        for name in COMPILATIONS
        if isinstance(COMPILATIONS[name]["loss"], dict)
    ),
    ("by name", {"dict_inputs": True}),
]


@pytest.mark.parametrize(("compilation", "structure"), STRUCTURES, ids=str)
def test_names_and_epochs(compilation, structure):
    compilation = COMPILATIONS[compilation]
    data = (DICTS[0] if structure else LISTS[0], DICTS[1] if structure.get("dict_outputs") else LISTS[1])
    theirs, ours = pair(compilation, **structure)
    histories = [
        one.fit(*data, epochs=2, batch_size=64, shuffle=False, verbose=0, validation_data=(*data,)).history
        for one in (theirs, ours)
    ]
    assert list(histories[1]) == list(histories[0])
    for name, expected in histories[0].items():
        np.testing.assert_allclose(histories[1][name], expected, rtol=2e-5, err_msg=name)
    expected = theirs.evaluate(*data, verbose=0, return_dict=True)
    got = ours.evaluate(*data, verbose=0, return_dict=True)
    assert list(got) == list(expected)
    assert got == pytest.approx(expected, rel=2e-5)
    np.testing.assert_allclose(ours.evaluate(*data, verbose=0), theirs.evaluate(*data, verbose=0), rtol=2e-5)
    expected, got = theirs.predict(data[0], verbose=0), ours.predict(data[0], verbose=0)
    assert type(got) is type(expected)
    for key in got if isinstance(got, dict) else range(2):
        np.testing.assert_allclose(got[key], expected[key], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("form", ["lists", "dicts"])
def test_losses_of_20_steps(form):
    theirs, ours = pair(
        {"loss": BY_NAME, "loss_weights": {"price": 0.5, "kind": 1.5}, "metrics": {"kind": "accuracy"}}
    )
    expected, got = [], []
    for step in range(20):
        part = slice(32 * step, 32 * step + 32)
        x = [A[part], B[part]] if form == "lists" else {"a": A[part], "b": B[part]}
        y = [PRICE[part], KIND[part]] if form == "lists" else {"price": PRICE[part], "kind": KIND[part]}
        theirs.reset_metrics()
        for one, found in ((theirs, expected), (ours, got)):
            found.append(one.train_on_batch(x, y, return_dict=True))
    for name in expected[0]:
        np.testing.assert_allclose(
            [step[name] for step in got], [step[name] for step in expected], rtol=1e-5, err_msg=name
        )
    assert got[-1]["loss"] < 0.8 * got[0]["loss"]


@pytest.mark.parametrize(
    "weight",
    [WEIGHT, [WEIGHT, WEIGHT[::-1].copy()], {"price": WEIGHT, "kind": np.ones(N, "float32")}],
    ids=["one", "list", "dict"],
)
def test_weights_of_samples(weight):
    theirs, ours = pair({"loss": BY_NAME, "weighted_metrics": {"kind": ["accuracy"]}})
    y = DICTS[1] if isinstance(weight, dict) else LISTS[1]
    if isinstance(weight, dict):  # Keras takes a dict only where outputs are dicts
        theirs, ours = pair({"loss": BY_NAME, "weighted_metrics": {"kind": ["accuracy"]}}, dict_outputs=True)
    found = [
        one.fit(LISTS[0], y, sample_weight=weight, epochs=2, shuffle=False, verbose=0).history
        for one in (theirs, ours)
    ]
    for name, expected in found[0].items():
        np.testing.assert_allclose(found[1][name], expected, rtol=2e-5, err_msg=name)


def test_batches_from_a_generator():
    def batches():
        for start in range(0, N, 64):
            part = slice(start, start + 64)
            yield (A[part], B[part]), (PRICE[part], KIND[part])

    theirs, ours = pair({"loss": LOSSES})
    expected = theirs.fit(batches(), shuffle=False, steps_per_epoch=10, verbose=0).history
    found = ours.fit(batches(), verbose=0).history
    assert list(found) == list(expected)
    for name in expected:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-5, err_msg=name)
    dataset = fastnn.data.Dataset.from_generator(batches)
    assert ours.evaluate(dataset, verbose=0) == pytest.approx(ours.evaluate(*LISTS, verbose=0), rel=1e-5)


CUSTOM = """
class Custom(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(8, activation="tanh")
        self.head = keras.layers.Dense(1)
    def call(self, x, training=False):
        return self.head(self.hidden(x))
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = keras.ops.mean((y_pred - y) * (y_pred - y)) * 3.0
        return loss
"""


def test_a_loss_of_ones_own():
    models = []
    for library in (keras, fastnn):
        scope = {"keras": library}
        exec(CUSTOM, scope)
        one = scope["Custom"]()
        one(A[:2])
        one.compile(optimizer=library.optimizers.SGD(0.05), loss="mse", metrics=["mse"])
        models.append(one)
    theirs, ours = models
    ours.set_weights(theirs.get_weights())
    found = [
        one.fit(A, PRICE, epochs=3, shuffle=False, verbose=0, validation_data=(A, PRICE)).history
        for one in models
    ]
    assert list(found[1]) == list(found[0])
    for name, expected in found[0].items():
        np.testing.assert_allclose(found[1][name], expected, rtol=2e-5, err_msg=name)
