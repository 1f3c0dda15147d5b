"""Attention and positions: PyTorch's modules, with their weights in Hooke's layout."""

import torch
from torch import nn
from torch.func import functional_call

from derive import gradients_of, normal
from schema import case

WIDTH, HEADS = 4, 2


def kept_after(lengths, keys):
    """torch's key_padding_mask: true where a key is hidden."""
    return None if lengths is None else torch.arange(keys)[None, :] >= lengths[:, None]


def hidden_future(count):
    return torch.ones(count, count, dtype=torch.bool).triu(1)


def attend(query, key, value, lengths=None, causal=False, heads=1, turn=None):
    """softmax(q k^T / sqrt(size)) v in single operations, for what torch's modules lack: `turn` of queries and keys."""
    split = lambda x: x.unflatten(-1, (heads, -1)).transpose(1, 2)
    turn = turn or (lambda x: x)
    query, key, value = turn(split(query)), turn(split(key)), split(value)
    scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
    hidden = torch.zeros_like(scores, dtype=torch.bool)
    if lengths is not None:
        hidden = hidden | kept_after(lengths, key.shape[2])[:, None, None]
    if causal:
        hidden = hidden | torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    weights = torch.softmax(scores.masked_fill(hidden, -torch.inf), -1)
    return (weights @ value).transpose(1, 2).flatten(2), weights


def affine(x, params, name):
    product = x @ params[f"{name}.kernel"]
    return product + params[f"{name}.bias"] if f"{name}.bias" in params else product


def attention_params(prefix, seed, memory=WIDTH, bias=True):
    params = {}
    for index, (name, size) in enumerate([("query", WIDTH), ("key", memory), ("value", memory), ("output", WIDTH)]):
        params[f"{prefix}{name}.kernel"] = normal(size, WIDTH, seed=seed + index) / 2
        if bias:
            params[f"{prefix}{name}.bias"] = normal(WIDTH, seed=seed + 10 + index) / 4
    return params


def attention_state(params, prefix, to, packed=True):
    """Hooke's maps as nn.MultiheadAttention's weights."""
    get = lambda name: params[f"{prefix}{name}.kernel"].T
    state = {f"{to}out_proj.weight": get("output")}
    if packed:
        state[f"{to}in_proj_weight"] = torch.cat([get("query"), get("key"), get("value")])
    else:
        state |= {f"{to}{short}_proj_weight": get(name) for short, name in [("q", "query"), ("k", "key"), ("v", "value")]}
    if f"{prefix}query.bias" in params:
        state[f"{to}in_proj_bias"] = torch.cat([params[f"{prefix}{name}.bias"] for name in ["query", "key", "value"]])
        state[f"{to}out_proj.bias"] = params[f"{prefix}output.bias"]
    return state


def some(*shape, seed):
    """A mask that hides about a third, and no key from all queries or row of keys from a query."""
    mask = normal(*shape, seed=seed) > -0.4
    mask[..., 0] = True
    assert not mask.all()
    return mask


def masked_product_cases():
    """A mask and a bias for every query, in all their ranks: torch has one argument for both."""
    for seed, (name, mask, bias, causal) in enumerate(
        [
            ("mask", [2, 1, 5, 4], None, False),
            ("mask of all rows", [5, 4], None, False),
            ("bias", None, [2, 3, 5, 4], False),
            ("bias of heads", None, [3, 5, 4], False),
            ("bias of keys, mask, causal", [2, 3, 5, 4], [1, 1, 4], True),
        ]
    ):
        shapes = {"query": [2, 3, 5, 2], "key": [2, 3, 4, 2], "value": [2, 3, 4, 2]}
        inputs = {path: normal(*shape, seed=seed * 10 + 1200 + i) for i, (path, shape) in enumerate(shapes.items())}
        if bias:
            inputs["bias"] = normal(*bias, seed=seed + 1260)
        visible = torch.ones(5, 4, dtype=torch.bool).tril() if causal else torch.ones(5, 4, dtype=torch.bool)
        given = some(*mask, seed=seed + 1270) if mask else None
        visible = visible if given is None else visible & given

        def fn(query, key, value, bias=torch.zeros(1, dtype=torch.float64)):
            added = bias.expand(2, 3, 5, 4).masked_fill(~visible, -torch.inf)
            return nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=added)

        found = gradients_of(fn, inputs, list(inputs), normal(2, 3, 5, 2, seed=seed + 1280))
        if given is not None:
            found["inputs"]["mask"] = given
        yield case(f"scaledDotProduct {name}", "scaledDotProduct", {"causal": causal}, **found)


def product_cases():
    """softmax(q k^T / sqrt(size)) v, and the single head with its three maps."""

    for seed, (name, config) in enumerate(
        [
            ("plain", {"causal": False}),
            ("causal", {"causal": True}),
            ("keyMask scale", {"scale": 0.7, "keyMask": [[[True, False, True, True]], [[True, True, False, False]]]}),
        ]
    ):
        keys = 4 if "keyMask" in config else 5
        shapes = {"query": [2, 5, 3], "key": [2, keys, 3], "value": [2, keys, 3]}
        inputs = {path: normal(*shape, seed=seed * 10 + 980 + i) for i, (path, shape) in enumerate(shapes.items())}
        mask = torch.tensor(config["keyMask"]) if "keyMask" in config else None
        found = gradients_of(
            lambda query, key, value: nn.functional.scaled_dot_product_attention(
                query, key, value, attn_mask=mask, is_causal=config.get("causal", False), scale=config.get("scale")
            ),
            inputs,
            list(inputs),
            normal(2, 5, 3, seed=seed + 990),
        )
        yield case(f"scaledDotProduct {name}", "scaledDotProduct", config, **found)
    yield from masked_product_cases()
    names = ["query", "key", "value"]
    for seed, (name, config, lengths) in enumerate(
        [
            ("singleHeadAttention", {"units": 2}, None),
            ("singleHeadAttention causal bias", {"units": 2, "causal": True, "bias": True}, None),
            ("singleHeadAttention lengths", {"units": 2}, [4, 2]),
        ]
    ):
        inputs = {"x": normal(2, 4, 3, seed=995 + 100 * seed)}
        inputs |= {f"params.{part}.kernel": normal(3, 2, seed=996 + 100 * seed + i) for i, part in enumerate(names)}
        if config.get("bias"):
            inputs |= {f"params.{part}.bias": normal(2, seed=1006 + 100 * seed + i) / 2 for i, part in enumerate(names)}
        limits = None if lengths is None else torch.tensor(lengths)

        def single(x, **params):
            maps = (affine(x, params, f"params.{part}") for part in names)
            mask = torch.ones(2, 4, 4, dtype=torch.bool)
            if config.get("causal"):
                mask = mask & ~hidden_future(4)
            if limits is not None:
                mask = mask & ~kept_after(limits, 4)[:, None, :]
            return nn.functional.scaled_dot_product_attention(*maps, attn_mask=mask)

        found = gradients_of(single, inputs, list(inputs), normal(2, 4, 2, seed=999 + 100 * seed))
        if limits is not None:
            found["inputs"]["extras.lengths"] = limits.int()
        yield case(name, "singleHeadAttention", config, **found)


def multi_head_cases():
    for seed, (name, causal, lengths, memory, bias) in enumerate(
        [
            ("self", False, None, None, True),
            ("causal", True, None, None, True),
            ("lengths", False, [4, 2], None, True),
            ("causal lengths without bias", True, [3, 1], None, False),
            ("memory", False, None, 3, True),
            ("memory lengths", False, [5, 2], 3, True),
        ]
    ):
        params = attention_params("params.", seed * 40 + 1000, memory or WIDTH, bias)
        inputs = {"x": normal(2, 4, WIDTH, seed=seed + 900), **params}
        if memory:
            inputs["extras.memory"] = normal(2, 5, memory, seed=seed + 910)
        module = nn.MultiheadAttention(
            WIDTH, HEADS, bias=bias, kdim=memory, vdim=memory, batch_first=True, dtype=torch.float64
        )
        limits = None if lengths is None else torch.tensor(lengths)

        def fn(x, weights=False, **params):
            source = params.get("extras.memory", x)
            mask = hidden_future(x.shape[1]) if causal else None
            found = functional_call(
                module,
                attention_state(params, "params.", "", packed="extras.memory" not in params),
                (x, source, source),
                {
                    "attn_mask": mask,
                    "key_padding_mask": kept_after(limits, source.shape[1]),
                    "average_attn_weights": False,
                },
            )
            return found[1] if weights else found[0]

        found = gradients_of(fn, inputs, list(inputs), normal(2, 4, WIDTH, seed=seed + 920))
        found["outputs"]["weights"] = fn(**inputs, weights=True)
        if limits is not None:
            found["inputs"]["extras.memoryLengths" if memory else "extras.lengths"] = limits.int()
        config = {"units": WIDTH, "heads": HEADS, "causal": causal, "bias": bias}
        if memory:
            config["source"] = "memory"
        yield case(f"multiHeadAttention {name}", "multiHeadAttention", config, **found)


def multi_head_mask_cases():
    """nn.MultiheadAttention takes a mask or a bias for each row and head; together they are a bias with -infinity."""
    for seed, (name, mask, bias, lengths, memory) in enumerate(
        [
            ("mask lengths", [2, 1, 4, 4], None, [4, 3], None),
            ("bias", None, [2, HEADS, 4, 4], None, None),
            ("bias of heads, mask, memory", [2, HEADS, 4, 5], [1, HEADS, 4, 5], None, 3),
        ]
    ):
        kind = "memory" if memory else "attention"
        params = attention_params("params.", seed * 40 + 1800, memory or WIDTH)
        inputs = {"x": normal(2, 4, WIDTH, seed=seed + 1300), **params}
        if memory:
            inputs["extras.memory"] = normal(2, 5, memory, seed=seed + 1310)
        if bias:
            inputs[f"extras.{kind}Bias"] = normal(*bias, seed=seed + 1320)
        module = nn.MultiheadAttention(WIDTH, HEADS, kdim=memory, vdim=memory, batch_first=True, dtype=torch.float64)
        limits = None if lengths is None else torch.tensor(lengths)
        visible = some(*mask, seed=seed + 1330) if mask else None

        def fn(x, weights=False, **params):
            source = params.get("extras.memory", x)
            added = params.get(f"extras.{kind}Bias", torch.zeros(1, 1, 1, 1, dtype=torch.float64))
            added = added if visible is None else added.masked_fill(~visible, -torch.inf)
            padding = None
            if limits is not None:
                padding = torch.zeros(2, 4, dtype=x.dtype).masked_fill(kept_after(limits, 4), -torch.inf)
            found = functional_call(
                module,
                attention_state(params, "params.", "", packed=memory is None),
                (x, source, source),
                {
                    "attn_mask": added.expand(2, HEADS, 4, source.shape[1]).flatten(0, 1),
                    "key_padding_mask": padding,
                    "average_attn_weights": False,
                },
            )
            return found[1] if weights else found[0]

        found = gradients_of(fn, inputs, list(inputs), normal(2, 4, WIDTH, seed=seed + 1340))
        found["outputs"]["weights"] = fn(**inputs, weights=True)
        if limits is not None:
            found["inputs"]["extras.lengths"] = limits.int()
        if visible is not None:
            found["inputs"][f"extras.{kind}Mask"] = visible
        config = {"units": WIDTH, "heads": HEADS}
        if memory:
            config["source"] = "memory"
        yield case(f"multiHeadAttention {name}", "multiHeadAttention", config, **found)


def rotary(x, base=10_000.0, scale=1.0, layout="neighbours"):
    """Complex multiplication of the pairs by exp(i angle)."""
    positions, size = x.shape[-2:]
    if layout == "halves":
        half = size // 2
        order = torch.arange(size).reshape(2, half).T.flatten()
        return rotary(x[..., order], base, scale)[..., order.argsort()]
    angles = scale * torch.arange(positions, dtype=torch.float64)[:, None] / base ** (
        torch.arange(0, size, 2, dtype=torch.float64)[None, :] / size
    )
    angles = angles.to(x.dtype)
    pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], size // 2, 2))
    return torch.view_as_real(pairs * torch.polar(torch.ones_like(angles), angles)).reshape(x.shape)


def llama_rotary(x, base=10_000.0):
    """As Llama's and GPT-NeoX's code writes it: `x cos + rotate_half(x) sin`."""
    positions, size = x.shape[-2:]
    rates = 1.0 / base ** (torch.arange(0, size, 2, dtype=torch.float64) / size)
    angles = torch.outer(torch.arange(positions, dtype=torch.float64), rates)
    table = torch.cat([angles, angles], -1)
    first, second = x.chunk(2, -1)
    return x * table.cos() + torch.cat([-second, first], -1) * table.sin()


def multi_head_rotary_cases():
    """torch has no rotary attention, and none that is causal over a memory of another length."""
    for seed, (name, causal, lengths, memory) in enumerate(
        [
            ("rotary", False, [4, 2], None),
            ("rotary causal", True, None, None),
            ("memory rotary causal", True, [5, 3], 3),
            ("rotary halves", False, None, None),
        ]
    ):
        options = {"layout": "halves", "base": 50, "scale": 0.5} if "halves" in name else {}
        heads = 1 if options else HEADS
        params = attention_params("params.", seed * 40 + 1400, memory or WIDTH)
        inputs = {"x": normal(2, 4, WIDTH, seed=seed + 1500), **params}
        if memory:
            inputs["extras.memory"] = normal(2, 5, memory, seed=seed + 1510)
        limits = None if lengths is None else torch.tensor(lengths)

        def fn(weights=False, **given):
            x, source = given["x"], given.get("extras.memory", given["x"])
            query, key, value = (
                affine(side, given, f"params.{name}")
                for side, name in [(x, "query"), (source, "key"), (source, "value")]
            )
            found = attend(query, key, value, limits, causal, heads, lambda x: rotary(x, **options))
            return found[1] if weights else affine(found[0], given, "params.output")

        found = gradients_of(fn, inputs, list(inputs), normal(2, 4, WIDTH, seed=seed + 1520))
        found["outputs"]["weights"] = fn(**inputs, weights=True)
        if limits is not None:
            found["inputs"]["extras.memoryLengths" if memory else "extras.lengths"] = limits.int()
        config = {"units": WIDTH, "heads": heads, "causal": causal, "rotary": options or True}
        if memory:
            config["source"] = "memory"
        yield case(f"multiHeadAttention {name}", "multiHeadAttention", config, **found)


def sinusoidal(positions, width):
    table = torch.zeros(positions, width, dtype=torch.float64)
    rates = 10_000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.arange(positions, dtype=torch.float64)[:, None] * rates
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles.cos()[:, : width // 2]
    return table


def position_cases():
    x = normal(2, 2, 5, 6, seed=801)
    assert torch.allclose(rotary(x, layout="halves"), llama_rotary(x), rtol=1e-14, atol=1e-15)
    for name, options in [("", {}), (" base scale", {"base": 100, "scale": 0.25}), (" halves", {"layout": "halves"})]:
        fn = lambda x, options=options: rotary(x, **options)
        yield case(f"rotary{name}", "rotary", options, **gradients_of(fn, {"x": x}, ["x"], normal(2, 2, 5, 6, seed=802)))
    for width in [6, 5]:
        x = normal(2, 7, width, seed=803)
        fn = lambda x: x + sinusoidal(x.shape[1], x.shape[2])
        found = gradients_of(fn, {"x": x}, ["x"], normal(2, 7, width, seed=804))
        yield case(f"sinusoidalPositions {width}", "sinusoidalPositions", **found)


def learned_case():
    inputs = {"x": normal(2, 3, 4, seed=805), "params.table": normal(5, 4, seed=806)}
    fn = lambda x, **params: x + params["params.table"][: x.shape[1]]
    found = gradients_of(fn, inputs, list(inputs), normal(2, 3, 4, seed=807))
    yield case("learnedPositions", "learnedPositions", {"length": 5}, **found)
