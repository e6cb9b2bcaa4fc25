"""Models and layers written as classes: what is found in their attributes, in which order, and how they train."""

import copy

import fastnn
import numpy as np
import pytest
from fastnn import layers

X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")


class Residual(fastnn.Model):
    def __init__(self, units=4, **options):
        super().__init__(**options)
        self.hidden = layers.Dense(units, activation="relu")
        self.head = layers.Dense(1)

    def call(self, x, training=False):
        return self.head(self.hidden(x) + x)


def test_a_subclass_trains():
    model = Residual()
    assert not model.built
    assert model.weights == []
    model.compile("adam", "mse")
    y = X.sum(1, keepdims=True)
    first = model.evaluate(X, y, verbose=0)
    model.fit(X, y, epochs=500, verbose=0)
    assert model.evaluate(X, y, verbose=0) < 0.5 * first
    assert [w.shape for w in model.weights] == [(4, 4), (4,), (4, 1), (1,)]
    assert [layer.name for layer in model.layers] == [model.hidden.name, model.head.name]
    assert (model.input_shape, model.output_shape) == ((None, 4), (None, 1))
    assert (model.input_names, model.output_names) == (["input_1"], ["output_1"])


def test_parts_are_found_in_lists_dicts_and_tuples_in_the_order_in_which_they_came():
    class Many(fastnn.Model):
        def __init__(self):
            super().__init__()
            self.blocks = []
            self.first = layers.Dense(1)
            self.blocks.append(layers.Dense(2))
            self.blocks += [layers.Dense(3)]
            self.blocks.insert(0, layers.Dense(4))
            self.blocks.extend([layers.Dense(5)])
            self.named = {"six": layers.Dense(6)}
            self.named["seven"] = layers.Dense(7)
            self.named.update(eight=[layers.Dense(8)])
            self.named.setdefault("nine", layers.Dense(9))
            self.pair = (layers.Dense(10), (layers.Dense(11),))
            self.again = self.first
            self.scale = fastnn.Variable(1.0, name="scale")

    model = Many()
    assert [layer.units for layer in model.layers] == list(range(1, 12))
    assert [layer.units for layer in model.blocks] == [4, 2, 3, 5]
    assert [w.name for w in model.weights] == ["scale"]
    model.blocks[1:2] = [layers.Dense(12)]
    model.blocks[0] = layers.Dense(13)
    assert {12, 13} <= {layer.units for layer in model.layers}
    assert copy.copy(model.blocks) == model.blocks


def test_parts_of_parts():
    class Block(layers.Layer):
        def __init__(self):
            super().__init__()
            self.inside = [layers.Dense(4), layers.Dense(4)]

        def build(self, input_shape):
            self.gain = self.add_weight((4,), "ones", name="gain")

        def call(self, x):
            for layer in self.inside:
                x = layer(x)
            return x * self.gain

    x = fastnn.Input((4,))
    block = Block()
    model = fastnn.Model(x, block(x))
    assert [w.shape for w in model.weights] == [(4,), (4, 4), (4,), (4, 4), (4,)]
    block.trainable = False
    assert model.trainable_weights == []
    assert not any(w.requires_grad for w in model.weights)


def test_building_inside_build():
    class Wrapper(layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

        def build(self, input_shape):
            self.dense.build(input_shape)

        def call(self, x):
            return self.dense(x)

    layer = Wrapper()
    layer(X)
    assert len(layer.weights) == 2


def test_several_inputs_and_outputs():
    class Two(fastnn.Model):
        def __init__(self):
            super().__init__()
            self.left, self.right = layers.Dense(2), layers.Dense(3)

        def call(self, inputs, training=False):
            a, b = inputs
            return {"left": self.left(a), "right": self.right(b)}

    model = Two()
    found = model([X, X])
    assert {name: y.shape for name, y in found.items()} == {"left": (6, 2), "right": (6, 3)}
    assert model.input_shape == [(None, 4), (None, 4)]
    assert model.output_shape == {"left": (None, 2), "right": (None, 3)}
    assert (model.input_names, model.output_names) == (["input_1", "input_2"], ["left", "right"])


def test_a_subclass_in_a_graph_and_a_graph_in_a_subclass():
    x = fastnn.Input((4,))
    inner = Residual()
    model = fastnn.Model(x, layers.Dense(2)(inner(x)))
    assert model(X).shape == (6, 2)
    assert len(model.weights) == 6

    class Outer(fastnn.Model):
        def __init__(self):
            super().__init__()
            self.inner = model

        def call(self, x):
            return self.inner(x)

    outer = Outer()
    np.testing.assert_array_equal(outer(X), model(X))
    assert len(outer.weights) == 6


def test_a_subclass_may_hand_on_a_graph():
    class Handed(fastnn.Model):
        def __init__(self, units):
            x = fastnn.Input((4,))
            super().__init__(inputs=x, outputs=layers.Dense(units)(x), name="handed")

    model = Handed(3)
    assert isinstance(model, Handed)
    assert model(X).shape == (6, 3)
    assert model.output_names == [model.layers[1].name]


def test_fit_takes_the_training_flag():
    seen = set()

    class Watching(fastnn.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, x, training=False):
            seen.add(training)
            return self.dense(x)

    model = Watching()
    model.compile("sgd", "mse")
    model.fit(X, X[:, :1], verbose=0)
    assert seen == {False, True}
    seen.clear()
    model.predict(X, verbose=0)
    assert seen == {False}


def test_errors():
    class NoSuper(fastnn.Model):
        def __init__(self):
            self.dense = layers.Dense(1)

    class NoCall(fastnn.Model):
        pass

    class Wrong(fastnn.Model):
        def __init__(self):
            super().__init__(name="wrong")
            self.dense = layers.Dense(1, name="inner")

        def call(self, x):
            return self.dense(fastnn.ops.get_item(x, 0))

    with pytest.raises(RuntimeError, match=r"NoSuper.__init__ must call super\(\).__init__\(\)"):
        NoSuper()(X)
    with pytest.raises(NotImplementedError, match="NoCall has no method call"):
        NoCall()(X)
    with pytest.raises(ValueError, match="layer 'inner' \\(Dense\\): inputs must have shape"):
        Wrong()(X)


def test_copies_are_whole():
    class Stack(fastnn.Model):
        def __init__(self):
            super().__init__()
            self.parts = {"inner": [layers.Dense(3), layers.Dense(2)]}

        def call(self, x):
            for part in self.parts["inner"]:
                x = part(x)
            return x

    model = Stack()
    expected = model(X)
    twin = copy.deepcopy(model)
    np.testing.assert_array_equal(twin(X), expected)
    assert twin.parts["inner"][0] is twin.layers[0]
    assert twin.layers[0] is not model.layers[0]
    twin.parts["inner"].append(layers.Dense(1))
    assert (len(twin.layers), len(model.layers)) == (3, 2)
