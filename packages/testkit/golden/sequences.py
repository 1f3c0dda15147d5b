"""Recurrent layers, causal convolution and embedding by torch's modules, and fifty training steps of three networks."""

import torch
import torch.nn.functional as F
from torch.func import functional_call

from derive import gradients_of, normal
from layers import dense
from schema import case, write
from trajectories import STEPS, train

GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def names(config):
    """The passes of a layer with torch's suffixes."""
    for i in range(config.get("layers", 1)):
        yield f"layer{i}", f"l{i}"
        if config.get("bidirectional"):
            yield f"layer{i}Reverse", f"l{i}_reverse"


def shapes(kind, features, config):
    size, gates = config["hiddenSize"], GATES[kind]
    found = {}
    for name, _ in names(config):
        inputs = features if name.startswith("layer0") else size * (2 if config.get("bidirectional") else 1)
        found |= {
            f"{name}.kernel": [inputs, gates * size],
            f"{name}.recurrentKernel": [size, gates * size],
            f"{name}.bias": [gates * size],
        }
        if kind == "gru":
            found[f"{name}.recurrentBias"] = [size]
    return found


def recurrent(kind, config, x, p, lengths=None):
    """torch's module with the given weights; its second bias is zero but for the GRU's new gate."""
    size = config["hiddenSize"]
    options = {"nonlinearity": config["activation"]} if "activation" in config else {}
    module = getattr(torch.nn, kind.upper())(
        x.shape[2], size, config.get("layers", 1), batch_first=True, bidirectional=config.get("bidirectional", False), **options
    ).to(x.dtype)
    weights = {}
    for name, suffix in names(config):
        weights[f"weight_ih_{suffix}"] = p[f"{name}.kernel"].T
        weights[f"weight_hh_{suffix}"] = p[f"{name}.recurrentKernel"].T
        weights[f"bias_ih_{suffix}"] = p[f"{name}.bias"]
        zero = torch.zeros_like(p[f"{name}.bias"])
        weights[f"bias_hh_{suffix}"] = (
            torch.cat([zero[: 2 * size], p[f"{name}.recurrentBias"]]) if kind == "gru" else zero
        )
    given = x
    if lengths is not None:
        given = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    outputs, states = functional_call(module, weights, (given,))
    if lengths is not None:
        outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(outputs, batch_first=True, total_length=x.shape[1])
    hidden = states[0] if kind == "lstm" else states
    if config.get("returns") == "last":
        last = hidden[-2:] if config.get("bidirectional") else hidden[-1:]
        return torch.cat(list(last), 1)
    return outputs


def layer_case(name, operation, config, fn, shape, seed, params, lengths=None):
    x = normal(*shape, seed=seed)
    params = {f"params.{path}": normal(*size, seed=seed + 100 + i) / 2 for i, (path, size) in enumerate(params.items())}
    call = lambda x, **rest: fn(x, {key.removeprefix("params."): value for key, value in rest.items()})
    cotangent = normal(*call(x, **params).shape, seed=seed + 50)
    groups = gradients_of(call, {"x": x, **params}, ["x", *params], cotangent)
    if lengths is not None:
        groups["inputs"]["extras.lengths"] = torch.tensor(lengths, dtype=torch.int32)
    return case(name, operation, config, **groups)


def recurrent_cases():
    specs = [
        ("rnn", "rnn", {"hiddenSize": 3}, [2, 4, 2], None),
        ("rnn relu two layers", "rnn", {"hiddenSize": 3, "layers": 2, "activation": "relu"}, [2, 4, 2], None),
        ("lstm", "lstm", {"hiddenSize": 3}, [2, 4, 2], None),
        ("lstm last", "lstm", {"hiddenSize": 3, "returns": "last"}, [2, 4, 2], None),
        ("lstm lengths", "lstm", {"hiddenSize": 2, "layers": 2}, [3, 5, 2], [5, 1, 3]),
        ("lstm bidirectional", "lstm", {"hiddenSize": 2, "layers": 2, "bidirectional": True}, [3, 4, 2], [4, 2, 3]),
        ("lstm bidirectional last", "lstm", {"hiddenSize": 2, "bidirectional": True, "returns": "last"}, [3, 4, 2], [1, 4, 3]),
        ("gru", "gru", {"hiddenSize": 3}, [2, 4, 2], None),
        ("gru bidirectional lengths", "gru", {"hiddenSize": 2, "bidirectional": True}, [3, 4, 2], [2, 4, 1]),
        ("gru two layers last", "gru", {"hiddenSize": 2, "layers": 2, "returns": "last"}, [3, 4, 2], [2, 4, 1]),
    ]
    for seed, (name, kind, config, shape, lengths) in enumerate(specs):
        fn = lambda x, p, kind=kind, config=config, lengths=lengths: recurrent(kind, config, x, p, lengths)
        yield layer_case(name, kind, config, fn, shape, 700 + seed, shapes(kind, shape[2], config), lengths)


def causal(x, kernel, bias, dilation):
    reach = dilation * (kernel.shape[0] - 1)
    x = F.pad(x.movedim(-1, 1), [reach, 0])
    return F.conv1d(x, kernel.permute(2, 1, 0), bias, dilation=dilation).movedim(1, -1)


def tcn(x, p, dilation, prefix=""):
    at = lambda name: p[f"{prefix}{name}"]
    inner = torch.relu(causal(x, at("conv1.kernel"), at("conv1.bias"), dilation))
    inner = torch.relu(causal(inner, at("conv2.kernel"), at("conv2.bias"), dilation))
    if f"{prefix}shortcut.kernel" in p:
        x = causal(x, at("shortcut.kernel"), at("shortcut.bias"), 1)
    return torch.relu(inner + x)


def tcn_shapes(channels, filters, size, prefix=""):
    found = {
        "conv1.kernel": [size, channels, filters],
        "conv1.bias": [filters],
        "conv2.kernel": [size, filters, filters],
        "conv2.bias": [filters],
    }
    if channels != filters:
        found |= {"shortcut.kernel": [1, channels, filters], "shortcut.bias": [filters]}
    return {prefix + name: shape for name, shape in found.items()}


def other_cases():
    fn = lambda x, p: causal(x, p["kernel"], p["bias"], 2)
    config = {"filters": 3, "kernelSize": 3, "dilation": 2}
    yield layer_case("causalConv1d", "causalConv1d", config, fn, [2, 6, 2], 720, {"kernel": [3, 2, 3], "bias": [3]})
    config = {"filters": 3, "kernelSize": 2, "dilation": 2}
    yield layer_case("tcnBlock", "tcnBlock", config, lambda x, p: tcn(x, p, 2), [2, 5, 2], 721, tcn_shapes(2, 3, 2))
    same = lambda x, p: tcn(x, p, 1)
    yield layer_case("tcnBlock same channels", "tcnBlock", {"filters": 2, "kernelSize": 2}, same, [2, 4, 2], 722, tcn_shapes(2, 2, 2))
    symbols = torch.tensor([[0, 3, 1], [2, 2, 0]], dtype=torch.int32)
    look_up = lambda **given: F.embedding(symbols.long(), given["params.table"])
    table = normal(4, 2, seed=723)
    groups = gradients_of(look_up, {"params.table": table}, ["params.table"], normal(2, 3, 2, seed=724))
    groups["inputs"]["symbols"] = symbols
    yield case("embedding", "embedding", {"symbols": 4, "size": 2}, **groups)
    # F.embedding gives the stored row for the padding symbol, which torch keeps at zero: so is the first row here.
    padded = lambda **given: F.embedding(symbols.long(), given["params.table"] * (torch.arange(4) != 0)[:, None])
    groups = gradients_of(padded, {"params.table": table}, ["params.table"], normal(2, 3, 2, seed=725))
    groups["inputs"]["symbols"] = symbols
    yield case("embedding padding", "embedding", {"symbols": 4, "size": 2, "paddingIndex": 0}, **groups)


def networks():
    x = normal(48, 7, 2, seed=740)
    y = (x.cumsum(1)[:, -1:, 0] / 2 + x[:, 3:4, 1]).mul(1e4).round().div(1e4)
    config = {"hiddenSize": 5, "layers": 2, "bidirectional": True, "returns": "last"}
    for name, kind, optimizer in [("lstm adam", "lstm", "adam"), ("gru sgd", "gru", "sgd"), ("rnn adam", "rnn", "adam")]:
        own = config if kind == "lstm" else {"hiddenSize": 6, "returns": "last"}
        width = 10 if kind == "lstm" else 6
        network = lambda x, p, state, kind=kind, own=own: dense(
            recurrent(kind, own, x, {k[2:]: v for k, v in p.items() if k.startswith("0.")}), p["1.kernel"], p["1.bias"]
        )
        params = {f"0.{path}": shape for path, shape in shapes(kind, 2, own).items()}
        yield name, kind, own, network, x, y, {**params, "1.kernel": [width, 1], "1.bias": [1]}, optimizer
    network = lambda x, p, state: dense(tcn(tcn(x, p, 1, "0."), p, 2, "1.")[:, -1], p["3.kernel"], p["3.bias"])
    params = {**tcn_shapes(2, 4, 2, "0."), **tcn_shapes(4, 4, 2, "1."), "3.kernel": [4, 1], "3.bias": [1]}
    yield "tcn adam", "tcn", {"filters": 4, "kernelSize": 2}, network, x, y, params, "adam"


def trajectory_cases():
    optimizers = {
        "sgd": lambda p: torch.optim.SGD(p, 0.02, momentum=0.9, foreach=False),
        "adam": lambda p: torch.optim.Adam(p, 0.01, foreach=False),
    }
    rates = {"sgd": {"optimizer": "sgd", "learningRate": 0.02, "momentum": 0.9}, "adam": {"optimizer": "adam", "learningRate": 0.01}}
    for seed, (name, operation, config, network, x, y, given, optimizer) in enumerate(networks()):
        params = {path: normal(*shape, seed=760 + 30 * seed + i) / 2 for i, (path, shape) in enumerate(given.items())}
        run = lambda dtype: train(network, F.mse_loss, x, y, params, {}, 16, optimizers[optimizer], dtype)
        losses, final, _ = run(torch.float32)
        exact = run(torch.float64)[0]
        assert losses[-3:].mean() < losses[:3].mean(), f"{name} does not learn"
        print(f"{name}: f32 from f64, relative: losses {((losses - exact) / exact).abs().max().item():.1e}")
        single = lambda entries, prefix: {f"{prefix}.{key}": value.float() for key, value in entries.items()}
        settings = {**config, **rates[optimizer], "loss": "mse", "batchSize": 16, "steps": STEPS}
        inputs = {"x": x.float(), "targets": y.float(), **single(params, "params")}
        yield case(name, operation, settings, inputs, {"losses": losses, **single(final, "final")})


def generate(source):
    write("sequences", source, [*recurrent_cases(), *other_cases()])
    write("sequences-trajectories", source, list(trajectory_cases()))
