"""Cases of pooling."""

from __future__ import annotations

import numpy as np

from layer_cases.case import Case

STEPS = np.array([[True, True, False, True], [True, False, False, False]])
IMAGES = {1: (2, 5, 3), 2: (2, 5, 4, 3), 3: (2, 3, 4, 3, 2)}
FIRST = {1: (2, 3, 4), 2: (2, 3, 5, 4), 3: (2, 2, 3, 4, 3)}

CASES = [
    *(
        Case(f"{kind}Pooling{d}D", {"pool_size": 2, **options}, shapes[d], name=name)
        for kind in ("Max", "Average")
        for d in (1, 2, 3)
        for name, options, shapes in (
            ("valid", {}, IMAGES),
            ("same_overlapping", {"pool_size": 3, "strides": 2, "padding": "same"}, IMAGES),
            ("channels_first", {"strides": 1, "data_format": "channels_first"}, FIRST),
        )
    ),
    Case(
        "AveragePooling2D",
        {"pool_size": (3, 1), "strides": (1, 2), "padding": "same"},
        IMAGES[2],
        name="uneven",
    ),
    *(
        # Keras takes means in float32
        Case(f"Global{kind}Pooling{d}D", options, shapes[d], name=name, keras_rtol=rtol)
        for kind, rtol in (("Max", 1e-10), ("Average", 1e-6))
        for d in (1, 2, 3)
        for name, options, shapes in (
            ("", {}, IMAGES),
            ("channels_first", {"keepdims": True, "data_format": "channels_first"}, FIRST),
        )
    ),
    Case("GlobalAveragePooling1D", {}, (2, 4, 3), mask=STEPS, name="mask"),
    Case(
        "GlobalAveragePooling1D",
        {"keepdims": True, "data_format": "channels_first"},
        (2, 3, 4),
        mask=STEPS,
        name="mask_first",
    ),
]
