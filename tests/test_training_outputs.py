"""Models with several inputs and outputs: data, losses, weights and metrics as lists or by name."""

import re

import fastnn
import numpy as np
import pytest
from fastnn import layers, losses, metrics, models, optimizers
from fastnn.data import Dataset
from fastnn.utils import set_random_seed

RNG = np.random.default_rng(3)
A = RNG.normal(size=(64, 4)).astype("float32")
B = RNG.normal(size=(64, 3)).astype("float32")
PRICE = A[:, 0] * 2 - B[:, 1]
KIND = (A[:, 1] > 0).astype("int64") + (B[:, 0] > 0.3)
LOSSES = ["mse", "sparse_categorical_crossentropy"]
BY_NAME = {"price": "mse", "kind": "sparse_categorical_crossentropy"}


def two_headed(dict_outputs=False, **compilation):
    set_random_seed(4)
    a, b = fastnn.Input((4,), name="left"), fastnn.Input((3,), name="right")
    hidden = layers.Dense(8, activation="tanh")(layers.Concatenate()([a, b]))
    heads = {
        "price": layers.Dense(1, name="price")(hidden),
        "kind": layers.Dense(3, activation="softmax", name="kind")(hidden),
    }
    model = fastnn.Model([a, b], heads if dict_outputs else list(heads.values()))
    model.compile(optimizers.Adam(0.01), **(compilation or {"loss": LOSSES}))
    return model


X = {"list": [A, B], "tuple": (A, B), "dict": {"right": B, "left": A}}
LABELS = {"list": [PRICE, KIND], "tuple": (PRICE, KIND), "dict": {"kind": KIND, "price": PRICE}}


@pytest.mark.parametrize("y", LABELS)
@pytest.mark.parametrize("x", X)
@pytest.mark.parametrize("loss", [LOSSES, BY_NAME], ids=["list", "dict"])
def test_lists_tuples_and_dicts_train_alike(x, y, loss):
    expected = two_headed().fit([A, B], [PRICE, KIND], epochs=2, batch_size=16, verbose=0).history
    found = two_headed(loss=loss).fit(X[x], LABELS[y], epochs=2, batch_size=16, verbose=0).history
    assert found == expected
    assert list(found) == ["kind_loss", "loss", "price_loss"]


def test_datasets_and_generators_of_nested_batches():
    expected = two_headed().fit([A, B], [PRICE, KIND], batch_size=16, shuffle=False, verbose=0).history
    for elements in (((A, B), (PRICE, KIND)), (X["dict"], LABELS["dict"])):
        dataset = Dataset.from_tensor_slices(elements).batch(16)
        model = two_headed()
        assert model.fit(dataset, verbose=0).history == expected
        assert model.evaluate(dataset, verbose=0) == model.evaluate(*elements, batch_size=16, verbose=0)
        for one, other in zip(
            model.predict(dataset, verbose=0), model.predict([A, B], batch_size=16, verbose=0), strict=True
        ):
            np.testing.assert_array_equal(one, other)


def test_the_loss_is_the_weighted_sum_of_those_by_hand():
    model = two_headed(loss=BY_NAME, loss_weights={"price": 0.5, "kind": 3.0}, metrics={"kind": "accuracy"})
    price, kind = model.predict([A, B], verbose=0)
    squares = float(((price[:, 0] - PRICE) ** 2).mean())
    entropy = float(-np.log(kind[np.arange(64), KIND]).mean())
    found = model.test_on_batch([A, B], [PRICE, KIND], return_dict=True)
    assert found == pytest.approx(
        {
            "kind_accuracy": (kind.argmax(1) == KIND).mean(),
            "kind_loss": entropy,
            "loss": 0.5 * squares + 3 * entropy,
            "price_loss": squares,
        },
        rel=1e-5,
    )
    assert model.metrics_names == ["loss", "price_loss", "kind_loss", "kind_accuracy"]
    assert model.test_on_batch([A, B], [PRICE, KIND]) == [found[name] for name in model.metrics_names]


def test_weights_of_samples_by_output():
    weight = RNG.uniform(0, 2, 64).astype("float32")
    model = two_headed(loss=BY_NAME, metrics={"kind": ["accuracy"]}, weighted_metrics={"kind": ["accuracy"]})
    price, kind = model.predict([A, B], verbose=0)
    squares = (price[:, 0] - PRICE) ** 2
    entropy = -np.log(kind[np.arange(64), KIND])
    hits = kind.argmax(1) == KIND

    def found(sample_weight):
        return model.evaluate([A, B], [PRICE, KIND], sample_weight=sample_weight, verbose=0, return_dict=True)

    for given, first, second in (
        (weight, weight, weight),
        ([weight, None], weight, np.ones(64)),
        ({"kind": weight}, np.ones(64), weight),
    ):
        results = found(given)
        assert results["price_loss"] == pytest.approx((squares * first).mean(), rel=1e-5)
        assert results["kind_loss"] == pytest.approx((entropy * second).mean(), rel=1e-5)
        assert results["kind_accuracy"] == hits.mean()
        assert results["kind_weighted_accuracy"] == pytest.approx((hits * second).sum() / second.sum())


def test_an_output_without_a_loss_needs_no_labels():
    model = two_headed(loss=["mse", None])
    before = model.get_layer("kind").get_weights()
    for y in ([PRICE, None], [PRICE], {"price": PRICE}):
        assert list(model.fit([A, B], y, verbose=0).history) == ["loss"]
    for a, b in zip(before, model.get_layer("kind").get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    followed = two_headed(loss=["mse", None], metrics={"kind": "accuracy"})
    with pytest.raises(ValueError, match="y holds nothing for the output 'kind'"):
        followed.fit([A, B], [PRICE, None], verbose=0)


def test_dict_outputs():
    model = two_headed(dict_outputs=True, loss=BY_NAME, metrics={"kind": ["accuracy"]})
    history = model.fit(X["dict"], LABELS["dict"], validation_split=0.25, verbose=0).history
    names = ["kind_accuracy", "kind_loss", "loss", "price_loss"]
    assert list(history) == [*names, *(f"val_{name}" for name in names)]
    found = model.predict(X["dict"], batch_size=10, verbose=0)
    assert {name: y.shape for name, y in found.items()} == {"price": (64, 1), "kind": (64, 3)}
    partly = two_headed(dict_outputs=True, loss={"price": "mse"})
    assert list(partly.fit([A, B], {"price": PRICE}, verbose=0).history) == ["loss"]


def test_several_inputs_and_one_output():
    a, b = fastnn.Input((4,), name="left"), fastnn.Input((3,), name="right")
    set_random_seed(0)
    model = fastnn.Model([a, b], layers.Dense(1)(layers.Concatenate()([a, b])))
    model.compile(optimizers.SGD(0.1), "mse", metrics=["mse"])
    history = model.fit({"left": A, "right": B}, PRICE, epochs=60, validation_split=0.25, verbose=0).history
    assert history["val_mse"][-1] < 1e-3
    dataset = Dataset.from_tensor_slices(((A, B), PRICE)).batch(16)
    assert model.evaluate(dataset, verbose=0) == pytest.approx(
        model.evaluate([A, B], PRICE, verbose=0), rel=1e-5
    )
    weight = np.linspace(0, 2, 64)
    assert model.test_on_batch([A, B], [PRICE], weight) == pytest.approx(
        model.test_on_batch((A, B), PRICE[:, None], weight)
    )


def test_structures_of_one_and_keys_that_are_not_names():
    a, b = fastnn.Input((4,), name="left"), fastnn.Input((1,), name="right")
    joined = layers.Concatenate()([a, b])
    model = fastnn.Model({"first": a, "second": b}, {"only": layers.Dense(1)(joined)})
    model.compile(optimizers.SGD(0.0), "mse")
    column = B[:, 0]  # one number for each sample
    expected = model.evaluate({"first": A, "second": column[:, None]}, {"only": PRICE}, verbose=0)
    for x in ({"second": column, "first": A}, [A, column]):
        for y in (PRICE, [PRICE], {"only": PRICE[:, None]}):
            assert model.evaluate(x, y, verbose=0) == expected
            assert model.fit(x, y, verbose=0).history["loss"] == [pytest.approx(expected, rel=1e-5)]
    for inputs in ([a], {"alone": a}):
        alone = fastnn.Model(inputs, [layers.Dense(1)(a)])
        alone.compile(optimizers.SGD(0.0), "mse")
        expected = alone.test_on_batch(A, PRICE)
        assert alone.test_on_batch([A], [PRICE]) == expected
        assert alone.test_on_batch({"alone" if isinstance(inputs, dict) else "left": A}, PRICE) == expected
        assert alone.predict(A, verbose=0).shape == (64, 1)


def test_a_subclass_with_dicts():
    class Heads(fastnn.Model):
        def __init__(self):
            super().__init__()
            self.price, self.kind = layers.Dense(1), layers.Dense(3, activation="softmax")

        def call(self, inputs):
            together = fastnn.ops.concatenate([inputs["left"], inputs["right"]], 1)
            return {"price": self.price(together), "kind": self.kind(together)}

    model = Heads()
    model.compile("adam", loss=BY_NAME, metrics={"kind": ["accuracy"]})
    history = model.fit(X["dict"], LABELS["dict"], epochs=2, verbose=0).history
    assert list(history) == ["kind_accuracy", "kind_loss", "loss", "price_loss"]
    assert model.output_names == ["kind", "price"]
    late = Heads()
    late.compile("adam", loss={"pris": "mse", "kind": "mse"})
    with pytest.raises(ValueError, match=r"'pris', which the model does not have. Did you mean 'price'\?"):
        late.fit(X["dict"], LABELS["dict"], verbose=0)


def test_one_output_takes_its_compilation_by_name_and_weighted():
    model = models.Sequential([layers.Dense(1, input_shape=(4,), name="value")])
    model.compile("sgd", "mse")
    plain = model.test_on_batch(A, PRICE)
    (name,) = model.output_names
    model.compile("sgd", {name: "mse"}, loss_weights={name: 2.0}, metrics={name: ["mse"]})
    assert model.test_on_batch(A, PRICE) == pytest.approx([2 * plain, plain])
    model.compile("sgd", ["mse"], loss_weights=0.5, metrics=["mse"], weighted_metrics=["mse"])
    found = model.test_on_batch(A, PRICE, np.full(64, 3.0), return_dict=True)
    assert found == pytest.approx({"loss": 1.5 * plain, "mse": plain, "weighted_mse": plain}, rel=1e-5)


@pytest.mark.parametrize(
    "compilation",
    [
        {"loss": LOSSES},
        {"loss": [losses.MeanSquaredError(reduction="sum"), "sparse_categorical_crossentropy"]},
        {"loss": {"price": "mse", "kind": None}, "loss_weights": {"price": 2.0}},
        {
            "loss": BY_NAME,
            "loss_weights": [1, 0.5],
            "metrics": {"kind": ["accuracy", metrics.SparseCategoricalAccuracy("again")], "price": "mse"},
            "weighted_metrics": [["mse"], None],
        },
    ],
)
def test_saved_models_go_on_as_they_were(tmp_path, compilation):
    model = two_headed(**compilation)
    model.fit([A, B], [PRICE, KIND], batch_size=16, verbose=0)
    model.save(tmp_path / "model.safetensors")
    again = models.load_model(tmp_path / "model.safetensors")
    assert again.get_compile_config() == model.get_compile_config()
    set_random_seed(1)
    expected = model.fit([A, B], [PRICE, KIND], batch_size=16, epochs=2, verbose=0).history
    set_random_seed(1)
    assert again.fit([A, B], [PRICE, KIND], batch_size=16, epochs=2, verbose=0).history == expected


def test_a_loss_of_ones_own_cannot_be_saved(tmp_path):
    model = two_headed(loss=["mse", lambda y_true, y_pred: y_pred])
    with pytest.raises(ValueError, match="a function of your own and cannot be saved"):
        model.save(tmp_path / "model.safetensors")


COMPILATIONS = [
    ({"loss": {"pric": "mse", "kind": "mse"}}, "loss names the output 'pric'", "Did you mean 'price'?"),
    ({"loss": {"price": "mse"}}, "must name every output of the model", "there is none for 'kind'"),
    ({"loss": [None, None]}, "at least one output needs a loss", "[None, None]"),
    ({"loss": ["mse"]}, "loss must have one entry for each of the model's 2 outputs", "'price', 'kind'"),
    ({"loss": "mse", "loss_weights": [1.0]}, "loss_weights must have one entry", "received [1.0]"),
    ({"loss": "mse", "loss_weights": {"knd": 1.0}}, "loss_weights names the output 'knd'", "'kind'?"),
    ({"loss": "mse", "loss_weights": 2.0}, "loss_weights of a model with several outputs", "received 2.0"),
    (
        {"loss": "mse", "loss_weights": ["a", "b"]},
        "loss_weights must be numbers; received 'a'",
        "metrics=[...]",
    ),
    ({"loss": "mse", "metrics": ["accuracy"]}, "metrics must have one entry for each", "'price', 'kind'"),
    ({"loss": "mse", "metrics": "accuracy"}, "metrics of a model with several outputs", "'accuracy'"),
    (
        {"loss": "mse", "weighted_metrics": {"kin": "mse"}},
        "weighted_metrics names the output 'kin'",
        "'kind'?",
    ),
    ({"loss": "mse", "metrics": {"kind": ["acuracy"]}}, "unknown metric 'acuracy'", "Did you mean"),
    ({"loss": {"kind": "msee", "price": "mse"}}, "unknown loss 'msee'", "Did you mean"),
]


@pytest.mark.parametrize(("compilation", "what", "hint"), COMPILATIONS)
def test_compile_says_what_does_not_fit(compilation, what, hint):
    model = two_headed()
    before = model.get_compile_config()
    with pytest.raises(ValueError, match=re.escape(what)) as error:
        model.compile("sgd", **compilation)
    assert hint in str(error.value)
    assert model.get_compile_config() == before


@pytest.mark.parametrize(
    ("x", "y", "options", "words"),
    [
        (
            A,
            [PRICE, KIND],
            {},
            "the model has 2 inputs ('left', 'right'); received an array of shape (64, 4)",
        ),
        ([A, B, B], [PRICE, KIND], {}, "the model has 2 inputs"),
        (
            {"left": A, "rigt": B},
            [PRICE, KIND],
            {},
            "x names 'rigt', which the model does not have. Did you mean",
        ),
        ([B, A], [PRICE, KIND], {}, "input 'left': each sample must have shape (4,)"),
        ([A, B[:5]], [PRICE, KIND], {}, "all inputs must have the same length"),
        ([A, B], PRICE, {}, "the model has 2 outputs ('price', 'kind') and needs y as a list"),
        ([A, B], None, {}, "labels y are missing"),
        ([A, B], {"price": PRICE, "kin": KIND}, {}, "y names 'kin', which the model does not have"),
        ([A, B], {"price": PRICE}, {}, "y holds nothing for the output 'kind'"),
        ([A, B], [PRICE, KIND[:5]], {}, "x and y['kind'] must have the same length"),
        ([A, B], [PRICE, KIND + 7], {}, "output 'kind': labels must lie in [0, 3)"),
        (
            [A, B],
            [PRICE, KIND],
            {"sample_weight": np.ones((64, 2))},
            "must have shape (n,); received (64, 2)",
        ),
        (
            [A, B],
            [PRICE, KIND],
            {"sample_weight": [np.ones(3), None]},
            "sample_weight['price'] must have the same",
        ),
        ([A, B], [PRICE, KIND], {"class_weight": {0: 1.0}}, "class_weight is for one output"),
        ([A[:0], B[:0]], [PRICE[:0], KIND[:0]], {}, "there are no samples"),
        ([A * np.nan, B], [PRICE, KIND], {}, "x holds NaN"),
    ],
)
def test_fit_says_what_does_not_fit(x, y, options, words):
    model = two_headed()
    before = model.get_weights()
    with pytest.raises(ValueError, match=re.escape(words)):
        model.fit(x, y, verbose=0, **options)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
