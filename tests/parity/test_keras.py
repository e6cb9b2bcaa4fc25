"""The promise to Keras's users: from the same weights, the same numbers; and the same names and defaults."""

from __future__ import annotations

import inspect
import os
import warnings
from importlib.util import find_spec
from operator import attrgetter

import fastnn
import numpy as np
import pytest
from fastnn.datasets import digits

if find_spec("keras") is None:
    pytest.skip("parity with Keras needs Keras and a backend", allow_module_level=True)
os.environ.setdefault("KERAS_BACKEND", "jax" if find_spec("jax") else "tensorflow")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # Keras's variables
    pytest.mark.filterwarnings(
        "ignore:Do not pass an `input_shape`:UserWarning"
    ),  # the older way, on purpose
]


def mnist_like():
    """Return the bundled digits in the form of MNIST: uint8, 28 x 28."""
    (x_train, y_train), (x_test, y_test) = digits.load_data()

    def enlarge(x):
        large = np.kron(x, np.ones((1, 3, 3), np.uint8)) * 15
        return np.pad(large, ((0, 0), (2, 2), (2, 2))).astype(np.uint8)

    return (enlarge(x_train), y_train), (enlarge(x_test), y_test)


@pytest.fixture(scope="module")
def data():
    (x_train, y_train), (x_test, y_test) = mnist_like()
    return [
        (x.reshape(-1, 784).astype("float32") / 255, y) for x, y in ((x_train, y_train), (x_test, y_test))
    ]


def targets(kind, y):
    """Return labels, and the output layer that goes with them."""
    if kind == "binary":
        return (y % 2).astype("float32")[:, None], (1, "sigmoid"), "binary_crossentropy"
    if kind == "categorical":
        return keras.utils.to_categorical(y, 10), (10, "softmax"), "categorical_crossentropy"
    return y, (10, "softmax"), "sparse_categorical_crossentropy"


def net(library, kind="sparse", optimizer="rmsprop", weights=None):
    _, (units, activation), loss = targets(kind, np.zeros(1, int))
    layers = library.layers
    model = library.models.Sequential(
        [
            layers.Input((784,)),
            layers.Dense(64, activation="relu"),
            layers.Dense(units, activation=activation),
        ]
    )
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    if weights is not None:
        model.set_weights(weights)
    return model


def pair(kind="sparse", optimizer=lambda library: "rmsprop"):
    """Return the same net twice: Keras's with fresh weights, and fastnn's with the same."""
    keras.utils.set_random_seed(5)
    theirs = net(keras, kind, optimizer(keras))
    return theirs, net(fastnn, kind, optimizer(fastnn), theirs.get_weights())


OPTIMIZERS = {
    "rmsprop": lambda o: o.RMSprop(),
    "rmsprop momentum": lambda o: o.RMSprop(1e-3, momentum=0.9),
    "rmsprop centered": lambda o: o.RMSprop(1e-3, centered=True),
    "rmsprop weight decay": lambda o: o.RMSprop(1e-3, weight_decay=0.1),
    "adam": lambda o: o.Adam(),
    "adam weight decay": lambda o: o.Adam(1e-3, weight_decay=0.1),
    "adam clipnorm": lambda o: o.Adam(1e-3, clipnorm=0.1),
    "adam amsgrad": lambda o: o.Adam(1e-2, beta_2=0.9, amsgrad=True),
    "adamw": lambda o: o.AdamW(),
    "adagrad": lambda o: o.Adagrad(0.05),
    "adagrad weight decay": lambda o: o.Adagrad(0.1, initial_accumulator_value=0.5, weight_decay=0.1),
    "sgd": lambda o: o.SGD(0.1),
    "sgd momentum": lambda o: o.SGD(0.05, momentum=0.9),
    "sgd nesterov": lambda o: o.SGD(0.05, momentum=0.9, nesterov=True),
    "sgd weight decay": lambda o: o.SGD(0.05, momentum=0.9, weight_decay=0.1),
    "sgd clipvalue": lambda o: o.SGD(0.5, clipvalue=0.01),
    "sgd global clipnorm": lambda o: o.SGD(0.5, global_clipnorm=0.5),
    "sgd exponential decay": lambda o: o.SGD(o.schedules.ExponentialDecay(0.2, 5, 0.7)),
    "adam warm-up": lambda o: o.Adam(
        o.schedules.CosineDecay(0.0, 15, 0.1, warmup_target=1e-3, warmup_steps=4)
    ),
}

SCHEDULES = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9}),
    (
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.9, "staircase": True},
    ),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5}),
    (
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    ),
    ("PiecewiseConstantDecay", {"boundaries": [3, 10], "values": [0.1, 0.03, 0.01]}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7}),
    (
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 7, "end_learning_rate": 0.01, "power": 2.0},
    ),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "power": 0.5, "cycle": True}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 7}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 7, "alpha": 0.2}),
    (
        "CosineDecay",
        {"initial_learning_rate": 0.01, "decay_steps": 7, "warmup_target": 0.1, "warmup_steps": 5},
    ),
]


@pytest.mark.parametrize(("name", "options"), SCHEDULES)
def test_learning_rates_of_30_steps(name, options):
    theirs, ours = (getattr(library.optimizers.schedules, name)(**options) for library in (keras, fastnn))
    # Keras computes in float32: 1 - 6/7 is off by some units of 2^-24.
    np.testing.assert_allclose(
        [ours(i) for i in range(30)], [float(theirs(i)) for i in range(30)], 1e-6, 1e-8
    )
    assert ours.get_config() == theirs.get_config()


@pytest.mark.parametrize("kind", ["sparse", "categorical", "binary"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_losses_of_20_steps(data, optimizer, kind):
    (x, y), _ = data
    labels, *_ = targets(kind, y)
    theirs, ours = pair(kind, lambda library: OPTIMIZERS[optimizer](library.optimizers))
    expected, got = [], []
    for step in range(20):
        batch = slice(32 * step, 32 * step + 32)
        expected.append(theirs.train_on_batch(x[batch], labels[batch]))
        got.append(ours.train_on_batch(x[batch], labels[batch]))
    losses, accuracies = np.transpose(got)
    np.testing.assert_allclose(losses, np.transpose(expected)[0], rtol=1e-5)
    np.testing.assert_allclose(accuracies, np.transpose(expected)[1], rtol=1e-6)
    assert losses[-1] < 0.9 * losses[0]


@pytest.mark.parametrize("kind", ["sparse", "categorical", "binary"])
def test_predict_and_evaluate(data, kind):
    x, y = data[1]
    labels, *_ = targets(kind, y)
    theirs, ours = pair(kind)
    expected, got = theirs.predict(x, verbose=0), ours.predict(x, verbose=0)
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(
        ours.evaluate(x, labels, verbose=0), theirs.evaluate(x, labels, verbose=0), rtol=1e-5
    )
    expected = theirs.evaluate(x, labels, verbose=0, return_dict=True)
    assert ours.evaluate(x, labels, verbose=0, return_dict=True) == pytest.approx(expected, rel=1e-5)
    weight = np.linspace(0, 2, len(x)).astype("float32")
    np.testing.assert_allclose(
        ours.evaluate(x, labels, verbose=0, sample_weight=weight)[0],
        theirs.evaluate(x, labels, verbose=0, sample_weight=weight)[0],
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    "options",
    [
        {"validation_split": 0.2},
        {"batch_size": 100, "class_weight": {i: 1.0 + i for i in range(10)}},
        {"batch_size": 100, "sample_weight": np.linspace(0, 2, 500).astype("float32")},
    ],
    ids=["validation", "class_weight", "sample_weight"],
)
def test_history_of_fit(data, options):
    (x, y), _ = data
    theirs, ours = pair(optimizer=lambda library: library.optimizers.SGD(0.05))
    histories = [
        model.fit(x[:500], y[:500], epochs=3, shuffle=False, verbose=0, **options).history
        for model in (theirs, ours)
    ]
    assert set(histories[1]) == set(histories[0])
    for name, expected in histories[0].items():
        np.testing.assert_allclose(histories[1][name], expected, rtol=2e-5, err_msg=name)


def test_weights_come_in_the_same_order():
    theirs, ours = pair()
    assert [w.shape for w in ours.get_weights()] == [w.shape for w in theirs.get_weights()]
    assert [w.name for w in ours.weights] == [w.name for w in theirs.weights]
    assert ours.count_params() == theirs.count_params()
    for a, b in zip(ours.layers, theirs.layers, strict=True):
        assert [w.shape for w in a.get_weights()] == [w.shape for w in b.get_weights()]


INITIALIZERS = {
    name: options
    for name, options in {
        "GlorotUniform": {},
        "GlorotNormal": {},
        "HeUniform": {},
        "HeNormal": {},
        "LecunUniform": {},
        "LecunNormal": {},
        "RandomUniform": {},
        "RandomNormal": {},
        "TruncatedNormal": {},
        "VarianceScaling": {"scale": 2.0, "mode": "fan_out", "distribution": "uniform"},
        "Zeros": {},
        "Ones": {},
    }.items()
    if hasattr(fastnn.initializers, name)
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initializers_have_the_same_distribution(name):
    shape = 300, 700
    samples = []
    for library in (keras, fastnn):
        library.utils.set_random_seed(1)
        samples.append(np.asarray(getattr(library.initializers, name)(**INITIALIZERS[name])(shape)))
    expected, got = samples
    assert got.dtype == np.float32
    deviation = expected.std()
    np.testing.assert_allclose(got.std(), deviation, rtol=0.01)
    quantiles = [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999]
    np.testing.assert_allclose(
        np.quantile(got, quantiles), np.quantile(expected, quantiles), rtol=0, atol=0.06 * deviation + 1e-12
    )
    if "Uniform" in name or "runcated" in name:
        np.testing.assert_allclose(np.abs(got).max(), np.abs(expected).max(), rtol=0.01)


def one_hot(rng):
    return np.eye(5, dtype="float32")[rng.integers(0, 5, 8)]


def unnormalised(rng):
    p = rng.random((8, 5)).astype("float32")
    p[0] = [1, 0, 0, 0, 0]
    p[1] = [0, 0, 0, 0, 7]
    return p


def bits(rng):
    return rng.integers(0, 2, (8, 5)).astype("float32")


def shares(rng):
    p = rng.random((8, 5)).astype("float32")
    p[0] = [1, 0, 0, 1, 1]
    return p


def logits(rng):
    return (10 * rng.standard_normal((8, 5))).astype("float32")


LOSSES = {
    "CategoricalCrossentropy": (one_hot, unnormalised),
    "SparseCategoricalCrossentropy": (lambda rng: rng.integers(0, 5, 8), unnormalised),
    "BinaryCrossentropy": (bits, shares),
    "MeanSquaredError": (bits, logits),
}
SMOOTHING, LOGITS = {"label_smoothing": 0.1}, {"from_logits": True}
OPTIONS = {
    "CategoricalCrossentropy": ({}, LOGITS, SMOOTHING, SMOOTHING | LOGITS),
    "SparseCategoricalCrossentropy": ({}, LOGITS),
    "BinaryCrossentropy": ({}, LOGITS, SMOOTHING, SMOOTHING | LOGITS),
    "MeanSquaredError": ({},),
}


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", "none", "mean"])
@pytest.mark.parametrize(("name", "options"), [(name, o) for name in LOSSES for o in OPTIONS[name]])
def test_losses(name, options, reduction):
    rng = np.random.default_rng(2)
    y_true = LOSSES[name][0](rng)
    y_pred = (logits if options.get("from_logits") else LOSSES[name][1])(rng)
    weight = np.linspace(0, 2, 8).astype("float32")
    theirs, ours = (getattr(lib.losses, name)(**options, reduction=reduction) for lib in (keras, fastnn))
    for weights in (None, weight):
        expected, got = (loss(y_true, y_pred, sample_weight=weights) for loss in (theirs, ours))
        np.testing.assert_allclose(np.asarray(got), np.asarray(expected), rtol=2e-6, atol=1e-6)


def test_to_categorical():
    for labels in ([0, 2, 1], np.array([[3], [1]], np.uint8)):
        expected, got = keras.utils.to_categorical(labels, 4), fastnn.utils.to_categorical(labels, 4)
        assert got.dtype == expected.dtype
        np.testing.assert_array_equal(got, expected)


CONFIGURED = [
    *(("optimizers", name, {}) for name in ("SGD", "RMSprop", "Adam", "AdamW", "Adagrad")),
    *(("optimizers.schedules", name, options) for name, options in SCHEDULES),
    *(("losses", name, {}) for name in LOSSES),
    *(("initializers", name, {}) for name in INITIALIZERS),
    ("layers", "Dense", {"units": 3}),
    ("layers", "Activation", {"activation": "relu"}),
]


@pytest.mark.parametrize(("module", "name", "options"), CONFIGURED)
def test_configurations_agree(module, name, options):
    """Every key that both have holds the same value; where Keras nests a configuration, the class counts."""
    ours, theirs = (attrgetter(f"{module}.{name}")(library)(**options) for library in (fastnn, keras))
    expected, got = theirs.get_config(), ours.get_config()
    shared = expected.keys() & got.keys() - {"name", "dtype"}  # Keras numbers its names and nests its dtypes
    assert shared or not got
    for key in shared:
        if isinstance(expected[key], dict):
            assert got[key]["class_name"] == expected[key]["class_name"], key
        elif isinstance(expected[key], float):
            assert got[key] == pytest.approx(expected[key], rel=1e-6), key
        else:
            assert got[key] == expected[key], key


SIGNATURES = [
    *CONFIGURED,
    *(
        ("models.Sequential", method, {})
        for method in ("fit", "evaluate", "predict", "compile", "train_on_batch")
    ),
    ("layers", "Flatten", {}),
    ("utils", "to_categorical", {}),
    *(
        ("metrics", name, {})
        for name in ("CategoricalAccuracy", "SparseCategoricalAccuracy", "BinaryAccuracy")
    ),
    *(("losses", name, {}) for name in ("categorical_crossentropy", "binary_crossentropy")),
]


@pytest.mark.parametrize(("module", "name", "options"), SIGNATURES)
def test_signatures_agree(module, name, options):
    """Every argument that we have, Keras has, in the same order and with the same default.

    Layers take what all layers share (``trainable``, ``dtype``) as ``**kwargs`` in Keras, and names differ.
    """

    def arguments(library):
        return dict(inspect.signature(attrgetter(f"{module}.{name}")(library)).parameters)

    ours, theirs = arguments(fastnn), arguments(keras)
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in theirs.values()):
        ours = {n: p for n, p in ours.items() if n in theirs}
    assert list(ours) == [n for n in theirs if n in ours]
    assert {n: p.default for n, p in ours.items() if n != "name"} == {
        n: theirs[n].default for n in ours if n != "name"
    }


PROGRAM = """
from LIBRARY import layers, models
from LIBRARY.datasets import mnist
from LIBRARY.utils import to_categorical
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape((1437, 28 * 28)).astype("float32") / 255
x_test = x_test.reshape((360, 28 * 28)).astype("float32") / 255
net = models.Sequential()
net.add(layers.Dense(512, activation="relu", input_shape=(28 * 28,)))
net.add(layers.Dense(10, activation="softmax"))
net.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
net.fit(x_train, to_categorical(y_train), epochs=5, batch_size=128)
test_loss, test_acc = net.evaluate(x_test, to_categorical(y_test))
"""


def test_same_program_with_the_imports_exchanged(monkeypatch, capsys):
    found = {}
    for name, library in (("keras", keras), ("fastnn", fastnn)):
        monkeypatch.setattr(library.datasets.mnist, "load_data", mnist_like)
        library.utils.set_random_seed(0)
        found[name] = {}
        exec(PROGRAM.replace("LIBRARY", name), found[name])
    capsys.readouterr()  # the progress bars
    ours, theirs = found["fastnn"], found["keras"]
    assert (
        ours["test_acc"] > 0.8
    )  # so few steps end between 0.8 and 0.97 in both, by the order of the batches
    assert theirs["test_acc"] > 0.8
    # What one has learnt works in the other.
    ours["net"].set_weights(theirs["net"].get_weights())
    evaluated = ours["net"].evaluate(ours["x_test"], ours["to_categorical"](ours["y_test"]), verbose=0)
    np.testing.assert_allclose(evaluated, [theirs["test_loss"], theirs["test_acc"]], rtol=1e-5)
