"""The 8x8 handwritten digits that ship inside the package: no download, and a network learns them in seconds.

Source: E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning
Repository, https://doi.org/10.24432/C50P49, licensed under Creative Commons Attribution 4.0
International (CC BY 4.0, https://creativecommons.org/licenses/by/4.0/). These are the 1,797 samples that
scikit-learn's ``load_digits`` has, with the same values in the same order.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def load_data() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Load the 1,797 handwritten digits of 8x8 pixels.

    The held-out part is fixed: with the samples sorted by label (and, within a label, in their original
    order), every fifth one, from the first on, is a test sample. So the 360 test images hold each
    digit in its proportion, 35 to 37 times, and depend on no seed. Both parts keep the original order.

    Returns
    -------
    (x_train, y_train), (x_test, y_test) : tuple of tuples of ndarray
        Images, uint8 of shape (1437, 8, 8) and (360, 8, 8) with the values 0 (paper) to 16 (ink), and
        labels, uint8 of shape (1437,) and (360,) with the values 0 to 9. The arrays are the
        caller's own.

    References
    ----------
    E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning
    Repository, https://doi.org/10.24432/C50P49 (CC BY 4.0).

    Examples
    --------
    >>> from fastnn.datasets import digits
    >>> (x_train, y_train), (x_test, y_test) = digits.load_data()
    >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape
    ((1437, 8, 8), (1437,), (360, 8, 8), (360,))
    """
    with files("fastnn.datasets").joinpath("digits.npz").open("rb") as file, np.load(file) as arrays:
        images, labels = arrays["images"], arrays["labels"]
    test = np.zeros(len(labels), bool)
    test[np.argsort(labels, kind="stable")[::5]] = True
    return (images[~test], labels[~test]), (images[test], labels[test])
