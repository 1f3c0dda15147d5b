"""Transformers that read a sequence, of PyTorch's encoder, and fifty training steps of networks with attention."""

import torch
from torch import nn

from attention_blocks import HIDDEN, decode, encode, stack_module, stack_params
from attention_layers import HEADS, WIDTH, affine, attend, rotary, sinusoidal
from derive import gradients_of, normal
from schema import case
from training import trajectory


def plain_encoder(params, prefix, blocks, norm, x, lengths, causal, turn):
    """The encoder in single operations, with something done to queries and keys."""

    def normalise(x, name):
        return nn.functional.layer_norm(x, [x.shape[-1]], params[f"{name}.scale"], params[f"{name}.bias"])

    def around(x, name, part):
        return normalise(x + part(x), name) if norm == "post" else x + part(normalise(x, name))

    for block in range(blocks):
        at = f"{prefix}{block}"

        def attention(x):
            maps = (affine(x, params, f"{at}.attention.{name}") for name in ["query", "key", "value"])
            return affine(attend(*maps, lengths, causal, HEADS, turn)[0], params, f"{at}.attention.output")

        def feed_forward(x):
            hidden = torch.relu(affine(x, params, f"{at}.feedForward.expand"))
            return affine(hidden, params, f"{at}.feedForward.contract")

        x = around(around(x, f"{at}.attentionNorm", attention), f"{at}.feedForwardNorm", feed_forward)
    return normalise(x, f"{prefix}norm") if norm == "pre" else x


def transformer_params(seed, features, config):
    params = {
        "params.embedding.kernel": normal(features, WIDTH, seed=seed) / 2,
        "params.embedding.bias": normal(WIDTH, seed=seed + 1) / 4,
        "params.head.kernel": normal(WIDTH, config["outputs"], seed=seed + 2) / 2,
        "params.head.bias": normal(config["outputs"], seed=seed + 3) / 4,
        **stack_params("params.encoder.", seed + 100, config["blocks"], False, config["norm"]),
    }
    token = config["pooling"] == "classToken"
    if config["positions"] == "learned":
        params["params.positions.table"] = normal(config["length"] + token, WIDTH, seed=seed + 4) / 4
    if token:
        params["params.token"] = normal(WIDTH, seed=seed + 5) / 2
    return params


def transformer(config, params, x, lengths=None):
    """Embedding, perhaps a token, positions, encoder, pooling, head."""
    hidden, limits = affine(x, params, "params.embedding"), lengths
    if config["pooling"] == "classToken":
        hidden = torch.cat([params["params.token"].expand(x.shape[0], 1, -1), hidden], 1)
        limits = None if lengths is None else lengths + 1
    count, causal, blocks = hidden.shape[1], config.get("causal", False), config["blocks"]
    if config["positions"] == "sinusoidal":
        hidden = hidden + sinusoidal(count, WIDTH).to(x.dtype)
    if config["positions"] == "learned":
        hidden = hidden + params["params.positions.table"][:count]
    turn = rotary if config["positions"] == "rotary" else None
    plain = plain_encoder(params, "params.encoder.", blocks, config["norm"], hidden, limits, causal, turn)
    if turn is None:
        module = stack_module(blocks, False, config["norm"], "relu", x.dtype)
        encoded = encode(module, params, "params.encoder.", blocks, hidden, causal, limits)
        rounding = 1e-12 if x.dtype == torch.float64 else 1e-4
        assert torch.allclose(plain, encoded, rtol=0, atol=rounding), "the plain encoder is not torch's"
    else:
        encoded = plain
    rows, steps = torch.arange(x.shape[0]), lengths if lengths is not None else torch.full([x.shape[0]], x.shape[1])
    if config["pooling"] == "classToken":
        pooled = encoded[:, 0]
    elif config["pooling"] == "last":
        pooled = encoded[rows, steps.long() - 1]
    else:
        counts = torch.arange(count)[None, :, None] < steps[:, None, None]
        pooled = (encoded * counts).sum(1) / steps[:, None]
    return affine(pooled, params, "params.head")


def transformer_cases():
    """Every kind of positions and every pooling with both norms, each pooling with two or three kinds of positions."""
    for seed, (pooling, positions, norm, lengths, causal) in enumerate(
        [
            ("mean", "sinusoidal", "pre", [4, 2], False),
            ("classToken", "sinusoidal", "post", None, False),
            ("last", "learned", "post", [1, 3], True),
            ("classToken", "learned", "pre", [2, 4], False),
            ("classToken", "rotary", "post", [3, 4], False),
            ("mean", "rotary", "pre", None, True),
            ("last", "none", "pre", None, False),
            ("mean", "none", "post", [3, 1], False),
        ]
    ):
        config = {"pooling": pooling, "positions": positions, "norm": norm, "width": WIDTH, "heads": HEADS, "blocks": 1}
        config |= {"feedForwardSize": HIDDEN, "outputs": 2, "causal": causal}
        if positions == "learned":
            config["length"] = 4
        inputs = {"x": normal(2, 4, 3, seed=seed + 1700), **transformer_params(200 * seed + 7000, 3, config)}
        limits = None if lengths is None else torch.tensor(lengths)
        fn = lambda x, **params: transformer(config, params, x, limits)
        found = gradients_of(fn, inputs, list(inputs), normal(2, 2, seed=seed + 1710))
        if limits is not None:
            found["inputs"]["extras.lengths"] = limits.int()
        yield case(f"sequenceTransformer {pooling} {positions} {norm}", "sequenceTransformer", config, **found)


def trajectory_cases():
    """Fifty Adam steps in f32 of Transformers, of a decoder with a memory, and of a single head."""
    rows, length, features = 32, 6, 3
    adam = {"optimizer": "adam", "learningRate": 0.01, "loss": "mse", "batchSize": 8}
    # A key's bias adds the same to all scores of a query, unless it is turned: its gradient is zero.
    idle = ("key.bias",)
    x = normal(rows, length, features, seed=700)
    targets = x[:, 0, :1] * x[:, -1, 1:2] + x[:, :, 2].max(1, keepdim=True).values
    common = {"width": WIDTH, "heads": HEADS, "feedForwardSize": HIDDEN, "outputs": 1}
    for seed, (name, own, undetermined) in enumerate(
        [
            ("sinusoidal mean post", {"pooling": "mean", "positions": "sinusoidal", "norm": "post", "blocks": 2}, idle),
            (
                "learned classToken pre",
                {"pooling": "classToken", "positions": "learned", "length": length, "norm": "pre", "blocks": 1},
                idle,
            ),
            ("rotary mean pre", {"pooling": "mean", "positions": "rotary", "norm": "pre", "blocks": 1}, ()),
        ]
    ):
        config = {**common, **own}
        given = transformer_params(300 * seed + 9000, features, config)

        def network(x, params, state, config=config):
            return transformer(config, {f"params.{path}": value for path, value in params.items()}, x)

        settings = {**config, **adam}
        yield training(f"sequenceTransformer {name}", settings, network, x, targets, given, undetermined)

    queries, memory = normal(rows, 3, WIDTH, seed=710), normal(rows, 5, WIDTH, seed=711)
    limits = torch.arange(rows, dtype=torch.int32) % 5 + 1
    wanted = queries[:, :1, 0] + torch.stack([memory[i, :count, 1].mean() for i, count in enumerate(limits)])[:, None]
    modules = {dtype: stack_module(1, True, "pre", "relu", dtype) for dtype in [torch.float32, torch.float64]}

    def decoder(x, params, state, memory, memoryLengths):
        hidden = decode(modules[x.dtype], params, "0.", 1, x, memory, memoryLengths)
        return affine(hidden.flatten(1), params, "2")

    given = {
        **stack_params("params.0.", 9900, 1, True, "pre"),
        "params.2.kernel": normal(3 * WIDTH, 1, seed=712) / 3,
        "params.2.bias": normal(1, seed=713) / 4,
    }
    config = {"width": WIDTH, "heads": HEADS, "feedForwardSize": HIDDEN, "blocks": 1, "norm": "pre", **adam}
    extras = {"memory": memory, "memoryLengths": limits}
    yield training("transformerDecoder memory", config, decoder, queries, wanted, given, idle, extras)

    def single(x, params, state):
        maps = (affine(x, params, f"0.{name}") for name in ["query", "key", "value"])
        return affine(nn.functional.scaled_dot_product_attention(*maps).flatten(1), params, "2")

    maps = enumerate(["query", "key", "value"])
    given = {f"params.0.{name}.kernel": normal(features, 2, seed=720 + i) for i, name in maps}
    given |= {"params.2.kernel": normal(2 * length, 1, seed=723) / 2, "params.2.bias": normal(1, seed=724) / 4}
    yield training("singleHeadAttention", {"units": 2, **adam}, single, x, targets, given)


def training(name, config, network, x, targets, params, undetermined=(), extras=None):
    """The operation is the first word of the name."""
    given = {path.removeprefix("params."): value for path, value in params.items()}
    kinds = {"extras": extras, "undetermined": undetermined}
    return trajectory(f"{name} adam", name.split()[0], config, network, x, targets, given, **kinds)
