"""
Writes extremes.json: functions and their first two derivatives at extreme arguments, by 4,000-bit arithmetic.

Derivatives are central differences with steps of 2^-300 of the argument, at most 2^-300, exact to all bits of a double at this precision; where
a function has a kink, closed forms. What an infinite argument gives is written out beside each function: the limit, or "nan" where
IEEE 754 has no value for one of the function's own operations and NumPy and PyTorch return NaN, too; None where nothing is asked.
Needs mpmath alone: `python extremes.py`.
"""

import json
import struct
from pathlib import Path

import mpmath
from mpmath import mp, mpf

mp.prec = 4000
INF = mpf("inf")
STEP = mpf(2) ** -300

TYPES = {"f32": (24, -149, 128), "f64": (53, -1074, 1024)}


def rounded(value, dtype):
    """An mpf as the nearest number of the type, ties to even, as a Python float."""
    digits, least, most = TYPES[dtype]
    if mpmath.isnan(value) or mpmath.isinf(value) or value == 0:
        return float(value)
    sign = -1 if value < 0 else 1
    magnitude = abs(value)
    exponent = max(int(mpmath.floor(mpmath.log(magnitude, 2))) - digits + 1, least)
    units = int(mpmath.nint(magnitude / mpf(2) ** exponent))
    if units == 0:
        return sign * 0.0
    if units.bit_length() + exponent > most:
        return sign * float("inf")
    return sign * float(mpf(units) * mpf(2) ** exponent)


def as_f32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


POSITIVE = {
    "f32": [
        1e-45, 1e-40, 1.1754943508222875e-38, 1e-30, 1e-20, 1e-8, 1e-4, 0.25, 0.5, 1, 2, 3.5, 5, 6, 8, 9.5, 16, 17, 20, 50, 80, 87, 88, 88.5,
        89, 90, 100, 103, 104, 110, 1e4, 1e8, 1e15, 1e19, 1e20, 1e38, 3.4028234663852886e38,
    ],
    "f64": [
        5e-324, 1e-310, 2.2250738585072014e-308, 1e-200, 1e-160, 1e-20, 1e-8, 1e-4, 0.25, 0.5, 1, 2, 3.5, 5, 6, 8, 9.5, 20, 27, 37, 38, 88, 90,
        350, 360, 700, 708, 709, 709.5, 710, 740, 744, 745, 746, 1e4, 1e8, 1e38, 1e153, 1e155, 1e200, 1e300, 1.7976931348623157e308,
    ],
}  # fmt: skip


def grid(dtype):
    fit = as_f32 if dtype == "f32" else float
    positive = [fit(x) for x in POSITIVE[dtype]]
    return [0.0, -0.0] + [sign * x for x in positive for sign in (1, -1)] + [float("inf"), -float("inf"), float("nan")]


def differences(f, x):
    h = STEP if x == 0 else min(abs(x), 1) * STEP
    below, here, above = f(x - h), f(x), f(x + h)
    return here, (above - below) / (2 * h), (above - 2 * here + below) / (h * h)


def on(domain, f, edge=None):
    """A function that is NaN outside of a domain; `edge`: value and derivatives at arguments where differences fail."""

    def jet(x):
        if edge and x in edge:
            return edge[x]
        return differences(f, x) if domain(x) else ("nan", None, None)

    return jet


def smooth(f):
    return lambda x: differences(f, x)


def pieces(*parts):
    """(condition, value, first, second) ... of a function with kinks."""
    return lambda x: next((f(x), g(x), h(x)) for applies, f, g, h in parts if applies(x))


everywhere = lambda _: True  # noqa: E731
zero = lambda _: mpf(0)  # noqa: E731
one = lambda _: mpf(1)  # noqa: E731
sigmoid = lambda x: 1 / (1 + mpmath.exp(-x)) if x > 0 else mpmath.exp(x) / (1 + mpmath.exp(x))  # noqa: E731
softplus = lambda x: mpmath.log1p(mpmath.exp(x)) if x < 0 else x + mpmath.log1p(mpmath.exp(-x))  # noqa: E731
# Beyond 1,000 it is closer to 0 or 1 than the smallest number.
normal = lambda x: mpf(x > 0) if abs(x) > 1000 else mpmath.erfc(-x / mpmath.sqrt(2)) / 2  # noqa: E731
positive = lambda x: x > 0  # noqa: E731
inside = lambda x: abs(x) < 1  # noqa: E731


def elu(scale, alpha):
    return pieces(
        (positive, lambda x: scale * x, lambda _: scale, zero),
        (everywhere, lambda x: scale * alpha * mpmath.expm1(x), lambda x: scale * alpha * mpmath.exp(x), lambda x: scale * alpha * mpmath.exp(x)),
    )  # fmt: skip


def power(exponent):
    at_zero = {2: (0, 0, 2), 3: (0, 0, 0), 0.5: (0, INF, -INF), 1.5: (0, 0, INF), 16: (0, 0, 0), -1: None, -2: None}[exponent]
    whole = exponent == int(exponent)
    edge = {mpf(0): tuple(map(mpf, at_zero))} if at_zero else {mpf(0): (None, None, None)}
    return on(lambda x: x > 0 or whole, lambda x: x**exponent, edge)


def bce(target, smoothing=0):
    t = mpf(target) * (1 - mpf(smoothing)) + mpf(smoothing) / 2
    return smooth(lambda x: t * softplus(-x) + (1 - t) * softplus(x))


def huber(delta):
    return pieces(
        (lambda r: abs(r) <= delta, lambda r: r * r / 2, lambda r: r, one),
        (everywhere, lambda r: delta * (abs(r) - delta / 2), lambda r: delta * mpmath.sign(r), zero),
    )


BOUND = mpmath.log(mpf(1e-6))


def nll_variance(residual):
    """In the log variance; below the bound the value takes the bound, and so do the derivatives."""

    def jet(v):
        w = max(v, BOUND)
        scaled = mpf(residual) ** 2 * mpmath.exp(-w)
        return (w + scaled) / 2, (1 - scaled) / 2, scaled / 2

    return jet


def nll_mean(log_variance):
    inverse = mpmath.exp(-mpf(log_variance))
    return lambda m: ((log_variance + m * m * inverse) / 2, m * inverse, inverse)


SELU = mpf(1.0507009873554805), mpf(1.6732632423543772)
FLAT = (0, 0, 0)
GONE = ("nan", "nan", "nan")
BEYOND = ("nan", None, None)

# name: (value and derivatives at finite arguments, those at Infinity, those at -Infinity)
FUNCTIONS = {
    "exp": (smooth(mpmath.exp), (INF, INF, INF), FLAT),
    "expm1": (smooth(mpmath.expm1), (INF, INF, INF), (-1, 0, 0)),
    "log": (on(positive, mpmath.log, {mpf(0): (-INF, None, None)}), (INF, 0, 0), ("nan", None, None)),
    "log1p": (on(lambda x: x > -1, mpmath.log1p, {mpf(-1): (-INF, INF, -INF)}), (INF, 0, 0), ("nan", None, None)),
    "sin": (smooth(mpmath.sin), GONE, GONE),
    "cos": (smooth(mpmath.cos), GONE, GONE),
    "tan": (smooth(mpmath.tan), GONE, GONE),
    "tanh": (smooth(mpmath.tanh), (1, 0, 0), (-1, 0, 0)),
    "sigmoid": (smooth(sigmoid), (1, 0, 0), FLAT),
    "erf": (smooth(mpmath.erf), (1, 0, None), (-1, 0, None)),
    "sqrt": (on(positive, mpmath.sqrt, {mpf(0): (0, None, None)}), (INF, 0, 0), GONE),
    "rsqrt": (on(positive, lambda x: 1 / mpmath.sqrt(x), {mpf(0): (None, None, None)}), (0, 0, 0), GONE),
    "asin": (on(inside, mpmath.asin, {mpf(1): (mpmath.pi / 2, INF, INF), mpf(-1): (-mpmath.pi / 2, INF, -INF)}), BEYOND, BEYOND),
    "acos": (on(inside, mpmath.acos, {mpf(1): (0, -INF, -INF), mpf(-1): (mpmath.pi, -INF, INF)}), BEYOND, BEYOND),
    "atan": (smooth(mpmath.atan), (mpmath.pi / 2, 0, 0), (-mpmath.pi / 2, 0, 0)),
    "sinh": (smooth(mpmath.sinh), (INF, INF, INF), (-INF, INF, -INF)),
    "cosh": (smooth(mpmath.cosh), (INF, INF, INF), (INF, -INF, INF)),
    "asinh": (smooth(mpmath.asinh), (INF, 0, 0), (-INF, 0, 0)),
    "acosh": (on(lambda x: x > 1, mpmath.acosh, {mpf(1): (0, INF, -INF)}), (INF, 0, 0), BEYOND),
    "atanh": (on(inside, mpmath.atanh, {mpf(1): (INF, INF, INF), mpf(-1): (-INF, INF, -INF)}), BEYOND, BEYOND),
    "round": (pieces((everywhere, mpmath.nint, zero, zero)), (INF, 0, 0), (-INF, 0, 0)),
    "ceil": (pieces((everywhere, mpmath.ceil, zero, zero)), (INF, 0, 0), (-INF, 0, 0)),
    "floor": (pieces((everywhere, mpmath.floor, zero, zero)), (INF, 0, 0), (-INF, 0, 0)),
    "sign": (pieces((everywhere, mpmath.sign, zero, zero)), (1, 0, 0), (-1, 0, 0)),
    "mod 3": (pieces((everywhere, lambda x: x - 3 * mpmath.floor(x / 3), one, zero)), ("nan", None, None), ("nan", None, None)),
    "clip": (
        pieces((lambda x: -2 <= x <= 1, lambda x: x, one, zero), (everywhere, lambda x: min(max(x, -2), 1), zero, zero)),
        (1, 0, 0),
        (-2, 0, 0),
    ),
    "abs": (pieces((everywhere, abs, mpmath.sign, zero)), (INF, 1, 0), (INF, -1, 0)),
    "square": (smooth(lambda x: x * x), (INF, INF, 2), (INF, -INF, 2)),
    "reciprocal": (on(lambda x: x != 0, lambda x: 1 / x, {mpf(0): (None, None, None)}), FLAT, FLAT),
    "pow 2": (power(2), (INF, INF, 2), (INF, -INF, 2)),
    "pow 3": (power(3), (INF, INF, INF), (-INF, INF, -INF)),
    "pow -1": (power(-1), FLAT, FLAT),
    "pow -2": (power(-2), FLAT, FLAT),
    "pow 16": (power(16), (INF, INF, INF), (INF, -INF, INF)),
    "pow 0.5": (power(0.5), (INF, 0, 0), (None, None, None)),
    "pow 1.5": (power(1.5), (INF, INF, 0), (None, None, None)),
    "relu": (pieces((positive, lambda x: x, one, zero), (everywhere, zero, zero, zero)), (INF, 1, 0), FLAT),
    "leakyRelu": (
        pieces((positive, lambda x: x, one, zero), (everywhere, lambda x: x * mpf(0.01), lambda _: mpf(0.01), zero)),
        (INF, 1, 0),
        (-INF, 0.01, 0),
    ),
    "elu": (elu(mpf(1), mpf(1)), (INF, 1, 0), (-1, 0, 0)),
    "selu": (elu(*SELU), (INF, SELU[0], 0), (-SELU[0] * SELU[1], 0, 0)),
    "gelu": (smooth(lambda x: x * normal(x)), (INF, None, None), (None, None, None)),
    "gelu tanh": (
        smooth(lambda x: x * sigmoid(2 * mpmath.sqrt(2 / mpmath.pi) * (x + mpf(0.044715) * x**3))),
        (INF, None, None),
        (None, None, None),
    ),
    "hardSigmoid": (
        pieces((lambda x: abs(x) < 3, lambda x: (x + 3) / 6, lambda _: mpf(1) / 6, zero), (everywhere, lambda x: mpf(x > 0), zero, zero)),
        (1, 0, 0),
        FLAT,
    ),
    "hardSwish": (
        pieces(
            (lambda x: abs(x) < 3, lambda x: x * (x + 3) / 6, lambda x: (2 * x + 3) / 6, lambda _: mpf(1) / 3),
            (positive, lambda x: x, one, zero),
            (everywhere, zero, zero, zero),
        ),
        (INF, None, None),
        BEYOND,
    ),
    "silu": (smooth(lambda x: x * sigmoid(x)), (INF, None, None), (None, None, None)),
    "mish": (smooth(lambda x: x * mpmath.tanh(softplus(x))), (INF, None, None), (None, None, None)),
    "softplus": (smooth(softplus), (INF, 1, 0), FLAT),
    "binaryCrossEntropy of 0": (bce(0), (INF, 1, 0), FLAT),
    "binaryCrossEntropy of 1": (bce(1), FLAT, (INF, -1, 0)),
    "binaryCrossEntropy of 0.25": (bce(0.25), (INF, 0.75, 0), (INF, -0.25, 0)),
    "binaryCrossEntropy of 1, smoothed": (bce(1, 0.125), (INF, 0.0625, 0), (INF, -0.9375, 0)),
    "mse": (smooth(lambda r: r * r), (INF, INF, 2), (INF, -INF, 2)),
    "mae": (pieces((everywhere, abs, mpmath.sign, zero)), (INF, 1, 0), (INF, -1, 0)),
    "huber": (huber(mpf(1)), (INF, 1, 0), (INF, -1, 0)),
    "huber 0.5": (huber(mpf(0.5)), (INF, 0.5, 0), (INF, -0.5, 0)),
    "gaussianNll in log variance": (nll_variance(1), (INF, 0.5, 0), (nll_variance(1)(BOUND)[0], None, None)),
    "gaussianNll in log variance, exact": (nll_variance(0), (INF, 0.5, 0), (BOUND / 2, None, None)),
    "gaussianNll in mean": (nll_mean(0), (INF, None, None), (INF, None, None)),
    "gaussianNll in mean, log variance 80": (nll_mean(80), (INF, None, None), (INF, None, None)),
}

ROWS = {
    "f32": [
        [0.0, 0.0, 0.0], [20.0, 0.0, -20.0], [88.0, 90.0, 0.0], [-104.0, 0.0, 50.0], [1e4, -1e4, 1e4], [1e38, -1e38, 0.0], [-1e38, -1e38, -1e38],
        [1e38, 1e38, 1e38], [1e-45, -1e-45, 1e-40], [1e-30, 2e-30, -2e-30], [1e-20, 3e-20, 0.0], [1e20, -2e20, 1e19], [1.5, -2.25, 0.75],
        [0.1, 0.1, 0.1], [1e4, 1e4, 1e4], [1e30, 1e30, 1e30], [1e30, 2e30, -2e30], [1e-3, 2e-3, 4e-3], [0.0, -INF, 1.0], [-INF, -INF, 2.5],
        [2.0, INF, 0.0], [-INF, -INF, -INF],
    ],
    "f64": [
        [0.0, 0.0, 0.0], [20.0, 0.0, -20.0], [708.0, 710.0, 0.0], [-746.0, 0.0, 300.0], [1e4, -1e4, 1e4], [3e307, -3e307, 0.0],
        [-1e300, -1e300, -1e300], [5e-324, -5e-324, 1e-310], [1e-200, 2e-200, -2e-200], [1e-160, 3e-160, 0.0], [1e200, -2e200, 1e160],
        [1.5, -2.25, 0.75], [0.1, 0.1, 0.1], [1e4, 1e4, 1e4], [1e30, 1e30, 1e30], [1e30, 2e30, -2e30], [1e300, 1e300, 1e300], [1e-3, 2e-3, 4e-3],
        [0.0, -INF, 1.0], [-INF, -INF, 2.5], [2.0, INF, 0.0], [-INF, -INF, -INF],
    ],
}  # fmt: skip


def log_sum_exp(x):
    top = max(x)
    return top if mpmath.isinf(top) else top + mpmath.log(mpmath.fsum(mpmath.exp(value - top) for value in x))


def cross_entropy(target, smoothing=0):
    def loss(x):
        total = log_sum_exp(x)
        s = mpf(smoothing)
        spread = s * (total - mpmath.fsum(x) / len(x)) if s else 0
        return (1 - s) * (total - x[target]) + spread

    return loss


def expected_entropy(probabilities):
    return lambda x: mpmath.fsum(p * (log_sum_exp(x) - value) for p, value in zip(map(mpf, probabilities), x))


def variance(x):
    mean = mpmath.fsum(x) / len(x)
    return mpmath.fsum((value - mean) ** 2 for value in x) / len(x)


def masked_softmax(x):
    """What attention makes of the first and the third of three values; zeros where no key is left."""
    left = [x[0], x[2]]
    total = log_sum_exp(left)
    return mpf(0) if total == -INF else COTANGENT[0] * mpmath.exp(x[0] - total) + COTANGENT[2] * mpmath.exp(x[2] - total)


def standardized(x):
    mean = mpmath.fsum(x) / len(x)
    return weighted([(value - mean) / mpmath.sqrt(variance(x) + mpf(1e-5)) for value in x])


def root_mean_square(x):
    square = mpmath.fsum(value * value for value in x) / len(x)
    return weighted([value / mpmath.sqrt(square + mpf(1e-5)) for value in x])


def penalty(first, second):
    """Value and derivatives of `first |x| + second x^2`, summed; 0 is the derivative of |x| at 0."""

    def jet(x):
        # 0 times Infinity is NaN.
        linear = lambda v: first * v if first else 0  # noqa: E731
        square = lambda v: second * v if second else 0  # noqa: E731
        value = mpmath.fsum(linear(abs(v)) + square(v * v) for v in x)
        slopes = [linear(mpmath.sign(v)) + square(2 * v) for v in x]
        return value, slopes, [square(mpf(2))] * len(x)

    return jet


def extremum(choose):
    """The largest or the smallest of a row; equal ones share the derivative."""

    def jet(x):
        value = choose(x)
        return value, [mpf(entry == value) / x.count(value) for entry in x], [mpf(0)] * len(x)

    return jet



SIZES = {"f32": [0.0, 1e-45, 1e-40, 0.5, 2.0, 1e38], "f64": [0.0, 5e-324, 1e-310, 0.5, 2.0, 1e308]}


def pairs(dtype):
    fit = as_f32 if dtype == "f32" else float
    numbers = [sign * fit(size) for size in SIZES[dtype] for sign in ((1, -1) if size else (1,))]
    return [[a, b] for a in numbers for b in numbers]


def quotient(a, b, dtype):
    return (None, None, None) if b == 0 else (a / b, 1 / b, -a / b**2)


def remainder(toward):
    """The rest of `a` beside the multiple of `b` that a rounding of the quotient gives."""

    def jet(a, b, dtype):
        if b == 0:
            return "nan", None, None
        count = toward(a / b)
        return a - count * b, mpf(1), -count

    return jet



def general_power(a, b, dtype):
    if a == 0:
        return (mpf(1), 0, None) if b == 0 else (mpf(0), None, 0) if b > 0 else (INF, None, None)
    if a < 0 and b != int(b):
        return "nan", None, None
    y, slope = a**b, a ** (b - 1)
    # Where the factor overflows but the product with `b` does not, PyTorch gives an infinity, and nothing is asked.
    representable = b == 0 or slope < mpf(2) ** TYPES[dtype][2]
    return y, b * slope if representable else None, y * mpmath.log(a) if a > 0 else None


def angle(a, b, dtype):
    square = a * a + b * b
    return (mpmath.atan2(a, b), b / square, -a / square) if square else (0, 0, 0)


def larger(a, b, dtype):
    share = mpf(1) / 2 if a == b else mpf(a > b)
    return max(a, b), share, 1 - share


def length(a, b, dtype):
    root = mpmath.sqrt(a * a + b * b)
    return (root, a / root, b / root) if root else (0, 0, 0)


# Functions of two numbers: value and derivative in each.
OF_PAIRS = {
    "mul": lambda a, b, dtype: (a * b, b, a),
    "div": quotient,
    "rem": remainder(lambda q: mpmath.sign(q) * mpmath.floor(abs(q))),
    "mod": remainder(mpmath.floor),
    "pow": general_power,
    "atan2": angle,
    "maximum": larger,
    "norm": length,
}

COTANGENT = [mpf(1), mpf(-0.5), mpf(0.25)]
weighted = lambda values: mpmath.fsum(c * v for c, v in zip(COTANGENT, values))  # noqa: E731

# Functions of a row to a number: those that give a row are multiplied by COTANGENT and added up.
OF_ROWS = {
    "logSumExp": log_sum_exp,
    "softmax": lambda x: weighted([mpmath.exp(value - log_sum_exp(x)) for value in x]),
    "logSoftmax": lambda x: weighted([value - log_sum_exp(x) for value in x]),
    "norm": lambda x: mpmath.sqrt(mpmath.fsum(value**2 for value in x)),
    "variance": variance,
    "mean": lambda x: mpmath.fsum(x) / len(x),
    "crossEntropy of class 0": cross_entropy(0),
    "crossEntropy of class 2": cross_entropy(2),
    "crossEntropy of class 1, smoothed": cross_entropy(1, 0.125),
    "crossEntropy of probabilities": expected_entropy([0.5, 0.5, 0]),
    "attention without the second key": masked_softmax,
    "attention without keys": lambda _: mpf(0),
    "layerNorm": standardized,
    "rmsNorm": root_mean_square,
    "batchNorm's running mean": lambda x: mpf(0.1) * mpmath.fsum(x) / len(x),
    "batchNorm's running variance": lambda x: mpf(0.1) * variance(x) * len(x) / (len(x) - 1),
}

# Functions of a row whose derivatives are written out.
JETS_OF_ROWS = {
    "norm 1": penalty(1, 0),
    "l1": penalty(mpf(0.25), 0),
    "l2": penalty(0, mpf(0.25)),
    "elasticNet": penalty(mpf(0.5), mpf(0.25)),
    "max": extremum(max),
    "min": extremum(min),
}


def along(f, x, direction, steps):
    return [f([value + k * d for value, d in zip(x, direction)]) for k in steps]


def row_jet(name, x, dtype):
    """Value, gradient, and the second derivatives (f_ii). Nothing is asked of the derivatives of what is not finite."""
    nothing = [None] * len(x)
    value = JETS_OF_ROWS[name](x)[0] if name in JETS_OF_ROWS else OF_ROWS[name](x)
    # As PyTorch's layer norm: where the variance overflows there is no result; nor where the mean square of an RMS norm does.
    if name == "layerNorm" and len(x) * variance(x) >= mpf(2) ** TYPES[dtype][2]:
        return "nan", ["nan"] * len(x), nothing
    if name == "rmsNorm" and mpmath.fsum(value * value for value in x) >= mpf(2) ** TYPES[dtype][2]:
        return "nan", ["nan"] * len(x), nothing
    if not mpmath.isfinite(value):
        return value, nothing, nothing
    if name in JETS_OF_ROWS:
        return JETS_OF_ROWS[name](x)
    if name == "norm" and all(entry == 0 for entry in x):
        return value, [mpf(0)] * len(x), nothing
    f = OF_ROWS[name]
    scale = max([abs(entry) for entry in x if mpmath.isfinite(entry)], default=mpf(1))
    scale = mpf(1) if scale == 0 or (name not in ("norm",) and scale > 1) else scale
    first, second = [], []
    for i in range(len(x)):
        h = STEP * scale
        unit = [h if k == i else mpf(0) for k in range(len(x))]
        below, here, above = along(f, x, unit, (-1, 0, 1))
        first.append((above - below) / (2 * h))
        second.append((above - 2 * here + below) / (h * h))
    return value, first, second


def text(value, dtype):
    """JSON: numbers as shortest decimals, what JSON has no number for as a string, null where nothing is asked."""
    if value is None:
        return "null"
    if value == "nan":
        return '"NaN"'
    number = rounded(mpf(value), dtype)
    if number != number:
        return '"NaN"'
    if number in (float("inf"), -float("inf")):
        return '"Infinity"' if number > 0 else '"-Infinity"'
    return repr(number) if number != int(number) or abs(number) > 1e15 else str(int(number)) if number else "-0.0" if str(number)[0] == "-" else "0"


def elementwise(name, dtype):
    finite, high, low = FUNCTIONS[name]
    columns = []
    for x in grid(dtype):
        if x != x:
            columns.append(("nan", None, None))
        elif x in (float("inf"), -float("inf")):
            columns.append(high if x > 0 else low)
        else:
            columns.append(finite(mpf(x)))
    return columns


def listed(values, dtype):
    return "[" + ", ".join(text(value, dtype) for value in values) + "]"


def table(dtype):
    fit = as_f32 if dtype == "f32" else float
    lines = []
    for name in FUNCTIONS:
        columns = list(zip(*elementwise(name, dtype)))
        parts = (f'"{key}": {listed(column, dtype)}' for key, column in zip(("value", "first", "second"), columns))
        lines.append(f'    "{name}": {{{", ".join(parts)}}}')
    rows = [[fit(float(value)) for value in row] for row in ROWS[dtype]]
    of_rows = []
    for name in [*OF_ROWS, *JETS_OF_ROWS]:
        jets = [row_jet(name, [mpf(value) for value in row], dtype) for row in rows]
        value = listed([jet[0] for jet in jets], dtype)
        first = listed([entry for jet in jets for entry in jet[1]], dtype)
        second = listed([entry for jet in jets for entry in jet[2]], dtype)
        of_rows.append(f'    "{name}": {{"value": {value}, "first": {first}, "second": {second}}}')
    of_pairs = []
    for name, jet in OF_PAIRS.items():
        columns = list(zip(*(jet(mpf(a), mpf(b), dtype) for a, b in pairs(dtype))))
        slopes = [slope for both in zip(columns[1], columns[2]) for slope in both]
        of_pairs.append(f'    "{name}": {{"value": {listed(columns[0], dtype)}, "first": {listed(slopes, dtype)}}}')
    points = ", ".join('"NaN"' if x != x else text(mpf(x), dtype) if x or str(x)[0] != "-" else "-0.0" for x in grid(dtype))
    return (
        f'"{dtype}": {{\n  "x": [{points}],\n  "functions": {{\n'
        + ",\n".join(lines)
        + '\n  },\n  "rows": ['
        + ", ".join(listed([mpf(value) for value in row], dtype) for row in rows)
        + '],\n  "ofRows": {\n'
        + ",\n".join(of_rows)
        + '\n  },\n  "pairs": ['
        + ", ".join(listed([mpf(value) for value in pair], dtype) for pair in pairs(dtype))
        + '],\n  "ofPairs": {\n'
        + ",\n".join(of_pairs)
        + "\n  }\n}"
    )


if __name__ == "__main__":
    body = ",\n".join(table(dtype) for dtype in TYPES)
    output = f'{{\n"source": "mpmath {mpmath.__version__}, {mp.prec} bits",\n{body}\n}}\n'
    json.loads(output)
    Path(__file__).with_suffix(".json").write_text(output)
    print(f"extremes: {len(FUNCTIONS)} functions, {len(OF_ROWS) + len(JETS_OF_ROWS)} of rows, {len(OF_PAIRS)} of pairs, {len(output) / 1024:.0f} KiB")
