"""Operations on arrays and tensors: ndarray in gives ndarray out, `fastnn.Tensor` in gives a Tensor out."""

from .activation import relu as relu
from .activation import sigmoid as sigmoid
from .activation import tanh as tanh
from .arithmetic import add as add
from .arithmetic import divide as divide
from .arithmetic import multiply as multiply
from .arithmetic import negative as negative
from .arithmetic import subtract as subtract
from .reduction import mean as mean
from .reduction import sum as sum
from .shape import reshape as reshape
from .shape import transpose as transpose
