"""What SciPy's minimizers do: the iterates of BFGS, and of the self-scaled updates along SciPy's line search; where L-BFGS-B ends;
least squares on three problems of NIST's Statistical Reference Datasets (nonlinear regression: Misra1a, MGH09, Thurber), with the
certified parameters.

Not part of generate.py: pip install scipy==1.17.1, then python minimizers.py"""

import sys

sys.dont_write_bytecode = True

import numpy as np
import scipy
from scipy.optimize import curve_fit, least_squares, minimize, rosen, rosen_der
from scipy.optimize._linesearch import line_search_wolfe1
from scipy.stats import norm, t

from schema import case, write

STEPS = 12
LEVELS = np.array([0.5, 0.6827, 0.95, 0.999])


def beale(p):
    x, y = p
    return sum((c - x + x * y**k) ** 2 for k, c in [(1, 1.5), (2, 2.25), (3, 2.625)])


def beale_der(p):
    x, y = p
    terms = [(c - x + x * y**k, k) for k, c in [(1, 1.5), (2, 2.25), (3, 2.625)]]
    return np.array([sum(2 * r * (y**k - 1) for r, k in terms), sum(2 * r * x * k * y ** (k - 1) for r, k in terms)])


CURVATURES = np.array([1.0, 4.0, 20.0, 100.0, 1000.0])


def quadratic(p):
    return 0.5 * np.sum(CURVATURES * (p - 1) ** 2)


FUNCTIONS = [
    ("rosenbrock 2", "rosenbrock", rosen, rosen_der, [-1.2, 1.0]),
    ("rosenbrock 10", "rosenbrock", rosen, rosen_der, [-1.2, 1.0, -1.2, 1.0, 2.0, 3.0, 1.0, -1.0, 0.0, 0.5]),
    ("beale", "beale", beale, beale_der, [1.0, 1.0]),
    ("quadratic", "quadratic", quadratic, lambda p: CURVATURES * (p - 1), [0.0, 2.0, -1.0, 3.0, 0.5]),
]

MISRA = (
    [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0],
    [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78],
)
MGH09 = (
    [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625],
    [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246],
)
# fmt: off
THURBER = (
    [-3.067, -2.981, -2.921, -2.912, -2.840, -2.797, -2.702, -2.699, -2.633, -2.481, -2.363, -2.322, -1.501, -1.460, -1.274, -1.212,
     -1.100, -1.046, -0.915, -0.714, -0.566, -0.545, -0.400, -0.309, -0.109, -0.103, 0.010, 0.119, 0.377, 0.790, 0.963, 1.006, 1.115,
     1.572, 1.841, 2.047, 2.200],
    [80.574, 84.248, 87.264, 87.195, 89.076, 89.608, 89.868, 90.101, 92.405, 95.854, 100.696, 101.060, 401.672, 390.724, 567.534,
     635.316, 733.054, 759.087, 894.206, 990.785, 1090.109, 1080.914, 1122.643, 1178.351, 1260.531, 1273.514, 1288.339, 1327.543,
     1353.863, 1414.509, 1425.208, 1421.384, 1442.962, 1464.350, 1468.705, 1447.894, 1457.628],
)
# fmt: on

REGRESSIONS = [
    (
        "Misra1a",
        lambda b, x: b[0] * (1 - np.exp(-b[1] * x)),
        MISRA,
        [[500, 0.0001], [250, 0.0005]],
        [2.3894212918e02, 5.5015643181e-04],
    ),
    (
        "MGH09",
        lambda b, x: b[0] * (x**2 + x * b[1]) / (x**2 + x * b[2] + b[3]),
        MGH09,
        [[25, 39, 41.5, 39], [0.25, 0.39, 0.415, 0.39]],
        [1.9280693458e-01, 1.9128232873e-01, 1.2305650693e-01, 1.3606233068e-01],
    ),
    (
        "Thurber",
        lambda b, x: (b[0] + b[1] * x + b[2] * x**2 + b[3] * x**3) / (1 + b[4] * x + b[5] * x**2 + b[6] * x**3),
        THURBER,
        [[1000, 1000, 400, 40, 0.7, 0.3, 0.03], [1300, 1500, 500, 75, 1, 0.4, 0.05]],
        [1.2881396800e03, 1.4910792535e03, 5.8323836877e02, 7.5416644291e01, 9.6629502864e-01, 3.9797285797e-01, 4.9727297349e-02],
    ),
]


def trace(name, operation, f, df, start):
    points = [np.array(start)]
    minimize(f, start, jac=df, method="BFGS", callback=lambda p: points.append(p.copy()), options={"maxiter": STEPS})
    limited = minimize(f, start, jac=df, method="L-BFGS-B", options={"gtol": 1e-10, "ftol": 1e-20, "maxiter": 1000})
    return case(
        name,
        operation,
        inputs={"start": np.array(start)},
        outputs={
            "bfgs": np.stack(points),
            "selfScaledBfgs": self_scaled(scaled_bfgs, f, df, start),
            "selfScaledBroyden": self_scaled(scaled_broyden, f, df, start),
            "lbfgs": limited.x,
            "lbfgsValue": np.float64(limited.fun),
        },
    )


def scaled_bfgs(b, h, n, first):
    return 1.0, h if first else min(1.0, 1 / b)


def scaled_broyden(b, h, n, first):
    """phi and tau of Urban, Stefanou and Pons (2025), in their letters, with the first scaling."""
    a = h * b - 1
    c = np.sqrt(a / (a + 1))
    rho = min(1.0, h * (1 - c))
    theta = max((rho - 1) / a, min(1 / rho, (1 - b) / b))
    sigma = 1 + a * theta
    power = sigma ** (-1 / (n - 1))
    tau = min(1.0, 1 / b) * min(power, 1 / theta) if theta > 0 else min(min(1.0, 1 / b) * power, sigma)
    return (1 - theta) / sigma, h / sigma if first else tau


def self_scaled(choose, f, df, start):
    """The iterates with SciPy's line search. B is the inverse of H, in truth."""
    x, n = np.array(start), len(start)
    h, g, value = np.eye(n), df(x), f(x)
    before = value + np.linalg.norm(g) / 2
    points = [x]
    for step in range(STEPS):
        p = -h @ g
        length, _, _, value, before, g_next = line_search_wolfe1(f, df, x, p, g, value, before, amin=1e-100, amax=1e100)
        s, y = length * p, g_next - g
        sy, hy = s @ y, h @ y
        yhy = y @ hy
        phi, tau = choose(s @ np.linalg.solve(h, s) / sy, yhy / sy, n, step == 0)
        v = np.sqrt(yhy) * (s / sy - hy / yhy)
        h = (h - np.outer(hy, hy) / yhy + phi * np.outer(v, v)) / tau + np.outer(s, s) / sy
        x, g = x + s, g_next
        points.append(x)
    return np.stack(points)


def jacobian(model, b, x):
    """By complex steps: exact."""
    columns = [model(b + 1e-30j * (np.arange(len(b)) == i), x).imag / 1e-30 for i in range(len(b))]
    return np.stack(columns, axis=1)


def regression(name, model, data, starts, certified):
    x, y = (np.array(values) for values in data)
    far, near = (np.array(start, dtype=float) for start in starts)
    fit = least_squares(
        lambda b: model(b, x) - y, near, jac="cs", method="lm", x_scale="jac", ftol=1e-15, xtol=1e-15, gtol=1e-15
    )
    assert np.allclose(fit.x, certified, rtol=1e-7), (name, fit.x)
    # With the exact Jacobian, as fit.jac is: curve_fit's own would be of differences.
    call = {"p0": fit.x, "jac": lambda x, *b: jacobian(model, np.array(b), x), "ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15}
    scattered, absolute = (
        curve_fit(lambda x, *b: model(b, x), x, y, sigma=np.ones_like(y), absolute_sigma=flag, **call)[1] for flag in [False, True]
    )
    degrees = len(x) - len(near)
    return case(
        name,
        "leastSquares",
        inputs={"x": x, "y": y, "far": far, "near": near},
        outputs={"parameters": fit.x, "cost": np.float64(fit.cost), "certified": np.array(certified)}
        | {"covariance": scattered, "absoluteCovariance": absolute}
        | {"student": np.array([t.ppf((1 + level) / 2, degrees) for level in LEVELS]), "normal": norm.ppf((1 + LEVELS) / 2)},
    )


write(
    "minimizers",
    f"scipy {scipy.__version__}, numpy {np.__version__}",
    [trace(*entry) for entry in FUNCTIONS] + [regression(*entry) for entry in REGRESSIONS],
)
