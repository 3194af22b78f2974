"""The goals of each row, and whether they were met."""

from dataclasses import dataclass

from tests.bench.rounds import Result

OF_THE_LIMIT = 0.85
OF_A_PEER = {
    "neuron_online": ("jax", 1.3),
    "xor_online": ("synaptic", 4.5),
    "spiral_batch10": ("best", 8.0),
    "iris_online": ("best", 10.0),
    "iris_full": ("best", 2.0),
    "digits_batch32": ("best", 1.7),
    "mnist_online": ("best", 3.5),
    "mnist_batch50": ("best", 1.2),
}
"""The peer and how many times as fast; every other row: ahead of the best peer."""
NOT_PEERS = ("nnsim", "limit", "limit_avx2")


@dataclass(frozen=True)
class Judged:
    """One goal of one row. ratio is None where one of the two has no number."""

    against: str
    goal: float
    ratio: float | None

    @property
    def met(self) -> bool | None:
        return None if self.ratio is None else self.ratio >= self.goal

    def as_json(self) -> dict[str, object]:
        return {"against": self.against, "goal": self.goal, "ratio": self.ratio, "met": self.met}

    def in_words(self) -> str:
        if self.ratio is None:
            return f"{self.against}: no number (goal {self.goal:g})"
        verdict = "met" if self.met else "NOT MET"
        return f"{self.ratio:.2f} × {self.against} (goal {self.goal:g}): {verdict}"


def best_peer(results: dict[str, Result]) -> str | None:
    rates = {n: r.rate for n, r in results.items() if n not in NOT_PEERS and r.rate}
    return max(rates, key=lambda name: rates[name]) if rates else None


def ratio(results: dict[str, Result], name: str | None) -> float | None:
    ours = results["nnsim"].rate if "nnsim" in results else None
    theirs = results[name].rate if name in results else None
    return ours / theirs if ours and theirs else None


def judge(row: str, results: dict[str, Result]) -> list[Judged]:
    """Against the limit; against the named peer; and ahead of every peer, on every row."""
    best = best_peer(results)
    against, factor = OF_A_PEER.get(row, ("best", 1.0))
    judged = [Judged("the limit", OF_THE_LIMIT, ratio(results, "limit"))]
    if against != "best":
        judged.append(Judged(against, factor, ratio(results, against)))
        factor = 1.0
    judged.append(Judged(f"best peer ({best or 'none'})", factor, ratio(results, best)))
    return judged
