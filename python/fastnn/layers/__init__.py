"""Layers: they hold weights and call ops. Names, arguments, defaults and weight shapes are Keras 3's."""

from fastnn.layers.activation import Activation
from fastnn.layers.dense import Dense
from fastnn.layers.flatten import Flatten
from fastnn.layers.input import Input, InputLayer
from fastnn.layers.layer import Layer, deserialize, serialize

__all__ = ["Activation", "Dense", "Flatten", "Input", "InputLayer", "Layer", "deserialize", "serialize"]
