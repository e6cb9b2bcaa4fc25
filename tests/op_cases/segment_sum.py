"""Cases of the stem segment_sum."""

from __future__ import annotations

from typing import Any

import numpy as np

from op_cases.case import Array, Case

_IDS: dict[tuple[int, ...], Any] = {(5,): [0, 2, 2, 0, 2], (6, 3): [4, 1, 1, 0, 4, 1], (3, 2, 20): [1, 1, 0]}


def _sums(data: Array, segment_ids: Any, num_segments: int | None = None) -> Array:
    ids = np.asarray(segment_ids)
    n = int(ids.max(initial=-1)) + 1 if num_segments is None else num_segments
    sums = np.zeros((n, *data.shape[1:]))
    np.add.at(sums, ids, data)
    return sums


CASES = [
    Case(
        "segment_sum",
        lambda rng, shape=shape, ids=ids: (rng.standard_normal(shape), np.array(ids, np.int64)),
        _sums,
        options=options,
        terms=lambda data, ids: len(data),
        ulps=1,
        errors=(
            ((np.ones(3), np.array([0, 1])), ValueError, r"received x \(3,\), segment_ids \(2,\)"),
            ((np.ones(2), np.array([0, -1])), ValueError, r"lie in \[0, 1\); received -1 at position 1"),
            ((np.ones(2), np.array([0, 5]), 5), ValueError, r"lie in \[0, 5\); received 5 at position 1"),
            ((np.ones(2), np.array([0, 1]), -1), ValueError, "num_segments must not be negative"),
            ((np.ones(2), np.array([0.5, 1.0])), TypeError, "segment_ids must hold integers"),
            ((np.ones(()), np.array([0])), ValueError, "at least one dimension"),
        ),
        name=f"{'x'.join(map(str, shape))}{'_wide' if options else ''}",
    )
    for shape, ids in [*_IDS.items(), ((0,), []), ((0, 4), []), ((2, 0), [1, 0])]
    for options in ({}, {"num_segments": 7})
]
