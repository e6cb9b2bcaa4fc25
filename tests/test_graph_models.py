"""The example of graph models: each of the four learns the digits, and shows what it is."""

import numpy as np
import pytest
from fastnn import models
from fastnn.examples import graph_models
from fastnn.utils import set_random_seed


@pytest.fixture(scope="module")
def data():
    return graph_models.load()


@pytest.mark.parametrize("name", ["two_branches", "two_heads", "residual", "inception"])
def test_it_learns_and_is_saved(name, data, tmp_path):
    set_random_seed(0)
    model = getattr(graph_models, name)()
    assert graph_models.train(model, *data, epochs=20) > 0.95
    model.save(tmp_path / "model")
    held_out = {n: data[1][n] for n in model.input_names}
    twin = models.load_model(tmp_path / "model")
    found, expected = (m.predict(held_out, verbose=0) for m in (twin, model))
    if name == "two_heads":
        assert np.mean((expected["odd"][:, 0] > 0.5) == data[1]["odd"]) > 0.95
        found, expected = found["digit"], expected["digit"]
    np.testing.assert_array_equal(found, expected)


def test_the_program_shows_and_returns_its_accuracies():
    lines = []
    found = graph_models.main(epochs=1, show=lines.append)
    assert list(found) == ["two_branches", "two_heads", "residual", "inception"]
    text = "\n".join(lines)
    assert "Connected to" in text
    assert "first (Concatenate)  (None, 8, 8, 32)" in text
    assert all(f"{name}: {accuracy:.1%} of the held-out" in text for name, accuracy in found.items())
