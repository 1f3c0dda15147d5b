"""The layers of @hooke/layers-conv in torch's functions, under Hooke's names, options and parameters."""

import re
import warnings

import torch
import torch.nn.functional as F

from arrays import channels_first, channels_last

MODES = {"zeros": "constant", "reflect": "reflect", "circular": "circular"}
ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh}
LAYERS = {}
# It pads in two steps then, which is what is compared here.
warnings.filterwarnings("ignore", "Using padding='same' with even kernel lengths")


class Scope:
    """
    Parameters and running statistics under a path. What is not there yet is made, so that running a layer once on empty records
    says what it has. Without `state`, normalisation keeps no running statistics.
    """

    def __init__(self, params, state=None, path=""):
        self.params, self.state, self.path = params, state, path

    def within(self, name):
        return Scope(self.params, self.state, f"{self.path}{name}.")

    def param(self, name, *shape):
        return self.params.setdefault(self.path + name, torch.zeros(shape, dtype=torch.float64))

    def statistics(self, channels):
        if self.state is None:
            return None, None
        made = {"mean": torch.zeros(channels), "variance": torch.ones(channels)}
        return [self.state.setdefault(self.path + name, value.double()) for name, value in made.items()]


def layer(*types):
    """Registers `fn(scope, config, x, rank)`; the rank is that of a type such as `conv2d`, else of the input."""

    def register(fn):
        LAYERS.update({type: fn for type in types})
        return fn

    return register


def apply(scope, type, config, x):
    return LAYERS[type](scope, config, x, int(type[-2]) if re.search(r"\dd$", type) else x.dim() - 2)


def child(scope, name, type, config, x):
    return apply(scope.within(name), type, config, x)


def per_rank(*names):
    return [f"{name}{rank}d" for name in names for rank in [1, 2, 3]]


def each(value, rank):
    return list(value) if isinstance(value, (list, tuple)) else [value] * rank


def torchs(name, rank):
    return getattr(F, f"{name}{rank}d")


def windows(config, rank):
    return [each(config.get(name, 1), rank) for name in ["kernelSize", "stride", "dilation"]]


def pairs(padding, rank):
    """Numbers, or one number, or pairs as `[before, after]` of each axis."""
    return [side if isinstance(side, list) else [side, side] for side in each(padding, rank)]


def margins(config, x, rank):
    """`same`: `ceil(size / stride)` positions, an odd surplus at the end, as in TensorFlow."""
    padding = config.get("padding", "same")
    if padding == "valid":
        return [[0, 0]] * rank
    if padding != "same":
        return pairs(padding, rank)
    totals = [
        max(0, (-(-size // stride) - 1) * stride + dilation * (window - 1) + 1 - size)
        for size, window, stride, dilation in zip(x.shape[1:-1], *windows(config, rank))
    ]
    return [[total // 2, total - total // 2] for total in totals]


def weight(kernel):
    """`[...window, in, out]` as torch's `[out, in, ...window]`; of a transposed convolution its `[in, out, ...window]`."""
    return kernel.movedim(-1, 0).movedim(-1, 1).contiguous()


def activated(config, x):
    return ACTIVATIONS[config["activation"]](x) if "activation" in config else x


def bias_of(scope, config, size):
    return scope.param("bias", size) if config.get("bias", True) else None


def convolve(config, x, kernel, bias, rank, groups):
    _, stride, dilation = windows(config, rank)
    fn, given = torchs("conv", rank), {"stride": stride, "dilation": dilation, "groups": groups}
    sides = margins(config, x, rank)
    mode = config.get("paddingMode", "zeros")
    x = channels_first(x).contiguous()
    around = [side for pair in reversed(sides) for side in pair]
    bordered = F.pad(x, around, mode=MODES[mode]) if any(around) else x
    found = fn(bordered, weight(kernel), bias, **given)
    if config.get("padding", "same") == "same" and mode == "zeros" and stride == [1] * rank:
        assert torch.allclose(found, fn(x, weight(kernel), bias, **given, padding="same"))
    return channels_last(found)


@layer(*per_rank("conv"))
def conv(scope, config, x, rank):
    groups, filters = config.get("groups", 1), config["filters"]
    kernel = scope.param("kernel", *each(config["kernelSize"], rank), x.shape[-1] // groups, filters)
    return activated(config, convolve(config, x, kernel, bias_of(scope, config, filters), rank, groups))


def turned(values, by, kind):
    """What `by` quarter turns do to the components, on axis 2: nothing to scalars, a step around to regular fields of four."""
    return values if kind == "scalar" else values.roll(by, 2)


@layer("symmetricConv2d")
def symmetric_conv(scope, config, x, rank):
    """Under quarter turns for scalars and regular fields, under quarter turns and mirrors for scalars, by torch's rot90 and flip."""
    group, start, end = config.get("group", "p4m"), config.get("from", "regular"), config.get("to", "regular")
    assert group == "p4" or start == end == "scalar"
    fields, size = config["fields"], config["kernelSize"]
    before, behind = (4 if kind == "regular" else 1 for kind in (start, end))
    channels = x.shape[-1] // before
    bias = bias_of(scope, config, fields)
    if start == end == "scalar":
        free = scope.param("kernel", size, size, 1, 1, channels, fields)[:, :, 0, 0]
        kernels = [free.rot90(by, (0, 1)) for by in range(4)]
        if group == "p4m":
            kernels += [one.flip(1) for one in kernels]
        kernel = sum(kernels) / len(kernels) ** 0.5
    elif end == "regular":
        free = scope.param("kernel", size, size, before, channels, fields)
        kernel = torch.stack([turned(free.rot90(by, (0, 1)), by, start) for by in range(4)], 4)
    else:
        free = scope.param("kernel", size, size, 1, channels, fields)
        kernel = torch.stack([free.rot90(by, (0, 1))[:, :, 0] for by in range(4)], 2)
    kernel = kernel.reshape(size, size, before * channels, behind * fields)
    biases = None if bias is None else bias.repeat(behind)
    return activated(config, convolve(config, x, kernel, biases, 2, 1))


@layer("fieldPool")
def field_pool(scope, config, x, rank):
    fields = x.unflatten(-1, (4 if config.get("group") == "p4" else 8, -1))
    return fields.mean(-2) if config.get("kind") == "mean" else fields.amax(-2)


@layer(*per_rank("depthwiseConv"))
def depthwise(scope, config, x, rank):
    channels = x.shape[-1]
    filters = channels * config.get("multiplier", 1)
    kernel = scope.param("kernel", *each(config["kernelSize"], rank), 1, filters)
    return activated(config, convolve(config, x, kernel, bias_of(scope, config, filters), rank, channels))


@layer(*per_rank("separableConv"))
def separable(scope, config, x, rank):
    ends = {key: config[key] for key in ["filters", "activation", "bias"] if key in config}
    spatial = {key: value for key, value in config.items() if key not in ends}
    x = child(scope, "depthwise", f"depthwiseConv{rank}d", {**spatial, "bias": False}, x)
    return child(scope, "pointwise", f"conv{rank}d", {**ends, "kernelSize": 1}, x)


@layer(*per_rank("convTranspose"))
def conv_transpose(scope, config, x, rank):
    window, stride, dilation = windows(config, rank)
    groups, filters, extra = config.get("groups", 1), config["filters"], each(config.get("outputPadding", 0), rank)
    kernel = weight(scope.param("kernel", *window, filters // groups, x.shape[-1]))
    bias, padding = bias_of(scope, config, filters), config.get("padding", "same")
    fn = torchs("conv_transpose", rank)
    given = {"stride": stride, "dilation": dilation, "groups": groups, "output_padding": extra}
    x = channels_first(x).contiguous()
    if isinstance(padding, int):
        return activated(config, channels_last(fn(x, kernel, bias, **given, padding=padding)))
    if padding == "same":
        missing = [step - gap * (size - 1) - 1 for size, step, gap in zip(window, stride, dilation)]
        given["output_padding"] = [max(least, points) for least, points in zip(extra, missing)]
    whole, sizes = fn(x, kernel, bias, **given), [size * step for size, step in zip(x.shape[2:], stride)]
    if padding == "same":
        surplus = [size - wanted for size, wanted in zip(whole.shape[2:], sizes)]
        padding = [[total // 2, total - total // 2] for total in surplus]
    cuts = [[0, 0]] * rank if padding == "valid" else pairs(padding, rank)
    for axis, (before, after) in enumerate(cuts):
        whole = whole.narrow(axis + 2, before, whole.shape[axis + 2] - before - after)
    return activated(config, channels_last(whole))


def on_channels_first(fn, x):
    return channels_last(fn(channels_first(x)))


@layer(*per_rank("maxPool"))
def max_pool(scope, config, x, rank):
    options = [config["kernelSize"], config.get("stride"), config.get("padding", 0)]
    return on_channels_first(lambda x: torchs("max_pool", rank)(x, *options), x)


@layer(*per_rank("averagePool"))
def average_pool(scope, config, x, rank):
    options = [config["kernelSize"], config.get("stride"), config.get("padding", 0)]
    include = config.get("includePadding", True)
    return on_channels_first(lambda x: torchs("avg_pool", rank)(x, *options, count_include_pad=include), x)


@layer("adaptiveAveragePool")
def adaptive_average_pool(scope, config, x, rank):
    return on_channels_first(lambda x: torchs("adaptive_avg_pool", rank)(x, config["outputSize"]), x)


@layer("adaptiveMaxPool")
def adaptive_max_pool(scope, config, x, rank):
    return on_channels_first(lambda x: torchs("adaptive_max_pool", rank)(x, config["outputSize"]), x)


@layer("globalAveragePool")
def global_average_pool(scope, config, x, rank):
    return x.mean(list(range(1, rank + 1)))


@layer("globalMaxPool")
def global_max_pool(scope, config, x, rank):
    return x.amax(list(range(1, rank + 1)))


@layer("upsample")
def upsample(scope, config, x, rank):
    scale = [float(scale) for scale in each(config.get("scale", 2), rank)]
    if config.get("mode", "nearest") == "nearest":
        return on_channels_first(lambda x: F.interpolate(x, scale_factor=scale, mode="nearest"), x)
    given = {"mode": ["linear", "bilinear", "trilinear"][rank - 1], "align_corners": config.get("alignCorners", False)}
    return on_channels_first(lambda x: F.interpolate(x, scale_factor=scale, **given), x)
