"""MNIST: 70,000 handwritten digits of 28x28 pixels (Y. LeCun, C. Cortes, C. J. C. Burges)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastnn.datasets import _store
from fastnn.datasets._idx import IdxFile

Array = np.ndarray[Any, Any]

FILES = (
    IdxFile(
        "train-images-idx3-ubyte",
        (60000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    IdxFile(
        "train-labels-idx1-ubyte",
        (60000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    IdxFile(
        "t10k-images-idx3-ubyte",
        (10000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    IdxFile(
        "t10k-labels-idx1-ubyte",
        (10000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
)
MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)


def load_data(path: str = "mnist.npz") -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Load MNIST, downloading it (11 MB) the first time.

    The four IDX files are looked for, raw or gzipped, in ``mnist/`` inside the data folder and in the data
    folder itself. That is the folder named by the environment variable ``FASTNN_DATA_HOME``, else the
    user's data folder (``~/.local/share/fastnn`` on Linux). Files that are not there are downloaded into
    ``mnist/``. The SHA-256 of each file's content is checked on every load, so what is returned is the
    published data, or nothing.

    Parameters
    ----------
    path : str
        Keras's name for its own copy, accepted so that its programs run; the data does not depend on it.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuple of tuples of ndarray
        Images, uint8 of shape (60000, 28, 28) and (10000, 28, 28) with the values 0 (paper) to 255 (ink),
        and labels, uint8 of shape (60000,) and (10000,) with the values 0 to 9. The arrays are
        the caller's own.

    Raises
    ------
    ConnectionError
        The files are not in the data folder and cannot be downloaded; says where to put them.
    ValueError
        A file in the data folder is truncated, corrupt, or not the published one; it is left alone.
    OSError
        A downloaded file cannot be kept: the folder cannot be written, or the disk is full.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998), Gradient-based learning applied to document
    recognition, Proceedings of the IEEE 86 (11).

    Examples
    --------
    >>> from fastnn.datasets import mnist
    >>> (x_train, y_train), (x_test, y_test) = mnist.load_data()  # doctest: +SKIP
    >>> x_train.shape, y_train.shape  # doctest: +SKIP
    ((60000, 28, 28), (60000,))
    """
    x_train, y_train, x_test, y_test = _store.load("mnist", FILES, MIRRORS)
    return (x_train, y_train), (x_test, y_test)
