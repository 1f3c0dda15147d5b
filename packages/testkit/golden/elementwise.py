"""Elementwise functions: values and partial derivatives to the third order. Activations on [-4, 4] and at extremes."""

import math

import mpmath as mp
import torch
import torch.nn.functional as F

from arrays import array_cases
from derive import elementwise, gradients_of, normal
from schema import case

REAL = [-2.7, -1.3, -0.6, -0.11, 0.04, 0.35, 0.9, 1.7, 3.2]
POSITIVE = [1e-3, 0.05, 0.3, 0.8, 1.0, 1.5, 2.7, 6.0, 40.0]
SMALL_TOO = [-0.9, -0.3, -1e-4, -1e-9, 1e-12, 1e-6, 0.2, 1.4, 8.0]
UNIT = [-0.97, -0.6, -0.25, -1e-9, 0.0, 1e-3, 0.4, 0.5, 0.8]
TAN = [-4.0, -1.2, -0.5, -0.01, 0.2, 0.7, 1.3, 2.0, 5.0]

UNARY = [
    ("abs", torch.abs, REAL),
    ("sign", torch.sign, [*REAL, 0.0]),
    ("floor", torch.floor, REAL),
    ("exp", torch.exp, REAL),
    ("expm1", torch.expm1, SMALL_TOO),
    ("log", torch.log, POSITIVE),
    ("log1p", torch.log1p, SMALL_TOO),
    ("sin", torch.sin, [*REAL, 30.0]),
    ("cos", torch.cos, [*REAL, 30.0]),
    ("tan", torch.tan, TAN),
    ("tanh", torch.tanh, [*REAL, -20.0, 1e-5]),
    ("sigmoid", torch.sigmoid, [*REAL, -40.0, 30.0]),
    ("erf", torch.erf, [*REAL, 1e-5]),
    ("sqrt", torch.sqrt, POSITIVE),
    ("rsqrt", torch.rsqrt, POSITIVE),
    ("ceil", torch.ceil, [*REAL, 2.0]),
    ("round", torch.round, [*REAL, -1.5, -0.5, 0.5, 0.49999999999999994, 1.5, 2.5, 4503599627370495.5]),
    ("asin", torch.asin, UNIT),
    ("acos", torch.acos, UNIT),
    ("atan", torch.atan, [*REAL, -1e-9, 0.0, 1.0, 300.0]),
    ("sinh", torch.sinh, [*REAL, -1e-9, 0.0, 30.0]),
    ("cosh", torch.cosh, [*REAL, -1e-9, 0.0, 30.0]),
    ("asinh", torch.asinh, [*REAL, -1e-9, 0.0, -1e4]),
    ("acosh", torch.acosh, [1.01, 1.2, 1.5, 2.0, 3.2, 40.0, 1e4]),
    ("atanh", torch.atanh, UNIT),
]

# Compositions whose derivatives go wrong when a rule differentiates a saved output as if it were a constant.
NESTED = [
    ("tanh(x*x)", lambda x: torch.tanh(x * x), [0.7, *REAL]),
    ("exp(sin(x))", lambda x: torch.exp(torch.sin(x)), REAL),
    ("sigmoid(exp(x))", lambda x: torch.sigmoid(torch.exp(x)), REAL),
    ("tanh(sigmoid(3x))*exp(-x*x)", lambda x: torch.tanh(torch.sigmoid(3 * x)) * torch.exp(-x * x), REAL),
    ("log1p(exp(x))/sqrt(1+x*x)", lambda x: torch.log1p(torch.exp(x)) / torch.sqrt(1 + x * x), REAL),
]

BASE = [0.2, 0.5, 0.9, 1.0, 1.3, 2.0, 3.5, 5.0, 0.7]
EXPONENT = [-2.0, 0.5, 3.0, 1.7, -0.4, 2.0, 1.0, -1.5, 0.1]
LEFT = [-3.1, -1.2, -0.4, 0.3, 0.8, 1.9, 2.6, 5.5, -7.3]
RIGHT = [1.1, -2.0, 0.7, -0.2, 1.6, 0.9, -3.0, 2.1, 2.4]

BINARY = [
    ("pow", torch.pow, BASE, EXPONENT),
    ("maximum", torch.maximum, LEFT, RIGHT),
    ("minimum", torch.minimum, LEFT, RIGHT),
    ("div", torch.div, LEFT, RIGHT),
    ("rem", torch.fmod, LEFT, RIGHT),
    ("mod", torch.remainder, LEFT, RIGHT),
    ("atan2", torch.atan2, LEFT, RIGHT),
]

EXPONENTS = [2.0, 3.0, -1.0, -3.0, 5.0, 16.0, 17.0]
GRID = [x / 8 for x in range(-32, 33) if x != 0]
EXTREMES = [-100.0, -40.0, -10.0, -1e-3, -1e-8, 1e-8, 1e-3, 10.0, 40.0]

def hard_sigmoid(x):
    """By relu6: torch's own hardsigmoid has no second derivative, and a first one of 1/6 in single precision, whatever the dtype."""
    leaf = x.detach().requires_grad_(True)
    own, composed = F.hardsigmoid(leaf), F.relu6(leaf + 3) / 6
    assert torch.allclose(own, composed, rtol=1e-15, atol=1e-16)
    slopes = [torch.autograd.grad(value.sum(), leaf)[0] for value in [own, composed]]
    assert torch.allclose(*slopes, rtol=1e-7, atol=0)
    return F.relu6(x + 3) / 6


ACTIVATIONS = [
    ("sigmoid", {}, torch.sigmoid),
    ("tanh", {}, torch.tanh),
    ("relu", {}, torch.relu),
    ("leakyRelu", {"negativeSlope": 0.01}, lambda x: F.leaky_relu(x, 0.01)),
    ("elu", {"alpha": 1.0}, F.elu),
    ("selu", {}, F.selu),
    ("gelu", {"approximate": False}, F.gelu),
    ("gelu", {"approximate": True}, lambda x: F.gelu(x, approximate="tanh")),
    ("hardSigmoid", {}, hard_sigmoid),
    ("hardSwish", {}, F.hardswish),
    ("silu", {}, F.silu),
    ("sin", {}, torch.sin),
    ("sin", {"frequency": 30}, lambda x: torch.sin(30 * x)),
    ("mish", {}, F.mish),
    # torch switches to the identity above a threshold, 20 by default; here it never does within the points.
    ("softplus", {}, lambda x: F.softplus(x, threshold=200)),
    ("exp", {}, torch.exp),
]
KINKED = ["relu", "leakyRelu", "elu", "selu"]


def function_cases():
    for name, fn, points in UNARY:
        yield case(name, name, **elementwise(lambda x, fn=fn: fn(x), 3, x=points))
    for name, fn, points in NESTED:
        yield case(name, "nested", **elementwise(fn, 3, x=points))
    for name, fn, a, b in BINARY:
        yield case(name, name, **elementwise(lambda a, b, fn=fn: fn(a, b), 3, a=a, b=b))
    for exponent in EXPONENTS:
        at = [-2.3, -0.7, 0.4, 1.9] + [0.0] * (exponent > 3)
        found = elementwise(lambda a, e=exponent: torch.pow(a, e), 3, a=at)
        yield case(f"pow {exponent:g}", "pow", {"exponent": exponent}, **found)
    # From bound to bound, both included, the derivative is that of x.
    yield case("clip", "clip", {"low": -1.3, "high": 1.7}, **elementwise(lambda x: torch.clip(x, -1.3, 1.7), 3, x=REAL))
    bounds = {"a": [-1.0] * 5 + [2.0], "b": [1.0] * 5 + [0.5]}
    yield case("clip of tensors", "clip", **elementwise(lambda x, a, b: torch.clip(x, a, b), 2, x=[-2, -1, 0.5, 1, 3, 1], **bounds))
    for name, fn in [("maximum", torch.maximum), ("minimum", torch.minimum)]:
        yield case(
            f"{name} ties",
            name,
            **elementwise(lambda a, b, fn=fn: fn(a, b), 1, a=[1.0, -2.0, 0.5], b=[1.0, -2.0, 0.25]),
        )


def activation_cases():
    for name, config, fn in ACTIVATIONS:
        title = f"{name} tanh" if config.get("approximate") else f"{name} 30" if config.get("frequency") else name
        yield case(title, name, config, **elementwise(lambda x, fn=fn: fn(x), 2, x=GRID + EXTREMES))
    for name in KINKED:
        fn = next(fn for other, _, fn in ACTIVATIONS if other == name)
        config = next(config for other, config, _ in ACTIVATIONS if other == name)
        yield case(f"{name} at zero", name, config, **elementwise(lambda x, fn=fn: fn(x), 1, x=[0.0]))
    for name, fn in [("hardSigmoid", F.hardsigmoid), ("hardSwish", F.hardswish)]:
        yield case(f"{name} at its bends", name, {}, **elementwise(lambda x, fn=fn: fn(x), 1, x=[-3.0, 3.0]))
    rows = torch.stack(
        [
            torch.linspace(-4, 4, 5, dtype=torch.float64),
            normal(5, seed=1),
            torch.tensor([40.0, -40, 0, 39, -1e-3]).double(),
        ]
    )
    for name, fn in [("softmax", torch.softmax), ("logSoftmax", torch.log_softmax)]:
        yield case(
            name,
            name,
            {"axis": -1},
            **gradients_of(lambda x, fn=fn: fn(x, -1), {"x": rows}, ["x"], normal(3, 5, seed=2)),
        )


def formulas():
    """What the functions are, at any precision."""
    power = {f"pow {exponent:g}": lambda a, e=exponent: a ** int(e) for exponent in EXPONENTS}
    inverses = {name: getattr(mp, name) for name in ["asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh"]}
    selu_scale, selu_alpha = mp.mpf("1.0507009873554804934193349852946"), mp.mpf("1.6732632423543772848170429916717")
    return {
        "exp": mp.exp,
        "expm1": mp.expm1,
        "log": mp.log,
        "log1p": lambda x: mp.log(1 + x),
        "sin": mp.sin,
        "sin 30": lambda x: mp.sin(30 * x),
        "cos": mp.cos,
        "tan": mp.tan,
        "tanh": mp.tanh,
        "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
        "erf": mp.erf,
        "sqrt": mp.sqrt,
        "rsqrt": lambda x: 1 / mp.sqrt(x),
        **inverses,
        **power,
        "pow": lambda a, b: a**b,
        "div": lambda a, b: a / b,
        "atan2": mp.atan2,
        "gelu": lambda x: x * (1 + mp.erf(x / mp.sqrt(2))) / 2,
        "gelu tanh": lambda x: x * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3))) / 2,
        "silu": lambda x: x / (1 + mp.exp(-x)),
        "mish": lambda x: x * mp.tanh(mp.log(1 + mp.exp(x))),
        "softplus": lambda x: mp.log(1 + mp.exp(x)),
        "elu": lambda x: x if x > 0 else mp.expm1(x),
        "selu": lambda x: selu_scale * (x if x > 0 else selu_alpha * mp.expm1(x)),
        "tanh(x*x)": lambda x: mp.tanh(x * x),
        "exp(sin(x))": lambda x: mp.exp(mp.sin(x)),
        "sigmoid(exp(x))": lambda x: 1 / (1 + mp.exp(-mp.exp(x))),
        "tanh(sigmoid(3x))*exp(-x*x)": lambda x: mp.tanh(1 / (1 + mp.exp(-3 * x))) * mp.exp(-x * x),
        "log1p(exp(x))/sqrt(1+x*x)": lambda x: mp.log(1 + mp.exp(x)) / mp.sqrt(1 + x * x),
    }


# Made of straight lines and parabolas, in which nothing is rounded badly; and the points at which functions have a bend.
PIECES = ["abs", "sign", "floor", "ceil", "round", "maximum", "minimum", "rem", "mod", "clip"]
PIECES += ["clip of tensors", "maximum ties", "minimum ties", "relu", "leakyRelu", "hardSigmoid", "hardSwish"]
PIECES += [f"{name} at zero" for name in KINKED] + ["hardSigmoid at its bends", "hardSwish at its bends"]


# torch takes the second derivative of a^1 for one that does not depend on the exponent; parity/functions.test.ts corrects it.
WRONG_IN_TORCH = [("pow", "aab", (3.5, 1.0))]


def checked(cases):
    """The cases, every value and derivative of them compared with the same formula at 60 digits, differentiated numerically."""
    mp.mp.dps = 60
    truth = formulas()
    worst = 0.0
    for entry in cases:
        name, inputs = entry["name"], entry["inputs"]
        yield entry
        if name in PIECES or "derivatives" not in entry:
            continue
        assert name in truth, f"{name}: formulas() lacks it, so nothing checks torch; PIECES, if it is made of lines and parabolas"
        for path, found in {"": entry["outputs"]["value"], **entry["derivatives"]}.items():
            orders = tuple(path.count(variable) for variable in inputs)
            for *at, y in zip(*inputs.values(), found):
                if (name, path, tuple(at)) in WRONG_IN_TORCH:
                    continue
                point = tuple(mp.mpf(float(x)) for x in at)
                expected = mp.diff(truth[name], point, orders, h=mp.mpf(10) ** -16) if path else truth[name](*point)
                error = float(abs(expected - mp.mpf(float(y))) / max(1, abs(expected)))
                assert error < 1e-12 and not math.isnan(error), (name, path, at, y, expected)
                worst = max(worst, error)
    print(f"elementwise functions differ from 60-digit arithmetic by at most {worst:.1e}")


def all_function_cases():
    yield from checked(function_cases())
    yield from array_cases()


FILES = {"functions": all_function_cases, "activations": lambda: checked(activation_cases())}
