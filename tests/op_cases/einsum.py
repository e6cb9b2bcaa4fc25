"""Cases of the stem einsum."""

from __future__ import annotations

from typing import Any

import numpy as np

from op_cases.case import Array, Case, normal

CASES: list[Case] = []


def _einsum(*arrays: Array, subscripts: str) -> Array:
    return np.asarray(np.einsum(subscripts, *arrays))


CASES += [
    Case(
        "einsum",
        normal(*shapes),
        _einsum,
        options={"subscripts": subscripts},
        differentiate=tuple(range(len(shapes))),
        terms=lambda *arrays: 60,  # at most
        call=lambda op, *arrays, subscripts: op(subscripts, *arrays),
        name=name,
    )
    for name, subscripts, shapes in [
        ("matmul", "ij,jk->ik", [(2, 3), (3, 4)]),
        ("implicit", "ij,jk", [(2, 3), (3, 4)]),
        ("implicit_sorted", "kj,ji", [(2, 3), (3, 4)]),
        ("turned", "ij,jk->ki", [(2, 3), (3, 4)]),
        ("vectors", "i,i", [(5,), (5,)]),
        ("matrix_vector", "ij,j", [(2, 3), (3,)]),
        ("outer", "i,j->ji", [(2,), (3,)]),
        ("elementwise", "ij,ij->ij", [(2, 3), (2, 3)]),
        ("elementwise_turned", "ij,ji->ji", [(2, 3), (3, 2)]),
        ("rows", "ij,ij->i", [(2, 3), (2, 3)]),
        ("batch", "bij,bjk->bik", [(2, 3, 2), (2, 2, 3)]),
        ("batch_last", "ijb,jkb->ikb", [(3, 2, 2), (2, 3, 2)]),
        ("batch_vectors", "bij,bj->bi", [(2, 3, 2), (2, 2)]),
        ("two_sums", "ijk,jkl->il", [(2, 3, 2), (3, 2, 2)]),
        ("two_sums_turned", "ijk,lkj->il", [(2, 3, 2), (2, 2, 3)]),
        ("attention", "bqhd,bkhd->bhqk", [(2, 2, 2, 3), (2, 3, 2, 3)]),
        ("bilinear", "bi,oij,bj->bo", [(2, 3), (2, 3, 2), (2, 2)]),
        ("three", "ij,jk,kl->il", [(2, 3), (3, 2), (2, 3)]),
        ("four", "a,ab,bc,c", [(2,), (2, 3), (3, 2), (2,)]),
        ("transpose", "ij->ji", [(2, 3)]),
        ("sum", "ij->", [(2, 3)]),
        ("sum_rows", "ij->j", [(2, 3)]),
        ("trace", "ii", [(3, 3)]),
        ("diagonal", "ii->i", [(3, 3)]),
        ("diagonal_3d", "iji->ij", [(2, 3, 2)]),
        ("diagonal_in_product", "ii,ij->j", [(3, 3), (3, 2)]),
        ("sum_in_one", "ij,k->k", [(2, 3), (2,)]),
        ("unrelated", "ij,kl->", [(2, 3), (2, 2)]),
        ("ellipsis", "...ij,...jk->...ik", [(2, 2, 3), (3, 2)]),
        ("ellipsis_broadcast", "...ij,...jk", [(2, 1, 2, 3), (3, 3, 2)]),
        ("ellipsis_transpose", "i...->...i", [(2, 3, 2)]),
        ("ellipsis_elementwise", "...,...", [(2, 3), (3,)]),
        ("ellipsis_of_nothing", "i...,i...->...", [(3,), (3,)]),
        ("size_1", "ij,jk->ik", [(2, 1), (3, 2)]),
        ("numbers", ",->", [(), ()]),
        ("by_number", ",ij", [(), (2, 3)]),
        ("no_terms", "ij,jk", [(2, 0), (0, 3)]),
        ("empty", "ij,jk", [(0, 2), (2, 3)]),
        ("spaces", " ij , jk -> ik ", [(2, 3), (3, 2)]),
    ]
]


def _wrong(subscripts: Any, *shapes: tuple[int, ...]) -> tuple[tuple[Any, ...], type[Exception], str]:
    return (
        (subscripts, *(np.ones(shape) for shape in shapes)),
        ValueError,
        r"\[einsum\] .*; received subscripts",
    )


CASES += [
    Case(
        "einsum",
        normal((40, 70), (70, 50)),
        _einsum,
        options={"subscripts": "ij,jk"},
        differentiate=(),
        terms=lambda *arrays: 70,
        call=lambda op, *arrays, subscripts: op(subscripts, *arrays),
        errors=(
            _wrong("ij,jk", (2, 3), (4, 2)),
            _wrong("ij,jk", (2, 3)),
            _wrong("ij", (2,)),
            _wrong("ij->ik", (2, 3)),
            _wrong("ij->ii", (2, 3)),
            _wrong("ii", (2, 3)),
            _wrong("i1", (2, 3)),
            _wrong("...i->i", (2, 3)),
        ),
        name="tiles",
    )
]
