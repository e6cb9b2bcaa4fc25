"""Summaries and drawings of models: what people read."""

import sys
import types

import fastnn
import pytest
from fastnn import layers, utils


def summary(model, **options):
    lines = []
    model.summary(print_fn=lines.append, **options)
    return "\n".join(lines)


def model():
    x, y = fastnn.Input((4,), name="x"), fastnn.Input((4,), name="y")
    shared = layers.Dense(4, name="shared", activation="relu")
    inner = fastnn.Sequential([layers.Dense(3, name="deep"), layers.Dense(4, name="deeper")], name="inner")
    a = shared(layers.Rescaling(2.0, name="scaled")(x))
    total = layers.Add(name="total")([a, shared(y), inner(y)])
    return fastnn.Model([x, y], [total, layers.Dense(1, name="size")(total)], name="net")


def test_a_graph_shows_its_connections(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    text = summary(model())
    lines = [line.strip("│ ").split(" │ ") for line in text.splitlines() if line.startswith("│")]
    rows = {row[0].strip(): [cell.strip() for cell in row[1:]] for row in lines if row[0].strip()}
    assert rows["Layer (type)"] == ["Output Shape", "Param #", "Connected to"]
    assert rows["x (InputLayer)"] == ["(None, 4)", "0", "-"]
    assert rows["inner (Sequential)"] == ["(None, 4)", "31", "y[0][0]"]
    assert rows["shared (Dense)"][1] == "20"
    assert "inner[0][0]" in text
    assert "shared[1][0]" in text
    assert " Total params: 56 (224.00 B)" in text


@pytest.mark.parametrize("width", [60, 80, 200])
def test_lines_fit_the_terminal_and_each_other(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    lengths = {len(line) for line in summary(model()).splitlines() if line[0] in "│├┌└"}
    assert len(lengths) == 1
    assert lengths.pop() <= width
    assert max(len(line) for line in summary(model(), line_length=50).splitlines()) <= 50


def test_nested_layers_and_trainability():
    net = model()
    net.get_layer("inner").trainable = False
    text = summary(net, expand_nested=True, show_trainable=True, line_length=120)
    assert "└ deep (Dense)" in text
    (inner,) = [line for line in text.splitlines() if "inner (Sequential)" in line]
    assert inner.split("│")[-2].strip() == "N"
    assert "Non-trainable params: 31" in text
    assert "Trainable params: 25" in text


def test_a_chain_shows_no_connections():
    x = fastnn.Input((4,))
    assert "Connected" not in summary(fastnn.Model(x, layers.Dense(2)(layers.Dense(3)(x))))


DRAWING = """\
net (Functional)
●      x (InputLayer)
●      scaled (Rescaling)
●      shared (Dense)  call 1 of 2
│ ●    y (InputLayer)
│ ├─╮
│ │ ●  shared (Dense)  call 2 of 2
│ ● │  inner (Sequential)
├─┴─╯
●      total (Add)  ⇒ output
●      size (Dense)  ⇒ output"""


def test_the_text_drawing():
    assert utils.plot_model(model(), to_file=None) == DRAWING


def test_what_the_drawing_can_tell():
    text = utils.plot_model(
        model(),
        None,
        show_shapes=True,
        show_dtype=True,
        show_layer_activations=True,
        show_trainable=True,
        expand_nested=True,
    )
    assert "shared (Dense)  relu  (None, 4)  float32  trainable  call 1 of 2" in text
    assert "\n\ninner (Sequential)\n●  " in text
    bare = utils.plot_model(model(), None, show_layer_names=False)
    assert "●      InputLayer" in bare


CROSSING = """\
crossing (Functional)
●      x (InputLayer)
├─╮
│ ●    b (Dense)
├─│─╮
│ │ ●  a (Dense)
● │ │  c (Dense)
├─│─╯
● │    left (Add)
├─╯
●      top (Add)  ⇒ output"""


def test_rails_pass_each_other():
    x = fastnn.Input((2,), name="x")
    a, b, c = (layers.Dense(2, name=name)(x) for name in "abc")
    left = layers.Add(name="left")([a, c])
    net = fastnn.Model(x, layers.Add(name="top")([b, left]), name="crossing")
    assert utils.plot_model(net, None) == CROSSING


def test_models_without_a_graph():
    class Plain(fastnn.Model):
        def __init__(self):
            super().__init__(name="plain")
            self.dense = layers.Dense(1, name="dense")

    assert utils.plot_model(Plain(), None) == "plain (Plain)\n· dense (Dense)"
    assert (
        utils.plot_model(fastnn.Sequential([layers.Dense(1, name="d")], name="s"), None)
        == "s (Sequential)\n· d (Dense)"
    )
    with pytest.raises(TypeError, match="plot_model draws models"):
        utils.plot_model(layers.Dense(1))


def test_without_graphviz_the_text_is_written(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.warns(UserWarning, match=r"pip install 'fastnn\[plot\]' and the program dot"):
        path = utils.plot_model(model(), tmp_path / "net.png")
    assert path == str(tmp_path / "net.txt")
    assert (tmp_path / "net.txt").read_text(encoding="utf-8").startswith("net (Functional)\n●")
    assert utils.plot_model(model(), tmp_path / "other.txt") == str(tmp_path / "other.txt")
    with pytest.raises(ValueError, match="to_file must end in one of png, svg"):
        utils.plot_model(model(), tmp_path / "net.bmp")


class _Digraph:
    """Stands for graphviz's: notes what it is asked to draw."""

    made = None

    def __init__(self, **attributes):
        self.attributes, self.nodes, self.edges, self.clusters = attributes, {}, [], []
        _Digraph.made = _Digraph.made or self

    def node(self, name, label):
        self.nodes[name] = label

    def edge(self, tail, head):
        self.edges.append((tail, head))

    def subgraph(self, name):
        self.clusters.append(_Digraph())
        return self.clusters[-1]

    __enter__ = lambda self: self  # noqa: E731
    __exit__ = lambda self, *error: None  # noqa: E731

    def attr(self, **attributes):
        self.attributes |= attributes

    def pipe(self, format):
        return b"a picture as " + format.encode()


def test_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(_Digraph, "made", None)
    monkeypatch.setitem(
        sys.modules,
        "graphviz",
        types.SimpleNamespace(
            Digraph=_Digraph, backend=types.SimpleNamespace(ExecutableNotFound=RuntimeError)
        ),
    )
    assert utils.plot_model(
        model(), tmp_path / "net.svg", show_shapes=True, rankdir="LR", dpi=50, expand_nested=True
    ) == str(tmp_path / "net.svg")
    assert (tmp_path / "net.svg").read_bytes() == b"a picture as svg"
    drawing = _Digraph.made
    assert drawing.attributes["graph_attr"]["rankdir"] == "LR"
    assert "total (Add)\n(None, 4)" in drawing.nodes.values()
    (inner,) = drawing.clusters
    assert sorted(label.split()[0] for label in inner.nodes.values())[:2] == ["deep", "deeper"]
    names = {**drawing.nodes, **inner.nodes}
    edges = {(names[a].split()[0], names[b].split()[0]) for a, b in drawing.edges}
    assert ("shared", "total") in edges
    assert ("deeper", "total") in edges
