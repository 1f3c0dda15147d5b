"""Blocks and models of @hooke/layers-conv, and the layers of @hooke/core that they and networks use, in torch's functions."""

import math

import torch
import torch.nn.functional as F

from conv_layers import activated, child, layer, on_channels_first
from layers import EPSILON, dense


@layer("dense")
def linear(scope, config, x, rank):
    kernel, bias = scope.param("kernel", x.shape[-1], config["units"]), scope.param("bias", config["units"])
    return activated(config, dense(x, kernel, bias))


@layer("flatten")
def flatten(scope, config, x, rank):
    return x.flatten(1)


@layer("batchNorm")
def batch_norm(scope, config, x, rank):
    """In training."""
    channels = x.shape[-1]
    statistics, affine = scope.statistics(channels), [scope.param("scale", channels), scope.param("bias", channels)]
    return on_channels_first(lambda x: F.batch_norm(x.contiguous(), *statistics, *affine, True, 0.1, EPSILON), x)


@layer("sequential")
def sequential(scope, config, x, rank):
    for i, (type, options) in enumerate(config["layers"]):
        x = child(scope, str(i), type, options, x)
    return x


def normed(scope, name, norm, filters, window, x, stride=1):
    """A convolution as torchvision's ResNets have it, and its batch normalisation."""
    config = {"filters": filters, "kernelSize": window, "stride": stride, "padding": window // 2, "bias": False}
    return child(scope, norm, "batchNorm", {}, child(scope, name, "conv2d", config, x))


def shortcut(scope, filters, stride, x):
    if stride == 1 and x.shape[-1] == filters:
        return x
    return normed(scope.within("shortcut"), "0", "1", filters, 1, x, stride)


@layer("residualBlock")
def residual_block(scope, config, x, rank):
    filters, stride = config["filters"], config.get("stride", 1)
    inner = torch.relu(normed(scope, "conv1", "norm1", filters, 3, x, stride))
    return torch.relu(normed(scope, "conv2", "norm2", filters, 3, inner) + shortcut(scope, filters, stride, x))


@layer("bottleneckBlock")
def bottleneck_block(scope, config, x, rank):
    filters, stride = config["filters"], config.get("stride", 1)
    inner = torch.relu(normed(scope, "conv1", "norm1", filters, 1, x))
    inner = torch.relu(normed(scope, "conv2", "norm2", filters, 3, inner, stride))
    inner = normed(scope, "conv3", "norm3", 4 * filters, 1, inner)
    return torch.relu(inner + shortcut(scope, 4 * filters, stride, x))


def resnet(blocks):
    def fn(scope, config, x, rank):
        x = torch.relu(normed(scope, "conv1", "norm1", 64, 7, x, 2))
        x = child(scope, "pool", "maxPool2d", {"kernelSize": 3, "stride": 2, "padding": 1}, x)
        for stage, count in enumerate(blocks):
            for block in range(count):
                options = {"filters": 64 * 2**stage, "stride": 2 if stage > 0 and block == 0 else 1}
                x = child(scope.within(f"layer{stage + 1}"), str(block), "residualBlock", options, x)
        return child(scope, "head", "dense", {"units": config["outputs"]}, x.mean((1, 2)))

    return fn


layer("resnet18")(resnet([2, 2, 2, 2]))
layer("resnet34")(resnet([3, 4, 6, 3]))


def unit(scope, name, style, filters, window, stride, x, type="conv2d"):
    """A convolution of MobileNetV2 and its normalisation, or with a bias in its place."""
    size = {"filters": filters} if type == "conv2d" else {}
    padding = "same" if style.get("padding") == "same" else window // 2
    config = {**size, "kernelSize": window, "stride": stride, "padding": padding}
    if not style.get("norm", True):
        return child(scope, name, type, config, x)
    part = scope.within(name)
    return child(part, "norm", "batchNorm", {}, child(part, "conv", type, {**config, "bias": False}, x))


@layer("invertedResidualBlock")
def inverted_residual_block(scope, config, x, rank):
    filters, expanded, stride = config["filters"], config["expandedFilters"], config.get("stride", 1)
    inner = x if x.shape[-1] == expanded else F.relu6(unit(scope, "expand", config, expanded, 1, 1, x))
    inner = F.relu6(unit(scope, "depthwise", config, expanded, 3, stride, inner, "depthwiseConv2d"))
    inner = unit(scope, "project", config, filters, 1, 1, inner)
    return x + inner if stride == 1 and x.shape[-1] == filters else inner


def multiple_of_8(channels):
    """As torchvision's _make_divisible."""
    near = max(8, int(channels + 4) // 8 * 8)
    return near + 8 if near < 0.9 * channels else near


@layer("mobileNetV2")
def mobile_net_v2(scope, config, x, rank):
    width = config.get("width", 1)
    style = {key: config[key] for key in ["padding", "norm"] if key in config}
    channels, block = multiple_of_8(32 * width), 0
    x = F.relu6(unit(scope, "stem", style, channels, 3, 2, x))
    stages = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for expansion, outputs, count, stride in stages:
        for i in range(count):
            options = {"expandedFilters": expansion * channels, "stride": stride if i == 0 else 1, **style}
            channels = multiple_of_8(outputs * width)
            options = {"filters": channels, **options}
            x = child(scope.within("blocks"), str(block), "invertedResidualBlock", options, x)
            block += 1
    x = F.relu6(unit(scope, "last", style, multiple_of_8(1280 * max(1, width)), 1, 1, x))
    return child(scope, "head", "dense", {"units": config["outputs"]}, x.mean((1, 2)))


@layer("groupNorm")
def group_norm(scope, config, x, rank):
    channels = x.shape[-1]
    affine = [scope.param("scale", channels), scope.param("bias", channels)]
    return on_channels_first(lambda x: F.group_norm(x.contiguous(), config["groups"], *affine, EPSILON), x)


@layer("unetBlock")
def unet_block(scope, config, x, rank):
    norm, size = config.get("norm", "batchNorm"), {key: config[key] for key in config if key != "norm"}
    options = {"groups": math.gcd(8, config["filters"])} if norm == "groupNorm" else {}
    for name in ["first", "second"]:
        part = scope.within(name)
        x = child(part, "conv", "conv2d", {**size, "kernelSize": 3, "bias": norm == "none"}, x)
        x = torch.relu(x if norm == "none" else child(part, "norm", norm, options, x))
    return x


@layer("unet2d")
def unet(scope, config, x, rank):
    style = {key: config[key] for key in ["paddingMode", "norm"] if key in config}
    block = lambda name, level, x: child(scope, name, "unetBlock", {"filters": config["filters"] * 2**level, **style}, x)
    skipped = []
    for level in range(config["depth"]):
        skipped.append(block(f"down{level}", level, x))
        x = child(scope, "pool", "maxPool2d", {"kernelSize": 2}, skipped[-1])
    x = block(f"down{config['depth']}", config["depth"], x)
    for level in reversed(range(config["depth"])):
        up = {"filters": config["filters"] * 2**level, "kernelSize": 2, "stride": 2}
        x = torch.cat([skipped[level], child(scope, f"up{level}", "convTranspose2d", up, x)], -1)
        x = block(f"merge{level}", level, x)
    return child(scope, "head", "conv2d", {"filters": config.get("outputs", 1), "kernelSize": 1}, x)


def halved(scope, config, x, rank, filters):
    mode = {"paddingMode": config.get("paddingMode", "zeros")}
    for i, count in enumerate(filters):
        block = scope.within(f"block{i + 1}")
        x = child(block, "conv", f"conv{rank}d", {"filters": count, "kernelSize": 3, **mode}, x)
        x = child(block, "norm", "batchNorm", {}, x)
        x = child(scope, "pool", f"maxPool{rank}d", {"kernelSize": 2}, torch.relu(x))
    return x


def head(scope, config, units, x):
    x = child(scope, "hidden", "dense", {"units": units, "activation": "relu"}, x)
    return child(scope, "head", "dense", {"units": config["outputs"]}, x)


@layer("microstructureCNN")
def microstructure_cnn(scope, config, x, rank):
    return head(scope, config, 256, halved(scope, config, x, 2, [32, 64, 128]).flatten(1))


@layer("voxelCNN")
def voxel_cnn(scope, config, x, rank):
    return head(scope, config, 64, halved(scope, config, x, 3, [16, 32, 64]).mean((1, 2, 3)))


@layer("symmetricBatchNorm")
def symmetric_batch_norm(scope, config, x, rank):
    fields = x.unflatten(-1, (4 if config.get("group") == "p4" else 8, -1))
    return child(scope, "norm", "batchNorm", {}, fields).flatten(-2)


@layer("symmetricCNN")
def symmetric_cnn(scope, config, x, rank):
    group, mode = {"group": config["group"]}, {"paddingMode": config.get("paddingMode", "zeros")}
    for i, start in enumerate(["scalar", "regular", "regular"]):
        block = scope.within(f"block{i + 1}")
        options = {"fields": config["fields"] * 2**i, "kernelSize": 3, "from": start, **group, **mode}
        x = child(block, "norm", "symmetricBatchNorm", group, child(block, "conv", "symmetricConv2d", options, x))
        x = child(scope, "pool", "maxPool2d", {"kernelSize": 2}, torch.relu(x))
    return head(scope, config, 64, child(scope, "orientations", "fieldPool", group, x).mean((1, 2)))


@layer("textureNet")
def texture_net(scope, config, x, rank):
    """Each image with mean 0 and deviation 1; a convolution, four residual blocks and the mean over the image."""
    mode = {"paddingMode": config.get("paddingMode", "reflect"), "bias": False}

    def normed(scope, name, norm, filters, window, stride, x):
        config = {"filters": filters, "kernelSize": window, "stride": stride, "padding": window // 2, **mode}
        return child(scope, norm, "batchNorm", {}, child(scope, name, "conv2d", config, x))

    x = x - x.mean((1, 2, 3), keepdim=True)
    x = x / x.square().mean((1, 2, 3), keepdim=True).sqrt()
    x = torch.relu(normed(scope, "conv", "norm", 16, 5, 2, x))
    for i, (filters, stride) in enumerate([(16, 1), (32, 2), (64, 2), (128, 2)]):
        block = scope.within(f"block{i + 1}")
        inner = torch.relu(normed(block, "conv1", "norm1", filters, 3, stride, x))
        inner = normed(block, "conv2", "norm2", filters, 3, 1, inner)
        x = torch.relu(inner + (x if stride == 1 else normed(block.within("shortcut"), "0", "1", filters, 1, stride, x)))
    return x.mean((1, 2))
