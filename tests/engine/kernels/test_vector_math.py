"""exp, tanh and their like of vector_math.h, against numpy's in extended precision."""

import ctypes
import subprocess

import numpy as np
import pytest

from nnsim.engine.kernels import available, build, library

pytestmark = [
    pytest.mark.skipif(not available(), reason="no C kernels on this machine"),
    pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="no extended precision here"),
]

FUNCTIONS = {
    "exponential": np.exp,
    "exponential_less_1": np.expm1,
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "hyperbolic_tangent": np.tanh,
    "logarithm_of_1_and": np.log1p,
    "soft_plus": lambda x: np.maximum(x, 0) + np.log1p(np.exp(-abs(x))),
}
ULPS = dict.fromkeys(FUNCTIONS, 2.0) | {"logistic": 3.0, "hyperbolic_tangent": 3.0}
"""As vector_math.h promises."""
FAR, FAR_ULPS = 256.0, 2.5
"""Farther out the exponential's last factor is known a little less well."""
FARTHEST = 708.0

PROGRAM = '#include "vector_math.h"\n' + "".join(
    f"""
__attribute__((visibility("default"))) void over_{name}(int64_t n, const double *x, double *y)
{{
    for (int64_t i = 0; i < n; i += LANES)
        store(y + i, {name}(load(x + i)));
}}
"""
    for name in FUNCTIONS
)


def usable_variants():
    """The variants whose code this processor can run."""
    level = {"auto": 0, **library._LEVELS}
    best = level.get(library.choose("auto", library.BUILT).words, 0) if available() else 0
    variants = build.variants(build.this_machine())
    return [name for name in variants if level.get(name, 0) <= best]


@pytest.fixture(scope="module", params=usable_variants())
def compiled(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("math")
    (folder / "math.c").write_text(PROGRAM)
    flags = [*build.FLAGS, *build.variants(build.this_machine())[request.param]]
    command = [*build.find_compiler(), *flags, "-I", str(build.FOLDER)]
    command += [
        "-Wall",
        "-Wextra",
        "-Werror",
        str(folder / "math.c"),
        "-o",
        str(folder / "math.so"),
    ]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(folder / "math.so"))


def values_of(compiled, name, x):
    """The C function over an array; its length is a multiple of 8."""
    y = np.empty_like(x)
    compiled[f"over_{name}"](
        ctypes.c_int64(len(x)), ctypes.c_void_p(x.ctypes.data), ctypes.c_void_p(y.ctypes.data)
    )
    return y


def arguments_for(name):
    """Random arguments of every size for which a function promises its digits."""
    rng = np.random.default_rng(0)
    parts = [rng.uniform(-reach, reach, 80_000) for reach in (0.01, 0.5, 1.0, 4.0, 40.0, FARTHEST)]
    parts.append(rng.uniform(-1, 1, 80_000) * 10.0 ** rng.uniform(-300, 0, 80_000))
    whole = np.arange(-1000, 1000)
    parts.append(whole * np.log(2.0) / 2 + rng.uniform(-1e-12, 1e-12, 2000))  # where k changes
    x = np.concatenate(parts)
    x = x[abs(x) <= FARTHEST]
    x = x[: len(x) // 8 * 8]
    if name == "exponential_less_1":
        return -abs(x)
    return np.minimum(abs(x), 1.0) if name == "logarithm_of_1_and" else x


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_last_digits_are_right(compiled, name):
    x = arguments_for(name)
    truth = FUNCTIONS[name](x.astype(np.longdouble))

    off = abs(values_of(compiled, name, x) - truth) / np.spacing(abs(truth.astype(np.float64)))

    assert off[abs(x) <= FAR].max() <= ULPS[name]
    assert off.max() <= max(ULPS[name], FAR_ULPS)
    assert off.max() > 0.5  # the measure sees rounding at all


@pytest.mark.parametrize("name", FUNCTIONS)
def test_not_a_number_stays_so(compiled, name):
    assert np.isnan(values_of(compiled, name, np.full(8, np.nan))).all()


def test_far_out_values_reach_their_ends(compiled):
    x = np.array([np.inf, 1e308, 1e4, 709.0, -709.0, -1e4, -1e308, -np.inf])
    high = x > 0

    assert values_of(compiled, "logistic", x) == pytest.approx(high * 1.0, abs=4e-308)
    assert (values_of(compiled, "hyperbolic_tangent", x) == np.where(high, 1.0, -1.0)).all()
    assert (values_of(compiled, "soft_plus", x)[:4] == x[:4]).all()
    assert (abs(values_of(compiled, "soft_plus", x)[4:]) <= 4e-308).all()
    assert values_of(compiled, "exponential", abs(x)) == pytest.approx(np.exp(FARTHEST), rel=1e-15)
    assert (values_of(compiled, "exponential", -abs(x)) <= 4e-308).all()
    assert (values_of(compiled, "exponential_less_1", -abs(x)) == -1.0).all()


def test_next_to_nothing(compiled):
    x = np.array([0.0, -0.0, 5e-324, -5e-324, 1e-310, -1e-310, 2.3e-308, -2.3e-308])

    assert (values_of(compiled, "exponential", x) == 1.0).all()
    assert (values_of(compiled, "logistic", x) == 0.5).all()
    assert (values_of(compiled, "hyperbolic_tangent", x) == x).all()
    assert (values_of(compiled, "exponential_less_1", -abs(x)) == -abs(x)).all()
    assert values_of(compiled, "soft_plus", x) == pytest.approx(np.log(2.0), rel=3e-16)
