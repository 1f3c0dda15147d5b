"""Convolutional layers, blocks and models with two derivatives."""

import math

import torch

from conv_layers import Scope, apply
from conv_networks import formulas, shapes_of, trajectory_cases
from derive import gradients_of, normal
from schema import case

CIRCULAR, REFLECT = {"paddingMode": "circular"}, {"paddingMode": "reflect"}
LINEAR = {"mode": "linear"}

# Name, beginning with the layer's type; options; shape of the input.
CONVOLUTIONS = [
    ("conv1d same", {"filters": 4, "kernelSize": 3}, [2, 7, 3]),
    ("conv1d even window", {"filters": 3, "kernelSize": 4}, [1, 8, 2]),
    ("conv1d valid", {"filters": 4, "kernelSize": 3, "padding": "valid"}, [2, 7, 3]),
    ("conv1d circular dilated", {"filters": 3, "kernelSize": 3, "dilation": 2, **CIRCULAR}, [2, 9, 2]),
    ("conv1d groups stride reflect", {"filters": 4, "kernelSize": 4, "groups": 2, "stride": 2, **REFLECT}, [2, 7, 4]),
    ("conv2d same stride", {"filters": 4, "kernelSize": 3, "stride": 2}, [2, 7, 6, 3]),
    ("conv2d explicit", {"filters": 3, "kernelSize": [3, 2], "padding": [[2, 0], 1]}, [1, 6, 5, 2]),
    ("conv2d reflect", {"filters": 3, "kernelSize": [3, 5], **REFLECT}, [2, 5, 6, 2]),
    ("conv2d circular", {"filters": 3, "kernelSize": 3, **CIRCULAR}, [2, 5, 6, 2]),
    ("conv2d circular stride", {"filters": 2, "kernelSize": [3, 4], "stride": [2, 1], **CIRCULAR}, [2, 5, 4, 2]),
    ("conv2d dilation", {"filters": 2, "kernelSize": [3, 2], "dilation": [2, 3], "stride": [1, 2]}, [1, 5, 6, 2]),
    ("conv2d groups", {"filters": 6, "kernelSize": 3, "groups": 2, "padding": 1}, [1, 5, 4, 4]),
    ("conv2d tanh without bias", {"filters": 2, "kernelSize": 2, "activation": "tanh", "bias": False}, [1, 3, 4, 2]),
    ("conv3d same", {"filters": 2, "kernelSize": 3}, [1, 4, 3, 4, 2]),
    ("conv3d circular", {"filters": 2, "kernelSize": 3, **CIRCULAR}, [1, 4, 3, 4, 1]),
    ("conv3d reflect stride", {"filters": 2, "kernelSize": [3, 2, 3], "stride": [1, 2, 1], **REFLECT}, [1, 3, 4, 3, 1]),
    ("conv3d groups dilation", {"filters": 4, "kernelSize": 2, "groups": 2, "dilation": [2, 1, 2]}, [1, 3, 3, 4, 2]),
    ("conv3d valid stride", {"filters": 2, "kernelSize": 2, "stride": [2, 1, 2], "padding": "valid"}, [2, 4, 3, 3, 2]),
    ("depthwiseConv1d", {"kernelSize": 3, "multiplier": 2, "dilation": 2, **CIRCULAR}, [2, 6, 3]),
    ("depthwiseConv2d", {"kernelSize": 3, "multiplier": 2, "stride": 2, "padding": 1}, [2, 5, 6, 3]),
    ("depthwiseConv3d", {"kernelSize": [2, 3, 2], "stride": [1, 2, 1], "bias": False, **REFLECT}, [1, 3, 4, 3, 2]),
    ("separableConv1d", {"filters": 3, "kernelSize": 3, "multiplier": 2, "stride": 2, "activation": "tanh"}, [2, 7, 2]),
    ("separableConv2d", {"filters": 4, "kernelSize": 3}, [1, 4, 5, 3]),
    ("separableConv3d", {"filters": 3, "kernelSize": 2, "dilation": 2, "bias": False}, [1, 4, 3, 3, 2]),
]

TRANSPOSED = [
    ("convTranspose1d", {"filters": 2, "kernelSize": 4, "stride": 2, "padding": 1}, [2, 5, 3]),
    (
        "convTranspose1d output padding beyond the stride",
        {"filters": 2, "kernelSize": 3, "dilation": 2, "outputPadding": 1, "padding": "valid"},
        [2, 4, 2],
    ),
    (
        "convTranspose2d",
        {"filters": 2, "kernelSize": 3, "stride": 2, "padding": 1, "outputPadding": 1, "groups": 2},
        [1, 3, 4, 4],
    ),
    ("convTranspose2d valid", {"filters": 3, "kernelSize": [3, 2], "dilation": 2, "padding": "valid"}, [2, 3, 3, 2]),
    ("convTranspose2d twice", {"filters": 3, "kernelSize": 2, "stride": 2}, [1, 3, 4, 2]),
    ("convTranspose2d same", {"filters": 2, "kernelSize": [3, 4], "stride": [2, 1]}, [1, 3, 4, 2]),
    ("convTranspose2d cut unevenly", {"filters": 2, "kernelSize": 3, "padding": [[2, 0], 1]}, [1, 3, 4, 2]),
    (
        "convTranspose2d output padding beyond the stride",
        {"filters": 2, "kernelSize": [2, 3], "stride": [1, 2], "dilation": [3, 4], "padding": 1, "outputPadding": [2, 3]},
        [1, 3, 2, 2],
    ),
    ("convTranspose3d", {"filters": 2, "kernelSize": 2, "stride": 2}, [1, 2, 3, 2, 2]),
    (
        "convTranspose3d groups",
        {"filters": 4, "kernelSize": 3, "stride": 2, "padding": 1, "outputPadding": [1, 0, 1], "groups": 2},
        [1, 2, 2, 1, 2],
    ),
]

# Windows shorter than the stride: "same" is torch's output padding.
SHORT = [
    ("convTranspose1d of single points", {"filters": 2, "kernelSize": 1, "stride": 2}, [1, 5, 2]),
    ("convTranspose1d short", {"filters": 2, "kernelSize": 2, "stride": 4, "outputPadding": 1}, [1, 3, 2]),
    ("convTranspose1d short, dilated", {"filters": 1, "kernelSize": 2, "dilation": 2, "stride": 5, "bias": False}, [1, 3, 2]),
    ("convTranspose2d short", {"filters": 2, "kernelSize": [1, 3], "stride": [2, 2], "activation": "tanh"}, [1, 3, 2, 2]),
    ("convTranspose2d short, groups", {"filters": 2, "kernelSize": [2, 1], "stride": 3, "groups": 2}, [1, 2, 3, 2]),
    ("convTranspose3d short", {"filters": 1, "kernelSize": [1, 2, 1], "stride": [2, 3, 1]}, [1, 2, 2, 1, 2]),
]

INVERTED = [
    ("invertedResidualBlock", {"filters": 2, "expandedFilters": 5}, [2, 4, 3, 2]),
    ("invertedResidualBlock unexpanded", {"filters": 2, "expandedFilters": 3, "stride": 2}, [2, 5, 4, 3]),
    (
        "invertedResidualBlock folded",
        {"filters": 2, "expandedFilters": 3, "stride": 2, "padding": "same", "norm": False},
        [2, 4, 5, 2],
    ),
]

SYMMETRIC = [
    ("symmetricConv2d of scalars", {"fields": 2, "kernelSize": 3, "from": "scalar", "to": "scalar"}, [2, 4, 5, 3]),
    ("symmetricConv2d lifted", {"fields": 2, "kernelSize": 3, "group": "p4", "from": "scalar", **CIRCULAR}, [2, 4, 5, 2]),
    ("symmetricConv2d", {"fields": 2, "kernelSize": 3, "group": "p4", "activation": "tanh"}, [1, 4, 5, 8]),
    ("symmetricConv2d to scalars", {"fields": 2, "kernelSize": 1, "group": "p4", "to": "scalar", "bias": False}, [1, 2, 3, 4]),
    ("symmetricBatchNorm", {"group": "p4"}, [3, 2, 2, 8]),
    ("fieldPool", {}, [1, 2, 3, 16]),
    ("fieldPool mean", {"group": "p4", "kind": "mean"}, [2, 2, 2, 8]),
]

POOLING = [
    ("maxPool1d", {"kernelSize": 3, "stride": 2, "padding": 1}, [2, 9, 2]),
    ("maxPool2d", {"kernelSize": 2}, [1, 5, 6, 2]),
    ("maxPool2d padded", {"kernelSize": [3, 2], "stride": [1, 2], "padding": 1}, [2, 4, 5, 2]),
    ("maxPool3d", {"kernelSize": 2}, [1, 4, 4, 5, 2]),
    ("maxPool3d padded", {"kernelSize": 3, "stride": [2, 1, 2], "padding": [1, 0, 1]}, [1, 4, 4, 3, 2]),
    ("averagePool1d", {"kernelSize": 3, "stride": 2, "padding": 1}, [1, 8, 2]),
    ("averagePool1d half the window", {"kernelSize": 2, "stride": 1, "padding": 1, "includePadding": False}, [1, 4, 2]),
    ("averagePool2d", {"kernelSize": 3, "stride": 2, "padding": 1, "includePadding": False}, [2, 6, 5, 2]),
    ("averagePool2d with padding", {"kernelSize": [3, 2], "stride": [2, 1], "padding": 1}, [2, 4, 5, 2]),
    ("averagePool3d", {"kernelSize": 2}, [1, 4, 4, 4, 2]),
    ("averagePool3d with padding", {"kernelSize": [3, 2, 2], "stride": [1, 2, 1], "padding": 1}, [1, 3, 4, 2, 2]),
    (
        "averagePool3d without padding",
        {"kernelSize": 3, "stride": 2, "padding": [1, 0, 1], "includePadding": False},
        [1, 3, 4, 4, 2],
    ),
    ("adaptiveAveragePool line", {"outputSize": 3}, [2, 7, 2]),
    ("adaptiveAveragePool", {"outputSize": [3, 2]}, [2, 7, 5, 2]),
    ("adaptiveAveragePool volume", {"outputSize": [2, 3, 4]}, [1, 5, 4, 3, 2]),
    ("adaptiveMaxPool line", {"outputSize": 4}, [2, 7, 2]),
    ("adaptiveMaxPool", {"outputSize": 3}, [2, 7, 5, 2]),
    ("adaptiveMaxPool volume", {"outputSize": [2, 3, 2]}, [1, 5, 4, 3, 2]),
    *[
        (f"global{kind}Pool{name}", {}, [2, *spatial, 2])
        for kind in ["Average", "Max"]
        for name, spatial in [(" line", [5]), ("", [3, 4]), (" volume", [2, 3, 2])]
    ],
    ("upsample nearest", {}, [1, 3, 2, 2]),
    ("upsample nearest line", {"scale": 3}, [2, 4, 2]),
    ("upsample nearest volume", {"scale": [1, 3, 2]}, [1, 2, 2, 3, 1]),
    ("upsample linear", {**LINEAR, "scale": 2.5}, [2, 3, 2]),
    ("upsample linear to the same size", {**LINEAR, "scale": 1.3}, [2, 3, 2]),
    ("upsample linear of one point", {**LINEAR, "scale": 3}, [2, 1, 2]),
    ("upsample bilinear", LINEAR, [1, 3, 4, 2]),
    ("upsample bilinear fractional", {**LINEAR, "scale": [1.7, 1.2]}, [1, 3, 4, 2]),
    ("upsample bilinear corners", {**LINEAR, "scale": 3, "alignCorners": True}, [1, 3, 4, 1]),
    ("upsample trilinear", LINEAR, [1, 2, 3, 2, 1]),
    ("upsample trilinear corners fractional", {**LINEAR, "scale": [1.5, 1, 2.5], "alignCorners": True}, [1, 3, 2, 2, 1]),
]

BLOCKS = [
    ("residualBlock", {"filters": 3}, [2, 4, 3, 3]),
    ("residualBlock projected", {"filters": 4, "stride": 2}, [2, 5, 4, 2]),
    ("bottleneckBlock", {"filters": 2, "stride": 2}, [2, 4, 4, 3]),
    ("bottleneckBlock unprojected", {"filters": 1}, [2, 3, 3, 4]),
    ("unetBlock", {"filters": 2, **CIRCULAR}, [2, 4, 3, 2]),
]

MODELS = [
    ("microstructureCNN", {"outputs": 2}, [2, 8, 17, 1]),
    ("microstructureCNN circular", {"outputs": 1, **CIRCULAR}, [2, 16, 8, 1]),
    ("voxelCNN", {"outputs": 2}, [2, 8, 8, 9, 1]),
    ("voxelCNN circular", {"outputs": 1, **CIRCULAR}, [2, 8, 8, 8, 1]),
    ("unet2d", {"filters": 2, "depth": 2, "outputs": 3}, [2, 8, 4, 1]),
    ("unet2d circular", {"filters": 2, "depth": 3, **CIRCULAR}, [1, 16, 8, 1]),
    ("resnet18", {"outputs": 3}, [3, 17, 34, 1]),
    ("resnet34", {"outputs": 3}, [3, 34, 17, 1]),
    ("textureNet", {}, [1, 33, 32, 1]),
    ("mobileNetV2", {"outputs": 3, "width": 0.25}, [3, 17, 33, 1]),
    ("unet2d in groups", {"filters": 4, "depth": 1, "norm": "groupNorm", **CIRCULAR}, [2, 4, 6, 1]),
    ("unet2d without normalisation", {"filters": 2, "depth": 2, "norm": "none"}, [2, 8, 4, 2]),
    ("symmetricCNN", {"outputs": 2, "fields": 2, "group": "p4", **CIRCULAR}, [2, 8, 16, 1]),
]


def layer_case(name, config, shape, seed):
    operation, x = name.split()[0], normal(*shape, seed=seed)
    shapes, _ = shapes_of(operation, config, x)
    params = {f"params.{path}": normal(*size, seed=seed + 100 + i) for i, (path, size) in enumerate(shapes.items())}
    fn = lambda x, **params: apply(Scope({key[7:]: value for key, value in params.items()}), operation, config, x)
    cotangent = normal(*fn(x, **params).shape, seed=seed + 50)
    return case(name, operation, config, **gradients_of(fn, {"x": x, **params}, ["x", *params], cotangent))


def model_case(name, config, shape, seed):
    """Of the weights `w + offset * reversed(w)`, the last axis reversed, derivatives in one offset for each array."""
    operation, x = name.split()[0], normal(*shape, seed=seed)
    weights = formulas(shapes_of(operation, config, x)[0], seed)
    base = {path: weight.tensor() for path, weight in weights.items()}

    def fn(x, offsets):
        params = {path: weight + offset * weight.flip(-1) for (path, weight), offset in zip(base.items(), offsets)}
        return apply(Scope(params), operation, config, x)

    inputs = {"x": x, "offsets": torch.zeros(len(base), dtype=torch.float64)}
    cotangent = normal(*fn(**inputs).shape, seed=seed + 50)
    derivatives = lambda cotangent: gradients_of(fn, inputs, ["x", "offsets"], cotangent)
    # Deep networks have large gradients, and second ones with larger rounding errors than the comparison allows: divided here.
    largest = max(gradient.abs().max().item() for gradient in derivatives(cotangent)["gradients"].values())
    groups = derivatives(cotangent / 10 ** max(0, math.ceil(math.log10(largest))))
    groups["inputs"] |= {f"params.{path}": weight for path, weight in weights.items()}
    return case(name, operation, config, **groups)


def layer_cases():
    layers = [*CONVOLUTIONS, *TRANSPOSED, *POOLING, *BLOCKS, *SHORT, *INVERTED, *SYMMETRIC]
    return [layer_case(*spec, seed=300 + 2 * i) for i, spec in enumerate(layers)]


def model_cases():
    return [model_case(*spec, seed=900 + i) for i, spec in enumerate(MODELS)]


FILES = {"conv": layer_cases, "conv-models": model_cases, "conv-trajectories": trajectory_cases}
