"""Activations once more, in 60 decimal digits: what the table's floats are judged by."""

from decimal import Decimal, localcontext

DIGITS = 60
H = Decimal("1e-14")
"""The step of the differences: their own error, about h², is below 1e-27."""


def _tanh(z):
    grown = (2 * -abs(z)).exp()
    return (1 - grown) / (1 + grown) * (1 if z >= 0 else -1)


def _sigmoid(z):
    return 1 / (1 + (-z).exp())


def _normal_cdf(z):
    """Φ(z) = ½ + φ(z)·(z + z³/3 + z⁵/15 + …): Abramowitz and Stegun 26.2.11."""
    term = total = z
    number = 1
    while abs(term) > Decimal(10) ** -(DIGITS + 5) * max(1, abs(total)):
        number += 2
        term = term * z * z / number
        total += term
    return Decimal("0.5") + total * (-z * z / 2).exp() / (2 * _pi()).sqrt()


def _pi():
    """Machin 1706: π = 16 arctan(1/5) − 4 arctan(1/239)."""

    def arctan_of_inverse(n):
        power = total = Decimal(1) / n
        sign, k = -1, 3
        while power > Decimal(10) ** -(DIGITS + 10):
            power /= n * n
            total += sign * power / k
            sign, k = -sign, k + 2
        return total

    return 16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239)


VALUES = {
    "linear": lambda z, p: z,
    "sigmoid": lambda z, p: _sigmoid(z),
    "bipolar_sigmoid": lambda z, p: (1 - (-z).exp()) / (1 + (-z).exp()),
    "tanh": lambda z, p: _tanh(z),
    "relu": lambda z, p: max(z, Decimal(0)),
    "leaky_relu": lambda z, p: z if z > 0 else p * z,
    "elu": lambda z, p: z if z > 0 else p * (z.exp() - 1),
    "softplus": lambda z, p: (1 + z.exp()).ln(),
    "silu": lambda z, p: z * _sigmoid(z),
    "gelu": lambda z, p: z * _normal_cdf(z),
    "threshold": lambda z, p: Decimal(1) if z >= p else Decimal(0),
}


def value(name, z, parameter=0.0):
    """f(z) as the nearest float."""
    return _exactly(name, z, parameter, lambda f, x: f(x))


def slope(name, z, parameter=0.0):
    """f'(z) by a difference so small that it is exact."""
    return _exactly(name, z, parameter, lambda f, x: (f(x + H) - f(x - H)) / (2 * H))


def bend(name, z, parameter=0.0):
    """f''(z) likewise."""
    return _exactly(name, z, parameter, lambda f, x: (f(x + H) - 2 * f(x) + f(x - H)) / (H * H))


def _exactly(name, z, parameter, of):
    with localcontext() as context:
        context.prec = DIGITS
        exact, p = VALUES[name], Decimal(parameter)
        return float(of(lambda x: exact(x, p), Decimal(z)))
