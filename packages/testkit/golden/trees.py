"""Boosted trees of LightGBM: what small models say of the rows they learned from, and what their contributions (`pred_contrib`) are.

Not part of generate.py: pip install lightgbm==4.7.0, then python trees.py"""

import sys

sys.dont_write_bytecode = True

import lightgbm as lgb
import numpy as np

from schema import case, write

QUIET = {"verbose": -1, "num_threads": 1, "deterministic": True, "feature_pre_filter": False}


def table(seed, rows, numbers=4, categories=0, missing=0.0):
    """Numbers on a grid above 0, where LightGBM's bins are one for each; then one column of categories."""
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 60, size=(rows, numbers)) / 32
    if categories:
        x = np.concatenate([x, rng.integers(0, categories, size=(rows, 1)).astype(float)], axis=1)
    effect = rng.normal(size=max(categories, 1))
    y = np.sin(3 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.1 * rng.normal(size=rows)
    if categories:
        y = y + effect[x[:, -1].astype(int)]
    if missing:
        hole = rng.random(x.shape) < missing
        y = y + hole[:, 0]
        x[hole] = np.nan
    return x, y


def inputs_of(x, y, weights=None):
    found = {"x": np.nan_to_num(x), "missing": np.isnan(x), "y": y}
    return found if weights is None else {**found, "weights": weights}


def boosted(name, config, x, y, settings, rounds=12, weights=None, categorical=()):
    data = lgb.Dataset(x, y, weight=weights, categorical_feature=list(categorical), params={"verbose": -1})
    model = lgb.train({**QUIET, **settings}, data, rounds)
    config = {"rounds": rounds, "categories": len(categorical), **config}
    return case(name, "boosting", config, inputs_of(x, y, weights), {"sums": model.predict(x, raw_score=True)})


def flat(model, outputs):
    """All nodes in one list, the two children of a node beside each other."""
    nodes = {key: [] for key in ["column", "left", "threshold", "missing", "cover"]}
    starts, values, sets = [0], [], []
    for tree in model.dump_model()["tree_info"]:
        waiting = [(tree["tree_structure"], len(nodes["column"]))]
        add(nodes)
        while waiting:
            node, at = waiting.pop(0)
            if "split_feature" not in node:
                fill(nodes, at, -1, len(values), 0.0, 0, node.get("leaf_count", 1))
                values.append(node["leaf_value"])
                continue
            child = len(nodes["column"])
            add(nodes), add(nodes)
            threshold = node["threshold"]
            if node["decision_type"] == "==":
                chosen = [int(category) for category in threshold.split("||")]
                threshold = len(sets)
                sets.append(sum(1 << category for category in chosen))
                default = 1
            else:
                default = 0 if node["default_left"] else 1
            fill(nodes, at, node["split_feature"], child, float(threshold), default, node["internal_count"])
            waiting += [(node["left_child"], child), (node["right_child"], child + 1)]
        starts.append(len(nodes["column"]))
    whole = {"column", "left", "missing"}
    arrays = {key: np.array(entries, dtype=np.int32 if key in whole else float) for key, entries in nodes.items()}
    return {**arrays, "starts": np.array(starts, dtype=np.int32), "values": np.array(values), "sets": np.array(sets, dtype=np.int32)}


def add(nodes):
    for entries in nodes.values():
        entries.append(0)


def fill(nodes, at, *entries):
    for key, entry in zip(nodes, entries):
        nodes[key][at] = entry


def explained(name, x, y, settings, rounds, outputs=1, categories=0):
    categorical = [x.shape[1] - 1] if categories else []
    model = lgb.train({**QUIET, **settings}, lgb.Dataset(x, y, categorical_feature=categorical, params={"verbose": -1}), rounds)
    rows = x[:: len(x) // 20]
    contributions = model.predict(rows, pred_contrib=True).reshape(len(rows), outputs, x.shape[1] + 1)
    trees = {f"trees.{key}": value for key, value in flat(model, outputs).items()}
    config = {"outputs": outputs, "categories": categories}
    return case(name, "treeShap", config, {"x": np.nan_to_num(rows), "missing": np.isnan(rows), **trees}, {"contributions": contributions})


def main():
    plain = {"objective": "regression", "min_data_in_leaf": 5, "num_leaves": 8, "min_data_in_bin": 1}
    same = {"minimumRows": 5, "leaves": 8, "minimumBinRows": 1}
    x, y = table(1, 300)
    holes = table(2, 300, missing=0.15)
    weights = np.random.default_rng(3).integers(1, 5, 300) / 4
    few = table(4, 300, 3, categories=3)
    many = table(5, 400, 3, categories=12)
    free = {"cat_l2": 0, "cat_smooth": 5, "min_data_per_group": 1}
    ours = {"categoryL2": 0, "categorySmoothing": 5}
    binary = {**plain, "objective": "binary", "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": 2}
    classes = np.digitize(y, np.quantile(y, [0.3, 0.6]))
    cases = [
        boosted("plain", same, x, y, plain),
        boosted("three rows a bin", {**same, "minimumBinRows": 3, "minimumRows": 1}, x, y, {**plain, "min_data_in_bin": 3, "min_data_in_leaf": 1}),
        boosted("penalties", {**same, "l2": 2, "minimumGain": 0.5, "depth": 3}, x, y, {**plain, "lambda_l2": 2, "min_gain_to_split": 0.5, "max_depth": 3}),
        boosted("missing", same, *holes, plain),
        boosted("weights", same, x, y, plain, weights=weights),
        boosted("few categories", {**same, **ours}, *few, {**plain, **free}, categorical=[3]),
        boosted("many categories", {**same, **ours}, *many, {**plain, **free}, categorical=[3]),
        boosted("monotone", {**same, "monotone": {"x1": "increasing", "x2": "decreasing"}}, x, y, {**plain, "monotone_constraints": [0, 1, -1, 0]}),
        boosted("two classes", {"leaves": 8, "minimumBinRows": 1, "minimumRows": 1, "minimumHessian": 2, "classes": 2}, x, (y > 1).astype(float), binary),
        boosted("three classes", {"leaves": 8, "minimumBinRows": 1, "minimumRows": 1, "minimumHessian": 2, "classes": 3}, x, classes.astype(float), {**binary, "objective": "multiclass", "num_class": 3}),
        explained("numbers explained", x, y, {**plain, "num_leaves": 15}, 20),
        explained("categories explained", *table(6, 400, 4, categories=9, missing=0.0), {**plain, **free}, 15, categories=9),
        explained("missing explained", *holes, {**plain, "num_leaves": 12}, 15),
        explained("three classes explained", x, classes.astype(float), {**plain, "objective": "multiclass", "num_class": 3}, 6, outputs=3),
    ]
    write("trees", f"lightgbm {lgb.__version__}, numpy {np.__version__}", cases)


if __name__ == "__main__":
    main()
