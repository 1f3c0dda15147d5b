"""Linear models on features by scikit-learn: ridge regression whose penalty leave-one-out chooses, logistic regression; and LogME by its
published algorithm (You et al., ICML 2021) and by the evidence as a Gaussian density.

Not part of generate.py: pip install scikit-learn==1.9.1, then python probes.py"""

import sys

sys.dont_write_bytecode = True

import numpy as np
import sklearn
from scipy.stats import multivariate_normal
from sklearn.linear_model import LogisticRegression, RidgeCV

from schema import case, write

PENALTIES = [100.0, 10.0, 1.0, 0.1, 0.01]


def scaled(x):
    deviation = x.std(axis=0)
    return (x - x.mean(axis=0)) / (deviation + deviation.mean())


def features(rng, rows, width):
    """Correlated, of very different sizes, one of them almost constant."""
    x = rng.normal(size=(rows, 4)) @ rng.normal(size=(4, width)) + 0.5 * rng.normal(size=(rows, width))
    x *= np.exp(rng.normal(size=width))
    x[:, 0] = 3 + 1e-6 * x[:, 0]
    return x


def ridge(name, rows, width, columns, seed):
    rng = np.random.default_rng(seed)
    x = features(rng, rows, width)
    y = scaled(x) @ rng.normal(size=(width, columns)) + rng.normal(size=(rows, columns))
    z, mean, std = scaled(x), y.mean(axis=0), y.std(axis=0)
    model = RidgeCV(alphas=PENALTIES, scoring=None, store_cv_results=True, gcv_mode="auto").fit(z, (y - mean) / std)
    best = PENALTIES.index(model.alpha_)
    errors = np.sqrt(model.cv_results_.reshape(rows, columns, -1)[:, :, best])
    outputs = {
        "penalty": float(model.alpha_),
        "absoluteErrors": errors * std,
        "values": model.predict(z) * std + mean,
    }
    return case(name, "ridge", {"penalties": PENALTIES}, {"features": x, "targets": y}, outputs)


def logistic(name, rows, width, classes, penalty, seed):
    rng = np.random.default_rng(seed)
    x = features(rng, rows, width)
    y = np.argmax(scaled(x) @ rng.normal(size=(width, classes)) + 0.5 * rng.normal(size=(rows, classes)), axis=1)
    assert len(set(y)) == classes
    # Of two classes scikit-learn fits one vector, half of whose penalty is that of two.
    own = penalty / 2 if classes == 2 else penalty
    model = LogisticRegression(C=1 / own, tol=1e-12, max_iter=100000, solver="newton-cg" if classes > 2 else "newton-cholesky")
    logits = model.fit(scaled(x), y).decision_function(scaled(x))
    if classes == 2:
        logits = np.stack([-logits / 2, logits / 2], axis=1)
    logits = logits - logits.mean(axis=1, keepdims=True)
    return case(
        name, "logistic", {"penalty": penalty, "classes": classes}, {"features": x, "labels": y}, {"logits": logits}
    )


def fixed_point(f, y):
    """As published, but to the end: it stops at 1e-3."""
    n, d = f.shape
    u, s, _ = np.linalg.svd(f, full_matrices=False)
    sigma = s**2
    x2 = (u.T @ y) ** 2
    rest = (y**2).sum() - x2.sum()
    alpha, beta = 1.0, 1.0
    for _ in range(1000):
        t = alpha / beta
        gamma = (sigma / (sigma + t)).sum()
        m2 = (sigma * x2 / (t + sigma) ** 2).sum()
        res2 = (x2 / (1 + sigma / t) ** 2).sum() + rest
        alpha, beta = gamma / (m2 + 1e-5), (n - gamma) / (res2 + 1e-5)
        if abs(alpha / beta - t) / t <= 1e-10:
            break
    return alpha, beta


def evidence(f, y, alpha, beta):
    n = len(y)
    return multivariate_normal(np.zeros(n), f @ f.T / alpha + np.eye(n) / beta).logpdf(y) / n


def log_me(name, rows, width, seed):
    rng = np.random.default_rng(seed)
    f = np.maximum(rng.normal(size=(rows, width)) + 0.3, 0)
    y = f @ rng.normal(size=(width, 2)) * 0.3 + rng.normal(size=(rows, 2))
    scores = [evidence(f, c, *fixed_point(f, c)) for c in y.T]
    return case(name, "logMe", {}, {"features": f, "targets": y}, {"value": float(np.mean(scores))})


write(
    "probes",
    f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    [
        ridge("more rows than features", 20, 6, 1, 1),
        ridge("more features than rows", 9, 14, 1, 2),
        ridge("two targets", 12, 12, 2, 3),
        logistic("two classes", 20, 5, 2, 2.0, 4),
        logistic("three classes, more features than rows", 15, 18, 3, 0.5, 5),
        log_me("evidence, more rows than features", 18, 5, 6),
        log_me("evidence, more features than rows", 8, 13, 7),
    ],
)
