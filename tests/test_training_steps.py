"""Models that do their own steps, as Keras documents it, and PyTorch's habits."""

import fastnn
import numpy as np
import pytest
from fastnn import layers, losses, metrics, ops, optimizers
from fastnn.data import Dataset
from fastnn.utils import set_random_seed

RNG = np.random.default_rng(0)
X = RNG.normal(size=(48, 4)).astype("float32")
Y = (X @ RNG.normal(size=(4, 1))).astype("float32")


class Regression(fastnn.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(6, activation="tanh")
        self.head = layers.Dense(1)

    def call(self, x, training=False):
        return self.head(self.hidden(x))


class TrainStep(Regression):
    """The pattern of Keras's guide."""

    def train_step(self, data):
        x, y, *weight = data
        with fastnn.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(y=y, y_pred=y_pred, sample_weight=weight[0] if weight else None)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {metric.name: metric.result() for metric in self.metrics}

    def test_step(self, data):
        x, y = data
        y_pred = self(x, training=False)
        loss = self.compute_loss(y=y, y_pred=y_pred)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {metric.name: metric.result() for metric in self.metrics}


class ApplyGradients(Regression):
    def train_step(self, data):
        x, y = data
        with fastnn.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return {"loss": loss.item()}


class Super(Regression):
    def train_step(self, data):
        return super().train_step(data)


class ComputeLoss(Regression):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
        return super().compute_loss(x, y, y_pred, sample_weight)


def trained(cls, **options):
    set_random_seed(0)
    model = cls()
    model(X[:1])
    model.compile(optimizers.SGD(0.1), "mse", metrics=options.pop("metrics", ["mse"]))
    history = model.fit(X, Y, batch_size=16, epochs=3, shuffle=False, verbose=0, **options).history
    return history, model


@pytest.mark.parametrize("cls", [TrainStep, Super, ComputeLoss])
def test_own_steps_that_do_what_the_standard_ones_do(cls):
    expected, standard = trained(Regression, validation_data=(X, Y))
    found, model = trained(cls, validation_data=(X, Y))
    assert list(found) == list(expected)
    for name, values in expected.items():
        # a mean over batches, of which all are of one size
        np.testing.assert_allclose(found[name], values, rtol=1e-5, err_msg=name)
    for a, b in zip(model.get_weights(), standard.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(standard.evaluate(X, Y, verbose=0), rel=1e-5)
    assert model.train_on_batch(X, Y) == pytest.approx(standard.train_on_batch(X, Y), rel=1e-5)


def test_what_a_step_returns_last_is_shown_where_it_is_no_metric():
    history, _ = trained(ApplyGradients, metrics=None)
    set_random_seed(0)
    by_hand = Regression()
    by_hand(X[:1])
    by_hand.compile(optimizers.SGD(0.1), "mse")
    last = [by_hand.train_on_batch(X[i : i + 16], Y[i : i + 16]) for _ in range(3) for i in (0, 16, 32)][2::3]
    assert list(history) == ["loss"]
    assert history["loss"] == pytest.approx(last, rel=1e-5)

    class Named(ApplyGradients):
        def train_step(self, data):
            return {"mine": super().train_step(data)["loss"], "another": fastnn.tensor(2.0)}

    history, _ = trained(Named, metrics=None)
    assert list(history) == ["another", "mine"]
    assert history["another"] == [2.0] * 3


def test_metrics_of_ones_own_and_no_loss_in_compile():
    class Own(Regression):
        def __init__(self):
            super().__init__()
            self.mean = metrics.Mean("loss")
            self.error = metrics.MeanSquaredError("error")

        def train_step(self, data):
            x, y = data
            with fastnn.GradientTape() as tape:
                y_pred = self(x, training=True)
                loss = ops.mean(ops.square(y_pred - y))
            self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            self.mean.update_state(loss)
            self.error.update_state(y, y_pred)
            return {"loss": self.mean.result(), "error": self.error.result()}

    class Listed(Own):
        @property
        def metrics(self):
            return [self.mean, self.error]

    for cls in (Own, Listed):
        set_random_seed(0)
        model = cls()
        model.compile(optimizer=optimizers.SGD(0.1))
        history = model.fit(X, Y, epochs=3, batch_size=16, verbose=0).history
        assert list(history) == ["error", "loss"]
        np.testing.assert_allclose(history["loss"], history["error"], rtol=1e-5)
        assert history["loss"][2] < history["loss"][0]
        one = model.fit(X, Y, batch_size=48, verbose=0).history["loss"][0]
        assert one < history["loss"][2], "the metrics begin anew in each epoch"


def test_two_networks_against_each_other():
    """Samples without labels, two optimizers, compile overridden, and no call."""

    class Game(fastnn.Model):
        def __init__(self):
            super().__init__()
            self.judge = fastnn.Sequential([layers.Dense(1, input_shape=(4,))])
            self.maker = fastnn.Sequential([layers.Dense(4, input_shape=(2,))])

        def compile(self, judge_optimizer, maker_optimizer, loss_fn):
            super().compile()
            self.judge_optimizer, self.maker_optimizer = judge_optimizer, maker_optimizer
            self.loss_fn = loss_fn

        def train_step(self, real):
            noise = np.ones((len(real), 2), "float32")
            with fastnn.GradientTape() as tape:
                score = self.judge(ops.concatenate([self.maker(noise), fastnn.tensor(real)], 0))
                labels = np.repeat(np.array([[1.0], [0.0]], "float32"), len(real), 0)
                judged = self.loss_fn(labels, score)
            grads = tape.gradient(judged, self.judge.trainable_weights)
            self.judge_optimizer.apply(grads, self.judge.trainable_weights)
            with fastnn.GradientTape() as tape:
                made = self.loss_fn(np.zeros((len(real), 1), "float32"), self.judge(self.maker(noise)))
            grads = tape.gradient(made, self.maker.trainable_weights)
            self.maker_optimizer.apply(grads, self.maker.trainable_weights)
            return {"judged": judged, "made": made}

    for data in (X, Dataset.from_tensor_slices(X).batch(16)):
        model = Game()
        model.compile(optimizers.SGD(0.1), optimizers.SGD(0.1), losses.BinaryCrossentropy(from_logits=True))
        before = model.get_weights()
        history = model.fit(data, epochs=4, verbose=0).history
        assert list(history) == ["judged", "made"]
        assert history["judged"][-1] < history["judged"][0]
        assert all((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))
        with pytest.raises(NotImplementedError, match="Game has no method call"):
            model.predict(X, verbose=0)


def test_steps_of_models_with_several_outputs_get_the_structure_of_these():
    seen = []

    class Heads(fastnn.Model):
        def __init__(self):
            super().__init__()
            self.a, self.b = layers.Dense(1), layers.Dense(1)

        def call(self, x):
            return {"a": self.a(x), "b": self.b(x)}

        def train_step(self, data):
            y = data[1]
            seen.append({name: part.shape for name, part in y.items()})
            return super().train_step(data)

    model = Heads()
    model.compile("sgd", {"a": "mse", "b": "mse"}, metrics={"a": ["mse"]})
    history = model.fit(X, {"b": Y, "a": Y}, batch_size=48, epochs=2, verbose=0).history
    assert seen == [{"a": (48, 1), "b": (48, 1)}] * 2
    assert list(history) == ["a_loss", "a_mse", "b_loss", "loss"]
    np.testing.assert_allclose(np.add(history["a_loss"], history["b_loss"]), history["loss"], rtol=1e-5)
    np.testing.assert_allclose(history["a_loss"], history["a_mse"], rtol=1e-5)


def test_bad_steps_say_what():
    class Nothing(Regression):
        def train_step(self, data):
            pass

    with pytest.raises(TypeError, match="train_step must return a dict of numbers by name; received None"):
        trained(Nothing)
    model = TrainStep()
    model.compile("sgd")
    with pytest.raises(ValueError, match="compute_loss: compile was given no loss"):
        model.fit(X, Y, verbose=0)
    with pytest.raises(RuntimeError, match="call compile first"):
        TrainStep().fit(X, Y)


def test_a_loss_of_nan_stops_own_steps_too():
    model = Super()
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="x holds NaN"):
        model.fit(X * np.nan, Y, verbose=0)


class Noted(layers.Layer):
    """Takes down what it is told about training."""

    def __init__(self):
        super().__init__()
        self.told = []

    def call(self, x, training=False):
        self.told.append(training)
        return x

    def last(self):
        return self.told[-1]


def nets(noted):
    inputs = fastnn.Input((4,))
    yield fastnn.Sequential([noted, layers.Dense(1, input_shape=(4,))])
    yield fastnn.Model(inputs, layers.Dense(1)(noted(inputs)))

    class Mine(fastnn.Model):
        def __init__(self):
            super().__init__()
            self.noted, self.head = noted, layers.Dense(1)

        def call(self, x):
            return self.head(self.noted(x))

    yield Mine()


@pytest.mark.parametrize("kind", range(3), ids=["stack", "graph", "subclass"])
def test_train_and_eval_set_what_calls_mean(kind):
    noted = Noted()
    model = list(nets(noted))[kind]
    model(X)
    assert not noted.last()
    assert model.train() is model
    model(X)
    assert noted.last()
    model(X, training=False)
    assert not noted.last()
    model.compile("sgd", "mse")
    model.evaluate(X, Y, verbose=0)
    assert not noted.last()
    model.predict(X, verbose=0)
    assert not noted.last()
    model.predict_on_batch(X)
    assert not noted.last()
    assert model.eval() is model
    model(X)
    assert not noted.last()
    model.fit(X, Y, verbose=0)
    assert noted.last()
    model.train(False)(X)
    assert not noted.last()


def test_parameters_are_the_trainable_variables():
    model = Regression()
    model(X)
    assert [p is w for p, w in zip(model.parameters(), model.trainable_weights, strict=True)] == [True] * 4
    model.hidden.trainable = False
    assert len(list(model.parameters())) == 2
