"""Batches from datasets, generators and sequences train as arrays do; what cannot be is said at once."""

import re
import warnings

import numpy as np
import pytest
from fastnn import callbacks, layers, models, optimizers
from fastnn.data import Dataset
from fastnn.utils import set_random_seed

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4)).astype("float32")
Y = RNG.integers(0, 3, 60)
WEIGHT = RNG.uniform(0.1, 2, 60).astype("float32")


def classifier(built=True):
    set_random_seed(1)
    options = {"input_shape": (4,)} if built else {}
    model = models.Sequential(
        [layers.Dense(8, activation="relu", **options), layers.Dense(3, activation="softmax")]
    )
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def slices(*arrays):
    return Dataset.from_tensor_slices(arrays)


def batches(size=16, x=X, y=Y):
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]


class Sequence:
    """What Keras calls a PyDataset: batches by number."""

    def __init__(self):
        self.asked, self.ends = [], 0

    def __len__(self):
        return 4

    def __getitem__(self, index):
        self.asked.append(index)
        return X[16 * index : 16 * index + 16], Y[16 * index : 16 * index + 16]

    def on_epoch_end(self):
        self.ends += 1


def fitted(x, y=None, built=True, **options):
    model = classifier(built)
    history = model.fit(x, y, verbose=0, **options).history
    return history, model.get_weights()


def same(one, other):
    assert one[0] == other[0]
    for a, b in zip(one[1], other[1], strict=True):
        np.testing.assert_array_equal(a, b)


SOURCES = {
    "dataset": lambda: slices(X, Y).batch(16),
    "prefetched": lambda: slices(X, Y).batch(16).prefetch(2),
    "dataset of a generator": lambda: Dataset.from_generator(batches),
    "list in a tuple": lambda: (pair for pair in batches()),
    "lists": lambda: ([x.tolist(), y.tolist()] for x, y in batches()),
    "columns": lambda: ((x, y[:, None]) for x, y in batches()),
    "iterator": lambda: iter(list(batches())),
}


@pytest.mark.parametrize("built", [True, False], ids=["built", "unbuilt"])
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_the_same_batches_give_the_same_training(source, built):
    same(fitted(source(), built=built), fitted(X, Y, batch_size=16, shuffle=False, built=built))


def test_a_shuffled_dataset_trains_as_shuffled_arrays():
    dataset = slices(X, Y).shuffle(60).batch(16)
    same(fitted(dataset, epochs=3), fitted(X, Y, batch_size=16, epochs=3))
    again = slices(X, Y).shuffle(60).repeat().batch(15)
    histories = [fitted(again, epochs=3, steps_per_epoch=4) for _ in range(2)]
    same(*histories)


def test_whole_numbers_are_cast_as_arrays_are():
    images = RNG.integers(0, 255, (60, 4), dtype="uint8")
    same(fitted(slices(images, Y).batch(16)), fitted(images, Y, batch_size=16, shuffle=False))


def test_weights_in_batches_and_of_classes():
    weighted = fitted(X, Y, batch_size=16, shuffle=False, sample_weight=WEIGHT)
    same(fitted(slices(X, Y, WEIGHT).batch(16)), weighted)
    classes = {0: 2.0, 2: 0.5}
    same(
        fitted(slices(X, Y).batch(16), class_weight=classes),
        fitted(X, Y, batch_size=16, shuffle=False, class_weight=classes),
    )


def test_validation_evaluate_and_predict():
    model = classifier()
    data = slices(X, Y).batch(7)
    history = model.fit(X, Y, epochs=2, verbose=0, validation_data=data).history
    expected = model.evaluate(X, Y, batch_size=7, verbose=0)
    assert [history["val_loss"][-1], history["val_accuracy"][-1]] == expected
    for source in (data, batches(7), slices(X, Y).batch(7).repeat()):
        steps = 9 if getattr(source, "cardinality", int)() == -1 else None
        assert model.evaluate(source, steps=steps, verbose=0) == expected
    assert model.evaluate(data, steps=2, verbose=0) == model.evaluate(X[:14], Y[:14], batch_size=7, verbose=0)
    whole = model.predict(X, batch_size=7, verbose=0)
    for source in (
        data,
        Dataset.from_tensor_slices(X).batch(7),
        slices(X).batch(7),
        (x for x, _ in batches(7)),
    ):
        np.testing.assert_array_equal(model.predict(source, verbose=0), whole)
    np.testing.assert_array_equal(model.predict(data, steps=2, verbose=0), whole[:14])
    limited = model.fit(X, Y, verbose=0, validation_data=data.repeat(), validation_steps=3, epochs=2).history
    assert limited["val_loss"][-1] == model.evaluate(X[:21], Y[:21], batch_size=7, verbose=0)[0]


def test_a_sequence_is_asked_for_its_batches_in_random_order():
    sequence = Sequence()
    classifier().fit(sequence, epochs=3, verbose=0)
    epochs = [sequence.asked[i : i + 4] for i in (0, 4, 8)]
    assert all(sorted(epoch) == [0, 1, 2, 3] for epoch in epochs)
    assert epochs != [[0, 1, 2, 3]] * 3
    assert sequence.ends == 3
    sequence = Sequence()
    same(fitted(sequence, shuffle=False), fitted(X, Y, batch_size=16, shuffle=False))
    assert sequence.asked == [0, 1, 2, 3]


def test_steps_per_epoch_goes_on_where_it_ended():
    seen = []

    class Watch(callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            seen.append([])

        def on_train_batch_end(self, batch, logs=None):
            seen[-1].append(batch)

    taken = []
    dataset = slices(X, Y).batch(10).map(lambda x, y: taken.append(y) or (x, y))
    model = classifier()
    model.fit(dataset, epochs=4, steps_per_epoch=3, callbacks=Watch(), verbose=0)
    assert seen == [[0, 1, 2]] * 4
    np.testing.assert_array_equal(np.concatenate(taken), np.concatenate([Y, Y]))
    seen.clear()
    history = model.fit(X, Y, batch_size=10, epochs=2, steps_per_epoch=3, callbacks=Watch(), verbose=0)
    assert seen == [[0, 1, 2]] * 2
    assert len(history.epoch) == 2
    assert model.fit(X, Y, steps_per_epoch=4, callbacks=Watch(), verbose=0)
    assert seen[-1] == [0, 1, 2, 3]


def test_data_that_run_out_are_told_once():
    def endless_but_short():
        yield from batches(20)

    model = classifier()
    with pytest.warns(UserWarning, match="ran out after 1 of 2 batches") as told:
        history = model.fit(endless_but_short(), steps_per_epoch=2, epochs=5, verbose=0)
    assert len(told) == 1
    assert history.epoch == [0, 1]  # what came was learnt from
    with pytest.warns(UserWarning, match="ran out after 3 of 4 batches") as told:
        history = model.fit(slices(X, Y).batch(20), steps_per_epoch=4, epochs=3, verbose=0)
    assert len(told) == 1
    assert history.epoch == [0, 1, 2]  # a dataset begins anew


def test_the_line_tells_how_many_batches_there_were(capsys):
    classifier().fit(batches(), verbose=2)
    assert re.match(r"Epoch 1/1 - 4/4 - ", capsys.readouterr().out)


def test_single_batches_take_lists_of_one_and_names():
    model = classifier()
    expected = model.test_on_batch(X, Y)
    (name,), (out,) = model.input_names, model.output_names
    assert model.test_on_batch([X], [Y]) == expected
    assert model.test_on_batch({name: X}, {out: Y}) == expected
    assert model.test_on_batch(X.tolist(), Y.tolist()) == expected
    np.testing.assert_array_equal(model.predict_on_batch(X), model.predict(X, verbose=0))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda m: m.fit(slices(X, Y).batch(2), Y), "y cannot be given beside a Dataset"),
        (
            lambda m: m.fit(batches(), sample_weight=WEIGHT),
            "sample_weight cannot be given beside a generator",
        ),
        (
            lambda m: m.evaluate(slices(X, Y).batch(2), batch_size=3),
            "batch_size cannot be given beside a Dataset",
        ),
        (
            lambda m: m.fit(slices(X).batch(2)),
            "fit: batch 0: labels y are missing; give y, or batches (x, y)",
        ),
        (lambda m: m.fit(slices(X, Y)), "the data give single samples, not batches"),
        (lambda m: m.fit(slices(X, Y, Y, Y).batch(2)), "batch 0 has 4 parts"),
        (lambda m: m.fit(slices(X, Y).batch(2).repeat()), "infinite: pass steps_per_epoch"),
        (lambda m: m.predict(slices(X, Y).batch(2).repeat()), "infinite: pass steps"),
        (
            lambda m: m.fit(X, Y, validation_data=slices(X, Y).batch(2).repeat()),
            "fit: validation_data: the Dataset is infinite: pass validation_steps",
        ),
        (lambda m: m.fit(slices(X, Y).batch(2), validation_split=0.1), "dataset.take(n)"),
        (lambda m: m.fit(batches(), epochs=2), "x is a generator, which gives its batches only once"),
        (lambda m: m.fit(X, Y, epochs=2, validation_data=batches()), "pass validation_steps, or a Dataset"),
        (lambda m: m.fit(iter([])), "fit: the data gave no batches"),
        (lambda m: m.evaluate(iter([])), "evaluate: the data gave no batches"),
        (lambda m: m.predict(iter([])), "predict: the data gave no batches"),
        (lambda m: m.fit(X, Y, steps_per_epoch=0), "steps_per_epoch=0"),
        (lambda m: m.fit(batches(x=X[:, :2])), "fit: batch 0: each sample must have shape (4,)"),
        (
            lambda m: m.fit(slices(X, np.where(np.arange(60) == 33, 9, Y)).batch(16)),
            "fit: batch 2: labels must lie in [0, 3), one for each output of the model; received 9 at position 1",
        ),
        (lambda m: m.fit(slices(X, Y, WEIGHT).batch(9), class_weight={0: 1.0}), "exclude each other"),
        (lambda m: m.fit(X, Y, validation_data=X), "validation_data must be (x, y) or (x, y, sample_weight)"),
    ],
)
def test_bad_input_says_what(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call(classifier())


def test_an_error_in_a_dataset_comes_through_and_leaves_a_usable_model():
    def fail(x, y):
        raise OSError("disk")

    model = classifier()
    with pytest.raises(RuntimeError, match="element 0: OSError: disk"):
        model.fit(slices(X, Y).batch(16).map(fail), verbose=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(X, Y, verbose=0)
