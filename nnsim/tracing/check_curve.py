"""A delta against central differences of many widths h: too wide bends, too narrow is only noise.

The error of a central difference is about h²·E‴/6 of the bend of E and ε·E/h of rounding (W. H.
Press et al., "Numerical Recipes", 5.7), so that it is least somewhere between.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.differences import Subject
from nnsim.engine.gradcheck import Verdict, check_gradients
from nnsim.engine.network import ParameterRef
from nnsim.tracing.shown_trace import delta_factor
from nnsim.tracing.trace import Trace

Array = NDArray[np.float64]
WIDTHS: Array = 10.0 ** np.linspace(0.0, -12.0, 49)
"""h from 1 to 1e-12, four to a power of ten."""


@dataclass(frozen=True, eq=False)
class CheckCurve:
    """What central differences say of one delta, for each h of WIDTHS."""

    delta: float
    """∂E/∂w of the sample by backpropagation, in the conventions of the Trace."""
    weight: float
    """w, around which the differences are taken."""
    numeric: Array
    """The same by a central difference; NaN where E has a kink within w ± h, or is not finite."""
    factor: float
    """What both are, over the slope of E: −1 where the error is turned; η where a delta has it."""
    verdict: Verdict
    """Of the judge that all deltas have (engine/gradcheck.py)."""

    @property
    def gaps(self) -> Array:
        """|delta − numeric| for each h."""
        found: Array = np.abs(self.delta - self.numeric)
        return found

    @property
    def kinks(self) -> NDArray[np.bool_]:
        """For which h the loss has a kink within w ± h: there a difference tells nothing."""
        found: NDArray[np.bool_] = np.isnan(self.numeric) & ~self.vanishes
        return found

    @property
    def vanishes(self) -> NDArray[np.bool_]:
        """Which h are so small beside w that w ± h is w: there is no difference to take."""
        found: NDArray[np.bool_] = (self.weight + WIDTHS == self.weight) | (
            self.weight - WIDTHS == self.weight
        )
        return found

    @property
    def best(self) -> int | None:
        """The place of the h whose difference is nearest to the delta; None without any."""
        return None if np.isnan(self.gaps).all() else int(np.nanargmin(self.gaps))


def check_curve(trace: Trace, ref: ParameterRef) -> CheckCurve | None:
    """Compare one delta of a sample with central differences; None without an expected output.

    E is the loss of this sample alone, without penalties, as the delta is of it.
    """
    row = trace.whole.factors(ref)
    delta, weight = row.delta, row.value
    if trace.expected is None or delta is None:
        return None
    settings = replace(trace.settings, l1=0.0, l2=0.0, batch_size=1)
    inputs, expected = trace.inputs[None], trace.expected[None]
    with np.errstate(all="ignore"):
        subject = Subject.of(trace.network, inputs, expected, settings)
        found = subject.differences([ref] * len(WIDTHS), WIDTHS)
        judged = check_gradients(trace.network, inputs, expected, settings, refs=[ref]).rows[0]
    numeric = np.array([np.nan if one is None else one.numeric for one in found])
    factor = delta_factor(trace)
    return CheckCurve(delta, weight, factor * numeric, factor, judged.verdict)
