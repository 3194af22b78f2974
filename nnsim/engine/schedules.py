"""Learning-rate schedules: what η is at each step, counted from 0.

    constant      η
    step          η · factor^⌊s / steps⌋               (PyTorch's StepLR, stepped after each step)
    exponential   η · factor^(s / steps)               (ExponentialLR with gamma = factor^(1/steps))
    cosine        η · (factor + (1 − factor)·(1 + cos(π·min(s, steps)/steps))/2)
                                                    (CosineAnnealingLR down to factor·η, and stays)
    warm-up       any of them times min(1, (s + 1) / warm_up_steps)

Sources: Loshchilov and Hutter, arXiv 1608.03983 (cosine); Goyal et al., arXiv 1706.02677 (warm-up).
"""

import math

from nnsim.engine.settings import Settings


def learning_rate_at(settings: Settings, step: int) -> float:
    """Return η of the step with that number (from 0, as in `Position.step`)."""
    rate, steps, factor = settings.learning_rate, settings.schedule_steps, settings.schedule_factor
    if settings.schedule == "step":
        rate *= _power(factor, step // steps)
    elif settings.schedule == "exponential":
        rate *= _power(factor, step / steps)
    elif settings.schedule == "cosine":
        fallen = (1.0 + math.cos(math.pi * min(step, steps) / steps)) / 2.0
        rate *= factor + (1.0 - factor) * fallen
    if step + 1 < settings.warm_up_steps:
        rate *= (step + 1) / settings.warm_up_steps
    return rate


def _power(base: float, exponent: float) -> float:
    """C's pow: infinite, not an error, where the result is too large for a number."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
