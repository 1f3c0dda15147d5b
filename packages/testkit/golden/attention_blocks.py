"""Transformer blocks and stacks of them: PyTorch's modules, with their weights in Hooke's layout."""

import torch
from torch import nn
from torch.func import functional_call

from attention_layers import HEADS, WIDTH, attention_params, attention_state, hidden_future, kept_after
from derive import gradients_of, normal
from schema import case

HIDDEN = 5


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

        def decode(x, **params):
            memory = params["extras.memory"]
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
        found["inputs"]["extras.lengths"] = lengths.int()
        name = f"transformerEncoderBlock {norm} {activation}"
        yield case(name, "transformerEncoderBlock", {**config, "causal": causal}, **found)
        if (norm, activation) in [("post", "relu"), ("pre", "gelu")]:
            inputs = {
                "x": normal(2, 3, WIDTH, seed=seed + 950),
                "extras.memory": normal(2, 4, WIDTH, seed=seed + 960),
                **block_params(seed * 50 + 3000, True),
            }
            found = gradients_of(decode, inputs, list(inputs), normal(2, 3, WIDTH, seed=seed + 970))
            found["inputs"] |= {"extras.lengths": lengths.int(), "extras.memoryLengths": memory_lengths.int()}
            yield case(f"transformerDecoderBlock {norm} {activation}", "transformerDecoderBlock", config, **found)


def stack_params(prefix, seed, blocks, decoder, norm):
    params = {}
    for block in range(blocks):
        own = block_params(seed + 50 * block, decoder)
        params |= {key.replace("params.", f"{prefix}{block}."): value for key, value in own.items()}
    if norm == "pre":
        params[f"{prefix}norm.scale"] = normal(WIDTH, seed=seed + 48) / 4 + 1
        params[f"{prefix}norm.bias"] = normal(WIDTH, seed=seed + 49) / 4
    return params


def stack_module(blocks, decoder, norm, activation, dtype):
    layer, stack = (
        (nn.TransformerDecoderLayer, nn.TransformerDecoder)
        if decoder
        else (nn.TransformerEncoderLayer, nn.TransformerEncoder)
    )
    kinds = {"dropout": 0.0, "activation": activation, "norm_first": norm == "pre"}
    block = layer(WIDTH, HEADS, HIDDEN, batch_first=True, dtype=dtype, **kinds)
    last = nn.LayerNorm(WIDTH, dtype=dtype) if norm == "pre" else None
    return stack(block, blocks, last) if decoder else stack(block, blocks, last, enable_nested_tensor=False)


def stack_state(params, prefix, blocks, decoder):
    state = {}
    for block in range(blocks):
        state |= block_state(params, f"{prefix}{block}.", f"layers.{block}.", decoder)
    if f"{prefix}norm.scale" in params:
        state |= {"norm.weight": params[f"{prefix}norm.scale"], "norm.bias": params[f"{prefix}norm.bias"]}
    return state


def encode(module, params, prefix, blocks, x, causal=False, lengths=None):
    masks = {
        "mask": hidden_future(x.shape[1]) if causal else None,
        "src_key_padding_mask": kept_after(lengths, x.shape[1]),
    }
    return functional_call(module, stack_state(params, prefix, blocks, False), (x,), masks)


def decode(module, params, prefix, blocks, x, memory, memory_lengths=None):
    masks = {
        "tgt_mask": hidden_future(x.shape[1]),
        "memory_key_padding_mask": kept_after(memory_lengths, memory.shape[1]),
    }
    return functional_call(module, stack_state(params, prefix, blocks, True), (x, memory), masks)


def stack_cases():
    for seed, (norm, decoder) in enumerate([("pre", False), ("post", False), ("pre", True), ("post", True)]):
        blocks = 1 if decoder else 2
        module = stack_module(blocks, decoder, norm, "relu", torch.float64)
        inputs = {
            "x": normal(2, 3, WIDTH, seed=seed + 1600),
            **stack_params("params.", 200 * seed + 5000, blocks, decoder, norm),
        }
        limits = torch.tensor([3, 2])
        if decoder:
            inputs["extras.memory"] = normal(2, 4, WIDTH, seed=seed + 1610)

        def fn(x, **given):
            if decoder:
                return decode(module, given, "params.", blocks, x, given["extras.memory"], limits)
            return encode(module, given, "params.", blocks, x, False, limits)

        found = gradients_of(fn, inputs, list(inputs), normal(2, 3, WIDTH, seed=seed + 1620))
        found["inputs"]["extras.memoryLengths" if decoder else "extras.lengths"] = limits.int()
        operation = f"transformer{'Decoder' if decoder else 'Encoder'}"
        config = {"width": WIDTH, "heads": HEADS, "feedForwardSize": HIDDEN, "blocks": blocks, "norm": norm}
        yield case(f"{operation} {norm}", operation, config, **found)
