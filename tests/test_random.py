"""Random numbers: known answers, distributions (fixed seeds, so nothing here is left to chance), state."""

import itertools
import math
import subprocess
import sys
import threading

import numpy as np
import pytest
from fastnn import random
from fastnn._core import native

FUNCTIONS = [random.uniform, random.normal, random.truncated_normal]


@pytest.fixture(autouse=True)
def keep_state():
    state = random.get_state()
    yield
    random.set_state(state)


@pytest.mark.parametrize(
    ("seed", "stream", "counter", "words"),
    [  # kat_vectors of Random123, philox4x32 10
        (0, 0, 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (2**64 - 1, 2**64 - 1, 2**64 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            0x299F31D0A4093822,
            0x0370734413198A2E,
            0x85A308D3243F6A88,
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_known_answers(seed, stream, counter, words):
    assert tuple(native.philox(seed, stream, counter)) == words


def test_uniform_is_made_of_philox_words():
    words = np.array([native.philox(5, 3, i) for i in range(3)], np.uint64).ravel()
    f32 = native.random_uniform(5, 3, 11, "float32")
    np.testing.assert_array_equal(f32, (words[:11] >> np.uint64(8)).astype(np.float32) * np.float32(2**-24))
    f64 = native.random_uniform(5, 3, (5,), "float64")
    pairs = (words[0::2] | words[1::2] << np.uint64(32))[:5]
    np.testing.assert_array_equal(f64, (pairs >> np.uint64(11)) * 2.0**-53)


def normal_cdf(x):
    return np.array([0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x])


def truncated_cdf(x):
    low, high = normal_cdf([-2, 2])
    return (normal_cdf(x) - low) / (high - low)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("draw", "cdf", "mean", "deviation"),
    [
        (random.uniform, lambda x: x, 0.5, math.sqrt(1 / 12)),
        (random.normal, normal_cdf, 0.0, 1.0),
        (random.truncated_normal, truncated_cdf, 0.0, 0.87962566103423978),
    ],
)
@pytest.mark.parametrize("seed", [1, 2**40 + 1])
def test_distribution(draw, cdf, mean, deviation, dtype, seed):
    x = draw(20_001, dtype=dtype, seed=seed)
    assert x.dtype == dtype
    n = x.size
    assert abs(x.mean(dtype="float64") - mean) < 3.3 * deviation / math.sqrt(n)
    assert x.std(dtype="float64") == pytest.approx(deviation, rel=0.02)
    # Kolmogorov and Smirnov's largest distance, at the 0.1% level
    ordered = cdf(np.sort(x.astype("float64")))
    distance = max((np.arange(1, n + 1) / n - ordered).max(), (ordered - np.arange(n) / n).max())
    assert distance < 1.95 / math.sqrt(n)
    # neighbours are not correlated
    for lag in (1, 2, 3, 4, 8):
        r = np.corrcoef(x[:-lag], x[lag:])[0, 1]
        assert abs(r) < 4 / math.sqrt(n)


def test_bounds():
    u = random.uniform(200_000, seed=1)
    assert 0 <= u.min() < 1e-4
    assert 1 - 1e-4 < u.max() < 1
    narrow = random.uniform(200_000, 1, 1.0000005, seed=1)
    assert set(narrow.tolist()) <= set(np.float32([1, 1.00000012, 1.00000024, 1.00000036]).tolist())
    assert (random.uniform(9, 2, 2, seed=1) == 2).all()
    t = random.truncated_normal(200_000, mean=3, stddev=0.5, seed=1)
    assert 2 <= t.min() < 2.01
    assert 3.99 < t.max() <= 4
    z = random.normal(200_000, mean=-1, stddev=2, dtype="float64", seed=1)
    assert z.mean() == pytest.approx(-1, abs=0.02)
    assert z.std() == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("draw", FUNCTIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_same_bits_at_any_thread_count_and_any_length(draw, dtype):
    before = native.get_num_threads()
    try:
        results = []
        for threads in (1, 2, 4):
            native.set_num_threads(threads)
            results.append(draw((300, 101), dtype=dtype, seed=9))
    finally:
        native.set_num_threads(before)
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])
    np.testing.assert_array_equal(results[0].ravel()[:77], draw(77, dtype=dtype, seed=9))


def test_permutation():
    for n in (0, 1, 2, 3, 1000):
        assert sorted(random.permutation(n, seed=3).tolist()) == list(range(n))
    assert random.permutation(5).dtype == np.int64
    # every order of four equally likely: chi-squared with 23 degrees of freedom, 0.1% level 49.7
    random.set_seed(11)
    counts = dict.fromkeys(itertools.permutations(range(4)), 0)
    for _ in range(4800):
        counts[tuple(random.permutation(4).tolist())] += 1
    assert sum((c - 200) ** 2 / 200 for c in counts.values()) < 49.7


def test_shuffle_reorders_slices():
    x = np.arange(24).reshape(6, 4)
    order = random.permutation(6, seed=2)
    np.testing.assert_array_equal(random.shuffle(x, seed=2), x[order])
    np.testing.assert_array_equal(random.shuffle(x.T, axis=-1, seed=2), x.T[:, order])
    np.testing.assert_array_equal(x, np.arange(24).reshape(6, 4))


def test_global_sequence_repeats_and_never_twice_the_same():
    random.set_seed(4)
    first = [random.uniform(5), random.normal(5), random.uniform(5), random.permutation(9)]
    state = random.get_state()
    assert state == (4, 4)
    fifth = random.uniform(5)
    random.set_seed(4)
    for a, b in zip(
        first, [random.uniform(5), random.normal(5), random.uniform(5), random.permutation(9)], strict=True
    ):
        np.testing.assert_array_equal(a, b)
    assert not (first[0] == first[2]).any()
    random.set_state(state)
    np.testing.assert_array_equal(random.uniform(5), fifth)


def test_a_seed_of_its_own_leaves_the_global_sequence_alone():
    random.set_seed(4)
    own = random.uniform(5, seed=4)
    assert random.get_state() == (4, 0)
    assert not (random.uniform(5) == own).any()
    np.testing.assert_array_equal(random.uniform(5, seed=4), own)


def test_a_generator_is_a_sequence_of_its_own():
    random.set_seed(4)
    seeds = random.SeedGenerator(4)
    first, second = random.uniform(5, seed=seeds), random.uniform(5, seed=seeds)
    assert random.get_state() == (4, 0)
    assert len({tuple(x) for x in (first, second, random.uniform(5, seed=4), random.uniform(5))}) == 4
    again = random.SeedGenerator.from_config(seeds.get_config())
    np.testing.assert_array_equal(random.uniform(5, seed=again), first)
    np.testing.assert_array_equal(random.uniform(5, seed=again), second)
    random.set_seed(4)
    free = random.SeedGenerator()  # drawn from the global sequence
    random.set_seed(4)
    assert free.next() == random.SeedGenerator().next() != random.SeedGenerator().next()


def test_processes_differ_unless_seeded():
    code = "from fastnn import random; print(random.get_state()[0])"
    seeds = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)
    }
    assert len(seeds) == 2


def test_threads_never_share_a_stream():
    random.set_seed(1)
    drawn = []
    threads = [
        threading.Thread(
            target=lambda: drawn.extend(random.uniform(2, dtype="float64")[0] for _ in range(200))
        )
        for _ in range(4)
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert random.get_state() == (1, 800)
    random.set_seed(1)
    assert sorted(drawn) == sorted(random.uniform(2, dtype="float64")[0] for _ in range(800))


@pytest.mark.parametrize("draw", FUNCTIONS)
def test_shapes(draw):
    assert draw(()).shape == ()
    assert draw((0, 3)).shape == (0, 3)
    assert draw([2, 3]).shape == (2, 3)
    assert draw(np.int64(4)).shape == (4,)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: random.uniform((2, -1)),
            ValueError,
            r"sizes must not be negative; received shape \(2, -1\)",
        ),
        (lambda: random.normal(2**62), ValueError, "array is too big"),
        (
            lambda: random.normal(3, dtype="float16"),
            TypeError,
            "dtype must be float32 or float64; received float16",
        ),
        (
            lambda: random.uniform(3, 2, 1),
            ValueError,
            "minval must not be greater than maxval; received 2 and 1",
        ),
        (lambda: random.uniform(3, math.nan, 1), ValueError, "minval must not be greater"),
        (
            lambda: random.set_seed(-1),
            ValueError,
            r"a seed must be an integer in \[0, 2\*\*64\); received -1",
        ),
        (lambda: random.uniform(3, seed=2**64), ValueError, "a seed must be"),
        (
            lambda: random.set_seed(1.5),
            TypeError,
            "a seed must be an integer or a SeedGenerator; received 1.5",
        ),
        (lambda: random.SeedGenerator(-1), ValueError, "a seed must be"),
        (lambda: random.permutation(-1), ValueError, "sizes must not be negative"),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
