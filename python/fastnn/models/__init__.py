"""Models: stacks, graphs and classes of layers that can be trained, saved and loaded."""

from fastnn.models.files import clone_model, load_model
from fastnn.models.functional import Functional
from fastnn.models.model import Model
from fastnn.models.sequential import Sequential

__all__ = ["Functional", "Model", "Sequential", "clone_model", "load_model"]
