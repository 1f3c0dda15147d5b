"""Recurrent layers, causal convolution and embedding: torch's modules, with their weights in Hooke's layout."""

import torch
import torch.nn.functional as F
from torch.func import functional_call

from derive import gradients_of, normal
from layers import dense
from schema import case

GATES = {"rnn": 1, "lstm": 4, "gru": 3}
STATES = {"rnn": ["hidden"], "lstm": ["hidden", "cell"], "gru": ["hidden"]}


def under(prefix, shapes):
    return {f"{prefix}.{path}": shape for path, shape in shapes.items()}


def part(params, prefix):
    return {path.removeprefix(f"{prefix}."): value for path, value in params.items() if path.startswith(f"{prefix}.")}


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
        if kind == "gru" and config.get("resetGate") != "beforeProduct":
            found[f"{name}.recurrentBias"] = [size]
    return found


def passes(kind, config, x, p, lengths=None, start=None):
    """
    Outputs and final states by torch's module with the given weights; its second bias is zero but for the GRU's new
    gate. Initial and final states are by path: `layer0.hidden`, `layer0.cell`, ...
    """
    if config.get("resetGate") == "beforeProduct":
        return gru_passes(config, x, p, lengths, start)
    size = config["hiddenSize"]
    options = {"bidirectional": config.get("bidirectional", False), "batch_first": True, "dtype": x.dtype}
    if "activation" in config:
        options["nonlinearity"] = config["activation"]
    module = getattr(torch.nn, kind.upper())(x.shape[2], size, config.get("layers", 1), **options)
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
    kinds = STATES[kind]
    initial = None
    if start is not None:
        stacked = [torch.stack([start[f"{name}.{state}"] for name, _ in names(config)]) for state in kinds]
        initial = tuple(stacked) if kind == "lstm" else stacked[0]
    outputs, states = functional_call(module, weights, (given, initial))
    if lengths is not None:
        outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(outputs, batch_first=True, total_length=x.shape[1])
    found = dict(zip(kinds, states if kind == "lstm" else [states]))
    return outputs, {f"{name}.{state}": found[state][i] for i, (name, _) in enumerate(names(config)) for state in kinds}


def gru_step(x, hidden, p, before):
    """One step of Keras's GRU (reset_after=False and True; ONNX: linear_before_reset 0 and 1), gates in torch's order."""
    size = hidden.shape[1]
    inputs = (x @ p["kernel"] + p["bias"]).split(size, 1)
    kernels = p["recurrentKernel"].split(size, 1)
    reset, update = (torch.sigmoid(inputs[i] + hidden @ kernels[i]) for i in [0, 1])
    product = (reset * hidden) @ kernels[2] if before else reset * (hidden @ kernels[2] + p["recurrentBias"])
    return update * hidden + (1 - update) * torch.tanh(inputs[2] + product)


def gru_passes(config, x, p, lengths=None, start=None):
    """What `passes` gives, step by step, for the reset gate that torch has not."""
    value, states = x, {}
    counts = torch.tensor(lengths or [x.shape[1]] * x.shape[0])
    for i in range(config.get("layers", 1)):
        outputs = []
        for name in [name for name, _ in names(config) if name.removesuffix("Reverse") == f"layer{i}"]:
            own, reverse = part(p, name), name.endswith("Reverse")
            hidden = torch.zeros(x.shape[0], config["hiddenSize"], dtype=x.dtype)
            hidden = start[f"{name}.hidden"] if start else hidden
            steps = [None] * x.shape[1]
            for t in reversed(range(x.shape[1])) if reverse else range(x.shape[1]):
                valid = (t < counts)[:, None]
                moved = gru_step(value[:, t], hidden, own, config.get("resetGate") == "beforeProduct")
                steps[t], hidden = torch.where(valid, moved, 0), torch.where(valid, moved, hidden)
            outputs.append(torch.stack(steps, 1))
            states[f"{name}.hidden"] = hidden
        value = torch.cat(outputs, 2)
    return value, states


def check_gru():
    """With the reset gate after the product the steps are torch's module."""
    config, lengths = {"hiddenSize": 2, "layers": 2, "bidirectional": True}, [4, 1, 3]
    p = {path: normal(*size, seed=60 + i) for i, (path, size) in enumerate(shapes("gru", 3, config).items())}
    start = {f"{name}.hidden": normal(3, 2, seed=90 + i) for i, (name, _) in enumerate(names(config))}
    x = normal(3, 4, 3, seed=95)
    outputs, states = passes("gru", config, x, p, lengths, start)
    own, own_states = gru_passes(config, x, p, lengths, start)
    assert torch.allclose(outputs, own, rtol=1e-14, atol=1e-15)
    assert all(torch.allclose(states[path], own_states[path], rtol=1e-14, atol=1e-15) for path in states)


def recurrent(kind, config, x, p, lengths=None):
    outputs, states = passes(kind, config, x, p, lengths)
    if config.get("returns") == "last":
        last = [name for name, _ in names(config)][-2 if config.get("bidirectional") else -1 :]
        return torch.cat([states[f"{name}.hidden"] for name in last], 1)
    return outputs


def layer_case(name, operation, config, fn, shape, seed, params, lengths=None, carry=None):
    x = normal(*shape, seed=seed)
    params = {f"params.{path}": normal(*size, seed=seed + 100 + i) / 2 for i, (path, size) in enumerate(params.items())}
    params |= carry or {}
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
        ("gru reset before", "gru", {"hiddenSize": 3, "resetGate": "beforeProduct"}, [2, 4, 2], None),
        (
            "gru reset before, both ways, last",
            "gru",
            {"hiddenSize": 2, "resetGate": "beforeProduct", "bidirectional": True, "returns": "last"},
            [3, 4, 2],
            [2, 4, 1],
        ),
    ]
    check_gru()
    for seed, (name, kind, config, shape, lengths) in enumerate(specs):
        fn = lambda x, p, kind=kind, config=config, lengths=lengths: recurrent(kind, config, x, p, lengths)
        yield layer_case(name, kind, config, fn, shape, 700 + seed, shapes(kind, shape[2], config), lengths)


def state_cases():
    """Initial states in, outputs and final states out, one after another in a vector, in order of their paths."""
    specs = [
        ("rnn states", "rnn", {"hiddenSize": 2, "layers": 2}, None),
        ("rnn states both ways", "rnn", {"hiddenSize": 2, "bidirectional": True, "activation": "relu"}, [2, 4, 1]),
        ("gru states", "gru", {"hiddenSize": 2, "layers": 2}, [4, 1, 3]),
        ("gru states bidirectional", "gru", {"hiddenSize": 2, "bidirectional": True}, None),
        ("lstm states", "lstm", {"hiddenSize": 2, "layers": 2}, None),
        ("lstm states bidirectional lengths", "lstm", {"hiddenSize": 2, "layers": 2, "bidirectional": True}, [3, 4, 1]),
        ("gru states, reset before", "gru", {"hiddenSize": 2, "layers": 2, "resetGate": "beforeProduct"}, [4, 1, 3]),
    ]
    for seed, (name, kind, config, lengths) in enumerate(specs):
        paths = enumerate(f"{name}.{state}" for name, _ in names(config) for state in STATES[kind])
        given = {f"carry.{path}": normal(3, config["hiddenSize"], seed=880 + 10 * seed + i) for i, path in paths}

        def fn(x, p, kind=kind, config=config, lengths=lengths):
            outputs, states = passes(kind, config, x, p, lengths, part(p, "carry"))
            return torch.cat([outputs.flatten(), *(states[path].flatten() for path in sorted(states))])

        yield layer_case(name, kind, config, fn, [3, 4, 2], 850 + seed, shapes(kind, 2, config), lengths, given)


def crack_growth(config, x, p, lengths=None):
    last = recurrent("lstm", {**config, "returns": "last"}, x, part(p, "lstm"), lengths)
    return dense(last, p["head.kernel"], p["head.bias"])


def crack_growth_shapes(features, config):
    head = {"head.kernel": [config["hiddenSize"], config["outputs"]], "head.bias": [config["outputs"]]}
    return {**under("lstm", shapes("lstm", features, config)), **head}


def crack_growth_cases():
    specs = [
        ("crackGrowthLSTM", {"dropout": 0, "outputs": 2}, [4, 1, 3]),
        ("crackGrowthLSTM with dropout in inference", {"dropout": 0.2, "outputs": 1}, None),
    ]
    for seed, (name, own, lengths) in enumerate(specs):
        config = {"hiddenSize": 2, "layers": 2, **own}
        fn = lambda x, p, config=config, lengths=lengths: crack_growth(config, x, p, lengths)
        yield layer_case(
            name, "crackGrowthLSTM", config, fn, [3, 4, 2], 870 + seed, crack_growth_shapes(2, config), lengths
        )


def causal(x, kernel, bias, dilation):
    reach = dilation * (kernel.shape[0] - 1)
    x = F.pad(x.movedim(-1, 1), [reach, 0])
    return F.conv1d(x, kernel.permute(2, 1, 0), bias, dilation=dilation).movedim(1, -1)


def tcn(x, p, dilation):
    inner = torch.relu(causal(x, p["conv1.kernel"], p["conv1.bias"], dilation))
    inner = torch.relu(causal(inner, p["conv2.kernel"], p["conv2.bias"], dilation))
    if "shortcut.kernel" in p:
        x = causal(x, p["shortcut.kernel"], p["shortcut.bias"], 1)
    return torch.relu(inner + x)


def tcn_shapes(channels, filters, size):
    found = {
        "conv1.kernel": [size, channels, filters],
        "conv1.bias": [filters],
        "conv2.kernel": [size, filters, filters],
        "conv2.bias": [filters],
    }
    if channels != filters:
        found |= {"shortcut.kernel": [1, channels, filters], "shortcut.bias": [filters]}
    return found


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
    groups["inputs"]["x"] = symbols
    yield case("embedding", "embedding", {"symbols": 4, "size": 2}, **groups)
    # F.embedding gives the stored row for the padding symbol, which torch keeps at zero: so is the first row here.
    padded = lambda **given: F.embedding(symbols.long(), given["params.table"] * (torch.arange(4) != 0)[:, None])
    groups = gradients_of(padded, {"params.table": table}, ["params.table"], normal(2, 3, 2, seed=725))
    groups["inputs"]["x"] = symbols
    yield case("embedding padding", "embedding", {"symbols": 4, "size": 2, "paddingIndex": 0}, **groups)
