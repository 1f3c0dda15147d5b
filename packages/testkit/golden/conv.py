"""Convolutional layers, residual blocks and small networks of them, and fifty training steps of two networks."""

import torch
import torch.nn.functional as F

from arrays import channels_first, channels_last
from derive import gradients_of, normal
from layers import EPSILON, dense
from schema import case, write
from trajectories import STEPS, train


def weight(kernel):
    """`[...window, in, out]` as torch's `[out, in, ...window]`; of a transposed convolution its `[in, out, ...window]`."""
    return kernel.movedim(-1, 0).movedim(-1, 1).contiguous()


def module(kind, rank):
    return getattr(torch.nn.functional, f"{kind}{rank}d")


MODES = {"zeros": "constant", "reflect": "reflect", "circular": "circular"}


def bordered(x, padding, mode="zeros"):
    sides = [side for pair in reversed(padding) for side in pair]
    return F.pad(x, sides, mode=MODES[mode]) if any(sides) else x


def conv(x, kernel, bias=None, stride=1, padding=None, dilation=1, groups=1, mode="zeros"):
    x = channels_first(x).contiguous()
    x = bordered(x, padding, mode) if padding else x
    fn = module("conv", kernel.dim() - 2)
    return channels_last(fn(x, weight(kernel), bias, stride=stride, dilation=dilation, groups=groups))


def conv_transpose(x, kernel, bias=None, **options):
    fn = module("conv_transpose", kernel.dim() - 2)
    return channels_last(fn(channels_first(x).contiguous(), weight(kernel), bias, **options))


def layer_case(name, operation, config, fn, shape, seed, params=None):
    """`fn(x, params)`; `params` by path, shapes or tensors."""
    x = normal(*shape, seed=seed)
    params = {
        f"params.{path}": normal(*value, seed=seed + 100 + i) if isinstance(value, list) else value
        for i, (path, value) in enumerate((params or {}).items())
    }
    call = lambda x, **rest: fn(x, {key.removeprefix("params."): value for key, value in rest.items()})
    cotangent = normal(*call(x, **params).shape, seed=seed + 50)
    groups = gradients_of(call, {"x": x, **params}, ["x", *params], cotangent)
    return case(name, operation, config, **groups)


def convolution_cases():
    specs = [
        # name, input, kernel, layer's options, torch's padding
        ("conv1d same", [2, 7, 3], [3, 3, 4], {"kernelSize": 3}, [[1, 1]]),
        ("conv1d even window", [1, 8, 2], [4, 2, 3], {"kernelSize": 4}, [[1, 2]]),
        ("conv1d valid", [2, 7, 3], [3, 3, 4], {"kernelSize": 3, "padding": "valid"}, None),
        ("conv1d circular dilated", [2, 9, 2], [3, 2, 3], {"kernelSize": 3, "dilation": 2, "paddingMode": "circular"}, [[2, 2]]),
        ("conv2d same stride", [2, 7, 6, 3], [3, 3, 3, 4], {"kernelSize": 3, "stride": 2}, [[1, 1], [0, 1]]),
        ("conv2d explicit", [1, 6, 5, 2], [3, 2, 2, 3], {"kernelSize": [3, 2], "padding": [[2, 0], 1]}, [[2, 0], [1, 1]]),
        ("conv2d reflect", [2, 5, 6, 2], [3, 5, 2, 3], {"kernelSize": [3, 5], "paddingMode": "reflect"}, [[1, 1], [2, 2]]),
        ("conv2d circular", [2, 5, 6, 2], [3, 3, 2, 3], {"kernelSize": 3, "paddingMode": "circular"}, [[1, 1], [1, 1]]),
        ("conv2d groups", [1, 5, 4, 4], [3, 3, 2, 6], {"kernelSize": 3, "groups": 2, "padding": 1}, [[1, 1], [1, 1]]),
        ("conv3d same", [1, 4, 3, 4, 2], [3, 3, 3, 2, 2], {"kernelSize": 3}, [[1, 1]] * 3),
        ("conv3d circular", [1, 4, 3, 4, 1], [3, 3, 3, 1, 2], {"kernelSize": 3, "paddingMode": "circular"}, [[1, 1]] * 3),
    ]
    for seed, (name, x, kernel, options, padding) in enumerate(specs):
        given = {
            "stride": options.get("stride", 1),
            "dilation": options.get("dilation", 1),
            "groups": options.get("groups", 1),
            "mode": options.get("paddingMode", "zeros"),
            "padding": padding,
        }
        fn = lambda x, p, given=given: conv(x, p["kernel"], p["bias"], **given)
        config = {"filters": kernel[-1], **options}
        params = {"kernel": kernel, "bias": [kernel[-1]]}
        yield layer_case(name, f"conv{len(x) - 2}d", config, fn, x, 300 + seed, params)
    depthwise = lambda x, p: conv(x, p["kernel"], p["bias"], padding=[[1, 1], [1, 1]], stride=2, groups=3)
    yield layer_case(
        "depthwiseConv2d",
        "depthwiseConv2d",
        {"kernelSize": 3, "multiplier": 2, "stride": 2, "padding": 1},
        depthwise,
        [2, 5, 6, 3],
        330,
        {"kernel": [3, 3, 1, 6], "bias": [6]},
    )
    separable = lambda x, p: conv(
        conv(x, p["depthwise.kernel"], padding=[[1, 1], [1, 1]], groups=3), p["pointwise.kernel"], p["pointwise.bias"]
    )
    yield layer_case(
        "separableConv2d",
        "separableConv2d",
        {"filters": 4, "kernelSize": 3},
        separable,
        [1, 4, 5, 3],
        331,
        {"depthwise.kernel": [3, 3, 1, 3], "pointwise.kernel": [1, 1, 3, 4], "pointwise.bias": [4]},
    )


def transposed_cases():
    specs = [
        ("convTranspose1d", [2, 5, 3], [4, 2, 3], {"kernelSize": 4, "stride": 2, "padding": 1}, {"stride": 2, "padding": 1}),
        (
            "convTranspose2d",
            [1, 3, 4, 4],
            [3, 3, 1, 4],
            {"kernelSize": 3, "stride": 2, "padding": 1, "outputPadding": 1, "groups": 2},
            {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2},
        ),
        ("convTranspose2d valid", [2, 3, 3, 2], [3, 2, 3, 2], {"kernelSize": [3, 2], "dilation": 2, "padding": "valid"}, {"dilation": 2}),
        ("convTranspose2d twice", [1, 3, 4, 2], [2, 2, 3, 2], {"kernelSize": 2, "stride": 2}, {"stride": 2}),
        ("convTranspose3d", [1, 2, 3, 2, 2], [2, 2, 2, 2, 2], {"kernelSize": 2, "stride": 2}, {"stride": 2}),
    ]
    for seed, (name, x, kernel, options, given) in enumerate(specs):
        filters = kernel[-2] * options.get("groups", 1)
        fn = lambda x, p, given=given: conv_transpose(x, p["kernel"], p["bias"], **given)
        params = {"kernel": kernel, "bias": [filters]}
        yield layer_case(name, name.split()[0], {"filters": filters, **options}, fn, x, 340 + seed, params)


def first(fn):
    """A channels-first function of an array alone."""
    return lambda x, p: channels_last(fn(channels_first(x)))


def pooling_cases():
    specs = [
        ("maxPool1d", {"kernelSize": 3, "stride": 2, "padding": 1}, lambda x: F.max_pool1d(x, 3, 2, 1), [2, 9, 2]),
        ("maxPool2d", {"kernelSize": 2}, lambda x: F.max_pool2d(x, 2), [1, 5, 6, 2]),
        ("maxPool3d", {"kernelSize": 2}, lambda x: F.max_pool3d(x, 2), [1, 4, 4, 5, 2]),
        ("averagePool1d", {"kernelSize": 3, "stride": 2, "padding": 1}, lambda x: F.avg_pool1d(x, 3, 2, 1), [1, 8, 2]),
        (
            "averagePool2d",
            {"kernelSize": 3, "stride": 2, "padding": 1, "includePadding": False},
            lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
            [2, 6, 5, 2],
        ),
        ("averagePool3d", {"kernelSize": 2}, lambda x: F.avg_pool3d(x, 2), [1, 4, 4, 4, 2]),
        ("adaptiveAveragePool", {"outputSize": [3, 2]}, lambda x: F.adaptive_avg_pool2d(x, (3, 2)), [2, 7, 5, 2]),
        ("adaptiveMaxPool", {"outputSize": 3}, lambda x: F.adaptive_max_pool2d(x, 3), [2, 7, 5, 2]),
        ("upsample nearest", {}, lambda x: F.interpolate(x, scale_factor=2, mode="nearest"), [1, 3, 2, 2]),
        (
            "upsample bilinear",
            {"mode": "linear"},
            lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False),
            [1, 3, 4, 2],
        ),
        (
            "upsample bilinear corners",
            {"mode": "linear", "scale": 3, "alignCorners": True},
            lambda x: F.interpolate(x, scale_factor=3, mode="bilinear", align_corners=True),
            [1, 3, 4, 1],
        ),
        (
            "upsample trilinear",
            {"mode": "linear"},
            lambda x: F.interpolate(x, scale_factor=2, mode="trilinear", align_corners=False),
            [1, 2, 3, 2, 1],
        ),
    ]
    for seed, (name, config, fn, shape) in enumerate(specs):
        yield layer_case(name, name.split()[0], config, first(fn), shape, 360 + seed)
    mean = lambda x, p: x.mean((1, 2))
    yield layer_case("globalAveragePool", "globalAveragePool", {}, mean, [2, 3, 4, 2], 380)
    yield layer_case("globalMaxPool", "globalMaxPool", {}, lambda x, p: x.amax((1, 2)), [2, 3, 4, 2], 381)


def normed(x, p, name, training=True, state=None):
    mean, variance = (state[f"{name}.mean"], state[f"{name}.variance"]) if state is not None else (None, None)
    x = F.batch_norm(channels_first(x).contiguous(), mean, variance, p[f"{name}.scale"], p[f"{name}.bias"], training, 0.1, EPSILON)
    return channels_last(x)


def norm_shapes(name, channels):
    return {f"{name}.scale": [channels], f"{name}.bias": [channels]}


def residual(x, p, stride, state=None, prefix=""):
    at = lambda name: f"{prefix}{name}"
    same = [[1, 1], [1, 1]]
    inner = torch.relu(normed(conv(x, p[at("conv1.kernel")], padding=same, stride=stride), p, at("norm1"), True, state))
    inner = normed(conv(inner, p[at("conv2.kernel")], padding=same), p, at("norm2"), True, state)
    if at("shortcut.0.kernel") in p:
        x = normed(conv(x, p[at("shortcut.0.kernel")], stride=stride), p, at("shortcut.1"), True, state)
    return torch.relu(inner + x)


def bottleneck(x, p, stride):
    inner = torch.relu(normed(conv(x, p["conv1.kernel"]), p, "norm1"))
    inner = torch.relu(normed(conv(inner, p["conv2.kernel"], padding=[[1, 1], [1, 1]], stride=stride), p, "norm2"))
    inner = normed(conv(inner, p["conv3.kernel"]), p, "norm3")
    return torch.relu(inner + normed(conv(x, p["shortcut.0.kernel"], stride=stride), p, "shortcut.1"))


def residual_shapes(channels, filters, projected, prefix=""):
    shapes = {
        "conv1.kernel": [3, 3, channels, filters],
        **norm_shapes("norm1", filters),
        "conv2.kernel": [3, 3, filters, filters],
        **norm_shapes("norm2", filters),
    }
    if projected:
        shapes |= {"shortcut.0.kernel": [1, 1, channels, filters], **norm_shapes("shortcut.1", filters)}
    return {prefix + name: shape for name, shape in shapes.items()}


def block_cases():
    plain = lambda x, p: residual(x, p, 1)
    halved = lambda x, p: residual(x, p, 2)
    yield layer_case("residualBlock", "residualBlock", {"filters": 3}, plain, [2, 4, 3, 3], 390, residual_shapes(3, 3, False))
    yield layer_case(
        "residualBlock projected",
        "residualBlock",
        {"filters": 4, "stride": 2},
        halved,
        [2, 5, 4, 2],
        391,
        residual_shapes(2, 4, True),
    )
    shapes = {
        "conv1.kernel": [1, 1, 3, 2],
        **norm_shapes("norm1", 2),
        "conv2.kernel": [3, 3, 2, 2],
        **norm_shapes("norm2", 2),
        "conv3.kernel": [1, 1, 2, 8],
        **norm_shapes("norm3", 8),
        "shortcut.0.kernel": [1, 1, 3, 8],
        **norm_shapes("shortcut.1", 8),
    }
    yield layer_case(
        "bottleneckBlock",
        "bottleneckBlock",
        {"filters": 2, "stride": 2},
        lambda x, p: bottleneck(x, p, 2),
        [2, 4, 4, 3],
        392,
        shapes,
    )


def made(shapes, seed):
    """Weights whose outputs stay of order one; scales near one."""
    params = {}
    for i, (name, shape) in enumerate(shapes.items()):
        values = normal(*shape, seed=seed + i)
        fan_in = torch.tensor(shape[:-1]).prod().item() if len(shape) > 1 else 10
        params[name] = 1 + values / 10 if name.endswith("scale") else values / fan_in**0.5
    return params


def norm_state(names):
    return {f"{name}.{part}": torch.full([size], float(part == "variance")) for name, size in names.items() for part in ["mean", "variance"]}


def double(x, p, state, name):
    for part in ["first", "second"]:
        at = f"{name}.{part}"
        x = torch.relu(normed(conv(x, p[f"{at}.conv.kernel"], padding=[[1, 1], [1, 1]]), p, f"{at}.norm", True, state))
    return x


def unet(x, p, state):
    """Depth 1."""
    skipped = double(x, p, state, "down0")
    deep = double(channels_last(F.max_pool2d(channels_first(skipped), 2)), p, state, "down1")
    up = conv_transpose(deep, p["up0.kernel"], p["up0.bias"], stride=2)
    return conv(double(torch.cat([skipped, up], -1), p, state, "merge0"), p["head.kernel"], p["head.bias"])


def residual_net(x, p, state):
    x = residual(conv(x, p["0.kernel"], p["0.bias"], padding=[[1, 1], [1, 1]]), p, 2, state, "1.")
    return dense(x.mean((1, 2)), p["3.kernel"], p["3.bias"])


def networks():
    images = normal(32, 8, 8, 1, seed=500)
    means = images.mean((1, 2)).mul(4).mul(1e4).round().div(1e4)
    residual_params = {"0.kernel": [3, 3, 1, 4], "0.bias": [4], **residual_shapes(4, 6, True, "1."), "3.kernel": [6, 1], "3.bias": [1]}
    yield (
        ("residual net sgd", "residualNet", {"channels": 4, "filters": 6}),
        residual_net,
        images,
        means,
        residual_params,
        {"1.norm1": 6, "1.norm2": 6, "1.shortcut.1": 6},
        {"optimizer": "sgd", "learningRate": 0.02, "momentum": 0.9},
    )
    unet_shapes, unet_norms = {}, {}
    for name, inputs, outputs in [("down0", 1, 3), ("down1", 3, 6), ("merge0", 6, 3)]:
        for part, channels in [("first", inputs), ("second", outputs)]:
            at = f"{name}.{part}"
            unet_shapes |= {f"{at}.conv.kernel": [3, 3, channels, outputs], **norm_shapes(f"{at}.norm", outputs)}
            unet_norms |= {f"{at}.norm": outputs}
    unet_shapes |= {"up0.kernel": [2, 2, 3, 6], "up0.bias": [3], "head.kernel": [1, 1, 3, 1], "head.bias": [1]}
    yield (
        ("unet2d adam", "unet2d", {"filters": 3, "depth": 1}),
        unet,
        images,
        (images.cumsum(1) / 3).mul(1e4).round().div(1e4),
        unet_shapes,
        unet_norms,
        {"optimizer": "adam", "learningRate": 5e-3},
    )


def trajectory_cases():
    optimizers = {
        "sgd": lambda p: torch.optim.SGD(p, 0.02, momentum=0.9, foreach=False),
        "adam": lambda p: torch.optim.Adam(p, 5e-3, foreach=False),
    }
    for seed, ((name, operation, config), network, x, y, shapes, norms, settings) in enumerate(networks()):
        params, state = made(shapes, 600 + 50 * seed), norm_state(norms)
        run = lambda dtype: train(network, F.mse_loss, x, y, params, state, 8, optimizers[settings["optimizer"]], dtype)
        losses, final, final_state = run(torch.float32)
        exact = run(torch.float64)[0]
        assert losses[-4:].mean() < losses[:4].mean(), f"{name} does not learn"
        print(f"{name}: f32 from f64, relative: losses {((losses - exact) / exact).abs().max().item():.1e}")
        single = lambda entries, prefix: {f"{prefix}.{key}": value.float() for key, value in entries.items()}
        inputs = {"x": x.float(), "targets": y.float(), **single(params, "params"), **single(state, "state")}
        outputs = {"losses": losses, **single(final, "final"), **single(final_state, "finalState")}
        settings = {**config, **settings, "loss": "mse", "batchSize": 8, "steps": STEPS}
        yield case(name, operation, settings, inputs, outputs)


def generate(source):
    layers = [*convolution_cases(), *transposed_cases(), *pooling_cases(), *block_cases()]
    write("conv", source, layers)
    write("conv-trajectories", source, list(trajectory_cases()))
