"""Learning rates of torch's schedulers: what each says of update or epoch t, counted from 0."""

import torch
import torch.optim.lr_scheduler as schedulers

from schema import case

RATE = 0.1


def trace(make, count):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], RATE)
    scheduler = make(optimizer)
    rates = []
    for _ in range(count):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return torch.tensor(rates, dtype=torch.float64)


def warm(optimizer):
    first = schedulers.LinearLR(optimizer, start_factor=0.1, total_iters=5)
    then = schedulers.CosineAnnealingLR(optimizer, 20)
    return schedulers.SequentialLR(optimizer, [first, then], milestones=[5])


SPECS = [
    ("step", "step", {"size": 4, "factor": 0.5}, lambda o: schedulers.StepLR(o, 4, 0.5), 20),
    ("multi-step", "multiStep", {"milestones": [3, 4, 11], "factor": 0.2}, lambda o: schedulers.MultiStepLR(o, [3, 4, 11], 0.2), 20),
    ("exponential", "exponential", {"factor": 0.9}, lambda o: schedulers.ExponentialLR(o, 0.9), 20),
    ("polynomial", "polynomial", {"length": 12, "power": 2}, lambda o: schedulers.PolynomialLR(o, 12, 2), 20),
    ("cosine", "cosineAnnealing", {"length": 10, "minimum": 0.01}, lambda o: schedulers.CosineAnnealingLR(o, 10, 0.01), 11),
    ("warm restarts", "warmRestarts", {"length": 4}, lambda o: schedulers.CosineAnnealingWarmRestarts(o, 4), 20),
    (
        "warm restarts growing",
        "warmRestarts",
        {"length": 3, "growth": 2, "minimum": 0.001},
        lambda o: schedulers.CosineAnnealingWarmRestarts(o, 3, 2, 0.001),
        30,
    ),
    ("one cycle", "oneCycle", {"length": 30}, lambda o: schedulers.OneCycleLR(o, RATE, 30, cycle_momentum=False), 30),
    (
        "one cycle early",
        "oneCycle",
        {"length": 20, "peakAt": 0.1, "startDivisor": 10, "endDivisor": 100},
        lambda o: schedulers.OneCycleLR(
            o, RATE, 20, pct_start=0.1, div_factor=10, final_div_factor=100, cycle_momentum=False
        ),
        20,
    ),
    ("warm-up then cosine", "warmup", {"length": 5, "start": 0.1, "then": 20}, warm, 25),
]


def cases():
    made = [
        case(name, operation, {"learningRate": RATE, **config}, outputs={"rates": trace(make, count)})
        for name, operation, config, make, count in SPECS
    ]
    return made


FILES = {"schedules": cases}
