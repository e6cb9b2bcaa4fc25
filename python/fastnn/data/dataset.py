"""Datasets: sequences of elements that are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from fastnn.data.pipeline import INFINITE_CARDINALITY, UNKNOWN_CARDINALITY, Pipeline
from fastnn.data.structure import as_array, as_element, leaves, pack


class Dataset(Pipeline):
    """A sequence of elements for training: arrays, or tuples or dicts of arrays.

    Made by `from_tensor_slices`, `from_generator`, `range` or `zip`, changed by methods that each return a
    new dataset, and iterated over as often as one likes. Names, arguments and meanings are those of
    TensorFlow's ``tf.data.Dataset``. Elements are NumPy arrays, and so are the arguments of the functions
    given to `map` and `filter`: `fastnn.ops` and NumPy work on them alike.

    Rows of arrays travel as positions until they are needed: ``from_tensor_slices((x, y)).shuffle(n).batch(b)``
    gathers whole batches natively. A `map` before `batch` is called for each element, one behind `batch` for
    whole batches: put what can be vectorised behind it.

    Examples
    --------
    >>> import numpy as np
    >>> from fastnn.data import Dataset
    >>> x, y = np.arange(6, dtype="float32").reshape(3, 2), np.array([0, 1, 0])
    >>> dataset = Dataset.from_tensor_slices((x, y)).batch(2).map(lambda x, y: (x / 5, y))
    >>> len(dataset)
    2
    >>> for x, y in dataset:
    ...     print(x.shape, y)
    (2, 2) [0 1]
    (1, 2) [0]
    """

    @staticmethod
    def from_tensor_slices(tensors: Any) -> Dataset:
        """Make a dataset of the rows of arrays.

        Parameters
        ----------
        tensors : array_like, or tuple or dict of these, nested
            All of the same length. A list is one array, as in TensorFlow: give several as a tuple.

        Raises
        ------
        ValueError
            The lengths differ, or something cannot be turned into an array of at least one dimension.

        Examples
        --------
        >>> from fastnn.data import Dataset
        >>> list(Dataset.from_tensor_slices({"a": [1, 2], "b": [5, 6]}))[1]
        {'a': np.int64(2), 'b': np.int64(6)}
        """
        caller = "Dataset.from_tensor_slices"
        try:
            arrays = [np.asarray(leaf) for leaf in leaves(tensors)]
        except ValueError as error:
            hint = ". Give several components as a tuple, not as a list" if isinstance(tensors, list) else ""
            raise ValueError(f"{caller}: no array can be made of this: {error}{hint}") from error
        if not arrays or not all(array.ndim for array in arrays):
            raise ValueError(f"{caller} takes arrays of at least one dimension; received {tensors!r}")
        if len({len(array) for array in arrays}) > 1:
            raise ValueError(
                f"{caller}: all components must have the same length; "
                f"received shapes {', '.join(str(array.shape) for array in arrays)}"
            )
        length = len(arrays[0])
        return Dataset(lambda draw: range(length), length, source=pack(tensors, arrays))

    @staticmethod
    def from_generator(
        generator: Callable[..., Iterable[Any]], output_types: Any = None, args: Iterable[Any] = ()
    ) -> Dataset:
        """Make a dataset of what a generator function gives.

        Parameters
        ----------
        generator : callable
            Called anew, with ``args``, for each iteration.
        output_types : dtype, or structure of dtypes like the elements, optional
            What to convert the components to.
        args : sequence, optional

        Examples
        --------
        >>> from fastnn.data import Dataset
        >>> def squares(n):
        ...     for i in range(n):
        ...         yield i * i
        >>> list(Dataset.from_generator(squares, "float32", args=(3,)))
        [np.float32(0.0), np.float32(1.0), np.float32(4.0)]
        """
        if not callable(generator):
            raise TypeError(
                "Dataset.from_generator takes the function that makes the generator, to be called at each "
                f"iteration; received {generator!r}"
            )
        dtypes = leaves(output_types)

        def typed(element: Any) -> Any:
            parts = zip(leaves(element), dtypes, strict=True)
            return pack(output_types, [np.asarray(as_array(leaf), dtype)[()] for leaf, dtype in parts])

        convert = as_element if output_types is None else typed
        return Dataset(lambda draw: map(convert, generator(*args)), UNKNOWN_CARDINALITY)

    @staticmethod
    def range(*args: int) -> Dataset:
        """Make a dataset of integers, as Python's ``range``.

        Examples
        --------
        >>> from fastnn.data import Dataset
        >>> [int(i) for i in Dataset.range(1, 7, 2)]
        [1, 3, 5]
        """
        numbers = range(*args)
        return Dataset(lambda draw: map(np.int64, numbers), len(numbers))

    @staticmethod
    def zip(*datasets: Any) -> Dataset:
        """Make a dataset of tuples, one component from each dataset; it ends with the shortest.

        Parameters
        ----------
        *datasets : Dataset
            Or one tuple or dict of datasets, whose structure the elements then have.

        Examples
        --------
        >>> from fastnn.data import Dataset
        >>> [(int(a), int(b)) for a, b in Dataset.zip(Dataset.range(3), Dataset.range(5, 9))]
        [(0, 5), (1, 6), (2, 7)]
        """
        structure = datasets[0] if len(datasets) == 1 else datasets
        parts = leaves(structure)
        if not parts or not all(isinstance(part, Dataset) for part in parts):
            raise TypeError(f"Dataset.zip takes datasets; received {structure!r}")
        counts = [part._count for part in parts if part._count != INFINITE_CARDINALITY]
        return Dataset(
            lambda draw: (pack(structure, found) for found in zip(*(p._elements(draw) for p in parts))),  # noqa: B905
            min(counts, default=INFINITE_CARDINALITY),
            any(part._draws for part in parts),
        )
