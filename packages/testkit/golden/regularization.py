"""Plateau schedules, constraints, averages, batch-norm statistics, dropout in other shapes, and trainings that combine them."""

import torch
import torch.nn.functional as F
from torch.optim.lr_scheduler import ConstantLR, CosineAnnealingLR, OneCycleLR, ReduceLROnPlateau, SequentialLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

from arrays import channels_first, channels_last
from derive import normal, partials
from layers import dense_params
from schema import case
from trajectories import mlp, surrogate_data

RATE, STEPS = 0.1, 50
ROWS, BATCH = 64, 16


def progress(seed, falling=True):
    """Forty epochs of a value that improves, stalls, improves a little and stalls again."""
    noise = normal(40, seed=seed) * 0.02
    shape = torch.tensor([max(1 - 0.15 * t, 0.4) if t < 22 else max(0.4 - 0.03 * (t - 22), 0.25) for t in range(40)])
    values = shape.double() + noise
    # Thresholds lie between the thousandths, so that no comparison is a tie that f32 would decide otherwise.
    return (values if falling else 1 - values).mul(1e3).round().div(1e3)


PLATEAUS = [
    ("default", {}, True),
    ("patience 3", {"patience": 3}, True),
    ("patience 0", {"patience": 0, "factor": 0.5}, True),
    ("cooldown", {"patience": 2, "cooldown": 3, "factor": 0.5}, True),
    ("threshold", {"patience": 3, "threshold": 0.0505, "factor": 0.5}, True),
    ("absolute threshold", {"patience": 3, "threshold": 0.0505, "thresholdMode": "absolute", "factor": 0.5}, True),
    ("minimum", {"patience": 1, "minimum": 0.002, "factor": 0.3}, True),
    ("maximize", {"patience": 3, "factor": 0.5}, False),
    ("maximize absolute", {"patience": 2, "threshold": 0.0305, "thresholdMode": "absolute", "cooldown": 1}, False),
]


def plateau(name, config, falling, seed):
    values = progress(seed, falling)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], RATE)
    scheduler = ReduceLROnPlateau(
        optimizer,
        "min" if falling else "max",
        factor=config.get("factor", 0.1),
        patience=config.get("patience", 10),
        threshold=config.get("threshold", 1e-4),
        threshold_mode={"relative": "rel", "absolute": "abs"}[config.get("thresholdMode", "relative")],
        cooldown=config.get("cooldown", 0),
        min_lr=config.get("minimum", 0),
    )
    rates = []
    for value in values:
        rates.append(optimizer.param_groups[0]["lr"])
        scheduler.step(value)
    assert rates[-1] < rates[0], name
    return case(
        f"plateau {name}",
        "reduceOnPlateau",
        {"learningRate": RATE, **config, "direction": "minimize" if falling else "maximize"},
        {"values": values},
        {"rates": torch.tensor(rates, dtype=torch.float64)},
    )


def renorm_cases():
    # The axis of the units in torch's weight, and where torch's axes are in Hooke's kernel, whose units are at `axis`.
    specs = [
        ("dense", [4, 6], 1, [0, 1], {"limit": 1.5}),
        ("convolution", [3, 3, 2, 5], 3, [0, 1, 2, 3], {"limit": 4.0}),
        # ConvTranspose2d's weight is [in, out, height, width].
        ("transposed convolution", [2, 5, 3, 3], 1, [2, 3, 1, 0], {"limit": 4.0, "axis": -2}),
        ("embedding", [6, 4], 0, [0, 1], {"limit": 1.5, "axis": 0}),
    ]
    for name, shape, axis, layout, config in specs:
        weight = normal(*shape, seed=11)
        found = torch.renorm(weight, 2, axis, config["limit"])
        changed = (found != weight).movedim(axis, 0).flatten(1).any(1)
        assert changed.any() and not changed.all(), name
        kernels = {"params.kernel": weight.permute(layout)}, {"params.kernel": found.permute(layout)}
        yield case(f"maxNorm {name}", "maxNorm", config, *kernels)


def dropout_cases():
    """What an element, and the derivative in it, become if kept and if dropped: each happens to every element under some seed."""
    channelwise = lambda drop: lambda x, rate: channels_last(drop(channels_first(x), rate, True))
    # A row of torchvision's stochastic_depth: one draw for each sample.
    rowwise = lambda x, rate: x * F.dropout(torch.ones(len(x), *[1] * (x.ndim - 1), dtype=x.dtype), rate, True)
    specs = [
        ("alphaDropout", [6, 5], lambda x, rate: F.alpha_dropout(x, rate, True)),
        ("spatialDropout", [3, 4, 2], channelwise(F.dropout1d)),
        ("spatialDropout", [2, 2, 3, 3], channelwise(F.dropout2d)),
        ("spatialDropout", [2, 2, 2, 2, 3], channelwise(F.dropout3d)),
        ("dropPath", [5, 2, 3], rowwise),
    ]
    for operation, shape, drop in specs:
        for rate in [0.1, 0.5]:
            x, cotangent = normal(*shape, seed=12), normal(*shape, seed=16)
            assert (cotangent != 0).all()
            kept, slope, dropped = [torch.full_like(x, torch.nan) for _ in range(3)]
            for seed in range(400):
                torch.manual_seed(seed)
                leaf = x.clone().requires_grad_(True)
                y = drop(leaf, rate)
                (gradient,) = torch.autograd.grad((y * cotangent).sum(), leaf)
                off = gradient == 0
                dropped[off], kept[~off], slope[~off] = y.detach()[off], y.detach()[~off], gradient[~off]
            limit = dropped.flatten()[:1]
            assert (dropped == limit).all() and kept.isfinite().all()
            yield case(
                f"{operation} {len(shape)} axes {rate}",
                operation,
                {"rate": rate},
                {"x": x, "cotangent": cotangent},
                {"kept": kept, "keptGradient": slope, "dropped": limit},
            )


def smoothing_cases():
    predictions, labels = normal(6, 3, seed=13) * 3, (normal(6, 3, seed=14) > 0).double()
    for amount in [0.0, 0.1, 0.3]:
        leaf = predictions.clone().requires_grad_(True)
        value = F.binary_cross_entropy_with_logits(leaf, labels * (1 - amount) + amount / 2)
        gradient = partials(value, {"predictions": leaf})
        second = partials(gradient["predictions"].square().sum(), {"predictions": leaf})
        config, inputs = {"labelSmoothing": amount}, {"predictions": predictions, "targets": labels}
        yield case(
            f"binaryCrossEntropy smoothing {amount}",
            "binaryCrossEntropy",
            config,
            inputs,
            {"value": value},
            gradients=gradient,
            secondGradients=second,
        )


class Net(torch.nn.Module):
    """A network whose parameters are named as Hooke's."""

    def __init__(self, initial, dtype):
        super().__init__()
        self.names = list(initial)
        self.values = torch.nn.ParameterList([torch.nn.Parameter(value.to(dtype).clone()) for value in initial.values()])

    def named(self):
        return dict(zip(self.names, self.values))

    def forward(self, x):
        return mlp(x, self.named(), {})


SCHEDULES = {
    "ema": (
        {"type": "oneCycle", "learningRate": 0.02, "length": STEPS},
        lambda optimizer: OneCycleLR(optimizer, 0.02, STEPS, cycle_momentum=False),
    ),
    "swa": (
        {"type": "cosineAnnealing", "learningRate": 0.01, "length": 40, "minimum": 0.001, "every": "step"},
        lambda optimizer: SequentialLR(
            optimizer, [CosineAnnealingLR(optimizer, 40, 0.001), ConstantLR(optimizer, 0.1, STEPS)], [40]
        ),
    ),
}


def trajectory(kind, settings, dtype):
    """
    Mean squared error plus an elastic net on kernels, AdamW that decays kernels only, at a rate that changes with every step, a
    max-norm constraint, an average.
    """
    x, y = [value[:ROWS].to(dtype) for value in surrogate_data(ROWS)]
    initial = dense_params([10, 8, 8, 1], 70)
    net = Net(initial, dtype)
    weights = [value for name, value in net.named().items() if name.endswith("kernel")]
    others = [value for name, value in net.named().items() if not name.endswith("kernel")]
    optimizer = torch.optim.AdamW(
        [{"params": weights, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}], 0.01, foreach=False
    )
    schedule, make = SCHEDULES[kind]
    scheduler = make(optimizer)
    averaged = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(settings["decay"]) if kind == "ema" else None)
    losses, penalties, rates, bounded = [], [], [], 0
    for step in range(1, STEPS + 1):
        start = (step - 1) * BATCH % ROWS
        loss = F.mse_loss(net(x[start : start + BATCH]), y[start : start + BATCH])
        penalty = sum(1e-3 * w.abs().sum() + 2e-3 * w.square().sum() for w in weights)
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
        scheduler.step()
        with torch.no_grad():
            for w in weights:
                bounded += (torch.linalg.vector_norm(w, dim=0) > 1.2).any().item()
                w.copy_(torch.renorm(w, 2, 1, 1.2))
        losses.append(loss.detach())
        penalties.append(penalty.detach())
        if kind == "ema" or (step >= settings["start"] and (step - settings["start"]) % settings["every"] == 0):
            averaged.update_parameters(net)
    assert 0 < bounded < STEPS * len(weights), f"{kind}: {bounded}"
    inputs = {"x": x, "targets": y, **{f"params.{name}": value.to(dtype) for name, value in initial.items()}}
    final = {f"final.{name}": value.detach() for name, value in net.named().items()}
    means = {f"average.{name}": value.detach() for name, value in averaged.module.named().items()}
    outputs = {
        "losses": torch.stack(losses),
        "penalties": torch.stack(penalties),
        "rates": torch.tensor(rates, dtype=torch.float64),
        **final,
        **means,
    }
    config = {**settings, "l1": 1e-3, "l2": 2e-3, "weightDecay": 0.05, "limit": 1.2, "schedule": schedule}
    title = f"{kind} {'f64' if dtype == torch.float64 else 'f32'}"
    return case(title, kind, {**config, "batchSize": BATCH, "steps": STEPS}, inputs, outputs)


def statistics_case():
    x = normal(32, 5, seed=15) * torch.tensor([1.0, 2.0, 0.5, 3.0, 1.0]) + torch.arange(5)
    norm = torch.nn.BatchNorm1d(5).double()
    update_bn(x.split(8), norm)
    outputs = {"mean": norm.running_mean, "variance": norm.running_var}
    return case("batch-norm statistics", "estimateBatchNorm", {"batchSize": 8}, {"x": x}, outputs)


def cases():
    made = [plateau(*spec, seed) for seed, spec in enumerate(PLATEAUS)]
    made += [*renorm_cases(), *dropout_cases(), *smoothing_cases(), statistics_case()]
    for kind, settings in [("ema", {"decay": 0.9}), ("swa", {"start": 20, "every": 5})]:
        made += [trajectory(kind, settings, dtype) for dtype in [torch.float64, torch.float32]]
    return made


FILES = {"regularization": cases}
