"""A run, and the comparison of two, as tables."""

from __future__ import annotations

from . import harness, machine

_SCALES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def show(figure: float | None, unit: str) -> str:
    """Return a figure in three digits with its unit; nothing for None."""
    if figure is None:
        return ""
    if unit != "s":
        return f"{figure:.0f} {unit}"
    scale, name = next((s for s in _SCALES if figure >= s[0]), _SCALES[-1])
    value = figure / scale
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {name}"


def print_table(head: list[str], lines: list[list[str]]) -> None:
    """Print lines under a head, the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    for line in (head, ["-" * width for width in widths], *lines):
        cells = [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
        print("  ".join(cells).rstrip())


def report(table: list[harness.Measured]) -> None:
    """Print a run: the figures, then what went wrong."""
    present = {contender for measured in table for contender in measured.bursts}
    known = [name for name in machine.LIBRARIES if name in present]
    columns = known + sorted(present.difference(known))
    lines = []
    for measured in table:
        ratio, best = measured.ratio(), measured.best_peer()
        lines.append(
            [
                measured.name,
                *(show(measured.figures.get(column), measured.unit) for column in columns),
                f"{ratio:.2f} x {best[0]}" if ratio and best else "",
                f"{measured.noise():.0%}",
            ]
        )
    print_table(["row", *columns, "ratio", "noise"], lines)
    for measured in table:
        for contender, problem in measured.problems.items():
            print(f"! {measured.name}: {contender}: {problem}")
    disturbed = sum(measured.disturbed for measured in table)
    bursts = sum(len(b) for measured in table for b in measured.bursts.values())
    if disturbed:
        print(f"! other programs kept the machine busy before {disturbed} of {bursts} bursts")


def compare(old: list[harness.Measured], new: list[harness.Measured]) -> None:
    """Print how the rows of two runs differ, by the ratio to the best peer in the same run."""
    before = {measured.name: measured for measured in old}
    lines = []
    for measured in new:
        if measured.name not in before:
            continue
        pair = (before[measured.name], measured)
        ratios = [m.ratio() for m in pair]
        change = f"{ratios[1] / ratios[0] - 1:+.0%}" if ratios[0] and ratios[1] else ""
        lines.append(
            [
                measured.name,
                *(show(m.figures.get("fastnn"), m.unit) for m in pair),
                *(f"{ratio:.2f}" if ratio else "" for ratio in ratios),
                change,
                f"{max(m.noise() for m in pair):.0%}",
            ]
        )
    print_table(["row", "old", "new", "old ratio", "new ratio", "change", "noise"], lines)
