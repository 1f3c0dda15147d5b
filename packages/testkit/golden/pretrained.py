"""
Networks of torchvision and timm with weights from formulas, under their own names: what loading other people's weights is held to.
Needs torchvision and timm; not part of `generate.py`.
"""

import sys

sys.dont_write_bytecode = True

import timm
import torch
import torchvision

from formula import Formula
from schema import case, write

torch.set_num_threads(1)
OUTPUTS = 10
NETWORKS = [
    ("torchvision resnet18", "resnet18", lambda: torchvision.models.resnet18(num_classes=OUTPUTS)),
    ("torchvision resnet34", "resnet34", lambda: torchvision.models.resnet34(num_classes=OUTPUTS)),
    ("timm resnet18", "resnet18", lambda: timm.create_model("resnet18", num_classes=OUTPUTS)),
    ("torchvision mobilenet_v2", "mobileNetV2", lambda: torchvision.models.mobilenet_v2(num_classes=OUTPUTS)),
    ("timm mobilenetv2_100", "mobileNetV2", lambda: timm.create_model("mobilenetv2_100", num_classes=OUTPUTS)),
]


def formula(name, tensor, seed):
    """Weights and statistics that keep activations of order one, none of them 0 or 1."""
    leaf = name.rsplit(".", 1)[1]
    if leaf == "running_var":
        return Formula(tuple(tensor.shape), seed, scale=0.4, center=1.0, dtype="f32")
    if tensor.dim() == 1:
        return Formula(tuple(tensor.shape), seed, scale=0.2, center=0.6 if leaf == "weight" else 0.0, dtype="f32")
    fan_in = tensor[0].numel()
    return Formula(tuple(tensor.shape), seed, scale=((3 if tensor.dim() == 4 else 1) / fan_in) ** 0.5, dtype="f32")


def cases():
    for i, (name, operation, make) in enumerate(NETWORKS):
        network = make().double().eval()
        stored = {
            key: formula(key, value, 2000 + 500 * i + at)
            for at, (key, value) in enumerate(network.state_dict().items())
            if value.is_floating_point()
        }
        network.load_state_dict({key: value.tensor().double() for key, value in stored.items()}, strict=False)
        x = Formula((2, 65, 64, 3), 1900 + i, scale=3**0.5, dtype="f32")
        with torch.no_grad():
            value = network(x.tensor().double().permute(0, 3, 1, 2))
        print(name, value.abs().max().item())
        tensors = {f"tensors.{key}": value for key, value in stored.items()}
        yield case(name, operation, {"outputs": OUTPUTS}, {"x": x, **tensors}, {"value": value})


source = f"torch {torch.__version__}, torchvision {torchvision.__version__}, timm {timm.__version__}"
write("pretrained", source, list(cases()))
