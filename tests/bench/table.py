"""The results as text."""

from tests.bench.goals import judge
from tests.bench.rounds import Result
from tests.bench.work import Work

TOLERANCE = 1e-9
"""How far a competitor's weights may be from plain numpy's to count as the same rule."""


def short(rate: float | None) -> str:
    """Samples per second as 36.6M, 127k or 85."""
    if rate is None:
        return "–"
    if rate >= 999_500:
        return f"{rate / 1e6:.1f}M"
    return f"{rate / 1e3:.1f}k" if rate >= 1e3 else f"{rate:.0f}"


def rule(result: Result) -> str:
    if result.missing is not None:
        return result.missing
    if result.error is None:
        return "other rule"
    same = result.error <= TOLERANCE
    return f"{'same weights' if same else 'OTHER WEIGHTS'} ({result.error:.0e})"


def heading(work: Work) -> str:
    shape = "-".join(str(size) for size in work.sizes)
    return (
        f"{work.name}: {shape} {','.join(work.activations)}, batch {work.batch}, "
        f"η {work.learning_rate:g}; {work.data}"
    )


def line(name: str, result: Result, limit: float | None) -> str:
    rate, spread = result.rate, result.spread
    wall = result.as_json()["samples_per_second"]
    share = f"{rate / limit:.3f}" if rate and limit else "–"
    width = f"{spread:.0%}" if spread is not None else "–"
    return (
        f"  {name:<13}{short(rate):>9}{short(wall):>9}{width:>8}{share:>10}  "
        f"{rule(result)}  {result.version}"
    )


def row_table(work: Work, results: dict[str, Result]) -> str:
    """One row: a line per competitor, fastest first, then the goals."""
    limit = results["limit"].rate if "limit" in results else None
    ordered = sorted(results.items(), key=lambda item: -(item[1].rate or 0.0))
    columns = f"  {'':<13}{'CPU':>9}{'wall':>9}{'spread':>8}{'of limit':>10}  weights"
    lines = [heading(work), columns, *(line(name, r, limit) for name, r in ordered)]
    if "nnsim" in results:
        lines += [f"  nnsim: {judged.in_words()}" for judged in judge(work.name, results)]
    return "\n".join(lines) + "\n"


def summary(every: dict[str, dict[str, Result]]) -> str:
    """Samples per CPU second of all competitors on all rows."""
    names = list(dict.fromkeys(name for results in every.values() for name in results))
    lines = ["samples per second of CPU time (median)", f"{'':<16}" + columns(names)]
    for row, results in every.items():
        lines.append(f"{row:<16}" + columns([short(results[n].rate) for n in names]))
    return "\n".join(lines) + "\n"


def columns(cells: list[str]) -> str:
    return "".join(f"{cell:>13}" for cell in cells)
