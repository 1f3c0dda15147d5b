"""Fifty training steps of four small models in f32: the loss of every step and the final weights."""

import torch
import torch.nn.functional as F

from arrays import conv, max_pool
from derive import normal
from layers import EPSILON, dense, dense_params
from schema import case, write

STEPS = 50


def surrogate_data(rows):
    """The chapter's data: y = x0^2 + x1 x2 - x3 + 0.3 noise, ten standard normal inputs."""
    x = normal(rows, 10, seed=1)
    return x, (x[:, :1] ** 2 + x[:, 1:2] * x[:, 2:3] - x[:, 3:4] + 0.3 * normal(rows, 1, seed=2)).mul(1e4).round().div(
        1e4
    )


def mse(predictions, targets):
    return F.mse_loss(predictions, targets)


def cross_entropy(predictions, targets):
    return F.cross_entropy(predictions, targets.long())


def layer(params, index, x):
    return dense(x, params[f"{index}.kernel"], params[f"{index}.bias"])


def mlp(x, params, state):
    return layer(params, 2, torch.relu(layer(params, 1, torch.relu(layer(params, 0, x)))))


def batch_norm_net(x, params, state):
    hidden = layer(params, 0, x)
    hidden = F.batch_norm(
        hidden,
        state["norm.mean"],
        state["norm.variance"],
        params["norm.scale"],
        params["norm.bias"],
        True,
        0.1,
        EPSILON,
    )
    return layer(params, 1, torch.relu(hidden))


def layer_norm_net(x, params, state):
    hidden = F.layer_norm(layer(params, 0, x), [24], params["norm.scale"], params["norm.bias"], EPSILON)
    return layer(params, 1, F.gelu(hidden))


def conv_net(x, params, state):
    for name in ["conv0", "conv1"]:
        x = conv(x, params[f"{name}.kernel"], [1, 1], [[1, 1], [1, 1]], [1, 1], 1) + params[f"{name}.bias"]
        x = max_pool(torch.relu(x), [2, 2], [2, 2], [[0, 0], [0, 0]])
    return layer(params, 0, x.flatten(1))  # channels last: height, width, channel


def norm_params(channels):
    return {"norm.scale": torch.ones(channels), "norm.bias": torch.zeros(channels)}


def conv_params():
    params = {}
    for name, shape, seed in [("conv0", [3, 3, 1, 4], 61), ("conv1", [3, 3, 4, 8], 62)]:
        fan_in = shape[0] * shape[1] * shape[2]
        params |= {
            f"{name}.kernel": normal(*shape, seed=seed) / fan_in**0.5,
            f"{name}.bias": normal(shape[-1], seed=seed + 10) / 4,
        }
    return {**params, **dense_params([32, 3], 63)}


def models():
    x, y = surrogate_data(512)
    yield (
        ("mlp adam weight decay", "mlp", {"sizes": [10, 64, 64, 1], "activation": "relu", "loss": "mse"}),
        (mlp, mse, x, y, dense_params([10, 64, 64, 1], 10), {}, 64),
        (
            {"optimizer": "adam", "learningRate": 1e-3, "weightDecay": 1e-4},
            lambda p: torch.optim.Adam(p, 1e-3, weight_decay=1e-4, foreach=False),
        ),
    )
    yield (
        (
            "batchNorm sgd momentum",
            "batchNormNet",
            {"sizes": [10, 16, 1], "momentum": 0.1, "epsilon": EPSILON, "loss": "mse"},
        ),
        (
            batch_norm_net,
            mse,
            x[:128],
            y[:128],
            {**dense_params([10, 16, 1], 20), **norm_params(16)},
            {"norm.mean": torch.zeros(16), "norm.variance": torch.ones(16)},
            32,
        ),
        (
            {"optimizer": "sgd", "learningRate": 0.02, "momentum": 0.9},
            lambda p: torch.optim.SGD(p, 0.02, momentum=0.9, foreach=False),
        ),
    )
    points = normal(128, 6, seed=40)
    classes = (points[:, :3] * points[:, 3:]).argmax(1).int()
    yield (
        (
            "layerNorm adamw",
            "layerNormNet",
            {"sizes": [6, 24, 3], "activation": "gelu", "epsilon": EPSILON, "loss": "crossEntropy"},
        ),
        (layer_norm_net, cross_entropy, points, classes, {**dense_params([6, 24, 3], 41), **norm_params(24)}, {}, 32),
        (
            {"optimizer": "adamw", "learningRate": 5e-3, "weightDecay": 0.01},
            lambda p: torch.optim.AdamW(p, 5e-3, weight_decay=0.01, foreach=False),
        ),
    )
    images = normal(64, 8, 8, 1, seed=60)
    labels = (
        torch.stack([images[:, :4].sum((1, 2, 3)), images[:, 4:].sum((1, 2, 3)), images[:, :, :4].sum((1, 2, 3))], 1)
        .argmax(1)
        .int()
    )
    yield (
        (
            "conv adam",
            "convNet",
            {"filters": [4, 8], "kernelSize": 3, "padding": 1, "pool": 2, "classes": 3, "loss": "crossEntropy"},
        ),
        (conv_net, cross_entropy, images, labels, conv_params(), {}, 16),
        ({"optimizer": "adam", "learningRate": 0.01}, lambda p: torch.optim.Adam(p, 0.01, foreach=False)),
    )


def train(network, loss_of, x, y, initial, state, batch, optimizer_of, dtype):
    convert = lambda value: value.to(dtype) if value.is_floating_point() else value
    x, y = convert(x.float()), convert(y.float() if y.is_floating_point() else y)
    params = {key: convert(value.float()).clone().requires_grad_(True) for key, value in initial.items()}
    state = {key: convert(value.float()).clone() for key, value in state.items()}
    optimizer = optimizer_of(list(params.values()))
    losses = []
    for step in range(STEPS):
        start = step * batch % x.shape[0]
        loss = loss_of(network(x[start : start + batch], params, state), y[start : start + batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses), {key: value.detach() for key, value in params.items()}, state


def generate(source):
    cases, drift = [], {}
    for (name, operation, config), (network, loss_of, x, y, initial, state, batch), (
        settings,
        optimizer_of,
    ) in models():
        losses, params, final_state = train(network, loss_of, x, y, initial, state, batch, optimizer_of, torch.float32)
        exact, exact_params, _ = train(network, loss_of, x, y, initial, state, batch, optimizer_of, torch.float64)
        assert losses[-8:].mean() < losses[:8].mean(), f"{name} does not learn"
        drift[name] = (
            ((losses - exact) / exact).abs().max().item(),
            max(((params[key] - exact_params[key]).norm() / exact_params[key].norm()).item() for key in params),
        )
        single = lambda entries, prefix: {f"{prefix}.{key}": value.float() for key, value in entries.items()}
        inputs = {
            "x": x.float(),
            "targets": y.float() if y.is_floating_point() else y,
            **single(initial, "params"),
            **single(state, "state"),
        }
        outputs = {"losses": losses, **single(params, "final"), **single(final_state, "finalState")}
        cases.append(case(name, operation, {**config, **settings, "batchSize": batch, "steps": STEPS}, inputs, outputs))
    for name, (loss, weights) in drift.items():
        print(f"{name}: f32 from f64, relative: losses {loss:.1e}, weights {weights:.1e}")
    write("trajectories", source, cases)
