"""Layers: they hold weights and call ops. Names, arguments, defaults and weight shapes are Keras 3's."""

from fastnn.layers.activation import Activation
from fastnn.layers.activity_regularization import ActivityRegularization
from fastnn.layers.additive_attention import AdditiveAttention
from fastnn.layers.attention import Attention
from fastnn.layers.batch_normalization import BatchNormalization
from fastnn.layers.bidirectional import Bidirectional
from fastnn.layers.category_encoding import CategoryEncoding
from fastnn.layers.concatenate import Concatenate, concatenate
from fastnn.layers.convolution import (
    Conv1D,
    Conv2D,
    Conv3D,
    Convolution1D,
    Convolution2D,
    Convolution3D,
)
from fastnn.layers.convolution_transpose import (
    Conv1DTranspose,
    Conv2DTranspose,
    Conv3DTranspose,
    Convolution1DTranspose,
    Convolution2DTranspose,
    Convolution3DTranspose,
)
from fastnn.layers.cropping import (
    Cropping1D,
    Cropping2D,
    Cropping3D,
)
from fastnn.layers.dense import Dense
from fastnn.layers.depthwise_convolution import (
    DepthwiseConv1D,
    DepthwiseConv2D,
)
from fastnn.layers.discretization import Discretization
from fastnn.layers.dot import Dot, dot
from fastnn.layers.dropout import Dropout
from fastnn.layers.einsum_dense import EinsumDense
from fastnn.layers.embedding import Embedding
from fastnn.layers.flatten import Flatten
from fastnn.layers.global_pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalAvgPool1D,
    GlobalAvgPool2D,
    GlobalAvgPool3D,
    GlobalMaxPool1D,
    GlobalMaxPool2D,
    GlobalMaxPool3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
)
from fastnn.layers.group_normalization import GroupNormalization
from fastnn.layers.group_query_attention import GroupQueryAttention
from fastnn.layers.gru import GRU, GRUCell
from fastnn.layers.identity import Identity
from fastnn.layers.input import Input, InputLayer
from fastnn.layers.lambda_layer import Lambda
from fastnn.layers.layer import Layer, deserialize, serialize
from fastnn.layers.layer_normalization import LayerNormalization, RMSNormalization, UnitNormalization
from fastnn.layers.lstm import LSTM, LSTMCell
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
from fastnn.layers.noise import AlphaDropout, GaussianDropout, GaussianNoise
from fastnn.layers.normalization import Normalization
from fastnn.layers.permute import Permute
from fastnn.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    AvgPool1D,
    AvgPool2D,
    AvgPool3D,
    MaxPool1D,
    MaxPool2D,
    MaxPool3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from fastnn.layers.rectifiers import ELU, LeakyReLU, PReLU, ReLU
from fastnn.layers.repeat_vector import RepeatVector
from fastnn.layers.rescaling import Rescaling
from fastnn.layers.reshape import Reshape
from fastnn.layers.rnn import RNN
from fastnn.layers.separable_convolution import (
    SeparableConv1D,
    SeparableConv2D,
    SeparableConvolution1D,
    SeparableConvolution2D,
)
from fastnn.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from fastnn.layers.softmax import Softmax
from fastnn.layers.spatial_dropout import SpatialDropout1D, SpatialDropout2D, SpatialDropout3D
from fastnn.layers.stacked_rnn_cells import StackedRNNCells
from fastnn.layers.time_distributed import TimeDistributed
from fastnn.layers.up_sampling import (
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
)
from fastnn.layers.zero_padding import (
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)

__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "RNN",
    "Activation",
    "ActivityRegularization",
    "Add",
    "AdditiveAttention",
    "AlphaDropout",
    "Attention",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "AvgPool1D",
    "AvgPool2D",
    "AvgPool3D",
    "BatchNormalization",
    "Bidirectional",
    "CategoryEncoding",
    "Concatenate",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "Convolution1D",
    "Convolution1DTranspose",
    "Convolution2D",
    "Convolution2DTranspose",
    "Convolution3D",
    "Convolution3DTranspose",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Discretization",
    "Dot",
    "Dropout",
    "EinsumDense",
    "Embedding",
    "Flatten",
    "GRUCell",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAveragePooling3D",
    "GlobalAvgPool1D",
    "GlobalAvgPool2D",
    "GlobalAvgPool3D",
    "GlobalMaxPool1D",
    "GlobalMaxPool2D",
    "GlobalMaxPool3D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
    "GroupNormalization",
    "GroupQueryAttention",
    "Identity",
    "Input",
    "InputLayer",
    "LSTMCell",
    "Lambda",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "Masking",
    "MaxPool1D",
    "MaxPool2D",
    "MaxPool3D",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "Maximum",
    "Minimum",
    "MultiHeadAttention",
    "Multiply",
    "Normalization",
    "PReLU",
    "Permute",
    "RMSNormalization",
    "ReLU",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "SeparableConv1D",
    "SeparableConv2D",
    "SeparableConvolution1D",
    "SeparableConvolution2D",
    "SimpleRNN",
    "SimpleRNNCell",
    "Softmax",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "StackedRNNCells",
    "Subtract",
    "TimeDistributed",
    "UnitNormalization",
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
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
