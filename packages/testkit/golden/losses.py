"""Losses with mean reduction, plain and sample-weighted: value, gradient and second gradient in the predictions."""

import torch
import torch.nn.functional as F

from derive import gradients_of, normal
from schema import case

REGRESSION = [
    ("mse", {}, lambda p, t: F.mse_loss(p, t, reduction="none")),
    ("mae", {}, lambda p, t: F.l1_loss(p, t, reduction="none")),
    ("huber", {"delta": 1.0}, lambda p, t: F.huber_loss(p, t, reduction="none", delta=1.0)),
    ("huber", {"delta": 0.5}, lambda p, t: F.huber_loss(p, t, reduction="none", delta=0.5)),
]


def reduced(losses, weights):
    """The mean; with sample weights sum(w_i l_i) / sum(w_i), where l_i is the mean over the sample's elements."""
    if weights is None:
        return losses.mean()
    per_sample = losses.reshape(losses.shape[0], -1).mean(1)
    return (weights * per_sample).sum() / weights.sum()


def pair(name, operation, config, losses_of, wrt, official, **inputs):
    """The plain case, checked against torch's own reduction, and the sample-weighted case."""
    samples = next(iter(inputs.values())).shape[0]
    weights = torch.tensor([1.0, 0.0, 2.5, 0.5, 3.0, 0.25, 1.75, 1.0][:samples]).double()
    for given in [{}, {"weights": weights}]:
        fn = lambda weights=None, **arrays: reduced(losses_of(**arrays), weights)
        found = gradients_of(fn, {**inputs, **given}, wrt, torch.ones((), dtype=torch.float64))
        del found["inputs"]["cotangent"], found["secondGradients"]["cotangent"]
        if not given:
            assert torch.equal(found["outputs"]["value"], official) or torch.isclose(
                found["outputs"]["value"], official, rtol=1e-15, atol=0
            ), name
        yield case(name + (" weighted" if given else ""), operation, config, **found)


def regression_cases():
    for operation, config, losses in REGRESSION:
        for shape in [[8, 1], [6, 3], [4, 3, 2]]:
            predictions, targets = normal(*shape, seed=1), normal(*shape, seed=2)
            predictions[0] = targets[0]  # a residual of exactly zero
            delta = config.get("delta")
            official = {
                "mse": torch.nn.MSELoss(),
                "mae": torch.nn.L1Loss(),
                "huber": torch.nn.HuberLoss(delta=delta or 1.0),
            }[operation]
            name = " ".join([operation, *([f"delta {delta:g}"] if delta else []), str(shape)])
            fn = lambda predictions, targets, losses=losses: losses(predictions, targets)
            yield from pair(
                name,
                operation,
                config,
                fn,
                ["predictions"],
                official(predictions, targets),
                predictions=predictions,
                targets=targets,
            )


def cross_entropy(predictions, targets, smoothing):
    """Classes are last; targets are class indices, or probabilities of the shape of the predictions."""
    classes_second = predictions.movedim(-1, 1)
    targets = targets.movedim(-1, 1) if targets.is_floating_point() else targets.long()
    return F.cross_entropy(classes_second, targets, reduction="none", label_smoothing=smoothing)


def cross_entropy_cases():
    for shape in [[6, 4], [3, 2, 3, 5]]:
        generator = torch.Generator().manual_seed(3)
        classes = torch.randint(shape[-1], shape[:-1], generator=generator, dtype=torch.int32)
        probabilities = torch.softmax(normal(*shape, seed=4), -1)
        predictions = normal(*shape, seed=5) * 3
        predictions[0].flatten()[:2] = torch.tensor([40.0, -40.0]).double()
        for kind, targets in [("classes", classes), ("probabilities", probabilities)]:
            for smoothing in [0.0, 0.1]:
                fn = lambda predictions, targets, s=smoothing: cross_entropy(predictions, targets, s)
                config = {"labelSmoothing": smoothing, "targets": kind}
                name = f"crossEntropy {kind} smoothing {smoothing:g} {shape}"
                official = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)(
                    predictions.movedim(-1, 1), targets.movedim(-1, 1) if kind == "probabilities" else targets.long()
                )
                yield from pair(
                    name,
                    "crossEntropy",
                    config,
                    fn,
                    ["predictions"],
                    official,
                    predictions=predictions,
                    targets=targets,
                )


def binary_cases():
    predictions = normal(6, 3, seed=6) * 3
    predictions[0] = torch.tensor([40.0, -40.0, 0.0])
    soft = torch.sigmoid(normal(6, 3, seed=7))
    for kind, targets in [("labels", soft.round()), ("probabilities", soft)]:
        fn = lambda predictions, targets: F.binary_cross_entropy_with_logits(predictions, targets, reduction="none")
        official = torch.nn.BCEWithLogitsLoss()(predictions, targets)
        yield from pair(
            f"binaryCrossEntropy {kind}",
            "binaryCrossEntropy",
            {"targets": kind},
            fn,
            ["predictions"],
            official,
            predictions=predictions,
            targets=targets,
        )


def plain(name, operation, config, fn, predictions, targets):
    """A case with torch's own reduction, whatever it divides by."""
    found = gradients_of(
        fn, {"predictions": predictions, "targets": targets}, ["predictions"], torch.ones((), dtype=torch.float64)
    )
    del found["inputs"]["cotangent"], found["secondGradients"]["cotangent"]
    return case(name, operation, config, **found)


def class_weight_cases():
    """Weights of classes and an ignored label: the mean is over the weights of what is not ignored."""
    for shape in [[5, 3], [2, 3, 4]]:
        classes = torch.randint(shape[-1], shape[:-1], generator=torch.Generator().manual_seed(11), dtype=torch.int32)
        predictions = normal(*shape, seed=12) * 3
        class_weights = [0.5, 2.0, 0.0, 3.25][: shape[-1]]
        ignored = classes.clone()
        ignored.flatten()[1] = -100
        void = 1
        for label, options in [
            ("class weights", {"classWeights": class_weights}),
            ("ignored", {"ignoreLabel": -100}),
            ("ignored class", {"ignoreLabel": void, "classWeights": class_weights}),
            ("smoothing", {"ignoreLabel": -100, "classWeights": class_weights, "labelSmoothing": 0.1}),
        ]:
            targets = ignored if options.get("ignoreLabel") == -100 else classes
            weight = torch.tensor(options["classWeights"]).double() if "classWeights" in options else None
            fn = lambda predictions, targets, o=options, weight=weight: F.cross_entropy(
                predictions.movedim(-1, 1),
                targets.long(),
                weight=weight,
                ignore_index=o.get("ignoreLabel", -100),
                label_smoothing=o.get("labelSmoothing", 0.0),
            )
            yield plain(f"crossEntropy {label} {shape}", "crossEntropy", options, fn, predictions, targets)
        probabilities = torch.softmax(normal(*shape, seed=13), -1)
        options = {"classWeights": class_weights, "labelSmoothing": 0.1}
        fn = lambda predictions, targets, w=class_weights: F.cross_entropy(
            predictions.movedim(-1, 1),
            targets.movedim(-1, 1),
            weight=torch.tensor(w).double(),
            label_smoothing=0.1,
        )
        name = f"crossEntropy class weights of probabilities {shape}"
        yield plain(name, "crossEntropy", options, fn, predictions, probabilities)


def positive_weight_cases():
    predictions = normal(4, 3, seed=14) * 3
    predictions[0] = torch.tensor([40.0, -40.0, 0.0])
    soft = torch.sigmoid(normal(4, 3, seed=15))
    for label, weight, targets in [("labels", 3.0, soft.round()), ("columns", [0.5, 2.0, 7.0], soft)]:
        fn = lambda predictions, targets, w=weight: F.binary_cross_entropy_with_logits(
            predictions, targets, pos_weight=torch.tensor(w).double()
        )
        options = {"positiveWeight": weight}
        name = f"binaryCrossEntropy positive weight {label}"
        yield plain(name, "binaryCrossEntropy", options, fn, predictions, targets)


def gaussian_cases():
    mean, targets = normal(6, 2, seed=8), normal(6, 2, seed=9)
    variance = normal(6, 2, seed=10).abs() + 0.1
    small = variance.clone()
    small[1:3, 0] = torch.tensor([1e-9, 1e-4])
    small[3] = 0.0
    for name, values, epsilon in [("gaussianNLL", variance, 1e-6), ("gaussianNLL epsilon", small, 1e-2)]:
        fn = lambda mean, variance, targets, e=epsilon: F.gaussian_nll_loss(
            mean, targets, variance, full=False, eps=e, reduction="none"
        )
        official = torch.nn.GaussianNLLLoss(full=False, eps=epsilon)(mean, targets, values)
        yield from pair(
            name,
            "gaussianNLL",
            {"epsilon": epsilon},
            fn,
            ["mean", "variance"],
            official,
            mean=mean,
            variance=values,
            targets=targets,
        )


def cases():
    groups = [
        *[regression_cases(), cross_entropy_cases(), class_weight_cases()],
        *[binary_cases(), positive_weight_cases(), gaussian_cases()],
    ]
    return [entry for group in groups for entry in group]


FILES = {"losses": cases}
