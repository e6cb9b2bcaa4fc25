"""Operations on arrays and tensors: ndarray in gives ndarray out, `fastnn.Tensor` in gives a Tensor out."""

from .shape import reshape as reshape
from .shape import transpose as transpose
