"""Fifty steps of every optimizer on a 4-6-2 tanh network: full batch, mean squared error."""

import torch

from derive import normal, partials
from layers import dense_params, mlp
from schema import case

STEPS, STORED = 50, [1, 10, 50]
SIZES, ROWS = [4, 6, 2], 16


def sgd(params, c):
    return torch.optim.SGD(
        params,
        c["learningRate"],
        momentum=c.get("momentum", 0.0),
        nesterov=c.get("nesterov", False),
        weight_decay=c.get("weightDecay", 0.0),
        foreach=False,
    )


def adam(params, c):
    return torch.optim.Adam(
        params,
        c["learningRate"],
        (c.get("beta1", 0.9), c.get("beta2", 0.999)),
        c.get("epsilon", 1e-8),
        weight_decay=c.get("weightDecay", 0.0),
        foreach=False,
    )


def adamw(params, c):
    return torch.optim.AdamW(
        params,
        c["learningRate"],
        (c.get("beta1", 0.9), c.get("beta2", 0.999)),
        c.get("epsilon", 1e-8),
        weight_decay=c["weightDecay"],
        foreach=False,
    )


def rmsprop(params, c):
    return torch.optim.RMSprop(
        params,
        c["learningRate"],
        alpha=c.get("decay", 0.99),
        eps=c.get("epsilon", 1e-8),
        weight_decay=c.get("weightDecay", 0.0),
        momentum=c.get("momentum", 0.0),
        centered=False,
        foreach=False,
    )


OPTIMIZERS = {"sgd": sgd, "adam": adam, "adamw": adamw, "rmsprop": rmsprop}

CASES = [
    ("sgd", "sgd", {"learningRate": 0.1}),
    ("sgd momentum", "sgd", {"learningRate": 0.05, "momentum": 0.9}),
    ("sgd nesterov", "sgd", {"learningRate": 0.05, "momentum": 0.9, "nesterov": True}),
    ("sgd weight decay", "sgd", {"learningRate": 0.1, "weightDecay": 0.05}),
    (
        "sgd nesterov weight decay",
        "sgd",
        {"learningRate": 0.05, "momentum": 0.9, "nesterov": True, "weightDecay": 0.05},
    ),
    ("adam", "adam", {"learningRate": 0.01}),
    ("adam betas epsilon", "adam", {"learningRate": 0.02, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3}),
    ("adam weight decay", "adam", {"learningRate": 0.01, "weightDecay": 0.05}),
    ("adamw", "adamw", {"learningRate": 0.01, "weightDecay": 0.01}),
    ("adamw strong decay", "adamw", {"learningRate": 0.02, "weightDecay": 0.5}),
    ("rmsprop", "rmsprop", {"learningRate": 0.005}),
    ("rmsprop momentum", "rmsprop", {"learningRate": 0.002, "momentum": 0.9}),
    ("rmsprop weight decay", "rmsprop", {"learningRate": 0.002, "weightDecay": 0.05, "decay": 0.9, "epsilon": 1e-2}),
    ("clip by value, sgd momentum", "sgd", {"learningRate": 0.1, "momentum": 0.9, "clipValue": 0.15}),
    ("clip by global norm, sgd momentum", "sgd", {"learningRate": 0.1, "momentum": 0.9, "clipNorm": 0.3}),
    ("clip by global norm, adam", "adam", {"learningRate": 0.01, "clipNorm": 0.3}),
    ("accumulate 4, sgd momentum", "sgd", {"learningRate": 0.1, "momentum": 0.9, "accumulate": 4}),
    ("accumulate 4, adam", "adam", {"learningRate": 0.02, "accumulate": 4}),
    (
        "groups, sgd momentum",
        "sgd",
        {
            "learningRate": 0.05,
            "momentum": 0.9,
            "weightDecay": 0.05,
            "biases": {"learningRate": 0.01, "weightDecay": 0.0},
        },
    ),
    (
        "groups, adamw",
        "adamw",
        {"learningRate": 0.02, "weightDecay": 0.1, "biases": {"learningRate": 0.005, "weightDecay": 0.0}},
    ),
    (
        "learning-rate steps, sgd momentum",
        "sgd",
        {"learningRate": 0.1, "momentum": 0.9, "schedule": {"factor": 0.1, "every": 20}},
    ),
    ("learning-rate steps, adam", "adam", {"learningRate": 0.02, "schedule": {"factor": 0.1, "every": 20}}),
]


def problem(dtype):
    x = normal(ROWS, SIZES[0], seed=1, dtype=dtype)
    targets = normal(ROWS, SIZES[-1], seed=2, dtype=dtype)
    return x, targets, {name: value.to(dtype) for name, value in dense_params(SIZES, 3).items()}


def trajectory(name, operation, config, dtype):
    x, targets, initial = problem(dtype)
    params = {key: value.clone().requires_grad_(True) for key, value in initial.items()}
    optimizer = OPTIMIZERS[operation](groups(params, config), config)
    schedule = config.get("schedule")
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, schedule["every"], schedule["factor"]) if schedule else None
    micro = config.get("accumulate", 1)
    rows = ROWS // micro
    losses, rates, snapshots = [], [], {}
    clipped = set()
    for step in range(STEPS):
        # Step s sees the s-th part of the rows, from the start again after the last.
        part = slice(step % micro * rows, (step % micro + 1) * rows)
        loss = ((mlp(x[part], params) - targets[part]) ** 2).mean()
        losses.append(loss.detach())
        rates.append(optimizer.param_groups[0]["lr"])
        (loss / micro).backward()
        if step == 0:
            gradients = {f"params.{key}": value.grad * micro for key, value in params.items()}
        if (step + 1) % micro == 0:
            if "clipValue" in config:
                clipped.add(any((value.grad.abs() > config["clipValue"]).any().item() for value in params.values()))
                torch.nn.utils.clip_grad_value_(list(params.values()), config["clipValue"], foreach=False)
            if "clipNorm" in config:
                clipped.add(
                    bool(
                        torch.nn.utils.clip_grad_norm_(list(params.values()), config["clipNorm"], foreach=False)
                        > config["clipNorm"]
                    )
                )
            optimizer.step()
            optimizer.zero_grad()
        if scheduler:
            scheduler.step()
        if step + 1 in STORED:
            snapshots |= {f"step{step + 1}.{key}": value.detach().clone() for key, value in params.items()}
    if name.startswith("clip"):
        assert clipped == {True, False}, (
            f"{name}: clipping must be active in some steps and inactive in others: {clipped}"
        )
    inputs = {"x": x, "targets": targets, **{f"params.{key}": value for key, value in initial.items()}}
    if schedule:
        inputs["learningRates"] = torch.tensor(rates, dtype=torch.float64)
    title = f"{name} {'f64' if dtype == torch.float64 else 'f32'}"
    outputs = {"losses": torch.stack(losses), **snapshots}
    return case(title, operation, {**config, "steps": STEPS}, inputs, outputs, gradients=gradients)


def groups(params, config):
    """Kernels take the optimizer's settings; `config.biases` overrides them for biases."""
    if "biases" not in config:
        return list(params.values())
    of = lambda suffix: [value for key, value in params.items() if key.endswith(suffix)]
    biases = {"lr": config["biases"]["learningRate"], "weight_decay": config["biases"]["weightDecay"]}
    return [{"params": of("kernel")}, {"params": of("bias"), **biases}]


def by_hand(config, operation):
    """The update formulas of the README, step by step, as an independent check of the f64 trajectories."""
    x, targets, params = problem(torch.float64)
    params = {key: value.requires_grad_(True) for key, value in params.items()}
    zeros = lambda: {key: torch.zeros_like(value) for key, value in params.items()}
    buffer, average, square, total, updates = zeros(), zeros(), zeros(), zeros(), 0
    micro, schedule = config.get("accumulate", 1), config.get("schedule")
    rows = ROWS // micro
    for step in range(STEPS):
        part = slice(step % micro * rows, (step % micro + 1) * rows)
        found = partials(((mlp(x[part], params) - targets[part]) ** 2).mean(), params)
        total = {key: total[key] + found[key].detach() / micro for key in params}
        if (step + 1) % micro:
            continue
        gradient, total, updates = total, zeros(), updates + 1
        if "clipValue" in config:
            gradient = {key: g.clamp(-config["clipValue"], config["clipValue"]) for key, g in gradient.items()}
        if "clipNorm" in config:
            norm = sum((g**2).sum() for g in gradient.values()).sqrt()
            gradient = {key: g * min(1.0, config["clipNorm"] / (norm + 1e-6)) for key, g in gradient.items()}
        for key, p in list(params.items()):
            c = {**config, **(config.get("biases", {}) if key.endswith("bias") else {})}
            rate = c["learningRate"] * (schedule["factor"] ** (step // schedule["every"]) if schedule else 1)
            decay, epsilon, momentum = c.get("weightDecay", 0.0), c.get("epsilon", 1e-8), c.get("momentum", 0.0)
            p, g = p.detach(), gradient[key]
            if operation == "adamw":
                p = p * (1 - rate * decay)
            else:
                g = g + decay * p
            if operation == "sgd":
                buffer[key] = momentum * buffer[key] + g
                direction = g + momentum * buffer[key] if c.get("nesterov") else buffer[key]
            elif operation == "rmsprop":
                square[key] = c.get("decay", 0.99) * square[key] + (1 - c.get("decay", 0.99)) * g**2
                buffer[key] = momentum * buffer[key] + g / (square[key].sqrt() + epsilon)
                direction = buffer[key]
            else:
                b1, b2 = c.get("beta1", 0.9), c.get("beta2", 0.999)
                average[key] = b1 * average[key] + (1 - b1) * g
                square[key] = b2 * square[key] + (1 - b2) * g**2
                direction = average[key] / (1 - b1**updates) / ((square[key] / (1 - b2**updates)).sqrt() + epsilon)
            params[key] = (p - rate * direction).requires_grad_(True)
    return params


def cases():
    made, worst, rounding = [], 0.0, 0.0
    for name, operation, config in CASES:
        exact, single = [trajectory(name, operation, config, dtype) for dtype in [torch.float64, torch.float32]]
        for key, value in by_hand(config, operation).items():
            found = exact["outputs"][f"step{STEPS}.{key}"]
            worst = max(worst, abs(value.detach().numpy() - found).max())
            rounding = max(rounding, abs(single["outputs"][f"step{STEPS}.{key}"] - found).max())
        made += [exact, single]
    assert worst < 1e-10, worst
    print(f"optimizers differ from their formulas by at most {worst:.1e}; f32 from f64 by {rounding:.1e}")
    return made


FILES = {"optimizers": cases}
