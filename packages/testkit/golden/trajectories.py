"""Four small models and their data, for fifty training steps."""

import torch
import torch.nn.functional as F

from arrays import conv, max_pool
from derive import normal
from layers import EPSILON, dense, dense_params
from training import trajectory


def surrogate_data(rows):
    """The chapter's data: y = x0^2 + x1 x2 - x3 + 0.3 noise, ten standard normal inputs."""
    x = normal(rows, 10, seed=1)
    return x, (x[:, :1] ** 2 + x[:, 1:2] * x[:, 2:3] - x[:, 3:4] + 0.3 * normal(rows, 1, seed=2)).mul(1e4).round().div(
        1e4
    )


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
        (mlp, x, y, dense_params([10, 64, 64, 1], 10), {}, 64),
        {"optimizer": "adam", "learningRate": 1e-3, "weightDecay": 1e-4},
    )
    yield (
        (
            "batchNorm sgd momentum",
            "batchNormNet",
            {"sizes": [10, 16, 1], "momentum": 0.1, "epsilon": EPSILON, "loss": "mse"},
        ),
        (
            batch_norm_net,
            x[:128],
            y[:128],
            {**dense_params([10, 16, 1], 20), **norm_params(16)},
            {"norm.mean": torch.zeros(16), "norm.variance": torch.ones(16)},
            32,
        ),
        {"optimizer": "sgd", "learningRate": 0.02, "momentum": 0.9},
    )
    points = normal(128, 6, seed=40)
    classes = (points[:, :3] * points[:, 3:]).argmax(1).int()
    yield (
        (
            "layerNorm adamw",
            "layerNormNet",
            {"sizes": [6, 24, 3], "activation": "gelu", "epsilon": EPSILON, "loss": "crossEntropy"},
        ),
        (layer_norm_net, points, classes, {**dense_params([6, 24, 3], 41), **norm_params(24)}, {}, 32),
        {"optimizer": "adamw", "learningRate": 5e-3, "weightDecay": 0.01},
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
        (conv_net, images, labels, conv_params(), {}, 16),
        {"optimizer": "adam", "learningRate": 0.01},
    )


def cases():
    made = [
        trajectory(name, operation, {**config, **settings, "batchSize": batch}, network, x, y, params, state)
        for (name, operation, config), (network, x, y, params, state, batch), settings in models()
    ]
    return made


FILES = {"trajectories": cases}
