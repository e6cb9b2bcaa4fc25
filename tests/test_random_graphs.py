"""Random graphs: what a model computes is what its layers compute one after the other, also from a file."""

import fastnn
import numpy as np
from fastnn import layers, models, ops, tree, utils
from hypothesis import given, settings
from hypothesis import strategies as st

WIDTH = 3


def grow(rng, shared):
    """Return inputs and outputs of a random graph, and a function that computes the same from arrays, step by step."""
    known = [fastnn.Input((WIDTH,), name=f"input_{i}") for i in range(int(rng.integers(1, 4)))]
    inputs, steps = list(known), []
    for _ in range(int(rng.integers(1, 12))):
        some = [int(i) for i in rng.integers(0, len(known), 3)]
        kind = rng.integers(6)
        if kind == 0:
            call = layers.Dense(WIDTH, activation="tanh")
        elif kind == 1:
            call = shared[int(rng.integers(len(shared)))]
        elif kind == 2:
            add, names = layers.Average(), some

            def call(x, add=add, names=names, values=None):
                return add([values[i] for i in names])
        elif kind == 3:
            join, names = layers.Concatenate(), some

            def call(x, join=join, names=names, values=None):
                return join([values[i] for i in names])[:, 2 : 2 + WIDTH]
        elif kind == 4:

            def call(x, other=some[1], values=None):
                return x * values[other] - 0.5
        else:

            def call(x, values=None):
                return ops.relu(x) + np.arange(WIDTH, dtype="float32")

        several = not isinstance(call, layers.Layer)
        known.append(call(known[some[0]], values=known) if several else call(known[some[0]]))
        steps.append((call, some[0], several))
    chosen = [int(i) for i in rng.integers(0, len(known), int(rng.integers(1, 4)))]
    outputs = [known[i] + 0.0 for i in chosen]

    def reference(arrays):
        values = [fastnn.tensor(a) for a in arrays]
        for call, place, several in steps:
            values.append(call(values[place], values=values) if several else call(values[place]))
        return [values[i] for i in chosen]

    return inputs, outputs, reference


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_graphs(seed, tmp_path_factory):
    rng = np.random.default_rng(seed)
    block = fastnn.Input((WIDTH,))
    shared = [layers.Dense(WIDTH), fastnn.Model(block, layers.Dense(WIDTH, activation="relu")(block))]
    inputs, outputs, reference = grow(rng, shared)
    model = fastnn.Model(inputs, outputs)
    arrays = [rng.normal(size=(4, WIDTH)).astype("float32") for _ in inputs]
    expected = [np.asarray(y) for y in reference(arrays)]
    path = tmp_path_factory.mktemp("random") / "model"
    model.save(path)
    for one in (model, models.load_model(path), models.clone_model(model)):
        one.set_weights(model.get_weights())
        for mine, other in zip(tree.flatten(one(arrays)), expected, strict=True):
            np.testing.assert_array_equal(np.asarray(mine), other)
    drawing = utils.plot_model(model, None).splitlines()
    assert sum("●" in line for line in drawing) == len(
        set(map(id, model._graph.nodes)) | set(map(id, _unused(model)))
    )
    assert sum("output" in line for line in drawing) == len(
        {id(t._keras_history.node) for t in model.outputs}
    )
    model.summary(print_fn=lambda text: None)


def _unused(model):
    return [t._keras_history.node for t in model.inputs]
