"""Whether the model that is running is being trained: what layers inside a ``call`` are told."""

from __future__ import annotations

from contextvars import ContextVar

_training: ContextVar[bool] = ContextVar("training", default=False)
training = _training.get
begin = _training.set
end = _training.reset
