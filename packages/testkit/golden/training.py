"""Fifty training steps of a network, as a golden case: all losses, final weights and running statistics."""

from dataclasses import replace

import torch
import torch.nn.functional as F

from formula import Formula
from schema import case

STEPS = 50
DTYPES = {"f32": torch.float32, "f64": torch.float64}
# A training may differ by this much, relative, from its double (see `doubled`): the tests allow ten times as much, which then
# is not rounding.
DRIFT = {"f32": 1e-5, "f64": 1e-8}
# What the rows of the double of a training in f64 are moved by, relative: thousands of roundings.
MOVED = 1e-12
# Numbers of an array beyond which its final values are not stored where its first ones are not.
LONG = 128

LOSSES = {
    "mse": F.mse_loss,
    "crossEntropy": lambda predictions, targets: F.cross_entropy(predictions, targets.long()),
}
OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
# What torch calls the settings.
SETTINGS = {"learningRate": "lr", "momentum": "momentum", "weightDecay": "weight_decay"}


def tensors(entries, dtype):
    """Of arrays and formulas. Integers stay."""
    given = {key: value.tensor() if isinstance(value, Formula) else value for key, value in entries.items()}
    return {key: value.to(dtype) if value.is_floating_point() else value for key, value in given.items()}


def train(network, config, rows, params, state):
    """`rows`: `x`, `targets`, and extras by name. Losses, final parameters, final state."""
    params = {key: value.clone().requires_grad_(True) for key, value in params.items()}
    state = {key: value.clone() for key, value in state.items()}
    settings = {torchs: config[ours] for ours, torchs in SETTINGS.items() if ours in config}
    optimizer = OPTIMIZERS[config["optimizer"]](list(params.values()), foreach=False, **settings)
    losses = []
    for step in range(STEPS):
        start = step * config["batchSize"] % rows["x"].shape[0]
        batch = {key: value[start : start + config["batchSize"]] for key, value in rows.items()}
        targets = batch.pop("targets")
        loss = LOSSES[config["loss"]](network(batch.pop("x"), params, state, **batch), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses), {key: value.detach() for key, value in params.items()}, state


def doubled(dtype, rows, *others):
    """What shows how a training amplifies rounding: one in f32, itself in f64; one in f64, itself from rows slightly moved."""
    if dtype == "f32":
        return [tensors(entries, torch.float64) for entries in [rows, *others]]
    x = rows["x"]
    waves = torch.cos(torch.arange(x.numel(), dtype=x.dtype)).reshape(x.shape)
    return [{**rows, "x": x * (1 + MOVED * waves)}, *others]


def trajectory(name, operation, config, network, x, y, params, state=None, extras=None, undetermined=(), dtype="f32"):
    """
    A case of `network(x, params, state, **extras)`, which gives predictions and moves running statistics in `state`.

    `config` holds the network's settings and `loss`, `optimizer`, `learningRate`, `batchSize`, and perhaps `weightDecay` and
    `momentum`. The final values of parameters whose names end in one of `undetermined` are left out: those without influence, of
    whose rounding errors Adam makes a random walk. So are long arrays that start from a formula: the losses depend on them.
    """
    groups = {"": {"x": x, "targets": y}, "params.": params, "state.": state or {}, "extras.": extras or {}}
    first = {path: tensors(entries, DTYPES[dtype]) for path, entries in groups.items()}
    start = [first[""] | first["extras."], first["params."], first["state."]]
    losses, final, final_state = train(network, config, *start)
    double, double_final, _ = train(network, config, *doubled(dtype, *start))
    long = lambda given, value: isinstance(given, Formula) and value.numel() > LONG
    kept = lambda given, entries: {key: value for key, value in entries.items() if not long(given[key], value)}
    final = {key: value for key, value in kept(params, final).items() if not key.endswith(tuple(undetermined))}
    drift = ((losses - double) / double).abs().max().item()
    weights = max(((final[key] - double_final[key]).norm() / double_final[key].norm()).item() for key in final)
    print(f"{name} {dtype}: from its double, relative: losses {drift:.1e}, weights {weights:.1e}")
    assert max(drift, weights) < DRIFT[dtype], f"{name} amplifies rounding"
    epoch = x.shape[0] // config["batchSize"]
    assert losses[-epoch:].mean() < losses[:epoch].mean(), f"{name} does not learn"
    inputs = {
        path + key: replace(given, dtype=dtype) if isinstance(given, Formula) else first[path][key]
        for path, entries in groups.items()
        for key, given in entries.items()
    }
    named = lambda path, entries: {path + key: value for key, value in entries.items()}
    outputs = {"losses": losses, **named("final.", final), **named("finalState.", kept(state or {}, final_state))}
    return case(name, operation, {**config, "steps": STEPS}, inputs, outputs)
