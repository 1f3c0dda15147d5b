"""Fifty training steps of networks of recurrent layers, causal convolutions and an embedding."""

import torch
import torch.nn.functional as F

from derive import normal
from layers import dense
from sequences_layers import (
    causal,
    crack_growth,
    crack_growth_shapes,
    part,
    recurrent,
    shapes,
    tcn,
    tcn_shapes,
    under,
)
from training import trajectory


def networks():
    """Name, operation, its config, network, shapes of the parameters, inputs, extras and optimizer."""
    loads = normal(48, 7, 2, seed=740)
    lengths = torch.arange(48, dtype=torch.int32) % 7 + 1
    symbols = torch.arange(48 * 5).mul(7).remainder(11).remainder(4).reshape(48, 5).int()
    sgd = {"optimizer": "sgd", "learningRate": 0.02, "momentum": 0.9}
    adam = {"optimizer": "adam", "learningRate": 0.01}

    def head(width, at=1):
        return {f"{at}.kernel": [width, 1], f"{at}.bias": [1]}

    def read_out(x, p, at=1):
        return dense(x, p[f"{at}.kernel"], p[f"{at}.bias"])

    both = {"hiddenSize": 5, "layers": 2, "bidirectional": True, "returns": "last"}
    one = {"hiddenSize": 6, "returns": "last"}
    for name, kind, config, width, settings in [
        ("lstm adam", "lstm", both, 10, adam),
        ("gru sgd", "gru", one, 6, sgd),
        ("rnn adam", "rnn", one, 6, adam),
    ]:
        network = lambda x, p, state, kind=kind, config=config: read_out(recurrent(kind, config, x, part(p, "0")), p)
        yield name, kind, config, network, {**under("0", shapes(kind, 2, config)), **head(width)}, loads, {}, settings

    network = lambda x, p, state: read_out(tcn(tcn(x, part(p, "0"), 1), part(p, "1"), 2)[:, -1], p, 3)
    blocks = {**under("0", tcn_shapes(2, 4, 2)), **under("1", tcn_shapes(4, 4, 2))}
    yield "tcn adam", "tcn", {"filters": 4, "kernelSize": 2}, network, {**blocks, **head(4, 3)}, loads, {}, adam

    def causal_lengths(x, p, state, lengths):
        hidden = causal(torch.relu(causal(x, p["0.kernel"], p["0.bias"], 2)), p["2.kernel"], p["2.bias"], 1)
        return read_out(hidden[torch.arange(x.shape[0]), lengths - 1], p, 4)

    kernels = {"0.kernel": [3, 2, 4], "0.bias": [4], "2.kernel": [2, 4, 4], "2.bias": [4]}
    config = {"filters": 4, "kernelSizes": [3, 2], "dilations": [2, 1]}
    params = {**kernels, **head(4, 4)}
    yield "causalConv1d lengths sgd", "causalConvs", config, causal_lengths, params, loads, {"lengths": lengths}, sgd

    def embedded_gru(x, p, state):
        return read_out(recurrent("gru", gru, F.embedding(x, p["0.table"]), part(p, "1")), p, 2)

    gru = {"hiddenSize": 5, "returns": "last"}
    config = {"symbols": 4, "size": 3, **gru}
    params = {"0.table": [4, 3], **under("1", shapes("gru", 3, gru)), **head(5, 2)}
    yield "embedding gru adam", "embeddedGru", config, embedded_gru, params, symbols, {}, adam

    config = {"hiddenSize": 4, "layers": 2, "dropout": 0, "outputs": 1}
    network = lambda x, p, state, lengths: crack_growth(config, x, p, lengths)
    params = crack_growth_shapes(2, config)
    yield "crackGrowthLSTM lengths adam", "crackGrowthLSTM", config, network, params, loads, {"lengths": lengths}, adam


def targets_of(x, lengths=None):
    """Something that depends on all valid steps."""
    if not x.is_floating_point():
        return ((x == 1).sum(1, keepdim=True) - (x[:, -1:] == 2).int()).double() / 2
    if lengths is None:
        return (x.cumsum(1)[:, -1:, 0] / 2 + x[:, 3:4, 1]).mul(1e4).round().div(1e4)
    sums = x.cumsum(1)[torch.arange(x.shape[0]), lengths - 1]
    return (sums[:, :1] / 2 - sums[:, 1:] / 4).mul(1e4).round().div(1e4)


def trajectory_cases():
    for seed, (name, operation, config, network, shapes, x, extras, settings) in enumerate(networks()):
        params = {path: normal(*shape, seed=760 + 30 * seed + i) / 2 for i, (path, shape) in enumerate(shapes.items())}
        settings = {**config, **settings, "loss": "mse", "batchSize": 16}
        yield trajectory(name, operation, settings, network, x, targets_of(x, **extras), params, extras=extras)
