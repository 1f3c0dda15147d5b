"""Linear methods by scikit-learn, on the design that @hooke/baselines makes: numbers over their standard deviation, categories as 0/1 columns.

Not part of generate.py: pip install scikit-learn==1.9.1, then python linear.py"""

import sys

sys.dont_write_bytecode = True

import numpy as np
import sklearn
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge, RidgeCV
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from schema import case, write

PENALTIES = [100.0, 10.0, 1.0, 0.1, 0.01]


def table(seed, rows, width, categories=0):
    """Correlated numbers of very different sizes, and a category for each row."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 3)) @ rng.normal(size=(3, width)) + 0.5 * rng.normal(size=(rows, width))
    x = 10 + x * np.exp(2 * rng.normal(size=width))
    codes = rng.permutation(np.arange(rows) % categories) if categories else None
    weights = rng.uniform(0.2, 3, size=rows)
    return rng, np.round(x, 6), codes, np.round(weights, 6)


def design(x, codes, weights=None):
    mean = np.average(x, axis=0, weights=weights)
    z = (x - mean) / np.sqrt(np.average((x - mean) ** 2, axis=0, weights=weights))
    return z if codes is None else np.hstack([z, np.eye(codes.max() + 1)[codes]])


def inputs(x, codes, targets, weights=None):
    given = {"numbers": x, "targets": targets}
    if codes is not None:
        given["categories"] = codes.astype(np.int32)
    if weights is not None:
        given["weights"] = weights
    return given


def regression(name, operation, model, config, seed, rows, width, categories=0, weighted=False, outputs=lambda model: {}):
    rng, x, codes, weights = table(seed, rows, width, categories)
    weights = weights if weighted else None
    z = design(x, codes, weights)
    y = np.round(5 + z @ (rng.normal(size=z.shape[1]) * (rng.uniform(size=z.shape[1]) < 0.7)) + rng.normal(size=rows), 6)
    model.fit(z, y, sample_weight=weights)
    found = {"weights": model.coef_, "bias": float(model.intercept_), **outputs(model)}
    return case(name, operation, config, inputs(x, codes, y, weights), found)


def quadratic(name, penalty, seed, rows, width):
    rng, x, codes, _ = table(seed, rows, width)
    z = design(x, codes)
    y = np.round(z[:, 0] ** 2 - z[:, 1] * z[:, 2] + z[:, 1] + 0.1 * rng.normal(size=rows), 6)
    terms = StandardScaler().fit_transform(PolynomialFeatures(2, include_bias=False).fit_transform(z))
    model = Ridge(alpha=penalty, solver="cholesky").fit(terms, y)
    return case(name, "quadraticRidge", {"penalty": penalty}, inputs(x, codes, y), {"values": model.predict(terms)})


def logistic(name, penalty, mixing, seed, rows, width, classes, categories=0, weighted=False):
    rng, x, codes, weights = table(seed, rows, width, categories)
    weights = weights if weighted else None
    z = design(x, codes, weights)
    y = np.argmax(z @ rng.normal(size=(z.shape[1], classes)) + rng.gumbel(size=(rows, classes)), axis=1).astype(np.int32)
    assert len(set(y)) == classes
    solver = {"solver": "newton-cholesky" if classes == 2 else "lbfgs"} if mixing == 0 else {"solver": "saga"}
    model = LogisticRegression(C=1 / penalty, l1_ratio=mixing, tol=1e-14, max_iter=1_000_000, **solver)
    if mixing == 0 and classes > 2:
        model.set_params(solver="newton-cg", tol=1e-13, max_iter=100_000)
    model.fit(z, y, sample_weight=weights)
    found = {"weights": model.coef_, "bias": model.intercept_ - (0 if classes == 2 else model.intercept_.mean())}
    config = {"penalty": penalty, "mixing": mixing, "classes": classes}
    return case(name, "logistic", config, inputs(x, codes, y, weights), found)


EXACT = {"tol": 1e-15, "max_iter": 10_000_000}
chosen = lambda model: {"penalty": float(model.alpha_)}

write(
    "linear",
    f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    [
        regression("ridge", "ridge", Ridge(alpha=2.0, solver="svd"), {"penalty": 2.0}, 1, 30, 5, 3),
        regression("ridge, weighted", "ridge", Ridge(alpha=0.5, solver="cholesky"), {"penalty": 0.5}, 2, 25, 4, 2, True),
        regression("ridge, more columns than rows", "ridge", Ridge(alpha=1.0, solver="svd"), {"penalty": 1.0}, 3, 8, 12),
        regression("ridge, chosen", "ridge", RidgeCV(PENALTIES), {"penalties": PENALTIES}, 4, 30, 6, 0, False, chosen),
        regression("ridge, chosen, weighted", "ridge", RidgeCV(PENALTIES), {"penalties": PENALTIES}, 5, 20, 6, 0, True, chosen),
        quadratic("quadratic ridge", 0.3, 6, 40, 4),
        quadratic("quadratic ridge, more terms than rows", 0.1, 7, 15, 5),
        regression("lasso", "lasso", Lasso(alpha=0.2, **EXACT), {"penalty": 0.2}, 8, 40, 8, 3),
        regression("lasso, more columns than rows", "lasso", Lasso(alpha=0.1, **EXACT), {"penalty": 0.1}, 9, 12, 30),
        regression("elastic net", "elasticNet", ElasticNet(alpha=0.3, l1_ratio=0.5, **EXACT), {"penalty": 0.3, "mixing": 0.5}, 10, 40, 8),
        regression("elastic net, weighted", "elasticNet", ElasticNet(alpha=0.1, l1_ratio=0.2, **EXACT), {"penalty": 0.1, "mixing": 0.2}, 11, 30, 6, 2, True),
        logistic("logistic, two classes", 1.0, 0, 12, 60, 4, 2, 3),
        logistic("logistic, two classes, weighted", 2.0, 0, 13, 50, 4, 2, 0, True),
        logistic("logistic, three classes", 0.5, 0, 14, 60, 5, 3),
        logistic("logistic, magnitudes, two classes", 2.0, 1, 15, 60, 8, 2),
        logistic("logistic, magnitudes, two classes, weighted", 3.0, 1, 16, 60, 6, 2, 3, True),
        logistic("logistic, magnitudes, three classes", 2.0, 1, 17, 80, 6, 3),
        logistic("logistic, both, four classes", 1.0, 0.5, 18, 90, 5, 4),
    ],
)
