"""Operations on arrays and tensors: ndarray in gives ndarray out, `fastnn.Tensor` in gives a Tensor out."""

from .activation import relu as relu
from .activation import sigmoid as sigmoid
from .activation import tanh as tanh
from .arithmetic import add as add
from .arithmetic import divide as divide
from .arithmetic import multiply as multiply
from .arithmetic import negative as negative
from .arithmetic import subtract as subtract
from .binary_cross_entropy import binary_crossentropy as binary_crossentropy
from .cross_entropy import categorical_crossentropy as categorical_crossentropy
from .cross_entropy import sparse_categorical_crossentropy as sparse_categorical_crossentropy
from .dense import dense as dense
from .matmul import matmul as matmul
from .mean_squared_error import mean_squared_error as mean_squared_error
from .reduction import mean as mean
from .reduction import sum as sum
from .shape import reshape as reshape
from .shape import transpose as transpose
from .softmax import softmax as softmax
