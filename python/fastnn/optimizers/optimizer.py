"""What all optimizers share: slots, the learning rate, clipping, and one native call for a whole step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from operator import is_
from typing import Any

import numpy as np

from fastnn.autograd.changes import Change, note, watch_changes
from fastnn.optimizers import schedules
from fastnn.registry import Registry
from fastnn.tensor import Tensor

Array = np.ndarray[Any, Any]
_registry: Registry[Any] = Registry("optimizer")
_ARRAYS = {np.ndarray}


class Optimizer:
    """Base class of the optimizers.

    Works in both habits. In Keras's and TensorFlow's, gradients and variables go into `apply_gradients`. In
    PyTorch's, the constructor is given the parameters first, and their ``grad`` is used by `step`::

        optimizer = SGD([w, b], lr=0.1)
        ...
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    The other arguments and the arithmetic are Keras's in both.

    Parameters
    ----------
    learning_rate : float or callable
        A callable, such as those of `fastnn.optimizers.schedules`, is given the number of steps done so far and
        returns the rate of the next.
    weight_decay : float, optional
        Decoupled: before each step every weight loses ``weight * weight_decay * learning_rate``.
    clipnorm : float, optional
        The largest norm that the gradient of one variable may have.
    clipvalue : float, optional
        The largest absolute value that a gradient may have anywhere.
    global_clipnorm : float, optional
        The largest norm that all gradients together may have.
    name : str, optional
    lr : float, optional
        Another name for ``learning_rate``.
    """

    slots: tuple[str, ...] = ()  # names of the arrays kept for each variable; subclasses say which

    def __init__(
        self,
        learning_rate: Any,
        weight_decay: float | None,
        clipnorm: float | None,
        clipvalue: float | None,
        global_clipnorm: float | None,
        name: str | None,
        lr: float | None = None,
    ) -> None:
        if sum(c is not None for c in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError(
                "only one of clipnorm, clipvalue and global_clipnorm can be set; received "
                f"clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}"
            )
        self._learning_rate = _checked_rate(learning_rate if lr is None else lr)
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.name = name or type(self).__name__.lower()
        self.iterations = 0
        self._variables: list[Tensor] = []
        self._values: list[Array] = []
        self._state: dict[str, list[Array]] = {}
        self._change = Change()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "__init__" in cls.__dict__:
            cls.__init__ = _in_both_habits(cls.__init__)  # type: ignore[method-assign]

    @property
    def learning_rate(self) -> Any:
        """The rate of the next step; a number can be set at any time."""
        rate = self._learning_rate
        return rate(self.iterations) if callable(rate) else rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if isinstance(self._learning_rate, schedules.LearningRateSchedule) and not callable(value):
            raise TypeError(
                f"the learning rate follows {type(self._learning_rate).__name__} and cannot be set to a number: "
                "make the optimizer with a number, or set another schedule"
            )
        self._learning_rate = _checked_rate(value)

    def build(self, variables: Iterable[Tensor]) -> None:
        """Make the slots for ``variables``; done by itself at the first `apply`."""
        variables = [variables] if isinstance(variables, Tensor) else list(variables)
        for v in variables:
            if not isinstance(v, Tensor):
                raise TypeError(f"{type(self).__name__} optimizes tensors; received {type(v).__name__}")
        self._variables = variables
        self._values = [v._array for v in variables]
        self._state = {slot: [self._new_slot(a) for a in self._values] for slot in self.slots}
        self._constrained: Any = [v for v in variables if getattr(v, "constraint", None) is not None]
        for array in self._values:
            watch_changes(array, self._change)

    def _new_slot(self, like: Array) -> Array:
        return np.zeros_like(like)

    def apply(
        self, grads: Sequence[Array | Tensor | None], trainable_variables: Sequence[Tensor] | None = None
    ) -> None:
        """Update all variables by their gradients, in place, in one native call.

        Parameters
        ----------
        grads : sequence of arrays
            One for each variable, of its shape and type. None leaves the variable alone.
        trainable_variables : sequence of Variable, optional
            By default those of the last call or of `build`. They must be the same at every call.
        """
        variables = self._variables if trainable_variables is None else trainable_variables
        if variables is not self._variables:
            if not self._variables:
                self.build(variables)
            elif len(variables) != len(self._variables) or not all(map(is_, variables, self._variables)):
                raise ValueError(
                    f"this optimizer was built for {len(self._variables)} other variables; "
                    "make a new optimizer for another model"
                )
        if len(grads) != len(self._values):
            raise ValueError(f"there are {len(self._values)} variables; received {len(grads)} gradients")
        values, state = self._values, self._state
        arrays: list[Any] = list(grads)
        if not _ARRAYS.issuperset(map(type, arrays)):
            arrays = [g._array if isinstance(g, Tensor) else g for g in arrays]
            kept = [i for i, g in enumerate(arrays) if g is not None]
            if not kept:
                raise ValueError("no variable has a gradient: the loss does not depend on any of them")
            if len(kept) < len(arrays):
                arrays, values = [arrays[i] for i in kept], [values[i] for i in kept]
                state = {slot: [a[i] for i in kept] for slot, a in state.items()}
        if self.clipnorm or self.clipvalue or self.global_clipnorm:
            arrays = self._clip(arrays)
        rate = self._learning_rate
        self._update(values, arrays, state, rate(self.iterations) if callable(rate) else rate)
        note(self._change)
        for v in self._constrained:
            v.assign(v.constraint(v.numpy()))
        self.iterations += 1

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Tensor]]) -> None:
        """Update variables from ``(gradient, variable)`` pairs."""
        grads, variables = zip(*grads_and_vars, strict=True)
        self.apply(grads, variables)

    def step(self) -> None:
        """Update the parameters by their ``grad``.

        Raises
        ------
        RuntimeError
            The optimizer was not given its parameters, or none of them has a gradient.

        Examples
        --------
        >>> import fastnn
        >>> w = fastnn.tensor([1.0, 2.0], requires_grad=True)
        >>> optimizer = fastnn.optimizers.SGD([w], lr=0.1)
        >>> optimizer.zero_grad()
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w
        Tensor([0.8, 1.6], dtype=float64, requires_grad=True)
        """
        grads = [v.grad for v in self._parameters("step")]
        if not any(g is not None for g in grads):
            raise RuntimeError(
                f"{type(self).__name__}.step: no parameter has a gradient: call loss.backward() before"
            )
        self.apply(grads)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of the parameters, or with ``set_to_none=False`` fill them with zeros."""
        for v in self._parameters("zero_grad"):
            if set_to_none:
                v.grad = None
            elif v.grad is not None:
                v.grad = Tensor(np.zeros_like(v.grad._array))

    def _parameters(self, caller: str) -> list[Tensor]:
        if not self._variables:
            name = type(self).__name__
            raise RuntimeError(
                f"{name}.{caller}: this optimizer was not given its parameters: make it with them, "
                f"{name}([w, b], lr=0.01), or call build([w, b]) first"
            )
        return self._variables

    def _update(
        self, values: list[Array], grads: list[Array], state: dict[str, list[Array]], rate: float
    ) -> None:
        """Do the arithmetic of one step."""
        raise NotImplementedError

    def _clip(self, grads: list[Array]) -> list[Array]:
        if self.clipvalue:
            return [np.clip(g, -self.clipvalue, self.clipvalue) for g in grads]
        norms = [float(np.linalg.norm(g)) for g in grads]
        if self.clipnorm:
            return [
                g * g.dtype.type(min(1.0, self.clipnorm / n)) if n else g
                for g, n in zip(grads, norms, strict=True)
            ]
        assert self.global_clipnorm
        norm = float(np.linalg.norm(norms))
        return [g * g.dtype.type(min(1.0, self.global_clipnorm / norm)) for g in grads] if norm else grads

    @property
    def state(self) -> dict[str, Array]:
        """The arrays that belong in a saved model, by name: the number of steps, and the slots."""
        named = {f"{slot}/{i}": a for slot, arrays in self._state.items() for i, a in enumerate(arrays)}
        return {"iterations": np.array(self.iterations, dtype=np.int64), **named}

    def load_state(self, state: dict[str, Array], variables: Iterable[Tensor]) -> None:
        """Take over what `state` gave, for the same variables."""
        if "iterations" not in state or state["iterations"].shape:
            raise ValueError("the saved optimizer state holds no number of iterations")
        self.build(variables)
        own = self.state
        if int(state["iterations"]) and state.keys() != own.keys():
            raise ValueError(f"the saved optimizer state holds {sorted(state)}; expected {sorted(own)}")
        for name, array in own.items():
            if name != "iterations" and name in state:
                if state[name].shape != array.shape:
                    raise ValueError(
                        f"the saved optimizer state {name!r} has shape {state[name].shape}; expected {array.shape}"
                    )
                array[...] = state[name]
        self.iterations = int(state["iterations"])

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        rate = self._learning_rate
        if type(rate).__name__ in schedules.known():
            rate = schedules.serialize(rate)
        elif callable(rate):
            raise ValueError(
                "an optimizer whose learning_rate is a function of your own cannot be saved; "
                f"those of fastnn.optimizers.schedules can: {', '.join(schedules.known())}"
            )
        return {
            "learning_rate": rate,
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "clipvalue": self.clipvalue,
            "global_clipnorm": self.global_clipnorm,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Optimizer:
        """Make an optimizer from what `get_config` gave."""
        rate = config.get("learning_rate")
        return cls(
            **config | {"learning_rate": schedules.deserialize(rate)} if isinstance(rate, dict) else config
        )


def _checked_rate(rate: Any) -> Any:
    if callable(rate):
        return rate
    try:
        value = float(rate)
    except (TypeError, ValueError):
        raise TypeError(
            f"learning_rate must be a number or a function of the step; received learning_rate={rate!r}"
        ) from None
    if not value >= 0:
        raise ValueError(f"learning_rate must not be negative; received learning_rate={rate}")
    return value


def _in_both_habits(init: Callable[..., None]) -> Callable[..., None]:
    """Let a constructor take PyTorch's form too: the parameters before the other arguments."""

    @wraps(init)
    def either(self: Optimizer, *args: Any, **options: Any) -> None:
        parameters = None
        if args and isinstance(args[0], (Iterable, Tensor)) and not isinstance(args[0], (str, np.ndarray)):
            parameters, *args = args  # type: ignore[assignment]
        if args and hasattr(args[0], "trainable_variables"):
            name = type(self).__name__
            raise TypeError(f"{name} takes a model's weights: {name}(model.trainable_variables, lr=0.01)")
        if "lr" in options and (args or "learning_rate" in options):
            raise TypeError("learning_rate and lr are two names of one argument: give only one")
        init(self, *args, **options)
        if parameters is not None:
            self.build(parameters)
            if not self._variables:
                raise ValueError(
                    f"{type(self).__name__} was given no parameters. A model has none before it is built: give its "
                    "first layer an input_shape, or call the model once"
                )

    return either
