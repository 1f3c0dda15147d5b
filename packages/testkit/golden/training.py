"""Fifty training steps of a network in f32, as a golden case: all losses, final weights and running statistics."""

from dataclasses import replace

import torch
import torch.nn.functional as F

from formula import Formula
from schema import case

STEPS = 50
# f32 may differ from f64 by this much, relative; the tests allow ten times as much, which then is not rounding.
DRIFT = 1e-5
# Numbers of an array beyond which its final values are not stored where its first ones are not.
LONG = 128

LOSSES = {
    "mse": F.mse_loss,
    "crossEntropy": lambda predictions, targets: F.cross_entropy(predictions, targets.long()),
}
OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
# What torch calls the settings.
SETTINGS = {"learningRate": "lr", "momentum": "momentum", "weightDecay": "weight_decay"}


def converted(entries, dtype):
    """Rounded to f32, then converted; integers stay."""
    return {key: value.float().to(dtype) if value.is_floating_point() else value for key, value in entries.items()}


def train(network, config, rows, params, state, dtype):
    """`rows`: `x`, `targets`, and extras by name. Losses, final parameters, final state."""
    rows, state = converted(rows, dtype), {key: value.clone() for key, value in converted(state, dtype).items()}
    params = {key: value.clone().requires_grad_(True) for key, value in converted(params, dtype).items()}
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


def trajectory(name, operation, config, network, x, y, params, state=None, extras=None, undetermined=()):
    """
    A case of `network(x, params, state, **extras)`, which gives predictions and moves running statistics in `state`.

    `config` holds the network's settings and `loss`, `optimizer`, `learningRate`, `batchSize`, and perhaps `weightDecay` and
    `momentum`. The final values of parameters whose names end in one of `undetermined` are left out: those without influence, of
    whose rounding errors Adam makes a random walk. So are long ones that start from a formula: the losses depend on them.
    """
    state, extras, given = state or {}, extras or {}, params
    params = {key: value.tensor() if isinstance(value, Formula) else value for key, value in given.items()}
    rows = {"x": x, "targets": y, **extras}
    losses, final, final_state = train(network, config, rows, params, state, torch.float32)
    exact, exact_final, _ = train(network, config, rows, params, state, torch.float64)
    long = lambda key: isinstance(given[key], Formula) and final[key].numel() > LONG
    final = {key: value for key, value in final.items() if not (key.endswith(tuple(undetermined)) or long(key))}
    drift = ((losses - exact) / exact).abs().max().item()
    weights = max(((final[key] - exact_final[key]).norm() / exact_final[key].norm()).item() for key in final)
    print(f"{name}: f32 from f64, relative: losses {drift:.1e}, weights {weights:.1e}")
    assert max(drift, weights) < DRIFT, f"{name} amplifies rounding"
    epoch = x.shape[0] // config["batchSize"]
    assert losses[-epoch:].mean() < losses[:epoch].mean(), f"{name} does not learn"
    stored = lambda path, entries: {f"{path}{key}": value for key, value in converted(entries, torch.float32).items()}
    formulas = {f"params.{key}": replace(value, dtype="f32") for key, value in given.items() if isinstance(value, Formula)}
    inputs = {
        **stored("", {"x": x, "targets": y}),
        **stored("params.", params),
        **formulas,
        **stored("state.", state),
        **stored("extras.", extras),
    }
    outputs = {"losses": losses, **stored("final.", final), **stored("finalState.", final_state)}
    return case(name, operation, {**config, "steps": STEPS}, inputs, outputs)
