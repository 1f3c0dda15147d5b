"""Accumulated local effects by their definition, row by row and step by step, of functions that are written down; clusters of correlated columns by scipy.

Not part of generate.py: pip install scipy, then python explanations.py"""

import sys

sys.dont_write_bytecode = True

from itertools import product

import numpy as np
import scipy
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.stats import spearmanr

from schema import case, write

BINS = 6
random = np.random.default_rng(0)
N = 120
x = np.round(random.normal(size=N), 3)
y = np.round(0.6 * x + 0.8 * random.normal(size=N), 3)
n = random.integers(1, 5, size=N).astype(float)
weights = random.integers(0, 4, size=N).astype(float)
COLUMNS = {"x": x, "y": y, "n": n}


# The test of Hooke has the same function.
def function(r):
    return r["x"] ** 2 + 3 * r["y"] - r["x"] * r["y"] * r["n"] + np.abs(r["n"] - 2)


class Axis:
    def __init__(self, name, w):
        self.name, self.v = name, COLUMNS[name]
        values = np.unique(self.v[w > 0])
        self.levels = len(values) <= BINS + 1
        if self.levels:
            self.at = values
        else:
            order = np.argsort(self.v, kind="stable")
            reached = np.cumsum(w[order]) / w.sum()
            counted = order[w[order] > 0]
            ends = [self.v[counted[0]]] + [self.v[order[np.argmax(reached >= k / BINS * (1 - 1e-12))]] for k in range(1, BINS + 1)]
            self.at = np.unique(ends)

    def steps(self, value):
        """Steps that a row with this value speaks of."""
        last = len(self.at) - 2
        if self.levels:
            level = int(np.flatnonzero(self.at == value)[0])
            return [k for k in (level - 1, level) if 0 <= k <= last]
        return [min(max(int(np.searchsorted(self.at, value, side="left")) - 1, 0), last)]

    def interpolate(self, curve, value):
        return np.interp(value, self.at, curve)


def one(f, axis, w):
    """The effect of one input of a function of a row, at the axis."""
    count = len(axis.at) - 1
    sums, totals = np.zeros(count), np.zeros(count)
    for i in range(N):
        if w[i] == 0:
            continue
        row = {name: column[i] for name, column in COLUMNS.items()}
        for k in axis.steps(row[axis.name]):
            change = f({**row, axis.name: axis.at[k + 1]}) - f({**row, axis.name: axis.at[k]})
            sums[k] += w[i] * change
            totals[k] += w[i]
    curve = np.concatenate([[0], np.cumsum(sums / totals)])
    at_rows = np.array([axis.interpolate(curve, value) for value in axis.v])
    return curve - (w * at_rows).sum() / w.sum()


def two(f, a, b, w):
    """The effect of a pair."""
    shape = (len(a.at) - 1, len(b.at) - 1)
    sums, totals = np.zeros(shape), np.zeros(shape)
    for i in range(N):
        if w[i] == 0:
            continue
        row = {name: column[i] for name, column in COLUMNS.items()}
        for k, m in product(a.steps(row[a.name]), b.steps(row[b.name])):
            corner = lambda p, q: f({**row, a.name: a.at[p], b.name: b.at[q]})
            sums[k, m] += w[i] * (corner(k + 1, m + 1) - corner(k + 1, m) - corner(k, m + 1) + corner(k, m))
            totals[k, m] += w[i]
    cells = np.argwhere(totals > 0)
    means = np.zeros(shape)
    for k, m in np.ndindex(shape):
        nearest = cells[np.argmin(((cells - [k, m]) ** 2).sum(axis=1))]
        means[k, m] = sums[tuple(nearest)] / totals[tuple(nearest)]
    surface = np.zeros((shape[0] + 1, shape[1] + 1))
    surface[1:, 1:] = means.cumsum(axis=0).cumsum(axis=1)

    def at(row, values):
        return a.interpolate([b.interpolate(line, row[b.name]) for line in values], row[a.name])

    of_surface = lambda row: at(row, surface)
    own = surface - one(of_surface, a, w)[:, None] - one(of_surface, b, w)[None, :]
    rows = [{name: column[i] for name, column in COLUMNS.items()} for i in range(N)]
    level = sum(w[i] * at(rows[i], own) for i in range(N)) / w.sum()
    return own - level, totals


def effects():
    for label, w in [("even", np.ones(N)), ("weighted", weights)]:
        inputs = {**COLUMNS, "weights": w}
        axes = {name: Axis(name, w) for name in COLUMNS}
        for name, axis in axes.items():
            yield case(f"{name}, {label}", "effect", {"input": name, "bins": BINS}, inputs, {"at": axis.at, "values": one(function, axis, w)})
        for a, b in [("x", "y"), ("x", "n")]:
            values, _ = two(function, axes[a], axes[b], w)
            yield case(f"{a} and {b}, {label}", "pair", {"pair": [a, b], "bins": BINS}, inputs, {"values": values})


def clusters():
    base = random.normal(size=(60, 3))
    noise = lambda size: size * random.normal(size=60)
    columns = np.stack([base[:, 0], np.exp(base[:, 0] + noise(0.3)), base[:, 1], -base[:, 1] + noise(0.6), base[:, 2], base[:, 0] + base[:, 2]], axis=1)
    columns = np.round(columns, 2)
    distance = 1 - np.abs(spearmanr(columns).statistic)
    joined = linkage(squareform(distance, checks=False), method="average")
    for least in [0.3, 0.5, 0.7, 0.9]:
        labels = fcluster(joined, 1 - least, criterion="distance").astype(np.int32)
        yield case(f"clusters of {least}", "clusters", {"least": least}, {"columns": columns}, {"labels": labels})


write("explanations", f"scipy {scipy.__version__}, numpy {np.__version__}", [*effects(), *clusters()])
