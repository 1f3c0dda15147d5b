"""Layers of graph networks in plain PyTorch, with `index_add` at the receivers of edges. Weights are Hooke's: dense kernels `[in, out]`."""

import math

import torch
import torch.nn.functional as F

from derive import gradients_of, normal
from schema import case

# Two graphs of 4 and 3 nodes; -1 pads. The last edge of each leads from or to a node that the second graph does not have, or is none.
LENGTHS = [4, 3]
SENDERS = [[0, 1, 1, 2, 3, 0], [0, 2, 2, 1, 3, -1]]
RECEIVERS = [[1, 0, 2, 1, 0, 3], [2, 0, 1, 2, 0, -1]]
REVERSE = [[1, 0, 3, 2, 5, 4], [1, 0, 3, 2, -1, -1]]


def dense(x, p, name):
    y = x @ p[f"{name}.kernel"]
    return y + p[f"{name}.bias"] if f"{name}.bias" in p else y


class Graphs:
    """The edges that there are, as places among all nodes of all rows, and which edges they are among those of all rows."""

    def __init__(self, nodes):
        places = []
        for row, length in enumerate(LENGTHS):
            for edge, (s, r) in enumerate(zip(SENDERS[row], RECEIVERS[row])):
                if 0 <= s < length and 0 <= r < length:
                    places.append((row * nodes + s, row * nodes + r, row * len(SENDERS[row]) + edge))
        self.senders, self.receivers, self.edges = (torch.tensor(column) for column in zip(*places))
        self.count = len(LENGTHS) * nodes

    def total(self, messages):
        return torch.zeros(self.count, *messages.shape[1:], dtype=messages.dtype).index_add(0, self.receivers, messages)


def flat(x):
    return x.reshape(-1, *x.shape[2:])


def graph_conv(config, x, p, **_):
    graph, h = Graphs(x.shape[1]), flat(x) @ p["kernel"]
    degrees = graph.total(torch.ones(len(graph.senders), 1, dtype=x.dtype)) + 1
    sent = h[graph.senders] / (degrees[graph.senders] * degrees[graph.receivers]).sqrt()
    return graph.total(sent) + h / degrees + p["bias"]


def isomorphism_conv(config, x, p, edges=None):
    graph, h = Graphs(x.shape[1]), flat(x)
    sent = h[graph.senders]
    if edges is not None:
        sent = F.relu(sent + dense(flat(edges)[graph.edges], p, "edge"))
    return dense(F.relu(dense((1 + p["epsilon"]) * h + graph.total(sent), p, "network.0")), p, "network.1")


def graph_attention(config, x, p, edges=None):
    graph, heads = Graphs(x.shape[1]), config["heads"]
    h = (flat(x) @ p["kernel"]).reshape(graph.count, heads, -1)
    sending, receiving = (h * p["sender"]).sum(2), (h * p["receiver"]).sum(2)
    scores = sending[graph.senders] + receiving[graph.receivers]
    if edges is not None:
        scores = scores + dense(flat(edges)[graph.edges], p, "edge")
    slope = config.get("negativeSlope", 0.2)
    weights, own = (torch.exp(F.leaky_relu(score, slope)) for score in [scores, sending + receiving])
    sums = graph.total(weights[:, :, None] * h[graph.senders]) + own[:, :, None] * h
    return (sums / (graph.total(weights) + own)[:, :, None]).reshape(graph.count, -1) + p["bias"]


def directed_messages(config, x, p, edges):
    graph, h = Graphs(x.shape[1]), flat(x)
    place = {int(edge): at for at, edge in enumerate(graph.edges)}
    per_row = len(SENDERS[0])
    back = [place.get(int(e) // per_row * per_row + REVERSE[int(e) // per_row][int(e) % per_row]) for e in graph.edges]
    first = torch.cat([h[graph.senders], flat(edges)[graph.edges]], 1) @ p["start.kernel"]
    messages = torch.tanh(first)
    for _ in range(1, config["steps"]):
        reverse = torch.stack([messages[at] for at in back])
        messages = torch.tanh(first + (graph.total(messages)[graph.senders] - reverse) @ p["message.kernel"])
    return torch.tanh(dense(torch.cat([h, graph.total(messages)], 1), p, "end"))


def crystal_conv(config, x, p, edges):
    graph, h = Graphs(x.shape[1]), flat(x)
    z = torch.cat([h[graph.receivers], h[graph.senders], flat(edges)[graph.edges]], 1)
    return h + graph.total(torch.sigmoid(dense(z, p, "gate")) * F.softplus(dense(z, p, "core")))


def vectors(graph, positions, shifts):
    places = flat(positions)
    between = places[graph.senders] - places[graph.receivers]
    return between if shifts is None else between + flat(shifts)[graph.edges]


def ending(distances, cutoff):
    return torch.where(distances < cutoff, (torch.cos(math.pi * distances / cutoff) + 1) / 2, 0)


def schnet_block(config, x, p, positions, shifts=None):
    graph, h, cutoff, count = Graphs(x.shape[1]), flat(x), config["cutoff"], config["basis"]
    distances = vectors(graph, positions, shifts).norm(dim=1, keepdim=True)
    centres = torch.linspace(0, cutoff, count, dtype=x.dtype)
    functions = torch.exp(-((distances - centres) ** 2) / (2 * (cutoff / (count - 1)) ** 2))
    shifted = lambda v: F.softplus(v) - math.log(2)
    filters = dense(shifted(dense(functions, p, "filter1")), p, "filter2") * ending(distances, cutoff)
    received = graph.total(dense(h, p, "before")[graph.senders] * filters)
    return h + dense(shifted(dense(received, p, "after1")), p, "after2")


def egnn_block(config, x, p, edges):
    graph, units = Graphs(x.shape[1]), config["units"]
    h, places = flat(x)[:, :units], flat(x)[:, units:]
    between = places[graph.senders] - places[graph.receivers]
    squared = (between**2).sum(1, keepdim=True)
    seen = torch.cat([h[graph.receivers], h[graph.senders], squared, flat(edges)[graph.edges]], 1)
    messages = F.silu(dense(F.silu(dense(seen, p, "message1")), p, "message2"))
    moves = graph.total(between * dense(F.silu(dense(messages, p, "move1")), p, "move2"))
    counts = graph.total(torch.ones(len(graph.senders), 1, dtype=x.dtype)).clamp(min=1)
    changed = h + dense(F.silu(dense(torch.cat([h, graph.total(messages)], 1), p, "node1")), p, "node2")
    return torch.cat([changed, places + moves / counts], 1)


def painn_block(config, x, p, positions, shifts=None):
    graph, units, cutoff = Graphs(x.shape[1]), config["units"], config["cutoff"]
    s, v = flat(x)[:, :units], flat(x)[:, units:].reshape(-1, 3, units)
    between = vectors(graph, positions, shifts)
    distances = between.norm(dim=1, keepdim=True)
    waves = torch.arange(1, config["basis"] + 1, dtype=x.dtype) * math.pi / cutoff
    filters = dense(torch.sin(waves * distances) / distances, p, "filter") * ending(distances, cutoff)
    sent = dense(F.silu(dense(s, p, "message1")), p, "message2")[graph.senders] * filters
    of_scalars, of_vectors, of_directions = sent.split(units, 1)
    directions = (between / distances)[:, :, None]
    s = s + graph.total(of_scalars)
    v = v + graph.total(v[graph.senders] * of_vectors[:, None] + directions * of_directions[:, None])
    left, right = v @ p["left.kernel"], v @ p["right.kernel"]
    lengths = ((right**2).sum(1) + 1e-8).sqrt()
    update = dense(F.silu(dense(torch.cat([s, lengths], 1), p, "update1")), p, "update2")
    by_product, alone, by_vectors = update.split(units, 1)
    s = s + (left * right).sum(1) * by_product + alone
    v = v + left * by_vectors[:, None]
    return torch.cat([s, v.reshape(-1, 3 * units)], 1)


def readout(config, x, p, **_):
    rows = [x[row, :length] for row, length in enumerate(LENGTHS)]
    kind = config["kind"]
    if kind == "attentive":
        return torch.stack([(torch.softmax(dense(h, p, "score"), 0) * h).sum(0) for h in rows])
    return torch.stack([{"sum": h.sum, "mean": h.mean, "max": h.amax}[kind](0) for h in rows])


def gated(x, state, p):
    """PyTorch's own cell, with these weights."""
    transposed = [p[f"{name}.kernel"].T for name in ["updateInput", "updateState"]]
    return torch.nn.functional.relu(torch.gru_cell(x, state, *transposed, p["updateInput.bias"], p["updateState.bias"]))


def softmax_by(scores, groups, count):
    shares = torch.exp(scores)
    totals = torch.zeros(count, 1, dtype=scores.dtype).index_add(0, groups, shares)
    return shares / totals[groups]


def attentive_block(config, x, p, edges=None):
    graph, h = Graphs(x.shape[1]), flat(x)
    sent = h[graph.senders]
    if config.get("edges"):
        told = sent if edges is None else torch.cat([sent, flat(edges)[graph.edges]], 1)
        sent = F.leaky_relu(dense(told, p, "message"))
    scores = F.leaky_relu(dense(torch.cat([h[graph.receivers], sent], 1), p, "align"))
    weights = softmax_by(scores, graph.receivers, graph.count)
    return gated(F.elu(graph.total(dense(sent, p, "attend") * weights)), h, p)


def attentive_readout(config, x, p, **_):
    graphs = []
    for row, length in enumerate(LENGTHS):
        h = x[row, :length]
        g = F.relu(h.sum(0, keepdim=True))
        for _ in range(config["steps"]):
            weights = torch.softmax(F.leaky_relu(dense(torch.cat([g.expand_as(h), h], 1), p, "align")), 0)
            g = gated(F.elu((weights * dense(h, p, "attend")).sum(0, keepdim=True)), g, p)
        graphs.append(g)
    return torch.cat(graphs)


def shapes_of(operation, config, features, edge_features):
    units, basis = config.get("units"), config.get("basis")
    layer = lambda name, inputs, outputs, bias=True: {f"{name}.kernel": [inputs, outputs]} | (
        {f"{name}.bias": [outputs]} if bias else {}
    )
    d = edge_features or 0
    if operation == "graphConv":
        return {"kernel": [features, units], "bias": [units]}
    if operation == "isomorphismConv":
        own = {"epsilon": [1]} | layer("network.0", features, config["hiddenSize"]) | layer("network.1", config["hiddenSize"], units)
        return own | (layer("edge", d, units) if d else {})
    if operation == "graphAttention":
        heads = config["heads"]
        vector = [heads, units // heads]
        own = {"kernel": [features, units], "sender": vector, "receiver": vector, "bias": [units]}
        return own | (layer("edge", d, heads, False) if d else {})
    if operation == "directedMessages":
        return layer("start", features + d, units, False) | layer("message", units, units, False) | layer("end", features + units, units)
    if operation == "crystalConv":
        return layer("gate", 2 * units + d, units) | layer("core", 2 * units + d, units)
    if operation == "schnetBlock":
        own = layer("filter1", basis, units) | layer("filter2", units, units) | layer("before", units, units, False)
        return own | layer("after1", units, units) | layer("after2", units, units)
    if operation == "egnnBlock":
        own = layer("message1", 2 * units + 1 + d, units) | layer("message2", units, units) | layer("move1", units, units)
        return own | layer("move2", units, 1, False) | layer("node1", 2 * units, units) | layer("node2", units, units)
    if operation == "painnBlock":
        own = layer("filter", basis, 3 * units) | layer("message1", units, units) | layer("message2", units, 3 * units)
        own |= layer("left", units, units, False) | layer("right", units, units, False)
        return own | layer("update1", 2 * units, units) | layer("update2", units, 3 * units)
    if operation.startswith("attentive"):
        own = layer("message", units + d, units) if config.get("edges") else {}
        own |= layer("align", 2 * units, 1) | layer("attend", units, units)
        return own | layer("updateInput", units, 3 * units) | layer("updateState", units, 3 * units)
    return layer("score", features, 1) if config["kind"] == "attentive" else {}


LAYERS = {
    "graphConv": graph_conv,
    "isomorphismConv": isomorphism_conv,
    "graphAttention": graph_attention,
    "directedMessages": directed_messages,
    "crystalConv": crystal_conv,
    "schnetBlock": schnet_block,
    "egnnBlock": egnn_block,
    "painnBlock": painn_block,
    "readout": readout,
    "attentiveBlock": attentive_block,
    "attentiveReadout": attentive_readout,
}

# Operation, config, features of nodes, features of edges, and whether nodes have positions and edges shifts.
CASES = [
    ("graphConv", {"units": 3}, 2, None, ""),
    ("isomorphismConv", {"units": 3, "hiddenSize": 4}, 3, 2, ""),
    ("isomorphismConv", {"units": 2, "hiddenSize": 3}, 4, None, ""),
    ("graphAttention", {"units": 4, "heads": 2}, 3, 2, ""),
    ("graphAttention", {"units": 2, "heads": 1, "negativeSlope": 0.1}, 2, None, ""),
    ("directedMessages", {"units": 3, "steps": 3, "activation": "tanh"}, 2, 2, ""),
    ("crystalConv", {"units": 3}, 3, 2, ""),
    ("schnetBlock", {"units": 3, "cutoff": 3, "basis": 4}, 3, None, "placed"),
    ("schnetBlock", {"units": 2, "cutoff": 4, "basis": 3}, 2, None, "placed shifted"),
    ("egnnBlock", {"units": 2}, 5, 1, ""),
    ("painnBlock", {"units": 2, "cutoff": 4, "basis": 3}, 8, None, "placed"),
    ("painnBlock", {"units": 1, "cutoff": 3, "basis": 2}, 4, None, "placed shifted"),
    *[("readout", {"kind": kind}, 3, None, "") for kind in ["sum", "mean", "max", "attentive"]],
    ("attentiveBlock", {"units": 3, "edges": True}, 3, 2, ""),
    ("attentiveBlock", {"units": 2}, 2, None, ""),
    ("attentiveReadout", {"units": 3, "steps": 2}, 3, None, ""),
]


def valid_nodes(value, nodes):
    """Nodes that there are; what stands behind them is not compared."""
    return torch.stack([value[row * nodes + i] for row, length in enumerate(LENGTHS) for i in range(length)])


def layer_cases():
    for seed, (operation, config, features, edge_features, places) in enumerate(CASES):
        start = 9000 + 40 * seed
        rows, nodes, edges = len(LENGTHS), max(LENGTHS), len(SENDERS[0])
        inputs = {"x": normal(rows, nodes, features, seed=start)}
        if edge_features:
            inputs["extras.edges"] = normal(rows, edges, edge_features, seed=start + 1)
        if "placed" in places:
            inputs["extras.positions"] = normal(rows, nodes, 3, seed=start + 2)
        if "shifted" in places:
            inputs["extras.shifts"] = normal(rows, edges, 3, seed=start + 3)
        shapes = shapes_of(operation, config, features, edge_features)
        params = {path: 0.5 * normal(*shape, seed=start + 4 + i) for i, (path, shape) in enumerate(shapes.items())}
        inputs |= {f"params.{path}": value for path, value in params.items()}

        def value(operation=operation, config=config, nodes=nodes, **given):
            own = {name.removeprefix("params."): v for name, v in given.items() if name.startswith("params.")}
            extras = {name.removeprefix("extras."): v for name, v in given.items() if name.startswith("extras.")}
            output = LAYERS[operation](config, given["x"], own, **extras)
            return output if operation.lower().endswith("readout") else valid_nodes(output, nodes)

        size = value(**inputs).shape
        found = gradients_of(value, inputs, list(inputs), normal(*size, seed=start + 39))
        fixed = {"lengths": LENGTHS} | ({} if operation.lower().endswith("readout") else {"senders": SENDERS, "receivers": RECEIVERS})
        fixed |= {"reverse": REVERSE} if operation == "directedMessages" else {}
        found["inputs"] |= {f"extras.{name}": torch.tensor(v, dtype=torch.int32) for name, v in fixed.items()}
        kind = " ".join([f"{edge_features} edge features" if edge_features else "", places]).strip()
        name = " ".join(filter(None, [operation, config.get("kind", ""), kind]))
        yield case(name, operation, config, **found)


FILES = {"graphs": layer_cases}
