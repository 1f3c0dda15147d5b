"""Networks of all convolutional layers, their first weights, and fifty training steps of each."""

import torch

import conv_models  # noqa: F401, registers the models
from conv_layers import Scope, apply
from derive import normal
from formula import Formula
from training import trajectory

CIRCULAR, REFLECT, LINEAR = {"paddingMode": "circular"}, {"paddingMode": "reflect"}, {"mode": "linear"}


def shapes_of(operation, config, x):
    """Shapes of the parameters by path, and first running statistics."""
    params, state = {}, {}
    apply(Scope(params, state), operation, config, x)
    return {path: list(value.shape) for path, value in params.items()}, {
        path: Formula(tuple(value.shape), 0, scale=0.0, center=float(path.endswith("variance")))
        for path, value in state.items()
    }


def formulas(shapes, seed):
    """Weights whose outputs stay of order one; scales near one."""
    made = {}
    for i, (path, shape) in enumerate(shapes.items()):
        fan_in = torch.tensor(shape[:-1]).prod().item() if len(shape) > 1 else 12
        spread = {"scale": 0.2, "center": 1.0} if path.endswith("scale") else {"scale": (3 / fan_in) ** 0.5}
        made[path] = Formula(tuple(shape), seed + i, **spread)
    return made


# Between them, the networks have all layers.
LINE = [
    ("conv1d", {"filters": 4, "kernelSize": 3, "groups": 2, "activation": "tanh", **CIRCULAR}),
    ("depthwiseConv1d", {"kernelSize": 3, "multiplier": 2, "stride": 2, **REFLECT}),
    ("maxPool1d", {"kernelSize": 3, "stride": 1, "padding": 1}),
    ("separableConv1d", {"filters": 6, "kernelSize": 3, "dilation": 2, "activation": "relu"}),
    ("convTranspose1d", {"filters": 4, "kernelSize": 3, "dilation": 2, "outputPadding": 1, "padding": "valid"}),
    ("averagePool1d", {"kernelSize": 2, "stride": 1, "padding": 1, "includePadding": False}),
    ("upsample", {"scale": 1.5, **LINEAR}),
    ("adaptiveMaxPool", {"outputSize": 5}),
    ("adaptiveAveragePool", {"outputSize": 3}),
    ("flatten", {}),
    ("dense", {"units": 1}),
]
IMAGE = [
    ("conv2d", {"filters": 4, "kernelSize": 3, "dilation": 2, "activation": "relu", **CIRCULAR}),
    ("depthwiseConv2d", {"kernelSize": 3, "multiplier": 2}),
    ("bottleneckBlock", {"filters": 2, "stride": 2}),
    ("separableConv2d", {"filters": 5, "kernelSize": 3, "activation": "tanh"}),
    ("upsample", {}),
    ("averagePool2d", {"kernelSize": 3, "stride": 2, "padding": 1}),
    ("convTranspose2d", {"filters": 5, "kernelSize": 3, "stride": 2, "padding": 1, "outputPadding": 1}),
    ("maxPool2d", {"kernelSize": 2, "padding": 1}),
    ("unetBlock", {"filters": 4, **REFLECT}),
    ("adaptiveAveragePool", {"outputSize": [3, 4]}),
    ("globalMaxPool", {}),
    ("dense", {"units": 1}),
]
VOLUME = [
    ("conv3d", {"filters": 4, "kernelSize": 3, "stride": [1, 2, 1], "activation": "tanh", **CIRCULAR}),
    ("depthwiseConv3d", {"kernelSize": 2}),
    ("maxPool3d", {"kernelSize": 2, "stride": 1}),
    ("separableConv3d", {"filters": 5, "kernelSize": 2, "activation": "tanh"}),
    ("upsample", {"scale": [1, 2, 1], **LINEAR}),
    ("averagePool3d", {"kernelSize": 2, "padding": 1}),
    ("convTranspose3d", {"filters": 4, "kernelSize": 3, "stride": 2}),
    ("adaptiveMaxPool", {"outputSize": [3, 2, 3]}),
    ("adaptiveAveragePool", {"outputSize": 2}),
    ("globalAveragePool", {}),
    ("dense", {"units": 1}),
]
RESIDUAL = [
    ("conv2d", {"filters": 4, "kernelSize": 3}),
    ("residualBlock", {"filters": 6, "stride": 2}),
    ("invertedResidualBlock", {"filters": 6, "expandedFilters": 12}),
    ("globalAveragePool", {}),
    ("dense", {"units": 1}),
]
SYMMETRIC = [
    ("symmetricConv2d", {"fields": 2, "kernelSize": 3, "group": "p4", "from": "scalar", **CIRCULAR}),
    ("symmetricBatchNorm", {"group": "p4"}),
    ("symmetricConv2d", {"fields": 3, "kernelSize": 3, "group": "p4", "activation": "tanh"}),
    ("fieldPool", {"group": "p4"}),
    ("globalAveragePool", {}),
    ("dense", {"units": 1}),
]

SGD = {"optimizer": "sgd", "learningRate": 0.02, "momentum": 0.9}
ADAM = {"optimizer": "adam", "learningRate": 5e-3}
# Large steps of large networks amplify rounding.
SLOW_SGD = {**SGD, "learningRate": 2e-3}
# In f64: in f32 these amplify rounding beyond comparison, even at a thousandth of the rates. The images leave two by two points to
# the last stage, so that its batch statistics are of sixteen numbers; those of fewer amplify rounding more.
RESNETS = [
    ("resnet18 adam", {"optimizer": "adam", "learningRate": 1e-3}),
    ("resnet34 sgd", {"optimizer": "sgd", "learningRate": 5e-4, "momentum": 0.9}),
]


def rounded(values):
    return values.mul(1e4).round().div(1e4)


def mean_of(x):
    """Of each row, enlarged."""
    return rounded(x.mean(list(range(1, x.dim()))).mul(4))[:, None]


def trajectory_cases():
    networks = [
        ("line adam", "sequential", {"layers": LINE}, [32, 11, 2], mean_of, ADAM),
        ("image sgd", "sequential", {"layers": IMAGE}, [32, 7, 6, 2], mean_of, SGD),
        ("volume adam", "sequential", {"layers": VOLUME}, [32, 4, 5, 4, 1], mean_of, ADAM),
        ("residual net sgd", "sequential", {"layers": RESIDUAL}, [32, 8, 8, 1], mean_of, SGD),
        ("unet2d adam", "unet2d", {"filters": 2, "depth": 2}, [16, 8, 8, 1], lambda x: rounded(x.cumsum(1) / 3), ADAM),
        ("microstructureCNN sgd", "microstructureCNN", {"outputs": 1, **CIRCULAR}, [16, 8, 8, 1], mean_of, SLOW_SGD),
        ("voxelCNN sgd", "voxelCNN", {"outputs": 1}, [8, 8, 8, 8, 1], mean_of, SLOW_SGD),
        ("symmetric net sgd", "sequential", {"layers": SYMMETRIC}, [16, 5, 6, 1], mean_of, SLOW_SGD),
    ]
    for seed, (name, operation, config, shape, target, settings) in enumerate(networks):
        x = normal(*shape, seed=500 + seed)
        yield network_trajectory(name, operation, config, x, target(x), settings, seed=600 + 50 * seed)
    for i, (name, settings) in enumerate(RESNETS):
        x, seed = Formula((16, 34, 33, 1), 1000 + 200 * i, scale=3**0.5), 1001 + 200 * i
        yield network_trajectory(name, name.split()[0], {"outputs": 1}, x, mean_of(x.tensor()), settings, seed, "f64")


def network_trajectory(name, operation, config, x, targets, settings, seed, dtype="f32"):
    """In four batches, its weights from a formula."""
    shapes, state = shapes_of(operation, config, x.tensor() if isinstance(x, Formula) else x)
    fn = lambda x, p, state: apply(Scope(p, state), operation, config, x)
    config = {**config, **settings, "loss": "mse", "batchSize": x.shape[0] // 4}
    return trajectory(name, operation, config, fn, x, targets, formulas(shapes, seed), state, dtype=dtype)
