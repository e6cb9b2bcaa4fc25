"""Pictures of models: by graphviz where it is installed, else with letters."""

from __future__ import annotations

import os
import warnings
from typing import Any

from fastnn import activations, saving, tree
from fastnn.models.drawing import calls, text_drawing

_FORMATS = ("png", "svg", "pdf", "jpg", "jpeg", "gif", "dot")


def plot_model(
    model: Any,
    to_file: str | os.PathLike[str] | None = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = True,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: int = 96,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
) -> str:
    """Draw a model: its layers, and what feeds what.

    Pictures need the ``graphviz`` package (``pip install 'fastnn[plot]'``) and the program ``dot`` of
    https://graphviz.org. Without them a text drawing is written beside, with ``.txt`` for the picture's
    ending, and a warning says so; a ``to_file`` that ends in ``.txt`` asks for it.

    Parameters
    ----------
    model : Model
        Built.
    to_file : str or path-like, optional
        The ending says the format: png, svg, pdf, jpg, gif, dot, or txt. None writes nothing.
    show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable : bool
        What to tell of each layer besides its class.
    rankdir : {"TB", "LR"}
        Whether pictures run down or to the right.
    expand_nested : bool
        Whether to draw the layers of models inside the model as well.
    dpi : int
        Resolution of pictures of pixels.

    Returns
    -------
    str
        The path of the file that was written; the text drawing where ``to_file`` is None.

    Examples
    --------
    >>> import fastnn
    >>> from fastnn import layers
    >>> x = fastnn.Input((8,), name="x")
    >>> hidden = layers.Dense(8, activation="relu", name="hidden")(x)
    >>> y = layers.Add(name="sum")([hidden, x])
    >>> print(fastnn.utils.plot_model(fastnn.Model(x, y, name="residual"), to_file=None, show_shapes=True))
    residual (Functional)
    ●    x (InputLayer)  (None, 8)
    ├─╮
    │ ●  hidden (Dense)  (None, 8)
    ├─╯
    ●    sum (Add)  (None, 8)  ⇒ output
    """
    if not hasattr(model, "layers"):
        raise TypeError(f"plot_model draws models; received {model!r}")

    def label(operation: Any, separator: str = "  ") -> str:
        op = getattr(operation, "op", None)
        kind = type(operation).__name__ if op is None else f"ops.{op.__name__.lstrip('_')}"
        parts = [f"{operation.name} ({kind})" if show_layer_names else kind]
        if show_layer_activations and getattr(operation, "activation", None) not in (
            None,
            activations.linear,
        ):
            parts.append(operation.activation.__name__)
        if operation._inbound_nodes:
            made = operation._inbound_nodes[0].structure
            if show_shapes:
                parts.append(str(tree.map_structure(lambda t: t.shape, made)))
            if show_dtype:
                parts.append(str(tree.flatten(made)[0].dtype))
        if show_trainable and getattr(operation, "weights", None):
            parts.append("trainable" if operation.trainable else "frozen")
        return separator.join(parts)

    if to_file is None:
        return _text(model, label, expand_nested)
    path = os.fspath(to_file)
    stem, ending = os.path.splitext(path)
    kind = ending.removeprefix(".").lower() or "png"
    if kind == "txt":
        saving.atomic_write(path, (_text(model, label, expand_nested) + "\n").encode())
        return path
    if kind not in _FORMATS:
        raise ValueError(
            f"plot_model: to_file must end in one of {', '.join(_FORMATS)}, txt; received {path!r}"
        )
    options = {"rankdir": rankdir, "dpi": str(dpi), "ranksep": "0.3", "fontname": "Helvetica"}
    try:
        picture = _picture(model, lambda operation: label(operation, "\n"), expand_nested, options, kind)
    except (ImportError, OSError) as missing:
        beside = f"{stem}.txt"
        warnings.warn(
            f"plot_model: no picture can be drawn ({missing}), so a text drawing is in {beside!r}; pictures need "
            "pip install 'fastnn[plot]' and the program dot of graphviz",
            stacklevel=2,
        )
        saving.atomic_write(beside, (_text(model, label, expand_nested) + "\n").encode())
        return beside
    saving.atomic_write(path if ending else f"{path}.png", picture)
    return path if ending else f"{path}.png"


def _text(model: Any, label: Any, expand_nested: bool) -> str:
    parts = [text_drawing(model, label)]
    if expand_nested:
        parts += [_text(layer, label, True) for layer in model.layers if hasattr(layer, "layers")]
    return "\n\n".join(parts)


def _picture(model: Any, label: Any, expand_nested: bool, options: dict[str, str], kind: str) -> bytes:
    import graphviz

    drawing = graphviz.Digraph(
        graph_attr=options,
        node_attr={
            "shape": "box",
            "style": "rounded,filled",
            "fillcolor": "#eef3fa",
            "fontname": "Helvetica",
        },
    )
    _add(drawing, model, label, expand_nested, "")
    if kind == "dot":
        return str(drawing.source).encode()
    try:
        data: bytes = drawing.pipe(format=kind)
    except graphviz.backend.ExecutableNotFound as error:
        raise OSError(f"the program dot was not found: {error}".splitlines()[0]) from None
    return data


def _add(drawing: Any, model: Any, label: Any, expand_nested: bool, prefix: str) -> tuple[str, str]:
    """Add a model's layers and edges; return the names of its first and last."""
    nodes = calls(model)
    if nodes is None:  # a subclass: what its call does is not known
        names = [f"{prefix}{id(layer)}" for layer in model.layers]
        for name, layer in zip(names, model.layers, strict=True):
            drawing.node(name, label(layer))
        return (names[0], names[-1]) if names else ("", "")
    seen: dict[int, tuple[str, str]] = {}
    edges = set()
    for node in nodes:
        operation = node.operation
        if id(operation) not in seen:
            name = f"{prefix}{id(operation)}"
            if expand_nested and hasattr(operation, "layers"):
                with drawing.subgraph(name=f"cluster_{name}") as inside:
                    inside.attr(label=label(operation), style="rounded", color="#8899aa")
                    seen[id(operation)] = _add(inside, operation, label, True, f"{name}/")
            else:
                drawing.node(name, label(operation))
                seen[id(operation)] = (name, name)
        for tensor in node.inputs:
            edges.add((seen[id(tensor._keras_history.operation)][1], seen[id(operation)][0]))
    for tail, head in sorted(edges):
        drawing.edge(tail, head)
    return seen[id(nodes[0].operation)][0], seen[id(nodes[-1].operation)][1]
