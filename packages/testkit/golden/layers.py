"""Layers, small networks and a differential-equation residual: output, gradients, second gradients."""

import re

import torch
import torch.nn.functional as F

from arrays import channels_first, channels_last, single
from derive import gradients_of, normal, partials
from schema import case

EPSILON = 1e-5


def dense(x, kernel, bias):
    """Hooke's kernel is [in, out]; torch's weight is its transpose."""
    return F.linear(x, kernel.T, bias)


def dense_cases():
    for seed, (name, shape) in enumerate(
        [("dense", [4, 3]), ("dense one row", [1, 3]), ("dense rank 4", [2, 2, 3, 3])]
    ):
        yield single(
            name,
            "dense",
            {"units": 5},
            dense,
            seed,
            x=normal(*shape, seed=seed + 10),
            kernel=normal(3, 5, seed=20),
            bias=normal(5, seed=21),
        )
    fn = lambda x, kernel: F.linear(x, kernel.T)
    yield single(
        "dense without bias",
        "dense",
        {"units": 5, "bias": False},
        fn,
        3,
        x=normal(4, 3, seed=13),
        kernel=normal(3, 5, seed=22),
    )


def affine(channels, seed):
    return {"scale": normal(channels, seed=seed) + 1, "bias": normal(channels, seed=seed + 1)}


def normed(fn):
    """Applies torch's channels-first normalisation to a channels-last array."""
    return lambda x, scale, bias: channels_last(fn(channels_first(x), scale, bias))


def batch_norm_cases():
    for seed, (name, shape, momentum) in enumerate(
        [
            ("batchNorm", [6, 3], 0.1),
            ("batchNorm 1d", [3, 4, 2], 0.1),
            ("batchNorm 2d", [2, 3, 4, 3], 0.25),
            ("batchNorm 3d", [2, 2, 3, 2, 2], 0.1),
        ]
    ):
        channels = shape[-1]
        x, params = normal(*shape, seed=seed + 30) * 2 + 1, affine(channels, seed + 40)
        mean, variance = normal(channels, seed=seed + 50), normal(channels, seed=seed + 60).abs() + 0.5
        for training in [True, False]:
            running = {"mean": mean.clone(), "variance": variance.clone()}

            # Each evaluation of a batch in training moves the running statistics, so the derivatives work on copies.
            def fn(x, scale, bias, on):
                return F.batch_norm(x, on["mean"], on["variance"], scale, bias, training, momentum, EPSILON)

            copies = lambda x, scale, bias: fn(x, scale, bias, {key: value.clone() for key, value in running.items()})
            found = gradients_of(
                normed(copies), {"x": x, **params}, ["x", "scale", "bias"], normal(*shape, seed=seed + 70)
            )
            fn(channels_first(x), params["scale"], params["bias"], running)
            found["inputs"] |= {"mean": mean, "variance": variance}
            found["outputs"] |= running
            config = {"momentum": momentum, "epsilon": EPSILON, "training": training}
            yield case(f"{name} {'training' if training else 'inference'}", "batchNorm", config, **found)


def other_norm_cases():
    for seed, shape in enumerate([[4, 6], [2, 3, 5], [2, 3, 2, 4]]):
        x, params = normal(*shape, seed=seed + 80) * 3 - 1, affine(shape[-1], seed + 90)
        fn = lambda x, scale, bias: F.layer_norm(x, x.shape[-1:], scale, bias, EPSILON)
        yield single(f"layerNorm {shape}", "layerNorm", {"epsilon": EPSILON}, fn, seed, x=x, **params)
    for seed, (shape, groups) in enumerate([([3, 6], 2), ([2, 5, 4], 2), ([2, 3, 2, 6], 3), ([2, 3, 3, 4], 1)]):
        x, params = normal(*shape, seed=seed + 100) * 2 + 1, affine(shape[-1], seed + 110)
        fn = normed(lambda x, scale, bias, g=groups: F.group_norm(x, g, scale, bias, EPSILON))
        yield single(
            f"groupNorm {shape} in {groups}",
            "groupNorm",
            {"groups": groups, "epsilon": EPSILON},
            fn,
            seed,
            x=x,
            **params,
        )
    for seed, (shape, config) in enumerate([([4, 6], {}), ([2, 3, 5], {"epsilon": 0.01}), ([2, 3, 2, 4], {})]):
        x, scale = normal(*shape, seed=seed + 140) * 2 - 1, normal(shape[-1], seed=seed + 150) + 1
        fn = lambda x, scale, config=config: F.rms_norm(x, x.shape[-1:], scale, config.get("epsilon"))
        yield single(f"rmsNorm {shape}", "rmsNorm", config, fn, seed, x=x, scale=scale)
    # Not one sample with a channels-last gradient: PyTorch 2.13 then gives a bias gradient that is not the sum of the cotangent.
    for seed, shape in enumerate([[2, 5, 3], [2, 3, 4, 3], [2, 2, 3, 2, 2]]):
        x, params = normal(*shape, seed=seed + 120) * 2 + 1, affine(shape[-1], seed + 130)
        fn = normed(lambda x, scale, bias: F.instance_norm(x, weight=scale, bias=bias, eps=EPSILON))
        yield single(f"instanceNorm {shape}", "instanceNorm", {"epsilon": EPSILON}, fn, seed, x=x, **params)


def unit_cases():
    """Activations with parameters, and those that change the number of channels."""
    for seed, (shape, slopes, per_channel) in enumerate([([4, 3], 1, False), ([2, 3, 4], 4, True), ([2, 2, 3, 2], 1, False)]):
        x, slope = normal(*shape, seed=seed + 160), normal(slopes, seed=seed + 165) / 2
        fn = lambda x, slope: channels_last(F.prelu(channels_first(x), slope))
        yield single(f"prelu {shape}", "prelu", {"perChannel": per_channel}, fn, seed, x=x, slope=slope)
    for seed, (shape, config, fn) in enumerate(
        [
            ([4, 3], {"activation": "tanh", "factor": 10}, torch.tanh),
            ([2, 3, 2], {"activation": {"name": "sin", "frequency": 3}, "factor": 2}, lambda x: torch.sin(3 * x)),
        ]
    ):
        x, slope = normal(*shape, seed=seed + 180), normal(1, seed=seed + 185) / 10 + 0.2
        adaptive = lambda x, slope, fn=fn, n=config["factor"]: fn(n * slope * x)
        yield single(f"adaptiveActivation {shape}", "adaptiveActivation", config, adaptive, seed, x=x, slope=slope)
    for seed, shape in enumerate([[3, 4], [2, 3, 6]]):
        yield single(f"glu {shape}", "glu", {}, lambda x: F.glu(x), seed, x=normal(*shape, seed=seed + 170) * 2)


def dense_params(sizes, seed):
    """Kernels and biases of consecutive dense layers, `0.kernel`, `0.bias`, `1.kernel` ..., torch's default scale."""
    params = {}
    for index, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
        params[f"{index}.kernel"] = normal(fan_in, fan_out, seed=seed + index) / fan_in**0.5
        params[f"{index}.bias"] = normal(fan_out, seed=seed + 10 + index) / 4
    return params


def mlp(x, params, activation=torch.tanh):
    count = len(params) // 2
    for index in range(count):
        x = dense(x, params[f"{index}.kernel"], params[f"{index}.bias"])
        x = activation(x) if index < count - 1 else x
    return x


def residual_block(x, params):
    """x + dense1(relu(norm(dense0(x)))), the norm over the last axis."""
    hidden = dense(x, params["0.kernel"], params["0.bias"])
    hidden = F.layer_norm(hidden, hidden.shape[-1:], params["norm.scale"], params["norm.bias"], EPSILON)
    return x + dense(torch.relu(hidden), params["1.kernel"], params["1.bias"])


def network_cases():
    sizes = [4, 6, 5, 2]
    params = dense_params(sizes, 200)
    inputs = {"x": normal(7, 4, seed=220), **params}
    fn = lambda x, **params: mlp(x, params)
    yield case(
        "mlp tanh",
        "mlp",
        {"sizes": sizes, "activation": "tanh"},
        **gradients_of(fn, inputs, list(inputs), normal(7, 2, seed=221)),
    )
    inputs = {
        "x": normal(5, 4, seed=230),
        **dense_params([4, 6, 4], 231),
        **{f"norm.{key}": value for key, value in affine(6, 250).items()},
    }
    fn = lambda x, **params: residual_block(x, params)
    yield case(
        "residual block",
        "residualBlock",
        {"hidden": 6, "epsilon": EPSILON},
        **gradients_of(fn, inputs, list(inputs), normal(5, 4, seed=260)),
    )


def burgers_case():
    """u(t, x) a tanh network; residual = u_t + u u_x - nu u_xx; the gradients are of the residual's mean square."""
    sizes, viscosity = [2, 8, 8, 1], 0.01
    params = {name: value.requires_grad_(True) for name, value in dense_params(sizes, 300).items()}
    t, x = normal(9, 1, seed=320).abs().requires_grad_(True), normal(9, 1, seed=321).requires_grad_(True)
    u = mlp(torch.cat([t, x], 1), params)
    first = partials(u.sum(), {"t": t, "x": x})
    second = partials(first["x"].sum(), {"x": x})["x"]
    residual = first["t"] + u * first["x"] - viscosity * second
    loss = (residual**2).mean()
    return case(
        "burgers residual",
        "burgersResidual",
        {"sizes": sizes, "activation": "tanh", "viscosity": viscosity},
        inputs={"t": t, "x": x, **params},
        outputs={"u": u, "ut": first["t"], "ux": first["x"], "uxx": second, "residual": residual, "loss": loss},
        gradients=partials(loss, {"t": t, "x": x, **params}),
    )


def with_trees(entry):
    """Gathers parameters under `params.` and running statistics under `state.`."""

    def path(key):
        if re.match(r"(\d+|norm)\.|(kernel|bias|scale|slope)$", key):
            return f"params.{key}"
        return f"state.{key}" if key in ["mean", "variance"] else key

    groups = ["inputs", "outputs", "gradients", "secondGradients"]
    return {
        **entry,
        **{group: {path(key): value for key, value in entry[group].items()} for group in groups if group in entry},
    }


def cases():
    groups = [dense_cases(), batch_norm_cases(), other_norm_cases(), unit_cases(), network_cases(), [burgers_case()]]
    return [with_trees(entry) for group in groups for entry in group]


FILES = {"layers": cases}
