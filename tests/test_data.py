"""Dataset: the meanings of tf.data, whole batches gathered natively, orders that a seed repeats, no thread left."""

import re
import threading
import time

import fastnn
import numpy as np
import pytest
from fastnn import ops, random
from fastnn.data import AUTOTUNE, INFINITE_CARDINALITY, UNKNOWN_CARDINALITY, Dataset
from hypothesis import given
from hypothesis import strategies as st

X = np.arange(40, dtype="float32").reshape(10, 2, 2)
Y = np.arange(10)


def numbers(dataset):
    """Return the elements of a dataset of numbers, in whatever batches they come."""
    return [np.asarray(element).tolist() for element in dataset]


def as_rows(n):
    return Dataset.from_tensor_slices(np.arange(n))


def as_stream(n):
    return Dataset.from_generator(lambda: iter(range(n)))


def same(a, b):
    """Compare nested elements exactly."""
    assert type(a) is type(b)
    if isinstance(a, tuple):
        assert len(a) == len(b)
        [same(*pair) for pair in zip(a, b, strict=True)]
    elif isinstance(a, dict):
        assert list(a) == list(b)
        [same(a[key], b[key]) for key in a]
    else:
        np.testing.assert_array_equal(a, b, strict=True)


# Each transformation beside what it means for a list.
PLAIN = {
    "take": lambda items, n: items[:n] if n >= 0 else items,
    "skip": lambda items, n: items[n:] if n >= 0 else [],
    "repeat": lambda items, n: items * n,
    "batch": lambda items, n: [items[i : i + n] for i in range(0, len(items), n)],
    "full batches": lambda items, n: [items[i : i + n] for i in range(0, len(items) - n + 1, n)],
    "map": lambda items, n: [np.add(item, n).tolist() for item in items],
    "filter": lambda items, n: [item for item in items if np.sum(item) % 2 == n % 2],
    "prefetch": lambda items, n: items,
    "cache": lambda items, n: items,
    "enumerate": lambda items, n: [n + i for i in range(len(items))],
}
CHAIN = {
    "take": lambda d, n: d.take(n),
    "skip": lambda d, n: d.skip(n),
    "repeat": lambda d, n: d.repeat(n),
    "batch": lambda d, n: d.batch(n),
    "full batches": lambda d, n: d.batch(n, drop_remainder=True),
    "map": lambda d, n: d.map(lambda x: x + n, num_parallel_calls=1 + n % 3),
    "filter": lambda d, n: d.filter(lambda x: np.sum(x) % 2 == n % 2),
    "prefetch": lambda d, n: d.prefetch(n),
    "cache": lambda d, n: d.cache(),
    "enumerate": lambda d, n: d.enumerate(n).map(lambda i, x: i),
}
COUNTED = st.sampled_from(["take", "skip"]).flatmap(
    lambda name: st.tuples(st.just(name), st.integers(-1, 12))
)
STEPS = st.lists(
    COUNTED
    | st.tuples(
        st.sampled_from(["repeat", "map", "filter", "prefetch", "cache", "enumerate"]), st.integers(0, 3)
    )
    | st.tuples(st.sampled_from(["batch", "full batches"]), st.integers(1, 4)),
    max_size=5,
)


def stackable(items):
    """Whether the items, which are batches of a list, have one shape."""
    try:
        return len(np.array(items)) == len(items)
    except ValueError:
        return False


@given(n=st.integers(0, 9), steps=STEPS, source=st.sampled_from([as_rows, as_stream, Dataset.range]))
def test_any_chain_gives_what_lists_give(n, steps, source):
    dataset, items, count = source(n), list(range(n)), True
    for name, number in steps:
        if "batch" in name and not all(map(stackable, PLAIN[name](items, number))):
            continue
        dataset, items = CHAIN[name](dataset, number), PLAIN[name](items, number)
        count = count and name != "filter"
    assert numbers(dataset) == items
    assert numbers(dataset) == items, "a second iteration"
    if source is as_stream or not count:
        assert dataset.cardinality() in (UNKNOWN_CARDINALITY, len(items))
    else:
        assert len(dataset) == dataset.cardinality() == len(items)


@pytest.mark.parametrize(
    "structure",
    [
        X,
        (X, Y),
        (X,),
        {"a": X, "b": Y},
        ({"a": X, "b": (Y, Y)}, Y),
        ((X, Y), np.array(list("abcdefghij"))),
        (X, np.array([None, "b"] * 5, dtype=object)),
    ],
    ids=["array", "pair", "one", "dict", "nested", "strings", "objects"],
)
def test_structures_stay(structure):
    def row(part, at):
        if isinstance(part, tuple):
            return tuple(row(p, at) for p in part)
        return {k: row(p, at) for k, p in part.items()} if isinstance(part, dict) else part[at]

    dataset = Dataset.from_tensor_slices(structure)
    for i, element in enumerate(dataset):
        same(element, row(structure, i))
    for copy in (dataset.batch(4), dataset.cache().batch(4), dataset.map(lambda *c: c[0]).batch(4)):
        batches = list(copy)
        assert len(batches) == len(copy) == 3
    for i, batch in enumerate(dataset.batch(4)):
        same(batch, row(structure, slice(4 * i, 4 * i + 4)))
    for i, element in enumerate(dataset.batch(4).unbatch()):
        same(element, row(structure, i))


def test_elements_are_the_callers_own():
    x = np.zeros((5, 3))
    for dataset in (Dataset.from_tensor_slices(x), Dataset.from_tensor_slices(x).batch(2)):
        for element in dataset:
            element += 1
    assert not x.any()


def test_from_generator_is_called_anew_and_converts():
    calls = []

    def pairs(n):
        calls.append(n)
        for i in range(n):
            yield [i, i + 1], i

    dataset = Dataset.from_generator(pairs, ("float32", "int32"), args=(3,))
    assert not calls
    for _ in range(2):
        x, y = next(iter(dataset.batch(3)))
        same((x, y), (np.array([[0, 1], [1, 2], [2, 3]], "float32"), np.arange(3, dtype="int32")))
    assert calls == [3, 3]
    same(next(iter(Dataset.from_generator(lambda: iter([fastnn.tensor([1.0])])))), np.array([1.0]))


def test_zip_ends_with_the_shortest():
    both = Dataset.zip(as_rows(4), Dataset.range(2).repeat())
    assert [(int(a), int(b)) for a, b in both] == [(0, 0), (1, 1), (2, 0), (3, 1)]
    assert len(both) == 4
    named = Dataset.zip({"a": as_rows(2), "b": (as_rows(3), as_stream(3))})
    same(list(named)[1], {"a": np.int64(1), "b": (np.int64(1), np.int64(1))})
    assert named.cardinality() == UNKNOWN_CARDINALITY


def test_map_gets_arrays_that_ops_take():
    dataset = Dataset.from_tensor_slices((X.astype("uint8"), Y))

    def prepare(x, y):
        return ops.reshape(ops.cast(x, "float32") / 255.0, -1), ops.one_hot(y, 10)

    for x, y in (
        next(iter(dataset.map(prepare).batch(10))),
        next(iter(dataset.map(lambda x, y: (fastnn.tensor(prepare(x, y)[0]), prepare(x, y)[1])).batch(10))),
    ):
        same((x, y), (X.reshape(10, 4) / np.float32(255), np.eye(10, dtype="float32")))
    weight = fastnn.Variable(np.ones((4, 2), "float32"))
    assert ((x @ weight).sum() * 1.0).requires_grad
    assert next(iter(Dataset.from_tensor_slices({"a": Y}).map(lambda d: d["a"]))) == 0


def test_a_loop_on_the_tape_learns_from_batches():
    weight = fastnn.Variable(np.zeros((4, 1), "float32"))
    truth = np.array([[1.0], [-2.0], [0.5], [3.0]], "float32")
    x = np.random.default_rng(0).normal(size=(60, 4)).astype("float32")
    dataset = Dataset.from_tensor_slices((x, x @ truth)).shuffle(60, seed=1).batch(10).repeat(30)
    for x, y in dataset:
        with fastnn.GradientTape() as tape:
            loss = ops.mean(ops.square(x @ weight - y))
        weight.assign_sub(0.1 * tape.gradient(loss, weight).numpy())
    np.testing.assert_allclose(weight.numpy(), truth, atol=1e-3)


def test_an_infinite_dataset_has_no_length_and_can_be_cut():
    endless = as_rows(3).repeat()
    assert endless.cardinality() == INFINITE_CARDINALITY
    assert endless.batch(2).take(3).cardinality() == 3
    assert numbers(endless.batch(2).take(2)) == [[0, 1], [2, 0]]
    assert numbers(endless.take(4).skip(1)) == [1, 2, 0]
    assert bool(endless)
    with pytest.raises(TypeError, match="length is infinite"):
        len(endless)
    with pytest.raises(TypeError, match="length is unknown"):
        len(as_stream(3))
    assert numbers(as_stream(0).repeat()) == numbers(as_rows(0).repeat()) == []


@pytest.mark.parametrize("source", [as_rows, as_stream, Dataset.range])
@pytest.mark.parametrize("size", [1, 2, 7, 40, 41, 100])
def test_shuffle_gives_each_element_once_none_earlier_than_the_buffer_lets_it(source, size):
    found = numbers(source(40).shuffle(size))
    assert sorted(found) == list(range(40))
    assert all(number < place + size for place, number in enumerate(found))
    assert (found == list(range(40))) == (size == 1)


def test_every_order_of_a_whole_buffer_and_every_first_of_a_small_one():
    random.set_seed(0)
    whole, small = as_rows(3).shuffle(3), as_rows(30).shuffle(5)
    orders = [tuple(numbers(whole)) for _ in range(600)]
    assert len(set(orders)) == 6
    assert min(orders.count(order) for order in set(orders)) > 60  # 100 expected, deviation 9
    firsts = [numbers(small)[0] for _ in range(500)]
    assert min(firsts.count(i) for i in range(5)) > 60


PIPELINES = {
    "rows": lambda: as_rows(50).shuffle(50),
    "stream": lambda: as_stream(50).shuffle(50),
    "buffer": lambda: as_rows(50).shuffle(7).batch(3),
    "repeat": lambda: as_rows(50).shuffle(50).repeat(3).batch(8),
    "repeat and prefetch": lambda: as_rows(50).shuffle(50).repeat(3).batch(8).prefetch(2),
    "twice": lambda: as_stream(50).shuffle(9).repeat(2).shuffle(50).prefetch(AUTOTUNE),
    "threads": lambda: as_rows(50).shuffle(9).map(lambda x: x * 2, AUTOTUNE).repeat(2),
}


@pytest.mark.parametrize("make", PIPELINES.values(), ids=PIPELINES)
def test_the_global_seed_repeats_orders_whatever_else_draws(make):
    found = []
    for disturbed in (False, True):
        random.set_seed(3)
        dataset = make()
        iterator = iter(dataset)
        first = [np.asarray(next(iterator)).tolist()]
        if disturbed:  # what the consumer draws between two elements must not change the order
            random.normal(3)
        first += [np.asarray(element).tolist() for element in iterator]
        found.append(first)
        random.set_seed(3)
        assert numbers(dataset) == first
        assert numbers(dataset) != first
    assert found[0] == found[1]


def test_rows_and_streams_come_in_the_same_order_and_in_that_of_permutation():
    for size in (5, 40):
        random.set_seed(8)
        rows = numbers(as_rows(40).shuffle(size))
        random.set_seed(8)
        assert numbers(as_stream(40).shuffle(size)) == rows
    random.set_seed(8)
    assert rows == random.permutation(40).tolist()


@pytest.mark.parametrize("size", [6, 100])
def test_a_seed_of_its_own_and_reshuffling(size):
    state = random.get_state()
    first, again = as_rows(60).shuffle(size, seed=4), as_rows(60).shuffle(size, seed=4)
    orders = [numbers(first) for _ in range(3)]
    assert orders == [numbers(again) for _ in range(3)]
    assert orders[0] != orders[1] != orders[2]
    kept = as_rows(60).shuffle(size, seed=4, reshuffle_each_iteration=False)
    assert numbers(kept) == numbers(kept) == orders[0]
    assert numbers(kept.repeat(2)) == orders[0] * 2
    assert random.get_state() == state
    fixed = as_stream(60).shuffle(size, reshuffle_each_iteration=False)
    assert numbers(fixed) == numbers(fixed)
    epochs = numbers(as_rows(60).shuffle(60).repeat(2))
    assert sorted(epochs[:60]) == sorted(epochs[60:]) == list(range(60))
    assert epochs[:60] != epochs[60:]


def test_cache_runs_what_is_before_it_once():
    calls = []
    dataset = as_rows(5).map(lambda x: calls.append(x) or x).cache()
    assert numbers(dataset.take(2)) == [0, 1]
    assert numbers(dataset) == numbers(dataset) == [0, 1, 2, 3, 4]
    assert len(calls) == 2 + 5


def threads():
    return [t for t in threading.enumerate() if t.name.startswith("fastnn-data")]


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.001)


def test_prefetch_runs_ahead_so_far_and_no_further():
    made = []
    iterator = iter(as_rows(20).map(lambda x: made.append(x) or x).prefetch(3))
    assert next(iterator) == 0
    wait_for(lambda: len(made) == 4)
    time.sleep(0.05)
    assert len(made) == 4
    assert numbers(iterator) == list(range(1, 20))
    wait_for(lambda: not threads())


@pytest.mark.parametrize("stage", ["prefetch", "map", "both"])
def test_threads_end_with_an_iterator_that_is_dropped_or_fails(stage):
    def fail(x):
        if x == 5:
            raise KeyError("lost")
        return x

    dataset = as_rows(10).repeat().map(fail, num_parallel_calls=1 if stage == "prefetch" else 2)
    if stage != "map":
        dataset = dataset.prefetch(2)
    iterator = iter(dataset)
    assert next(iterator) == 0
    assert threads()
    del iterator
    wait_for(lambda: not threads())
    iterator = iter(dataset)
    assert [int(next(iterator)) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(RuntimeError, match="function failed at element 5: KeyError: 'lost'"):
        next(iterator)
    wait_for(lambda: not threads())


def test_parallel_calls_overlap_and_keep_the_order():
    barrier = threading.Barrier(2, timeout=30)  # opens only where two calls are under way at once

    def meet(x):
        barrier.wait()
        return x

    assert numbers(as_rows(6).map(meet, num_parallel_calls=2)) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: Dataset.from_tensor_slices((X, Y[:9])),
            ValueError,
            "must have the same length; received shapes (10, 2, 2), (9,)",
        ),
        (lambda: Dataset.from_tensor_slices([X, Y]), ValueError, "as a tuple, not as a list"),
        (lambda: Dataset.from_tensor_slices(3.0), ValueError, "at least one dimension; received 3.0"),
        (lambda: Dataset.from_tensor_slices(()), ValueError, "at least one dimension; received ()"),
        (lambda: Dataset.from_generator(iter([1])), TypeError, "the function that makes the generator"),
        (lambda: Dataset.zip(), TypeError, "takes datasets; received ()"),
        (lambda: Dataset.zip(as_rows(3), X), TypeError, "takes datasets"),
        (lambda: as_rows(3).batch(0), ValueError, "Dataset.batch: batch_size must be a positive integer"),
        (lambda: as_rows(3).batch(2.0), ValueError, "received batch_size=2.0"),
        (lambda: as_rows(3).shuffle(0), ValueError, "Dataset.shuffle: buffer_size must be a positive"),
        (lambda: as_rows(3).prefetch(-3), ValueError, "Dataset.prefetch: buffer_size must be"),
        (lambda: as_rows(3).map(abs, num_parallel_calls=-2), ValueError, "num_parallel_calls=-2"),
        (lambda: as_rows(3).repeat(-2), ValueError, "Dataset.repeat: count must be"),
        (lambda: as_rows(3).take(1.5), ValueError, "Dataset.take: count must be"),
        (lambda: as_rows(3).skip(True), ValueError, "Dataset.skip: count must be"),
        (lambda: list(as_rows(3).map(lambda x: None)), ValueError, "does it lack a return?"),
        (lambda: list(as_rows(3).map(lambda x, y: x)), RuntimeError, "failed at element 0: TypeError"),
        (
            lambda: list(as_rows(9).filter(lambda x: [1][int(x == 4)])),
            RuntimeError,
            "element 4",
        ),
        (
            lambda: list(Dataset.from_generator(lambda: ([0] * n for n in (2, 2, 3))).batch(3)),
            ValueError,
            "same shape; received (2,) in element 0 and (3,) in element 2",
        ),
        (
            lambda: list(Dataset.from_generator(lambda: iter([(1, 2), (1, 2), 1])).batch(2).batch(2)),
            ValueError,
            "same components; received 2 in element 0 and 1 in element 1",
        ),
        (lambda: list(as_rows(3).unbatch()), ValueError, "arrays of the same length; received shapes ()"),
        (
            lambda: list(Dataset.from_generator(lambda: iter([(X, Y[:3])])).unbatch()),
            ValueError,
            "received shapes (10, 2, 2), (3,) in element 0",
        ),
    ],
)
def test_bad_input_says_what(call, error, words):
    with pytest.raises(error, match=re.escape(words)):
        call()


def test_a_failing_generator_comes_through():
    def broken():
        yield 1
        raise OSError("gone")

    for dataset in (Dataset.from_generator(broken), Dataset.from_generator(broken).prefetch(2)):
        iterator = iter(dataset)
        assert next(iterator) == 1
        with pytest.raises(OSError, match="gone"):
            next(iterator)
