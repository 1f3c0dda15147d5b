"""Fans, standard deviations and bounds of PyTorch's initializers, each checked against drawn weights."""

import math

import torch
from torch.nn import init

from schema import case

# Hooke's kernel shapes: [in, out], then [...window, in / groups, out].
KERNELS = [[10, 64], [64, 64], [64, 1], [3, 16, 32], [3, 3, 4, 8], [5, 3, 1, 6], [3, 3, 3, 2, 4]]
GAINS = ["linear", "relu", "tanh", "sigmoid", "selu"]


def weight_of(kernel):
    """A torch weight `[out, in, ...window]` of the layer whose Hooke kernel has this shape."""
    return torch.empty(kernel[-1], kernel[-2], *kernel[:-2], dtype=torch.float64)


def many(draw, kernel):
    """Draws until there are enough numbers to tell a standard deviation or a bound."""
    generator = torch.Generator().manual_seed(1)
    weights = [draw(weight_of(kernel), generator).flatten() for _ in range(max(1, 60_000 // math.prod(kernel)))]
    return torch.cat(weights)


def check(drawn, std, bound):
    assert abs(drawn.std().item() / std - 1) < 0.02
    assert bound is None or 0.998 * bound < drawn.abs().max().item() <= bound


def rows(kernel):
    fan_in, fan_out = init._calculate_fan_in_and_fan_out(weight_of(kernel))
    assert (fan_in, fan_out) == (math.prod(kernel[:-1]), math.prod(kernel[:-2]) * kernel[-1])
    glorot, he, lecun = 2 / (fan_in + fan_out), 2 / fan_in, 1 / fan_in
    kaiming = lambda fn, nonlinearity: lambda w, g: fn(w, mode="fan_in", nonlinearity=nonlinearity, generator=g)
    table = [
        ("glorotUniform", glorot, True, lambda w, g: init.xavier_uniform_(w, generator=g)),
        ("glorotNormal", glorot, False, lambda w, g: init.xavier_normal_(w, generator=g)),
        ("heUniform", he, True, kaiming(init.kaiming_uniform_, "relu")),
        ("heNormal", he, False, kaiming(init.kaiming_normal_, "relu")),
        ("lecunUniform", lecun, True, kaiming(init.kaiming_uniform_, "linear")),
        ("lecunNormal", lecun, False, kaiming(init.kaiming_normal_, "linear")),
        # torch.nn.Linear and torch.nn.ConvNd: kaiming_uniform_(a=sqrt(5)), so bound = 1 / sqrt(fanIn).
        ("torchDefault", 1 / (3 * fan_in), True, lambda w, g: init.kaiming_uniform_(w, a=math.sqrt(5), generator=g)),
    ]
    for operation, variance, uniform, draw in table:
        bound = math.sqrt(3 * variance) if uniform else None
        check(many(draw, kernel), math.sqrt(variance), bound)
        outputs = {
            "fanIn": fan_in,
            "fanOut": fan_out,
            "std": math.sqrt(variance),
            **({"bound": bound} if uniform else {}),
        }
        yield case(
            f"{operation} {kernel}",
            operation,
            {"kernelShape": kernel, "distribution": "uniform" if uniform else "normal"},
            None,
            outputs,
        )


def default_bias(kernel):
    """Biases of torch's layers are uniform within 1 / sqrt(fanIn)."""
    fan_in = math.prod(kernel[:-1])
    torch.manual_seed(2)
    kind = [torch.nn.Linear, torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Conv3d][len(kernel) - 2]
    window = [kernel[:-2]] if len(kernel) > 2 else []
    build = lambda: kind(kernel[-2], kernel[-1], *[tuple(w) for w in window], dtype=torch.float64)
    layers = [build() for _ in range(max(1, 8_000 // kernel[-1]))]
    bound = 1 / math.sqrt(fan_in)
    check(torch.cat([layer.bias.detach() for layer in layers]), bound / math.sqrt(3), bound)
    check(
        torch.cat([layer.weight.detach().flatten() for layer in layers[: 1 + 60_000 // math.prod(kernel)]]),
        bound / math.sqrt(3),
        bound,
    )
    outputs = {"fanIn": fan_in, "std": bound / math.sqrt(3), "bound": bound}
    return case(
        f"torchDefaultBias {kernel}",
        "torchDefaultBias",
        {"kernelShape": kernel, "distribution": "uniform"},
        None,
        outputs,
    )


def cases():
    gains = [
        case(f"gain {name}", "gain", {"activation": name}, None, {"gain": float(init.calculate_gain(name))})
        for name in GAINS
    ]
    gains.append(
        case(
            "gain leakyRelu 0.2",
            "gain",
            {"activation": "leakyRelu", "negativeSlope": 0.2},
            None,
            {"gain": init.calculate_gain("leaky_relu", 0.2)},
        )
    )
    shaped = [entry for kernel in KERNELS for entry in [*rows(kernel), default_bias(kernel)]]
    return gains + shaped


FILES = {"initializers": cases}
