"""Operations on arrays and tensors: ndarray in gives ndarray out, `fastnn.Tensor` in gives a Tensor out."""

from .dense import dense as dense
from .matmul import matmul as matmul
from .binary_cross_entropy import binary_crossentropy as binary_crossentropy
from .cross_entropy import categorical_crossentropy as categorical_crossentropy
from .cross_entropy import sparse_categorical_crossentropy as sparse_categorical_crossentropy
from .mean_squared_error import mean_squared_error as mean_squared_error
from .shape import reshape as reshape
from .shape import transpose as transpose
from .softmax import softmax as softmax
