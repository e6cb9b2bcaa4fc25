"""Layers: they hold weights and call ops. Names, arguments, defaults and weight shapes are Keras 3's."""

from fastnn.layers.activation import Activation
from fastnn.layers.bidirectional import Bidirectional
from fastnn.layers.concatenate import Concatenate, concatenate
from fastnn.layers.dense import Dense
from fastnn.layers.dot import Dot, dot
from fastnn.layers.flatten import Flatten
from fastnn.layers.gru import GRU, GRUCell
from fastnn.layers.input import Input, InputLayer
from fastnn.layers.layer import Layer, deserialize, serialize
from fastnn.layers.lstm import LSTM, LSTMCell
from fastnn.layers.merging import (
    Add,
    Average,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
    add,
    average,
    maximum,
    minimum,
    multiply,
    subtract,
)
from fastnn.layers.rescaling import Rescaling
from fastnn.layers.reshape import Reshape
from fastnn.layers.rnn import RNN
from fastnn.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from fastnn.layers.stacked_rnn_cells import StackedRNNCells
from fastnn.layers.time_distributed import TimeDistributed

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Activation",
    "Add",
    "Average",
    "Bidirectional",
    "Concatenate",
    "Dense",
    "Dot",
    "Flatten",
    "GRUCell",
    "Input",
    "InputLayer",
    "LSTMCell",
    "Layer",
    "Maximum",
    "Minimum",
    "Multiply",
    "Rescaling",
    "Reshape",
    "SimpleRNN",
    "SimpleRNNCell",
    "StackedRNNCells",
    "Subtract",
    "TimeDistributed",
    "add",
    "average",
    "concatenate",
    "deserialize",
    "dot",
    "maximum",
    "minimum",
    "multiply",
    "serialize",
    "subtract",
]
