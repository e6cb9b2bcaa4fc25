"""`import fastnn` brings nothing that is not needed."""

import subprocess
import sys

import fastnn
import pytest


def test_optional_modules_are_not_imported():
    code = (
        "import numpy, sys; before = set(sys.modules); import fastnn; new = set(sys.modules) - before\n"
        "heavy = {m.split('.')[0] for m in new} - {'fastnn'} - set(sys.stdlib_module_names)\n"
        "assert not heavy, heavy\n"
        "assert not {'fastnn.models', 'fastnn.training', 'fastnn.datasets'} & new, new\n"
        "fastnn.layers.Dense, fastnn.models.Sequential, fastnn.datasets.mnist, fastnn.random.normal\n"
        "assert fastnn.tensor([1.0]).shape == (1,)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_names():
    assert set(fastnn.__all__) <= set(dir(fastnn))
    for name in fastnn.__all__:
        assert getattr(fastnn, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        fastnn.nothing  # noqa: B018
    assert fastnn.__version__.count(".") == 2
