"""Initializers: distributions (fixed seeds, so nothing here is left to chance), names, shapes, seeds."""

import math

import numpy as np
import pytest
from fastnn import initializers, layers, random
from fastnn.utils import register_keras_serializable, set_random_seed
from scipy import stats

SHAPE = (300, 500)
CONV = (3, 5, 8, 16)  # 120 inputs, 240 outputs
TRUNCATED = 0.87962566103423978  # standard deviation of a standard normal cut off at 2


def uniform(limit):
    return stats.uniform(-limit, 2 * limit)


def truncated(deviation):
    return stats.truncnorm(-2, 2, scale=deviation / TRUNCATED)


@pytest.mark.parametrize(
    ("name", "shape", "distribution"),
    [
        ("glorot_uniform", SHAPE, uniform(math.sqrt(6 / 800))),
        ("glorot_uniform", CONV, uniform(math.sqrt(6 / 360))),
        ("glorot_normal", SHAPE, truncated(math.sqrt(2 / 800))),
        ("glorot_normal", CONV, truncated(math.sqrt(2 / 360))),
        ("he_uniform", SHAPE, uniform(math.sqrt(6 / 300))),
        ("he_uniform", CONV, uniform(math.sqrt(6 / 120))),
        ("he_normal", SHAPE, truncated(math.sqrt(2 / 300))),
        ("he_normal", CONV, truncated(math.sqrt(2 / 120))),
        ("lecun_uniform", SHAPE, uniform(math.sqrt(3 / 300))),
        ("lecun_uniform", CONV, uniform(math.sqrt(3 / 120))),
        ("lecun_normal", SHAPE, truncated(math.sqrt(1 / 300))),
        ("lecun_normal", CONV, truncated(math.sqrt(1 / 120))),
        ("random_uniform", SHAPE, uniform(0.05)),
        ("truncated_normal", SHAPE, stats.truncnorm(-2, 2, scale=0.05)),
        ("random_normal", SHAPE, stats.norm(scale=0.05)),
        (initializers.RandomUniform(1, 4), SHAPE, stats.uniform(1, 3)),
        (initializers.RandomNormal(-2, 3), SHAPE, stats.norm(-2, 3)),
        (initializers.TruncatedNormal(5, 2), SHAPE, stats.truncnorm(-2, 2, 5, 2)),
        ("variance_scaling", SHAPE, truncated(math.sqrt(1 / 300))),
        (
            initializers.VarianceScaling(3.0, "fan_out", "untruncated_normal"),
            CONV,
            stats.norm(scale=math.sqrt(3 / 240)),
        ),
        (
            initializers.VarianceScaling(2.0, "fan_avg", "uniform", input_axes=[0], output_axes=[2, 3]),
            CONV,
            uniform(math.sqrt(3 * 2 / ((3 + 128) / 2))),
        ),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_distribution(name, shape, distribution, dtype):
    """Bounds, moments at 4 deviations of their estimates, Kolmogorov and Smirnov's distance at 0.1%."""
    set_random_seed(2)
    values = initializers.get(name)(shape, dtype)
    assert values.shape == shape
    assert values.dtype == dtype
    x = values.ravel().astype("float64")
    low, high = distribution.support()
    slack = 1 + 2 * np.finfo(dtype).eps
    assert low * slack <= x.min() if low < 0 else low <= x.min()
    assert x.max() <= high * slack
    n, mean, deviation = x.size, distribution.mean(), distribution.std()
    kurtosis = float(distribution.stats("k"))
    assert abs(x.mean() - mean) < 4 * deviation / math.sqrt(n)
    assert abs(x.var() / deviation**2 - 1) < 4 * math.sqrt((kurtosis + 2) / n)
    # On an own grid: SciPy's test sorts and evaluates the same, but slower.
    grid = np.linspace(*distribution.ppf([0.0005, 0.9995]), 2001)
    distance = abs(np.searchsorted(np.sort(x), grid) / n - distribution.cdf(grid)).max()
    assert distance < 1.95 / math.sqrt(n)


@pytest.mark.parametrize("shape", [(7, 7), (40, 7), (7, 40), (3, 3, 4, 10), (2, 3, 80), (100, 70), (1, 1)])
def test_orthogonal(shape):
    matrix = initializers.Orthogonal(gain=2.0, seed=5)(shape, "float64").reshape(-1, shape[-1])
    small = matrix @ matrix.T if matrix.shape[0] < matrix.shape[1] else matrix.T @ matrix
    np.testing.assert_allclose(small, 4 * np.eye(len(small)), atol=1e-13)
    narrow = initializers.Orthogonal(gain=2.0, seed=5)(shape)
    np.testing.assert_allclose(narrow.reshape(matrix.shape), matrix, atol=2e-7)


def test_orthogonal_matrices_are_equally_likely():
    """An entry of a uniform matrix of 3 rows is uniform on [-1, 1] (Archimedes), whichever the entry."""
    seeds = random.SeedGenerator(3)
    drawn = np.array([initializers.Orthogonal(seed=seeds)((3, 3), "float64") for _ in range(2000)])
    for i, j in np.ndindex(3, 3):
        assert stats.kstest(drawn[:, i, j], stats.uniform(-1, 2).cdf).pvalue > 1e-3
    signs = np.sign(np.linalg.det(drawn))
    assert abs(signs.mean()) < 4 / math.sqrt(2000)


def test_the_q_of_qr_with_a_positive_diagonal():
    drawn = random.normal((90, 70), dtype="float64", seed=4)
    q, r = np.linalg.qr(drawn)
    expected = q * np.sign(np.diag(r))
    np.testing.assert_allclose(initializers.Orthogonal(seed=4)((90, 70), "float64"), expected, atol=1e-12)


def test_constants():
    assert (initializers.get("zeros")((2, 3)) == 0).all()
    assert (initializers.get("ones")((2,)) == 1).all()
    assert (initializers.Constant(2.5)((2,)) == 2.5).all()
    table = np.arange(6.0).reshape(2, 3)
    embedding = initializers.deserialize(initializers.serialize(initializers.Constant(table)))
    np.testing.assert_array_equal(embedding((2, 3), "float64"), table)
    np.testing.assert_array_equal(initializers.get(table)((2, 3)), table.astype("float32"))
    np.testing.assert_array_equal(initializers.Identity()((3, 2)), np.eye(3, 2))
    assert initializers.Identity(3.0)((2, 2)).dtype == np.float32


def test_fans():
    assert initializers.compute_fans((3, 3, 8, 16)) == (72, 144)
    assert initializers.compute_fans((4, 6), [1], [0]) == (6, 4)
    assert initializers.compute_fans((7,)) == (7, 7)
    assert initializers.compute_fans(()) == (1, 1)


NAMES = [
    "zeros",
    "ones",
    "constant",
    "identity",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "variance_scaling",
    "orthogonal",
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
]


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    """Snake case and camel case, by name and in the namespace; configurations make equal objects."""
    set_random_seed(1)
    made = initializers.get(name)
    camel = name.title().replace("_", "")
    assert type(made) is getattr(initializers, camel) is getattr(initializers, name)
    assert type(initializers.get(camel)) is type(made)
    twin = initializers.deserialize(initializers.serialize(made))
    assert type(twin) is type(made)
    assert twin.get_config() == made.get_config() == made.clone().get_config()
    assert twin((4, 4), "float64").shape == (4, 4)


def test_seeds():
    seeded = initializers.GlorotUniform(seed=3)
    np.testing.assert_array_equal(seeded((4, 5)), seeded((4, 5)))
    free = initializers.GlorotUniform()
    assert (free((4, 5)) != free((4, 5))).any()
    twin = initializers.deserialize(initializers.serialize(seeded))
    np.testing.assert_array_equal(twin((4, 5)), seeded((4, 5)))
    moving = initializers.HeNormal(seed=random.SeedGenerator(3))
    first = moving((4, 5))
    assert (first != moving((4, 5))).any()
    again = initializers.deserialize(initializers.serialize(moving))
    np.testing.assert_array_equal(again((4, 5)), first)


def test_functions_are_initializers_and_saved_by_name():
    @register_keras_serializable("tests")
    def sevens(shape, dtype):
        return np.full(shape, 7, dtype)

    assert initializers.deserialize(initializers.serialize(sevens)) is sevens
    layer = layers.Dense(2, kernel_initializer=lambda shape, dtype: np.full(shape, 7, dtype))
    layer.build((None, 3))
    np.testing.assert_array_equal(layer.get_weights()[0], np.full((3, 2), 7))
    with pytest.raises(ValueError, match=r"the initializer '<lambda>' cannot be saved by name: register it"):
        layer.get_config()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: initializers.VarianceScaling(scale=0), "scale must be"),
        (lambda: initializers.VarianceScaling(mode="fan"), "mode must be"),
        (lambda: initializers.VarianceScaling(distribution="x"), "distribution must"),
        (lambda: initializers.VarianceScaling(input_axes=[0]), "must be given together"),
        (lambda: initializers.Orthogonal()((3,)), r"at least two axes; received shape \(3,\)"),
        (lambda: initializers.Identity()((3, 3, 3)), r"must have two axes; received shape \(3, 3, 3\)"),
        (lambda: initializers.Constant([1, 2])((3,)), r"shape \(2,\) cannot fill a weight of shape \(3,\)"),
        (lambda: initializers.STFT("both"), "STFT: side must be"),
        (lambda: initializers.STFT(window="kaiser"), "STFT: window must be"),
        (lambda: initializers.STFT(scaling="x"), "STFT: scaling must be"),
        (
            lambda: initializers.STFT()((3, 3)),
            r"must have shape \(frame, 1, frequencies\); received \(3, 3\)",
        ),
        (
            lambda: initializers.STFT(window=[1, 2])((3, 1, 3)),
            r"window must have 3 values; received shape \(2,\)",
        ),
        (lambda: initializers.get("glorot"), r"unknown initializer 'glorot'. Did you mean"),
        (lambda: initializers.get(3.0), "an initializer is a name"),
        (lambda: initializers.HeNormal(seed=-1), "a seed must be an integer in"),
    ],
)
def test_errors(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_stft_is_the_fourier_transform_of_a_windowed_frame():
    frame = np.random.default_rng(0).normal(size=16)
    window = np.hanning(16)
    spectrum = np.fft.rfft(frame * window) / np.linalg.norm(window)
    for side, expected in (("real", spectrum.real), ("imag", spectrum.imag)):
        kernel = initializers.deserialize(initializers.serialize(initializers.STFT(side)))(
            (16, 1, 9), "float64"
        )
        np.testing.assert_allclose(frame @ kernel[:, 0], expected, atol=1e-12)
