"""Random numbers that are the same for a seed, whatever the number of threads."""

from fastnn.random.distributions import normal, truncated_normal, uniform
from fastnn.random.ordering import permutation, shuffle
from fastnn.random.sequence import SeedGenerator, get_state, set_seed, set_state

__all__ = [
    "SeedGenerator",
    "get_state",
    "normal",
    "permutation",
    "set_seed",
    "set_state",
    "shuffle",
    "truncated_normal",
    "uniform",
]
