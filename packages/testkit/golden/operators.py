"""Fourier neural operators: spectral convolutions by torch.fft and complex products, after the authors' program; a whole operator."""

import torch
import torch.nn.functional as F

from arrays import single
from derive import gradients_of, normal
from schema import case


def spectral(x, kernel, modes):
    """x [batch, ...space, inputs], kernel complex [...frequencies, inputs, channels] to [batch, ...space, channels]."""
    axes = list(range(1, x.dim() - 1))
    space = [x.shape[axis] for axis in axes]
    transformed = torch.fft.rfftn(x, dim=axes)
    out = torch.zeros(*transformed.shape[:-1], kernel.shape[-1], dtype=transformed.dtype)
    for corner in range(2 ** (len(axes) - 1)):
        # Along all axes but the last the frequencies from 0 up, or those below 0.
        below = [corner >> i & 1 for i in range(len(axes) - 1)] + [0]
        at = tuple(slice(-m, None) if low else slice(None, m) for m, low in zip(modes, below))
        letters = "xyz"[: len(axes)]
        product = torch.einsum(f"b{letters}i,{letters}io->b{letters}o", transformed[(slice(None), *at)], kernel[at])
        out[(slice(None), *at)] = product
    return torch.fft.irfftn(out, s=space, dim=axes)


def kernels(modes, inputs, channels, seed):
    shape = [*[2 * m for m in modes[:-1]], modes[-1], inputs, channels]
    return {"kernelReal": normal(*shape, seed=seed), "kernelImaginary": normal(*shape, seed=seed + 1)}


def spectral_cases():
    for seed, (space, modes, inputs, channels) in enumerate(
        [([8], [3], 2, 3), ([7], [4], 1, 2), ([6, 5], [2, 3], 2, 2), ([4, 8], [2, 2], 1, 3)]
    ):
        fn = lambda x, kernelReal, kernelImaginary, m=modes: spectral(x, torch.complex(kernelReal, kernelImaginary), m)
        params = kernels(modes, inputs, channels, 20 + 10 * seed)
        x = normal(2, *space, inputs, seed=seed)
        yield single(f"spectralConvolution {space} {modes}", "spectralConvolution", {"channels": channels, "modes": modes}, fn, seed, x=x, **params)


def operator_case():
    """Two Fourier layers of a one-dimensional operator."""
    modes, width, layers, projection = [3], 4, 2, 5
    linear = lambda seed, fan_in, fan_out: {"kernel": normal(fan_in, fan_out, seed=seed) / fan_in**0.5, "bias": normal(fan_out, seed=seed + 1) / 4}
    parts = {"lift": linear(100, 3, width), "project": linear(102, width, projection), "output": linear(104, projection, 1)}
    for i in range(layers):
        parts[f"local{i}"] = linear(110 + 2 * i, width, width)
        parts[f"spectral{i}"] = kernels(modes, width, width, 120 + 2 * i)
    inputs = {f"{part}.{name}": value for part, named in parts.items() for name, value in named.items()}

    def fn(x, **params):
        dense = lambda part, value: value @ params[f"{part}.kernel"] + params[f"{part}.bias"]
        places = (torch.arange(x.shape[1], dtype=x.dtype) / x.shape[1])[None, :, None].expand(x.shape[0], -1, 1)
        value = dense("lift", torch.cat([x, places], -1))
        for i in range(layers):
            kernel = torch.complex(params[f"spectral{i}.kernelReal"], params[f"spectral{i}.kernelImaginary"])
            value = spectral(value, kernel, modes) + dense(f"local{i}", value)
            value = value if i == layers - 1 else F.gelu(value)
        return dense("output", F.gelu(dense("project", value)))

    x = normal(2, 8, 2, seed=140)
    config = {"modes": modes, "width": width, "layers": layers, "projection": projection}
    found = gradients_of(fn, {"x": x, **inputs}, ["x", *inputs], normal(2, 8, 1, seed=141))
    return case("fourierNeuralOperator", "fourierNeuralOperator", config, **found)


def cases():
    def path(key):
        return key if key in ["x", "value", "cotangent"] else f"params.{key}"

    groups = ["inputs", "outputs", "gradients", "secondGradients"]
    return [
        {**entry, **{group: {path(key): value for key, value in entry[group].items()} for group in groups}}
        for entry in [*spectral_cases(), operator_case()]
    ]


FILES = {"operators": cases}
