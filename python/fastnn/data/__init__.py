"""Input pipelines with the names and meanings of TensorFlow's ``tf.data``, on NumPy arrays."""

from fastnn.data.dataset import Dataset
from fastnn.data.pipeline import AUTOTUNE, INFINITE_CARDINALITY, UNKNOWN_CARDINALITY

__all__ = ["AUTOTUNE", "INFINITE_CARDINALITY", "UNKNOWN_CARDINALITY", "Dataset"]
