"""Random numbers that are the same for a seed, whatever the number of threads."""

from fastnn.ops.dropout import dropout
from fastnn.random.categorical import categorical
from fastnn.random.distributions import normal, truncated_normal, uniform
from fastnn.random.generator import beta, binomial, gamma, randint
from fastnn.random.ordering import permutation, shuffle
from fastnn.seeds import SeedGenerator, get_state, set_seed, set_state

__all__ = [
    "SeedGenerator",
    "beta",
    "binomial",
    "categorical",
    "dropout",
    "gamma",
    "get_state",
    "normal",
    "permutation",
    "randint",
    "set_seed",
    "set_state",
    "shuffle",
    "truncated_normal",
    "uniform",
]
