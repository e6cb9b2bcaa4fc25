"""Models made of graphs: structures, sharing, nesting, freezing, depth, and what is refused."""

import gc
import re
import weakref

import fastnn
import numpy as np
import pytest
from fastnn import layers, ops
from fastnn.utils import set_random_seed

RNG = np.random.default_rng(0)
X4, X6 = RNG.normal(size=(5, 4)).astype("float32"), RNG.normal(size=(5, 6)).astype("float32")


def two_branches(**options):
    a, b = fastnn.Input((4,), name="a"), fastnn.Input((6,), name="b")
    joined = layers.Concatenate()([layers.Dense(3, activation="relu")(a), layers.Dense(2)(b)])
    return fastnn.Model([a, b], layers.Dense(1)(joined), **options)


def test_the_graph_computes_what_its_layers_do():
    model = two_branches()
    left, right, top = (layer for layer in model.layers if layer.weights)
    expected = top(np.concatenate([left(X4), right(X6)], 1))
    for x in ([X4, X6], (X4, X6), {"a": X4, "b": X6}, {"b": X6, "a": X4}):
        np.testing.assert_array_equal(model(x), expected)
    assert (model.input_names, model.output_names) == (["a", "b"], [top.name])
    assert model.input_shape == [(None, 4), (None, 6)]
    assert model.output_shape == (None, 1)


@pytest.mark.parametrize("structure", [list, tuple, dict, "nested"])
def test_outputs_keep_their_structure(structure):
    x = fastnn.Input((4,))
    one, two = layers.Dense(1)(x), layers.Dense(2)(x)
    made = {"one": one, "two": two} if structure is dict else {"a": [one], "b": (two, one)}
    outputs = made if structure in (dict, "nested") else structure([one, two])
    found = fastnn.Model(x, outputs)(X4)
    shapes = fastnn.tree.map_structure(lambda y: y.shape, found)
    if structure == "nested":
        assert shapes == {"a": [(5, 1)], "b": ((5, 2), (5, 1))}
    elif structure is dict:
        assert shapes == {"one": (5, 1), "two": (5, 2)}
    else:
        assert shapes == structure([(5, 1), (5, 2)])


def test_a_list_of_one_is_one():
    x = fastnn.Input((4,))
    model = fastnn.Model([x], [layers.Dense(2)(x)])
    assert model(X4).shape == model([X4]).shape == model({x.name: X4}).shape == (5, 2)
    assert (model.input_shape, model.output_shape) == ((None, 4), (None, 2))
    assert model.predict(X4, verbose=0).shape == (5, 2)


def test_dict_inputs():
    a, b = fastnn.Input((4,), name="first"), fastnn.Input((6,), name="second")
    model = fastnn.Model({"z": a, "y": b}, layers.Concatenate()([a, b]))
    np.testing.assert_array_equal(model({"z": X4, "y": X6}), np.concatenate([X4, X6], 1))
    assert model.input_names == ["second", "first"]  # as Keras: the keys in order
    assert model.input_shape == {"z": (None, 4), "y": (None, 6)}


def test_training_a_graph_is_training_its_layers():
    set_random_seed(3)
    x = fastnn.Input((4,))
    h = layers.Dense(8, activation="tanh")(x)
    model = fastnn.Model(x, layers.Dense(1)(layers.Add()([h, layers.Dense(8)(x)])))
    y = (X4**2).sum(1, keepdims=True)
    model.compile("adam", "mean_squared_error")
    first = model.evaluate(X4, y, verbose=0)
    model.fit(X4, y, epochs=200, verbose=0)
    assert model.evaluate(X4, y, verbose=0) < 0.2 * first


def test_shared_layers_have_one_set_of_weights_and_both_gradients():
    x, y = fastnn.Input((4,)), fastnn.Input((4,))
    shared = layers.Dense(2, use_bias=False, dtype="float64")
    model = fastnn.Model([x, y], layers.Add(dtype="float64")([shared(x), shared(y)]))
    assert len(model.weights) == 1
    model([X4, 2 * X4]).sum().backward()
    np.testing.assert_allclose(np.asarray(shared.kernel.grad), 3 * X4.sum(0)[:, None] * np.ones(2), rtol=1e-5)


def test_ops_and_operators_are_steps():
    x = fastnn.Input((4,))
    y = ops.relu(x * 2.0 - 1) / np.float32(3) + ops.mean(x, axis=-1, keepdims=True)
    model = fastnn.Model(x, y)
    np.testing.assert_allclose(
        model(X4), np.maximum(2 * X4 - 1, 0) / 3 + X4.mean(1, keepdims=True), rtol=1e-5
    )
    assert [layer.name for layer in model.layers] == [x.name]  # ops are no layers, as in Keras
    assert len(model.operations) == 7


def test_models_in_models():
    inner = two_branches(name="inner")
    a, b = fastnn.Input((4,)), fastnn.Input((6,))
    stack = fastnn.Sequential([layers.Dense(3), layers.Dense(1)])
    model = fastnn.Model([a, b], layers.Add()([inner([a, b]), stack(b)]))
    np.testing.assert_allclose(
        model([X4, X6]), np.asarray(inner([X4, X6])) + np.asarray(stack(X6)), rtol=1e-6
    )
    assert len(model.weights) == 10
    assert model.get_layer("inner") is inner
    assert stack.built
    again = fastnn.Sequential([fastnn.Input((4,)), fastnn.Model(a, layers.Dense(3)(a)), layers.Dense(2)])
    assert again(X4).shape == (5, 2)


def test_second_models_read_inside():
    model = fastnn.Sequential([fastnn.Input((4,)), layers.Dense(3, name="hidden"), layers.Dense(2)])
    reader = fastnn.Model(model.input, [model.get_layer("hidden").output, model.output])
    hidden, out = reader(X4)
    np.testing.assert_array_equal(hidden, model.layers[0](X4))
    np.testing.assert_array_equal(out, model(X4))
    assert reader.weights[0] is model.weights[0]
    assert model.layers[0].input is model.input
    late = fastnn.Sequential([layers.Dense(3)])
    with pytest.raises(AttributeError, match="no symbolic output yet: give the first layer an input_shape"):
        _ = late.output
    late(X4)
    assert late.output.shape == (None, 3)


def test_a_model_from_the_middle_of_a_graph():
    x = fastnn.Input((4,))
    hidden = layers.Dense(3, activation="relu")(x)
    side = ops.exp(hidden)
    out = layers.Dense(2)(layers.Add()([hidden, side]))
    whole, head = fastnn.Model(x, [hidden, out]), fastnn.Model(hidden, out)
    values, expected = whole(X4)
    np.testing.assert_array_equal(head(values), expected)
    assert head.input_shape == (None, 3)
    assert len(head.weights) == 2


def test_freezing():
    inner = fastnn.Sequential([fastnn.Input((4,)), layers.Dense(3), layers.Dense(2)], name="inner")
    x = fastnn.Input((4,))
    model = fastnn.Model(x, layers.Dense(1)(inner(x)))
    inner.trainable = False
    assert len(model.trainable_weights) == 2
    assert len(model.non_trainable_weights) == 4
    before = [w.copy() for w in model.get_weights()]
    model.compile("sgd", "mse")
    model.fit(X4, X4[:, :1], epochs=2, verbose=0)
    changed = [not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
    assert changed == [False] * 4 + [True] * 2
    inner.trainable = True
    assert len(model.trainable_weights) == 6
    assert fastnn.Model(x, inner(x), trainable=False).trainable_weights == []


def test_freezing_leaves_what_never_trains_alone():
    class Counter(layers.Layer):
        def build(self, input_shape):
            self.factor = self.add_weight((), "ones")
            self.count = self.add_weight((), "zeros", trainable=False)

        def call(self, x):
            return x * self.factor

    layer = Counter()
    layer(X4)
    layer.trainable = False
    layer.trainable = True
    assert [w is layer.factor for w in layer.trainable_weights] == [True]
    assert [w is layer.count for w in layer.non_trainable_weights] == [True]


def test_training_is_told_to_layers_at_any_depth():
    class Noise(layers.Layer):
        def call(self, x, training=False):
            return x + 1 if training else x

    class Block(layers.Layer):  # does not pass it on: layers inside learn it all the same, as in Keras
        def __init__(self):
            super().__init__()
            self.noise = Noise()

        def call(self, x):
            return self.noise(x)

    x = fastnn.Input((4,))
    inner = fastnn.Sequential([Noise(), Block()])
    model = fastnn.Model(x, Noise()(inner(x), training=True))  # what is said in the graph holds always
    np.testing.assert_allclose(model(X4), X4 + 1)
    np.testing.assert_allclose(model(X4, training=True), X4 + 3)
    np.testing.assert_allclose(model(X4, training=False), X4 + 1)


def test_layers_of_ones_own_need_not_tell_their_output_shape():
    class Doubled(layers.Layer):
        def call(self, x):
            return {"twice": ops.concatenate([x, x], axis=-1), "sums": ops.sum(x, axis=1)}

    x = fastnn.Input((4,))
    y = Doubled()(x)
    assert (y["twice"].shape, y["sums"].shape) == ((None, 8), (None,))
    stack = fastnn.Sequential([layers.Dense(3, input_shape=(4,)), _Twice(), layers.Dense(2)])
    assert stack.layers[2].kernel.shape == (6, 2)


class _Twice(layers.Layer):
    def call(self, x, factor=1.0):
        return ops.concatenate([x, x * factor], axis=-1)


def test_more_arguments_than_one():
    class Scaled(layers.Layer):
        def call(self, x, other, *, factor=1.0):
            return x * other * factor

    a, b = fastnn.Input((4,)), fastnn.Input((4,))
    layer = Scaled()
    model = fastnn.Model([a, b], [layer(a, b), layer(a, other=b, factor=3.0)])
    one, three = model([X4, X4])
    np.testing.assert_allclose(one, X4**2, rtol=1e-6)
    np.testing.assert_allclose(three, 3 * X4**2, rtol=1e-6)


def test_ten_thousand_layers_deep():
    x = y = fastnn.Input((2,), dtype="float64")
    for _ in range(10_000):
        y = y + 1.0
    model = fastnn.Model(x, y)
    assert len(model.operations) == 10_001
    np.testing.assert_array_equal(model(np.zeros((1, 2))), [[10_000.0] * 2])
    start = fastnn.tensor(np.zeros((1, 2)), requires_grad=True)
    model(start).sum().backward()
    np.testing.assert_array_equal(np.asarray(start.grad), [[1, 1]])


def test_what_is_used_up_is_let_go():
    alive = []

    class Watched(layers.Layer):
        def call(self, x):
            alive.append(sum(reference() is not None for reference in seen))
            y = np.array(x) + 1
            seen.append(weakref.ref(y))
            return y

        def compute_output_shape(self, input_shape):
            return input_shape

    seen = []
    x = y = fastnn.Input((4,))
    for _ in range(6):
        y = Watched()(y)
    model = fastnn.Model(x, y)
    seen.clear()
    alive.clear()
    model(X4)
    gc.collect()
    assert max(alive) == 1  # the one that is being read


def test_rank_of_a_column_is_made_to_fit():
    x = fastnn.Input((1,))
    assert fastnn.Model(x, layers.Dense(2)(x))(np.ones(5)).shape == (5, 2)


def test_inputs_are_cast_to_their_own_types():
    a, b = fastnn.Input((2,), dtype="int64"), fastnn.Input((2,), dtype="float64")
    out = fastnn.Model([a, b], [ops.add(a, 0), ops.add(b, 0)])(
        [np.ones((1, 2), "uint8"), np.ones((1, 2), "float32")]
    )
    assert [y.dtype.name for y in out] == ["int64", "float64"]


def test_get_layer():
    model = two_branches()
    assert model.get_layer(index=0) is model.layers[0]
    assert model.get_layer("a") is model.layers[0]
    with pytest.raises(ValueError, match="give either name or index"):
        model.get_layer()
    with pytest.raises(ValueError, match="no layer is named 'c'"):
        model.get_layer("c")
    with pytest.raises(ValueError, match="there are 6 layers; received index=9"):
        model.get_layer(index=9)


A, B = fastnn.Input((4,), name="a"), fastnn.Input((4,), name="b")


@pytest.mark.parametrize(
    ("make", "kind", "words"),
    [
        (
            lambda: fastnn.Model(A, layers.Add()([A, B])),
            ValueError,
            "needs more than the given inputs ['a']: it is computed from Input 'b' of shape (None, 4) too",
        ),
        (lambda: fastnn.Model(A, layers.Dense(1, name="d")(B)), ValueError, "output 'd' needs more than"),
        (lambda: fastnn.Model([A, A], A + 1), ValueError, "the same Input is given twice"),
        (lambda: fastnn.Model([A, B], layers.Dense(2, name="b")(A + B)), ValueError, "two layers named 'b'"),
        (lambda: fastnn.Model(A, np.ones(3)), TypeError, "outputs of a model must be symbolic tensors"),
        (lambda: fastnn.Model(layers.Dense(1), A), TypeError, "inputs of a model must be symbolic tensors"),
        (lambda: fastnn.Model([], A), ValueError, "a model needs inputs"),
        (
            lambda: layers.Dense(2, name="d")(fastnn.Input(())),
            ValueError,
            "layer 'd' (Dense): inputs must have",
        ),
        (
            lambda: two_branches()(X4),
            ValueError,
            "takes 2 inputs, ['a', 'b'], as a list or a dict; received 1",
        ),
        (lambda: two_branches()([X4, X6, X6]), ValueError, "received 3"),
        (
            lambda: two_branches()([[X4, X4], X6]),
            ValueError,
            "in the structure in which it was made; received 3",
        ),
        (lambda: two_branches()({"a": X4}), ValueError, "inputs ['a', 'b']; missing ['b']"),
        (lambda: two_branches()({"a": X4, "c": X6}), ValueError, "missing ['b'] and unknown ['c']"),
        (
            lambda: two_branches(name="m")([X6, X4]),
            ValueError,
            "model 'm': Input 'a' takes shape (None, 4); received (5, 6)",
        ),
        (
            lambda: two_branches(name="m")([X4, X6[0]]),
            ValueError,
            "Input 'b' takes shape (None, 6); received (6,)",
        ),
        (
            lambda: fastnn.Model(fastnn.KerasTensor((None, 4)), A),
            AttributeError,
            "made by hand, not by fastnn.Input",
        ),
        (lambda: A.dense, AttributeError, "no attribute 'dense'"),
        (lambda: layers.Dense(2).output, AttributeError, "never called on a symbolic tensor"),
    ],
)
def test_what_is_refused(make, kind, words):
    with pytest.raises(kind, match=re.escape(words)):
        make()


def test_shapes_that_stop_fitting_name_the_layer_at_construction_and_at_the_call():
    layer = layers.Dense(2, name="head")
    layer(fastnn.Input((3,)))
    with pytest.raises(ValueError, match=r"layer 'head' \(Dense\): inputs must have 3 features.*\(None, 4\)"):
        layer(A)

    class Cut(layers.Layer):  # says one thing and does another
        def call(self, x):
            return ops.get_item(x, (slice(None), slice(1, None)))

        def compute_output_shape(self, input_shape):
            return input_shape

    model = fastnn.Model(A, layers.Dense(2, name="top")(Cut()(A)))
    with pytest.raises(ValueError, match=r"layer 'top' \(Dense\): \[dense\].*\(5, 3\).*\(4, 2\)"):
        model(X4)


def test_a_graph_edited_into_a_cycle_is_refused():
    x = fastnn.Input((4,))
    first, second = layers.Activation("relu"), layers.Activation("relu")
    y = second(first(x))
    first._inbound_nodes[0].inputs[0] = y
    with pytest.raises(ValueError, match="the graph has a cycle"):
        fastnn.Model(x, y)
