"""Attention, positions, Transformer blocks and a short training of one: PyTorch's modules, with their weights in Hooke's layout."""

import torch
from torch import nn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

from derive import gradients_of, normal
from schema import case, write

WIDTH, HEADS, HIDDEN = 4, 2, 5


def kept_after(lengths, keys):
    """torch's key_padding_mask: true where a key is hidden."""
    return None if lengths is None else torch.arange(keys)[None, :] >= lengths[:, None]


def hidden_future(count):
    return torch.ones(count, count, dtype=torch.bool).triu(1)


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
            inputs["memory"] = normal(2, 5, memory, seed=seed + 910)
        module = nn.MultiheadAttention(
            WIDTH, HEADS, bias=bias, kdim=memory, vdim=memory, batch_first=True, dtype=torch.float64
        )
        limits = None if lengths is None else torch.tensor(lengths)

        def fn(x, memory=None, weights=False, **params):
            source = x if memory is None else memory
            mask = hidden_future(x.shape[1]) if causal else None
            found = functional_call(
                module,
                attention_state(params, "params.", "", packed=memory is None),
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
            found["inputs"]["memoryLengths" if memory else "lengths"] = limits.int()
        config = {"units": WIDTH, "heads": HEADS, "causal": causal, "bias": bias}
        if memory:
            config["source"] = "memory"
        yield case(f"multiHeadAttention {name}", "multiHeadAttention", config, **found)


def block_params(seed, decoder):
    params = attention_params("params.attention.", seed)
    if decoder:
        params |= attention_params("params.crossAttention.", seed + 20)
    params |= {
        "params.feedForward.expand.kernel": normal(WIDTH, HIDDEN, seed=seed + 4) / 2,
        "params.feedForward.expand.bias": normal(HIDDEN, seed=seed + 5) / 4,
        "params.feedForward.contract.kernel": normal(HIDDEN, WIDTH, seed=seed + 6) / 2,
        "params.feedForward.contract.bias": normal(WIDTH, seed=seed + 7) / 4,
    }
    for index, name in enumerate(["attentionNorm", *(["crossAttentionNorm"] if decoder else []), "feedForwardNorm"]):
        params[f"params.{name}.scale"] = normal(WIDTH, seed=seed + 30 + index) / 4 + 1
        params[f"params.{name}.bias"] = normal(WIDTH, seed=seed + 35 + index) / 4
    return params


def block_state(params, prefix, to, decoder=False):
    state = attention_state(params, f"{prefix}attention.", f"{to}self_attn.")
    norms = ["attentionNorm", "feedForwardNorm"]
    if decoder:
        state |= attention_state(params, f"{prefix}crossAttention.", f"{to}multihead_attn.")
        norms.insert(1, "crossAttentionNorm")
    for index, name in enumerate(["expand", "contract"]):
        state[f"{to}linear{index + 1}.weight"] = params[f"{prefix}feedForward.{name}.kernel"].T
        state[f"{to}linear{index + 1}.bias"] = params[f"{prefix}feedForward.{name}.bias"]
    for index, name in enumerate(norms):
        state[f"{to}norm{index + 1}.weight"] = params[f"{prefix}{name}.scale"]
        state[f"{to}norm{index + 1}.bias"] = params[f"{prefix}{name}.bias"]
    return state


def block_cases():
    settings = {"dropout": 0.0, "batch_first": True, "dtype": torch.float64}
    for seed, (norm, activation, causal) in enumerate(
        [("post", "relu", False), ("pre", "relu", True), ("post", "gelu", False), ("pre", "gelu", False)]
    ):
        config = {"width": WIDTH, "heads": HEADS, "feedForwardSize": HIDDEN, "norm": norm, "activation": activation}
        common = (WIDTH, HEADS, HIDDEN)
        kinds = {"activation": activation, "norm_first": norm == "pre", **settings}
        lengths, memory_lengths = torch.tensor([3, 2]), torch.tensor([2, 4])
        encoder, decoder = nn.TransformerEncoderLayer(*common, **kinds), nn.TransformerDecoderLayer(*common, **kinds)

        def encode(x, **params):
            return functional_call(
                encoder,
                block_state(params, "params.", ""),
                (x,),
                {
                    "src_mask": hidden_future(x.shape[1]) if causal else None,
                    "src_key_padding_mask": kept_after(lengths, x.shape[1]),
                },
            )

        def decode(x, memory, **params):
            return functional_call(
                decoder,
                block_state(params, "params.", "", decoder=True),
                (x, memory),
                {
                    "tgt_mask": hidden_future(x.shape[1]),
                    "tgt_key_padding_mask": kept_after(lengths, x.shape[1]),
                    "memory_key_padding_mask": kept_after(memory_lengths, memory.shape[1]),
                },
            )

        inputs = {"x": normal(2, 3, WIDTH, seed=seed + 930), **block_params(seed * 50 + 2000, False)}
        found = gradients_of(encode, inputs, list(inputs), normal(2, 3, WIDTH, seed=seed + 940))
        found["inputs"]["lengths"] = lengths.int()
        name = f"transformerEncoderBlock {norm} {activation}"
        yield case(name, "transformerEncoderBlock", {**config, "causal": causal}, **found)
        if (norm, activation) in [("post", "relu"), ("pre", "gelu")]:
            inputs = {
                "x": normal(2, 3, WIDTH, seed=seed + 950),
                "memory": normal(2, 4, WIDTH, seed=seed + 960),
                **block_params(seed * 50 + 3000, True),
            }
            found = gradients_of(decode, inputs, list(inputs), normal(2, 3, WIDTH, seed=seed + 970))
            found["inputs"] |= {"lengths": lengths.int(), "memoryLengths": memory_lengths.int()}
            yield case(f"transformerDecoderBlock {norm} {activation}", "transformerDecoderBlock", config, **found)


def product_cases():
    """softmax(q k^T / sqrt(size)) v, and the single head with its three maps."""

    def product(query, key, value, causal=False):
        return nn.functional.scaled_dot_product_attention(query, key, value, is_causal=causal)

    for seed, causal in enumerate([False, True]):
        inputs = {name: normal(2, 5, 3, seed=seed * 10 + 980 + i) for i, name in enumerate(["query", "key", "value"])}
        found = gradients_of(
            lambda query, key, value, c=causal: product(query, key, value, c),
            inputs,
            list(inputs),
            normal(2, 5, 3, seed=seed + 990),
        )
        yield case(f"scaledDotProduct {'causal' if causal else 'plain'}", "scaledDotProduct", {"causal": causal}, **found)
    names = ["query", "key", "value"]
    inputs = {
        "x": normal(2, 4, 3, seed=995),
        **{f"params.{name}.kernel": normal(3, 2, seed=996 + i) for i, name in enumerate(names)},
    }
    single = lambda x, **params: product(*(x @ params[f"params.{name}.kernel"] for name in names))
    found = gradients_of(single, inputs, list(inputs), normal(2, 4, 2, seed=999))
    yield case("singleHeadAttention", "singleHeadAttention", {"units": 2}, **found)


def rotary(x, base=10_000.0):
    """Complex multiplication of the pairs by exp(i angle)."""
    positions, size = x.shape[-2:]
    angles = torch.arange(positions, dtype=torch.float64)[:, None] / base ** (
        torch.arange(0, size, 2, dtype=torch.float64)[None, :] / size
    )
    pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], size // 2, 2))
    return torch.view_as_real(pairs * torch.polar(torch.ones_like(angles), angles)).reshape(x.shape)


def sinusoidal(positions, width):
    table = torch.zeros(positions, width, dtype=torch.float64)
    rates = 10_000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.arange(positions, dtype=torch.float64)[:, None] * rates
    table[:, 0::2] = angles.sin()
    table[:, 1::2] = angles.cos()[:, : width // 2]
    return table


def position_cases():
    x = normal(2, 2, 5, 6, seed=801)
    yield case("rotary", "rotary", **gradients_of(rotary, {"x": x}, ["x"], normal(2, 2, 5, 6, seed=802)))
    for width in [6, 5]:
        x = normal(2, 7, width, seed=803)
        fn = lambda x: x + sinusoidal(x.shape[1], x.shape[2])
        found = gradients_of(fn, {"x": x}, ["x"], normal(2, 7, width, seed=804))
        del found["secondGradients"]
        yield case(f"sinusoidalPositions {width}", "sinusoidalPositions", **found)


def trajectory_case():
    """Fifty Adam steps of embedding, sinusoidal positions, two post-norm encoder blocks, mean and head, in f32."""
    rows, length, features, width, batch, rate = 32, 6, 3, 4, 8, 0.01
    x = normal(rows, length, features, seed=700).float()
    targets = (x[:, 0, :1] * x[:, -1, 1:2] + x[:, :, 2].max(1, keepdim=True).values).float()
    params = {
        "params.embedding.kernel": normal(features, width, seed=701) / 2,
        "params.embedding.bias": normal(width, seed=702) / 4,
        "params.head.kernel": normal(width, 1, seed=703) / 2,
        "params.head.bias": normal(1, seed=704) / 4,
    }
    for block in range(2):
        own = block_params(block * 50 + 4000, False)
        params |= {key.replace("params.", f"params.encoder.{block}."): value for key, value in own.items()}
    layers = [
        nn.TransformerEncoderLayer(width, HEADS, HIDDEN, dropout=0.0, batch_first=True).train() for _ in range(2)
    ]

    def run(dtype):
        leaves = {key: value.float().to(dtype).clone().requires_grad_(True) for key, value in params.items()}
        optimizer, losses = torch.optim.Adam(list(leaves.values()), rate, foreach=False), []
        for step in range(50):
            start = step * batch % rows
            hidden = x[start : start + batch].to(dtype) @ leaves["params.embedding.kernel"]
            hidden = hidden + leaves["params.embedding.bias"] + sinusoidal(length, width).to(dtype)
            for block, layer in enumerate(layers):
                hidden = functional_call(layer, block_state(leaves, f"params.encoder.{block}.", ""), (hidden,))
            output = hidden.mean(1) @ leaves["params.head.kernel"] + leaves["params.head.bias"]
            loss = nn.functional.mse_loss(output, targets[start : start + batch].to(dtype))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        # A key's bias adds the same to all scores of a query: its gradient is zero, and Adam makes a walk of what rounding leaves.
        kept = {key: value.detach() for key, value in leaves.items() if not key.endswith("key.bias")}
        return torch.stack(losses), kept

    losses, final = run(torch.float32)
    exact, exact_final = run(torch.float64)
    assert losses[-8:].mean() < losses[:8].mean(), "the transformer does not learn"
    drift = ((losses - exact) / exact).abs().max().item()
    weights = max(((final[key] - exact_final[key]).norm() / exact_final[key].norm()).item() for key in final)
    print(f"attention trajectory: f32 from f64, relative: losses {drift:.1e}, weights {weights:.1e}")
    config = {
        "width": width,
        "heads": HEADS,
        "blocks": 2,
        "feedForwardSize": HIDDEN,
        "norm": "post",
        "outputs": 1,
        "learningRate": rate,
        "batchSize": batch,
        "steps": 50,
    }
    inputs = {"x": x, "targets": targets, **{key: value.float() for key, value in params.items()}}
    outputs = {"losses": losses, **{key.replace("params.", "final."): value for key, value in final.items()}}
    return case("sequenceTransformer adam", "sequenceTransformer", config, inputs, outputs)


def generate(source):
    # The other kernels have no second derivatives.
    with sdpa_kernel(SDPBackend.MATH):
        groups = [product_cases(), multi_head_cases(), block_cases(), position_cases(), [trajectory_case()]]
        write("attention", source, [entry for group in groups for entry in group])
