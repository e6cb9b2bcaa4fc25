"""Layers: they hold weights and call ops. Names, arguments, defaults and weight shapes are Keras 3's."""

from fastnn.layers.activation import Activation
from fastnn.layers.additive_attention import AdditiveAttention
from fastnn.layers.attention import Attention
from fastnn.layers.concatenate import Concatenate, concatenate
from fastnn.layers.dense import Dense
from fastnn.layers.dot import Dot, dot
from fastnn.layers.einsum_dense import EinsumDense
from fastnn.layers.embedding import Embedding
from fastnn.layers.flatten import Flatten
from fastnn.layers.group_query_attention import GroupQueryAttention
from fastnn.layers.input import Input, InputLayer
from fastnn.layers.layer import Layer, deserialize, serialize
from fastnn.layers.masking import Masking
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
from fastnn.layers.multi_head_attention import MultiHeadAttention
from fastnn.layers.rescaling import Rescaling
from fastnn.layers.reshape import Reshape

__all__ = [
    "Activation",
    "Add",
    "AdditiveAttention",
    "Attention",
    "Average",
    "Concatenate",
    "Dense",
    "Dot",
    "EinsumDense",
    "Embedding",
    "Flatten",
    "GroupQueryAttention",
    "Input",
    "InputLayer",
    "Layer",
    "Masking",
    "Maximum",
    "Minimum",
    "MultiHeadAttention",
    "Multiply",
    "Rescaling",
    "Reshape",
    "Subtract",
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
