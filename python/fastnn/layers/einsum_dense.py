"""Fully connected layers over any axes."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from fastnn import activations, constraints, initializers, ops, regularizers
from fastnn.layers.dense import _FUSED
from fastnn.layers.layer import Layer, Shape, _registry

_EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class _Plan(NamedTuple):
    """What an equation says about inputs of a certain shape: a letter for every axis, and sizes."""

    inputs: str
    kernel: str
    outputs: str
    kernel_shape: tuple[int, ...]
    bias_shape: tuple[int, ...] | None
    output_shape: Shape


def _plan(equation: str, bias_axes: str | None, input_shape: Shape, output_shape: Shape) -> _Plan:
    found = _EQUATION.fullmatch(equation.replace(" ", ""))
    if found is None or found[1] != found[5] or found[3] != found[7] or (found[1] and found[3]):
        raise ValueError(
            f"an equation has the form ab,bc->ac, ...ab,bc->...ac or ab...,bc->ac...; received {equation!r}"
        )
    inputs, kernel, outputs = found[2], found[4], found[6]
    count = len(input_shape) - len(inputs)
    if count < 0 or (count > 0 and not (found[1] or found[3])):
        raise ValueError(
            f"equation {equation!r} is for inputs of {len(inputs)} axes; received shape {input_shape}"
        )
    more = [c for c in _LETTERS if c not in equation][:count]
    elided = "".join(more)
    if found[1]:
        inputs, outputs = elided + inputs, elided + outputs
        front = max(count, 1)
        full: list[int | None] = [*input_shape[:front], *output_shape]
    else:
        inputs, outputs = inputs + elided, outputs + elided
        full = [input_shape[0], *output_shape, *input_shape[len(input_shape) - count :]]
    if len(full) != len(outputs):
        raise ValueError(f"output_shape {output_shape} has not the axes that equation {equation!r} asks for")
    sizes = dict(zip(inputs, input_shape, strict=True))
    for place, (letter, size) in enumerate(zip(outputs, full, strict=True)):
        if letter not in inputs + kernel:
            raise ValueError(f"axis {letter!r} of the output stands neither in the input nor in the kernel")
        known = sizes.setdefault(letter, size)
        if size is None:
            full[place] = known
        elif known is not None and known != size:
            raise ValueError(f"axis {letter!r} has size {known} in the input and {size} in the output")
    unknown = [c for c in kernel if sizes.get(c) is None]
    if unknown:
        raise ValueError(
            f"the size of the kernel's axis {unknown[0]!r} must be known; received {input_shape}"
        )
    bias_shape = None
    if bias_axes is not None:
        if not bias_axes or not set(bias_axes) <= set(outputs):
            raise ValueError(f"bias_axes must be axes of the output, {outputs!r}; received {bias_axes!r}")
        tail = outputs[min(map(outputs.index, bias_axes)) :]
        bias_shape = tuple(sizes[c] or 1 if c in bias_axes else 1 for c in tail)
    kernel_shape = tuple(sizes[c] or 0 for c in kernel)
    return _Plan(inputs, kernel, outputs, kernel_shape, bias_shape, tuple(full))


@_registry.register()
class EinsumDense(Layer):
    """A fully connected layer between axes of one's choice: ``activation(einsum(equation, x, kernel) + bias)``.

    Parameters
    ----------
    equation : str
        Letters for the axes of input, kernel and output, as in ``"abc,cd->abd"``, ``"...x,xy->...y"`` or
        ``"ab...,bc->ac..."``.
    output_shape : int or tuple
        Sizes of the output without the batch and what an ellipsis stands for; None where the input tells.
    activation : str or callable, optional
    bias_axes : str, optional
        Axes of the output that have a bias; by default there is none.
    kernel_initializer, bias_initializer : str or Initializer
    kernel_regularizer, bias_regularizer : str or Regularizer, optional
    kernel_constraint, bias_constraint : str or Constraint, optional
    name, trainable, dtype, input_shape
        See `Layer`.

    Notes
    -----
    Weights: kernel and bias, in the shapes of their axes. Where the equation is that of a matrix product, as
    in all of attention's projections, it is computed as `Dense` does.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn import layers
    >>> heads = layers.EinsumDense("abc,cde->abde", (None, 2, 3), bias_axes="de")
    >>> heads(np.ones((4, 5, 6))).shape
    (4, 5, 2, 3)
    >>> [w.shape for w in heads.get_weights()]
    [(6, 2, 3), (2, 3)]
    """

    def __init__(
        self,
        equation: str,
        output_shape: Any,
        activation: Any = None,
        bias_axes: str | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.equation = equation
        self.partial_output_shape = (output_shape,) if isinstance(output_shape, int) else tuple(output_shape)
        self.bias_axes = bias_axes
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias: Any = None

    def _plan_for(self, input_shape: Shape) -> _Plan:
        return _plan(self.equation, self.bias_axes, input_shape, self.partial_output_shape)

    def build(self, input_shape: Shape) -> None:
        """Make kernel and bias."""
        plan = self._plan_for(input_shape)
        initializer = self.kernel_initializer
        if isinstance(initializer, initializers.VarianceScaling) and initializer.input_axes is None:
            places = [i for i, c in enumerate(plan.kernel) if c not in plan.outputs]
            others = [i for i in range(len(plan.kernel)) if i not in places]
            config = {**initializer.get_config(), "input_axes": places, "output_axes": others}
            initializer = type(initializer)(**config)
        self.kernel = self.add_weight(
            plan.kernel_shape,
            initializer,
            name="kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        if plan.bias_shape is not None:
            self.bias = self.add_weight(
                plan.bias_shape,
                self.bias_initializer,
                name="bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        summed = [c for c in plan.kernel if c not in plan.outputs]
        self._summed = len(summed)
        made = plan.kernel[self._summed :]
        free = plan.inputs[: len(plan.inputs) - self._summed]
        self._is_product = (
            plan.inputs == free + "".join(summed)
            and plan.kernel == "".join(summed) + made
            and plan.outputs == free + made
            and (plan.bias_shape is None or plan.bias_shape == plan.kernel_shape[self._summed :])
        )

    def call(self, x: Any) -> Any:
        """Compute the output."""
        if "." not in self.equation and x.ndim != len(self.input_shape):
            raise ValueError(f"inputs must have {len(self.input_shape)} axes; received shape {x.shape}")
        if not self._is_product:
            y = ops.einsum(self.equation, x, self.kernel)
            return self.activation(y if self.bias is None else ops.add(y, self.bias))
        sizes, made = self.kernel.shape[: self._summed], self.kernel.shape[self._summed :]
        kernel: Any = self.kernel
        bias, free = self.bias, x.shape[: x.ndim - self._summed]
        if x.shape[x.ndim - self._summed :] != sizes:
            raise ValueError(f"the last sizes of the inputs must be {sizes}; received shape {x.shape}")
        if self._summed != 1 or len(made) != 1:
            x = ops.reshape(x, (*free, math.prod(sizes)))
            kernel = ops.reshape(kernel, (math.prod(sizes), math.prod(made)))
            bias = None if bias is None else ops.reshape(bias, (math.prod(made),))
        fused = _FUSED.get(self.activation)
        y = ops.dense(x, kernel, bias, fused or "linear")
        if len(made) != 1:
            y = ops.reshape(y, (*free, *made))
        return y if fused else self.activation(y)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the output's shape, as the equation says."""
        return self._plan_for(input_shape).output_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "equation": self.equation,
            "output_shape": list(self.partial_output_shape),
            "activation": activations.serialize(self.activation),
            "bias_axes": self.bias_axes,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
        }
