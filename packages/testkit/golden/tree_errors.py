"""Test errors of scikit-learn's forests and boosting and of LightGBM, split by split: the 20 standard splits of concrete, energy and yacht, and
five folds (row i in fold i mod 5) of airfoil, diffusion and steels_yield, which are read from a folder beside the project.

Not part of generate.py: pip install lightgbm==4.7.0 scikit-learn==1.9.1, then python tree_errors.py FOLDER (an hour of a busy processor)"""

import sys

sys.dont_write_bytecode = True

import csv
import json
from pathlib import Path

import lightgbm as lgb
import numpy as np
import sklearn
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor

from schema import case, write

ROOT = Path(__file__).parents[3]
SEEDS = 2


def read(path):
    """Numbers alone: a column of text is left out."""
    with open(path) as file:
        rows = list(csv.reader(file))
    kept = [c for c in range(len(rows[0])) if is_number(rows[1][c])]
    table = np.array([[float(row[c]) for c in kept] for row in rows[1:]])
    return table[:, :-1], table[:, -1]


def is_number(cell):
    try:
        float(cell)
        return True
    except ValueError:
        return False


def lightgbm(settings, rounds):
    def fit(x, y, _):
        return lgb.train({"objective": "regression", "num_threads": 1, "verbose": -1, **settings}, lgb.Dataset(x, y), rounds)

    return fit


def forest(x, y, seed):
    return RandomForestRegressor(500, random_state=seed, n_jobs=1).fit(x, y)


def boosting(x, y, seed):
    return GradientBoostingRegressor(n_estimators=1000, learning_rate=0.05, max_depth=4, subsample=0.5, random_state=seed).fit(x, y)


DEEP = {"learning_rate": 0.05, "max_depth": 4, "num_leaves": 16, "min_data_in_leaf": 1, "min_data_in_bin": 1}
SAME = {"rounds": 1000, "learningRate": 0.05, "depth": 4, "leaves": 16, "minimumRows": 1, "minimumBinRows": 1}
# Name, operation, Hooke's options, fit, seeds.
METHODS = [
    ("forest of scikit-learn", "forest", {"trees": 500}, forest, 1),
    ("boosting of scikit-learn", "boosting", {**SAME, "rowFraction": 0.5}, boosting, SEEDS),
    ("LightGBM with its defaults", "boosting", {}, lightgbm({}, 100), 1),
    ("LightGBM, trees of depth 4", "boosting", SAME, lightgbm(DEEP, 1000), 1),
]


def errors(x, y, tests, fit, seeds):
    def error(test, seed):
        train = np.setdiff1d(np.arange(len(y)), test)
        return np.sqrt(np.mean((fit(x[train], y[train], seed).predict(x[test]) - y[test]) ** 2))

    return np.array([np.mean([error(np.array(test), 100 * seed + i) for seed in range(seeds)]) for i, test in enumerate(tests)])


def main():
    beside = Path(sys.argv[1])
    own = {"concrete": ROOT / "examples/concrete/data", "energy": ROOT / "packages/testkit/data", "yacht": ROOT / "packages/testkit/data"}
    cases = []
    for name in ["concrete", "energy", "yacht", "airfoil", "diffusion", "steels_yield"]:
        folder = own.get(name, beside)
        x, y = read(folder / f"{name}.csv")
        if name in own:
            tests = json.loads((folder / f"{name}.splits.json").read_text())["test"]
        else:
            tests = [np.arange(len(y))[np.arange(len(y)) % 5 == fold] for fold in range(5)]
        for method, operation, options, fit, seeds in METHODS:
            rmse = errors(x, y, tests, fit, seeds)
            print(name, method, rmse.mean(), flush=True)
            cases.append(case(f"{name}: {method}", operation, {"data": name, "options": options}, None, {"rmse": rmse}))
    write("tree-errors", f"lightgbm {lgb.__version__}, scikit-learn {sklearn.__version__}, numpy {np.__version__}", cases)


if __name__ == "__main__":
    main()
