"""How weights get their first values: Keras 3's initializers, by name or as objects.

An initializer is called with a shape and a dtype and returns an array. The random ones draw from
`fastnn.random`, so `fastnn.utils.set_random_seed` makes them repeat.
"""

from fastnn.initializers.constant import Constant, Identity, Ones, Zeros
from fastnn.initializers.distributions import RandomNormal, RandomUniform, TruncatedNormal
from fastnn.initializers.initializer import (
    Initializer,
    RandomInitializer,
    deserialize,
    get,
    serialize,
)
from fastnn.initializers.orthogonal import Orthogonal
from fastnn.initializers.stft import STFT
from fastnn.initializers.variance_scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
    compute_fans,
)

# Keras knows every class by this name as well.
constant, identity, ones, zeros = Constant, Identity, Ones, Zeros
random_normal, random_uniform, truncated_normal = RandomNormal, RandomUniform, TruncatedNormal
glorot_normal, glorot_uniform = GlorotNormal, GlorotUniform
he_normal, he_uniform = HeNormal, HeUniform
lecun_normal, lecun_uniform = LecunNormal, LecunUniform
orthogonal, stft, variance_scaling = Orthogonal, STFT, VarianceScaling

__all__ = [
    "STFT",
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "RandomInitializer",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "compute_fans",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "stft",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]
