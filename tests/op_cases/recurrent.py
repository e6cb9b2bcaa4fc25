"""Cases of the stems simple_rnn, lstm and gru."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from op_cases.case import Array, Case

CASES: list[Case] = []


def _sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def _simple_rnn(
    x: Array, states: list[Array], w: Array, u: Array, b: Array | None, activation: str
) -> list[Array]:
    z = x @ w + states[0] @ u + (0 if b is None else b)
    functions: dict[str, Callable[[Array], Array]] = {
        "tanh": np.tanh,
        "linear": lambda z: z,
        "relu": lambda z: np.maximum(z, 0),
        "sigmoid": _sigmoid,
    }
    return [functions[activation](z)]


def _lstm(x: Array, states: list[Array], w: Array, u: Array, b: Array | None, _: Any) -> list[Array]:
    h, c = states
    i, f, g, o = np.split(x @ w + h @ u + (0 if b is None else b), 4, axis=-1)
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return [_sigmoid(o) * np.tanh(c), c]


def _gru(
    x: Array, states: list[Array], w: Array, u: Array, b: Array | None, reset_after: bool
) -> list[Array]:
    h, n = states[0], len(u)
    of_x = of_h = np.zeros(3 * n)
    if b is not None:
        of_x, of_h = b if reset_after else (b, of_h)
    z, r, g = np.split(x @ w + of_x, 3, axis=-1)
    z = _sigmoid(z + h @ u[:, :n] + of_h[:n])
    r = _sigmoid(r + h @ u[:, n : 2 * n] + of_h[n : 2 * n])
    q = r * (h @ u[:, 2 * n :] + of_h[2 * n :]) if reset_after else (r * h) @ u[:, 2 * n :]
    return [z * h + (1 - z) * np.tanh(g + q)]


def _walk(step: Any, states: int) -> Callable[..., Array]:
    """Return a reference: all outputs, and with ``return_state`` the last states behind them as further steps."""

    def run(
        x: Array,
        w: Array,
        u: Array,
        *rest: Array,
        bias: bool = True,
        mask: Any = None,
        go_backwards: bool = False,
        return_sequences: bool = False,
        return_state: bool = False,
        activation: str = "tanh",
        reset_after: bool = True,
    ) -> Array:
        b = rest[0] if bias else None
        now = list(rest[bias:]) or [np.zeros((len(x), len(u))) for _ in range(states)]
        option = reset_after if step is _gru else activation
        outputs = []
        for t in reversed(range(x.shape[1])) if go_backwards else range(x.shape[1]):
            new = step(x[:, t], now, w, u, b, option)
            counts = np.ones((len(x), 1), bool) if mask is None else np.asarray(mask)[:, t, None]
            now = [np.where(counts, after, before) for after, before in zip(new, now, strict=True)]
            outputs.append(now[0])
        if not return_sequences:
            if not return_state:
                return outputs[-1]
            outputs = outputs[-1:]
        return np.stack([*outputs, *(now if return_state else [])], axis=1)

    return run


def _call(op: Any, x: Any, w: Any, u: Any, *rest: Any, bias: bool = True, **options: Any) -> Any:
    """Call an op with the bias and the states that follow, and join what it gives as the reference does."""
    from fastnn import ops

    state: Any = rest[bias:] or None
    if state and op is not ops.lstm:
        state = state[0]
    y = op(x, w, u, rest[0] if bias else None, state, **options)
    if not options.get("return_state"):
        return y
    y, *states = y
    y = y if options.get("return_sequences") else y[:, None]
    return ops.concatenate([y, *(s[:, None] for s in states)], axis=1)


def _inputs(
    op: str, batch: int, time: int, features: int, units: int, bias: Any = True, states: bool = False
) -> Callable[[np.random.Generator], tuple[Array, ...]]:
    gates = {"simple_rnn": 1, "lstm": 4, "gru": 3}[op]

    def make(rng: np.random.Generator) -> tuple[Array, ...]:
        shapes: list[tuple[int, ...]] = [
            (batch, time, features),
            (features, gates * units),
            (units, gates * units),
        ]
        if bias:
            shapes.append((2, gates * units) if bias == 2 else (gates * units,))
        shapes += [(batch, units)] * (states * (2 if op == "lstm" else 1))
        return tuple(0.5 * rng.standard_normal(shape) for shape in shapes)

    return make


_REFERENCES = {"simple_rnn": _walk(_simple_rnn, 1), "lstm": _walk(_lstm, 2), "gru": _walk(_gru, 1)}
# Sums of products over several steps; values below 1.
_TERMS: dict[str, Any] = {"terms": lambda x, *rest: 4 * x.shape[1] * x.shape[2], "ulps": 32}
_MASK = np.array([[True, True, False], [False, True, True]])


def _case(
    op: str, name: str, sizes: tuple[int, ...], *, bias: Any = True, states: bool = False, **more: Any
) -> Case:
    options = {**more.pop("options", {}), "bias": bool(bias)}
    make = _inputs(op, *sizes, bias=bias, states=states)
    count = len(make(np.random.default_rng(0)))
    return Case(
        op,
        make,
        _REFERENCES[op],
        options=options,
        differentiate=more.pop("differentiate", tuple(range(count))),
        call=_call,
        name=name,
        **_TERMS,
        **more,
    )


for _op in ("simple_rnn", "lstm", "gru"):
    _two: Any = 2 if _op == "gru" else True
    CASES += [
        _case(_op, "last", (2, 3, 3, 2), bias=_two),
        _case(_op, "all", (2, 3, 2, 3), bias=_two, states=True, options={"return_sequences": True}),
        _case(_op, "no_bias", (2, 2, 2, 2), bias=False),
        _case(_op, "no_rows", (0, 2, 2, 2), bias=_two, options={"return_sequences": True}),
        _case(
            _op,
            "mask_backwards",
            (2, 3, 2, 2),
            bias=_two,
            states=True,
            options={
                "mask": _MASK,
                "go_backwards": True,
                "return_sequences": True,
                "return_state": True,
            },
        ),
        _case(_op, "mask_state", (2, 3, 2, 2), bias=_two, options={"mask": _MASK, "return_state": True}),
        # Several blocks of rows, chunks of steps, panels and incomplete vectors.
        _case(
            _op,
            "blocks",
            (37, 9, 21, 35),
            bias=_two,
            states=True,
            differentiate=(),
            options={"return_sequences": True},
        ),
        _case(
            _op,
            "errors",
            (1, 1, 1, 1),
            bias=_two,
            differentiate=(),
            errors=(
                (
                    (np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 4))),
                    ValueError,
                    "x must have three dimensions",
                ),
                ((np.ones((2, 0, 3)), np.ones((3, 4)), np.ones((4, 4))), ValueError, "at least one step"),
                ((np.ones((2, 3, 0)), np.ones((0, 4)), np.ones((4, 4))), ValueError, "at least one feature"),
                (
                    (np.ones((2, 3, 2)), np.ones((2, 4)), np.ones((4, 5))),
                    ValueError,
                    "recurrent_kernel must have",
                ),
            ),
        ),
    ]
CASES += [_case("gru", "before", (2, 3, 3, 2), options={"reset_after": False, "return_sequences": True})]
CASES += [
    _case(
        "gru",
        "before_masked",
        (2, 3, 2, 3),
        states=True,
        options={"reset_after": False, "mask": _MASK, "return_state": True},
    ),
    _case("gru", "before_blocks", (37, 9, 21, 35), differentiate=(), options={"reset_after": False}),
    _case("gru", "before_no_bias", (1, 2, 2, 2), bias=False, options={"reset_after": False}),
]
CASES += [
    _case("simple_rnn", activation, (2, 2, 2, 2), options={"activation": activation})
    for activation in ("linear", "relu", "sigmoid")
]
_x, _w, _u = np.ones((2, 3, 2)), np.ones((2, 16)), np.ones((4, 16))
_state = np.ones((2, 4))
CASES += [
    _case(
        "lstm",
        "shapes",
        (1, 1, 1, 1),
        differentiate=(),
        errors=(
            ((_x[:, :, :1], _w, _u), ValueError, r"\[lstm\] kernel must have shape \(features, 4 \* units\)"),
            ((_x, _w, _u, np.ones(4)), ValueError, r"bias.shape must be \(16,\)"),
            (
                (_x, _w, _u, None, [_state[:1], _state]),
                ValueError,
                r"h.shape must be \(2, 4\); received \(1, 4\)",
            ),
            ((_x, _w, _u, None, [_state, _state[:1]]), ValueError, r"c.shape must be \(2, 4\)"),
            (
                (_x, _w, _u, None, None, _MASK[:1]),
                ValueError,
                r"mask.shape must be \(2, 3\); received \(1, 3\)",
            ),
        ),
    ),
    _case(
        "gru",
        "shapes",
        (1, 1, 1, 1),
        bias=2,
        differentiate=(),
        errors=(
            (
                (
                    (_x, np.ones((2, 12)), np.ones((4, 12)), np.ones(12)),
                    ValueError,
                    r"bias.shape must be \(2, 12\)",
                ),
            )
        ),
    ),
    _case(
        "simple_rnn",
        "unknown_activation",
        (1, 1, 1, 1),
        differentiate=(),
        errors=(
            (
                (_x, np.ones((2, 4)), np.ones((4, 4)), None, None, None, "relo"),
                ValueError,
                "activation must be one of",
            ),
        ),
    ),
]
