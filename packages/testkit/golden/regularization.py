"""Plateau schedules, constraints, averages, batch-norm statistics and dropout's affine maps, and trainings that combine them."""

import torch
import torch.nn.functional as F
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

from derive import normal
from layers import dense_params
from schema import case, write
from trajectories import mlp, surrogate_data

RATE, STEPS = 0.1, 50


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
    for name, shape, limit in [("dense", [4, 6], 1.5), ("convolution", [3, 3, 2, 5], 4.0)]:
        kernel = normal(*shape, seed=11)
        found = torch.renorm(kernel, 2, len(shape) - 1, limit)
        changed = (found != kernel).reshape(-1, shape[-1]).any(0)
        assert changed.any() and not changed.all(), name
        yield case(f"maxNorm {name}", "maxNorm", {"limit": limit}, {"params.kernel": kernel}, {"params.kernel": found})


def alpha_dropout_cases():
    x = normal(6, 5, seed=12)
    for rate in [0.1, 0.5]:
        # What an element becomes if kept, and if dropped: each happens under some seed.
        kept, dropped = torch.full_like(x, torch.nan), F.alpha_dropout(normal(2000, seed=13), rate, True).mode().values
        for seed in range(50):
            torch.manual_seed(seed)
            y = F.alpha_dropout(x, rate, True)
            kept = torch.where(torch.isclose(y, dropped), kept, y)
        yield case(
            f"alphaDropout {rate}", "alphaDropout", {"rate": rate}, {"x": x}, {"kept": kept, "dropped": dropped.reshape(1)}
        )


def smoothing_cases():
    predictions, labels = normal(6, 3, seed=13) * 3, (normal(6, 3, seed=14) > 0).double()
    for amount in [0.0, 0.1, 0.3]:
        value = F.binary_cross_entropy_with_logits(predictions, labels * (1 - amount) + amount / 2)
        config = {"labelSmoothing": amount}
        inputs = {"predictions": predictions, "targets": labels}
        yield case(f"binaryCrossEntropy smoothing {amount}", "binaryCrossEntropy", config, inputs, {"value": value})


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


def trajectory(kind, settings, dtype):
    """Mean squared error plus an elastic net on kernels, AdamW that decays kernels only, a max-norm constraint, an average."""
    x, y = [value[:128].to(dtype) for value in surrogate_data(128)]
    initial = dense_params([10, 16, 16, 1], 70)
    net = Net(initial, dtype)
    weights = [value for name, value in net.named().items() if name.endswith("kernel")]
    others = [value for name, value in net.named().items() if not name.endswith("kernel")]
    optimizer = torch.optim.AdamW(
        [{"params": weights, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}], 0.01, foreach=False
    )
    averaged = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(settings["decay"]) if kind == "ema" else None)
    losses, penalties = [], []
    for step in range(1, STEPS + 1):
        start = (step - 1) * 32 % 128
        loss = F.mse_loss(net(x[start : start + 32]), y[start : start + 32])
        penalty = sum(1e-3 * w.abs().sum() + 2e-3 * w.square().sum() for w in weights)
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
        with torch.no_grad():
            for w in weights:
                w.copy_(torch.renorm(w, 2, 1, 1.2))
        losses.append(loss.detach())
        penalties.append(penalty.detach())
        if kind == "ema" or (step >= settings["start"] and (step - settings["start"]) % settings["every"] == 0):
            averaged.update_parameters(net)
    inputs = {"x": x, "targets": y, **{f"params.{name}": value.to(dtype) for name, value in initial.items()}}
    final = {f"final.{name}": value.detach() for name, value in net.named().items()}
    means = {f"average.{name}": value.detach() for name, value in averaged.module.named().items()}
    outputs = {"losses": torch.stack(losses), "penalties": torch.stack(penalties), **final, **means}
    config = {**settings, "l1": 1e-3, "l2": 2e-3, "weightDecay": 0.05, "limit": 1.2, "learningRate": 0.01}
    title = f"{kind} {'f64' if dtype == torch.float64 else 'f32'}"
    return case(title, kind, {**config, "batchSize": 32, "steps": STEPS}, inputs, outputs)


def statistics_case():
    x = normal(32, 5, seed=15) * torch.tensor([1.0, 2.0, 0.5, 3.0, 1.0]) + torch.arange(5)
    norm = torch.nn.BatchNorm1d(5).double()
    update_bn(x.split(8), norm)
    outputs = {"mean": norm.running_mean, "variance": norm.running_var}
    return case("batch-norm statistics", "estimateBatchNorm", {"batchSize": 8}, {"x": x}, outputs)


def generate(source):
    cases = [plateau(*spec, seed) for seed, spec in enumerate(PLATEAUS)]
    cases += [*renorm_cases(), *alpha_dropout_cases(), *smoothing_cases(), statistics_case()]
    for kind, settings in [("ema", {"decay": 0.9}), ("swa", {"start": 20, "every": 5})]:
        cases += [trajectory(kind, settings, dtype) for dtype in [torch.float64, torch.float32]]
    write("regularization", source, cases)
