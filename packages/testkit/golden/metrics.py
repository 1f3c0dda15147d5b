"""Metrics, as scikit-learn computes them."""

import numpy as np
from sklearn import metrics as m

from schema import case


def value(name, operation, config, number, **inputs):
    return case(name, operation, config, inputs, {"value": np.asarray(number)})


def regression_cases(random):
    for name, targets in [
        ("", random.normal(3, 2, (20, 1))),
        (" multi-output", random.normal(0, [1, 5, 0.2], (15, 3)) + 2),
    ]:
        targets = targets.round(3)
        predictions = (targets * 0.8 + random.normal(0, 0.6, targets.shape)).round(3)
        arrays = {"predictions": predictions, "targets": targets}
        yield value(f"mae{name}", "mae", {}, m.mean_absolute_error(targets, predictions), **arrays)
        # One mean over all elements: the root of the mean over outputs, not the mean of the outputs' roots.
        yield value(f"rmse{name}", "rmse", {}, np.sqrt(m.mean_squared_error(targets, predictions)), **arrays)
        yield value(f"r2{name}", "r2", {}, m.r2_score(targets, predictions, multioutput="uniform_average"), **arrays)
        yield value(f"mape{name}", "mape", {}, m.mean_absolute_percentage_error(targets, predictions), **arrays)
    targets = np.array([[1.0], [2], [3], [4]])
    yield value(
        "r2 of the mean",
        "r2",
        {},
        m.r2_score(targets, np.full((4, 1), 2.5)),
        predictions=np.full((4, 1), 2.5),
        targets=targets,
    )
    yield value(
        "r2 negative", "r2", {}, m.r2_score(targets, targets[::-1]), predictions=targets[::-1].copy(), targets=targets
    )


def label_cases(random):
    binary = random.integers(0, 2, 25).astype(np.int32)
    guess = np.where(random.random(25) < 0.7, binary, 1 - binary).astype(np.int32)
    multi = random.integers(0, 4, 30).astype(np.int32)
    multi_guess = np.where(random.random(30) < 0.6, multi, random.integers(0, 4, 30)).astype(np.int32)
    # Class 2 is never predicted, class 3 never occurs.
    sparse, sparse_guess = np.array([0, 0, 1, 2, 2, 1, 0, 1], np.int32), np.array([0, 1, 1, 0, 3, 1, 0, 0], np.int32)
    for name, classes, targets, predictions in [
        ("binary", 2, binary, guess),
        ("4 classes", 4, multi, multi_guess),
        ("absent classes", 4, sparse, sparse_guess),
    ]:
        arrays = {"predictions": predictions, "targets": targets}
        labels = list(range(classes))
        yield value(f"accuracy {name}", "accuracy", {}, m.accuracy_score(targets, predictions), **arrays)
        matrix = m.confusion_matrix(targets, predictions, labels=labels)
        yield value(
            f"confusionMatrix {name}", "confusionMatrix", {"classes": classes}, matrix.astype(np.int32), **arrays
        )
        for average in [*(["binary"] if classes == 2 else []), "macro", "micro", "weighted"]:
            score = m.f1_score(
                targets, predictions, labels=labels if average != "binary" else None, average=average, zero_division=0
            )
            yield value(f"f1 {average} {name}", "f1", {"average": average, "classes": classes}, score, **arrays)
    # All rows of class 2 weigh nothing; it counts in the mean still.
    labels, weights = np.arange(3, dtype=np.int32), [1, 1, 0]
    for average in ["macro", "micro", "weighted"]:
        score = m.f1_score(labels, labels, average=average, sample_weight=weights, zero_division=0)
        config = {"average": average, "weights": weights}
        yield value(f"f1 {average} weightless class", "f1", config, score, predictions=labels, targets=labels)


def score_cases(random):
    targets = random.integers(0, 2, 30).astype(np.int32)
    scores = (targets * 0.6 + random.normal(0, 0.7, 30)).round(4)
    yield value("auroc", "auroc", {}, m.roc_auc_score(targets, scores), scores=scores, targets=targets)
    tied = scores.round(0)
    assert len(set(tied)) < 6
    yield value("auroc ties", "auroc", {}, m.roc_auc_score(targets, tied), scores=tied, targets=targets)
    yield value(
        "auroc constant",
        "auroc",
        {},
        m.roc_auc_score(targets, np.zeros(30)),
        scores=np.zeros(30),
        targets=targets,
    )
    classes = np.concatenate([np.arange(4), random.integers(0, 4, 28)]).astype(np.int32)
    raw = np.exp(random.normal(0, 1, (32, 4)) + 1.5 * np.eye(4)[classes])
    for name, decimals in [("", 6), (" ties", 1)]:
        scores = (raw / raw.sum(1, keepdims=True)).round(decimals)
        # scikit-learn wants rows that add up to one; ranks within a column are what counts.
        per_class = [m.roc_auc_score((classes == k).astype(int), scores[:, k]) for k in range(4)]
        if not name:
            exact = raw / raw.sum(1, keepdims=True)
            assert abs(m.roc_auc_score(classes, exact, multi_class="ovr", average="macro") - np.mean(per_class)) < 1e-12
        yield value(
            f"auroc one-vs-rest{name}", "auroc", {}, float(np.mean(per_class)), scores=scores, targets=classes
        )


def cases():
    random = np.random.default_rng(0)
    return [entry for group in [regression_cases, label_cases, score_cases] for entry in group(random)]


FILES = {"metrics": cases}
